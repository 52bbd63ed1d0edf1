"""The main job from one end to the other: whatever the folder holds, good sheets give their figures, and what isn't good is said."""

from __future__ import annotations

import io
import os
import random
import shutil
import warnings
import zipfile
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePath

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

import perfxl

ROOT = Path(__file__).parents[1]
SHEETS = ROOT / "workbooks" / "massacarrara-2019"
PLAN = ROOT / "workbooks" / "massacarrara-2019-piano"
U11 = "U1.1_monitoraggio_2019.xlsx"
U5 = "U5.1-U5.2_monitoraggio_2019.xlsx"
TREE = [("ENTE", "42.75", 21, 71), ("OB1", "12.50", 8, 14), ("OB2", "73.00", 13, 33), ("OB3", None, 0, 24)]


def tree(run):
    """Headline and areas: code, figure, measured, total."""
    return [
        (n.code, None if n.shown is None else str(n.shown), n.measured, n.total) for n in run.nodes if n.level in ("ente", "area")
    ]


def said(run, code):
    """(file, cell, found) of the findings of a code."""
    return [(PurePath(f.file).name, f.cell, f.found) for f in run.findings if f.code == code]


def everything(run):
    """All that a run says, but when it was made and in which order the files came."""
    return (
        run.nodes,
        run.rows,
        run.offices,
        run.people,
        run.perspectives,
        run.findings,
        run.missing,
        {s.path: s for s in run.sources},
    )


@pytest.fixture
def folder(tmp_path):
    """The twelve dashboards, to put something beside."""
    copy = tmp_path / "fogli"
    shutil.copytree(SHEETS, copy)
    return copy


@pytest.fixture(scope="module")
def usual():
    return perfxl.consolidate(SHEETS)


@pytest.fixture(scope="module")
def planned():
    return perfxl.consolidate(SHEETS, plan=PLAN)


def changed(source, target, cells, *, sheet=0):
    """A workbook like another, but for some cells (`{"C8": 4}`; a callable gets the cell). Made anew: the source is only read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of the extensions that it drops
        book = openpyxl.load_workbook(source)
    for a1, value in cells.items():
        if callable(value):
            value(book.worksheets[sheet][a1])
        else:
            book.worksheets[sheet][a1] = value
    book.save(target)
    return target


def typed_text(text):
    """A text that looks like a formula and isn't one."""

    def put(cell):
        cell.value = text
        cell.data_type = "s"

    return put


# -- paths ---------------------------------------------------------------------------------------------------------


def test_the_order_of_files_does_not_matter(usual):
    files = sorted(SHEETS.iterdir())
    for seed in range(3):
        random.Random(seed).shuffle(files)
        assert everything(perfxl.consolidate(files)) == everything(usual)


def test_folder_files_and_both_say_the_same(usual):
    files = sorted(str(path) for path in SHEETS.iterdir())
    assert everything(perfxl.consolidate(files)) == everything(usual)
    assert everything(perfxl.consolidate([SHEETS, SHEETS])) == everything(usual)
    assert everything(perfxl.consolidate([SHEETS, *files])) == everything(usual)
    assert everything(perfxl.consolidate(SHEETS.parent / "." / SHEETS.name)) == everything(usual)


def test_offices_that_all_call_their_file_the_same(tmp_path, usual):
    for file in SHEETS.iterdir():
        (tmp_path / file.stem).mkdir()
        shutil.copy(file, tmp_path / file.stem / "monitoraggio.xlsx")
    found = perfxl.consolidate(tmp_path)
    assert [(n.code, n.pct, n.measured, n.total) for n in found.nodes] == [
        (n.code, n.pct, n.measured, n.total) for n in usual.nodes
    ]
    assert [o.cover for o in found.offices] == [o.cover for o in usual.offices]
    assert len({row.uid for row in found.rows}) == len(usual.rows)


