"""Replies on their way: sheets that offices changed, the messages that carry them, and what the comparison says of them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from perfxl.rounds import RoundFolder
from perfxl.rounds.check import Verdict, check
from perfxl.rounds.items import Item
from perfxl.rounds.returned import returned
from perfxl.rounds.verdicts import terms_of
from rounds import clerks, mailroom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def day(number: int, hour: int = 10) -> datetime:
    """A moment of May 2019."""
    return datetime(2019, 5, number, hour, tzinfo=UTC)


def reply(folder: Path, office: str, also: dict[str, Any] | None = None) -> bytes:
    """The sheet that the round prepared for an office, filled by the office; `also` are cells typed afterwards."""
    return clerks.filled(folder / mailroom.state_of(folder).offices[office].file, office, also)


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    """A workbook after something was done to it in openpyxl."""
    book = clerks.opened(data)
    change(book)
    return clerks.saved(book)


def letter(data: bytes, when: datetime, *, name: str = "scheda.xlsx", sender: str = "u@ente.example", number: str = "") -> bytes:
    """A message with a sheet attached."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "controllo@ente.example", "scheda"
    message["Date"] = format_datetime(when)
    message["Message-ID"] = f"<{number or when.strftime('%d%H%M%S%f')}@ente.example>"
    message.set_content("In allegato la scheda.")
    message.add_attachment(data, maintype=XLSX[0], subtype=XLSX[1], filename=name)
    return message.as_bytes()


def zipped(data: bytes, name: str = "scheda.xlsx") -> bytes:
    """An archive with a file in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def item(data: bytes, name: str, arrived: datetime) -> Item:
    """Something to collect that is in memory."""
    return Item(name, lambda: data, len(data), arrived)


def verdict(folder: Path, office: str, data: bytes, scratch: Path, name: str = "risposta.xlsx") -> Verdict:
    """What the comparison says of a reply."""
    path = scratch / name
    path.write_bytes(data)
    state = mailroom.state_of(folder)
    terms = terms_of(RoundFolder(folder), state)
    return check(returned(path, name, year=terms.year), state.offices[office], terms)


def told(found: Verdict) -> set[tuple[str, str]]:
    """Codes and cells."""
    return {(each.code, each.cell) for each in found.problems}
