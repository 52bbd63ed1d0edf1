"""`perfxl persone`: the individual sheets, a printable page for each person and office."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, UNUSABLE, WITH_ERRORS
from perfxl.cli.params import DATE, EXISTING, EXISTING_FILE, TEXT, YEAR, layout_option

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding

NAME_LENGTH = 60

ABOUT_PEOPLE = frozenset({"PX-A005", "PX-A011", "PX-A012", "PX-A015", "PX-V005", "PX-S001", "PX-S002"})
"""Findings that a sheet's reader must know, besides the errors: weights, objectives without measure, typed percents."""


@click.command(
    short_help="Scrive la scheda individuale di ogni responsabile e ufficio.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl persone fogli/ --metodo massacarrara-2019 --piano piano/ --al 30/04/2019
  perfxl persone Obiettivi_SG_e_Dirigenti_2017.xlsx --metodo lucca-2017 -o Schede.xlsx
  perfxl persone Obiettivi_2018.xlsx --metodo lucca-2018.toml
""",
)
@click.argument("percorsi", metavar="PERCORSO...", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--metodo", required=True, type=TEXT, metavar="NOME|FILE", help="Il metodo: un nome di «perfxl metodi» o un file TOML."
)
@click.option("--piano", multiple=True, type=EXISTING, metavar="FILE", help="Il piano: file o cartella; ripetibile.")
@click.option("--anno", type=YEAR, help="L'anno delle schede [se manca: quello del metodo o delle intestazioni].")
@click.option("--al", "al", type=DATE, help="La data di riferimento (30/04/2019 o 2019-04-30).")
@click.option("--rettifiche", type=EXISTING_FILE, metavar="FILE", help="Le correzioni del controllo di gestione.")
@layout_option
@click.option(
    "-o",
    "--output",
    type=TEXT,
    metavar="FILE.xlsx",
    help="La cartella di lavoro da scrivere [se manca: Schede_individuali_<ente>_<anno>.xlsx].",
)
def persone(
    percorsi: tuple[str, ...],
    metodo: str,
    piano: tuple[str, ...],
    anno: int | None,
    al: date | None,
    rettifiche: str | None,
    layouts: tuple[str, ...],
    output: str | None,
) -> int:
    """Scrive la scheda individuale di ogni responsabile e ufficio.

    Una cartella di lavoro con una pagina A4 da stampare per il Segretario Generale, ogni dirigente, ogni posizione
    organizzativa e ogni ufficio: obiettivi con peso, coefficiente di complessità, percentuale e punteggio, il totale con la
    sua copertura, lo spazio per le firme. Se il file esiste già, la versione precedente resta in una copia numerata.
    """
    from perfxl.cli.findings_view import has_errors
    from perfxl.cli.job import Job, consolidated
    from perfxl.cli.terminal import console
    from perfxl.views.schede_individuali import people_book
    from perfxl.writers import write_book

    job = Job(percorsi, metodo, piano, anno, al, rettifiche, layouts, output)
    job.check()
    result = consolidated(job)
    target = _target(result, output)
    job.refuse(target)
    book, found = people_book(result, target.parent)
    out = console()
    if book is None:
        click.echo(
            "Errore: nei percorsi dati non ci sono obiettivi di persone né di uffici; non è stato scritto niente.", err=True
        )
        return UNUSABLE
    copy = write_book(book, target)
    findings = _about_people([*result.findings, *found])
    _print(out, result, target, copy)
    _print_findings(out, findings)
    return WITH_ERRORS if has_errors(findings) else DONE


def _target(result: Consolidation, output: str | None) -> Path:
    from perfxl.writers import short_name

    if output is not None and not Path(output).is_dir():
        return Path(output)
    year = f"_{result.year}" if result.year else ""
    return Path(output or ".") / f"Schede_individuali_{short_name(result.body)}{year}.xlsx"


def _about_people(findings: list[Finding]) -> list[Finding]:
    """The grave ones and those on weights and measures; what the tables of figures hold is no matter of people."""
    from perfxl.findings import Severity

    own = (each for each in findings if not each.code.startswith("PX-C"))
    return [each for each in own if each.severity is Severity.ERROR or each.code in ABOUT_PEOPLE]


def _print(out: Console, result: Consolidation, target: Path, copy: Path | None) -> None:
    from rich.table import Table

    from perfxl.cli.terminal import percent, plain_text, shorten, state_text

    table = Table(box=None, pad_edge=False)
    for name in ("Scheda", "Nome", "Realizz.", "Misurati", "Stato"):
        table.add_column(name, justify="right" if name in {"Realizz.", "Misurati"} else "left", overflow="fold")
    body = result.method.labels.body
    rows = [(p.code, p.name, p.cover, p.state) for p in result.people]
    rows += [(o.code, o.title, o.cover, o.state) for o in result.offices if o.code != body]
    for code, name, cover, state in rows:
        measured = f"{cover.measured} su {cover.total}"
        table.add_row(plain_text(code), plain_text(shorten(name, NAME_LENGTH)), percent(cover.shown), measured, state_text(state))
    out.print(table)
    out.print()
    out.print(plain_text(f"Schede individuali: {target} ({len(rows)})", "bold"), soft_wrap=True)
    if copy is not None:
        out.print(plain_text(f"La versione precedente è conservata in {copy.name}."), soft_wrap=True)


def _print_findings(out: Console, findings: list[Finding]) -> None:
    from perfxl.cli.findings_view import print_findings

    if findings:
        out.print()
        print_findings(out, findings, where_all="")
