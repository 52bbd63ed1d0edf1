"""The filled sheet of measures: made again byte by byte, and nothing in it but what the plan prints."""

from __future__ import annotations

from openpyxl import load_workbook

from scripts.cartelle import misure as filled_example

FILLED = "tno-2022/massacarrara-misure/Misure_2022-2024.xlsx"
YEARS = (2022, 2023, 2024)


def test_the_filled_example_holds_only_what_the_document_prints(workbooks, golden, tmp_path):
    [made] = filled_example.write(tmp_path)
    assert made.read_bytes() == (workbooks / FILLED).read_bytes()
    printed = {
        **{row["label"]: row for row in golden("tno-2022/ms_budget")},
        **{row["label"]: row for row in golden("tno-2022/ms_ratios")},
    }
    sheet = load_workbook(made)["Misure"]
    headings = [cell.value for cell in sheet[4]]
    rows = [dict(zip(headings, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]
    with_values = [row for row in rows if row["Valore 2022"] is not None]
    assert len(rows) == 28
    assert {row["Codice"] for row in with_values} == {"Patrimonio netto", "Immob", "ProvCorrSval", "ProvStrut", "OnStrut"}
    for row in with_values:
        label = row["Da dove viene"].split(": ", 1)[1].split(", stampato")[0]
        for year in YEARS:
            figure = printed[label].get(f"preventivo_{year}") or printed[label][f"v{year}"]
            assert abs(row[f"Valore {year}"]) == abs(float(figure))
