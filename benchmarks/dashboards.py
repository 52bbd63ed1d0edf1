"""Distinct workbooks in any number: the twelve dashboards of Massa-Carrara 2019, again and again, each copy of other offices.

Only texts and one result change (`sharedStrings.xml`, one cell), so a copy weighs and looks like the original: same styles,
validations, comments, charts. Copy k has its own strategic objectives (1.2 → 1.4 → 1.6 …) under the same three areas, its own
offices (U1.1 → U1.3 …) and POs (PO2 → PO6 …). What is one alone in a body (ENTE, ISR) becomes one more office of the copy.
"""

from __future__ import annotations

import re
import zipfile
from fractions import Fraction
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "workbooks" / "massacarrara-2019"
NEWSLETTERS = "U1.1_monitoraggio_2019.xlsx"
_TEXT = re.compile(r"(<t(?: [^>]*)?>)([^<]*)(</t>)")
_CODE = re.compile(r"([SO0]?)(\d)\.(\d)(?=[.\s])")
_OFFICE = re.compile(r"\bU ?(\d)\.(\d)\b")
_PO = re.compile(r"\bP[O0](\d)\b")
_ALONE = re.compile(r"\b(ENTE|ISR)\b")
_OFFICES_ONLY = re.compile(r"(?:(?:ENTE|TUTTI|FRD|ISR|U ?\d\.\d)[ ,/]*)+")


def make(folder: Path, copies: int) -> list[Path]:
    """Write 12 × `copies` workbooks into `folder`. Copy 0 is the originals."""
    sources = sorted(SOURCE.glob("*.xlsx"))
    return [copied(source, folder, k) for k in range(copies) for source in sources]


def newsletters(k: int) -> int:
    """Result of 1.2.4-a in copy k (target: 12): the figure that tells one copy from another."""
    return (3 + k) % 13


def expected(copies: int) -> dict[str, Fraction]:
    """Figures of the body, by arithmetic from what the twelve sheets print (golden tables) and nothing of ours.

    1.1 is 0 and 2.1 is 73 in every copy. 1.2 is 60 % of its own indicators (0) and 40 % of the mean of its measured
    operational objectives, the museum (100) and the newsletters. Areas and body are plain means.
    """
    own = [Fraction(2, 5) * (100 + Fraction(100 * newsletters(k), 12)) / 2 for k in range(copies)]
    first = sum(own, Fraction(0)) / (2 * copies)
    return {"OB1": first, "OB2": Fraction(73), "ENTE": (first + 73) / 2}


def copied(source: Path, folder: Path, k: int, *, everybody: str = "TUTTI") -> Path:
    """Copy k of a workbook of Massa-Carrara 2019; `everybody` is whose the indicators of all offices are."""
    target = folder / f"{_file_name(source, k)}.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/sharedStrings.xml":
                text = _TEXT.sub(lambda m: m[1] + _text(m[2], k) + m[3], data.decode())
                data = text.replace("TUTTI", everybody).encode()
            elif part.filename == "xl/worksheets/sheet1.xml" and source.name == NEWSLETTERS:
                data = _with_newsletters(data, newsletters(k))
            new.writestr(part, data)
    return target


def _file_name(source: Path, k: int) -> str:
    name = _OFFICE.sub(lambda m: _office(m, k), source.stem.replace("_", " "))
    name = _PO.sub(lambda m: _po(m, k), name)
    return _ALONE.sub(lambda m: _alone(m[1], k), name).replace(" ", "_")


def _text(text: str, k: int) -> str:
    if k == 0:
        return text
    if text.startswith("Obiettivi di Ente e trasversali") or text == "ISR":
        return f"Ufficio unico della sede {k} ({_alone('ISR' if text == 'ISR' else 'ENTE', k)})"
    if code := _CODE.match(text):
        return f"{code[1]}{code[2]}.{int(code[3]) + 2 * k}{text[code.end() :]} (sede {k})"
    only_offices = _OFFICES_ONLY.fullmatch(text)
    text = _PO.sub(lambda m: _po(m, k), _OFFICE.sub(lambda m: _office(m, k), text))
    return _ALONE.sub(lambda m: _alone(m[1], k), text) if only_offices else text  # last: `U8.1` is final, no office of copy zero


def _office(match: re.Match[str], k: int) -> str:
    return f"U{match[1]}.{int(match[2]) + 2 * k}" if k else match[0]


def _po(match: re.Match[str], k: int) -> str:
    return f"PO{int(match[1]) + 4 * k}" if k else match[0]


def _alone(name: str, k: int) -> str:
    return name if k == 0 else f"U{8 if name == 'ENTE' else 9}.{k}"


def _with_newsletters(sheet: bytes, number: int) -> bytes:
    """The one cell of the *Risultato* column that holds 3: 01.2.4-a, «n. newsletter inviate >=12»."""
    changed, found = re.subn(rb'(<c r="C\d+" s="\d+"><v>)3(</v>)', rb"\g<1>%d\g<2>" % number, sheet)
    if found != 1:
        raise ValueError(f"{NEWSLETTERS}: {found} celle con il numero di newsletter, attesa 1")
    return changed
