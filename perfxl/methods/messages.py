"""A profile that isn't valid, said in Italian: key, what was found, what is allowed."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from perfxl.methods.fields import Section
from perfxl.methods.rows import shown, value_meanings
from perfxl.methods.schema import Method
from perfxl.model.record import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

Loc = tuple[int | str, ...]

_ABSENT = object()

_KINDS = {
    "bool_type": ("true", "false"),
    "int_type": ("un numero intero",),
    "int_from_float": ("un numero intero",),
    "finite_number": ("un numero finito",),
    "string_type": ("un testo tra virgolette",),
    "string_too_short": ("un testo non vuoto",),
    "tuple_type": ("un elenco tra parentesi quadre",),
    "dict_type": ("una tabella [sezione]",),
    "model_type": ("una tabella [sezione]",),
    "model_attributes_type": ("una tabella [sezione]",),
}
_BOUNDS = {
    "greater_than_equal": ("ge", "un numero non minore di {}"),
    "less_than_equal": ("le", "un numero non maggiore di {}"),
    "greater_than": ("gt", "un numero maggiore di {}"),
    "less_than": ("lt", "un numero minore di {}"),
}


@record(frozen=True, slots=True)
class Problem:
    """One error of a profile; `key` is dotted, entries of lists count from 1 (`exceptions[2].reason`)."""

    key: str
    found: str
    allowed: tuple[str, ...]
    text: str


def explain(error: ErrorDetails, table: Mapping[str, Any]) -> Problem:
    """An error of pydantic in Italian. `table` is what was checked: it tells the value where pydantic gives its parent."""
    loc, kind = error["loc"], error["type"]
    if kind == "extra_forbidden":
        return _unknown_key(loc, shown_toml(error["input"]))
    if kind == "missing":
        key = dotted(loc)
        meaning = _meaning(loc)
        return Problem(key, "", (meaning,), f"manca la chiave obbligatoria {key}; ammesso: un valore per «{meaning}»")
    if kind == "value_error":
        return _incoherent(loc, str(error["ctx"]["error"]), table)
    return _bad_value(loc, shown_toml(error["input"]), _allowed(loc, kind, error.get("ctx", {})))


def _unknown_key(loc: Loc, found: str) -> Problem:
    key, known = dotted(loc), _keys_at(loc[:-1])
    near = get_close_matches(str(loc[-1]), known, n=1)
    hint = f" (forse «{near[0]}»?)" if near else ""
    where = f"della sezione {dotted(loc[:-1])}" if len(loc) > 1 else "del profilo"
    return Problem(key, found, known, f"chiave sconosciuta {key} = {found}{hint}; chiavi {where}: {', '.join(known)}")


def _incoherent(loc: Loc, rule: str, table: Mapping[str, Any]) -> Problem:
    """A rule of ours: `key|what is allowed`, with a key relative to the section; or just «numero»."""
    tail, bar, allowed = rule.partition("|")
    if not bar:
        return _bad_value(loc, shown_toml(_value_at(loc, table)), _allowed(loc, "number", {}))
    # the rule of a section of bands is written from [scoring]: don't say bands twice
    parts = tuple(int(part) if part.isdigit() else part for part in tail.split("."))
    place = loc[:-1] + parts if loc and loc[-1] == parts[0] else loc + parts
    value = _value_at(place, table)
    return _bad_value(place, "valore predefinito" if value is _ABSENT else shown_toml(value), (allowed,))


def _bad_value(loc: Loc, found: str, allowed: tuple[str, ...]) -> Problem:
    key = dotted(loc)
    label = "valori ammessi" if len(allowed) > 1 else "ammesso"
    return Problem(key, found, allowed, f"{key}: trovato {found}; {label}: {', '.join(allowed)}")


def _allowed(loc: Loc, kind: str, ctx: Mapping[str, Any]) -> tuple[str, ...]:
    if kind in _BOUNDS:
        name, phrase = _BOUNDS[kind]
        return (phrase.format(shown(ctx[name])),)
    if kind in _KINDS:
        return _KINDS[kind]
    field = _field_at(loc)
    if field is not None and value_meanings(field):
        return tuple(value_meanings(field))
    return ('un numero, o "nessuno"',) if loc and loc[-1] == "cap" else ("un numero (decimali con il punto)",)


def dotted(loc: Sequence[int | str]) -> str:
    """`("exceptions", 0, "cap")` as `exceptions[1].cap`; a part that TOML would quote is quoted."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            text += f"[{part + 1}]"
            continue
        plain = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
        text += f".{plain}" if text else plain
    return text


def shown_toml(value: object) -> str:
    """A value as the file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        return "una tabella"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(shown_toml(item) for item in value)}]"
    return "niente" if value is _ABSENT else str(value)


def _value_at(loc: Loc, table: Any) -> Any:
    for part in loc:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return _ABSENT
    return table


def _keys_at(loc: Loc) -> tuple[str, ...]:
    section = _section_at(loc)
    keys = tuple(section.model_fields) if section else ()
    return ("base", *keys) if section is Method else keys


def _meaning(loc: Loc) -> str:
    field = _field_at(loc)
    return (field.description or "") if field else ""


def _field_at(loc: Loc) -> FieldInfo | None:
    section = _section_at(loc[:-1])
    return section.model_fields.get(str(loc[-1])) if section and loc else None


def _section_at(loc: Loc) -> type[Section] | None:
    """The section of the schema that a location speaks of; list indices don't change it."""
    section: type[Section] | None = Method
    for part in loc:
        if isinstance(part, int) or section is None:
            continue
        field = section.model_fields.get(part)
        section = _section_of(field.annotation) if field else None
    return section


def _section_of(annotation: Any) -> type[Section] | None:
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _section_of(inner))), None)
