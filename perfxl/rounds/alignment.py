"""Where the rows of a sheet that was sent stand in the reply: in place, moved, taken away; and which ones are new.

Protection keeps rows where they are. Whoever takes it off may sort, insert, delete: a result must never end up on another row, so
that a row that can't be told for certain is one that isn't there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from perfxl.readers.grid import Grid, raw_text

if TYPE_CHECKING:
    from collections.abc import Container

    from perfxl.rounds.sent import Page

MOST_ROWS = 5000
"""Rows of a reply's sheet that are looked at: the forms have tens."""
ALIKE, SAME_WORDS = 0.5, 0.6

Key = tuple[str, ...]


@dataclass(slots=True)
class Places:
    """`rows`: row of the sheet sent → row of the reply. `lost`: rows sent that aren't there. `new`: rows that weren't sent.

    `doubtful`: row sent → the row of the reply that bears its label, and whose other cells say that it is another one.
    """

    rows: dict[int, int] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    doubtful: dict[int, int] = field(default_factory=dict)


def places(page: Page, reply: Grid) -> Places:
    """Follow the rows by their texts: first in order, then those that moved, then those of which a text was changed."""
    sent = {row: key for row in sorted(page.grid.rows) if any(key := page.key(page.grid, row))}
    back = {row: key for row in sorted(reply.rows)[:MOST_ROWS] if any(key := page.key(reply, row))}
    found = Places()
    if all(back.get(row) == key for row, key in sent.items()):
        found.rows = {row: row for row in sent}
    else:
        _in_order(sent, back, found)
        _moved(sent, back, found)
        _changed(sent, back, found)
        found.doubtful = _doubtful(sent, back, found, page.own)
        found.rows = {row: place for row, place in found.rows.items() if row not in found.doubtful}
    taken = {*found.rows.values(), *found.doubtful.values()}
    found.lost = [row for row in sent if row not in found.rows and row not in found.doubtful]
    found.new = [row for row in sorted(reply.rows) if row not in taken and _written(page, reply, row)]
    return found


def _in_order(sent: dict[int, Key], back: dict[int, Key], found: Places) -> None:
    here, there = list(sent), list(back)
    matcher = SequenceMatcher(None, [sent[row] for row in here], [back[row] for row in there], autojunk=False)
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            found.rows[here[block.a + step]] = there[block.b + step]


def _moved(sent: dict[int, Key], back: dict[int, Key], found: Places) -> None:
    """Rows that are elsewhere. Where two have the same texts nobody knows which is which: none of them is taken."""
    taken = set(found.rows.values())
    counts = Counter(sent.values())
    where: dict[Key, list[int]] = {}
    for row, key in back.items():
        if row not in taken:
            where.setdefault(key, []).append(row)
    for row, key in sent.items():
        if row in found.rows or key not in where:
            continue
        if counts[key] == 1 and len(where[key]) == 1:
            found.rows[row] = where[key][0]
        else:
            for twin in [each for each, other in sent.items() if other == key]:
                found.rows.pop(twin, None)


def _changed(sent: dict[int, Key], back: dict[int, Key], found: Places) -> None:
    """Rows with a text changed: the only one with its label, or the one between the same two neighbours that is much alike."""
    ambiguous = {key for key, count in Counter(sent.values()).items() if count > 1}
    taken = set(found.rows.values())
    here = [row for row, key in sent.items() if row not in found.rows and key not in ambiguous]
    there = [row for row in back if row not in taken]
    labels_here, labels_there = Counter(_label(sent[row]) for row in here), Counter(_label(back[row]) for row in there)
    known = Counter(_label(key) for key in sent.values())
    for row in here:
        label = _label(sent[row])
        if labels_here[label] == labels_there[label] == known[label] == 1:
            found.rows[row] = next(each for each in there if _label(back[each]) == label)
    for run, other in _gaps(list(sent), list(back), found):
        for row, place in zip(run, other, strict=True):
            if row in here and _alike(sent[row], back[place]):
                found.rows[row] = place


def _doubtful(sent: dict[int, Key], back: dict[int, Key], found: Places, own: Container[int]) -> dict[int, int]:
    """Rows to fill that were followed though a text was changed, while their other texts are rather those of another row, which
    isn't there as it was sent: two labels were exchanged, or all the rest was. Nobody knows which.
    """
    changed = {row: place for row, place in found.rows.items() if sent[row] != back[place]}
    others = [row for row in sent if row in own and (row in changed or row not in found.rows)]
    return {
        row: place
        for row, place in changed.items()
        if row in own and any(_rest_alike(back[place], sent[other]) > _rest_alike(back[place], sent[row]) for other in others)
    }


def _rest_alike(back: Key, sent: Key) -> int:
    """How many texts beside the label are the same."""
    label = next((at for at, text in enumerate(back) if text), 0)
    return sum(a == b != "" for a, b in list(zip(back, sent, strict=True))[label + 1 :])


def _gaps(here: list[int], there: list[int], found: Places) -> list[tuple[list[int], list[int]]]:
    """The rows between two neighbours that are known, as many in the reply as in the sheet sent."""
    taken, index = set(found.rows.values()), {row: at for at, row in enumerate(there)}
    gaps, run, before = [], [], -1
    for row in (*here, None):
        if row is not None and row not in found.rows:
            run.append(row)
            continue
        after = len(there) if row is None else index[found.rows[row]]
        between = there[before + 1 : after]
        if run and len(between) == len(run) and not taken.intersection(between):
            gaps.append((run, between))
        run, before = [], after
    return gaps


def _label(key: Key) -> str:
    return next((text for text in key if text), "")


def _alike(one: Key, other: Key) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a or b]
    same = sum(a == b for a, b in pairs)
    label, second = _label(one), _label(other)
    if label != second and SequenceMatcher(None, label, second, autojunk=False).ratio() >= SAME_WORDS:
        same += 1
    return same >= ALIKE * len(pairs)


def _written(page: Page, reply: Grid, row: int) -> bool:
    """Whether something was typed in a row that wasn't sent: what copied formulas show isn't."""
    beyond = row not in page.grid.rows and any(not raw[3] and raw_text(raw) for raw in reply.rows[row].values())
    return beyond or any(page.key(reply, row))
