"""Met 100, missed 0: Lucca's months, days and counts (METHODS, second table), and exact equality."""

from __future__ import annotations

from typing import Any

import numpy as np

AT_LEAST, AT_MOST, ABOVE, BELOW, EQUAL = range(5)


def holds(result: Any, target: Any, operator: Any) -> Any:
    """Whether the comparison holds, strict operators strictly. `operator` is a column of AT_LEAST … EQUAL."""
    return np.select(
        [operator == AT_LEAST, operator == AT_MOST, operator == ABOVE, operator == BELOW],
        [result >= target, result <= target, result > target, result < target],
        default=result == target,
    ).astype(bool)


def not_strict(operator: Any) -> Any:
    """`>` as `>=` and `<` as `<=`, for methods that don't tell them apart."""
    return np.where(operator == ABOVE, AT_LEAST, np.where(operator == BELOW, AT_MOST, operator))


def met_or_missed(result: Any, target: Any, operator: Any) -> tuple[Any, Any]:
    """100 where the comparison holds, else 0."""
    return np.where(holds(result, target, operator), 100, 0), np.ones_like(result)
