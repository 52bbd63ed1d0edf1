"""(h) A round of 400 offices: 400 replies in messages (.eml) collected, compared with what was sent, registered, consolidated."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.offices import COPIES, answer_all, open_large
from benchmarks.processes import Run, run
from benchmarks.table import Measure, at_most

GROWTH = 1.5
MEMORY_MB = 400

PART = "(h) Giro di 400 uffici: 400 risposte .eml raccolte, confrontate, consolidate"


class Both(NamedTuple):
    """A collection and the closing after it, each in a process of its own, as the two commands are."""

    collected: Run
    closed: Run

    @property
    def worked_s(self) -> float:
        """Processor time of both."""
        return float(self.collected.told["worked_s"] + self.closed.told["worked_s"])


def measure(times: int) -> list[Measure]:
    """Seconds of collecting and closing, against the standard library's parsing; growth from 100 to 400; memory."""
    with tempfile.TemporaryDirectory(prefix="perfxl-bench-") as root:
        made = {count: _made(Path(root) / str(count), count) for count in COPIES}
        found: dict[int, list[Both]] = {count: [] for count in COPIES}
        parsed: list[Run] = []
        for _ in range(times):  # in turns
            for count, folder in made.items():
                found[count].append(_done(folder, count))
            parsed.append(run(["messaggi", str(made[max(made)])]))
        opened = run(["openpyxl", str(made[max(made)])]).told["parse_s"]
    few, many = min(found), max(found)
    worked = {count: median(each.worked_s for each in runs) / count for count, runs in found.items()}
    collect = median(each.collected.told["collect_s"] for each in found[many])
    parse = median(each.told["parse_s"] for each in parsed)
    peak = max(each.peak_mb for both in found[many] for each in both)
    return [
        Measure(PART, f"raccogliere e confrontare {many} risposte", collect, "s"),
        Measure(PART, "  fare il registro", median(each.collected.told["register_s"] for each in found[many]), "s"),
        Measure(PART, "chiudere: consolidare e scrivere", median(each.closed.told["close_s"] for each in found[many]), "s"),
        Measure(PART, "email della libreria standard, soli messaggi e allegati", parse, "s"),
        Measure(PART, "  e gli allegati letti con openpyxl", opened, "s"),
        Measure(PART, "raccolta / soli messaggi", collect / parse, "volte"),
        Measure(PART, "raccolta / messaggi e openpyxl", collect / opened, "volte"),
        Measure(PART, f"processore per risposta, tutto, con {few}", worked[few] * 1000, "ms"),
        Measure(PART, f"processore per risposta, tutto, con {many}", worked[many] * 1000, "ms"),
        at_most(PART, f"crescita, {many} rispetto a {few}", worked[many] / worked[few], "volte", GROWTH, "1 = lineare"),
        at_most(PART, "picco di memoria", peak, "MB", MEMORY_MB),
    ]


def _made(folder: Path, replies: int) -> Path:
    """A round of a few more offices, of which so many answer."""
    state = open_large(folder, COPIES[replies])
    if answer_all(folder, state, replies) != replies:
        raise SystemExit(f"Uffici: {len(state.offices)}, meno di {replies}.")
    (folder / "giro").rename(folder / "aperto")
    return folder


def _done(folder: Path, count: int) -> Both:
    """One run, on a copy of the round as it was opened; the work itself is checked before its time is believed."""
    shutil.copytree(folder / "aperto", folder / "giro")
    both = Both(run(["raccogli", str(folder)]), run(["chiudi", str(folder)]))
    shutil.rmtree(folder / "giro")
    if both.collected.told["accepted"] != count or both.closed.told["offices"] < count:
        raise SystemExit(
            f"Risposte accettate {both.collected.told['accepted']}, uffici {both.closed.told['offices']}: attesi {count}."
        )
    return both
