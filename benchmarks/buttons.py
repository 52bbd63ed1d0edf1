"""(f) *Ricalcola* on the twelve dashboards in one open workbook, end to end, against the same job on the twelve closed files.

Excel is the in-memory one of the tests, so COM itself isn't in the time: what is counted beside it is how many calls Excel would
get, because each costs a round trip there.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.table import Measure

PART = "(f) Pulsanti"


def measure(times: int) -> list[Measure]:
    """Seconds of *Ricalcola*, of the closed-file job, their ratio, and the calls that Excel gets."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.buttons", str(times)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Measure(PART, "Ricalcola, dodici fogli nella cartella aperta", found["open"], "s"),
        Measure(PART, "perfxl.consolidate, i dodici file chiusi", found["closed"], "s"),
        Measure(PART, "Ricalcola / file chiusi", found["open"] / found["closed"], "volte"),
        Measure(PART, "chiamate a Excel per un Ricalcola", found["calls"], ""),
    ]


def _run(times: int) -> dict[str, float]:
    sys.path.insert(0, str(ROOT / "tests"))
    import xlwings as xw

    from live.conftest import merged_sheets
    from live.engine import BookStore, start
    from live.engine.host import Book
    from live.engine.store import save_file
    from perfxl import consolidate, live

    sheets = ROOT / "workbooks" / "massacarrara-2019"
    opened, closed, calls = [], [], 0
    for _ in range(times + 1):
        with tempfile.TemporaryDirectory() as folder:
            app = start()
            store = BookStore(str(Path(folder) / "Monitoraggio 2019.xlsm"), merged_sheets(sheets))
            save_file(store, Path(store.path))
            impl = Book(app.impl.books, store)
            app.impl.books.held.append(impl)
            app.impl.count = 0
            started = time.perf_counter()
            report = live.ricalcola(xw.Book(impl=impl))
            opened.append(time.perf_counter() - started)
            if report.failed:
                raise RuntimeError(report.text)
            calls = app.impl.count
        started = time.perf_counter()
        consolidate(sheets)
        closed.append(time.perf_counter() - started)
    # The first round loads the modules and the profile: both sides pay it once.
    return {"open": statistics.median(opened[1:]), "closed": statistics.median(closed[1:]), "calls": calls}


if __name__ == "__main__":
    print(json.dumps(_run(int(sys.argv[1]))))