def test_two_sheets_that_do_not_say_whose_they_are_are_two(tmp_path):
    """Neither is dropped as a copy of the other."""
    head = ["Obiettivi e indicatori", "Algoritmo", "Risultato 2019", "Target 2019", "Ufficio"]
    book = openpyxl.Workbook()
    for number, name in enumerate(("gennaio", "febbraio"), 1):
        sheet = book.create_sheet(name)
        for row in (
            head,
            ["OB 1: Area"],
            ["1.1 Obiettivo"],
            [f"1.1.{number} Operativo"],
            [f"O1.1.{number}-a Indicatore", "n. >= 4", number, 4],
        ):
            sheet.append(row)
    book.save(tmp_path / "fogli.xlsx")
    found = perfxl.consolidate(tmp_path)
    assert [(r.code, r.pct) for r in found.rows] == [("O1.1.1-a", 25), ("O1.1.2-a", 50)]
    assert said(found, "PX-L006") == []
    assert len(said(found, "PX-R005")) == 2


def test_inputs_are_byte_identical_afterwards(folder, tmp_path, unchanged):
    with unchanged(folder, SHEETS, PLAN, nothing_added=True):
        run = perfxl.consolidate(folder, plan=PLAN, as_of=date(2019, 4, 30))
        run.write(tmp_path / "Consolidato.xlsx")
        run.as_json()


def test_the_hashes_are_those_of_the_files(usual):
    import hashlib

    assert {PurePath(s.path).name: s.sha256 for s in usual.sources} == {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in SHEETS.iterdir()
    }


def test_progress_counts_the_files():
    calls = []
    perfxl.consolidate(SHEETS, progress=lambda done, total, name: calls.append((done, total, name)))
    assert [done for done, _, _ in calls] == list(range(13))
    assert {total for _, total, _ in calls} == {12}
    assert calls[0][2] == "ENTE_e_trasversali_monitoraggio_2019.xlsx"


# -- the plan ------------------------------------------------------------------------------------------------------


def test_the_plan_brings_six_indicators_that_no_sheet_has(usual, planned, golden):
    assert tree(usual) == TREE
    assert (planned.headline.total, planned.headline.measured, str(planned.headline.shown)) == (77, 21, "42.75")
    in_sheets = {r["code_normalised"] for r in golden("massacarrara-2019/dashboards") if r["row_type"] == "indicatore"}
    in_plan = {r["code_normalised"] for r in golden("massacarrara-2019/indicators")}
    new = sorted(m.code.partition("#")[0] for m in planned.missing if m.what == "indicatore")
    assert new == sorted(
        r["code_normalised"] for r in golden("massacarrara-2019/indicators") if r["code_normalised"] not in in_sheets
    )
    assert (len(new), len(in_sheets & in_plan)) == (6, 71)
    assert len(said(planned, "PX-P002")) == 6
    assert said(usual, "PX-P002") == []


def test_the_plan_brings_budgets_and_perspectives(planned, golden):
    expected = {r["code"]: Decimal(r["budget_eur"]) for r in golden("massacarrara-2019/tree")}
    assert {n.code: n.budget for n in planned.nodes} == expected
    perspectives = {
        r["code"]: {p.strip().casefold() for p in r["bsc_perspective"].split("/") if p.strip()}
        for r in golden("massacarrara-2019/tree")
    }
    assert {n.code: {p.casefold() for p in n.perspectives} for n in planned.nodes} == perspectives


def test_the_perspectives_are_rolled_up(planned, golden):
    pct = {n.code: (n.pct, n.measured, n.total) for n in planned.nodes}
    groups = {}
    for row in golden("massacarrara-2019/tree"):
        if row["level"] == "obiettivo_operativo":
            for name in row["bsc_perspective"].split("/"):
                groups.setdefault(name.strip().casefold(), []).append(row["code"])
    found = {p.name.casefold(): p for p in planned.perspectives}
    assert {name: sorted(p.nodes) for name, p in found.items()} == {name: sorted(codes) for name, codes in groups.items()}
    for name, codes in groups.items():
        known = [pct[code][0] for code in codes if pct[code][0] is not None]
        cover = found[name].cover
        assert cover.pct == (sum(known, Fraction(0)) / len(known) if known else None)
        assert (cover.measured, cover.total) == (sum(pct[c][1] for c in codes), sum(pct[c][2] for c in codes))


