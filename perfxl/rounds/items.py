"""What is collected: files of folders, the messages of an mbox one by one."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from perfxl.errors import RoundError
from perfxl.findings import Finding, finding
from perfxl.mail.dates import mailbox_moment
from perfxl.mail.parcel import plausible
from perfxl.rounds.events import Fetched
from perfxl.rounds.folder import OWN_FILES, OWN_FOLDERS

MOST_FILES = 100_000
# What programs and systems leave in a folder by themselves; a hidden file of another name may be somebody's reply
_NO_REPLIES = frozenset({"desktop.ini", "thumbs.db", ".ds_store", ".localized", ".directory"})
_OF_PROGRAMS = ("~$", "._", ".~lock.")
# RFC 4155: a message begins with a `From ` line after an empty line; the time in it tells it from a sentence
_FROM = rb"From [^\r\n]*\d\d:\d\d[^\r\n]*\r?\n(?=[!-9;-~]{1,76}[ \t]*:)"
_FIRST = re.compile(rb"[\xef\xbb\xbf \t\r\n]*(?=" + _FROM + rb")")
_NEXT = re.compile(rb"(?:\r?\n\r?\n)(?=" + _FROM + rb")")
# Thunderbird's: the message was deleted, or moved elsewhere, and the mailbox not compacted since
_STATUS = re.compile(rb"^X-Mozilla-Status:[ \t]*([0-9a-f]{4})\b", re.MULTILINE | re.IGNORECASE)
_EXPUNGED = 0x0008
_QUOTED = re.compile(rb"(?m)^>(>*From )")
_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may hold replies: a file or a message.

    `arrived`: when it came, as its mailbox or its file says; `there`: by when it was there for certain, where that is something else
    (programs write what they like on the `From ` lines of an mbox). `read` gives its bytes when its turn comes (OSError where it
    can't). `fetched` is told once all that is in it is told; then `done` is called (a message of a mailbox is moved). `known`: it was
    collected under another number, and isn't read again. `note`: there is nothing to read, only this to be told.
    """

    name: str
    read: Callable[[], bytes]
    size: int
    arrived: datetime
    fetched: Fetched | None = None
    done: Callable[[], None] | None = None
    known: bool = False
    note: Finding | None = None
    there: datetime | None = None


def files_of(paths: Iterable[str | Path], own: str | Path) -> Iterator[Item]:
    """The files of paths and folders in the order of their names, each message of an mbox for itself.

    Lock files, what systems leave in folders and the files of the round in `own` are left out: the replies may lie in a folder of their own there.

    Raises:
        RoundError: a path isn't there, or holds far too many files.
    """
    count = 0
    home = Path(own).resolve()
    for path in map(Path, paths):
        if not path.exists():
            raise RoundError(f"il percorso «{path}» non esiste.", path=str(path))
        for file in _files(path, home):
            count += 1
            if count > MOST_FILES:
                raise RoundError(f"oltre {MOST_FILES} file in «{path}»: indicare una cartella più piccola.", path=str(path))
            yield from _items(file)


def _files(path: Path, home: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    inside = _of_the_round(path, home)  # whoever names such a folder wants it
    for file in sorted(path.rglob("*")):
        left = file.name.startswith(_OF_PROGRAMS) or file.name.casefold() in _NO_REPLIES
        if not left and file.is_file() and (inside or not _of_the_round(file, home)):
            yield file


def _of_the_round(path: Path, home: Path) -> bool:
    """Whether a path is one of the round's own: a file of its own at its top, or anything in one of its folders."""
    whole = path.resolve()
    if home not in whole.parents:
        return False
    first = whole.relative_to(home).parts[0]
    return first in OWN_FOLDERS or (whole.parent == home and not whole.is_dir() and OWN_FILES.fullmatch(first) is not None)


def _items(file: Path) -> Iterator[Item]:
    try:
        state = file.stat()
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        yield Item(file.name, file.read_bytes, 0, datetime.now(UTC))  # reading it again says why
        return
    arrived = _saved(state.st_mtime)
    if _FIRST.match(head):
        yield from _messages(file, arrived)
    else:
        yield Item(file.name, file.read_bytes, state.st_size, arrived)


def _saved(seconds: float) -> datetime:
    """A file's own date; the present where it is of no year that an office has written in (it lies beyond the calendar, even)."""
    try:
        return plausible(datetime.fromtimestamp(seconds, UTC)) or datetime.now(UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _messages(file: Path, arrived: datetime) -> Iterator[Item]:
    """The messages of an mbox, of whatever size, each read when its turn comes. Those that were deleted in it are counted."""
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        first = _FIRST.match(data)
        starts = [first.end() if first else 0, *(found.end() for found in _NEXT.finditer(data))]
        ends = [*starts[1:], len(data)]
        heads = [_head(data[start : min(end, start + _HEAD)]) for start, end in zip(starts, ends, strict=True)]
    for number, (start, end, (came, deleted)) in enumerate(zip(starts, ends, heads, strict=True), start=1):
        if not deleted:
            yield Item(
                f"{file.stem} messaggio {number}.eml", _Message(file, start, end), end - start, came or arrived, there=arrived
            )
    if count := sum(deleted for _, deleted in heads):
        found = finding("PX-M025", f"{count} di {len(heads)}: non sono stati letti", file=file.name)
        yield Item(file.name, bytes, 0, arrived, note=found)


def _head(data: bytes) -> tuple[datetime | None, bool]:
    """When a message was put into the mailbox, and whether it was deleted there."""
    line, _, rest = data.partition(b"\n")
    headers = re.split(rb"\r?\n\r?\n", rest, maxsplit=1)[0]
    status = _STATUS.search(headers)
    return mailbox_moment(line.decode("latin-1").strip()), bool(status and int(status[1], 16) & _EXPUNGED)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message of an mbox: its bytes without the `From ` line, the `>` put before its own taken off again."""

    file: Path
    start: int
    end: int

    def __call__(self) -> bytes:
        with self.file.open("rb") as opened:
            opened.seek(self.start)
            data = opened.read(self.end - self.start)
        return _QUOTED.sub(rb"\1", data[data.index(b"\n") + 1 :]).rstrip(b"\r\n") + b"\n"  # the same wherever it stands
