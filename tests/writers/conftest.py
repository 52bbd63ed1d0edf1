"""The two real bodies, consolidated once, and their written workbooks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from perfxl.pipeline import consolidate

if TYPE_CHECKING:
    from pathlib import Path

    from perfxl.consolidation import Consolidation


@pytest.fixture(scope="session")
def massacarrara(workbooks: Path) -> Consolidation:
    """Massa-Carrara 2019 with its plan, at 30 April."""
    plan = workbooks / "massacarrara-2019-piano"
    return consolidate(workbooks / "massacarrara-2019", method="massacarrara-2019", plan=plan, as_of=date(2019, 4, 30))


@pytest.fixture(scope="session")
def lucca(workbooks: Path) -> Consolidation:
    """Lucca 2017: truncated at each level."""
    return consolidate(workbooks / "lucca-2017", method="lucca-2017")


@pytest.fixture(scope="session")
def written(massacarrara: Consolidation, lucca: Consolidation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two workbooks."""
    folder = tmp_path_factory.mktemp("written")
    bodies = {"massacarrara": massacarrara, "lucca": lucca}
    return {name: c.write(folder / f"{name}.xlsx") for name, c in bodies.items()}
