"""`perfxl master`: the controller's workbook, with its buttons and functions, on any system."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from perfxl.cli.guard import DONE
from perfxl.cli.params import DATE, EXISTING, TEXT

DEFAULT_METHOD = "massacarrara-2019"
SAMPLE_PLAN, SAMPLE_SHEETS = "massacarrara-2019-piano", "massacarrara-2019"


@click.command(
    short_help="Costruisce la cartella master di Excel, con pulsanti e funzioni.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl master -o perfxl_master.xlsm
  perfxl master -o workbooks/perfxl_master.xlsm --ricevuti massacarrara-2019 --al 30/04/2019 --sovrascrivi
  perfxl master -o master.xlsm --piano Allegato1.xlsx --fogli cruscotti/ --metodo nostro.toml
""",
)
@click.option("-o", "--output", required=True, type=TEXT, metavar="FILE.xlsm", help="La cartella master da scrivere.")
@click.option(
    "--piano",
    multiple=True,
    type=EXISTING,
    metavar="FILE",
    help="Il piano: file o cartella; ripetibile [se manca: l'esempio di Massa-Carrara 2019].",
)
@click.option(
    "--fogli",
    multiple=True,
    type=EXISTING,
    metavar="PERCORSO",
    help="I cruscotti esistenti: danno l'elenco degli uffici e chi risponde di ogni indicatore; ripetibile.",
)
@click.option(
    "--metodo", default=DEFAULT_METHOD, show_default=True, type=TEXT, metavar="NOME|FILE", help="Il metodo di valutazione."
)
@click.option(
    "--ricevuti",
    default="",
    type=TEXT,
    metavar="CARTELLA",
    help="La cartella dei fogli ricevuti, da scrivere in Parametri: relativa alla cartella master, o assoluta.",
)
@click.option("--al", "al", type=DATE, help="La data a cui i risultati si riferiscono, da scrivere in Parametri.")
@click.option("--sovrascrivi", is_flag=True, help="Prende il posto di un file che esiste già.")
def master(
    output: str,
    piano: tuple[str, ...],
    fogli: tuple[str, ...],
    metodo: str,
    ricevuti: str,
    al: date | None,
    sovrascrivi: bool,
) -> int:
    """Costruisce la cartella master di Excel, con pulsanti e funzioni.

    La cartella ha le schede Guida, Cruscotto, Piano, Uffici, Parametri e Metodo. Si costruisce su qualunque sistema (servono
    pyOpenVBA e xlwings: pip install "perfxl[master]") e si usa con Excel per Windows, dopo «perfxl installa». Gli stessi dati
    danno lo stesso file, byte per byte.
    """
    from perfxl.cli.inputs import refuse_input
    from perfxl.cli.terminal import plural
    from perfxl.master import build_master
    from perfxl.master.content import content_from

    if not piano:
        piano, fogli = _sample(fogli)
    files = [file for path in map(Path, (*piano, *fogli)) for file in ([path] if path.is_file() else path.rglob("*"))]
    refuse_input(output, files, "-o")
    if Path(output).exists() and not sovrascrivi:
        raise click.UsageError(f"«{output}» esiste già: con --sovrascrivi la cartella nuova ne prende il posto.")
    content = content_from(piano, metodo, fogli, inbox=ricevuti.strip(), as_of=al)
    written = build_master(content, output)
    click.echo(f"Cartella master scritta: {written}")
    click.echo(
        f"{plural(len(content.nodes), 'obiettivo', 'obiettivi')}, "
        f"{plural(len(content.indicators), 'indicatore', 'indicatori')}, "
        f"{plural(len(content.offices), 'foglio atteso', 'fogli attesi')}, metodo {content.method.name}."
    )
    return DONE


def _sample(sheets: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sample's plan, and its sheets where the caller named none. Raises `InputError` where the samples aren't there."""
    from perfxl.cli.demo import find_samples

    samples = find_samples()
    return (str(samples / SAMPLE_PLAN),), sheets or (str(samples / SAMPLE_SHEETS),)
