"""Achievement of a result against a target: one rule a file, whole columns, exact fractions."""

from perfxl.scoring.achievement import Achievement, achievement
from perfxl.scoring.columns import Columns, Comparison, Rule, columns_of
from perfxl.scoring.engine import Scores, score_columns
from perfxl.scoring.rounding import agrees, round_columns, round_exact, shown
from perfxl.scoring.rows import RowScore, rule_name, score_rows

__all__ = [
    "Achievement",
    "Columns",
    "Comparison",
    "RowScore",
    "Rule",
    "Scores",
    "achievement",
    "agrees",
    "columns_of",
    "round_columns",
    "round_exact",
    "rule_name",
    "score_columns",
    "score_rows",
    "shown",
]
