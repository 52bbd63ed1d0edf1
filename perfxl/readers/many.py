"""Many workbooks read at once: by this process and, when they are enough to pay for its start, by others beside it.

A reader beside is a process of this same Python that gets paths and gives back `WorkbookRows`. It takes from the end while this
one goes from the beginning, so neither waits for the other. Whatever goes wrong with it (it doesn't start, it dies, it meets a
sheet that only this process can offer to the statements) its files are read here: the result is the same.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path, PurePath
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date
    from types import TracebackType

    from perfxl.model.sheets import WorkbookRows
    from perfxl.readers.layout import Layout
    from perfxl.readers.sheet import Taker

FEW = 120
"""Workbooks under which one process is as quick: starting another takes as long as reading some sixty."""
BATCH = 4
AHEAD = 2  # batches that a reader beside has at hand, so that it never waits for this process
MOST = 3
MAX_MESSAGE = 1 << 30  # bytes; a batch of workbooks gives some tens of thousands

_HERE = str(Path(__file__).parents[2])  # an editable installation is on no path
_SIZE = struct.Struct("<Q")
_START = "import sys; sys.path[:] = {path!r}; from perfxl.readers.many import serve; serve()"


class _How(NamedTuple):
    """How every file is read, here and beside."""

    layouts: tuple[Layout, ...]
    year: int | None
    as_of: date | None

    def read(self, path: str | Path, other: Taker | None) -> WorkbookRows:
        from perfxl.readers.workbook import read_as_of

        return read_as_of(path, self.as_of, layouts=self.layouts, year=self.year, other=other)


class Readers:
    """Reads `files` in the order given. As a context manager: the readers beside start on entry and end with it.

    Between entry and `read` the caller may do what it has to do anyway: the others are starting meanwhile.
    """

    def __init__(
        self, files: Sequence[Path], *, layouts: Sequence[Layout] = (), year: int | None = None, as_of: date | None = None
    ) -> None:
        self._files, self._how = files, _How(tuple(layouts), year, as_of)
        self._batches = deque(range(0, len(files), BATCH))
        self._beside: list[_Beside] = []

    def __enter__(self) -> Self:
        if len(self._files) >= FEW and PurePath(sys.executable or "").stem.casefold().startswith("python"):
            for _ in range(min(_processors() - 1, len(self._files) // FEW, MOST)):
                with suppress(OSError):  # no process can be started: everything is read here
                    self._beside.append(_Beside(self._how))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for one in self._beside:
            one.end()

    def read(self, other: Taker | None = None, progress: Callable[[int, int, str], None] | None = None) -> list[WorkbookRows]:
        """The workbooks. `other` is offered the sheets that aren't an office's; `progress` is called with (done, total, name)."""
        found: dict[int, WorkbookRows] = {}
        for one in self._beside:
            one.feed(self._batches, self._files, asked=other is not None)
        for number in self._taken():
            if progress is not None:
                progress(len(found) + sum(one.done for one in self._beside), len(self._files), self._files[number].name)
            found[number] = self._read(number, other)
        for one in self._beside:
            found |= {number: book for number, book in one.books() if book is not None}
        for number in range(len(self._files)):
            if number not in found:
                found[number] = self._read(number, other)
        if progress is not None:
            progress(len(self._files), len(self._files), "")
        return [found[number] for number in range(len(self._files))]

    def _taken(self) -> Iterator[int]:
        while self._batches:
            with suppress(IndexError):  # the last one was taken beside, this very moment
                first = self._batches.popleft()
                yield from range(first, min(first + BATCH, len(self._files)))

    def _read(self, number: int, other: Taker | None) -> WorkbookRows:
        return self._how.read(self._files[number], other)


class _Beside:
    """A reader in a process of its own, and the thread that hands it batches and keeps its answers (bytes, not yet objects)."""

    def __init__(self, how: _How) -> None:
        self.done = 0
        self._answers: list[tuple[int, bytes]] = []
        self._thread: Thread | None = None
        self._process = subprocess.Popen(  # noqa: S603 - this same Python, our own module
            [sys.executable, "-S", "-c", _START.format(path=[*sys.path, _HERE])],  # -S: the paths are known already
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin, self._process.stdout
        self._how = how

    def feed(self, batches: deque[int], files: Sequence[Path], *, asked: bool) -> None:
        """Begin to hand batches over, from the last."""
        self._thread = Thread(target=self._feed, args=(batches, files, asked), daemon=True)
        self._thread.start()

    def _feed(self, batches: deque[int], files: Sequence[Path], asked: bool) -> None:
        with suppress(OSError, EOFError):  # it ended before its time: what it hasn't answered is read by this process
            _send(self._to, pickle.dumps((self._how, asked)))
            handed: deque[int] = deque()
            while True:
                while batches and len(handed) < AHEAD:
                    with suppress(IndexError):
                        first = batches.pop()
                        handed.append(first)
                        _send(self._to, pickle.dumps([str(path) for path in files[first : first + BATCH]]))
                if not handed:
                    return
                data = _received(self._from)
                self._answers.append((handed.popleft(), data))
                self.done += BATCH

    def books(self) -> list[tuple[int, WorkbookRows | None]]:
        """Number of the file and what was read of it; None where this process has to."""
        if self._thread is not None:
            self._thread.join()
        return [
            (first + place, book)
            for first, data in self._answers
            for place, book in enumerate(pickle.loads(data))  # noqa: S301 - of the process that this one started
        ]

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        if self._thread is not None:
            self._thread.join()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()


def serve() -> None:
    """What the process beside does: read the paths that come, answer, until nothing comes any more."""
    import gc

    gc.disable()  # as in the process that asked: nothing of what is read makes a cycle
    come, give = sys.stdin.buffer, sys.stdout.buffer
    with suppress(EOFError, OSError):
        how, asked = pickle.loads(_received(come))  # noqa: S301 - of the process that started this one
        while True:
            paths = pickle.loads(_received(come))  # noqa: S301 - the same
            _send(give, pickle.dumps([_one(path, how, asked=asked) for path in paths], 5))


def _one(path: str, how: _How, *, asked: bool) -> WorkbookRows | None:
    """None for a file with a sheet that the statements have to be offered, and for one that can't be read as any file is."""
    try:
        return how.read(path, _ask if asked else None)
    except Exception:  # noqa: BLE001 - whatever it is, the process that asked meets it too, and says it
        return None


def _ask(_: Any) -> bool:
    raise LookupError("only the process that asked can tell")


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(_SIZE.pack(len(data)) + data)
    pipe.flush()


def _received(pipe: IO[bytes]) -> bytes:
    """A whole message. EOFError where the other end closed, or says something else."""
    head = pipe.read(_SIZE.size)
    size = _SIZE.unpack(head)[0] if len(head) == _SIZE.size else 0
    data = pipe.read(size) if 0 < size <= MAX_MESSAGE else b""
    if not data or len(data) < size:
        raise EOFError
    return data


def _processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
