"""Codes of objectives, indicators, offices and people, however they were typed: `02.1.1-a`, `OB 1:`, `2E (quota parte)`, `U 5.1`, `P05`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_END = r"(?=$|[\s:;,)–—(\xa0-])"
_CODES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[o0]b\.?\s*(\d{1,2})(?=$|[^\d.])", re.IGNORECASE), lambda m: f"OB{int(m[1])}"),
    (re.compile(r"ente(?=\s*[:.]?\s*$|\s*:)", re.IGNORECASE), lambda _: "ENTE"),
    (
        re.compile(
            rf"([so0]|[so]\s*\.)\s*([1-9]\d?)\s*\.\s*(\d{{1,2}})\s*\.\s*(\d{{1,2}})\s*[-–—‐‑_.]?\s*([a-z])(?:{_END}|(?=\.(?:\s|$)))",
            re.IGNORECASE,
        ),
        lambda m: f"{_letter(m[1])}{int(m[2])}.{int(m[3])}.{int(m[4])}-{m[5].lower()}",
    ),
    (
        re.compile(r"([1-9]\d?)\.(\d{1,2})(?:\.(\d{1,2}))?\s+obiettivo\s+(\d{1,2})(?=$|[^\d.])", re.IGNORECASE),
        lambda m: f"{'.'.join(str(int(part)) for part in m.group(1, 2, 3) if part)}-obiettivo-{int(m[4])}",
    ),
    (
        re.compile(
            r"([1-9]\d?)\s?\.\s?([1-9]\d?)(?:\s?\.\s?([1-9]\d?))?\.?(?!\s*[-–—]\s*[a-z](?:\s|$))(?=$|[\s:;,)(])", re.IGNORECASE
        ),
        lambda m: ".".join(str(int(part)) for part in m.groups() if part),
    ),
    (
        re.compile(rf"([1-9])\s?([a-z])\s?([\do]{{4}}){_END}", re.IGNORECASE),
        lambda m: f"{m[1]}{m[2].upper()}{m[3].upper().replace('O', '0')}",
    ),
    (re.compile(rf"([1-9])([a-z]){_END}", re.IGNORECASE), lambda m: f"{m[1]}{m[2].upper()}"),
)
_LABEL = re.compile(r"(?:progetto|obiettivo strategico|indicatori strategici|obiettivo operativo)\s+(?=\d)", re.IGNORECASE)
_OFFICE = re.compile(r"\bu\s*\.?\s*([\do]{1,2})\s*[.,]\s*(\d{1,2})\b|\b(ente|tutti|frd|isr)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\bp\.?\s*[o0]\.?\s*(\d{1,2})\b|\b(dir_[a-z0-9_]+)\b|\b(sg|segretari[oa]\s+generale)\b",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9_.]{1,11}")
_SEPARATORS = re.compile(r"[,;/+&\n]|\s+-\s+")


def normalise_code(text: str) -> str | None:
    """The code at the start of a cell in its normal form, or None: `02.1.1-a Sito …` is `O2.1.1-a`, `OB 1: …` is `OB1`.

    Source: the codes printed in Massa-Carrara 2019 (Allegato 1, 2, 3) and Lucca 2017; `0` for the letter `O` is as printed.
    """
    return split_code(text)[0]


@lru_cache(maxsize=8192)
def split_code(text: str) -> tuple[str | None, str, str]:
    """A cell's code in normal form, the code as printed, and the text after it: `("OB1", "OB 1", "LA CCIAA …")`."""
    text = _blanks(text)
    label = _LABEL.match(text)
    start = label.end() if label else 0
    for pattern, normal in _CODES:
        if match := pattern.match(text, start):
            printed = match.group().strip().rstrip(".")
            return normal(match), printed, text[match.end() :].lstrip(" .:;-–—").strip()
    return None, "", text


@lru_cache(maxsize=8192)
def normalise_offices(text: str) -> tuple[str, ...]:
    """The offices of an UFFICIO cell, each once and in order: `ENTE TUTTI FRD U5.1`, `U5.1/U5.2`, `u 5.1`."""
    return _listed(text, _OFFICE, lambda m: m[3].upper() if m[3] else f"U{int(m[1].lower().replace('o', '0'))}.{int(m[2])}")


@lru_cache(maxsize=8192)
def normalise_people(text: str) -> tuple[str, ...]:
    """The people of an OB IND cell: `SG P02 P03` is `("SG", "PO2", "PO3")`."""
    return _listed(text, _PERSON, lambda m: f"PO{int(m[1])}" if m[1] else m[2].upper() if m[2] else "SG")


def _listed(text: str, pattern: re.Pattern[str], normal: Callable[[re.Match[str]], str]) -> tuple[str, ...]:
    """Known codes in order, then acronyms of another body; a cell without any is kept as it stands, part by part."""
    text = _blanks(text)
    found = [(match.start(), normal(match)) for match in pattern.finditer(text)]
    rest = pattern.sub(lambda match: " " * len(match.group()), text)
    found += [(match.start(), match.group()) for match in re.finditer(r"[^\s,;/+&]+", rest) if _ACRONYM.fullmatch(match.group())]
    codes = [code for _, code in sorted(found)] or [part.strip().upper() for part in _SEPARATORS.split(text)]
    return tuple(dict.fromkeys(code for code in codes if code and code != "-"))


def _letter(character: str) -> str:
    return "O" if character[0] in "oO0" else "S"


def _blanks(text: str) -> str:
    """One blank between words; upper and lower case kept as typed."""
    return " ".join(text.replace("\u200b", "").replace("\ufeff", "").split())
