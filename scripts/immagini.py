# ruff: noqa: INP001, S603 - a script, part of no package; it starts Poppler's tools, which are on the path
"""Make the pictures of the README and the manual again: what perfxl writes of Massa-Carrara 2019, rendered by LibreOffice in Italian.

Run from the project's root: `python scripts/immagini.py`. Needs LibreOffice, pdftotext and pdftoppm, as the tests do. The pages are
found by the words of their footer, never by their number.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from datetime import date
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from openpyxl import load_workbook  # noqa: E402

import perfxl  # noqa: E402
from application.libreoffice import LibreOffice  # noqa: E402
from perfxl.cli.giro import register  # noqa: E402
from perfxl.cli.giro_invia import channel_maker  # noqa: E402
from perfxl.forms import make_forms, write_forms  # noqa: E402
from perfxl.methods import load_method  # noqa: E402
from perfxl.rounds.collect import Collecting, collect  # noqa: E402
from perfxl.rounds.offices import Contacts, write_contacts  # noqa: E402
from perfxl.rounds.opening import Opening, open_round  # noqa: E402
from perfxl.rounds.send import Order, dispatch  # noqa: E402
from perfxl.rounds.wording import Kind  # noqa: E402
from rounds import clerks  # noqa: E402
from rounds.replies import day as may  # noqa: E402
from rounds.replies import item, letter  # noqa: E402

METHOD = "massacarrara-2019"
BOOKS = ROOT / "workbooks"
PLAN = BOOKS / "massacarrara-2019-piano"
SHEETS = BOOKS / METHOD
OUT = ROOT / "docs" / "immagini"
RESULT_COLUMN = 3
NAMES = (
    "Anna Bianchi",
    "Bruno Costa",
    "Carla Donati",
    "Dario Esposito",
    "Elena Fabbri",
    "Franco Galli",
    "Gina Leoni",
    "Ivo Marini",
)
"""Of nobody."""


class Picture(NamedTuple):
    """A page: name of the file, words of its footer, dots per inch, the part of its height that is kept from the top."""

    name: str
    footer: str
    dpi: int = 100
    kept: float = 1.0


CONSOLIDATED = (
    Picture("consolidato", "· Sintesi"),
    Picture("albero", "· Albero"),
    Picture("indicatori", "· Indicatori", 110),
    Picture("scostamenti", "· Scostamenti"),
    Picture("anomalie", "· Anomalie"),
)
FORM = (Picture("scheda-ufficio", "Pagina 2 di 2", 150, 0.54),)
REGISTER = (Picture("registro", "· Stato", 110, 0.66), Picture("registro-versioni", "· Versioni", 160, 0.25))
REPLY = (Picture("scheda-compilata", "Pagina 2 di 2", 150, 0.62),)
MASTER = (Picture("cruscotto", "– Cruscotto", kept=0.9),)


def main() -> None:
    """Make the workbooks in a folder of their own and keep the pages."""
    os.environ["TZ"] = "Europe/Rome"
    time.tzset()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = LibreOffice(folder)
        register, reply = made_up_round(folder)
        for workbook, pictures in (
            (consolidated(folder), CONSOLIDATED),
            (filled_form(folder), FORM),
            (master_with_buttons(folder), MASTER),
            (register, REGISTER),
            (reply, REPLY),
        ):
            pdf = office.converted(workbook, "pdf")
            for picture in pictures:
                keep(pdf, picture)


def consolidated(folder: Path) -> Path:
    """The consolidated workbook of the first four months."""
    result = perfxl.consolidate(SHEETS, method=METHOD, plan=PLAN, as_of=date(2019, 4, 30))
    return result.write(folder / "consolidato.xlsx")


def filled_form(folder: Path) -> Path:
    """The sheet of office U1.1 with the results that its published dashboard holds."""
    forms = make_forms(PLAN / "Piano_2019_Allegato1.xlsx", dashboards=[SHEETS], period="1° quadrimestre")
    written, _ = write_forms(forms, folder / "schede", load_method(METHOD))
    path = next(file for file in written if file.name.startswith("U1.1_"))
    # The form loses its conditional formats' extensions in openpyxl's hands: it is made for the picture and goes nowhere.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    published = load_workbook(SHEETS / "U1.1_monitoraggio_2019.xlsx")["Cruscotto"]
    results = {code_of(row[0].value): row[RESULT_COLUMN - 1].value for row in published.iter_rows()}
    book = load_workbook(path)
    for row in book["Cruscotto"].iter_rows():
        cell = row[RESULT_COLUMN - 1]
        result = results.get(code_of(row[0].value))
        if result is not None and not cell.protection.locked:
            cell.value = result
    book.save(path)
    return path


def code_of(text: object) -> str:
    """The first word of a row: forms and dashboards may spell the rest of a title in two ways."""
    return str(text or "").partition(" ")[0]


def master_with_buttons(folder: Path) -> Path:
    """The master workbook in a copy whose buttons are printed too: in the real one they are on the screen only."""
    path = folder / "perfxl_master.xlsm"
    with zipfile.ZipFile(BOOKS / path.name) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            held = source.read(part)
            if part.endswith(".vml"):
                held = held.replace(b"<x:PrintObject>False</x:PrintObject>", b"")
            copy.writestr(part, held)
    return path


def made_up_round(folder: Path) -> tuple[Path, Path]:
    """The register of a round half way, with made-up people, and one of the replies."""
    home = folder / "giro"
    opening = Opening(
        (str(PLAN),), dashboards=(str(SHEETS),), period="1° quadrimestre", deadline=date(2019, 5, 15), by="A. Conti"
    )
    state = open_round(home, opening).state
    people = dict(zip(state.offices, NAMES, strict=True))
    address = {code: f"{''.join(filter(str.isalnum, code)).lower()}@example.org" for code in people}
    rows = tuple((code, state.offices[code].title, who, address[code], "", "") for code, who in people.items())
    (home / "uffici.xlsx").unlink()
    write_contacts(home / "uffici.xlsx", {}, Contacts(rows=rows))
    (home / "giro.toml").write_text(
        '[sender]\nname = "Controllo di gestione"\naddress = "controllo@example.org"\n', encoding="utf-8"
    )
    dispatch(home, Order(Kind.INVITATION, by="A. Conti"), channel_maker(str(home), "bozze"))
    half_way(home, "2019-04-29")
    replies = []
    for number, code in enumerate(("ENTE", "ISR", "U0.1", "U1.1", "U5.1/U5.2", "U4.1")):
        sheet = home / state.offices[code].file
        also = {"K7": "esogena", "L7": "prot. 812/2019"} if code == "U1.1" else {}
        for version, more in enumerate(({}, {"C7": 4}) if code == "U1.1" else ({},)):
            data, day = clerks.filled(sheet, code, also | more), 3 + number + 4 * version
            message = letter(data, may(day), name=sheet.name, sender=address[code], number=f"{number}.{version}")
            replies.append(item(message, f"risposta {number + 1}{'b' * version}.eml", may(day)))
    collect(home, replies, Collecting(by="B. Neri"))
    dispatch(home, Order(Kind.REMINDER, by="A. Conti"), channel_maker(str(home), "bozze"))
    half_way(home, "2019-05-16")
    state = register(home, date(2019, 5, 16))
    current = state.offices["U1.1"].current
    assert current is not None
    return home / "registro.xlsx", home / current.file


def half_way(home: Path, day: str) -> None:
    """The events since the last time told as if it were that day: a picture with the date it was taken would change every time."""
    journal = home / "eventi.jsonl"
    told = re.sub(
        rf'"(at|arrived)": "{date.today():%Y}-[^"]*"', rf'"\1": "{day}T09:30:00+02:00"', journal.read_text(encoding="utf-8")
    )
    journal.write_text(told, encoding="utf-8")


def keep(pdf: Path, picture: Picture) -> None:
    """The first page of `pdf` with the picture's footer, as a PNG among the manual's."""
    page, height = found(pdf, picture.footer), 0
    command = ["pdftoppm", "-png", "-singlefile", "-r", str(picture.dpi), "-f", str(page), "-l", str(page)]
    if picture.kept < 1:
        height = int(page_height(pdf, page) / 72 * picture.dpi * picture.kept)
        command += ["-x", "0", "-y", "0", "-H", str(height)]
    made = pdf.with_name(picture.name)
    subprocess.run([*command, str(pdf), str(made)], check=True)
    shutil.copy(made.with_suffix(".png"), OUT / f"{picture.name}.png")


def found(pdf: Path, footer: str) -> int:
    """The number, from 1, of the first page whose last line holds `footer`."""
    for number, page in enumerate(words_of("pdftotext", "-layout", str(pdf), "-").split("\f"), 1):
        lines = [line for line in page.splitlines() if line.strip()]
        if lines and footer in lines[-1]:
            return number
    raise LookupError(f"{pdf.name}: nessuna pagina con «{footer}» in fondo")


def page_height(pdf: Path, page: int) -> float:
    """In points."""
    words = words_of("pdfinfo", "-f", str(page), "-l", str(page), str(pdf))
    size = next(line for line in words.splitlines() if line.startswith("Page") and " size:" in line)
    return float(size.split("size:")[1].split("x")[1].split()[0])


def words_of(*command: str) -> str:
    """What a tool of Poppler's says."""
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


if __name__ == "__main__":
    main()
