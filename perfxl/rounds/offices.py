"""`uffici.xlsx`: offices, responsible persons and addresses, filled by people. Addresses stand here and in what is sent, nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    "address": ("e mail", "email", "posta elettronica", "indirizzo", "indirizzo e mail"),
    "certified": ("pec",),
    "note": ("note", "nota"),
}
COLUMNS = ("Ufficio", "Denominazione", "Responsabile", "E-mail", "PEC", "Note")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to for an office. Several addresses are separated by `;` in the sheet."""

    office: str
    title: str = ""
    person: str = ""
    addresses: tuple[str, ...] = ()
    certified: str = ""
    note: str = ""


def well_formed(address: str) -> bool:
    """Whether a text is an e-mail address: one, with a domain, with nothing that could open a second header line."""
    return len(address) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(address) is not None and ".." not in address


def read_contacts(path: str | Path) -> tuple[dict[str, Contact], list[Finding]]:
    """The contacts by office, and what is wrong with the file: malformed addresses, an office twice.

    A missing address isn't said here: it matters only to the offices of the round.
    """
    grids, findings = read_grids(path)
    for grid in grids:
        for row in sorted(grid.rows)[:20]:
            columns = _columns(grid, row)
            if {"office", "address"} <= columns.keys():
                return _contacts(grid, row, columns, findings)
    if not findings:
        findings.append(finding("PX-N001", "mancano le colonne Ufficio ed E-mail", file=str(path)))
    return {}, findings


def _columns(grid: Grid, row: int) -> dict[str, int]:
    words = {word: key for key, several in HEADINGS.items() for word in several}
    return {words[folded(text)]: at for at, text in reversed(grid.texts(row).items()) if folded(text) in words}


def _contacts(
    grid: Grid, header: int, columns: Mapping[str, int], findings: list[Finding]
) -> tuple[dict[str, Contact], list[Finding]]:
    found: dict[str, Contact] = {}
    for row in sorted(number for number in grid.rows if number > header):
        text = {key: grid.text(row, at) for key, at in columns.items()}
        office = text["office"]
        if not office:
            continue
        where = CellRef(grid.file, grid.name, row, columns["address"])
        given = [part.strip() for part in re.split(r"[;,\s]+", text["address"]) if part.strip()]
        findings += [finding("PX-N003", f"{office}: «{each[:80]}»", where) for each in given if not well_formed(each)]
        if office in found:
            findings.append(finding("PX-N004", office, where))
            continue
        found[office] = Contact(
            office, text.get("title", ""), text.get("person", ""), tuple(each for each in given if well_formed(each)),
            text.get("certified", ""), text.get("note", ""),
        )  # fmt: skip
    return found, findings


def lacking(offices: Iterable[str], contacts: Mapping[str, Contact], path: str | Path) -> list[Finding]:
    """The offices of the round without an address: told before anything is sent."""
    return [
        finding("PX-N002", office, file=str(path)) for office in offices if not contacts.get(office, Contact(office)).addresses
    ]


def write_contacts(path: str | Path, offices: Mapping[str, str], known: Mapping[str, Contact]) -> None:
    """Write the sheet to fill: a row an office (code → title), with what is already known of it."""
    from perfxl.views.place import Book, place
    from perfxl.views.tab import Column, Tab, Table, Tone
    from perfxl.writers import write_book

    rows = [known.get(code, Contact(code, title)) for code, title in offices.items()]
    values = (
        (lambda c: c.office, 14),
        (lambda c: c.title or offices.get(c.office, ""), 50),
        (lambda c: c.person, 30),
        (lambda c: "; ".join(c.addresses), 40),
        (lambda c: c.certified, 34),
        (lambda c: c.note, 40),
    )
    columns = tuple(
        Column(f"c{number}", heading, width, value, tone=Tone.INPUT if number else None)
        for number, (heading, (value, width)) in enumerate(zip(COLUMNS, values, strict=True))
    )
    tab = Tab(
        "Uffici", "Uffici, responsabili, indirizzi", "Un indirizzo per ufficio; più indirizzi separati da punto e virgola.",
        (Table("uffici", columns, rows, top=3, heading_height=20),), colour="1F3864", freeze_columns=1,
    )  # fmt: skip
    write_book(Book(place([tab]), decimals=2, footer="Uffici", properties={"title": OFFICES}), path)
