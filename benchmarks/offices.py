"""A round of many offices: the plan and the dashboards of Massa-Carrara 2019 again and again, each copy of other offices.

Each office answers with its own sheet, filled, in a message of its own (.eml). Generating isn't in the measured time.
"""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from benchmarks.dashboards import SOURCE, copied
from perfxl.model import RowLevel
from perfxl.readers import read_workbook
from perfxl.rounds import Round
from perfxl.rounds.opening import Opening, open_round

PLAN = Path(__file__).parents[1] / "workbooks" / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx"
COPIES = {100: 13, 400: 50}
"""By replies. Objectives have numbers of two digits, so that the fiftieth copy has six offices; with two twins that makes 400."""
TWINS = (("U2.1", "U6.1"), ("U4.1", "U7.1"))
DEADLINE = date(2019, 5, 15)
SENT = datetime(2019, 5, 2, 9, 0, tzinfo=timezone(timedelta(hours=2)))
XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def open_large(folder: Path, copies: int) -> Round:
    """A round of some 8 × `copies` offices in `folder`/giro, opened."""
    plans, dashboards = folder / "piano", folder / "cruscotti"
    for each in (plans, dashboards):
        each.mkdir(parents=True)
    for k in range(copies):
        # What is everybody's in the first copy is one office's in the others: an office has as many rows in a large body as in a small
        everybody = f"U1.{1 + 2 * k}" if k else "TUTTI"
        for source in sorted(SOURCE.glob("*.xlsx")):
            copied(source, dashboards, k, everybody=everybody)
        copied(PLAN, plans, k, everybody=everybody).rename(plans / f"Piano_2019_Allegato1_{k:02}.xlsx")
    for old, new in TWINS:
        _twin(next(SOURCE.glob(f"{old}_*.xlsx")), dashboards, old, new)
    done = open_round(
        folder / "giro", Opening(plan=(str(plans),), dashboards=(str(dashboards),), period="1° quadrimestre", deadline=DEADLINE)
    )
    return done.state


def _twin(source: Path, folder: Path, old: str, new: str) -> None:
    """The dashboard of an office that shares every indicator with another."""
    with (
        zipfile.ZipFile(source) as sent,
        zipfile.ZipFile(folder / source.name.replace(old, new), "w", zipfile.ZIP_DEFLATED) as twin,
    ):
        for part in sent.namelist():
            data = sent.read(part)
            twin.writestr(part, data.replace(old.encode(), new.encode()) if part == "xl/sharedStrings.xml" else data)


def answer_all(folder: Path, state: Round, limit: int = 0) -> int:
    """A message of each office (of the first `limit`) in `folder`/posta; how many there are."""
    post = folder / "posta"
    post.mkdir()
    offices = list(state.offices.values())[: limit or None]
    for number, office in enumerate(offices):
        message = EmailMessage(policy=SMTP)
        sender = f"ufficio{number}@uffici.example"
        message["From"], message["To"], message["Subject"] = sender, "controllo@ente.example", f"Monitoraggio {office.code}"
        message["Date"] = SENT + timedelta(minutes=number)
        message["Message-ID"] = f"<{number}@uffici.example>"
        message.set_content("Buongiorno,\nin allegato la scheda.\n")
        sheet = folder / "giro" / office.file
        message.add_attachment(filled(sheet), maintype="application", subtype=XLSX, filename=sheet.name)
        (post / f"{number:04}.eml").write_bytes(message.as_bytes())
    return len(offices)


def filled(path: Path) -> bytes:
    """The sheet with N.C. and a note beside each indicator: typed into the XML, as openpyxl would take a minute for 400."""
    rows = [row.ref.row for sheet in read_workbook(path).sheets for row in sheet.rows if row.level is RowLevel.INDICATOR]
    out = path.parent / "filled.tmp"
    with zipfile.ZipFile(path) as sent, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as reply:
        for part in sent.namelist():
            data = sent.read(part)
            if part == "xl/worksheets/sheet2.xml":
                for row in rows:
                    data = _typed(_typed(data, f"C{row}", "N.C."), f"J{row}", "Rilevazione annuale.")
            reply.writestr(part, data)
    answer = out.read_bytes()
    out.unlink()
    return answer


def _typed(sheet: bytes, cell: str, text: str) -> bytes:
    changed, count = re.subn(
        rf'<c r="{cell}"( s="\d+")/>'.encode(), rf'<c r="{cell}"\1 t="inlineStr"><is><t>{text}</t></is></c>'.encode(), sheet
    )
    if count != 1:
        raise ValueError(f"{cell}: {count} celle vuote, attesa 1")
    return changed
