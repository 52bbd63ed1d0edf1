"""A round of Massa-Carrara 2019, opened once for all the tests of the room; who changes it works on a copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rounds import mailroom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="session")
def round_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The round as it was opened: eight offices, nothing received. Not to be changed."""
    return mailroom.opened(tmp_path_factory.mktemp("giro") / "modello")


@pytest.fixture
def new_round(round_template: Path, tmp_path: Path) -> Callable[[str], Path]:
    """`new_round(name)`: a copy of the round, to be worked on."""
    return lambda name="giro": mailroom.copied(round_template, tmp_path / name)
