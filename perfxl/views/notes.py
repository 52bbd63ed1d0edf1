"""What people wrote in a previous consolidated workbook: causes and notes of *Scostamenti*."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """The cause and note of a row of *Scostamenti*; `uid` is empty where the person deleted the key's column."""

    uid: str
    code: str
    title: str
    office: str
    cause: str
    note: str


class Notes:
    """Notes by row: by its key, else by code and office when only one fits. What fits no row any more is never dropped."""

    def __init__(self, notes: tuple[Note, ...] = ()) -> None:
        self._by_uid = {note.uid: note for note in notes if note.uid}
        self._by_place: dict[tuple[str, str], list[Note]] = {}
        for note in notes:
            self._by_place.setdefault((note.code, note.office), []).append(note)
        self._left = dict.fromkeys(notes)

    def take(self, uid: str, code: str, office: str) -> Note | None:
        """The note of a row, which is then taken; None where there is none."""
        note = self._by_uid.get(uid)
        if note is None or note not in self._left or (note.code, note.office) != (code, office):
            same_place = [other for other in self._by_place.get((code, office), ()) if other in self._left]
            note = same_place[0] if len(same_place) == 1 else None
        if note is not None:
            del self._left[note]
        return note

    @property
    def left(self) -> tuple[Note, ...]:
        """Notes that no row has taken."""
        return tuple(self._left)
