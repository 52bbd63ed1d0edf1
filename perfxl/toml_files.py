"""A TOML file read against a schema: whatever is wrong with it is one Italian sentence that names file and key."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from perfxl.errors import DeclarationError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    M = TypeVar("M", bound=BaseModel)


def read_toml(path: str | Path, what: str) -> str:
    """The text of a file. `what` names it in messages: `prospetto`.

    Raises:
        DeclarationError: (attributes `file`, `key`) it isn't there, can't be read, or isn't UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeclarationError(f"{path}: il file non è in UTF-8: salvarlo come testo UTF-8.", file=str(path), key="") from error
    except OSError as error:
        reason = "non esiste" if isinstance(error, FileNotFoundError) else "non si può leggere"
        raise DeclarationError(f"Il file «{path}» ({what}) {reason}.", file=str(path), key="") from error


def checked(text: str, file: str, model: type[M], *, unknown: str = "") -> M:
    """The text as an instance of `model`. Numbers with decimals are exact.

    `unknown` says what to do about an unknown key, in the place of the value that was found: it may be a secret.

    Raises:
        DeclarationError: (attributes `file`, `key`) TOML that isn't valid, unknown or missing key, value not allowed.
    """
    from pydantic import ValidationError

    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"riga {place[1]}, colonna {place[2]}" if place else "fine del file"
        raise DeclarationError(f"{file}: TOML non valido ({where}).", file=file, key="") from error
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise _explained(error.errors(include_url=False)[0], file, unknown) from error


def _explained(problem: ErrorDetails, file: str, unknown: str) -> DeclarationError:
    key = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in problem["loc"])
    shown = _shown(problem["input"])
    match problem["type"]:
        case "missing":
            message = f"{file}: manca la chiave obbligatoria «{key}»."
        case "extra_forbidden":
            message = f"{file}: chiave sconosciuta «{key}»" + (f". {unknown}" if unknown else f" ({shown}).")
        case "value_error":
            said = str(problem.get("ctx", {}).get("error", ""))
            where, bar, allowed = said.partition("|")
            message = f"{file}: «{where if bar else key}»: {shown}; ammesso: {allowed or said}."
        case "literal_error" | "enum":
            expected = str(problem.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
            message = f"{file}: «{key}»: {shown}; ammessi: {expected}."
        case _:
            message = f"{file}: valore non ammesso per «{key}» ({shown})."
    return DeclarationError(message, file=file, key=key)


def _shown(value: Any) -> str:
    simple = isinstance(value, (str, int, float, bool, Decimal))
    return f"trovato «{value}»" if simple else "trovata una tabella o un elenco"