def test_the_plan_brings_three_years_of_targets(planned, golden):
    expected = {}
    for row in golden("massacarrara-2019/indicators"):
        later = [(year, row[f"target_{year}"]) for year in (2020, 2021) if row[f"target_{year}"]]
        if later and "obiettivo" not in row["code_normalised"]:
            expected[row["code_normalised"]] = [year for year, _ in later]
    found = {
        r.code: [y for y, _ in r.targets_other_years if y != 2019] for r in planned.rows if r.counts and "obiettivo" not in r.code
    }
    assert {code: years for code, years in found.items() if years} == expected


def test_without_the_sg_s_objectives_it_is_said(usual):
    only = perfxl.consolidate(SHEETS, plan=PLAN / "Piano_2019_Allegato1.xlsx")
    assert only.with_plan
    for run in (usual, only):
        assert said(run, "PX-A011") == [("", "", "SG: indicato nei fogli, ma senza un foglio di obiettivi")]
        assert "SG" not in {p.code for p in run.people}


def test_the_sg_s_file_counts_wherever_it_is_given(planned):
    beside = perfxl.consolidate([SHEETS, PLAN / "Obiettivi_SG_2019.xlsx"], plan=PLAN / "Piano_2019_Allegato1.xlsx")
    sg = [[p for p in run.people if p.code == "SG"] for run in (planned, beside)]
    assert sg[0] == sg[1]
    assert str(sg[0][0].cover.shown) == "32.00"


def test_a_row_that_the_plan_does_not_know(folder):
    changed(SHEETS / U11, folder / U11, {"A7": "O1.2.4-z Numero newsletter inviate"})
    found = perfxl.consolidate(folder, plan=PLAN)
    assert said(found, "PX-P001") == [(U11, "A7", "O1.2.4-z Numero newsletter inviate")]
    assert "O1.2.4-a" in {m.code for m in found.missing}


def test_a_target_that_differs_from_the_plan_s(folder):
    changed(SHEETS / U11, folder / U11, {"D7": 6})
    found = perfxl.consolidate(folder, plan=PLAN)
    [(file, cell, text)] = said(found, "PX-P003")
    assert (file, cell) == (U11, "D7")
    assert "«6» nel foglio" in text
    assert "«12» nel piano (Piano_2019_Allegato1.xlsx [Allegato 1] E26)" in text
    assert tree(found)[0] == ("ENTE", "42.75", 21, 77)  # 3 of the plan's 12, not of the sheet's 6
    [row] = (r for r in perfxl.consolidate(folder).rows if r.code == "O1.2.4-a" and r.counts)
    assert row.pct == 50  # without the plan the sheet's target is all there is


def test_a_plan_that_is_none():
    found = perfxl.consolidate(SHEETS, plan=SHEETS / U11)
    assert [f.severity for f in found.findings if f.code == "PX-P005"] == ["errore"]
    assert not found.with_plan


# -- one code, several rows ----------------------------------------------------------------------------------------

NEWSLETTER, OFFICIAL = "O1.2.4-a Numero newsletter inviate", "O2.1.4-d"


def test_a_code_twice_in_a_sheet(folder):
    changed(SHEETS / U11, folder / U11, {"A14": NEWSLETTER})
    found = perfxl.consolidate(folder)
    assert said(found, "PX-A014") == [(U11, "A14", "O1.2.4-a: due volte in questo foglio, anche in A7")]


def test_one_code_for_two_indicators_of_two_sheets(folder):
    changed(SHEETS / U11, folder / U11, {"A23": f"{OFFICIAL} Orario della biblioteca"})
    [(file, cell, text)] = said(perfxl.consolidate(folder), "PX-A014")
    assert (file, cell) == (U11, "A23")
    assert "«Orario della biblioteca» qui, «Circoli di qualità." in text
    assert "ENTE_e_trasversali_monitoraggio_2019.xlsx [Cruscotto] A" in text


