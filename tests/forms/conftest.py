"""The forms of the two real bodies, written once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from perfxl.forms import Forms, make_forms, write_forms
from perfxl.forms.formulas import NOTHING, WORDS
from perfxl.model import CellKind, RowLevel
from perfxl.pipeline import consolidate
from perfxl.readers import read_workbook
from perfxl.views.words import STATE_LABEL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from application.libreoffice import LibreOffice

PERIOD = "1° quadrimestre"


@pytest.fixture(scope="session")
def massacarrara_forms(workbooks: Path) -> Forms:
    """Massa-Carrara 2019: Allegato 1 and the twelve real dashboards, PO included."""
    plan = workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx"
    return make_forms(plan, dashboards=workbooks / "massacarrara-2019", people=True, period=PERIOD)


@pytest.fixture(scope="session")
def massacarrara_files(massacarrara_forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By code of the respondent."""
    paths, _ = write_forms(massacarrara_forms, tmp_path_factory.mktemp("forms"), "massacarrara-2019")
    return {form.code: path for form, path in zip(massacarrara_forms.forms, paths, strict=True)}


@pytest.fixture(scope="session")
def lucca_forms(workbooks: Path) -> Forms:
    """Lucca 2017: the three parts of the Report direzionale."""
    plans = sorted((workbooks / "lucca-2017").glob("Report_direzionale_2017_Area*.xlsx"))
    return make_forms(plans, method="lucca-2017")


@pytest.fixture(scope="session")
def lucca_files(lucca_forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By code of the area."""
    paths, _ = write_forms(lucca_forms, tmp_path_factory.mktemp("forms_lucca"), "lucca-2017")
    return {form.code: path for form, path in zip(lucca_forms.forms, paths, strict=True)}


COLUMNS = {"massacarrara-2019": ("C", "G", "M"), "lucca-2017": ("B", "F", "G")}


@pytest.fixture(scope="session")
def agree(libreoffice: LibreOffice) -> Callable[[Path, str], tuple[int, int]]:
    """`agree(returned, method)`: native figures against the main job's, see inside."""

    def agree(returned: Path, method: str) -> tuple[int, int]:
        """Every row of a filled form: native percent and state against the main job's, by cell; how many have a figure, how many words."""
        result_at, percent_at, state_at = COLUMNS[method]
        shown = libreoffice.recalculated(returned)
        scores = {(row.ref.sheet, row.ref.row): row for row in consolidate([returned], method=method).rows if row.ref is not None}
        figures = words = 0
        for sheet in read_workbook(returned).sheets:
            for row in sheet.rows:
                if row.level is not RowLevel.INDICATOR:
                    continue
                score, cells = scores[sheet.sheet, row.ref.row], shown[sheet.sheet]
                value: Any = cells.get(f"{percent_at}{row.ref.row}")
                if row.result.empty:
                    assert value == NOTHING
                elif isinstance(value, (int, float)):
                    computed = score.computed_pct if score.computed_pct is not None else score.pct
                    assert computed is not None, row.code
                    assert abs(value - float(computed / 100)) <= 1e-12, (row.code, cells.get(f"{result_at}{row.ref.row}"))
                    assert cells[f"{state_at}{row.ref.row}"] == STATE_LABEL[score.state]
                    figures += 1
                else:
                    assert value == WORDS
                    assert row.result.kind is CellKind.TEXT or score.pct is None, row.code
                    words += 1
        return figures, words

    return agree
