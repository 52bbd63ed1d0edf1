"""Layout files: reading, checking, and the ones that perfxl ships."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import LayoutError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from perfxl.readers.layout import Layout


def load_layout(path: str | Path) -> Layout:
    """The layout of a TOML file (`--layout FILE.toml`; format in docs/modelli.md).

    Raises `LayoutError` (attributes `file`, `key`, `allowed`) when the file can't be read or isn't valid.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LayoutError(
            f"{path}: il file non è in UTF-8: salvarlo come testo UTF-8.", file=str(path), key="", allowed=()
        ) from error
    except OSError as error:
        reason = "non esiste" if isinstance(error, FileNotFoundError) else "non si può leggere"
        raise LayoutError(f"Il file del modello {path} {reason}.", file=str(path), key="", allowed=()) from error
    return _checked(text, str(path))


@lru_cache(maxsize=1)
def shipped_layouts() -> tuple[Layout, ...]:
    """The layouts that perfxl knows: dashboards, plan and SG of Massa-Carrara, project sheets and objectives of Lucca …"""
    folder = files("perfxl.readers").joinpath("layouts")
    found = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(_checked(item.read_text(encoding="utf-8"), item.name) for item in found)


def _checked(text: str, file: str) -> Layout:
    from pydantic import ValidationError

    from perfxl.readers.layout import Layout

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"riga {place[1]}, colonna {place[2]}" if place else "fine del file"
        raise LayoutError(f"{file}: TOML non valido ({where}).", file=file, key="", allowed=()) from error
    try:
        return Layout.model_validate(table)
    except ValidationError as error:
        raise _explained(error.errors(include_url=False)[0], file) from error


def _explained(problem: ErrorDetails, file: str) -> LayoutError:
    key, allowed = _dotted(problem["loc"]), _allowed(problem)
    if problem["type"] == "value_error" and "|" in allowed[0]:
        tail, _, only = allowed[0].partition("|")
        key, allowed = f"{key}.{tail}" if key else tail, (only,)
    if problem["type"] == "missing":
        message = f"{file}: manca la chiave obbligatoria «{key}»."
    elif problem["type"] == "extra_forbidden":
        message = f"{file}: chiave sconosciuta «{key}»; ammesse: {', '.join(allowed)}."
    else:
        message = f"{file}: valore non ammesso per «{key}» ({_shown(problem['input'])}); ammesso: {', '.join(allowed)}."
    return LayoutError(message, file=file, key=key, allowed=allowed)


_KINDS = {
    "string_type": "un testo tra virgolette",
    "string_too_short": "un testo non vuoto",
    "bool_type": "true o false",
    "bool_parsing": "true o false",
    "int_type": "un numero intero",
    "int_parsing": "un numero intero",
    "tuple_type": "un elenco tra parentesi quadre",
    "too_short": "un elenco non vuoto",
    "dict_type": "una tabella",
    "model_type": "una tabella",
    "greater_than_equal": "un anno dal 1990 al 2100",
    "less_than_equal": "un anno dal 1990 al 2100",
}


def _allowed(problem: ErrorDetails) -> tuple[str, ...]:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        return (str(context["error"]),)
    if kind in ("enum", "literal_error"):
        return tuple(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    if kind == "extra_forbidden":
        return _keys_at(problem["loc"][:-1])
    return (_KINDS[kind],) if kind in _KINDS else ()


def _keys_at(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """Keys of the section that a location names."""
    from perfxl.readers.layout import Column, Layout, Respondent, RespondentRule, RowRule, Wide

    sections: Mapping[tuple[str, ...], Any] = {
        (): Layout,
        ("columns",): Column,
        ("rows",): RowRule,
        ("respondent",): Respondent,
        ("respondent", "rules"): RespondentRule,
        ("wide",): Wide,
    }
    names = tuple(part for part in loc if isinstance(part, str))
    section = sections.get(names) or sections.get(names[:1], Layout)
    return tuple(section.model_fields)


def _dotted(loc: tuple[int | str, ...]) -> str:
    """`("rows", 0, "level")` as `rows[1].level`."""
    text = ""
    for part in loc:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def _shown(value: object) -> str:
    return f"trovato «{value}»" if isinstance(value, (str, int, float, bool)) else "trovata una tabella o un elenco"
