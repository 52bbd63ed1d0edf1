"""A method as cells: one row a key, with the values that the key admits; and from the cells back to the table of a profile.

Both ways are here so that they can't drift apart: `table_of(rows_of(method))` is the method's own table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from perfxl.master.names import GENERAL_SECTION
from perfxl.methods.axes import LateBand
from perfxl.methods.fields import Section
from perfxl.methods.rows import value_meanings
from perfxl.model import Cell, CellKind, italian_number

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

YES, NO, NO_CAP, SEPARATOR = "sì", "no", "nessuno", ";"
NUMBER_LISTS = frozenset({"edges", "values"})
APART = frozenset({"notes", "aliases", "exceptions"})
"""Keys that have a table of their own in the tab *Metodo*."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A row of the tab *Metodo*. `allowed` holds the only values that the cell may have (empty: free); `hint` says what fits."""

    section: str
    key: str
    value: str | int | float
    meaning: str
    allowed: tuple[str, ...]
    hint: str


def rows_of(method: Section) -> Iterator[KeyRow]:
    """Every key of a method but those that have a table of their own, in the order of the schema."""
    for key, field in type(method).model_fields.items():
        value = getattr(method, key)
        if key in APART:
            continue
        if isinstance(value, Section):
            yield from _section(key, value)
        else:
            yield _row(GENERAL_SECTION, key, value, field)


def _section(path: str, section: Section) -> Iterator[KeyRow]:
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if isinstance(value, Section):
            yield from _section(f"{path}.{key}", value)
        else:
            yield _row(path, key, value, field)


def _row(section: str, key: str, value: Any, field: FieldInfo) -> KeyRow:
    allowed, hint = admitted(key, value, field)
    value_shown = "" if key == "year" and value is None else shown(value)
    return KeyRow(section, key, value_shown, field.description or "", allowed, hint)


def admitted(key: str, value: Any, field: FieldInfo) -> tuple[tuple[str, ...], str]:
    """The closed values of a key (empty when it has none), and what may be written, in Italian."""
    meanings = value_meanings(field)
    if meanings:
        return tuple(meanings), "\n".join(f"{name} = {sense}" for name, sense in meanings.items())
    if isinstance(value, bool):
        return (YES, NO), f"{YES} oppure {NO}"
    if key == "late_bands":
        return (), "giorni: percentuale, separati da punto e virgola (5: 90; 10: 50)"
    if isinstance(value, dict):
        return (), "prospetto.colonna: modo decimali, separati da punto e virgola (health.*: truncate 1)"
    if isinstance(value, tuple):
        return (), "numeri separati da punto e virgola" if key in NUMBER_LISTS else "parole separate da punto e virgola"
    if key == "cap":
        return (), f"un numero, o «{NO_CAP}»"
    if key == "year":
        return (), "un anno di quattro cifre"
    return (), "un numero" if isinstance(value, (int, Decimal)) else "un testo"


def shown(value: Any) -> str | int | float:
    """A value as it stands in its cell."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dict):
        return f"{SEPARATOR} ".join(f"{place}: {convention}" for place, convention in value.items())
    if isinstance(value, tuple):
        return f"{SEPARATOR} ".join(_item(item) for item in value)
    return NO_CAP if value is None else str(value)


def _item(item: Any) -> str:
    if isinstance(item, LateBand):
        return f"{item.days}: {italian_number(item.pct)}"
    return italian_number(item) if isinstance(item, Decimal) else str(item)


def _pairs(text: str) -> Any:
    """`health.*: truncate 1; x: half_up` as a table; the text itself where a part has no colon, for the schema to refuse."""
    parts = [part.partition(":") for part in text.split(SEPARATOR) if part.strip()]
    return {place.strip(): said.strip() for place, _, said in parts} if all(colon for _, colon, _ in parts) else text


def toml_value(key: str, cell: Cell, default: Any, field: FieldInfo) -> Any:
    """The content of a cell as a profile's file would have it; what can't be understood stays as typed, for the schema to refuse.

    `default` is a valid value of the same key: its type says what the cell should hold.
    """
    if cell.empty:
        return {} if isinstance(default, dict) else () if isinstance(default, tuple) else None if key == "year" else ""
    if isinstance(default, dict):
        return _pairs(cell.text)
    if isinstance(default, tuple):
        return _list_value(key, cell)
    if isinstance(default, bool):
        return _flag(cell)
    if isinstance(default, str) and not value_meanings(field) and key != "cap":
        return cell.text.strip()
    if isinstance(default, str) and key != "cap":
        return cell.text.strip().lower()
    return _number(cell, whole=isinstance(default, int))


def _flag(cell: Cell) -> Any:
    if cell.kind is CellKind.BOOL:
        return cell.value
    words = {YES: True, "si": True, "si'": True, "vero": True, NO: False, "falso": False}
    return words.get(cell.text.strip().lower(), cell.text.strip())


def _number(cell: Cell, *, whole: bool) -> Any:
    if cell.kind is CellKind.PERCENT:
        number: Any = Decimal(str(cell.value)) * 100  # 60 % typed in a cell means sixty
    elif cell.kind is CellKind.NUMBER:
        number = Decimal(str(cell.value))
    else:
        number = _decimal(cell.text)
    if isinstance(number, Decimal) and number == number.to_integral_value():
        return int(number) if whole else Decimal(int(number))
    return number


def _decimal(text: str) -> Decimal | str:
    """`12,5` or `60 %` typed as text; the text itself when it is no number (`nessuno` among them)."""
    plain = text.strip().removesuffix("%").strip()
    try:
        number = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return text.strip()
    return number if number.is_finite() else text.strip()


def _list_value(key: str, cell: Cell) -> tuple[Any, ...]:
    items = [item.strip() for item in cell.text.split(SEPARATOR) if item.strip()]
    if key == "late_bands":
        return tuple(_late_band(item) for item in items)
    return tuple(_decimal(item) for item in items) if key in NUMBER_LISTS else tuple(items)


def _late_band(item: str) -> Any:
    days, colon, pct = item.partition(":")
    number = _decimal(days)
    whole = int(number) if isinstance(number, Decimal) and number == number.to_integral_value() else number
    return {"days": whole, "pct": _decimal(pct)} if colon else item