def test_a_target_that_differs_between_sheets(folder):
    changed(SHEETS / U11, folder / U11, {"D23": 3})
    [(file, cell, text)] = said(perfxl.consolidate(folder), "PX-A010")
    assert (file, cell) == (U11, "D23")
    assert "target «3» qui, «2» in ENTE_e_trasversali_monitoraggio_2019.xlsx [Cruscotto] D" in text
    with_plan = perfxl.consolidate(folder, plan=PLAN)
    assert said(with_plan, "PX-A010") == []
    assert [(file, cell) for file, cell, _ in said(with_plan, "PX-P003")] == [(U11, "D23")]


# -- people and offices --------------------------------------------------------------------------------------------


OFFICES = {
    "ISR_monitoraggio_2019.xlsx": {"ISR"},
    "U0.1_monitoraggio_2019.xlsx": {"U0.1"},
    U11: {"U1.1"},
    "U2.1_monitoraggio_2019.xlsx": {"U2.1"},
    "U3.1-U3.2_monitoraggio_2019.xlsx": {"U3.1", "U3.2"},
    "U4.1_monitoraggio_2019.xlsx": {"U4.1"},
    U5: {"U5.1", "U5.2"},
}


@pytest.mark.parametrize("file", OFFICES)
def test_an_office_without_its_sheet_is_missing(folder, usual, file):
    """Missing, and not said to be a slip of everybody else's: U6.1 and U6.3 remain the only offices that don't exist."""
    (folder / file).unlink()
    found = perfxl.consolidate(folder)
    assert {m.code for m in found.missing if m.what == "ufficio"} == OFFICES[file]
    assert {text.partition(":")[0] for _, _, text in said(found, "PX-A004")} == OFFICES[file]
    assert {text.partition(",")[0] for _, _, text in said(found, "PX-A003")} == {"U6.1", "U6.3"}
    assert not OFFICES[file] & {o for office in found.offices for o in office.code.split("/")}
    assert not said(usual, "PX-A004")


def test_an_objective_of_the_sg_that_names_no_indicator(tmp_path):
    text = "2.1.1 Numero di gatti adottati dalla Camera"
    sg = changed(PLAN / "Obiettivi_SG_2019.xlsx", tmp_path / "Obiettivi_SG_2019.xlsx", {sg_cell("2.1.1"): text})
    found = perfxl.consolidate(SHEETS, plan=[PLAN / "Piano_2019_Allegato1.xlsx", sg])
    [(file, cell, text_found)] = said(found, "PX-A012")
    assert (file, cell) == ("Obiettivi_SG_2019.xlsx", sg_cell("2.1.1"))
    assert "gatti" in text_found
    [person] = (p for p in found.people if p.code == "SG")
    assert (person.cover.measured, person.cover.total) == (2, 8)
    assert person.cover.pct == 0  # the 80 of the meetings is gone: 11,4 and 5,7 at zero remain


def sg_cell(code):
    book = openpyxl.load_workbook(PLAN / "Obiettivi_SG_2019.xlsx")
    [cell] = (c.coordinate for row in book.worksheets[0].iter_rows() for c in row if str(c.value).startswith(f"{code} "))
    return cell


# -- year and reference date ---------------------------------------------------------------------------------------


def test_the_year_can_be_said(usual):
    assert usual.year == 2019
    other = perfxl.consolidate(SHEETS, year=2020)
    assert other.year == 2020
    [row] = (r for r in other.rows if r.code == "S1.1.1-a" and r.counts)
    assert row.target_text == ">=80%"  # the column Target 2020


