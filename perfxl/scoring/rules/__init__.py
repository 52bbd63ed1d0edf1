"""One rule a file. A rule takes whole integer columns (64-bit, or Python integers where those don't fit) that share a scale
row by row, and returns the percent as an exact fraction: (numerator, denominator), denominator 0 where it can't be computed."""

from perfxl.scoring.rules.deadline import deadline
from perfxl.scoring.rules.declared import declared
from perfxl.scoring.rules.decreasing import decreasing_linear, decreasing_ratio
from perfxl.scoring.rules.in_range import in_range, in_range_or_zero
from perfxl.scoring.rules.increasing import increasing
from perfxl.scoring.rules.met_or_missed import holds, met_or_missed

__all__ = [
    "deadline",
    "declared",
    "decreasing_linear",
    "decreasing_ratio",
    "holds",
    "in_range",
    "in_range_or_zero",
    "increasing",
    "met_or_missed",
]
