"""(e) The functions of the spreadsheet: 10,000 rows in one call of `PX_REALIZZAZIONE` against 10,000 calls of one cell.

Twice: the core alone, and xlwings' own `CallUDF` around it (converters included; COM itself runs only on Windows, and costs a
dozen round trips for each range argument of each call besides).
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.processes import ROOT
from benchmarks.table import Measure, at_most

PART = "(e) Funzioni del foglio"
ROWS = 10_000
NAME = "PX_REALIZZAZIONE"
LIMIT_S = 1.0


def measure(times: int) -> list[Measure]:
    """Seconds of one range call and of single calls, by the core and through `CallUDF`, and how many times one is of the other."""
    lines: list[Measure] = []
    for where in ("nucleo", "CallUDF"):
        command = [sys.executable, "-m", "benchmarks.udf", where, str(times)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found = json.loads(done.stdout.splitlines()[-1])
        block, single = found["block"], found["single"]
        whole = f"{where}: 10.000 righe, una chiamata"
        lines += [
            at_most(PART, whole, block, "s", LIMIT_S) if where == "nucleo" else Measure(PART, whole, block, "s"),
            Measure(PART, f"{where}: 10.000 chiamate di una cella", single, "s"),
            at_most(PART, f"{where}: una chiamata / 10.000 chiamate", block / single, "volte", 1),
        ]
    return lines


def cells() -> tuple[tuple[tuple[Any, ...], ...], tuple[tuple[Any, ...], ...]]:
    """Results and targets as a sheet has them: percents, counts, dates in words, blanks."""
    results = (0.74, 3.0, "3,8 gg", "giugno", "N.C.", None, 98.0, "74%")
    targets = (">= 80%", "n. 4", "< 5gg", "entro il 30/06/2019", ">= 12", 12.0, "= 100,00 %", ">= 80%")
    size = len(results)
    return tuple((results[i % size],) for i in range(ROWS)), tuple((targets[i % size],) for i in range(ROWS))


def _callable(where: str) -> Callable[..., Any]:
    if where == "nucleo":
        from perfxl.functions.catalogue import FUNCTIONS

        return FUNCTIONS[NAME].call
    from perfxl.functions.stand_in import load_xlwings

    load_xlwings()
    sys.path.insert(0, str(ROOT))
    server = sys.modules["xlwings.com_server"].XLPython()
    return lambda *arguments: server.CallUDF("udfs", NAME, (*arguments, -2147352572, -2147352572))


def _median(action: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _run(where: str, times: int) -> dict[str, float]:
    function, (results, targets) = _callable(where), cells()
    alone = list(zip(results, targets, strict=True))
    function(results[0][0], targets[0][0])  # profile and modules are loaded once, whoever calls
    return {
        "block": _median(lambda: function(results, targets), times),
        "single": _median(lambda: [function(result[0], target[0]) for result, target in alone], times),
    }


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1], int(sys.argv[2]))))