@pytest.mark.parametrize(
    ("day", "code", "timing", "pro_rata"),
    [
        (date(2019, 4, 30), "O1.2.4-a", "", 75),  # 3 newsletters of 12 after four months of twelve
        (date(2019, 4, 30), "O1.1.1-b", "non ancora dovuto", None),  # within 31/07, blank
        (date(2019, 8, 1), "O1.1.1-b", "scaduto, manca il risultato", None),
        (date(2019, 4, 30), "O1.2.3-a", "nei termini", None),  # 29/03 against 31/03
    ],
)
def test_the_reference_date_tells_not_yet_due_from_forgotten(day, code, timing, pro_rata):
    [row] = (r for r in perfxl.consolidate(SHEETS, as_of=day).rows if r.code == code and r.counts)
    if pro_rata is None:
        assert str(row.timing) == timing
    else:
        assert (row.pct, row.pro_rata_pct) == (25, pro_rata)


def test_the_reference_date_moves_no_official_figure(usual):
    for day in (date(2019, 4, 30), date(2019, 12, 31)):
        assert tree(perfxl.consolidate(SHEETS, as_of=day)) == TREE == tree(usual)


# -- copies --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["U1.1_monitoraggio_2019 (copia)", "Copia di U1.1", "A_copy", "U1.1 - Copia (2)", "U1.1 (1)"])
def test_an_identical_copy_is_not_counted_twice(folder, usual, name):
    """The file that calls itself a copy is the one left out, whichever comes first in the alphabet."""
    shutil.copy(folder / U11, folder / f"{name}.xlsx")
    found = perfxl.consolidate(folder)
    [one] = (f for f in found.findings if f.code == "PX-L006")
    assert (str(one.severity), PurePath(one.file).name) == ("avviso", f"{name}.xlsx")
    assert one.found == f"U1.1: copia identica rispetto a {U11} [Cruscotto], che vale"
    assert tree(found) == TREE
    assert len(found.rows) == len(usual.rows)


