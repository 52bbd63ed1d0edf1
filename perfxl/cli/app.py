"""The program: its name, its version, its commands."""

from __future__ import annotations

import click

from perfxl import __version__
from perfxl.cli.consolida import consolida
from perfxl.cli.demo import demo
from perfxl.cli.enti import enti
from perfxl.cli.giro import giro
from perfxl.cli.guard import Program
from perfxl.cli.installa import installa
from perfxl.cli.leggi import leggi
from perfxl.cli.master import master
from perfxl.cli.metodi import metodi
from perfxl.cli.misure import misure
from perfxl.cli.persone import persone
from perfxl.cli.schede import schede
from perfxl.cli.valuta import valuta
from perfxl.cli.verifica import verifica

HELP_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

EPILOG = """\b
Per cominciare:
  perfxl demo                          prova il programma sui fogli di esempio
  perfxl consolida --help              spiega il lavoro principale
  perfxl leggi U1.1_monitoraggio.xlsx  mostra che cosa si capisce di un foglio

\b
Codici di uscita: 0 fatto; 1 fatto, con anomalie gravi (errori); 2 niente di
utilizzabile, comando sbagliato o errore.
"""


@click.group(
    name="perfxl",
    cls=Program,
    context_settings=HELP_NAMES,
    epilog=EPILOG,
    options_metavar="[OPZIONI]",
    subcommand_metavar="COMANDO …",
)
@click.version_option(
    __version__, "--version", prog_name="perfxl", message="%(prog)s %(version)s", help="Mostra la versione ed esce."
)
def cli() -> None:
    """Il ciclo della performance degli enti pubblici, dai fogli degli uffici a un solo consolidato.

    Legge le cartelle di lavoro rispedite dagli uffici, valuta ogni risultato rispetto al suo target secondo il metodo
    dell'ente, calcola la realizzazione degli obiettivi e scrive il riepilogo per il Segretario Generale. I file letti non
    vengono mai modificati.
    """


for command in (consolida, verifica, leggi, valuta, metodi, demo, schede, misure, persone, master, installa, enti, giro):
    cli.add_command(command)
