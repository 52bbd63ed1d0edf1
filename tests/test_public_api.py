"""The public API, frozen: a change here is a decision, written in the CHANGELOG, and not an accident."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pickle

import pytest

import perfxl
from perfxl import errors
from perfxl.findings import CATALOGUE, Finding, FindingKind, Severity, finding
from perfxl.model import CellRef, Node, ResultKind, ScoredRow, State, TargetKind

PUBLIC = [
    "CATALOGUE",
    "AdjustmentError",
    "Consolidation",
    "DeclarationError",
    "Finding",
    "InputError",
    "LayoutError",
    "MethodError",
    "OutputError",
    "PerfxlError",
    "RoundError",
    "Severity",
    "__version__",
    "achievement",
    "consolidate",
    "load_method",
    "parse_result",
    "parse_target",
    "read_workbook",
]

SIGNATURES = {
    "parse_target": "(text_or_value: object, *, algorithm: str | Cell | None = '', year: int | None = None) -> Target",
    "parse_result": "(text_or_value: object, *, year: int | None = None) -> Result",
    "load_method": "(name_or_path: str | Path) -> Method",
    "achievement": (
        "(target: Any, result: Any, *, method: Method | str | Path = 'massacarrara-2019', algorithm: str = '', "
        "year: int | None = None) -> Achievement"
    ),
    "read_workbook": (
        "(path: str | Path, *, layouts: Sequence[Layout] = (), year: int | None = None, other: Taker | None = None) -> WorkbookRows"
    ),
    "consolidate": (
        "(paths: Paths, *, method: Method | str | Path = 'massacarrara-2019', plan: Paths | None = None, year: int | None = None, "
        "as_of: date | None = None, adjustments: str | Path | None = None, layouts: Sequence[Any] = (), "
        "previous: str | Path | Previous | None = None, progress: Progress | None = None, read: Sequence[WorkbookRows] = (), "
        "declarations: Sequence[Declaration] = (), statements: Sequence[Statement] = (), period: Period | None = None) -> Consolidation"
    ),
    "Consolidation.write": "(self, path: str | Path) -> Path",
    "Consolidation.as_json": "(self) -> dict[str, Any]",
    "Consolidation.explain": "(self, code: str) -> str",
    "Consolidation.indicators_frame": "(self) -> pd.DataFrame",
}

FIELDS = {
    "model.Target": "kind operator value low high unit dates text period reference problem",
    "model.Result": "kind value unit dates month numbers text problem",
    "scoring.Achievement": "target result rule raw_pct pct shown state explanation findings",
    "consolidation.Consolidation": (
        "body year method method_file as_of nodes rows offices people perspectives adjustments findings missing sources "
        "version made_at with_plan missions period statements notes"
    ),
    "findings.Finding": "code severity title found expected remedy file sheet cell",
    "findings.FindingKind": "code severity title expected remedy",
    "model.CellRef": "file sheet row column",
    "model.WorkbookRows": "file sha256 sheets findings",
}

TARGET_KINDS = [
    "threshold",
    "count",
    "equality",
    "range",
    "deadline",
    "multi_deadline",
    "days_within",
    "relative",
    "milestone",
    "none",
    "unreadable",
]
RESULT_KINDS = [
    "percent",
    "number",
    "date",
    "month",
    "variation",
    "values",
    "done",
    "not_done",
    "not_measured",
    "empty",
    "narrative",
    "unreadable",
]
STATES = ["raggiunto", "parzialmente raggiunto", "non raggiunto", "non misurato"]

ERRORS = {
    "MethodError": {"file": "mio.toml", "key": "scoring.cap", "allowed": ("ratio",)},
    "LayoutError": {"file": "mio.toml", "key": "columns.result", "allowed": ("essential",)},
    "DeclarationError": {"file": "nostro.toml", "key": "rules.1.formula"},
    "RoundError": {"path": "giro"},
    "InputError": {"path": "fogli"},
    "AdjustmentError": {"file": "rettifiche.xlsx", "cell": "B3"},
    "OutputError": {"path": "Consolidato.xlsx"},
}

CODES = {
    "errore": """
        PX-L001 PX-L002 PX-L003 PX-L004 PX-L007 PX-R006 PX-G001 PX-G002 PX-A001 PX-P005 PX-T001
        PX-C001 PX-C003 PX-C012 PX-M001 PX-M002 PX-M003 PX-M004 PX-M005 PX-M006 PX-M013 PX-M014 PX-M015
        PX-N001 PX-N002 PX-N003 PX-N005 PX-N010 PX-N011 PX-N013 PX-N015 PX-N016 PX-N017 PX-N018 PX-N030 PX-N031
        PX-N032 PX-N026 PX-N028 PX-N040 PX-N041 PX-N042 PX-N045 PX-N046 PX-N052 PX-N053
    """,
    "avviso": """
        PX-L005 PX-L006 PX-R001 PX-R004 PX-R005 PX-R007 PX-R008 PX-R012 PX-G003 PX-G004 PX-G005 PX-G007 PX-G008 PX-G009 PX-G010
        PX-V001 PX-V002 PX-V003 PX-V004 PX-V007 PX-A002 PX-A003 PX-A004 PX-A005 PX-A006 PX-A007 PX-A008 PX-A009 PX-A010 PX-A012
        PX-A014 PX-A015 PX-A016 PX-A017 PX-P001 PX-P002 PX-P003 PX-P004 PX-T002 PX-T005 PX-S001 PX-S004 PX-S011 PX-S012 PX-S013
        PX-F001 PX-F002
        PX-C002 PX-C005 PX-C010 PX-C011 PX-C013 PX-M007 PX-M009 PX-M012 PX-M016 PX-M017 PX-M018 PX-M019
        PX-M020 PX-M021 PX-M023 PX-E001 PX-E002 PX-E003 PX-C020 PX-C021 PX-C022 PX-C023 PX-C025 PX-C030 PX-C031
        PX-N004 PX-N014 PX-N019 PX-N020 PX-N021 PX-N024 PX-N025 PX-N043 PX-N044 PX-N047 PX-N050 PX-N051 PX-M024
        PX-L010
    """,
    "nota": """
        PX-L008 PX-L009 PX-R002 PX-R003 PX-R009 PX-R010 PX-R011 PX-G006 PX-V005 PX-V006 PX-A011 PX-A013 PX-T003 PX-T004 PX-S002 PX-S003
        PX-S014 PX-F003
        PX-C004 PX-M008 PX-M010 PX-M011 PX-M022 PX-C024 PX-N012 PX-N023 PX-N027 PX-M025
    """,
}


def resolved(dotted):
    """`model.Target` of perfxl."""
    room, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(f"perfxl.{room}"), name)


# -- names and signatures ------------------------------------------------------------------------------------------


def test_the_public_names_are_these():
    assert perfxl.__all__ == PUBLIC
    assert set(PUBLIC) <= set(dir(perfxl))


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_can_be_used_and_is_documented(name):
    value = getattr(perfxl, name)
    assert getattr(perfxl, name) is value
    if callable(value):
        assert inspect.getdoc(value)


def test_star_import_gives_the_public_names():
    space = {}
    exec("from perfxl import *", space)
    assert set(PUBLIC) <= space.keys()


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_signature_is_frozen(name):
    head, _, method = name.partition(".")
    function = getattr(getattr(perfxl, head), method) if method else getattr(perfxl, head)
    assert str(inspect.signature(function)).replace("'", "").replace('"', "") == SIGNATURES[name].replace("'", "")


def test_no_public_function_is_left_out_of_the_snapshot():
    functions = {name for name in PUBLIC if inspect.isfunction(getattr(perfxl, name))}
    assert functions == {name for name in SIGNATURES if "." not in name}
    methods = {
        f"Consolidation.{name}" for name, _ in inspect.getmembers(perfxl.Consolidation, inspect.isfunction) if name[0] != "_"
    }
    assert methods == {name for name in SIGNATURES if "." in name}


@pytest.mark.parametrize("name", ["parse_targets", "Method", "__nothing__", "pandas"])
def test_an_unknown_attribute_is_an_attribute_error(name):
    with pytest.raises(AttributeError, match=f"module 'perfxl' has no attribute '{name}'"):
        getattr(perfxl, name)


# -- fields and words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FIELDS)
def test_the_fields_are_frozen(name):
    kind = resolved(name)
    assert [field.name for field in dataclasses.fields(kind)] == FIELDS[name].split()
    assert kind.__dataclass_params__.frozen


def test_the_kinds_and_states_are_these_words():
    assert [str(kind) for kind in TargetKind] == TARGET_KINDS
    assert [str(kind) for kind in ResultKind] == RESULT_KINDS
    assert [str(state) for state in State] == STATES
    assert [str(severity) for severity in Severity] == ["errore", "avviso", "nota"]


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (Node, "code level parent title pct shown state measured total"),
        (ScoredRow, "uid code office ref target result pct shown state weight counting"),
    ],
)
def test_rows_and_nodes_keep_what_callers_read(kind, needed):
    assert set(needed.split()) <= {field.name for field in dataclasses.fields(kind)}


# -- errors --------------------------------------------------------------------------------------------------------


def test_the_tree_of_errors():
    tree = {name: kind.__bases__ for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)}
    assert tree.pop("PerfxlError") == (Exception,)
    assert tree == dict.fromkeys(ERRORS, (perfxl.PerfxlError,))


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_has_a_message_and_attributes_and_can_be_pickled(name):
    kind, attributes = getattr(perfxl, name), ERRORS[name]
    error = kind("una frase", **attributes)
    for one in (error, pickle.loads(pickle.dumps(error))):
        assert type(one) is kind
        assert str(one) == one.message == "una frase"
        assert {key: getattr(one, key) for key in attributes} == attributes
        with pytest.raises(AttributeError, match="colour"):
            _ = one.colour


def test_errors_that_perfxl_raises_have_their_attributes(tmp_path):
    empty = tmp_path / "vuota"
    empty.mkdir()
    with pytest.raises(perfxl.InputError) as caught:
        perfxl.consolidate(empty)
    assert caught.value.path == str(empty)
    assert "vuota" in caught.value.message
    with pytest.raises(perfxl.MethodError) as caught:
        perfxl.load_method("pisa-1850")
    assert "massacarrara-2019" in caught.value.allowed
    layout = tmp_path / "modello.toml"
    layout.write_text('id = "x"\ntitle = "x"\nrole = "ufficio"\ncolumns = {}\n', encoding="utf-8")
    with pytest.raises(perfxl.LayoutError) as caught:
        perfxl.consolidate(empty, layouts=[layout])
    assert (caught.value.file, caught.value.key) == (str(layout), "role")
    assert "office" in caught.value.allowed
    for error in (caught.value,):
        assert pickle.loads(pickle.dumps(error)).allowed == error.allowed


# -- findings ------------------------------------------------------------------------------------------------------


def test_the_codes_and_their_severity_are_stable():
    frozen = {code: severity for severity, codes in CODES.items() for code in codes.split()}
    assert {code: str(kind.severity) for code, kind in CATALOGUE.items()} == frozen


def test_the_catalogue_is_keyed_by_code():
    assert all(code == kind.code and isinstance(kind, FindingKind) for code, kind in CATALOGUE.items())
    assert perfxl.CATALOGUE is CATALOGUE


def test_a_finding_is_data_with_its_cell():
    one = finding("PX-G003", "data zero", CellRef("fogli/U5.xlsx", "Cruscotto", 20, 3))
    assert isinstance(one, Finding)
    assert (one.file, one.sheet, one.cell) == ("fogli/U5.xlsx", "Cruscotto", "C20")
    assert pickle.loads(pickle.dumps(one)) == one
    assert one.as_dict() == {
        "code": "PX-G003",
        "severity": "avviso",
        "title": CATALOGUE["PX-G003"].title,
        "file": "fogli/U5.xlsx",
        "sheet": "Cruscotto",
        "cell": "C20",
        "found": "data zero",
        "expected": CATALOGUE["PX-G003"].expected,
        "remedy": CATALOGUE["PX-G003"].remedy,
    }


def test_an_unknown_code_is_refused():
    with pytest.raises(KeyError):
        finding("PX-Z999", "niente")


# -- the functions answer as promised ------------------------------------------------------------------------------


def test_one_call_of_each(workbooks, tmp_path):
    assert perfxl.parse_target(">= 80%").operator == ">="
    assert perfxl.parse_result("29/03/2019").kind is ResultKind.DATE
    score = perfxl.achievement(">= 12", "3", method="massacarrara-2019")
    assert (str(score.shown), str(score.state)) == ("25.00", "non raggiunto")
    own = tmp_path / "mio.toml"
    own.write_text('base = "massacarrara-2019"\ntitle = "Mio"\nbody = "Mio"\nsource = "prova"\n', encoding="utf-8")
    assert perfxl.achievement(">= 12", "3", method=own).shown == score.shown
    assert perfxl.load_method("lucca-2017").name == "lucca-2017"
    book = perfxl.read_workbook(workbooks / "massacarrara-2019" / "U1.1_monitoraggio_2019.xlsx")
    assert [sheet.respondent for sheet in book.sheets] == ["U1.1"]
    result = perfxl.consolidate([workbooks / "massacarrara-2019"], method=own)
    assert (str(result.headline.shown), result.method_file) == ("42.75", str(own))
    assert pickle.loads(pickle.dumps(result.findings)) == result.findings
