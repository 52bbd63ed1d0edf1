"""The files: valid, readable again, of one office alone, locked but for the cells to be filled in, kept when written again."""

from __future__ import annotations

import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from perfxl.errors import InputError, OutputError
from perfxl.forms import Forms, make_forms, read_identity, write_forms
from perfxl.forms.dashboard import headings
from perfxl.forms.form import Form, FormRow, Page, Shape
from perfxl.forms.write import write_form
from perfxl.methods import load_method
from perfxl.model import CellKind, RowLevel, SheetRole, SheetRow, cell_of
from perfxl.readers import read_workbook
from perfxl.views.words import CAUSES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOLDEN_OFFICES = ("ENTE", "ISR", "U0.1", "U1.1", "U2.1", "U3.1/U3.2", "U4.1", "U5.1/U5.2")
PO = ("PO2", "PO3", "PO4", "PO5")
FRD = 6  # indicators of Allegato 1 under «Obiettivo 1 … 3» (fondo risorse decentrate), in no dashboard


def own_sheet(path: Path) -> Any:
    """The one sheet of a form that is a dashboard."""
    [sheet] = read_workbook(path).sheets
    return sheet


def test_a_form_for_each_respondent(massacarrara_files: dict[str, Path]) -> None:
    assert tuple(massacarrara_files) == (*GOLDEN_OFFICES, *PO)
    assert massacarrara_files["U5.1/U5.2"].name == "U5.1-U5.2_monitoraggio_2019.xlsx"
    assert massacarrara_files["ENTE"].name == "ENTE_monitoraggio_2019.xlsx"


@pytest.mark.parametrize("code", [*GOLDEN_OFFICES, *PO])
def test_same_indicators_as_the_real_dashboard(code: str, massacarrara_files: dict[str, Path], workbooks: Path) -> None:
    name = "ENTE_e_trasversali" if code == "ENTE" else code.replace("/", "-")
    real = own_sheet(workbooks / "massacarrara-2019" / f"{name}_monitoraggio_2019.xlsx")
    ours = own_sheet(massacarrara_files[code])
    aliases = load_method("massacarrara-2019")

    def indicators(sheet: Any) -> set[str]:
        return {aliases.canonical(row.code) for row in sheet.rows if row.level is RowLevel.INDICATOR}

    assert indicators(ours) == indicators(real)
    assert (ours.layout, ours.role, ours.respondent, ours.respondent_offices, ours.title, ours.year) == (
        "cruscotto-massacarrara", real.role, real.respondent, real.respondent_offices, real.title, 2019,
    )  # fmt: skip


def test_nothing_of_the_plan_is_dropped_in_silence(
    massacarrara_forms: Forms, golden: Callable[[str], list[dict[str, str]]]
) -> None:
    given = {row.code for form in massacarrara_forms.forms for row in form.indicators}
    lost = {row.code for row in massacarrara_forms.unassigned}
    assert len(given) + len(lost) == sum(bool(row["target_2019"].strip()) for row in golden("massacarrara-2019/indicators"))
    assert not given & lost
    found = [f for f in massacarrara_forms.findings if f.code == "PX-F001"]
    assert len(found) == len(lost) == FRD
    assert all("Obiettivo" in f.found and f.cell for f in found)


