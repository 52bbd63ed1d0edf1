"""Reading a profile: the file, its base, the check against the schema."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from perfxl.errors import MethodError
from perfxl.methods.catalogue import available_methods, shipped_path
from perfxl.methods.messages import explain
from perfxl.methods.schema import Method

BASE = "base"
"""Key of a user's file that names the profile from which it starts."""

_TOML_REASONS = (
    ("overwrite", "chiave o tabella già definita più sopra"),
    ("twice", "chiave o tabella già definita più sopra"),
    ("Unterminated", "virgolette o parentesi non chiuse"),
    ("Unclosed", "virgolette o parentesi non chiuse"),
    ("Illegal character", "carattere non ammesso, o virgolette non chiuse sulla riga"),
    ("after a statement", "c'è qualcosa dopo il valore (i decimali si scrivono con il punto: 12.5)"),
    ("Expected '='", "manca il segno = dopo la chiave"),
    ("Expected ']", "manca la parentesi ] dopo il nome della tabella"),
    ("Invalid value", "valore non valido (i testi vanno tra virgolette)"),
    ("Invalid statement", "riga non valida"),
)


def load(name_or_path: str | Path) -> Method:
    """See `perfxl.methods.load_method`."""
    path = _path_of(name_or_path)
    return _checked(_table(path, ()), path)


def _path_of(name_or_path: str | Path) -> Path:
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.lower().endswith(".toml") or "/" in text or "\\" in text:
        return Path(name_or_path)
    known = shipped_path(text)
    if known is None:
        raise _unknown(text, file=text, key="")
    return known


def _unknown(name: str, *, file: str, key: str) -> MethodError:
    names = tuple(info.name for info in available_methods())
    message = (
        f"Il metodo «{name}» non esiste. Metodi disponibili: {', '.join(names)}; "
        "oppure indicare il percorso di un proprio file .toml."
    )
    return _error(f"{file}: {key}: {message}" if key else message, file=file, key=key, allowed=names)


def _error(message: str, *, file: str, key: str = "", allowed: tuple[str, ...] = ()) -> MethodError:
    return MethodError(message, file=file, key=key, allowed=allowed, errors=(message,))


def _table(path: Path, below: tuple[Path, ...]) -> dict[str, Any]:
    """The table of a file, laid over that of its base; `below` are the files that started from this one."""
    table = _parsed(path)
    if BASE not in table:
        return table
    base = table.pop(BASE)
    base_path = _base_path(base, path)
    if base_path.resolve() in {seen.resolve() for seen in (*below, path)}:
        raise _error(f"{path}: base: «{base}» parte a sua volta da questo file.", file=str(path), key=BASE)
    start = _table(base_path, (*below, path))
    _checked(start, base_path)  # so that an error of the base is told of the base
    return _merged(start, {"name": path.stem, **table})


def _base_path(base: object, path: Path) -> Path:
    names = tuple(info.name for info in available_methods())
    if not isinstance(base, str) or not base.strip():
        message = f"{path}: base: trovato {base!r}; ammessi: {', '.join(names)}, o il percorso di un file .toml."
        raise _error(message, file=str(path), key=BASE, allowed=names)
    known = shipped_path(base)
    if known is not None:
        return known
    if not base.lower().endswith(".toml"):
        raise _unknown(base, file=str(path), key=BASE)
    return path.parent / base


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; anything else (lists too) is replaced."""
    result = dict(base)
    for key, value in over.items():
        below = result.get(key)
        result[key] = _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return result


def _parsed(path: Path) -> dict[str, Any]:
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _error(f"{file}: il file non è in UTF-8: salvarlo come testo UTF-8.", file=file) from error
    except OSError as error:
        reason = "non esiste" if isinstance(error, FileNotFoundError) else "non si può leggere"
        raise _error(f"Il file del metodo {file} {reason}.", file=file) from error
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _error(f"{file}: TOML non valido{_toml_problem(str(error))}.", file=file) from error


def _toml_problem(message: str) -> str:
    place = re.search(r"at line (\d+), column (\d+)", message)
    where = f" alla riga {place[1]}, colonna {place[2]}" if place else " alla fine del file"
    why = next((reason for sign, reason in _TOML_REASONS if sign in message), "sintassi errata")
    return f"{where}: {why}"


def _checked(table: dict[str, Any], path: Path) -> Method:
    try:
        return Method.model_validate(table)
    except ValidationError as error:
        problems = [explain(problem, table) for problem in error.errors(include_url=False)]
    lines = tuple(f"{path}: {problem.text}" for problem in problems)
    first = problems[0]
    raise MethodError("\n".join(lines), file=str(path), key=first.key, allowed=first.allowed, found=first.found, errors=lines)
