"""A kill at any moment of `raccogli` and of `chiudi` leaves a round that `stato` reads and that a second run completes.

Two hundred processes are ended by SIGKILL at random moments. What the second run leaves is compared with what an undisturbed run
leaves, event by event: no reply lost, none doubled.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from perfxl.rounds import Journal
from perfxl.rounds.events import Closed
from perfxl.rounds.folder import digest
from perfxl.rounds.opening import Opening, open_round
from rounds import clerks, mailroom
from rounds.replies import changed, day, letter, reply, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="SIGKILL")]

KILLS = 100
"""Of each command, all of them real."""
TRIES = 160
WORKERS = 2
SEED = 20190515


class Ended(NamedTuple):
    """How a command ended: by which signal or with which exit code, what it said, how long it lasted."""

    signal: int
    code: int
    said: str
    seconds: float


class Victims:
    """The process from which the victims are forked."""

    def __init__(self, warming: list[list[str]]) -> None:
        tests = Path(__file__).parents[1]
        environment = os.environ | {"PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("victim.py"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert self._say(json.dumps(warming)) == "pronto"

    def run(self, arguments: list[str], kill_after: float | None = None) -> Ended:
        """Run a command, killed after so many seconds, or left alone."""
        started = time.perf_counter()
        child = int(self._say(json.dumps(arguments)))
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)  # ours: it is a zombie at worst until the next line
        status, said = json.loads(self._say("take"))
        seconds = time.perf_counter() - started
        if os.WIFSIGNALED(status):
            return Ended(os.WTERMSIG(status), -1, said, seconds)
        return Ended(0, os.WEXITSTATUS(status), said, seconds)

    def close(self) -> None:
        """No more victims."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait(timeout=30)

    def _say(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round of Massa-Carrara's first objective alone (OB 1): five offices, a dozen indicators. The work is small, and all of it real."""
    folder = tmp_path_factory.mktemp("giro")
    (whole,) = mailroom.PLAN.glob("Piano*.xlsx")
    plan = folder / "Piano_OB1.xlsx"
    plan.write_bytes(changed(whole.read_bytes(), lambda book: book.active.delete_rows(27, 200)))
    open_round(
        folder / "modello",
        Opening(plan=(str(plan),), dashboards=(str(mailroom.DASHBOARDS),), period=mailroom.PERIOD, deadline=mailroom.DEADLINE),
    )
    return folder / "modello"


@pytest.fixture(scope="module")
def post(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten files: replies of four offices in several wrappings, two versions of one, one sheet twice, two things that are no sheet."""
    folder = tmp_path_factory.mktemp("posta")
    offices = mailroom.state_of(template).offices
    first = {office: f"C{min(clerks.rows_of(template / offices[office].file).values())}" for office in offices}
    good = {office: reply(template, office) for office in ("U1.1", "U4.1", "ISR", "U5.1/U5.2")}
    other, wrong = reply(template, "U1.1", {first["U1.1"]: 9}), reply(template, "U4.1", {first["U4.1"]: "quasi"})
    files = {
        "01.eml": letter(good["U1.1"], day(2)), "02.eml": letter(other, day(3)), "03.xlsx": good["ISR"], "04.zip": zipped(good["ISR"]),
        "05.eml": letter(wrong, day(4)), "06.eml": letter(good["U4.1"], day(5)), "07.txt": b"buongiorno", "08.xlsx": b"",
        "09.zip": zipped(letter(good["U5.1/U5.2"], day(6)), "m.eml"), "10.eml": letter(good["U5.1/U5.2"], day(7)),
    }  # fmt: skip
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        os.utime(path, (day(20).timestamp(),) * 2)
    return folder


@pytest.fixture(scope="module")
def victims(template: Path, post: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Victims]]:
    """As many as work at once."""
    found = []
    for _ in range(WORKERS):
        giro = str(mailroom.copied(template, tmp_path_factory.mktemp("prova") / "giro"))
        found.append(
            Victims([["giro", "raccogli", giro, str(post)], ["giro", "stato", giro], ["giro", "chiudi", giro, "--comunque"]])
        )
    yield found
    for each in found:
        each.close()


def events(giro: Path) -> Counter[str]:
    """What was told, moments left aside."""
    return Counter(
        json.dumps({"kind": event.kind, **{key: value for key, value in asdict(event).items() if key != "at"}}, sort_keys=True)
        for event in Journal(giro).events()
    )


def kept(giro: Path) -> dict[str, str]:
    """The files of the replies and their hashes; what a killed run left half written isn't one of them."""
    folders = [giro / name for name in ("ricevuti", "buste", "schede/v1", "piano/v1")]
    files = [file for folder in folders if folder.is_dir() for file in folder.iterdir() if not file.name.startswith(".perfxl-")]
    return {file.relative_to(giro).as_posix(): digest(file.read_bytes()) for file in files}


@contextmanager
def copy_of(giro: Path, number: int) -> Iterator[Path]:
    folder = giro.parent / f"{number:03}"
    shutil.copytree(giro, folder)
    yield folder
    shutil.rmtree(folder)


def kill_everywhere(victims: list[Victims], giro: Path, arguments: list[str], then: Callable[[Path, Victims], None]) -> None:
    """Kill the command at `KILLS` random moments of its time, each on a copy of the round, and see what comes `then`."""

    def filled(folder: Path) -> list[str]:
        return [part.format(giro=folder) for part in arguments]

    times = []
    for number in range(3):
        with copy_of(giro, 900 + number) as folder:
            done = victims[0].run(filled(folder))
            assert done.code in {0, 1}, done.said
            times.append(done.seconds)
    chance, lock = random.Random(SEED), threading.Lock()
    tried = killed = 0
    longest = min(times)

    def work(mine: Victims) -> None:
        nonlocal tried, killed, longest
        while True:
            with lock:
                if killed >= KILLS or tried >= TRIES:
                    return
                number, tried = tried, tried + 1
                moment = chance.uniform(0, longest)
            with copy_of(giro, number) as folder:
                ended = mine.run(filled(folder), moment)
                then(folder, mine)
            with lock:
                killed += ended.signal == signal.SIGKILL
                if ended.signal != signal.SIGKILL:  # it had ended by then: the machine is quicker than when it was measured
                    longest = min(longest, moment)

    with ThreadPoolExecutor(len(victims)) as pool:
        for result in [pool.submit(work, each) for each in victims]:
            result.result()
    assert killed >= KILLS, f"{killed} su {tried}"


def test_a_collection_killed_at_any_moment_is_completed_by_a_second_one(victims, template, post, tmp_path):
    giro = mailroom.copied(template, tmp_path / "giro")
    arguments = ["giro", "raccogli", "{giro}", str(post), "--chi", "prova"]
    with copy_of(giro, 999) as folder:
        assert victims[0].run(["giro", "raccogli", str(folder), str(post), "--chi", "prova"]).code == 1
        reference, files = events(folder), kept(folder)
    assert len(files) > 12
    progress = set()

    def then(folder: Path, mine: Victims) -> None:
        so_far = events(folder)
        progress.add(so_far.total())
        assert so_far <= reference
        told = mine.run(["giro", "stato", str(folder)])
        assert (told.code, "5 uffici" in told.said) == (0, True), told.said
        assert mine.run(["giro", "raccogli", str(folder), str(post), "--chi", "prova"]).code in {0, 1}
        assert events(folder) == reference
        assert kept(folder) == files

    kill_everywhere(victims, giro, arguments, then)
    assert len(progress) >= 2, f"colpiti sempre nello stesso punto: {progress}"


def test_a_closing_killed_at_any_moment_is_completed_by_a_second_one(victims, template, post, tmp_path):
    giro = mailroom.copied(template, tmp_path / "giro")
    assert victims[0].run(["giro", "raccogli", str(giro), str(post), "--chi", "prova"]).code == 1
    arguments = ["giro", "chiudi", "{giro}", "--comunque", "--chi", "prova"]
    before, files = events(giro), kept(giro)
    with copy_of(giro, 999) as folder:
        assert victims[0].run(["giro", "chiudi", str(folder), "--comunque", "--chi", "prova"]).code in {0, 1}
        reference = events(folder)
    assert (reference - before).total() == 1
    ends: Counter[bool] = Counter()

    def then(folder: Path, mine: Victims) -> None:
        closed = mailroom.state_of(folder).closed
        ends[closed] += 1
        told = mine.run(["giro", "stato", str(folder)])
        assert (told.code, "GIRO CHIUSO" in told.said) == (0, closed), told.said
        second = mine.run(["giro", "chiudi", str(folder), "--comunque", "--chi", "prova"])
        assert (second.code == 2, "già chiuso" in second.said) == (closed, closed), second.said
        assert events(folder) == reference
        assert kept(folder) == files
        (event,) = [each for each in Journal(folder).events() if isinstance(each, Closed)]
        with zipfile.ZipFile(folder / event.workbook) as workbook:
            assert workbook.testzip() is None

    kill_everywhere(victims, giro, arguments, then)
    assert ends[False] >= KILLS / 2


def test_the_kill_is_real(victims, template, tmp_path):
    """A command that is left alone isn't killed; one that is, ends by the signal."""
    giro = mailroom.copied(template, tmp_path / "giro")
    alone = victims[0].run(["giro", "stato", str(giro)])
    assert (alone.signal, alone.code) == (0, 0)
    assert victims[0].run(["giro", "stato", str(giro)], 0.001).signal == signal.SIGKILL
