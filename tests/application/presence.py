"""What a test does when its application isn't installed: skipped aloud on a laptop, failed in CI."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

absent: dict[str, str] = {}  # application -> remedy; told once, at the end of the run


def in_ci() -> bool:
    """Where a missing application is a defect: `CI=true` (or `1`), as CI services and `.ci/run` set it."""
    return os.environ.get("CI", "").strip().lower() in {"true", "1"}


def application_missing(name: str, remedy: str) -> NoReturn:
    """End the test that asked for `name`."""
    absent[name] = remedy
    message = f"{name} non è installato: {remedy}"
    if in_ci():
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def loud_lines() -> list[str]:
    """The closing lines, Italian and English, one pair for each application that was missing."""
    lines: list[str] = []
    for name, remedy in absent.items():
        lines.append(f"ATTENZIONE: {name} non è installato; le prove che lo usano non sono state eseguite. {remedy}")
        lines.append(f"WARNING: {name} is missing; the tests that need it did NOT run.")
    return lines