def test_round_trip_of_the_rows(massacarrara_files: dict[str, Path], workbooks: Path) -> None:
    """What is read back is what the plan says: codes, texts, algorithms, targets of three years with their kinds."""
    [plan] = read_workbook(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx").sheets
    planned = {row.code: row for row in plan.rows}
    seen = 0
    for path in massacarrara_files.values():
        book = read_workbook(path)
        assert {f.code for f in book.findings} == {"PX-R003"}, [f.found for f in book.findings]  # the two service sheets
        for row in book.sheets[0].rows:
            assert content(row) == content(planned[row.code])
            seen += row.level is RowLevel.INDICATOR
    assert seen == sum(len(own_sheet(path).rows) for path in massacarrara_files.values()) - sum(
        row.level is not RowLevel.INDICATOR for path in massacarrara_files.values() for row in own_sheet(path).rows
    )


def content(row: SheetRow) -> tuple[Any, ...]:
    """What the round trip must keep."""
    targets = tuple((year, cell.kind, cell.text) for year, cell in sorted(row.targets.items()) if not cell.empty)  # type: ignore[type-var]
    return row.level, row.code, row.code_printed, row.title, row.owner, row.strategic, row.algorithm.text, targets


def test_headings_are_those_of_the_chamber(massacarrara_files: dict[str, Path], workbooks: Path) -> None:
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook  # openpyxl warns of what these workbooks hold

    with CalamineWorkbook.from_path(str(workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx")) as book:
        nine = book.get_sheet_by_name("Cruscotto").to_python(skip_empty_area=False)[2][:9]
    ours = load_workbook(massacarrara_files["U1.1"])["Cruscotto"]
    assert [cell.value for cell in ours[3]][:13] == [*nine, "Note", "Causa", "Evidenza", "Stato"]
    assert list(headings(2019))[:9] == nine


def test_office_columns_are_those_of_the_dashboards(massacarrara_files: dict[str, Path], workbooks: Path) -> None:
    real = {row.code: row for row in own_sheet(workbooks / "massacarrara-2019" / "U4.1_monitoraggio_2019.xlsx").rows}
    for row in own_sheet(massacarrara_files["U4.1"]).rows:
        assert (row.offices_cell.text, row.people_cell.text) == (
            real[row.code].offices_cell.text,
            real[row.code].people_cell.text,
        )


def parts(path: Path) -> str:
    """Everything that a file holds, as text: shared strings, sheets, names, properties."""
    with zipfile.ZipFile(path) as archive:
        return unescape("\n".join(archive.read(name).decode("utf-8") for name in archive.namelist()))


@pytest.mark.parametrize("code", GOLDEN_OFFICES)
def test_no_other_office_in_any_part(code: str, massacarrara_forms: Forms, massacarrara_files: dict[str, Path]) -> None:
    own = next(form for form in massacarrara_forms.forms if form.code == code)
    mine = {row.code for row in own.indicators}
    strangers = {row.title: row for form in massacarrara_forms.forms for row in form.indicators if row.code not in mine}
    titles = {row.title for row in own.indicators}
    text = parts(massacarrara_files[code])
    assert all(row.title in text for row in own.indicators)
    leaked = [title for title in strangers if title in text and title not in titles]
    assert not leaked
    labels = [row.label.split(" ", 1)[0] for title, row in strangers.items() if title not in titles]
    assert not [label for label in labels if re.search(rf"(?<![\w.]){re.escape(label)}(?![\w-])", text)]
    others = [form.title for form in massacarrara_forms.forms if form.code not in (code, "ISR", *PO)]
    assert not [title for title in others if title in text]


def test_identity_travels_twice(massacarrara_forms: Forms, massacarrara_files: dict[str, Path]) -> None:
    identity = read_identity(massacarrara_files["U1.1"])
    assert identity is not None
    assert (identity.body, identity.year, identity.period, identity.office, identity.method) == (
        "Camera di Commercio di Massa-Carrara", 2019, "1° quadrimestre", "U1.1", "massacarrara-2019",
    )  # fmt: skip
    assert identity.plan_sha256 == massacarrara_forms.plan_sha256
    assert re.fullmatch(r"[0-9a-f]{64}", identity.plan_sha256)
    with zipfile.ZipFile(massacarrara_files["U1.1"]) as archive:
        properties = archive.read("docProps/custom.xml").decode()
        assert 'name="_perfxl" sheetId="3" state="veryHidden"' in archive.read("xl/workbook.xml").decode()
    assert 'name="perfxl_ufficio"' in properties
    assert identity.plan_sha256 in properties


def test_no_identity_in_other_workbooks(workbooks: Path, tmp_path: Path) -> None:
    assert read_identity(workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx") is None
    broken = tmp_path / "rotto.xlsx"
    broken.write_bytes(b"PK not really")
    with pytest.raises(InputError):
        read_identity(broken)


def test_only_the_four_columns_of_indicators_are_unlocked(massacarrara_files: dict[str, Path]) -> None:
    from openpyxl import load_workbook

    for path in massacarrara_files.values():
        book = load_workbook(path)
        sheet = book["Cruscotto"]
        assert all(ws.protection.sheet and not ws.protection.password for ws in book.worksheets)
        unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        rows = [row.ref.row for row in own_sheet(path).rows if row.level is RowLevel.INDICATOR]
        assert unlocked == {f"{column}{at}" for at in rows for column in "CJKL"}


def test_result_format_follows_the_target(massacarrara_files: dict[str, Path]) -> None:
    from openpyxl import load_workbook

    wanted = {CellKind.PERCENT: "0.00%", CellKind.DATE: "dd/mm/yyyy", CellKind.NUMBER: "General", CellKind.TEXT: "dd/mm/yyyy"}
    seen = set()
    for path in massacarrara_files.values():
        sheet = load_workbook(path)["Cruscotto"]
        for row in own_sheet(path).rows:
            if row.level is RowLevel.INDICATOR:
                kind = row.targets[2019].kind  # a text, in this plan, is «entro il 30/06 e 31/12»
                assert sheet[f"C{row.ref.row}"].number_format == wanted[kind]
                seen.add(kind)
    assert len(seen) >= 3


def test_formulas_are_of_excel_2010(massacarrara_files: dict[str, Path], lucca_files: dict[str, Path]) -> None:
    known = {"IF", "ISNUMBER", "ISBLANK", "ISTEXT", "IFERROR", "LEFT", "CELL", "ROUND", "TRUNC", "MIN", "MAX", "AND", "OR", "ABS",
             "INT", "DATE", "YEAR", "MONTH", "N"}  # fmt: skip
    for path in (*massacarrara_files.values(), *lucca_files.values()):
        with zipfile.ZipFile(path) as archive:
            sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
            assert not [name for name in archive.namelist() if "vba" in name.lower() or "externalLink" in name]
        found = re.findall(r"<(?:f|formula|formula1)>(.*?)</", "".join(sheets))
        assert len(found) > 20
        assert set(re.findall(r"([A-Z][A-Z0-9.]+)\(", "".join(found))) <= known
        assert max(map(len, found)) < 2000
        assert "_xlfn" not in "".join(sheets)


def test_messages_fit_and_causes_are_listed(massacarrara_files: dict[str, Path]) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(massacarrara_files["U5.1/U5.2"])["Cruscotto"]
    rules = sheet.data_validations.dataValidation
    lists = [rule for rule in rules if rule.type == "list"]
    customs = [rule for rule in rules if rule.type == "custom"]
    assert {rule.formula1 for rule in lists} == {'"' + ",".join(CAUSES) + '"'}
    assert customs
    assert all(rule.errorStyle == "warning" and "ISTEXT" in rule.formula1 for rule in customs)  # words always pass
    assert all(0 < len(rule.prompt) <= 255 and 0 < len(rule.error) <= 225 for rule in rules)
    assert any("29/03/2019" in rule.prompt for rule in customs)


def test_print_set_up(massacarrara_files: dict[str, Path]) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(massacarrara_files["U1.1"])["Cruscotto"]
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 0), (None, 0)}
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    assert "U1.1" in sheet.oddFooter.left.text
    assert sheet.freeze_panes == "B4"


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, ooxml_validator: Callable[..., list[Any]]) -> None:
    from openpyxl import load_workbook

    row = FormRow(RowLevel.INDICATOR, "O1.1.1-a", "O1.1.1-a =1+1", "=1+1", algorithm=cell_of('=HYPERLINK("http://x")'),
                  targets={2019: cell_of("=2")}, offices="@SUM(A1)", people="+1")  # fmt: skip
    page = Page("Cruscotto", "=cmd|'/c calc'!A1 (U1.1)", (row,))
    form = Form("U1.1", page.title, SheetRole.OFFICE, Shape.DASHBOARD, (page,))
    path = tmp_path / "formule.xlsx"
    write_form(
        form,
        Forms("=Ente & <Figli>", 2019, "=1", "m", "", (form,), (), ()).identity(form),
        path,
        load_method("massacarrara-2019"),
    )
    sheet = load_workbook(path)["Cruscotto"]
    for address in ("A1", "A2", "A4", "B4", "D4", "H4", "I4"):
        assert sheet[address].data_type == "s", address
    assert ooxml_validator(path) == []


def test_files_pass_the_validator(
    massacarrara_files: dict[str, Path], lucca_files: dict[str, Path], ooxml_validator: Callable[..., list[Any]]
) -> None:
    for path in (*massacarrara_files.values(), *lucca_files.values()):
        assert ooxml_validator(path) == []
    for path in (massacarrara_files["U5.1/U5.2"], lucca_files["Area1"]):  # each layout, in the oldest version that we promise
        assert ooxml_validator(path, "Office2010") == []


def test_existing_files_are_kept_in_numbered_copies(massacarrara_forms: Forms, tmp_path: Path) -> None:
    kept = tmp_path / "U1.1_monitoraggio_2019.xlsx"
    kept.write_bytes(b"compilata a mano")
    paths, findings = write_forms(massacarrara_forms, tmp_path, "massacarrara-2019")
    assert (tmp_path / "U1.1_monitoraggio_2019 (1).xlsx").read_bytes() == b"compilata a mano"
    assert [f.code for f in findings] == ["PX-S002"]
    assert len(list(tmp_path.iterdir())) == len(paths) + 1


def test_names_that_no_system_would_take_or_that_meet(tmp_path: Path) -> None:
    row = FormRow(RowLevel.INDICATOR, "O1.1.1-a", "O1.1.1-a Atti", "Atti", targets={2019: cell_of(">= 2")})
    codes = ("U1.1/U1.2", "U1.1-U1.2", "u1.1-u1.2", 'a:b*c?"<d>|\\e f', "..")
    forms = tuple(Form(code, "Prova", SheetRole.OFFICE, Shape.DASHBOARD, (Page("Cruscotto", "Prova", (row,)),)) for code in codes)
    paths, findings = write_forms(Forms("Ente", 2019, "", "m", "", forms, (), ()), tmp_path, "massacarrara-2019")
    assert [path.name for path in paths] == [
        "U1.1-U1.2_monitoraggio_2019.xlsx", "U1.1-U1.2_2_monitoraggio_2019.xlsx", "u1.1-u1.2_3_monitoraggio_2019.xlsx",
        "a_b_c_d_e_f_monitoraggio_2019.xlsx", "ufficio_monitoraggio_2019.xlsx",
    ]  # fmt: skip
    assert not findings
    assert [read_identity(path).office for path in paths] == list(codes)  # type: ignore[union-attr]


def test_a_form_that_cannot_be_written_leaves_what_was_there(
    massacarrara_forms: Forms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "ENTE_monitoraggio_2019.xlsx"
    kept.write_bytes(b"compilata a mano")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("perfxl.forms.write.write_form", full)
    with pytest.raises(OutputError):
        write_forms(massacarrara_forms, tmp_path, "massacarrara-2019")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(kept.name, b"compilata a mano")]


def test_a_folder_that_cannot_be(massacarrara_forms: Forms, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("occupato")
    with pytest.raises(OutputError):
        write_forms(massacarrara_forms, tmp_path / "file" / "schede", "massacarrara-2019")


def test_without_dashboards_nothing_is_guessed(workbooks: Path) -> None:
    with pytest.raises(InputError, match="--fogli"):
        make_forms(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx")
    with pytest.raises(InputError, match="nessun piano"):
        make_forms(workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx")


def test_a_column_of_offices_in_the_plan_is_enough(workbooks: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx")
    sheet = book.worksheets[0]
    sheet["H1"] = "UFFICIO"
    places = {str(sheet.cell(row, 2).value).split(" ", 1)[0]: row for row in range(2, sheet.max_row + 1)}
    for code, office in {"O1.1.1-a": "U1.1", "O1.1.1-b": "U2.1", "01.2.4-a": "TUTTI", "S1.1.1-a": "ENTE"}.items():
        sheet.cell(places[code], 8).value = office
    path = tmp_path / "piano.xlsx"
    book.save(path)
    forms = make_forms(path)
    assert {form.code: [row.code for row in form.indicators] for form in forms.forms} == {
        "ENTE": ["S1.1.1-a", "O1.2.4-a"],
        "U1.1": ["O1.1.1-a", "O1.2.4-a"],
        "U2.1": ["O1.1.1-b", "O1.2.4-a"],
    }
    assert len(forms.unassigned) == 77 - 4
    written, _ = write_forms(forms, tmp_path, "massacarrara-2019")
    assert [own_sheet(p).respondent for p in written] == ["ENTE", "U1.1", "U2.1"]


def test_an_office_without_a_dashboard_still_gets_its_form(workbooks: Path) -> None:
    plan = workbooks / "massacarrara-2019-piano" / "Piano_2019_Allegato1.xlsx"
    forms = make_forms(plan, dashboards=workbooks / "massacarrara-2019" / "PO5_monitoraggio_2019.xlsx")
    assert {form.code for form in forms.forms} >= {"U5.1", "U5.2"}
    assert {f.found.split(":")[0] for f in forms.findings if f.code == "PX-F002"} >= {"U5.1", "U5.2"}


def test_lucca_sheets_are_read_as_projects(lucca_files: dict[str, Path], workbooks: Path) -> None:
    assert list(lucca_files) == ["Area1", "Area2", "Area3"]
    for number, path in enumerate(lucca_files.values(), 1):
        real = read_workbook(workbooks / "lucca-2017" / f"Report_direzionale_2017_Area{number}.xlsx")
        ours = read_workbook(path)
        assert [(s.layout, s.respondent, s.title) for s in ours.sheets] == [
            (s.layout, s.respondent, s.title) for s in real.sheets
        ]
        for one, other in zip(ours.sheets, real.sheets, strict=True):
            assert [(r.level, r.code, r.title, r.owner, r.strategic) for r in one.rows] == [
                (r.level, r.code, r.title, r.owner, r.strategic) for r in other.rows
            ]
            assert one.attributes == other.attributes
            assert all(row.result.empty for row in one.rows)
