"""Profiles for the tests: a shipped one with some keys changed, validated like a user's file."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from perfxl.methods import Method, load_method
from perfxl.scoring import Achievement, achievement


def profile(base: str = "massacarrara-2019", **changes: Any) -> Method:
    """`profile(scoring={"decreasing": "linear"}, exceptions=[…])`: sections are merged key by key, other keys replaced."""
    table = load_method(base).model_dump()
    for key, value in changes.items():
        table[key] = {**table[key], **value} if isinstance(table[key], dict) and isinstance(value, dict) else value
    return Method.model_validate(table)


def score(target: Any, result: Any, base: str = "massacarrara-2019", algorithm: str = "", **scoring: Any) -> Achievement:
    """`score("<= 10", 12, decreasing="linear")`: one pair under a profile with other `[scoring]` keys, in 2019."""
    return achievement(target, result, method=profile(base, scoring=scoring), algorithm=algorithm, year=2019)


def codes(one: Achievement) -> list[str]:
    """Codes of the findings."""
    return [found.code for found in one.findings]


def pct(text: str) -> Fraction:
    """`pct("250/3")`, `pct("80")`."""
    return Fraction(text)
