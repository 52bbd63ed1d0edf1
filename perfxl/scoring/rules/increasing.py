"""Higher is better: 100·A/T. For T < 0 the distance above or below the target, on its size: 100·(|T| + A − T)/|T|,
which is the same figure where T > 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from perfxl.scoring.rules.zero import zero_target


def increasing(result: Any, target: Any, strict: Any, *, zero_computable: bool) -> tuple[Any, Any]:
    """Percent of an increasing target (METHODS, *increasing target*, *T = 0*, *over / under sign*)."""
    size = np.abs(target)
    holds = np.where(strict, result > 0, result >= 0)
    return zero_target(target, holds, 100 * (size + result - target), size, computable=zero_computable)
