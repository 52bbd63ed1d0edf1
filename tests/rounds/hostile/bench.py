"""Where the corpus is collected: copies of a round beside things that must stay as they are, and the runner's process."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.rounds import Journal, Round, told
from perfxl.rounds.events import Checked, Noted, Received, Refused

if TYPE_CHECKING:
    from rounds.hostile.cases import Case, Kit

TESTS = Path(__file__).parents[2]
MEMORY_MB, HEAVY_MEMORY_MB = 1500, 2500
"""Of address space: the interpreter with its libraries takes 400 by itself."""
PEAK_MB, HEAVY_PEAK_MB = 450, 1200
"""Of resident memory: the libraries take 150; a file of 200 MB is held more than once."""
SECONDS, HEAVY_SECONDS = 20, 60
"""Of processor time."""


@dataclass
class Outcome:
    """What collecting a case did."""

    case: Case
    answer: dict[str, Any]
    state: Round
    home: Path
    told: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)


class Runner:
    """The process that runs the commands."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        paths = os.pathsep.join((str(TESTS), str(TESTS.parent)))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rounds.hostile.runner"],
            cwd=TESTS, env=os.environ | {"PYTHONPATH": paths, "TZ": "Europe/Rome", "COLUMNS": "200"} | (environment or {}),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def __call__(self, commands: list[list[str]], cwd: Path, *, heavy: bool = False, **limits: int) -> dict[str, Any]:
        """Run commands in a process of their own; `limits` (memory_mb, seconds) in the place of the usual ones."""
        memory, seconds = (HEAVY_MEMORY_MB, HEAVY_SECONDS) if heavy else (MEMORY_MB, SECONDS)
        job = {"arguments": commands, "cwd": str(cwd), "memory_mb": memory, "seconds": seconds} | limits
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(job), file=self._process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """No more jobs."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait(timeout=30)


def tree(folder: Path, leaving_out: Path) -> dict[str, str]:
    """Every file and folder outside `leaving_out`, with its hash."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if leaving_out in (path, *path.parents):
            continue
        if path.is_symlink():
            found[str(path)] = str(path.readlink())
        elif path.is_dir():
            found[str(path)] = "cartella"
        elif path.stat().st_size > 100 * 2**20:
            found[str(path)] = str(path.stat().st_size)
        else:
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class Bench:
    """Copies of one round, each collecting one case (or many)."""

    def __init__(self, template: Path, kit: Kit, scratch: Path) -> None:
        self.template, self.kit, self.scratch = template, kit, scratch
        self.runner = Runner()
        self._count = 0

    def collect(self, *cases: Case, then: list[list[str]] | None = None) -> Outcome:
        """Collect cases laid in a folder beside a copy of the round; `then` are commands to run afterwards."""
        self._count += 1
        place = self.scratch / f"{self._count:03}"
        home, work, post = place / "giro", place / "lavoro", place / "posta"
        shutil.copytree(self.template, home)
        work.mkdir()
        (place / "vicino").mkdir()
        (place / "vicino" / "riservato.txt").write_text("resta com'è")
        for number, case in enumerate(cases):
            case.put(self.kit, post / f"{number:03}")
        before = tree(place, home)
        commands = [["giro", "raccogli", str(home), str(post), "--chi", "prova"], *(then or [])]
        answer = self.runner(
            [[part.format(giro=home) for part in each] for each in commands], work, heavy=any(c.heavy for c in cases)
        )
        after = tree(place, home)
        touched = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        shutil.rmtree(post)
        outcome = Outcome(cases[0], answer, told(Journal(home).events()), home, touched=touched)
        for event in Journal(home).events():
            if isinstance(event, Refused | Noted):
                outcome.told.add(event.problem["code"])
                outcome.words.append(f"{event.problem['code']} {event.problem['found']}")
            elif isinstance(event, Checked):
                outcome.told |= {each["code"] for each in event.problems}
                outcome.words += [f"{each['code']} {each['cell']} {each['found']}" for each in event.problems]
            elif isinstance(event, Received):
                outcome.words.append(f"ricevuta {event.office or 'da attribuire'} {event.name}")
        return outcome
