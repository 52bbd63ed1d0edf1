"""Excel is left as it was found, whatever fails and wherever; the person gets a message and never a traceback."""

from __future__ import annotations

import pytest

from live.engine import SheetStore
from live.sheets import column, office_sheet
from perfxl import live
from perfxl.live.quiet import ATTEMPTS, quiet

USUAL = {"screen_updating": True, "enable_events": True, "display_alerts": True, "calculation": "automatic", "status_bar": False}
UNUSUAL = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": True,
    "calculation": "semiautomatic",
    "status_bar": "mia",
}
MACROS = ["raccogli", "ricalcola", "riepiloghi", "verifica", "congela", "annulla"]


@pytest.fixture
def light_files(monkeypatch):
    """What Excel would find in its files is kept in memory; the files themselves needn't be written hundreds of times."""
    monkeypatch.setattr("live.engine.host.save_file", lambda book, path: path.write_bytes(b""))


def calls_of(run, app):
    app.count = 0
    run()
    return app.count


@pytest.mark.parametrize("before", [USUAL, UNUSUAL], ids=["usual", "unusual"])
@pytest.mark.parametrize("name", MACROS)
def test_settings_are_put_back(open_book, app, name, before):
    book, store = open_book([SheetStore("Altro"), office_sheet([5.0, 8.0, 10.0])])
    app.impl.settings.update(before)
    store.sheet("U9.9").protected = False
    book.sheets["U9.9"].activate()
    getattr(live, name)(book)
    assert app.impl.settings == before
    assert book.sheets.active.name == "U9.9"


def test_excel_is_quiet_and_shows_progress_meanwhile(open_book, app):
    book, _ = open_book([office_sheet([5.0])])
    with quiet(book, "Prova") as status:
        assert {k: v for k, v in app.impl.settings.items() if k != "status_bar"} == {
            "screen_updating": False, "enable_events": False, "display_alerts": False, "calculation": "manual",
        }  # fmt: skip
        status.show("un passo")
        assert app.impl.settings["status_bar"] == "perfxl – Prova: un passo"
    app.impl.shown.clear()
    live.ricalcola(book)
    assert any("lettura di «U9.9» (1 di 1)" in str(text) for text in app.impl.shown)
    assert app.impl.shown[-1] is False


@pytest.mark.parametrize("name", ["ricalcola", "congela", "raccogli"])
def test_a_failure_at_every_call(open_book, app, name, light_files):
    """Each call into Excel fails once, one after the other: settings, protection and people's figures are always as before."""
    protected = office_sheet([1.0, 2.0, 3.0], name="U9.8")
    protected.protected = True
    book, store = open_book([office_sheet([5.0, 8.0, 10.0], [None, 0.33, None]), protected])
    original = store.snapshot()
    pristine = [store.sheet("U9.9"), store.sheet("U9.8")]
    total = calls_of(lambda: getattr(live, name)(book), app.impl)
    failures = 0
    for at in range(1, total + 1):
        app.impl.fail_at = None
        store.sheets[:] = pristine
        for sheet in pristine:
            sheet.__dict__.update(
                vars(original[sheet.name]) | {"cells": {k: type(c)(**vars(c)) for k, c in original[sheet.name].cells.items()}}
            )
        app.impl.settings.update(USUAL)
        app.impl.count, app.impl.fail_at = 0, at
        failures += getattr(live, name)(book).failed
        assert app.impl.settings == USUAL, f"chiamata {at}"
        assert store.sheet("U9.8").protected
        assert store.sheet("U9.9").cells[6, 5].value == 0.33
        assert column(store)[0] in (None, 0.5)
        assert len(app.impl.books.held) == 1, f"chiamata {at}: una cartella è rimasta aperta"
        # and the next time all is well
        app.impl.fail_at = None
        if name == "ricalcola" and at % 7 == 0:
            assert not live.ricalcola(book).failed
            assert column(store) == [0.5, 0.33, 1.0]
            assert not [f for f in live.ricalcola(book).findings if f.code == "PX-S012"]
    assert failures > total / 2


def test_a_failure_while_tabs_are_written(open_book, app, light_files):
    """The same for *Riepiloghi*, at some of its thousands of calls."""
    book, store = open_book([office_sheet([5.0, 8.0, 10.0], [None, 0.33, None])])
    total = calls_of(lambda: live.riepiloghi(book), app.impl)
    user = store.sheet("U9.9")
    before = {at: (c.value, c.formula, c.number_format) for at, c in user.cells.items()}
    for at in [*range(1, 40, 3), *range(40, total, total // 12)]:
        app.impl.count, app.impl.fail_at = 0, at
        app.impl.settings.update(USUAL)
        live.riepiloghi(book)
        assert app.impl.settings == USUAL
        assert {place: (c.value, c.formula, c.number_format) for place, c in user.cells.items()} == before
    app.impl.fail_at = None
    report = live.riepiloghi(book)
    assert not report.failed


def test_what_cannot_be_put_back_is_said(open_book, app):
    book, _ = open_book([office_sheet([5.0])])
    tick = app.impl.tick

    def stubborn(name):
        if name == "App.calculation =" and app.impl.settings["calculation"] == "manual":
            raise RuntimeError("occupato")
        tick(name)

    app.impl.tick = stubborn
    report = live.ricalcola(book)
    assert report.failed
    assert "calculation" in report.text
    assert ATTEMPTS > 1
    assert {k: v for k, v in app.impl.settings.items() if k != "calculation"} == {
        k: v for k, v in USUAL.items() if k != "calculation"
    }


def test_the_message_is_italian_and_names_the_button(open_book, app):
    book, _ = open_book([office_sheet([5.0, 8.0, 10.0])])
    live.ricalcola(book)
    ((title, text, mode),) = app.impl.alerts
    assert title == "perfxl – Ricalcola"
    assert "Percentuali scritte o aggiornate: 3" in text
    assert mode == "info"
    app.impl.count, app.impl.fail_at = 0, 30
    live.ricalcola(book)
    assert app.impl.alerts[-1][2] == "critical"
    assert "Annulla" in app.impl.alerts[-1][1]
