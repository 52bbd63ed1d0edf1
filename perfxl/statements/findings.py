"""What doesn't hold together in the statements, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.algorithms.printed import written
from perfxl.findings import Finding, finding
from perfxl.statements.algorithm_checks import algorithm_checks
from perfxl.statements.cells import own_decimals
from perfxl.statements.compare import Verdict, checks, weight_checks
from perfxl.statements.feeds import Fit, fed_indicators
from perfxl.statements.limits import beyond_limits
from perfxl.statements.schedule import Standing, phases
from perfxl.statements.twins import twin_checks
from perfxl.statements.words import italian

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from perfxl.model import CellRef, ScoredRow
    from perfxl.statements.algorithm_checks import AlgorithmCheck
    from perfxl.statements.compare import Check, WeightCheck
    from perfxl.statements.compute import Book
    from perfxl.statements.feeds import Fed
    from perfxl.statements.limits import Beyond
    from perfxl.statements.model import Figure
    from perfxl.statements.schedule import Phase
    from perfxl.statements.twins import TwinCheck

_SHOWN = 90
_CODES = {Verdict.DIFFERS: "PX-C001", Verdict.OTHERWISE: "PX-C002"}


def statement_findings(book: Book) -> list[Finding]:
    """The typed figures that don't follow from what they should follow from, and the weights that don't make their total."""
    found = [check_finding(each) for each in checks(book) if each.verdict in _CODES]
    found += [weight_finding(each) for each in weight_checks(book) if not each.agrees]
    found += [twin_finding(each) for each in twin_checks(book) if not each.agrees]
    found += [limit_finding(each) for each in beyond_limits(book)]
    return found + [algorithm_finding(each) for each in algorithm_checks(book) if not each.agrees]


def check_finding(check: Check) -> Finding:
    """A typed figure that differs: both figures, the rule, the convention, the cells that it follows from."""
    statement = check.figure.line.statement
    printed = italian(check.printed, check.decimals)
    ours = italian(check.exact, check.decimals) if check.exact is not None else "–"
    cells = ", ".join(dict.fromkeys(str(each.cell.ref.a1) for each in check.operands if each.cell.ref is not None))
    text = (
        f"{statement.declaration.title}, «{check.figure.line.title[:80]}», {check.figure.field.heading}: "
        f"indicato {printed}, calcolato {ours} ({check.rule.name}; {check.convention}"
    )
    text += f"; concorderebbe con: {check.other}" if check.other else ""
    text += f"; da {cells[:200]})" if cells else ")"
    return finding(_CODES[check.verdict], text, check.figure.cell.ref)


def twin_finding(check: TwinCheck) -> Finding:
    """The same fact printed in two ways: both, and where each stands."""
    figure, other = check.figure, check.other
    text = (
        f"{figure.line.statement.declaration.title}, {figure.line.key}, {figure.field.heading}: «{_short(check.said)}»; "
        f"in {other.line.statement.declaration.title} ({other.cell.ref}): «{_short(check.also_said)}»"
    )
    return finding("PX-C005", text, figure.cell.ref)


def algorithm_finding(check: AlgorithmCheck) -> Finding:
    """A printed algorithm that can't be read, or that isn't the catalogue's; the catalogue's is told in both cases."""
    line = check.figure.line
    known = f"; il catalogo dice: {check.expected}" if check.expected else ""
    text = f"{line.statement.declaration.title}, {line.key}: {check.reason or written_out(check)}{known}"
    return finding("PX-C012" if check.node is None else "PX-C013", text, check.figure.cell.ref)


def written_out(check: AlgorithmCheck) -> str:
    """How the algorithm is read."""
    return "" if check.node is None else f"letto come {written(check.node)}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN].rstrip() + "…"


def weight_finding(check: WeightCheck) -> Finding:
    """Weights that don't make their total, or conditions that aren't all met: whose they are, and where the first stands."""
    line = check.lines[0]
    group = check.statement.line(line.parent or line.section)
    whose = f" di «{group.title[:80]}»" if group is not None else ""
    decimals = min(2, max(own_decimals(check.total), own_decimals(check.expected)))
    made, wanted = italian(check.total, decimals), italian(check.expected, decimals)
    text = f"{check.statement.declaration.title}, {check.what}{whose}: {made} invece di {wanted} ({len(check.lines)} righe)"
    return finding("PX-C003", text, line.figures[check.column].cell.ref)


def limit_finding(beyond: Beyond) -> Finding:
    """A figure beyond what it can be, and its bound."""
    figure = beyond.figure
    decimals = min(2, max(own_decimals(figure.value or beyond.bound), own_decimals(beyond.bound)))
    sign = "più di" if beyond.too_high else "meno di"
    text = (
        f"{figure.line.statement.declaration.title}, «{figure.line.title[:80]}», {figure.field.heading}: "
        f"{italian(figure.value or beyond.bound, decimals)}, {sign} {italian(beyond.bound, decimals)} ({beyond.limit.name})"
    )
    return finding("PX-C020", text, _where(figure))


_FIT_CODES = {Fit.DIFFERS: "PX-C021", Fit.BLANK: "PX-C022", Fit.UNKNOWN: "PX-C023"}


def fed_findings(book: Book, rows: Sequence[ScoredRow]) -> list[Finding]:
    """Results of indicators that a statement computes, where the sheets say something else, or nothing.

    Codes that no row has are told only where there are rows: a folder of surveys alone is no fault.
    """
    return [_fed_finding(each) for each in fed_indicators(book, rows) if each.fit in _FIT_CODES and (rows or each.row)]


def _fed_finding(fed: Fed) -> Finding:
    figure = fed.figure
    unit = " %" if figure.kind == "percent" else ""
    computed = italian(figure.value, 2) + unit if figure.value is not None else "–"
    text = f"{fed.code}: {figure.line.statement.declaration.title}, «{figure.line.title[:80]}», dà {computed}"
    if fed.row is not None and fed.fit is Fit.DIFFERS:
        text += f"; indicato {fed.row.result_text} ({fed.row.office})"
    elif fed.row is not None:
        text += f"; nessun risultato nel foglio ({fed.row.office})"
    return finding(_FIT_CODES[fed.fit], text, (fed.row.ref if fed.row is not None else None) or _where(figure))


def schedule_findings(book: Book, at: date | None, year: int | None) -> list[Finding]:
    """Phases whose times can't be read, and those overdue at the reference date where a column tells what was done."""
    return [found for phase in phases(book, year) if (found := _phase_finding(phase, at)) is not None]


def _phase_finding(phase: Phase, at: date | None) -> Finding | None:
    line = phase.line
    named = f"{line.statement.declaration.title}, «{line.title[:80]}»"
    refs = (each.cell.ref for each in line.figures.values() if not each.cell.empty)
    ref = next((each for each in refs if each is not None and each.row == line.row), None)
    if phase.timing.problem:
        return finding("PX-C024", f"{named}: «{phase.timing.text[:60]}»", ref)
    window = phase.window(at)
    if phase.recorded and window is not None and phase.standing(at) is Standing.OVERDUE:
        return finding("PX-C025", f"{named}: entro il {window[1]:%d/%m/%Y}", ref)
    return None


def _where(figure: Figure) -> CellRef | None:
    """The figure's cell; the first of its line that holds something, where it is only computed."""
    if not figure.cell.empty or figure.cell.ref is None:
        return figure.cell.ref
    cells = (each.cell for each in figure.line.figures.values() if not each.cell.empty)
    return next((cell.ref for cell in cells if cell.ref is not None and cell.ref.row == figure.line.row), figure.cell.ref)
