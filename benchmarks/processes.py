"""Contestants run each in a fresh process, taking turns, so that neither a warm cache nor a busy minute favours one."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

# pip leaves compiled bytecode beside what it installs, pandas included; perfxl run from its sources must have it too.
AS_INSTALLED = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: wall time of the whole process (its start and imports included), peak memory, what it printed last."""

    seconds: float
    peak_mb: float
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Runs:
    """Several runs of one contestant."""

    runs: list[Run]

    @property
    def seconds(self) -> float:
        """Median wall time."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The highest peak: a memory limit must hold every time."""
        return max(run.peak_mb for run in self.runs)

    def median_of(self, key: str) -> float:
        """Median of a number that the contestant told."""
        return statistics.median(run.told[key] for run in self.runs)


def run(arguments: list[str]) -> Run:
    """`python -m benchmarks.contestants ARGUMENTS` in a new process."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contestants", *arguments],
        cwd=ROOT,
        env=AS_INSTALLED,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}: codice {done.returncode}\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Run(seconds, told.pop("peak_mb"), told)


def take_turns(contestants: dict[str, list[str]], times: int) -> dict[str, Runs]:
    """Each contestant once, then each again …, `times` times."""
    found: dict[str, list[Run]] = {name: [] for name in contestants}
    for _ in range(times):
        for name, arguments in contestants.items():
            found[name].append(run(arguments))
    return {name: Runs(runs) for name, runs in found.items()}


def wall_times(commands: dict[str, list[str]], times: int) -> dict[str, float]:
    """Median wall time of bare commands, taking turns; the first turn warms the disk's cache and isn't counted."""
    found: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(times + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            if turn:
                found[name].append(time.perf_counter() - started)
    return {name: statistics.median(times) for name, times in found.items()}
