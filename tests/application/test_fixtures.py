"""The shared fixtures: the guard of the input files notices what it must."""

from __future__ import annotations

import pytest


def test_an_untouched_file_passes(tmp_path, unchanged):
    (tmp_path / "a.xlsx").write_bytes(b"uno")
    with unchanged(tmp_path, nothing_added=True):
        (tmp_path / "a.xlsx").read_bytes()


def test_a_changed_byte_is_noticed(tmp_path, unchanged):
    (tmp_path / "a.xlsx").write_bytes(b"uno")
    with pytest.raises(AssertionError, match=r"cambiati o spariti.*a\.xlsx"), unchanged(tmp_path / "a.xlsx"):
        (tmp_path / "a.xlsx").write_bytes(b"due")


def test_a_vanished_file_is_noticed(tmp_path, unchanged):
    (tmp_path / "a.xlsx").write_bytes(b"uno")
    with pytest.raises(AssertionError, match="cambiati o spariti"), unchanged(tmp_path):
        (tmp_path / "a.xlsx").unlink()


def test_a_file_left_beside_the_inputs_is_noticed_when_asked(tmp_path, unchanged):
    (tmp_path / "a.xlsx").write_bytes(b"uno")
    with unchanged(tmp_path):
        (tmp_path / "b.xlsx").write_bytes(b"nuovo")
    with pytest.raises(AssertionError, match="aggiunti accanto"), unchanged(tmp_path, nothing_added=True):
        (tmp_path / "c.xlsx").write_bytes(b"nuovo")


def test_there_must_be_something_to_guard(tmp_path, unchanged):
    with pytest.raises(AssertionError, match="nessun file da sorvegliare"), unchanged(tmp_path):
        pass


def test_golden_tables_are_lists_of_rows(golden):
    assert golden("massacarrara-2019/tree") == golden("massacarrara-2019/tree.csv")
    with pytest.raises(FileNotFoundError):
        golden("massacarrara-2019/inventata")


def test_the_workbooks_are_those_of_the_issue(workbooks):
    given = {"massacarrara-2019": 12, "massacarrara-2019-piano": 2, "lucca-2017": 6}
    assert {name: len(list((workbooks / name).glob("*.xlsx"))) for name in given} == given
