"""T = 0: 100 where the comparison holds, else 0; or not computable (METHODS, *T = 0*)."""

from __future__ import annotations

from typing import Any

import numpy as np


def zero_target(target: Any, holds: Any, num: Any, den: Any, *, computable: bool) -> tuple[Any, Any]:
    """Put the T = 0 rows right in the fraction of a rule that divides by T."""
    zero = target == 0
    return np.where(zero, np.where(holds, 100, 0), num), np.where(zero, 1 if computable else 0, den)
