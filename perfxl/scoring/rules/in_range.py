"""A range: 100 inside; outside 100·(1 − distance/|bound|) from the nearer bound, or 0 (METHODS, *range*)."""

from __future__ import annotations

from typing import Any

import numpy as np


def in_range(result: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """Percent by distance to the nearer bound; a bound of 0 gives 0 outside."""
    below, above = result < low, result > high
    bound = np.where(below, low, high)
    distance = np.where(below, low - result, result - high)
    size = np.abs(bound)
    num = np.where(below | above, 100 * (size - distance), 100)
    num = np.where((below | above) & (size == 0), 0, num)
    den = np.where((below | above) & (size != 0), size, 1)
    return num, den


def in_range_or_zero(result: Any, low: Any, high: Any) -> tuple[Any, Any]:
    """100 inside, 0 outside."""
    inside = (result >= low) & (result <= high)
    return np.where(inside, 100, 0), np.ones_like(result)
