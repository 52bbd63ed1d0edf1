"""The buttons: each a function of an open workbook (an xlwings `Book`). docs/pulsanti.md says what each does and never does.

Every one leaves Excel as it found it, says in Italian what it did, and never raises: what went wrong is in the report.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from perfxl.errors import PerfxlError
from perfxl.findings import Severity
from perfxl.live.collect import collect
from perfxl.live.copies import take_copy
from perfxl.live.frozen import freeze
from perfxl.live.ledger import Copy, Ledger, store_ledger
from perfxl.live.percents import kept_ledger, leave_protected, plan_percents, write_percents
from perfxl.live.quiet import quiet
from perfxl.live.reading import consolidated, read_book
from perfxl.live.report import Report, say
from perfxl.live.summaries import FINDINGS_TAB, summary
from perfxl.live.tabs import merged_register, write_tabs
from perfxl.live.undo import undo
from perfxl.model.memory import no_collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.findings import Finding
    from perfxl.live.quiet import Status
    from perfxl.live.reading import Reading

Work: TypeAlias = "Callable[[Any, Status], Report]"


def _macro(name: str) -> Callable[[Work], Callable[[Any], Report]]:
    """Run the work with Excel quiet, turn every error into a message, show the report."""

    def decorate(work: Work) -> Callable[[Any], Report]:
        @wraps(work)
        def run(book: Any) -> Report:
            try:
                with no_collection(), quiet(book, name) as status:
                    report = work(book, status)
            except PerfxlError as error:
                report = Report(name, error.message, failed=True, error=error)
            except Exception as error:  # noqa: BLE001 – an exception must not reach a person in Excel; pywin32's has no common base
                report = Report(name, _unforeseen(error), failed=True, error=error)
            say(book.app, report)
            return report

        return run

    return decorate


def _unforeseen(error: Exception) -> str:
    return (
        "Operazione interrotta: Excel o perfxl non hanno potuto proseguire. Quello che era già stato scritto si toglie con "
        f"«Annulla»; la copia di sicurezza è nella cartella delle copie. (Dettaglio per l'assistenza: {type(error).__name__}: {error})"
    )


@_macro("Raccogli")
def raccogli(book: Any, status: Status) -> Report:
    """Choose a folder, read the sheets in it, list in *Cruscotto* what came and what is missing. Only that table is written."""
    return collect(book, status)


@_macro("Ricalcola")
def ricalcola(book: Any, status: Status) -> Report:
    """Score the sheets of the workbook and write the percent column: only empty cells, and cells that perfxl wrote before."""
    reading = read_book(book, status)
    c = consolidated(reading, status)
    plan = plan_percents(c, reading)
    protected = leave_protected(plan, book, reading)
    lines = [
        f"Realizzazione complessiva: {_shown(c.headline.shown)} ({c.headline.measured} indicatori misurati su {c.headline.total})."
    ]
    if plan.cells:
        ledger = kept_ledger(plan, reading.ledger)
        copy = _copy(book, reading, status)
        # Registered before they are written: even half written, each figure of perfxl's must be known as such.
        copies = [*ledger.copies, Copy(str(copy))]
        store_ledger(book, replace(ledger, copies=copies, percents=_all(reading.ledger, ledger)))
        write_percents(plan, book, c.method.rounding.decimals, status)
        store_ledger(book, replace(ledger, copies=copies))
        lines.append(f"Percentuali scritte o aggiornate: {plan.cells}. Copia di prima: {copy.name}.")
    else:
        lines.append("Nessuna percentuale da scrivere: niente è cambiato.")
    lines += [*_about(plan.kept, protected), *reading.parameters.problems]
    findings = (*c.findings, *plan.findings)
    return Report("Ricalcola", "\n".join([*lines, _counted(findings)]), findings)


def _all(before: Ledger, after: Ledger) -> list[Any]:
    """While a writing is under way a cell may hold the old figure or the new one: both are perfxl's."""
    return sorted({*before.percents, *after.percents})


@_macro("Riepiloghi")
def riepiloghi(book: Any, status: Status) -> Report:
    """Write or refresh the summary tabs in the workbook, in place. The user's own tabs aren't touched."""
    return _summaries(book, status, "Riepiloghi")


@_macro("Verifica")
def verifica(book: Any, status: Status) -> Report:
    """Write or refresh the tab of the findings, each with a jump to its cell."""
    return _summaries(book, status, "Verifica", FINDINGS_TAB)


def _summaries(book: Any, status: Status, name: str, only: str = "") -> Report:
    reading = read_book(book, status)
    c = consolidated(reading, status)
    plan = plan_percents(c, reading)
    rendered, tabs, about_names = summary(c, book, reading, plan.findings, only)
    copy = _copy(book, reading, status)
    copies = [*reading.ledger.copies, Copy(str(copy), tuple(sheet.tab.name for sheet in rendered.sheets))]
    store_ledger(book, replace(reading.ledger, copies=copies))
    written, found = write_tabs(rendered, tabs, book, reading, status)
    store_ledger(book, replace(merged_register(reading.ledger, written), copies=copies))
    findings = (*c.findings, *plan.findings, *about_names, *found)
    names = ", ".join(one.sheet for one in written) or "nessuna"
    lines = [f"Schede scritte o aggiornate: {names}.", f"Copia di prima: {copy.name}."]
    lines += reading.parameters.problems
    lines += [f"{f.title}: «{f.sheet}», {f.found}." for f in (*about_names, *found)]
    return Report(name, "\n".join([*lines, _counted(findings)]), findings)


@_macro("Congela per invio")
def congela(book: Any, status: Status) -> Report:
    """Save a copy beside the workbook without functions of perfxl, macros and links: values and native formulas, .xlsx."""
    return freeze(book, status)


@_macro("Annulla")
def annulla(book: Any, status: Status) -> Report:
    """Put back what perfxl wrote last as it was in the copy taken before; what people wrote since stays."""
    return undo(book, status)


def _copy(book: Any, reading: Reading, status: Status) -> Path:
    status.show("copia di sicurezza")
    return take_copy(book, reading.parameters.archive)


def _about(kept: int, protected: Sequence[str]) -> list[str]:
    lines = []
    if kept:
        lines.append(f"Percentuali digitate da una persona, lasciate come sono e confrontate: {kept}.")
    if protected:
        lines.append(f"Fogli protetti, non toccati: {', '.join(protected)}. Togliere la protezione e ripetere.")
    return lines


def _counted(findings: Sequence[Finding]) -> str:
    errors = sum(f.severity is Severity.ERROR for f in findings)
    warnings = sum(f.severity is Severity.WARNING for f in findings)
    return f"Anomalie: {errors} errori, {warnings} avvisi. «Verifica» le elenca."


def _shown(value: Any) -> str:
    return "non misurata" if value is None else f"{value} %".replace(".", ",")
