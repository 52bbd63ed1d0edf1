"""(h) A round of 400 offices: 400 replies in messages (.eml) collected, compared with what was sent, registered, consolidated."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.offices import answer_all, open_large
from benchmarks.processes import Run, run
from benchmarks.table import Measure, at_most

if TYPE_CHECKING:
    from collections.abc import Sequence

COPIES = (14, 57)
"""99 and 400 offices: seven a copy, and the body."""
GROWTH = 1.5
MEMORY_MB = 400

PART = "(h) Giro di 400 uffici: 400 risposte .eml raccolte, confrontate, consolidate"


def measure(times: int) -> list[Measure]:
    """Seconds of collecting, register and closing; against the standard library's parsing; per reply at 99 and 400; memory."""
    with tempfile.TemporaryDirectory(prefix="perfxl-bench-") as root:
        made = {_made(Path(root) / str(copies), copies): Path(root) / str(copies) for copies in COPIES}
        found = {count: [_collected(folder, count) for _ in range(times)] for count, folder in made.items()}
        largest = made[max(made)]
        parsed = [run(["messaggi", str(largest)]) for _ in range(times)]
        opened = [run(["openpyxl", str(largest)])]
    few, many = min(found), max(found)
    total = {count: _median(runs, "collect_s", "register_s", "close_s") for count, runs in found.items()}
    parse, by_hand = _median(parsed, "parse_s"), _median(opened, "parse_s")
    collect = _median(found[many], "collect_s")
    return [
        Measure(PART, f"raccogliere e confrontare {many} risposte", collect, "s"),
        Measure(PART, "  fare il registro", _median(found[many], "register_s"), "s"),
        Measure(PART, "  chiudere e scrivere il consolidato", _median(found[many], "close_s"), "s"),
        Measure(PART, "email della libreria standard, soli messaggi e allegati", parse, "s"),
        Measure(PART, "  e gli allegati letti con openpyxl", by_hand, "s"),
        Measure(PART, "raccolta / soli messaggi", collect / parse, "volte"),
        Measure(PART, "raccolta / messaggi e openpyxl", collect / by_hand, "volte"),
        Measure(PART, f"per risposta, tutto, con {few} uffici", total[few] / few * 1000, "ms"),
        Measure(PART, f"per risposta, tutto, con {many} uffici", total[many] / many * 1000, "ms"),
        at_most(
            PART, f"crescita, {many} rispetto a {few}", total[many] / many / (total[few] / few), "volte", GROWTH, "1 = lineare"
        ),
        at_most(PART, "picco di memoria", max(each.peak_mb for each in found[many]), "MB", MEMORY_MB),
    ]


def _made(folder: Path, copies: int) -> int:
    state = open_large(folder, copies)
    count = answer_all(folder, state)
    (folder / "giro").rename(folder / "aperto")
    return count


def _collected(folder: Path, count: int) -> Run:
    """One run, on a copy of the round as it was opened; the figures of the work itself are checked."""
    shutil.copytree(folder / "aperto", folder / "giro")
    done = run(["giro", str(folder)])
    shutil.rmtree(folder / "giro")
    if done.told["accepted"] != count:
        raise SystemExit(f"Risposte accettate: {done.told['accepted']} su {count}.")
    return done


def _median(runs: Sequence[Run], *keys: str) -> float:
    values = sorted(sum(each.told[key] for key in keys) for each in runs)
    return float(values[len(values) // 2])
