"""What a case is, and what the builders of the corpus work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rounds import clerks

if TYPE_CHECKING:
    from application.openssl import Authority, Certificate


class End(StrEnum):
    """How a case must end."""

    ACCEPTED = "the office's sheet counts"
    TO_CORRECT = "the office's sheet is kept and must be corrected"
    UNATTRIBUTED = "a sheet of nobody: it waits"
    REFUSED = "no sheet in it"


@dataclass(frozen=True)
class Case:
    """A file that comes back.

    `make` gives its bytes; `lay` puts the file into a folder itself (sizes and names that aren't made in memory). `codes`: the
    findings of which at least one must be told; `also`: every one of these too.
    """

    name: str
    file: str
    make: Callable[[Kit], bytes] | None
    end: End
    codes: frozenset[str] = frozenset()
    lay: Callable[[Kit, Path], Path] | None = None
    heavy: bool = False  # allowed more time and memory

    def put(self, kit: Kit, folder: Path) -> Path:
        """The file, in a folder of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.lay is not None:
            return self.lay(kit, folder)
        assert self.make is not None
        path = folder / self.file
        path.write_bytes(self.make(kit))
        return path


def case(
    name: str, file: str, make: Callable[[Kit], bytes] | None, end: End, codes: str = "", *,
    lay: Callable[[Kit, Path], Path] | None = None, heavy: bool = False,
) -> Case:  # fmt: skip
    """A case; `codes` separated by spaces."""
    return Case(name, file, make, end, frozenset(codes.split()), lay, heavy)


@dataclass
class Kit:
    """The sheets that a real round prepared, and the means to spoil what comes back."""

    sheets: dict[str, Path]  # by office, as sent
    authority: Authority
    converted: Callable[[Path, str], Path]  # LibreOffice's
    scratch: Path

    office = "U1.1"
    other = "U2.1"

    @cached_property
    def good(self) -> bytes:
        """The reply of the office, nothing wrong with it."""
        return clerks.filled(self.sheets[self.office], self.office)

    @cached_property
    def by_calc(self) -> bytes:
        """The same, opened and saved by LibreOffice, which keeps its texts in a part of their own."""
        return self.saved_by_calc("xlsx")

    def saved_by_calc(self, kind: str) -> bytes:
        """The reply saved by LibreOffice as `xlsx` or `ods`."""
        path = self.scratch / "risposta.xlsx"
        path.write_bytes(self.good)
        return self.converted(path, kind).read_bytes()

    @cached_property
    def good_of_the_other(self) -> bytes:
        """The reply of another office."""
        return clerks.filled(self.sheets[self.other], self.other)

    def with_cells(self, cells: dict[str, object]) -> bytes:
        """The reply with something else typed."""
        return clerks.filled(self.sheets[self.office], self.office, cells)

    @cached_property
    def signer(self) -> Certificate:
        """A person with a certificate that is good."""
        return self.authority.person("Zenobia Firmataria", "TINIT-FRMZNB70A41F023X")

    @cached_property
    def expired(self) -> Certificate:
        """A person whose certificate ended ten days ago."""
        now = datetime.now(UTC)
        return self.authority.person(
            "Ugo Scaduto", "TINIT-SCDGUO60A01F023X", valid=(now - timedelta(days=400), now - timedelta(days=10))
        )

    @cached_property
    def provider(self) -> Certificate:
        """A provider of certified mail."""
        return self.authority.person("Gestore Pec", "VATIT-01234567890")

    @cached_property
    def signed(self) -> bytes:
        """The reply, signed."""
        return self.authority.signed(self.good, self.signer)
