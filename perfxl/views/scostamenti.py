"""*Scostamenti*: programmed, actual, difference, state; cause and note to be filled, kept from one run to the next.

`scostamento = consuntivo − programmato`, each cause *esogena*, *endogena* or *errore dell'indicatore*: DFP 2/2017.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import CAUSES, STATE_LABEL, figure, target_words

if TYPE_CHECKING:
    from perfxl.model import ScoredRow
    from perfxl.views.context import Context
    from perfxl.views.notes import Note

CAUSE_HEADING, NOTE_HEADING, KEY_HEADING = "Causa", "Nota", "chiave della riga"
CODE_HEADING, TITLE_HEADING, OFFICE_HEADING = "Codice", "Indicatore", "Foglio di"
DUE_HEADING, ACTUAL_HEADING, DIFFERENCE_HEADING = "Programmato", "Consuntivo", "Scostamento"
"""Headings by which a later run finds what was written here."""


def headings() -> tuple[str, ...]:
    """The headings of all the tab's own columns, in their order: any other was added or renamed by a person."""
    return tuple(column.heading for column in (*_what(), *_deviation(), *_to_fill()))


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with its note; without a row it is a note that no row takes any more, kept because a person wrote it."""

    row: ScoredRow | None
    note: Note | None


def scostamenti(context: Context) -> Tab:
    """The tab: what needs an explanation first."""
    notes = context.deviation_notes
    lines = [_Line(row, notes.get(row.uid)) for row in context.deviations]
    lines += [_Line(None, note) for note in context.notes.left if note.cause or note.note]
    table = Table(
        "Scostamenti",
        (*_what(), *_deviation(), *_to_fill()),
        lines,
        top=3,
        autofilter=True,
        nothing="Nessun indicatore misurato.",
        tone=lambda line: Tone.MUTED if line.row is None else Tone.PLAIN,
        heading_height=32,
    )
    return Tab(
        "Scostamenti",
        "Scostamenti",
        "Scostamento = consuntivo − programmato. Causa e nota si scrivono qui: l'esecuzione successiva sullo stesso file le riprende.",
        (table,),
        colour="C00000",
        freeze_columns=2,
    )


def _what() -> tuple[Column, ...]:
    return (
        Column("codice", CODE_HEADING, 14, lambda line: line.row.code if line.row else line.note.code, wrap=True),
        Column("testo", TITLE_HEADING, 44, lambda line: line.row.title if line.row else line.note.title, wrap=True),
        Column("ufficio", OFFICE_HEADING, 9, lambda line: line.row.office if line.row else line.note.office, Kind.CENTRED),
    )


def _deviation() -> tuple[Column, ...]:
    return (
        Column(
            "programmato",
            DUE_HEADING,
            16,
            lambda line: target_words(line.row.target_text, line.row.title) if line.row else None,
            wrap=True,
        ),
        Column("consuntivo", ACTUAL_HEADING, 16, lambda line: line.row.result_text if line.row else None, wrap=True),
        Column("differenza", DIFFERENCE_HEADING, 12, _difference, Kind.NUMBER),
        Column("unita", "Unità", 8, _unit, Kind.CENTRED),
        Column("pct", "% realizz.", 10, lambda line: figure(line.row.pct) if line.row else None, Kind.PERCENT),
        Column(
            "stato", "Stato", 23, lambda line: STATE_LABEL[line.row.state] if line.row else "riga non più presente", Kind.STATE
        ),
        Column("tempi", "Tempi", 16, lambda line: str(line.row.timing) if line.row else None, wrap=True),
    )


def _to_fill() -> tuple[Column, ...]:
    return (
        Column("causa", CAUSE_HEADING, 20, lambda line: line.note.cause if line.note else None, tone=Tone.INPUT, choices=CAUSES),
        Column("nota", NOTE_HEADING, 46, lambda line: line.note.note if line.note else None, tone=Tone.INPUT, wrap=True),
        Column("chiave", KEY_HEADING, 10, lambda line: line.row.uid if line.row else line.note.uid, helper=True),
    )


def _difference(line: _Line) -> float | None:
    return None if line.row is None or line.row.difference is None else float(line.row.difference)


def _unit(line: _Line) -> str | None:
    if line.row is None or line.row.difference is None:
        return None
    return "punti %" if line.row.difference_unit == "%" else line.row.difference_unit
