"""A profile as rows that a person reads: section, key, value, Italian meaning (the *Metodo* tab, `perfxl metodi mostra`)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pydantic.fields import FieldInfo

from perfxl.methods.fields import Section

MethodRow = tuple[str, str, str, str]
"""Section, key, value, Italian meaning."""

GENERAL = "profilo"
"""Section of the keys that stand before the first table of the file."""

DEFAULTED = " (predefinito: il file non lo dice)"


def method_rows(method: Section) -> Iterator[MethodRow]:
    """The rows of a `Method`, in the order of the schema."""
    for key, field in type(method).model_fields.items():
        value = getattr(method, key)
        if isinstance(value, Section):
            yield from _section_rows(key, value, stated=key in method.model_fields_set)
        elif key == "aliases":
            yield from _alias_rows(value, field)
        elif key == "conventions":
            yield from _convention_rows(value, field)
        elif key == "exceptions":
            yield from _exception_rows(value, field)
        else:
            yield _row(GENERAL, key, value, field, stated=key in method.model_fields_set)


def _section_rows(path: str, section: Section, *, stated: bool) -> Iterator[MethodRow]:
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        known = stated and key in section.model_fields_set
        if isinstance(value, Section):
            yield from _section_rows(f"{path}.{key}", value, stated=known)
        else:
            yield _row(path, key, value, field, stated=known)


def _row(section: str, key: str, value: Any, field: FieldInfo, *, stated: bool) -> MethodRow:
    meaning = field.description or ""
    sense = value_meanings(field).get(value) if isinstance(value, str) else None
    meaning = f"{meaning}: {sense}" if sense else meaning
    return section, key, shown(value), meaning if stated else meaning + DEFAULTED


def _alias_rows(aliases: Mapping[str, str], field: FieldInfo) -> Iterator[MethodRow]:
    if not aliases:
        yield "aliases", "–", "nessuno", field.description or ""
    for printed, canonical in aliases.items():
        yield "aliases", printed, canonical, f"il codice {printed} vale come {canonical}"


def _convention_rows(conventions: Mapping[str, str], field: FieldInfo) -> Iterator[MethodRow]:
    if not conventions:
        yield "conventions", "–", "quelle dei prospetti", field.description or ""
    for place, convention in conventions.items():
        yield "conventions", place, convention, "arrotondamento delle cifre stampate del prospetto"


def _exception_rows(exceptions: tuple[Any, ...], field: FieldInfo) -> Iterator[MethodRow]:
    if not exceptions:
        yield "exceptions", "–", "nessuna", field.description or ""
    for rule in exceptions:
        for key in sorted(rule.model_fields_set - {"code", "reason"}):
            section, name, value, meaning = _row("exceptions", key, getattr(rule, key), type(rule).model_fields[key], stated=True)
            yield section, f"{rule.code}: {name}", value, f"{meaning} — motivo: {rule.reason}"


def value_meanings(field: FieldInfo) -> dict[str, str]:
    """The Italian meaning of each closed value of a key; empty for numbers and texts."""
    extra = field.json_schema_extra
    values = extra.get("values") if isinstance(extra, dict) else None
    return {str(key): str(sense) for key, sense in values.items()} if isinstance(values, dict) else {}


def shown(value: Any) -> str:
    """A value as an Italian office reads it: `sì`, `12,5`, `nessuno`, lists with semicolons."""
    if value is None:
        return "nessuno"
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, (tuple, list)):
        return "; ".join(shown(item) for item in value) or "–"
    if isinstance(value, Section):
        return ", ".join(f"{key} {shown(getattr(value, key))}" for key in type(value).model_fields)
    return str(value)
