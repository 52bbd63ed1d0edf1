"""What the sheets say that doesn't hold together: typed percents, offices, quoted values, weights, budgets, plan."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model import (
    Awaited,
    Cell,
    CellKind,
    Missing,
    Node,
    ResultKind,
    RowLevel,
    ScoredRow,
    SheetRole,
    SheetRow,
    SheetRows,
    TargetKind,
)
from perfxl.rollup.entries import Entry, Plan, percent_of, read_target, same_target, target_cell
from perfxl.rollup.means import weighted_mean
from perfxl.rollup.nodes import natural
from perfxl.rollup.scored import EMPTY_RESULT
from perfxl.scoring.compare import Compared
from perfxl.scoring.explain import percent
from perfxl.scoring.rounding import agrees, printed_mode

if TYPE_CHECKING:
    from datetime import date

    from perfxl.methods.schema import Method

MOST_PERCENT = 1000
"""Beyond it a percent was meant otherwise: the highest target of the plans is 390 %."""


def reading_findings(entries: Iterable[Entry], method: Method, year: int | None, as_of: date | None = None) -> list[Finding]:
    """Targets and results that can't be read or compared, conventions that were needed, each at its cell, once."""
    out: dict[tuple[str, str, str, str], Finding] = {}
    for entry in entries:
        for one in (*_outcome(entry), *_target(entry, method, year), *_after(entry, as_of)):
            out.setdefault((one.code, one.file, one.sheet, one.cell), one)
    return list(out.values())


def _outcome(entry: Entry) -> Iterable[Finding]:
    score = entry.score
    if score is None or entry.row.result.kind is CellKind.ERROR:
        return
    outcome = score.outcome
    where = entry.result_ref
    if _incredible(entry):
        yield finding("PX-G010", f"{entry.code}: «{entry.result.text}», target «{entry.target.text}»", where)
    if isinstance(outcome, Compared):
        if outcome.note_code:
            yield finding(outcome.note_code, f"{entry.code}: {outcome.note}", where)
        if score.pct is None:
            yield finding("PX-V003", f"{entry.code}: target «{entry.target.text}», risultato «{entry.result.text}»", where)
    elif outcome.code and outcome.code != "PX-G001":
        yield finding(outcome.code, f"{entry.code}: {outcome.why}", where)


def _after(entry: Entry, as_of: date | None) -> Iterable[Finding]:
    """A thing done on a day that hasn't come yet. What is due after a period's close comes after the date that it speaks of."""
    if as_of is None or entry.result.kind is not ResultKind.DATE or entry.target.kind is TargetKind.DAYS_WITHIN:
        return
    if any(day > as_of for day in entry.result.dates):
        why = f"una data dopo quella di riferimento ({as_of:%d/%m/%Y})"
        yield finding("PX-C031", f"{entry.code}: risultato «{entry.result.text}»: {why}", entry.result_ref)


def _incredible(entry: Entry) -> bool:
    """86 in a percent cell, which is 8600 %, or minus three events: it would count, and nobody meant it."""
    result, value = entry.result, entry.result.value
    if value is None:
        return False
    if result.kind is ResultKind.PERCENT:
        return abs(value) > MOST_PERCENT
    return result.kind is ResultKind.NUMBER and entry.target.kind is TargetKind.COUNT and value < 0


def _target(entry: Entry, method: Method, year: int | None) -> Iterable[Finding]:
    target, cell = entry.target, entry.target_cell
    if method.scoring.target_from == "indicator_text":
        if target.kind is TargetKind.UNREADABLE and entry.score is not None and entry.score.pct is None and entry.result.measured:
            yield finding("PX-G001", f"{entry.code}: {target.problem}", entry.row.ref)
        return
    where = cell.ref or entry.row.ref
    if entry.sheet.role is SheetRole.OBJECTIVES:
        return
    if target.kind is TargetKind.UNREADABLE:
        yield finding("PX-G001", f"{entry.code}: {target.problem or target.text}", where)
    elif target.kind is TargetKind.NONE:
        told = entry.score is not None and not isinstance(entry.score.outcome, Compared) and entry.score.outcome.code == "PX-V004"
        if not told:  # else the result's finding says it already
            yield finding("PX-V004", f"{entry.code}: " + (f"«{cell.text}»" if cell.text.strip() else "cella vuota"), where)
    if year is not None and any(due.year != year for due in target.dates):
        dates = ", ".join(f"{due:%d/%m/%Y}" for due in target.dates)
        yield finding("PX-G007", f"{entry.code}: {dates} in un piano del {year}", where)
    elif target.dates and not re.search(r"\d{4}|/\d\d$", target.text):
        yield finding(
            "PX-G006", f"{entry.code}: «{target.text}» letto come {', '.join(f'{due:%d/%m/%Y}' for due in target.dates)}", where
        )


