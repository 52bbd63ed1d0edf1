"""A deadline: on time 100; late 0, or by bands of days, or proportionally to the delay (METHODS, *deadline*)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def deadline(
    done: Any, due: Any, *, mode: str, bands: Sequence[tuple[int, int, int]] = (), days_to_zero: int = 365
) -> tuple[Any, Any]:
    """`done` and `due` are ordinals of dates. `bands`: (days late at most, percent numerator, denominator), ascending."""
    late = done - due
    ones = np.ones_like(done)
    if mode == "proportional":
        num = np.where(late <= 0, 100 * days_to_zero, 100 * np.maximum(days_to_zero - late, 0))
        return num, ones * days_to_zero
    num, den = np.where(late <= 0, 100, 0), ones
    if mode == "late_bands":
        banded = late <= 0
        for days, band_num, band_den in bands:
            here = ~banded & (late <= days)
            num, den = np.where(here, band_num, num), np.where(here, band_den, den)
            banded |= here
    return num, den
