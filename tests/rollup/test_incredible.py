"""Results that nobody meant: they count as they are written, and are told."""

import pytest

from perfxl.model import cell_of
from rollup.builders import found, indicator, job, sheet


@pytest.mark.parametrize(
    ("target", "result", "told"),
    [
        (">= 80%", cell_of(86, number_format="0.00%"), True),  # 86 in a percent cell: 8600 %
        (">= 80%", "8600%", True),
        (">= 80%", cell_of(0.86, number_format="0.00%"), False),
        (">= 390%", "1000%", False),
        ("n. 3", -3, True),
        ("n. 3", 3, False),
        (">= -5", -3, False),  # a balance may be negative
        ("entro il 30/04/2019", "29/03/2019", False),
    ],
)
def test_a_result_that_nobody_meant_is_told(target, result, told):
    done = job(sheet("U1.1", indicator("O1.1.1-a", "1.1.1", target, result)))
    assert bool(found(done, "PX-G010")) is told


def test_it_keeps_a_reply_from_being_accepted():
    from perfxl.rounds.blocking import blocks

    assert blocks("PX-G010", "avviso")
