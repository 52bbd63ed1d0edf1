"""A reply beside the sheet that was sent: what was changed that shouldn't be, what doesn't read, what is missing.

What is wrong is a list of findings, each at its cell. Those of `blocking` keep a version from being accepted: the office is asked
to correct them. The others are told and don't matter to what counts (a locked cell that was changed keeps its sent content).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from perfxl.findings import Finding, finding
from perfxl.model import CellRef, ResultKind, State
from perfxl.rollup.checks import reading_findings
from perfxl.rollup.entries import Entry, Plan, entries_of
from perfxl.rollup.score import scored
from perfxl.rounds.answer import Answer, answer, plan_of
from perfxl.rounds.blocking import UNREADABLE, blocks
from perfxl.rounds.columns import evidence_column, letter
from perfxl.rounds.pages import about_pages, about_period
from perfxl.scoring.finish import state_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from perfxl.methods.schema import Method
    from perfxl.model.sheets import SheetRow
    from perfxl.readers.grid import Grid
    from perfxl.rounds.answer import Terms
    from perfxl.rounds.effective import Laid, Merged
    from perfxl.rounds.returned import Returned
    from perfxl.rounds.state import Office

MOST = 5_000
"""Findings of one kind that are told one by one: more cells than any sheet that we send has, fewer than the rows somebody may add."""

_BELOW = {
    "reached": frozenset({State.PARTIAL, State.NOT_REACHED}),
    "partial": frozenset({State.NOT_REACHED}),
    "never": frozenset(),
}


class Verdict(NamedTuple):
    """What the comparison says: the findings, whether the version is accepted, the plan version that it answers to (0: none)."""

    problems: tuple[Finding, ...]
    accepted: bool
    plan: int


def check(reply: Returned, office: Office, terms: Terms) -> Verdict:
    """Compare a reply with the sheet that was sent to its office.

    Raises:
        FileNotFoundError: the sheet that was sent isn't in the round's folder any more.
    """
    found: list[Finding] = list(reply.problems) or _of_another_round(reply, terms)
    if found:
        return Verdict(tuple(found), False, plan_of(reply, terms.state))
    given = answer(reply, office, terms)
    found = _about_sheet(given, reply) if given.laid is None else _about_cells(given.laid, given.plan, reply, office)
    found += [*about_pages(given, reply), *_about_mark(reply, office)]
    if terms.state.opened is not None:
        found += about_period(given, reply, terms.state.opened)
    found += _about_rows(given, reply, terms)
    problems = _first(dict.fromkeys(found))
    return Verdict(problems, not any(blocks(each.code, each.severity) for each in problems), given.plan)


def _of_another_round(reply: Returned, terms: Terms) -> list[Finding]:
    """Another body, year, period, or a plan that never was the round's: nothing else is worth telling."""
    mark, opened = reply.mark, terms.state.opened
    if mark is None or opened is None:
        return []
    if (mark.body, mark.year, mark.period) != (opened.body, opened.year, opened.period):
        said = " · ".join(str(part)[:80] for part in (mark.body, mark.period, mark.year) if part)
        return [finding("PX-N010", said, file=reply.file)]
    if mark.round and opened.round_id and mark.round != opened.round_id:
        return [
            finding("PX-N010", f"preparata per un altro giro dello stesso anno e periodo ({mark.round[:40]})", file=reply.file)
        ]
    if not plan_of(reply, terms.state):
        return [finding("PX-N011", "di un piano che non è tra quelli del giro", file=reply.file)]
    return []


def _about_mark(reply: Returned, office: Office) -> list[Finding]:
    """A mark of another office on a sheet that a person gave to this one."""
    mark = reply.mark
    if mark is None or mark.office.casefold() == office.code.casefold():
        return []
    return [finding("PX-N047", f"contrassegno di {mark.office[:40]}, scheda attribuita a {office.code}", file=reply.file)]


def _about_sheet(given: Answer, reply: Returned) -> list[Finding]:
    """A workbook that isn't the sheet sent: rows that it lacks, has too many, or says differently; nothing in it."""
    found = [finding("PX-N012", "il foglio è riconosciuto, ma non è quello inviato", file=reply.file)]
    foreign = given.foreign
    rows = [row for sheet in given.rows.sheets for row in sheet.indicators]
    if foreign is None or (all(row.result.empty for row in rows) and not foreign.doubtful):
        found.append(finding("PX-N017", "nessun risultato nelle righe di un ufficio", file=reply.file))
        return found + [each for each in given.rows.findings if each.code == "PX-R001"]
    name = given.rows.sheets[0].sheet
    found += [finding("PX-N013", f"«{text[:120]}»", file=reply.file, sheet=name) for text in foreign.lacking]
    found += [_changed(ref, sent, back) for ref, sent, back in foreign.changed]
    found += [finding("PX-N019", f"«{text[:120]}»: non viene contata", ref) for ref, text in foreign.added]
    found += [finding("PX-N041", text[:200], ref) for ref, text in foreign.doubtful]
    return found + _merged_over(rows, reply)


