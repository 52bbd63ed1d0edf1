"""(a) The whole job on 480 distinct workbooks against merely reading them, its growth, and (c) its memory."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path
from statistics import median

from benchmarks.dashboards import expected, make
from benchmarks.processes import Run, Runs, run, take_turns
from benchmarks.table import Measure, at_most

COPIES = (1, 4, 10, 40)
SHARE_OF_PANDAS = 0.5
MEMORY_MB = 300
GROWTH = 1.5
"""Time a workbook at 480 against 120: more would mean that something grows faster than the workbooks."""

PART_A = "(a) Consolidamento intero di 480 cartelle (leggere, valutare, aggregare, scrivere)"
PART_GROWTH = "(a) Crescita: tempo del consolidamento per cartella, senza l'avvio"
PART_C = "(c) Memoria, picco della residente"


def measure(times: int) -> list[Measure]:
    """All of (a) and (c)."""
    with tempfile.TemporaryDirectory(prefix="perfxl-bench-") as root:
        folders = {copies: _made(Path(root), copies) for copies in COPIES}
        full = str(folders[COPIES[-1]])
        found = take_turns({name: [name, full] for name in ("perfxl", "pandas", "lettura", "calamine")}, times)
        for one in found["perfxl"].runs:
            check(one, COPIES[-1])
        growth = {copies: _growth(folder, copies, times) for copies, folder in folders.items()}
    return [*_ratios(found), *_growth_lines(growth), *_memory(found)]


def check(one: Run, copies: int) -> None:
    """The benchmark's own proof that the job was done: figures by independent arithmetic, every sheet counted once."""
    told = one.told
    wanted = expected(copies)
    got = {code: Fraction(told["nodes"][code]) for code in wanted}
    if got != wanted:
        raise SystemExit(f"Cifre diverse da quelle attese: {got}, attese {wanted}")
    facts = {"offices": 8 * copies, "people": 4 * copies, "measured": [21 * copies, 71 * copies]}
    wrong = {key: (told[key], value) for key, value in facts.items() if told[key] != value}
    if wrong:
        raise SystemExit(f"Conteggi diversi da quelli attesi: {wrong}")
    if told["pandas"]:
        raise SystemExit("Il consolidamento ha importato pandas.")


def _made(root: Path, copies: int) -> Path:
    folder = root / f"cartelle-{12 * copies}"
    folder.mkdir()
    make(folder, copies)
    return folder


def _growth(folder: Path, copies: int, times: int) -> Runs:
    runs = [run(["perfxl", str(folder)]) for _ in range(times)]
    for one in runs:
        check(one, copies)
    return Runs(runs)


def _ratios(found: dict[str, Runs]) -> list[Measure]:
    ours, pandas, calamine = found["perfxl"].seconds, found["pandas"].seconds, found["calamine"].seconds
    turns = zip(found["perfxl"].runs, found["pandas"].runs, strict=True)
    share = median(mine.seconds / theirs.seconds for mine, theirs in turns)  # one after the other: a busy minute weighs on both
    told = found["perfxl"].runs[0].told
    files = f"{told['offices']} uffici, {told['people']} PO, {told['rows']} righe, {told['findings']} anomalie"
    return [
        Measure(PART_A, "perfxl, lavoro intero", ours, "s", note=files),
        Measure(PART_A, "  di cui leggere, valutare, aggregare", found["perfxl"].median_of("consolidate_s"), "s"),
        Measure(PART_A, "  di cui scrivere il consolidato", found["perfxl"].median_of("write_s"), "s"),
        Measure(PART_A, "perfxl, sola lettura", found["lettura"].seconds, "s"),
        Measure(PART_A, "pandas.read_excel con openpyxl, sola lettura", pandas, "s"),
        Measure(PART_A, "python-calamine, sola lettura", calamine, "s"),
        at_most(
            PART_A,
            "perfxl intero / pandas sola lettura",
            share,
            "volte",
            SHARE_OF_PANDAS,
            "mediana dei rapporti, turno per turno",
        ),
        Measure(PART_A, "  lo stesso in tempo di processore", _cpu(found, "perfxl") / _cpu(found, "pandas"), "volte"),
        Measure(PART_A, "perfxl sola lettura / pandas sola lettura", found["lettura"].seconds / pandas, "volte"),
        Measure(PART_A, "perfxl intero / calamine sola lettura", ours / calamine, "volte"),
    ]


def _cpu(found: dict[str, Runs], name: str) -> float:
    return found[name].median_of("cpu_s")


def _growth_lines(growth: dict[int, Runs]) -> list[Measure]:
    each = {
        copies: 1000 * (runs.median_of("consolidate_s") + runs.median_of("write_s")) / (12 * copies)
        for copies, runs in growth.items()
    }
    lines = [Measure(PART_GROWTH, f"{12 * copies} cartelle", value, "ms/cart.") for copies, value in each.items()]
    ratio = each[COPIES[-1]] / each[COPIES[-2]]
    return [
        *lines,
        at_most(PART_GROWTH, f"{12 * COPIES[-1]} rispetto a {12 * COPIES[-2]}", ratio, "volte", GROWTH, "1 = lineare"),
    ]


def _memory(found: dict[str, Runs]) -> list[Measure]:
    return [
        at_most(PART_C, "perfxl, lavoro intero, 480 cartelle", found["perfxl"].peak_mb, "MB", MEMORY_MB),
        Measure(PART_C, "pandas.read_excel con openpyxl, sola lettura", found["pandas"].peak_mb, "MB"),
        Measure(PART_C, "python-calamine, sola lettura", found["calamine"].peak_mb, "MB"),
    ]
