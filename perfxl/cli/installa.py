"""`perfxl installa`: the add-in and the settings of Excel for Windows; `--controlla` only looks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, UNUSABLE, WITH_ERRORS
from perfxl.cli.params import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.master.checks import Check
    from perfxl.master.machine import Machine

MASTER = "perfxl_master.xlsm"


@click.command(
    short_help="Prepara Excel per Windows, o dice che cosa manca.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl installa
  perfxl installa --controlla
  perfxl installa --controlla --cartella "C:\\Lavoro\\perfxl_master.xlsm"

\b
Codici di uscita: 0 fatto, o tutto a posto; 1 manca qualcosa (--controlla); 2 qui non si può installare.
""",
)
@click.option("--controlla", is_flag=True, help="Dice che cosa c'è e che cosa manca, senza cambiare niente.")
@click.option(
    "--cartella",
    type=TEXT,
    metavar="FILE.xlsm",
    help="La cartella master di cui controllare la versione [se manca: perfxl_master.xlsm, qui o in «workbooks»].",
)
def installa(controlla: bool, cartella: str | None) -> int:
    """Prepara Excel per Windows, o dice che cosa manca.

    Installa il componente aggiuntivo di xlwings e scrive le sue impostazioni (Python da usare, modulo delle funzioni, dove
    si trova); quelle che l'utente aveva restano. Su altri sistemi Excel non può chiamare Python, e lo dice.
    """
    from perfxl.master.checks import checks
    from perfxl.master.machine import this_machine

    machine = this_machine()
    if controlla:
        return _tell(checks(machine, _master(cartella)))
    missing = _missing(machine)
    if missing:
        click.echo(f"Errore: {missing}", err=True)
        return UNUSABLE
    from perfxl.master.install import install

    for line in install(machine):
        click.echo(line)
    return DONE


def _missing(machine: Machine) -> str:
    """Why nothing can be installed here; empty where it can."""
    if not machine.windows:
        return (
            "serve Excel per Windows: su questo sistema Excel non può chiamare Python. La riga di comando funziona ovunque; "
            "«perfxl installa --controlla» dice che cosa c'è."
        )
    if machine.excel is None:
        return "Excel non è installato su questo computer."
    if machine.xlwings is None:
        return "manca xlwings: pip install xlwings."
    return "" if machine.udfs is not None else "manca il modulo delle funzioni (udfs.py): installare di nuovo perfxl."


def _master(typed: str | None) -> Path:
    """The workbook to look at: as typed, else here, else among the project's workbooks."""
    if typed:
        return Path(typed)
    places = (Path(MASTER), Path("workbooks") / MASTER, Path(__file__).resolve().parents[2] / "workbooks" / MASTER)
    return next((place for place in places if place.is_file()), places[0])


def _tell(found: Sequence[Check]) -> int:
    from perfxl.cli.terminal import clean

    for check in found:
        click.echo(f"{'a posto' if check.ok else 'ERRORE ':<8}{check.what}: {clean(check.found)}")
        if not check.ok:
            click.echo(f"        {clean(check.remedy)}")
    wrong = sum(not check.ok for check in found)
    click.echo("Tutto a posto." if not wrong else f"Da sistemare: {wrong} di {len(found)}.")
    return WITH_ERRORS if wrong else DONE