def exception_findings(rows: Sequence[ScoredRow], method: Method) -> list[Finding]:
    """Exceptions of the method that speak of no row: a code that was mistyped changes nothing, and nobody would know."""
    return [
        finding("PX-V007", f"{rule.code} ({rule.reason})", file=method.name)
        for rule in method.exceptions
        if not any(method.excepts(rule, row.code, row.owner) for row in rows)
    ]


def year_findings(sheets: Iterable[SheetRows], year: int | None) -> list[Finding]:
    """Sheets whose headings name another year than the one that is computed."""
    return [
        finding(
            "PX-A016",
            f"{sheet.respondent}: foglio del {sheet.year}, calcolo del {year}",
            sheet.header,
            file=sheet.file,
            sheet=sheet.sheet,
        )
        for sheet in sheets
        if year is not None and sheet.year is not None and sheet.year != year
    ]


def typed_findings(
    entries: Sequence[Entry], sheets: Iterable[SheetRows], nodes: Mapping[str, Node], method: Method
) -> list[Finding]:
    """Percents that people typed, against what follows from their own rows: a difference, or nothing beneath."""
    out: list[Finding] = []
    beneath: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in entries:
        beneath.setdefault((entry.sheet.file, entry.sheet.sheet, entry.row.owner or ""), []).append(entry)
        out += _typed_row(entry, method)
    for sheet in sheets:
        if sheet.role in (SheetRole.OFFICE, SheetRole.BODY, SheetRole.PERSON):
            for row in sheet.rows:
                if row.level is not RowLevel.INDICATOR:
                    out += _typed_objective(
                        row, beneath.get((sheet.file, sheet.sheet, row.code), []), nodes.get(method.canonical(row.code)), method
                    )
    return out


def _typed_row(entry: Entry, method: Method) -> Iterable[Finding]:
    typed = percent_of(entry.row.typed_pct)
    if typed is None or entry.sheet.role is SheetRole.OBJECTIVES:
        return
    score = entry.computed or entry.score
    ref = entry.row.typed_pct.ref
    if score is None or score.pct is None or score.policy:
        said = f"risultato «{entry.result.text}»" if entry.result.text.strip() else "cella del risultato vuota"
        yield finding("PX-V002", f"{entry.code}: {entry.row.typed_pct.text} indicato, {said}", ref)
    elif not agrees(_as_printed(entry.row.typed_pct, typed), score.pct, printed_mode(method.rounding)):
        yield finding("PX-V001", f"{entry.code}: {entry.row.typed_pct.text} indicato, {percent(score.pct)} calcolato", ref)


def _typed_objective(row: SheetRow, beneath: Sequence[Entry], node: Node | None, method: Method) -> Iterable[Finding]:
    typed = percent_of(row.typed_pct)
    if typed is None:
        return
    local = weighted_mean([(e.score.pct if e.score else None, Fraction(1)) for e in beneath])
    if local is None:
        yield finding(
            "PX-V002", f"{row.code}: {row.typed_pct.text} indicato, {_nothing_beneath(len(beneath))}", row.typed_pct.ref
        )
        return
    figures = [local] if node is None or node.pct is None else [local, node.pct]
    if not any(agrees(_as_printed(row.typed_pct, typed), figure, printed_mode(method.rounding)) for figure in figures):
        yield finding("PX-V001", f"{row.code}: {row.typed_pct.text} indicato, {percent(local)} calcolato", row.typed_pct.ref)


