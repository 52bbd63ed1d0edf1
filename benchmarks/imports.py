"""(d) What starting costs: `import perfxl` and `perfxl --help` against an empty Python and against importing pandas."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.processes import ROOT, wall_times
from benchmarks.table import Measure, at_most

PART = "(d) Avvio"
IMPORT_LIMIT_S = 0.3
HEAVY = ("numpy", "pandas", "openpyxl", "xlsxwriter", "python_calamine", "pydantic")


def measure(times: int) -> list[Measure]:
    """Wall times of fresh processes, and the proof of what isn't imported."""
    python = sys.executable
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "import perfxl": [python, "-c", "import perfxl"],
        "perfxl --help": [python, "-m", "perfxl", "--help"],
        "import pandas": [python, "-c", "import pandas"],
    }
    found = {name: 1000 * seconds for name, seconds in wall_times(commands, times).items()}
    lines = [Measure(PART, name, value, "ms") for name, value in found.items()]
    base = found["python -c pass"]
    lines[1] = at_most(
        PART,
        "import perfxl",
        found["import perfxl"],
        "ms",
        1000 * IMPORT_LIMIT_S,
        f"{found['import perfxl'] - base:.0f} ms oltre Python",
    )
    lines[2] = at_most(
        PART,
        "perfxl --help / import pandas",
        found["perfxl --help"] / found["import pandas"],
        "volte",
        1,
        f"{found['perfxl --help']:.0f} ms",
    )
    for name, code in {"import perfxl": "import perfxl", "perfxl --help": _HELP}.items():
        heavy = _imported(code)
        lines.append(at_most(PART, f"librerie pesanti importate da «{name}»", len(heavy), "", 0, ", ".join(heavy)))
    return lines


_HELP = """
import contextlib, io, sys
from perfxl.cli import main
sys.argv = ["perfxl", "--help"]
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""


def _imported(code: str) -> list[str]:
    script = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()
