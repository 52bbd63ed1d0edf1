"""What a file that we write must never carry: macros, links that leave, DDE, remote parts, formulas that somebody typed."""

from __future__ import annotations

import email
import email.policy
import io
import re
import zipfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ACTIVE_PARTS = re.compile(
    r"vbaProject|externalLinks/|activeX|embeddings/|oleObject|connections\.xml|queryTable|customUI|macrosheets|dialogsheets|ctrlProps"
    r"|Basic/|Scripts/|webextension",
    re.IGNORECASE,
)
ACTIVE_TEXT = re.compile(
    rb"ddeLink|ddeService|office:dde|attachedTemplate|Auto_Open|auto_open|office:script\b|oleLink|<!DOCTYPE|<!ENTITY",
    re.IGNORECASE,
)
RELATION = re.compile(rb"<Relationship\b[^>]*>")
FORMULA = re.compile(rb"<f\b[^>]*>(.*?)</f>", re.DOTALL)
DANGEROUS = re.compile(r"HYPERLINK|WEBSERVICE|cmd\s*\||DDE|EXEC|CALL\(|REGISTER|esempio\.invalid|\[\d+\]|\|'", re.IGNORECASE)


def dangers(path: Path) -> list[str]:
    """What is wrong with a file; a workbook or a message."""
    data = path.read_bytes()
    if path.suffix == ".eml":
        return [f"{path.name}: {each}" for each in _letter(data)]
    return [f"{path.name}: {each}" for each in book(data)]


def book(data: bytes) -> list[str]:
    """What is wrong with a workbook."""
    if data[:2] != b"PK":
        return ["non è un .xlsx"]
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if ACTIVE_PARTS.search(name):
                found.append(f"parte {name}")
            content = package.read(name)
            found += [f"{name}: {word.decode()}" for word in set(ACTIVE_TEXT.findall(content))]
            if name.endswith(".rels"):
                found += [f"{name}: {each}" for each in _leaving(content)]
            found += [f"{name}: formula {each}" for each in formulas(content) if DANGEROUS.search(each)]
    return found


def formulas(sheet: bytes) -> list[str]:
    """The formulas of a sheet's XML."""
    return [unescape(each.decode("utf-8", "replace")) for each in FORMULA.findall(sheet)]


def formulas_of(data: bytes) -> list[str]:
    """The formulas of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [each for name in package.namelist() if name.startswith("xl/worksheets/") for each in formulas(package.read(name))]


def _leaving(rels: bytes) -> Iterator[str]:
    """Relationships to anything that isn't in the workbook or beside it in the round's folder."""
    for line in RELATION.findall(rels):
        if b'TargetMode="External"' not in line:
            continue
        target = unescape((re.findall(rb'Target="([^"]*)"', line) or [b""])[0].decode("utf-8", "replace"))
        beside = re.fullmatch(r"(file:///)?(schede|ricevuti|buste|messaggi|piano)/[^:|]*", target) and ".." not in target
        if not beside:
            yield f"collegamento a {target}"


def _letter(data: bytes) -> Iterator[str]:
    message = email.message_from_bytes(data, policy=email.policy.default)
    for name, value in message.items():
        if "\n" in str(value) or "\r" in str(value):
            yield f"intestazione {name} su più righe"
    for part in message.walk():
        kind = part.get_content_type()
        if part.get_filename():
            if not str(part.get_filename()).endswith(".xlsx"):
                yield f"allegato {part.get_filename()!r}"
            yield from book(part.get_payload(decode=True))
        elif not part.is_multipart() and kind != "text/plain":
            yield f"parte {kind}"