def _nothing_beneath(indicators: int) -> str:
    if not indicators:
        return "nessun indicatore sotto l'obiettivo in questo foglio"
    if indicators == 1:
        return "nessun risultato per il suo unico indicatore in questo foglio"
    return f"nessun risultato tra i suoi {indicators} indicatori in questo foglio"


def _as_printed(cell: Cell, typed: Decimal) -> Decimal:
    """The typed percent with the decimals that the cell shows, or holds where they are more; two at most (the rest is binary tail)."""
    shows = re.search(r"0\.(0+)\s*%", cell.number_format)
    holds = -int(round(typed, 2).normalize().as_tuple().exponent)
    return round(typed, min(2, max(holds, len(shows[1]) if shows else 0)))


def office_findings(
    sheets: Sequence[SheetRows], entries: Sequence[Entry], plan: Plan, method: Method, awaited: Sequence[Awaited] = ()
) -> tuple[list[Finding], list[Missing], dict[str, str]]:
    """Offices that are named but don't exist (A003), and offices with indicators whose sheet is missing (A004).

    Third: the indicators of the awaited sheets that are missing, each with its office.
    """
    labels = {method.labels.all, method.labels.body, *method.labels.not_offices}
    have = {o for s in sheets if s.role is SheetRole.OFFICE for o in (s.respondent, *s.respondent_offices)}
    assigned: dict[str, list[SheetRow]] = {}
    for row in (*(entry.row for entry in entries), *plan.indicators.values()):
        for office in row.offices:
            assigned.setdefault(office, []).append(row)
    findings: list[Finding] = []
    missing: list[Missing] = []
    absent: dict[str, str] = {}
    asked = [office for office in awaited if not office.answered]
    for one in asked:
        findings.append(finding("PX-A004", f"{one.code} {one.title}: nessuna scheda accettata"))
        missing.append(
            Missing("ufficio", one.code, one.title, f"nessuna scheda accettata: {_of_indicators(len(one.indicators))}")
        )
        absent |= {method.canonical(code): one.code for code in one.indicators}
    if not have:
        return findings, missing, absent
    told = {office for one in asked for office in one.code.split("/")}
    for office in sorted(set(assigned) - labels - have - told):
        codes = sorted({method.canonical(row.code) for row in assigned[office]}, key=natural)
        findings.append(finding("PX-A004", f"{office}: assegnatario di {', '.join(codes)}", assigned[office][0].offices_cell.ref))
        missing.append(Missing("ufficio", office, "", f"{len(codes)} indicatori assegnati: {', '.join(codes)}"))
    named = _offices_by_code(sheets)
    for office, rows in _only_named(sheets, labels | have | told | assigned.keys()).items():
        if _slip(office, rows, named):
            findings += [finding("PX-A003", f"{office}, alla riga {row.code}", row.offices_cell.ref or row.ref) for row in rows]
            continue
        codes = sorted({method.canonical(row.code) for row in rows}, key=natural)
        findings.append(finding("PX-A004", f"{office}: nominato alle righe {', '.join(codes)}", rows[0].offices_cell.ref))
        missing.append(Missing("ufficio", office, "", f"nominato alle righe {', '.join(codes)}"))
    return findings, missing, absent


def _of_indicators(count: int) -> str:
    return f"{count} indicator{'e' if count == 1 else 'i'}"


