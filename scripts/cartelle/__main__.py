"""Make every workbook again from the golden tables: `python -m scripts.cartelle`, from the project's root."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"
DOCUMENTS = ("lucca", "massacarrara", "tno", "misure", "art15", "modelli")  # a module each, with `write(folder) -> list[Path]`


def main() -> None:
    """Write the workbooks of every document; a document without its module is an error, never skipped."""
    for document in DOCUMENTS:
        for path in import_module(f"scripts.cartelle.{document}").write(WORKBOOKS):
            print(path.relative_to(WORKBOOKS))


if __name__ == "__main__":
    main()
