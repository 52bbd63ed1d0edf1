"""The VBA wrappers of the PX_ functions, as xlwings' own generator writes them; on any system, in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import redirect_stdout
from functools import lru_cache
from pathlib import Path
from typing import Any

from perfxl.errors import InputError

HOME = Path(__file__).parents[2]
"""Where `udfs.py` stands beside the package: the checkout, or the folder of installed packages."""


@lru_cache(maxsize=8)
def vba_wrappers(module: str = "udfs") -> str:
    """The source of the module `xlwings_udfs` that xlwings imports into a workbook for the functions of `module`.

    Raises:
        InputError: xlwings isn't installed, or the module can't be loaded.
    """
    return str(_imported(module)["source"])


def macro_options(module: str = "udfs") -> list[dict[str, Any]]:
    """What xlwings tells Excel of each function: `Macro`, `Description`, `Category`, `ArgumentDescriptions`."""
    return list(_imported(module)["options"])


@lru_cache(maxsize=8)
def _imported(module: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "perfxl.functions.vba", module]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603 - our own module
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["nessuna spiegazione"])[-1]
        raise InputError(f"xlwings non ha generato il codice VBA di {module}: {why}", path=module)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class _Workbook:
    """A workbook that keeps what xlwings imports into it: itself, its VBA project and its application."""

    Name = "perfxl_master.xlsm"
    Version = "16.0"

    def __init__(self) -> None:
        self.source = ""
        self.options: list[dict[str, Any]] = []
        self.VBProject = self.Application = self
        self.VBComponents = _Components(self)

    def MacroOptions(self, macro: str, **options: Any) -> None:  # noqa: N802 - Excel's name
        self.options.append({"Macro": macro, **options})


class _Components:
    """The modules of its VBA project."""

    def __init__(self, workbook: _Workbook) -> None:
        self._workbook = workbook

    def __call__(self, name: str) -> str:
        return name

    def Remove(self, component: str) -> None:  # noqa: N802
        """Nothing was there before."""

    def Import(self, path: str) -> None:  # noqa: N802
        self._workbook.source = Path(path).read_text(encoding="utf-8")


def _generate(module: str) -> dict[str, Any]:
    """In the child process: what xlwings imports of `module`."""
    from perfxl.functions.stand_in import load_xlwings

    load_xlwings()
    sys.path.insert(0, str(HOME))
    machinery = sys.modules["xlwings.udfs"]
    machinery.__pro__ = False  # type: ignore[attr-defined]
    book = _Workbook()
    machinery.get_udf_module(module, None)
    with redirect_stdout(sys.stderr):  # xlwings says there that it is done
        machinery.import_udfs(module, book)
    return {"source": book.source, "options": book.options}


if __name__ == "__main__":
    answer = _generate(sys.argv[1])
    sys.stdout.write(answer["source"] if "--vba" in sys.argv else "\n" + json.dumps(answer) + "\n")
