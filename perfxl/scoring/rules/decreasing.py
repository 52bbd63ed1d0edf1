"""Lower is better: 100·T/A, 100 where A ≤ T (PERFORM+); or 100·(2T − A)/T (GZoom): T = 10, A = 12 gives 83.33 or 80."""

from __future__ import annotations

from typing import Any

import numpy as np

from perfxl.scoring.rules.zero import zero_target


def decreasing_ratio(result: Any, target: Any, strict: Any, *, zero_computable: bool) -> tuple[Any, Any]:
    """100 where A ≤ T, else T/A. For T < 0 the distance on the target's size, which is A/T: of a reduction, the share made."""
    reached = result <= target
    over = np.where(target > 0, 100 * target, -100 * result)
    base = np.where(target > 0, result, -target)
    num = np.where(reached, 100, over)
    den = np.where(reached, 1, base)
    holds = np.where(strict, result < 0, result <= 0)
    return zero_target(target, holds, num, den, computable=zero_computable)


def decreasing_linear(result: Any, target: Any, strict: Any, *, zero_computable: bool) -> tuple[Any, Any]:
    """100·(2T − A)/T; for T < 0 the same distance on the target's size."""
    size = np.abs(target)
    holds = np.where(strict, result < 0, result <= 0)
    return zero_target(target, holds, 100 * (size + target - result), size, computable=zero_computable)
