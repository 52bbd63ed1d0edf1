"""Opening a message costs little more than parsing it."""

from __future__ import annotations

import os
import time
from email import message_from_bytes

from mail.parcels import letter, zipped
from perfxl.mail import unwrap


def least(work, times: int = 5) -> float:
    """The least processor time of several runs: what the work itself costs."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def test_a_hundred_replies_cost_less_than_three_times_their_parsing():
    """About 60 kB each. Read with the library's newer policy they would cost four times the older."""
    sheet = zipped(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"), ("xl/media/image1.bin", os.urandom(43_000)))
    replies = [bytes(letter((f"U{number}.xlsx", sheet), message_id=f"<{number}@x>")) for number in range(100)]
    assert 55_000 < len(replies[0]) < 65_000
    assert all(len(unwrap("m.eml", reply).sheets) == 1 for reply in replies)
    parsing = least(lambda: [message_from_bytes(reply) for reply in replies])
    opening = least(lambda: [unwrap("m.eml", reply) for reply in replies])
    assert opening < 3 * parsing, f"{opening / parsing:.2f} volte"


def test_a_large_message_grows_with_its_size_only():
    """Eight times the attachments, about eight times the time: nothing is read again for each."""
    part = os.urandom(60_000)
    small, large = (bytes(letter(*((f"{n}.bin", part) for n in range(count)))) for count in (10, 80))
    assert least(lambda: unwrap("m.eml", large), 3) < 20 * least(lambda: unwrap("m.eml", small), 3)
