"""The journal of a round: lines added at the end and never changed, so that a sudden end leaves all that was told before it.

Half a line (the machine went off while it was written) doesn't count, and is cut away at the next writing; a whole event whose line end
is missing (an editor took it) counts. What couldn't be read back isn't written. One run at a time: the lock goes with the process, however it ends.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from perfxl.errors import RoundError
from perfxl.rounds.events import Event, from_line, to_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAME, LOCK = "eventi.jsonl", ".giro.lock"


class Journal:
    """The events of a round's folder."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.path = self.folder / NAME

    @property
    def exists(self) -> bool:
        """Whether the folder holds a round."""
        return self.path.is_file()

    def events(self) -> list[Event]:
        """All the events, in order.

        Raises:
            RoundError: the folder holds no round, or a line isn't an event (somebody edited the file): its number is said.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError as error:
            raise self._no_round() from error
        found = []
        *lines, last = data.split(b"\n")
        if _whole(last):
            lines.append(last)
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                found.append(from_line(line.decode("utf-8")))
            except ValueError as error:
                raise RoundError(f"{self.path}: la riga {number} non è un evento leggibile ({error}).") from error
        return found

    def add(self, *events: Event) -> None:
        """Add events: they are on the disk when this returns."""
        self.add_all(events)

    def add_all(self, events: Iterable[Event]) -> None:
        """Add many events at once: all the lines that reach the disk are whole.

        Raises:
            RoundError: an event that couldn't be read back, which would close the round to every command. None is written.
        """
        text = "".join(_line(event) for event in events).encode()
        if not text:
            return
        with self.path.open("a+b") as file:
            _end_last_line(file)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _no_round(self) -> RoundError:
        return RoundError(
            f"nella cartella «{self.folder}» non c'è nessun giro: aprirlo con «perfxl giro apri».", path=str(self.folder)
        )

    @contextmanager
    def lock(self, *, new: bool = False) -> Iterator[None]:
        """Nobody else writes to the round meanwhile. `new`: the folder may not hold a round yet.

        Raises:
            RoundError: no round there, or another run is at work.
        """
        from filelock import FileLock, Timeout

        if not new and not self.exists:
            raise self._no_round()
        try:
            with FileLock(self.folder / LOCK, timeout=0):
                yield
        except Timeout as error:
            raise RoundError(
                f"un altro comando sta lavorando sul giro «{self.folder}»: attendere che finisca.", path=str(self.folder)
            ) from error


def _line(event: Event) -> str:
    line = to_line(event)
    try:
        from_line(line)
    except ValueError as error:
        raise RoundError(f"un evento «{event.kind}» non si potrebbe rileggere ({error}): non è stato scritto.") from error
    return line + "\n"


def _whole(line: bytes) -> bool:
    """Whether what stands after the last line's end is an event: half of one never is."""
    try:
        from_line(line.decode("utf-8"))
    except ValueError:
        return False
    return True


def _end_last_line(file: BinaryIO) -> None:
    """What follows the last line's end is ended where it is an event, and cut away where it is half of one."""
    size = file.seek(0, os.SEEK_END)
    step, end, tail = 4096, size, b""
    while end > 0:
        start = max(end - step, 0)
        file.seek(start)
        block = file.read(end - start)
        found = block.rfind(b"\n")
        tail = block[found + 1 :] + tail
        if found >= 0:
            end = start + found + 1
            break
        end = start
    if _whole(tail):
        file.seek(0, os.SEEK_END)
        file.write(b"\n")
    elif end < size:
        file.truncate(end)
    file.seek(0, os.SEEK_END)