def _only_named(sheets: Sequence[SheetRows], known: Container[str]) -> dict[str, list[SheetRow]]:
    """Offices that rows of objectives name, and of which there is neither a sheet nor an indicator."""
    named: dict[str, list[SheetRow]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            for office in row.offices if row.level is not RowLevel.INDICATOR else ():
                if office not in known:
                    named.setdefault(office, []).append(row)
    return dict(sorted(named.items()))


def _offices_by_code(sheets: Sequence[SheetRows]) -> dict[str, set[tuple[str, ...]]]:
    """What the rows of each code say of their offices, where they say anything."""
    named: dict[str, set[tuple[str, ...]]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if row.offices:
                named.setdefault(row.code, set()).add(row.offices)
    return named


def _slip(office: str, rows: Sequence[SheetRow], named: Mapping[str, set[tuple[str, ...]]]) -> bool:
    """An office that doesn't exist, told from one whose sheet didn't come back: each time that it is named, another sheet
    has the same objective without it (U6.3 at 2.1 of the PO's, U6.1 at OB1). A missing office is named by all."""
    return all(any(office not in offices for offices in named[code]) for code in {row.code for row in rows})


def plan_findings(
    plan: Plan, entries: Sequence[Entry], nodes: Sequence[Node], method: Method, year: int | None,
    absent: Mapping[str, str],
) -> tuple[list[Finding], list[Missing]]:  # fmt: skip
    """Sheet rows that the plan doesn't know, planned rows in no sheet, targets that differ, budgets that don't add up.

    `absent`: the indicators that are in the sheet of an office that is missing, which is told already.
    """
    planned = plan.indicators
    findings = _unknown(planned, plan, entries, method)
    findings += _other_targets(planned, entries, method, year)
    seen = {entry.code for entry in entries}
    missing = []
    for code, row in planned.items():
        if code in seen:
            continue
        if code in absent:
            missing.append(Missing("indicatore", code, row.title, f"nel foglio di {absent[code]}, che manca"))
        else:
            findings.append(finding("PX-P002", f"{code} {row.title}", row.ref))
            missing.append(Missing("indicatore", code, row.title, f"previsto dal piano ({row.ref.a1}), in nessun foglio"))
    return findings + budget_findings(nodes), missing


def _unknown(planned: Mapping[str, SheetRow], plan: Plan, entries: Sequence[Entry], method: Method) -> list[Finding]:
    nodes = {row.code for row in plan.nodes}
    out = []
    for entry in entries:
        if entry.code not in planned:
            out.append(finding("PX-P001", f"{entry.code} {entry.row.title}", entry.row.ref))
        elif (owner := method.canonical(entry.row.owner or "")) and owner not in nodes:
            out.append(finding("PX-P001", f"obiettivo {owner} dell'indicatore {entry.code}", entry.row.ref))
    return out


def _other_targets(planned: Mapping[str, SheetRow], entries: Sequence[Entry], method: Method, year: int | None) -> list[Finding]:
    out = []
    for entry in entries:
        own = target_cell(entry.row, year)
        row = planned.get(entry.code)
        if row is None or own.empty or target_cell(row, year).empty:
            continue
        here = read_target(own, entry.row.algorithm.text, entry.row.title, EMPTY_RESULT, method, year)
        if not same_target(here, entry.target):
            found = f"{entry.code}: «{own.text}» nel foglio, «{entry.target_cell.text}» nel piano ({entry.target_cell.ref})"
            out.append(finding("PX-P003", found, own.ref))
    return out


def budget_findings(nodes: Sequence[Node]) -> list[Finding]:
    """A node's budget against the sum of the level beneath, in cents."""
    out = []
    beneath: dict[str | None, list[Decimal]] = {}
    for node in nodes:
        if node.budget is not None:
            beneath.setdefault(node.parent, []).append(node.budget)
    for node in nodes:
        kids = beneath.get(node.code, [])
        if node.budget is not None and kids and sum(kids) != node.budget:
            found = f"{node.code}: € {_euro(node.budget)}, somma del livello sottostante € {_euro(Decimal(sum(kids)))}"
            out.append(finding("PX-P004", found, node.ref))
    return out


def _euro(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", "'").replace(".", ",").replace("'", ".")


def row_findings(rows: Sequence[ScoredRow], nodes: Sequence[Node]) -> list[Finding]:
    """Objectives of the tree with nothing beneath."""
    owners = {row.owner for row in rows} | {node.parent for node in nodes}
    return [
        finding("PX-A009", f"{node.code} {node.title}", node.ref)
        for node in nodes
        if node.code not in owners and node.level not in ("ente", "albero", "obiettivo_ente")
    ]
