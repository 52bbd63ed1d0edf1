"""`perfxl schede`: the workbook of each office, from the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, WITH_ERRORS
from perfxl.cli.params import EXISTING, FOLDER, TEXT, YEAR, layout_option

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from perfxl.findings import Finding
    from perfxl.forms import Forms

DEFAULT_METHOD = "massacarrara-2019"


@click.command(
    short_help="Prepara la scheda di ogni ufficio, dal piano.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl schede --piano Allegato1.xlsx --fogli cruscotti/ -o schede/
  perfxl schede --piano Allegato1.xlsx --fogli cruscotti/ -o schede/ --po --periodo "1° quadrimestre"
  perfxl schede --piano Report_Area1.xlsx --metodo lucca-2017 -o schede/
""",
)
@click.option(
    "--piano", required=True, multiple=True, type=EXISTING, metavar="FILE", help="Il piano: file o cartella; ripetibile."
)
@click.option("-o", "--output", required=True, type=FOLDER, metavar="CARTELLA", help="La cartella in cui scrivere le schede.")
@click.option(
    "--fogli",
    multiple=True,
    type=EXISTING,
    metavar="PERCORSO",
    help="I cruscotti esistenti: dicono di quale ufficio è ogni indicatore; ripetibile.",
)
@click.option(
    "--metodo", default=DEFAULT_METHOD, show_default=True, type=TEXT, metavar="NOME|FILE", help="Il metodo di valutazione."
)
@click.option("--anno", type=YEAR, help="L'anno delle schede [se manca: quello del piano o del metodo].")
@click.option("--periodo", default="", type=TEXT, metavar="TESTO", help="Il periodo di cui si chiedono i risultati.")
@click.option("--po", is_flag=True, help="Anche una scheda per ogni posizione organizzativa.")
@layout_option
def schede(
    piano: tuple[str, ...],
    output: str,
    fogli: tuple[str, ...],
    metodo: str,
    anno: int | None,
    periodo: str,
    po: bool,
    layouts: tuple[str, ...],
) -> int:
    """Prepara la scheda di ogni ufficio, dal piano.

    Ogni ufficio riceve una cartella di lavoro con le sole sue righe: vi scrive risultato, note, causa ed evidenza, e vede
    subito percentuale e stato. Ciò che nessun ufficio rivendica è elencato. Una scheda che esiste già resta in una copia
    numerata.
    """
    from perfxl.cli.findings_view import has_errors
    from perfxl.cli.inputs import user_layouts
    from perfxl.cli.job import plan_files
    from perfxl.cli.terminal import console
    from perfxl.forms import make_forms, write_forms
    from perfxl.methods import load_method

    method = load_method(metodo)
    forms = make_forms(
        plan_files(piano),
        method=method,
        dashboards=fogli,
        year=anno,
        period=periodo.strip(),
        people=po,
        layouts=user_layouts(layouts),
    )
    _refuse_inputs(forms, output, (*piano, *fogli))
    written, copies = write_forms(forms, output, method)
    findings = [*forms.findings, *copies]
    _print(console(), forms, written, findings)
    return WITH_ERRORS if has_errors(findings) else DONE


def _refuse_inputs(forms: Forms, output: str, inputs: tuple[str, ...]) -> None:
    """A usage error where a form would take the place of a file that is read: users' files are never written."""
    from pathlib import Path

    from perfxl.cli.inputs import refuse_input
    from perfxl.forms.write import file_names

    files = [file for path in map(Path, inputs) for file in ([path] if path.is_file() else path.rglob("*"))]
    for name in file_names(forms):
        refuse_input(str(Path(output) / name), files, "-o")


def _print(out: Console, forms: Forms, written: list[Path], findings: list[Finding]) -> None:
    from rich.table import Table

    from perfxl.cli.findings_view import print_findings
    from perfxl.cli.terminal import plain_text

    table = Table(box=None, pad_edge=False)
    for name in ("Scheda", "Indicatori", "File"):
        table.add_column(name, justify="right" if name == "Indicatori" else "left", overflow="fold")
    for form, path in zip(forms.forms, written, strict=True):
        table.add_row(plain_text(form.code), str(len(form.indicators)), plain_text(path.name))
    out.print(table)
    out.print()
    out.print(plain_text(f"Schede scritte in {written[0].parent}: {len(written)}", "bold"), soft_wrap=True)
    if forms.unassigned:
        out.print(plain_text(f"Indicatori in nessuna scheda: {len(forms.unassigned)}", "bold"))
        for row in forms.unassigned:
            out.print(plain_text(f"  {row.label}"))
    others = [item for item in findings if item.code != "PX-F001"]
    if others:
        out.print()
        print_findings(out, others, where_all="")
