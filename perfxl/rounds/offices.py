"""`uffici.xlsx`: offices, responsible persons and addresses, filled by people. Addresses stand here and in what is sent, nowhere else.

A message goes to the e-mail addresses of an office; to its PEC only where it has no other. An office that can't be told from
another (its code stands on two rows that disagree) is written to by nobody: somebody else's sheet could leave.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.findings import Finding, finding
from perfxl.model import CellRef
from perfxl.readers.headings import folded
from perfxl.readers.workbook import read_grids
from perfxl.rounds.folder import OFFICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfxl.readers.grid import Grid

HEADINGS = {
    "office": ("ufficio", "codice", "codice ufficio"),
    "title": ("denominazione", "nome ufficio"),
    "person": ("responsabile", "referente", "nome"),
    "address": ("e mail", "email", "mail", "posta elettronica", "indirizzo e mail", "indirizzo email", "indirizzo di posta elettronica"),
    "certified": ("pec", "indirizzo pec"),
    "note": ("note", "nota"),
}  # fmt: skip
"""The headings by which our columns are known, in the order in which we write them."""

PERHAPS_STREET = "indirizzo"
"""A heading that is the e-mail's where there is no better one and something in it looks like an e-mail; else it is the street."""

COLUMNS = ("Ufficio", "Denominazione", "Responsabile", "E-mail", "PEC", "Note")
WIDTHS = (14, 50, 30, 40, 34, 40)
OWN_WIDTH = 30

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_TOP = r"(?:[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{0,58}[A-Za-z0-9])"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP}")
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to for an office: `addresses` are the good ones, `wrong` is what keeps from writing to it at all."""

    office: str
    title: str = ""
    person: str = ""
    addresses: tuple[str, ...] = ()
    certified: str = ""
    note: str = ""
    wrong: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    """The sheet as it stands: the offices by code (upper and lower case are the same), what is wrong, every row that was typed."""

    by_code: Mapping[str, Contact] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    own: tuple[str, ...] = ()  # headings of the columns that people added
    rows: tuple[tuple[str, ...], ...] = ()  # texts as typed: our columns, then theirs

    def of(self, office: str) -> Contact:
        """The contact of an office; one without address where the sheet hasn't it."""
        return self.by_code.get(office.casefold(), Contact(office))

    @property
    def general(self) -> tuple[Finding, ...]:
        """What is wrong with the sheet and holds no single office back."""
        held = {id(each) for contact in self.by_code.values() for each in contact.wrong}
        return tuple(each for each in self.findings if id(each) not in held)


def well_formed(address: str) -> bool:
    """Whether a text is an e-mail address: one, with a domain, with nothing that could open a second header line.

    Source: RFC 5321, 4.1.2 (dot-string, no quotes) and 4.5.3.1 (lengths); RFC 5890, 2.3.2.1 (`xn--` labels).
    """
    return len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None


def read_contacts(path: str | Path) -> Contacts:
    """The sheet of the offices, and what is wrong with it: malformed addresses, an office twice.

    A missing address isn't said here: it matters only to the offices of the round.
    """
    grids, findings = read_grids(path)
    for grid in grids:
        for row in sorted(grid.rows)[:20]:
            columns = _columns(grid, row)
            if "office" in columns and columns.keys() & {"address", "certified"}:
                return _contacts(grid, row, columns)
    return Contacts(findings=tuple(findings) or (finding("PX-N001", "mancano le colonne Ufficio ed E-mail", file=str(path)),))


def _columns(grid: Grid, header: int) -> dict[str, int]:
    words = {word: key for key, several in HEADINGS.items() for word in several}
    headings = {at: folded(text) for at, text in grid.texts(header).items()}
    columns = {words[text]: at for at, text in reversed(headings.items()) if text in words}
    perhaps = next((at for at, text in headings.items() if text == PERHAPS_STREET), None)
    if "address" not in columns and perhaps is not None and _has_address(grid, header, perhaps):
        columns["address"] = perhaps
    return columns


def _has_address(grid: Grid, header: int, column: int) -> bool:
    return any("@" in grid.text(row, column) for row in grid.rows if row > header)


