"""The tab of the register that lists every finding on every reply, one a row: what the other tabs only count or begin to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfxl.rounds.times import shown
from perfxl.views.tab import Column, Kind, Tab, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.rounds.state import Office, Round, Version

NAME = "Rilievi"


class _Row(NamedTuple):
    office: Office
    version: Version
    problem: dict[str, str]
    wrong: bool


def findings_tab(state: Round) -> Tab:
    """Every finding, cell by cell; what is to be corrected first, version by version as the offices sent them."""
    columns = (
        Column("ufficio", "Ufficio", 12, lambda r: r.office.code),
        Column("quando", "Risposta del", 16, lambda r: shown(r.version.when), Kind.CENTRED),
        Column("che", "Che cosa fare", 15, lambda r: "✗ da correggere" if r.wrong else "– da sapere"),
        Column("foglio", "Foglio", 18, lambda r: r.problem.get("sheet", "")),
        Column("cella", "Cella", 9, lambda r: r.problem.get("cell", ""), Kind.CENTRED),
        Column("titolo", "Rilievo", 32, lambda r: r.problem.get("title", ""), wrap=True),
        Column("trovato", "Trovato", 60, lambda r: r.problem.get("found", ""), wrap=True),
        Column("atteso", "Atteso", 36, lambda r: r.problem.get("expected", ""), wrap=True),
        Column("rimedio", "Rimedio", 48, lambda r: r.problem.get("remedy", ""), wrap=True),
        Column("codice", "Codice", 10, lambda r: r.problem.get("code", ""), Kind.CENTRED),
        Column("nome", "Nome del file", 28, lambda r: r.version.name, wrap=True),
    )
    return Tab(
        NAME, "Che cosa non va in ogni risposta, cella per cella", "Un rigo per rilievo; i codici sono quelli di docs/anomalie.md.",
        (Table("rilievi", columns, list(_rows(state)), top=3, autofilter=True, nothing="Nessun rilievo.", heading_height=24),),
        colour="C55A11", freeze_columns=1,
    )  # fmt: skip


def _rows(state: Round) -> Iterator[_Row]:
    for office in (*state.offices.values(), *state.dropped.values()):
        for version in office.versions:
            yield from (_Row(office, version, each, True) for each in version.to_correct)
            yield from (_Row(office, version, each, False) for each in version.remarks)