def test_a_copy_of_the_same_name_is_told_with_its_folder(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(SHEETS / U11, tmp_path / name / U11)
    [one] = (f for f in perfxl.consolidate(tmp_path).findings if f.code == "PX-L006")
    assert one.found == f"U1.1: copia identica rispetto a a/{U11} [Cruscotto], che vale"


def test_a_copy_that_says_something_else_is_an_error(folder):
    changed(SHEETS / U11, folder / "U1.1_v2.xlsx", {"C7": 12})
    found = perfxl.consolidate(folder)
    [one] = (f for f in found.findings if f.code == "PX-L006")
    assert str(one.severity) == "errore"
    assert "contenuto diverso" in one.found
    assert U11 in one.found
    assert tree(found) == TREE


BLANK = {f"C{row}": None for row in range(4, 30)}


def test_of_two_copies_the_filled_one_counts(folder):
    """The blank template came first in the alphabet, and left the office without results."""
    changed(SHEETS / U11, folder / "A_modello_U1.1.xlsx", BLANK)
    found = perfxl.consolidate(folder)
    [one] = (f for f in found.findings if f.code == "PX-L006")
    assert (str(one.severity), PurePath(one.file).name) == ("avviso", "A_modello_U1.1.xlsx")
    assert "nessun risultato" in one.found
    assert U11 in one.found
    assert tree(found) == TREE


def test_a_hidden_sheet_does_not_supplant_the_visible_one(folder):
    """Last month's sheet, kept hidden in the same file, has a result in every row: the visible one counts all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(SHEETS / U11)
    old = book.copy_worksheet(book.active)
    old.title, old.sheet_state = "A marzo", "hidden"
    for row in range(4, 24):
        old.cell(row, 3).value = "100%"
    book.move_sheet(old, -1)
    book.active = 1
    book.save(folder / U11)
    found = perfxl.consolidate(folder)
    [one] = (f for f in found.findings if f.code == "PX-L006")
    assert (str(one.severity), one.sheet) == ("errore", "A marzo")
    assert tree(found) == TREE


def in_two(source, target, cut, *, apart):
    """The sheet of a workbook in two, its rows above and below `cut`: in one file, or the second in a file of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first, second = openpyxl.load_workbook(source), openpyxl.load_workbook(source)
    first.active.delete_rows(cut, first.active.max_row)
    second.active.delete_rows(4, cut - 4)
    if apart:
        second.save(target.with_name("altra_parte.xlsx"))
    else:
        sheet = first.create_sheet("Altra parte")
        for row in second.active.iter_rows():
            for cell in row:
                sheet.cell(cell.row, cell.column, cell.value).number_format = cell.number_format
    first.save(target)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("file", [U11, U5, "PO2_monitoraggio_2019.xlsx", "ENTE_e_trasversali_monitoraggio_2019.xlsx"])
def test_a_respondent_s_rows_on_two_sheets_all_count(folder, usual, file, apart):
    in_two(SHEETS / file, folder / file, 9, apart=apart)
    found = perfxl.consolidate(folder)
    assert tree(found) == TREE
    assert [(p.code, p.cover) for p in found.people] == [(p.code, p.cover) for p in usual.people]
    assert [(o.code, o.cover) for o in found.offices] == [(o.code, o.cover) for o in usual.offices]
    assert sorted(r.code for r in found.rows) == sorted(r.code for r in usual.rows)
    assert [str(f.severity) for f in found.findings if f.code == "PX-L006"] == ["nota"] * apart


def test_only_the_rows_that_are_there_twice_are_left_out(folder, usual):
    """An older copy, with a row that the newer one lacks."""
    changed(SHEETS / U11, folder / "U1.1_v2.xlsx", {"A10": "01.2.4-z Indicatore aggiunto", "C7": 12})
    found = perfxl.consolidate(folder)
    [one] = (f for f in found.findings if f.code == "PX-L006")
    assert str(one.severity) == "errore"
    assert "contenuto diverso per" in one.found
    assert "O1.2.4-z" in {row.code for row in found.rows}
    assert len([r for r in found.rows if r.office == "U1.1"]) == 1 + len([r for r in usual.rows if r.office == "U1.1"])


# -- bad files beside the good ones --------------------------------------------------------------------------------


def as_text(path):
    path.write_text("Risultato;Target\n3;12\n", encoding="utf-8")


def as_truncated_zip(path):
    path.write_bytes((SHEETS / U11).read_bytes()[:4000])


def as_protected(path):
    with (SHEETS / U11).open("rb") as plain, path.open("wb") as locked:
        OOXMLFile(plain).encrypt("segreto", locked)


def as_bomb(path):
    """A sheet of 520 MiB of blanks in half a megabyte: past the limit of 512 MiB that docs and messages state."""
    with zipfile.ZipFile(SHEETS / U11) as good, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb:
        for item in good.infolist():
            if not item.filename.startswith("xl/worksheets/sheet"):
                bomb.writestr(item.filename, good.read(item))
                continue
            start, end = good.read(item).split(b"<sheetData>", 1)
            with bomb.open(item.filename, "w", force_zip64=True) as part:
                part.write(start + b"<sheetData>")
                for _ in range(520):
                    part.write(b" " * 2**20)
                part.write(end)


def as_empty(path):
    path.write_bytes(b"")


BAD = {"text": (as_text, "PX-L002"), "truncated": (as_truncated_zip, "PX-L001"), "password": (as_protected, "PX-L003"), "bomb": (as_bomb, "PX-L004"), "empty": (as_empty, "PX-L00")}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_one_bad_file_never_stops_the_others(folder, unchanged, kind):
    make, code = BAD[kind]
    make(folder / "AAA.xlsx")
    with unchanged(folder, nothing_added=True):
        found = perfxl.consolidate(folder)
    mine = [f for f in found.findings if PurePath(f.file).name == "AAA.xlsx"]
    assert [f.code[: len(code)] for f in mine] == [code]
    assert str(mine[0].severity) == "errore"
    assert tree(found) == TREE
    [source] = (s for s in found.sources if PurePath(s.path).name == "AAA.xlsx")
    assert source.sheets == ()


@pytest.mark.parametrize("kind", ["text", "truncated", "password", "empty"])
def test_a_bad_file_alone_is_nothing_usable(tmp_path, kind):
    BAD[kind][0](tmp_path / "AAA.xlsx")
    with pytest.raises(perfxl.InputError, match=r"AAA\.xlsx") as caught:
        perfxl.consolidate(tmp_path)
    assert [f.code[: len(BAD[kind][1])] for f in caught.value.findings] == [BAD[kind][1]]


def test_all_bad_files_together_leave_the_figures(folder):
    for kind, (make, _) in BAD.items():
        if kind != "bomb":
            make(folder / f"{kind}.xlsx")
    (folder / "appunti.docx").write_bytes(b"PK")
    (folder / "~$modulo.xlsx").write_bytes(b"x" * 165)
    assert tree(perfxl.consolidate(folder)) == TREE


def test_a_million_formatted_empty_rows(folder):
    """What remains when an office colours whole columns: read past, quickly, with nothing to say."""
    with zipfile.ZipFile(SHEETS / U11) as good:
        parts = {item.filename: good.read(item) for item in good.infolist()}
    [name] = (name for name in parts if name.startswith("xl/worksheets/sheet"))
    rows = io.BytesIO()
    for row in range(100, 1_000_100):
        rows.write(b'<row r="%d" s="1"><c r="A%d" s="1"/><c r="C%d" s="1"/></row>' % (row, row, row))
    parts[name] = parts[name].replace(b"</sheetData>", rows.getvalue() + b"</sheetData>")
    with zipfile.ZipFile(folder / U11, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as big:
        for part, data in parts.items():
            big.writestr(part, data)
    found = perfxl.consolidate(folder)
    assert tree(found) == TREE
    assert [f for f in found.findings if PurePath(f.file).name == U11] == []


def test_a_file_open_in_excel_is_read_and_said(folder):
    (folder / f"~${U11}").write_bytes(b"x" * 165)
    found = perfxl.consolidate(folder)
    assert [file for file, _, _ in said(found, "PX-L005")] == [U11]
    assert tree(found) == TREE


def test_merged_headers(folder):
    """A band over the header, and headings on two rows: result beneath «Monitoraggio 2019»."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(SHEETS / U11)
    sheet = book.worksheets[0]
    header = next(row[0].row for row in sheet.iter_rows() if str(row[0].value).startswith("OBIETTIVI"))
    sheet.insert_rows(header)
    for column in range(1, sheet.max_column + 1):
        sheet.cell(header, column).value = sheet.cell(header + 1, column).value
        sheet.cell(header + 1, column).value = None
    sheet.cell(header, 3).value = "Monitoraggio 2019"
    for column, text in ((3, "Risultato"), (4, "Target")):
        sheet.cell(header + 1, column).value = text
    sheet.merge_cells(start_row=header, end_row=header, start_column=3, end_column=4)
    for column in (1, 2, 5, 6, 7, 8, 9):
        sheet.merge_cells(start_row=header, end_row=header + 1, start_column=column, end_column=column)
    book.save(folder / U11)
    found = perfxl.consolidate(folder)
    assert tree(found) == TREE
    assert [f.found for f in found.findings if PurePath(f.file).name == U11] == []


@pytest.mark.parametrize("error", ["#DIV/0!", "#NAME?", "#N/A", "#REF!"])
def test_an_error_of_excel_is_not_measured_and_said(folder, error):
    changed(SHEETS / U11, folder / U11, {"C7": error})
    found = perfxl.consolidate(folder)
    assert [(file, cell) for file, cell, _ in said(found, "PX-R006")] == [(U11, "C7")]
    assert said(found, "PX-R006")[0][2].startswith(error)
    [row] = (r for r in found.rows if r.code == "O1.2.4-a" and r.counts)
    assert (row.pct, row.target_text) == (None, "12")
    assert found.headline.measured == 20


def test_a_hyperlink_typed_as_text_stays_text(folder, tmp_path):
    text = '=HYPERLINK("http://esempio.invalid/x.exe";"clicca")'
    changed(SHEETS / U11, folder / U11, {"C7": typed_text(text)})
    found = perfxl.consolidate(folder)
    assert [(file, cell) for file, cell, _ in said(found, "PX-R009")] == [(U11, "C7")]
    assert found.headline.measured == 20
    written = found.write(tmp_path / "Consolidato.xlsx")
    book = openpyxl.load_workbook(written)
    cells = [
        c for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str) and "esempio.invalid" in c.value
    ]
    assert cells
    assert {c.data_type for c in cells} == {"s"}


# -- nothing usable ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["empty folder", "no such path", "only notes", "nothing given"])
def test_nothing_usable_is_an_input_error(tmp_path, what):
    if what == "only notes":
        (tmp_path / "appunti.txt").write_text("promemoria", encoding="utf-8")
    paths = {"no such path": tmp_path / "non-esiste", "nothing given": []}.get(what, tmp_path)
    with pytest.raises(perfxl.InputError) as caught:
        perfxl.consolidate(paths)
    assert "nessun foglio utilizzabile" in caught.value.message


def test_statements_alone_are_a_consolidation_without_indicators():
    alone = perfxl.consolidate(ROOT / "workbooks" / "lucca-2017" / "Risorse_2017.xlsx", method="lucca-2017")
    assert alone.rows == ()
    assert alone.headline.pct is None
    assert alone.statements is not None
    assert "Risorse" in alone.statements.tabs
    assert {"PX-R002"} <= {f.code for f in alone.findings}, "che non sono fogli di indicatori resta detto"


# -- output --------------------------------------------------------------------------------------------------------


def test_an_output_that_exists_is_kept_as_a_numbered_copy(usual, tmp_path):
    path = tmp_path / "Consolidato.xlsx"
    path.write_bytes(b"scritto da altri")
    assert usual.write(path) == path
    assert (tmp_path / "Consolidato (1).xlsx").read_bytes() == b"scritto da altri"
    first = path.read_bytes()
    usual.write(path)
    assert (tmp_path / "Consolidato (2).xlsx").read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["Consolidato (1).xlsx", "Consolidato (2).xlsx", "Consolidato.xlsx"]


def test_an_output_that_can_not_be_written(usual, tmp_path):
    (tmp_path / "file").write_text("non è una cartella", encoding="utf-8")
    for path in (tmp_path / "file" / "Consolidato.xlsx", tmp_path / "non-esiste" / "Consolidato.xlsx"):
        with pytest.raises(perfxl.OutputError) as caught:
            usual.write(path)
        assert caught.value.path == str(path)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_folder_gets_the_name_of_the_body_and_year(usual, tmp_path):
    assert usual.write(tmp_path) == tmp_path / "Consolidato_CCIAA_Massa-Carrara_2019.xlsx"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root scrive anche nelle cartelle in sola lettura")
def test_a_read_only_folder(usual, tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(perfxl.OutputError):
            usual.write(tmp_path / "Consolidato.xlsx")
    finally:
        tmp_path.chmod(0o700)


def test_what_was_written_is_told_from_what_an_office_sent(usual, tmp_path, workbooks):
    from perfxl.forms import make_forms, write_forms
    from perfxl.methods import load_method
    from perfxl.readers.ours import is_ours
    from perfxl.verification import verified
    from perfxl.views.schede_individuali import people_book
    from perfxl.views.verifiche import verification_book
    from perfxl.writers import write_book

    path = tmp_path / "un nome qualsiasi.xlsx"
    assert is_ours(usual.write(path))
    for book in (people_book(usual, tmp_path)[0], verification_book(verified(usual), tmp_path)):
        write_book(book, path)
        assert is_ours(path)
    method = load_method("massacarrara-2019")
    offices = workbooks / "massacarrara-2019"
    forms = make_forms([workbooks / "massacarrara-2019-piano"], method=method, dashboards=[offices])
    sheets = write_forms(forms, tmp_path / "schede", method)[0]
    assert sheets
    assert not any(is_ours(sheet) for sheet in (*sheets, *offices.iterdir(), tmp_path))
