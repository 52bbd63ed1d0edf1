"""Terminal, streams and signals: Italian numbers, harmless text, consoles that lack characters, pipes, Ctrl-C, colours."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from decimal import Decimal

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.cli import guard, jsonout, progress, terminal
from perfxl.cli.app import cli


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("42.75", "42,75 %"),
        ("100", "100,00 %"),
        ("1E+2", "100,00 %"),
        ("0", "0,00 %"),
        ("12.5", "12,50 %"),
        ("98.455", "98,455 %"),
        ("-6.06", "-6,06 %"),
    ],
)
def test_percent(value, text):
    assert terminal.percent(Decimal(value)) == text


def test_percent_of_nothing():
    assert terminal.percent(None) == "N.C."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1492129.83", "1.492.129,83"),
        ("80", "80"),
        ("80.00", "80"),
        ("-0.5", "-0,5"),
        ("-15", "-15"),
        ("0", "0"),
        ("0.20", "0,2"),
        ("1000", "1.000"),
    ],
)
def test_number(value, text):
    assert terminal.number(Decimal(value)) == text


@given(st.text())
def test_clean_text_is_one_printable_line(text):
    cleaned = terminal.clean(text)
    assert cleaned.isprintable()
    assert cleaned == terminal.clean(cleaned)


@given(st.text(alphabet="abcàè €[]/«»", min_size=1))
def test_clean_keeps_what_people_write(text):
    assert terminal.clean(text) == " ".join(text.split())


@given(st.text(), st.integers(2, 40))
def test_shortened_text_fits(text, length):
    assert len(terminal.shorten(text, length)) <= length


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("tty", "environment", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": "1"}, False),
        (False, {}, False),
        (False, {"FORCE_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colours_only_on_a_terminal_that_wants_them(monkeypatch, tty, environment, coloured):
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = Terminal() if tty else io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.console().print(terminal.plain_text("ciao", "bold red"))
    assert ("\x1b" in stream.getvalue()) is coloured
    assert "ciao" in stream.getvalue()


def test_no_bar_outside_a_terminal():
    with progress.progress_bar("Lettura") as report:
        assert report is None


def test_the_bar_waits_shows_and_vanishes(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress_bar("Lettura") as report:
        report(1, 10, "a.xlsx")
    assert stream.getvalue() == "", "un lavoro breve non mostra niente"
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0)
    with progress.progress_bar("Lettura") as report:
        report(1, 10, "brutto[red]\x1b[2J.xlsx")
        report(2, 10, "b.xlsx")
    shown = stream.getvalue()
    assert "Lettura" in shown
    assert "\x1b[2J" not in shown
    assert shown.endswith("\x1b[2K"), "la barra si cancella"


@pytest.mark.parametrize(("value", "number"), [("80.00", 80), ("42.75", 42.75), ("-0.5", -0.5)])
def test_json_numbers(value, number):
    given_back = jsonout.json_number(Decimal(value))
    assert given_back == number
    assert type(given_back) is type(number)


def test_json_refuses_what_it_does_not_know():
    with pytest.raises(TypeError, match="non è rappresentabile"):
        jsonout.dumps({"x": object()})


def test_exit_codes_of_guarded_jobs(capsys):
    assert guard.guarded(lambda: 1) == 1
    assert guard.guarded(lambda: None) == 0
    assert capsys.readouterr().err == ""


def test_a_console_without_the_characters(perfxl):
    done = perfxl("metodi", "mostra", "massacarrara-2019", encoding="cp437:strict")
    assert done.returncode == 0
    assert "Massa-Carrara" in done.stdout.decode("cp437")
    assert b"Errore" not in done.stderr
    assert perfxl("metodi", "mostra", "massacarrara-2019", encoding="ascii:strict").returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="head e SIGPIPE sono di Unix")
def test_a_closed_pipe_says_nothing():
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "perfxl", "metodi", "mostra", "massacarrara-2019"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="su Windows Ctrl-C raggiunge tutto il gruppo")
def test_ctrl_c_is_one_line():
    code = (
        "import signal, sys, types, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background is born deaf to it
        "room = types.ModuleType('perfxl.pipeline')\n"
        "def consolidate(*args, **options):\n"
        "    print('pronto', flush=True)\n"
        "    time.sleep(30)\n"
        "room.consolidate = consolidate\n"
        "sys.modules['perfxl.pipeline'] = room\n"
        "sys.argv = ['perfxl', 'consolida', '.', '--metodo', 'lucca-2017', '-o', 'x.xlsx']\n"
        "from perfxl.cli import main\n"
        "main()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "pronto\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors == "Interrotto: i file letti non sono stati modificati.\n"


def test_commands_that_take_several_paths_have_their_wildcards_expanded(monkeypatch):
    """On Windows the shell expands none: `perfxl giro raccogli giro/ posta/*.eml` must find the messages all the same."""

    def takes_several(command):
        several = any(isinstance(each, click.Argument) and each.nargs == -1 for each in command.params)
        return several or (isinstance(command, click.Group) and any(map(takes_several, command.commands.values())))

    taking = {name for name in cli.list_commands(None) if takes_several(cli.get_command(None, name))}
    assert {"consolida", "giro"} <= taking
    expanded = {}
    monkeypatch.setattr(click.Group, "main", lambda *args, **options: expanded.update({name: options["windows_expand_args"]}))
    for name in cli.list_commands(None):
        monkeypatch.setattr("sys.argv", ["perfxl", name, "x"])
        cli.main(standalone_mode=False)
    assert {name for name, yes in expanded.items() if yes} >= taking
