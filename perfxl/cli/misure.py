"""`perfxl misure`: the workbook in which the measures of the indicators are filled in, each once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, UNUSABLE, WITH_ERRORS
from perfxl.cli.params import EXISTING_FILE, TEXT, YEAR

if TYPE_CHECKING:
    from perfxl.statements.algorithm_checks import AlgorithmCheck
    from perfxl.statements.measure_catalogue import Measure


@click.command(
    short_help="Prepara il foglio Misure, da compilare per gli indicatori Unioncamere.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl misure --anno 2022 -o Misure_2022.xlsx
  perfxl misure --indicatori Indicatori_2022.xlsx --anno 2022 --anno 2023 --anno 2024 -o Misure.xlsx
""",
)
@click.option("-o", "--output", required=True, type=TEXT, metavar="FILE.xlsx", help="La cartella di lavoro da scrivere.")
@click.option(
    "--anno", "anni", required=True, multiple=True, type=YEAR, help="L'anno dei valori; ripetibile, una colonna ciascuno."
)
@click.option(
    "--indicatori",
    multiple=True,
    type=EXISTING_FILE,
    metavar="FILE",
    help="Il piano con gli algoritmi: solo le misure che servono; ripetibile [se manca: tutte quelle del catalogo].",
)
def misure(output: str, anni: tuple[int, ...], indicatori: tuple[str, ...]) -> int:
    """Prepara il foglio Misure, da compilare per gli indicatori Unioncamere.

    Una riga per ogni misura, con il suo codice e la sua descrizione, e una cella gialla per ogni anno. Con il piano ci sono
    le sole misure che i suoi algoritmi nominano, nell'ordine in cui le nominano; un algoritmo in cui le misure non si
    distinguono è elencato. Un file che esiste già resta in una copia numerata.
    """
    from perfxl.cli.inputs import refuse_input
    from perfxl.cli.terminal import plural
    from perfxl.forms.misure import write_measures

    target = Path(output)
    if target.suffix.lower() != ".xlsx":
        raise click.UsageError(f"-o scrive una cartella di lavoro .xlsx: «{output}» ha un altro nome.")
    refuse_input(output, indicatori, "-o")
    title, measures, unread = _asked(indicatori)
    if not measures:
        click.echo(f"Nessun algoritmo di indicatori in {', '.join(indicatori)}.")
        return UNUSABLE
    copy = write_measures(measures, sorted(set(anni)), target, title)
    click.echo(f"Misure da compilare: {plural(len(measures), 'misura', 'misure')}, {plural(len(set(anni)), 'anno', 'anni')}.")
    for check in unread:
        click.echo(f"Algoritmo non leggibile: {check.figure.line.key} ({check.figure.cell.ref}): {check.reason}")
    if copy is not None:
        click.echo(f"La versione precedente è in {copy.name}.")
    click.echo(f"Foglio Misure: {target}")
    return WITH_ERRORS if unread else DONE


def _asked(plans: tuple[str, ...]) -> tuple[str, list[Measure], list[AlgorithmCheck]]:
    """Title, measures, algorithms that can't be read: of the plans, or of the catalogue where there is no plan."""
    from perfxl.readers import read_workbook
    from perfxl.statements import Reader, computed
    from perfxl.statements.measure_catalogue import shipped_catalogue
    from perfxl.statements.needed import needed_measures

    if not plans:
        catalogue = shipped_catalogue()
        return catalogue.title, [*catalogue.measures], []
    reader = Reader()
    for path in plans:
        read_workbook(path, other=reader.take)
    measures, unread = needed_measures(computed(reader.statements))
    return f"Misure degli indicatori di {', '.join(Path(path).stem for path in plans)}", measures, unread