def _contacts(grid: Grid, header: int, columns: Mapping[str, int]) -> Contacts:
    below = [row for row in sorted(grid.rows) if row > header and grid.texts(row)]
    used = {at for row in (header, *below) for at in grid.texts(row)}
    others = sorted(used - set(columns.values()))
    rows, several = [], dict[str, list[Contact]]()
    for row in below:
        text = {key: grid.text(row, columns[key]) if key in columns else "" for key in HEADINGS}
        rows.append((*text.values(), *(grid.text(row, at) for at in others)))
        if text["office"]:
            several.setdefault(text["office"].casefold(), []).append(_contact(text, grid, row, columns))
    told = {code: _told_once(contacts, grid) for code, contacts in several.items()}
    return Contacts(
        {code: contact for code, (contact, _) in told.items()},
        tuple(each for contact, noted in told.values() for each in (*contact.wrong, *noted)),
        tuple(grid.text(header, at) for at in others),
        tuple(rows),
    )


def _contact(text: Mapping[str, str], grid: Grid, row: int, columns: Mapping[str, int]) -> Contact:
    key = "address" if text["address"] or "certified" not in columns else "certified"
    where = CellRef(grid.file, grid.name, row, columns[key])
    given = [part for part in re.split(r"[;,\s]+", text[key]) if part]
    return Contact(
        text["office"], text["title"], text["person"], tuple(each for each in given if well_formed(each)), text["certified"],
        text["note"],
        tuple(finding("PX-N003", f"{text['office']}: «{each[:80]}»", where) for each in given if not well_formed(each)),
    )  # fmt: skip


def _told_once(rows: list[Contact], grid: Grid) -> tuple[Contact, list[Finding]]:
    """The contact of an office from its rows. Where they don't agree on whom to write to, nobody knows whose the office is."""
    first = rows[0]
    if len(rows) == 1:
        return first, []
    if len({frozenset(each.casefold() for each in contact.addresses) for contact in rows}) == 1:
        return first, [finding("PX-N004", first.office, file=grid.file, sheet=grid.name)]
    said = " – ".join("; ".join(contact.addresses) or "senza indirizzo" for contact in rows)
    wrong = finding("PX-N005", f"{first.office}: {said}", file=grid.file, sheet=grid.name)
    return replace(first, addresses=(), wrong=(wrong, *(each for contact in rows for each in contact.wrong))), []


def lacking(offices: Iterable[str], contacts: Contacts, path: str | Path) -> list[Finding]:
    """The offices of the round without an address: told before anything is sent."""
    return [finding("PX-N002", code, file=str(path)) for code in offices if not contacts.of(code).addresses]


def write_contacts(path: str | Path, offices: Mapping[str, str], known: Contacts | None = None) -> Path | None:
    """Write the sheet to fill: every row that was typed before, as it was typed, then the offices (code → title) that it hadn't.

    The sheet that was there is kept as a numbered copy, whose path is returned: formats and other tabs of people's are in it.
    """
    from perfxl.views.place import Book, place
    from perfxl.views.tab import Column, Tab, Table, Tone
    from perfxl.writers import write_book

    known = known or Contacts()
    blanks = ("",) * (len(COLUMNS) - 2 + len(known.own))
    rows = [(code, title or offices.get(code, ""), *rest) for code, title, *rest in known.rows]
    rows += [(code, title, *blanks) for code, title in offices.items() if code.casefold() not in known.by_code]
    headings = (*COLUMNS, *known.own)
    columns = tuple(
        Column(
            f"c{number}", heading, width, lambda row, number=number: row[number], tone=Tone.INPUT if number else None,  # type: ignore[misc]
            wrap=number == 1,
        )
        for number, (heading, width) in enumerate(zip(headings, (*WIDTHS, *(OWN_WIDTH for _ in known.own)), strict=True))
    )  # fmt: skip
    tab = Tab(
        "Uffici", "Uffici, responsabili, indirizzi", "Un indirizzo per ufficio; più indirizzi separati da punto e virgola.",
        (Table("uffici", columns, rows, top=3, heading_height=20),), colour="1F3864", freeze_columns=1,
    )  # fmt: skip
    return write_book(Book(place([tab]), decimals=2, footer="Uffici", properties={"title": OFFICES}), path)
