"""Whose indicator is whose. The plan (Allegato 1) doesn't say it: the UFFICIO column of the existing dashboards does, or the
plan's own column where it has one. Nothing is guessed: what nobody claims is listed with a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model import RowLevel, SheetRole, SheetRow, SheetRows

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

RESPONDING = frozenset({SheetRole.OFFICE, SheetRole.BODY})


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who gets a form: code and title as in its existing dashboard, the offices that it answers for."""

    code: str
    title: str
    role: SheetRole
    offices: tuple[str, ...]
    takes_common: bool = True  # whether TUTTI is also its own: not so where its dashboard has none of those rows


@dataclass(slots=True)
class Assignment:
    """Offices and people of every indicator and objective, as the dashboards or the plan write them."""

    offices: dict[str, set[str]] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)
    words: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)  # (respondent, code) -> the two cells
    common_words: dict[str, tuple[str, str]] = field(default_factory=dict)  # code -> the two cells, in the first sheet met
    refs: dict[str, SheetRow] = field(default_factory=dict)

    def cells(self, respondent: str, code: str) -> tuple[str, str]:
        """UFFICIO and OB IND of a row as the respondent's own dashboard has them, else as the first that has the row."""
        return self.words.get((respondent, code)) or self.common_words.get(code, ("", ""))


def assignment_of(plan: Iterable[SheetRows], dashboards: Sequence[SheetRows], method: Method) -> Assignment:
    """Read the two columns of plan and dashboards. Where the plan has offices of its own for a row, they prevail."""
    out = Assignment()
    for sheet in dashboards:
        for row in sheet.rows:
            _claim(out, sheet, row, method)
    for sheet in plan:
        for row in sheet.rows:
            if row.offices or row.people:
                code = method.canonical(row.code)
                out.offices[code] = set(row.offices) or out.offices.get(code, set())
                out.people[code] = set(row.people) or out.people.get(code, set())
                out.common_words[code] = (row.offices_cell.text, row.people_cell.text)
                out.words = {key: words for key, words in out.words.items() if key[1] != code}
    return out


def _claim(out: Assignment, sheet: SheetRows, row: SheetRow, method: Method) -> None:
    code = method.canonical(row.code)
    words = (row.offices_cell.text, row.people_cell.text)
    if any(words):
        out.words.setdefault((sheet.respondent, code), words)
        if sheet.role in RESPONDING or code not in out.common_words:
            out.common_words.setdefault(code, words)
    if row.level is not RowLevel.INDICATOR:
        return
    out.refs.setdefault(code, row)
    offices = set(row.offices)
    if not offices and sheet.role in RESPONDING:
        offices = set(sheet.respondent_offices)
    out.offices.setdefault(code, set()).update(offices)
    people = set(row.people) | ({sheet.respondent} if sheet.role is SheetRole.PERSON else set())
    out.people.setdefault(code, set()).update(people)


def respondents_of(
    dashboards: Sequence[SheetRows], assignment: Assignment, method: Method
) -> tuple[list[Respondent], list[Finding]]:
    """Who gets a form: the respondents of the dashboards, then every office that the columns name and that has no dashboard."""
    found: dict[str, Respondent] = {}
    findings: list[Finding] = []
    everybody = method.labels.all
    shared = any(everybody in row.offices for s in dashboards if s.role is SheetRole.OFFICE for row in s.rows)
    for sheet in dashboards:
        if sheet.role not in RESPONDING or sheet.respondent in found:
            continue
        takes = not shared or sheet.role is SheetRole.BODY or any(everybody in row.offices for row in _indicators(sheet))
        found[sheet.respondent] = Respondent(sheet.respondent, sheet.title, sheet.role, sheet.respondent_offices, takes)
        if not takes:
            text = f"{sheet.respondent}: nel suo cruscotto non c'è nessuna riga «{everybody}», e non gliene vengono date"
            findings.append(finding("PX-F003", text, file=sheet.file, sheet=sheet.sheet))
    known = {office for respondent in found.values() for office in respondent.offices}
    left_out = {everybody, *method.labels.not_offices}
    named = {office for offices in assignment.offices.values() for office in offices}
    for office in sorted(named - known - left_out):
        body = office == method.labels.body
        role, title = (
            (SheetRole.BODY, "Obiettivi di Ente e trasversali") if body else (SheetRole.OFFICE, f"Ufficio {office} ({office})")
        )
        found[office] = Respondent(office, office if office == "ISR" else title, role, (office,))
        if dashboards:
            findings.append(finding("PX-F002", f"{office}: nessun cruscotto esistente è suo; la scheda viene fatta lo stesso"))
    return list(found.values()), findings


def people_respondents(dashboards: Sequence[SheetRows], assignment: Assignment) -> list[Respondent]:
    """The PO that the OB IND column names or that have a dashboard."""
    titles = {s.respondent: s.title for s in dashboards if s.role is SheetRole.PERSON}
    named = {person for people in assignment.people.values() for person in people if person.startswith("PO")}
    return [Respondent(code, titles.get(code, code), SheetRole.PERSON, ()) for code in sorted(named | set(titles))]


def is_of(respondent: Respondent, code: str, assignment: Assignment, method: Method) -> bool:
    """Whether an indicator stands in the form of a respondent. TUTTI is everybody's and the body's."""
    if respondent.role is SheetRole.PERSON:
        return respondent.code in assignment.people.get(code, ())
    offices = assignment.offices.get(code, set())
    if method.labels.all in offices and respondent.takes_common:
        return True
    return bool(offices & set(respondent.offices))


def _indicators(sheet: SheetRows) -> Iterable[SheetRow]:
    return (row for row in sheet.rows if row.level is RowLevel.INDICATOR)
