"""xlwings' real machinery off Windows: what it imports into a workbook, and every function called as Excel calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from functions.cells import call
from perfxl.errors import InputError
from perfxl.functions.catalogue import CATEGORY, FUNCTIONS
from perfxl.functions.cells import ERROR_CODES
from perfxl.functions.vba import macro_options, vba_wrappers
from perfxl.version import __version__

HERE = Path(__file__).parent
SNAPSHOT = HERE / "wrappers.bas"
ROWS = 10_000
DIV0 = next(code for code, text in ERROR_CODES.items() if text == "#DIV/0!")
CALC = next(code for code, text in ERROR_CODES.items() if text == "#CALC!")
MISSING, BLANK = {"missing": True}, {"range": [[None]]}


def column(*values):
    return {"range": [[value] for value in values]}


def called(*calls):
    """The answers to (function, arguments…), in a process in which xlwings believes to be on Windows."""
    asked = json.dumps([{"function": name, "arguments": arguments} for name, *arguments in calls])
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1])}
    done = subprocess.run(
        [sys.executable, str(HERE / "machinery.py")], input=asked, capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def results(*calls):
    return [answer["result"] for answer in called(*calls)]


# -- what is imported --------------------------------------------------------------------------------------------------


def test_the_generated_vba_is_the_committed_one():
    """Written anew with: python -m perfxl.functions.vba udfs --vba > tests/udfs/wrappers.bas"""
    assert vba_wrappers() == SNAPSHOT.read_text(encoding="utf-8")


def test_there_is_a_wrapper_for_every_function_and_none_else():
    lines = vba_wrappers().splitlines()
    heads = [line for line in lines if line.startswith(("Function ", "Sub "))]
    expected = []
    for function in FUNCTIONS.values():
        arguments = ", ".join(f"Optional {a.name}" if a.optional else a.name for a in function.arguments)
        expected.append(f"Function {function.name}({arguments})")
    assert sorted(heads) == sorted(expected)
    assert vba_wrappers().isascii()
    assert max(map(len, lines)) <= 1023
    assert "ThisWorkbook" in vba_wrappers()
    assert "ActiveWorkbook" not in vba_wrappers()


def test_excel_is_told_category_and_help_of_everything():
    told = {option["Macro"].rpartition("!")[2]: option for option in macro_options()}
    assert told.keys() == FUNCTIONS.keys()
    for function in FUNCTIONS.values():
        option = told[function.name]
        assert option["Category"] == CATEGORY
        assert option["Description"] == function.help
        assert (option["ArgumentDescriptions"] or []) == [argument.help for argument in function.arguments]


def test_a_module_that_can_t_be_loaded_is_an_error():
    with pytest.raises(InputError, match="nessun_modulo"):
        vba_wrappers("nessun_modulo")


def test_udfs_loads_without_excel_and_its_macros_are_there():
    code = "import udfs; print([callable(getattr(udfs, n)) for n in ('raccogli','ricalcola','riepiloghi','verifica','congela','annulla')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str([True] * 6), done.stderr


def test_every_macro_hands_the_workbook_to_the_live_room(monkeypatch):
    from perfxl import live

    sys.path.insert(0, str(HERE.parents[1]))
    try:
        import udfs
    finally:
        sys.path.pop(0)
    handed = []
    monkeypatch.setattr(udfs.xw.Book, "caller", classmethod(lambda cls: "cartella"))
    for name in ("raccogli", "ricalcola", "riepiloghi", "verifica", "congela", "annulla"):
        monkeypatch.setattr(live, name, lambda book, name=name: handed.append((name, book)))
        getattr(udfs, name)()
    assert handed == [(name, "cartella") for name in ("raccogli", "ricalcola", "riepiloghi", "verifica", "congela", "annulla")]


# -- calls -------------------------------------------------------------------------------------------------------------

CALLS = [
    # One cell comes back as a scalar, one row as a flat list, as VBA puts them into cells.
    (("PX_REALIZZAZIONE", {"range": [[0.74]]}, {"value": ">= 80%"}, MISSING, MISSING), 0.925),
    (("PX_REALIZZAZIONE", {"value": 0.74}, {"value": ">= 80%"}, {"value": ""}, {"value": "massacarrara-2019"}), 0.925),
    (("PX_REALIZZAZIONE", {"range": [[0.5, 0.25]]}, {"range": [["100%"]]}, BLANK, BLANK), [0.5, 0.25]),
    (
        ("PX_REALIZZAZIONE", column(None, "N.C.", {"error": DIV0}, {"error": CALC}, "74%", {"date": "2019-06-28"}, True, {"date": "1899-12-30"}),
         column(None, "80%", "80%", "80%", "80%", {"date": "2019-06-30"}, "realizzazione", "entro il 30/06/2019"), MISSING, MISSING),
        [[""], ["N.C."], ["risultato non leggibile"], ["risultato non leggibile"], [0.925], [1.0], [1.0], ["data zero (00/01/1900)"]],
    ),
    (("PX_REALIZZAZIONE", column(3, 4), column(12, {"error": DIV0}), column("n. newsletter >= 12", "n. incontri >= 4"), MISSING), [[0.25], ["target non leggibile"]]),
    (("PX_REALIZZAZIONE", column(1), column(1), MISSING, {"value": "nessuno"}), "metodo sconosciuto: nessuno"),
    (("PX_STATO", column(0.9, 0.4, None, "N.C.", {"error": DIV0}), MISSING),
     [["raggiunto"], ["non raggiunto"], [""], ["non misurato"], ["errore #DIV/0! tra le realizzazioni"]]),
    (("PX_STATO", {"value": 0.9}, {"range": [["lucca-2017"]]}), "raggiunto"),
    (("PX_OBIETTIVO", column(1, 0.5, "N.C.", None), column(20, 30, 50, None), MISSING), 0.7),
    (("PX_OBIETTIVO", {"range": [[0.9, 0.8]]}, MISSING, MISSING), 0.85),
    (("PX_OBIETTIVO", column(0.9, {"error": CALC}), MISSING, MISSING), "errore #CALC! tra le realizzazioni"),
    (("PX_OBIETTIVO", BLANK, MISSING, MISSING), "N.C."),
    (("PX_STRATEGICO", column(0.9, 0.7), {"value": 0.5}, MISSING), 0.68),
    (("PX_STRATEGICO", BLANK, column(0.5, 0.7), BLANK), 0.6),
    (("PX_LEGGI_TARGET", column(">= 80%", None, {"date": "2019-06-30"}, {"error": DIV0}), MISSING),
     [["soglia", ">=", 80.0, "%", ""], [""] * 5, ["scadenza", "", "", "data", {"date": "2019-06-30"}],
      ["non leggibile: testo che non indica con certezza un target", "", "", "", ""]]),
    (("PX_LEGGI_TARGET", {"value": 0.6}, {"value": "% riscossione > 60%"}), ["soglia", ">", 60.0, "%", ""]),
    (("PX_LEGGI_RISULTATO", column("3,8 gg", {"error": DIV0}, None)),
     [["numero", 3.8, "gg", ""], ["non leggibile: errore di Excel: #DIV/0!", "", "", ""], [""] * 4]),
    (("PX_SPIEGA", {"value": "N.C."}, {"value": "80%"}, MISSING, MISSING), "Non misurato: «N.C.»; per il metodo resta fuori dalle medie."),
    (("PX_SPIEGA", BLANK, BLANK, BLANK, BLANK), ""),
    (("PX_SCOSTAMENTO", column(0.74, {"date": "2019-07-10"}, {"error": DIV0}, None), column(">= 80%", {"date": "2019-06-30"}, 12, 12)),
     [[-0.06], [10.0], ["risultato non leggibile"], ["N.C."]]),
    (("PX_UTILIZZO", column(50, 0, 10, {"error": DIV0}, None), column(200, 0, 0, 5, None)),
     [[0.25], [0.0], ["budget zero"], ["importo non leggibile"], [""]]),
    (("PX_ALGORITMO", {"value": "a / b"}, {"range": [["a", "b"]]}, {"range": [[1, {"error": DIV0}]]}), "valore non leggibile: b"),
    (("PX_ALGORITMO", column("a / b", "b × 2"), column("a", "b"), column(1, 4)), [[0.25], [8.0]]),
    (("PX_INCENTIVO", column(1000, None, {"error": DIV0}), {"value": 0.9882}), [[988.2], [""], ["importo non leggibile"]]),
    (("PX_INCENTIVO", {"value": 1000}, {"value": "N.C."}), "N.C."),
    (("PX_VERSIONE",), f"perfxl {__version__}"),
]  # fmt: skip


def test_every_function_is_called():
    assert {arguments[0] for arguments, _ in CALLS} == FUNCTIONS.keys()


def test_scalars_ranges_blanks_errors_and_dates():
    assert results(*(arguments for arguments, _ in CALLS)) == [expected for _, expected in CALLS]


def test_whole_columns_of_ten_thousand_rows():
    """Each function once with 10,000 rows: the same cells as the catalogue's callables give without xlwings."""
    percents, texts = [i % 101 / 100 for i in range(ROWS)], [("74%", "N.C.", None, "giugno")[i % 4] for i in range(ROWS)]
    amounts = [float(i) for i in range(ROWS)]
    blocks = {
        "PX_REALIZZAZIONE": [percents, [">= 80%"]], "PX_STATO": [percents], "PX_OBIETTIVO": [percents, [v + 1 for v in amounts]],
        "PX_STRATEGICO": [percents, percents], "PX_LEGGI_TARGET": [texts], "PX_LEGGI_RISULTATO": [texts], "PX_SPIEGA": [texts, [">= 80%"]],
        "PX_SCOSTAMENTO": [percents, [0.5]], "PX_UTILIZZO": [amounts, [10_000.0]], "PX_INCENTIVO": [amounts, percents],
        "PX_ALGORITMO": [["a * 2"] * ROWS, ["a"], [3.0]],
    }  # fmt: skip
    assert blocks.keys() == FUNCTIONS.keys() - {"PX_VERSIONE"}
    calls = [
        (name, *(column(*values) for values in arguments), *[MISSING] * (len(FUNCTIONS[name].arguments) - len(arguments)))
        for name, arguments in blocks.items()
    ]
    for (name, arguments), answer in zip(blocks.items(), called(*calls), strict=True):
        expected = call(name, *([[value] for value in values] for values in arguments))
        given = answer["result"] if isinstance(answer["result"], list) else [[answer["result"]]]
        assert given == expected, name
        assert answer["seconds"] < 30, name
