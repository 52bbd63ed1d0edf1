"""Make the pictures of the README and the manual again: the demo's workbook, rendered by LibreOffice in Italian.

Run from the project's root: `python scripts/immagini.py`. Needs LibreOffice and pdftoppm, as the tests do.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from application.libreoffice import LibreOffice  # noqa: E402

import perfxl  # noqa: E402

PAGES = {0: "consolidato", 2: "albero"}


def main() -> None:
    """Consolidate Massa-Carrara 2019 and keep the first pages as pictures."""
    books = ROOT / "workbooks"
    with tempfile.TemporaryDirectory() as folder:
        result = perfxl.consolidate(
            books / "massacarrara-2019", method="massacarrara-2019", plan=books / "massacarrara-2019-piano", as_of=date(2019, 4, 30)
        )
        workbook = result.write(Path(folder) / "consolidato.xlsx")
        pages = LibreOffice(Path(folder)).rendered(workbook, dpi=100)
        for page, name in PAGES.items():
            shutil.copy(pages[page], ROOT / "docs" / "immagini" / f"{name}.png")


if __name__ == "__main__":
    main()
