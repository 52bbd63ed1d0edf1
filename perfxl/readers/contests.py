"""Several columns whose headings could all be one field's: which one is read, why, and what is said of the others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from perfxl.findings import Severity
from perfxl.model.record import record
from perfxl.readers.headings import day_in

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from perfxl.readers.grid import Grid

MEASURES = frozenset({"result", "target", "typed_pct"})
ANOTHER_YEAR = frozenset({"precedente", "precedenti", "scorso"})
"""Words that make a heading one of another year's figures: never the year's, even where it is the only one."""
BESIDE = frozenset({"note", "nota", "fonte", "fonti", "commento", "commenti", "osservazioni", "motivazione", "motivazioni"})
"""Words of a heading that speaks about a figure: read as the figure only where no other heading is."""
LAST = 8
"""Where the column's place stands among what is compared: nothing else tells the two apart."""


class Claim(NamedTuple):
    """A column that could be a field's. `exact`: the heading is the layout's own; `beside`: it speaks about the figure."""

    column: int
    text: str
    year: int | None
    exact: bool
    beside: bool


@record(frozen=True, slots=True)
class Terms:
    """What the claims are weighed by: the year that was asked for, the first year of the targets (0: not known), the date."""

    year: int | None = None
    first_target: int = 0
    as_of: date | None = None


class Double(NamedTuple):
    """A column left for another: the field, the two claims, why, and how much it matters."""

    name: str
    kept: Claim
    left: Claim
    why: str
    severity: Severity


def ranked(name: str, claims: Iterable[Claim], terms: Terms, hidden: Container[int] = ()) -> list[Claim]:
    """The claims of a field, the one to read first. `hidden`: the sheet's hidden columns."""
    return sorted(claims, key=lambda claim: _standing(name, claim, terms, hidden), reverse=True)


def settled(name: str, claims: Sequence[Claim], terms: Terms, grid: Grid, rows: Sequence[int]) -> tuple[Claim, list[Double]]:
    """The column to read among `rows` of the sheet, and the others. An empty measure gives way to a filled one of the same year."""
    hidden = grid.hidden_columns
    first, *others = ranked(name, claims, terms, hidden)
    if name not in MEASURES:
        return first, [_double(name, first, left, terms, hidden) for left in others]
    filled = {claim for claim in claims if any(grid.text(row, claim.column) not in ("", claim.text) for row in rows)}
    kept = first
    if first not in filled:
        alike = (one for one in others if one.year == first.year and (one.column in hidden) <= (first.column in hidden))
        kept = next((one for one in alike if one in filled and not one.beside), first)
    return kept, [
        _double(name, kept, left, terms, hidden, filled) for left in (first, *others) if left is not kept and not left.beside
    ]


def _standing(name: str, claim: Claim, terms: Terms, hidden: Container[int]) -> tuple[Any, ...]:
    """What is compared, in this order. Of a measure the year comes before the words of the heading, of the others after."""
    day = day_in(claim.text) if name in MEASURES else None
    return (
        not claim.beside,
        not is_late(day, claim.year, terms),
        claim.exact or name in MEASURES,
        _year(claim.year, terms)[0] > 0,
        claim.column not in hidden,
        _year(claim.year, terms),
        claim.exact,
        day or (12, 31),  # without a day it is the whole year's
        -claim.column,
    )


def is_late(day: tuple[int, int] | None, year: int | None, terms: Terms) -> bool:
    """Whether a heading's month and day come after the date of reference; without a year it is the one asked for, or that date's."""
    if terms.as_of is None or day is None:
        return False
    return (year or terms.year or terms.as_of.year, *day) > terms.as_of.timetuple()[:3]


def _year(year: int | None, terms: Terms) -> tuple[int, int]:
    """The year asked for, else the latest; a heading without one comes before those of years that aren't wanted."""
    if year is None:
        return 1, 0
    wanted = year == terms.year if terms.year is not None else year >= terms.first_target
    return (2 if wanted else 0), year


def _double(name: str, kept: Claim, left: Claim, terms: Terms, hidden: Container[int], filled: Container[Claim] = ()) -> Double:
    pairs = list(zip(_standing(name, kept, terms, hidden), _standing(name, left, terms, hidden), strict=True))
    place = next(number for number, (one, other) in enumerate(pairs) if one != other)
    if pairs[place][0] < pairs[place][1]:
        return Double(name, kept, left, "perché l'altra è vuota", Severity.WARNING)
    year = f"che è dell'anno {kept.year}" if kept.year is not None else f"perché l'altra è dell'anno {left.year}"
    own = "che ha proprio l'intestazione del modello"
    late = "perché l'altra è oltre la data di riferimento"
    shown = "perché l'altra è nascosta"
    why = ("perché l'altra ne parla soltanto", late, own, year, shown, year, own, "che è la più recente", "la prima da sinistra")[
        place
    ]
    lost = name in MEASURES and kept not in filled and left in filled and left.year in (None, kept.year)
    doubtful = lost or (name in MEASURES and place == LAST)
    return Double(name, kept, left, why + (", ma è vuota" if lost else ""), Severity.ERROR if doubtful else Severity.WARNING)
