"""What Excel makes of something put into a cell: as if a person had typed it. Independent of the code under test."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

EPOCH = datetime(1899, 12, 30)
MONTHS = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")
ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")

_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|\.\d+")
_DAY = re.compile(r"(\d{1,2})[/-](\d{1,2})([/-](\d{4}|\d{2}))?")
_MONTH = re.compile(
    rf"(\d{{1,2}})[ -]?({'|'.join(MONTHS)})\w*([ -](\d{{4}}|\d{{2}}))?|({'|'.join(MONTHS)})\w*[ -](\d{{4}}|\d{{2}})",
    re.IGNORECASE,
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


class Error(str):
    """An error value: not the text that shows it."""

    __slots__ = ()


def serial(day: date) -> float:
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return (moment - EPOCH).total_seconds() / 86400


def is_date_format(number_format: str) -> bool:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]', "", number_format)
    return bool(re.search(r"[dyhs]|mm", bare, re.IGNORECASE)) and number_format not in ("General", "@")


def typed(value, number_format: str):
    """(value, formula, new number format) of what is put into a cell under a format."""
    if value is None or value == "":
        return None, None, number_format
    if number_format == "@":
        return _as_text(value), None, "@"
    if isinstance(value, bool):
        return value, None, number_format
    if isinstance(value, (datetime, date)):
        return serial(value), None, number_format if is_date_format(number_format) else "dd/mm/yyyy"
    if isinstance(value, (int, float)):
        return float(value), None, number_format
    if isinstance(value, str):
        return _text(value, number_format)
    raise TypeError(f"COM takes no {type(value).__name__}")


def _as_text(value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y")
    return str(value).removeprefix("'")


def _text(text: str, number_format: str):
    if text.startswith("'"):
        return text[1:], None, number_format
    if text.startswith("=") and len(text) > 1:
        return None, text, number_format
    bare = text.strip()
    if bare in ERRORS:
        return Error(bare), None, number_format
    if bare.upper() in ("VERO", "FALSO", "TRUE", "FALSE"):
        return bare.upper() in ("VERO", "TRUE"), None, number_format
    percent = bare.removesuffix("%").strip()
    if percent != bare and _NUMBER.fullmatch(percent):
        return _number(percent) / 100, None, "0%" if "," not in percent else "0.00%"
    money = bare.removeprefix("€").removesuffix("€").strip()
    if _NUMBER.fullmatch(money):
        return _number(money), None, number_format if money == bare else "#,##0.00 €"
    return _moment(bare, number_format) or (text, None, number_format)


def _number(text: str) -> float:
    return (
        float(text.replace(".", "").replace(",", "."))
        if "," in text or re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+", text)
        else float(text)
    )


def _moment(text: str, number_format: str):
    date_format = number_format if is_date_format(number_format) else "dd/mm/yyyy"
    try:
        if found := _DAY.fullmatch(text):
            return serial(date(_year(found[4]), int(found[2]), int(found[1]))), None, date_format
        if found := _MONTH.fullmatch(text):
            name = (found[2] or found[5])[:3].lower()
            return serial(date(_year(found[4] or found[6]), MONTHS.index(name) + 1, int(found[1] or 1))), None, date_format
        if found := _TIME.fullmatch(text):
            return (int(found[1]) + int(found[2]) / 60) / 24, None, "hh:mm"
    except ValueError:
        return None
    return None


def _year(text: str | None) -> int:
    return 2019 if text is None else int(text) + (2000 if len(text) == 2 else 0)


def shown_value(value, number_format: str):
    """What `Range.Value` gives of a stored value."""
    if isinstance(value, float) and is_date_format(number_format):
        return EPOCH + timedelta(days=value)
    return value
