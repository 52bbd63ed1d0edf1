"""Three bodies side by side: each by its own method; a common figure only with weights that somebody declared."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from perfxl.bodies import load_bodies, merge
from perfxl.errors import DeclarationError, InputError
from perfxl.methods import load_method

LUCCA, MASSA = Decimal("98.82"), Decimal("42.75")  # the printed headline, and the one that follows from the sheets

TWO = """
name = "Due enti"
{weights}
[[bodies]]
name = "Lucca"
paths = ["{root}/lucca-2017"]
method = "lucca-2017"
{first}
[[bodies]]
name = "Massa-Carrara"
paths = ["{root}/massacarrara-2019"]
method = "massacarrara-2019"
{second}
"""


def written(folder, root, *, weights="", first="", second="", more=""):
    file = folder / "enti.toml"
    file.write_text(TWO.format(root=root, weights=weights, first=first, second=second) + more, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def three(workbooks):
    return merge(load_bodies(workbooks / "toscana-nord-ovest.toml"), workbooks)


def test_each_body_by_its_own_method(three):
    found = {body.entry.name: (body.method.name, body.cover.shown) for body in three.bodies}
    assert found == {
        "Lucca": ("lucca-2017", LUCCA),
        "Massa-Carrara": ("massacarrara-2019", MASSA),
        "Pisa": ("unioncamere-2022", None),
    }


def test_without_declared_weights_there_is_no_common_figure(three):
    assert three.total is None


def test_a_body_without_indicators_is_unmeasured_and_said(three):
    assert [(body, found.code) for body, found in three.findings if found.code == "PX-E001"] == [("Pisa", "PX-E001")]


def test_years_that_differ_are_said(three):
    [found] = [found for _, found in three.findings if found.code == "PX-E002"]
    assert "2017" in found.found
    assert "2019" in found.found


def test_the_axes_in_which_the_methods_differ_come_first(three):
    by_key = {(axis.section, axis.key): axis for axis in three.axes}
    rounding = by_key["rounding", "mode"]
    assert rounding.values[:2] == ("truncate", "half_up")
    assert rounding.differs
    assert not by_key["rounding", "money_mode"].differs
    flags = [axis.differs for axis in three.axes]
    assert flags == sorted(flags, reverse=True)
    methods = [load_method(body.entry.method) for body in three.bodies]
    differing = sum(axis.differs for axis in three.axes)
    assert 0 < differing < len(three.axes)
    assert {method.rounding.mode for method in methods} == {"truncate", "half_up"}


def test_declared_weights_give_the_weighted_mean(tmp_path, workbooks):
    file = written(tmp_path, workbooks, weights='weights = "deliberazione di prova"', first="weight = 3", second="weight = 1")
    merger = merge(load_bodies(file), tmp_path)
    exact = [body.cover.pct for body in merger.bodies]
    assert merger.total.pct == (3 * exact[0] + exact[1]) / 4
    assert merger.total.shown == Decimal("84.80")  # (3 × 98.82 + 42.75) / 4 = 84.8025
    assert (merger.total.measured, merger.total.total) == (27, 77)


def test_an_unmeasured_body_leaves_its_weight_to_the_others(tmp_path, workbooks):
    more = f'[[bodies]]\nname = "Pisa"\npaths = ["{workbooks}/tno-2022/pisa"]\nmethod = "unioncamere-2022"\nweight = 10\n'
    file = written(tmp_path, workbooks, weights='weights = "prova"', first="weight = 1", second="weight = 1", more=more)
    merger = merge(load_bodies(file), tmp_path)
    assert merger.total.pct == sum((b.cover.pct for b in merger.bodies[:2]), Fraction(0)) / 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weights": 'weights = "prova"', "first": "weight = 1"}, "un peso per ogni ente o per nessuno (manca: Massa-Carrara)"),
        ({"first": "weight = 1", "second": "weight = 1"}, "il criterio dei pesi"),
        ({"first": "weight = 0", "second": "weight = 1"}, "weight"),
        ({"first": "peso = 1"}, "chiave sconosciuta «bodies.1.peso»"),
        ({"more": '[[bodies]]\nname = "Lucca"\npaths = ["x"]\nmethod = "lucca-2017"'}, "due volte «Lucca»"),
        ({"more": '[[amounts]]\ntitle = "x"\nfigures = { Prato = "a!b.c" }'}, "non «Prato»"),
        ({"more": "[[bodies"}, "TOML non valido"),
    ],
)
def test_a_file_that_is_not_valid_is_said_in_one_line(tmp_path, workbooks, changes, said):
    file = written(tmp_path, workbooks, **changes)
    with pytest.raises(DeclarationError, match=r"enti\.toml") as caught:
        load_bodies(file)
    assert said in caught.value.message
    assert "\n" not in caught.value.message


def test_nothing_usable_for_anybody(tmp_path):
    (tmp_path / "vuota").mkdir()
    file = tmp_path / "enti.toml"
    file.write_text('name = "X"\n[[bodies]]\nname = "A"\npaths = ["vuota"]\nmethod = "lucca-2017"\n', encoding="utf-8")
    with pytest.raises(InputError, match="per nessuno degli enti"):
        merge(load_bodies(file), tmp_path)


def test_shared_figures_are_added_only_where_declared_and_all_there(tmp_path, workbooks):
    place = '"budget_projects!1D0101.actual"'
    more = (
        f'[[amounts]]\ntitle = "Solo Lucca"\nadd_up = true\nfigures = {{ Lucca = {place} }}\n'
        f'[[amounts]]\ntitle = "Doppia"\nadd_up = true\nfigures = {{ Lucca = {place}, Massa-Carrara = {place} }}\n'
    )
    merger = merge(load_bodies(written(tmp_path, workbooks, more=more)), tmp_path)
    alone, both = merger.shared
    assert alone.figures[0].value == Fraction("28921.57")  # budget_projects.csv, line 170
    assert alone.total is None
    assert both.total is None
    assert [body for body, found in merger.findings if found.code == "PX-E003"] == ["Massa-Carrara"]