def _merged_over(rows: Iterable[SheetRow], reply: Returned) -> list[Finding]:
    """Merged ranges of such a workbook that hide the cell of a result."""
    merged = {grid.name: grid.merged for grid in reply.grids}
    found = []
    for row in rows:
        ref = row.result.ref
        if ref is None or not row.result.empty:
            continue
        for top, left, bottom, right in merged.get(ref.sheet, ()):
            if top <= ref.row <= bottom and left <= ref.column <= right and (ref.row, ref.column) != (top, left):
                name = f"{letter(left)}{top}:{letter(right)}{bottom}"
                found.append(finding("PX-N042", f"{name}: resta senza risultato {ref.a1}", ref))
    return found


def _changed(ref: CellRef | None, sent: str, back: str) -> Finding:
    return finding("PX-N014", f"inviato «{sent[:120]}», tornato «{back[:120]}»: vale quello inviato", ref)


def _about_cells(laid: Laid, plan: int, reply: Returned, office: Office) -> list[Finding]:
    found = []
    if plan != office.plan:
        code = "PX-N011" if laid.removed or laid.lost_pages else "PX-N024"
        found.append(finding(code, f"versione {plan}; in vigore la {office.plan}", file=reply.file))
    if reply.mark is None:
        found.append(finding("PX-N023", "il contenuto è quello della scheda inviata", file=reply.file))
    found += [finding("PX-N025", "confrontata colonna per colonna", file=reply.file, sheet=name) for name in laid.moved_columns]
    found += [finding("PX-N040", text, file=reply.file, sheet=name) for name, text in laid.astray]
    found += [
        finding("PX-N041", f"l'etichetta è «{text[:120]}», il resto è di un'altra riga", ref) for ref, text in laid.doubtful
    ]
    found += [finding("PX-N018", f"manca il foglio «{name}»", file=reply.file) for name in laid.lost_pages]
    found += [finding("PX-N013", f"«{text[:120]}»", ref) for ref, text in laid.removed]
    found += [_changed(ref, sent, back) for ref, sent, back in laid.changed]
    found += [finding("PX-N019", f"«{text[:120]}»: non viene contata", ref) for ref, text in laid.added]
    if not laid.filled and not laid.astray:
        found.append(finding("PX-N017", "nessuna cella riempita", file=reply.file))
    return found


def _about_rows(given: Answer, reply: Returned, terms: Terms) -> list[Finding]:
    """Results that don't read, notes and evidence that the method makes mandatory."""
    method, year = terms.method, terms.year
    entries = scored(entries_of(given.rows.sheets, Plan(()), method, year), method, year, terms.as_of)
    others = [sheet for sheet in given.rows.sheets if None not in (year, sheet.year) and sheet.year != year]
    found = [finding("PX-N010", f"anno {sheet.year}", file=sheet.file, sheet=sheet.sheet) for sheet in others]
    results = {(entry.result_ref.sheet, entry.result_ref.a1) for entry in entries}
    found += [each for each in given.rows.findings if each.code in UNREADABLE and (each.sheet, each.cell) in results]
    found += [each for each in reading_findings(entries, method, year) if each.code in UNREADABLE]
    found += _notes(entries, method)
    if given.laid is not None:
        found += _merged(given.laid.merged, results)
    if method.returns.evidence:
        found += _evidence(entries, given.laid.grids if given.laid is not None else reply.grids)
    return found


def _merged(merged: Iterable[Merged], results: set[tuple[str, str]]) -> Iterator[Finding]:
    """Merged cells to fill; where a result stood among them it is gone, or was never there: nobody can tell."""
    for ref, name, blank in merged:
        gone = [cell for cell in blank if (ref.sheet, cell) in results]
        if gone:
            yield finding("PX-N042", f"{name}: restano senza risultato {', '.join(gone[:20])}", ref)
        else:
            yield finding("PX-N043", f"{name}: conta ciò che è nella prima", ref)


def _notes(entries: Iterable[Entry], method: Method) -> list[Finding]:
    below = _BELOW[method.returns.note_below]
    found = []
    for entry in entries:
        score = entry.score
        if score is None or not entry.row.note.empty:
            continue
        unmeasured = entry.result.kind is ResultKind.NOT_MEASURED and method.returns.note_when_unmeasured
        state = state_of(score.pct, method.states.indicator)  # the one that the sheet and the consolidated workbook show
        if unmeasured or (score.pct is not None and entry.result.measured and state in below):
            why = f"{entry.code}: risultato «{entry.result.text[:80]}»" + ("" if unmeasured else f", {state}")
            found.append(finding("PX-N015", why, entry.row.note.ref or entry.result_ref))
    return found


def _evidence(entries: Iterable[Entry], grids: Sequence[Grid]) -> list[Finding]:
    by_name = {grid.name: grid for grid in grids}
    columns = {grid.name: place for grid in grids if (place := evidence_column(grid)) is not None}
    found = []
    for entry in entries:
        ref = entry.result_ref
        column = columns.get(ref.sheet)
        if column is not None and entry.result.measured and not by_name[ref.sheet].text(ref.row, column):
            found.append(finding("PX-N016", entry.code, CellRef(ref.file, ref.sheet, ref.row, column)))
    return found


def _first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The first findings of each kind; how many more there are is told in one."""
    kept: list[Finding] = []
    counts: Counter[str] = Counter()
    for each in found:
        counts[each.code] += 1
        if counts[each.code] <= MOST:
            kept.append(each)
    more = [finding(code, f"altri {count - MOST} casi", file=kept[0].file) for code, count in counts.items() if count > MOST]
    return (*kept, *more)
