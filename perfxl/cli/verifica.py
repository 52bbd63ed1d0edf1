"""`perfxl verifica`: documents with typed figures, recomputed; each difference with both figures and their cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, UNUSABLE, WITH_ERRORS
from perfxl.cli.params import EXISTING, TEXT, layout_option, statement_option

if TYPE_CHECKING:
    from rich.console import Console

    from perfxl.cli.job import Job
    from perfxl.consolidation import Consolidation
    from perfxl.verification import Verification

DEFAULT_METHOD = "massacarrara-2019"


@click.command(
    short_help="Ricalcola le cifre di un documento e dice quali non concordano.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl verifica Relazione_2017.xlsx
  perfxl verifica documenti/ --metodo lucca-2017 -o Verifiche.xlsx
  perfxl verifica bilancio.xlsx --prospetto nostro-bilancio.toml --json verifiche.json

\b
Codici di uscita: 0 niente differisce; 1 ci sono differenze; 2 niente di
utilizzabile, comando sbagliato o errore.
""",
)
@click.argument("percorsi", metavar="PERCORSO...", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--metodo",
    type=TEXT,
    metavar="NOME|FILE",
    help="Il metodo, che dice anche come l'ente arrotonda [se manca: quello dei fogli riconosciuti].",
)
@statement_option
@layout_option
@click.option(
    "-o",
    "--output",
    type=TEXT,
    metavar="FILE.xlsx",
    help="La cartella di lavoro da scrivere [se manca: Verifiche_<ente>_<anno>.xlsx, o Verifiche.xlsx].",
)
@click.option("--json", "json_file", type=TEXT, metavar="FILE", help="Scrive tutto anche in JSON (- per l'uscita standard).")
def verifica(
    percorsi: tuple[str, ...],
    metodo: str | None,
    declarations: tuple[str, ...],
    layouts: tuple[str, ...],
    output: str | None,
    json_file: str | None,
) -> int:
    """Ricalcola le cifre di un documento e dice quali non concordano.

    PERCORSO è una cartella di lavoro (.xlsx, .xlsm, .ods, .xls) o una cartella che ne contiene, con le cifre digitate, come
    sono pubblicate. Si ricalcola tutto ciò che segue da altro: totali, quote, medie, indici, pesi, valori citati, lo stesso
    dato scritto due volte. Una cifra concorda solo con l'arrotondamento dichiarato per la sua tabella; ciò che si arrotonda
    soltanto non è un'anomalia. I file letti non vengono mai modificati.
    """
    from perfxl.cli.job import Job
    from perfxl.cli.jsonout import STDOUT, write_json
    from perfxl.cli.terminal import console
    from perfxl.verification import verified
    from perfxl.views.json_verifiche import verification_json
    from perfxl.views.verifiche import verification_book
    from perfxl.writers import write_book

    found = metodo if metodo is not None else _method_of(percorsi, layouts)
    method = found or DEFAULT_METHOD
    job = Job(percorsi, method, layouts=layouts, output=output, json_file=json_file, declarations=declarations)
    job.check()
    result = _consolidated(job)
    v = verified(result if found else _of_nobody(result))
    out = console(stderr=json_file == STDOUT)
    if not v.items:
        click.echo("Errore: nei percorsi dati non c'è nessuna cifra da riscontrare; non è stato scritto niente.", err=True)
        return UNUSABLE
    target = _target(v, output)
    job.refuse(target)
    copy = write_book(verification_book(v, target.parent), target)
    if json_file:
        write_json(verification_json(v), json_file)
    _print(out, v, method + ("" if metodo is not None else " (riconosciuto dai fogli)" if found else " (predefinito)"))
    _print_written(out, target, copy, json_file)
    return WITH_ERRORS if v.differs else DONE


def _method_of(paths: tuple[str, ...], layouts: tuple[str, ...]) -> str:
    """The shipped method of the body whose sheets are recognised among the files; "" where none or several are."""
    from perfxl.cli.inputs import user_layouts
    from perfxl.methods import available_methods
    from perfxl.readers import find_workbooks, read_workbook

    files, _ = find_workbooks([Path(path) for path in paths])
    shapes = user_layouts(layouts)
    seen = {sheet.layout for file in files for sheet in read_workbook(file, layouts=shapes).sheets}
    names = [info.name for info in available_methods()]
    found = [name for name in names if any(layout.endswith("-" + name.rpartition("-")[0]) for layout in seen)]
    return found[0] if len(found) == 1 else ""


def _of_nobody(result: Consolidation) -> Consolidation:
    """Under the default method nobody has said whose the documents are, nor of which year: only their tables may say it."""
    years = {each.year for each in result.statements.statements if each.year} if result.statements is not None else set()
    return replace(result, body="", year=years.pop() if len(years) == 1 else None)


def _consolidated(job: Job) -> Consolidation:
    from perfxl.cli.inputs import user_declarations, user_layouts
    from perfxl.cli.progress import progress_bar
    from perfxl.pipeline import consolidate

    with progress_bar("Lettura dei documenti") as progress:
        return consolidate(
            [Path(path) for path in job.paths],
            method=job.method,
            layouts=user_layouts(job.layouts),
            declarations=user_declarations(job.declarations),
            progress=progress,
        )


def _target(v: Verification, output: str | None) -> Path:
    from perfxl.writers import short_name

    if output is not None and not Path(output).is_dir():
        return Path(output)
    c = v.consolidation
    parts = ["Verifiche", short_name(c.body) if c.body else "", str(c.year or "")]
    return Path(output or ".") / ("_".join(part for part in parts if part) + ".xlsx")


def _print(out: Console, v: Verification, method: str) -> None:
    from perfxl.cli.terminal import plain_text, plural
    from perfxl.cli.verification_view import print_differences, print_tables

    c = v.consolidation
    out.print(plain_text(f"Verifica dei documenti – {plural(len(c.sources), 'file letto', 'file letti')}", "bold"))
    out.print(plain_text(f"Metodo {method}: una cifra concorda solo con l'arrotondamento dichiarato per la sua tabella."))
    print_tables(out, v)
    print_differences(out, v)


def _print_written(out: Console, target: Path, copy: Path | None, json_file: str | None) -> None:
    from perfxl.cli.jsonout import STDOUT
    from perfxl.cli.terminal import plain_text

    out.print()
    out.print(plain_text(f"Verifiche: {target}", "bold"), soft_wrap=True)
    if copy is not None:
        out.print(plain_text(f"La versione precedente è conservata in {copy.name}."), soft_wrap=True)
    if json_file and json_file != STDOUT:
        out.print(plain_text(f"JSON: {json_file}"), soft_wrap=True)
