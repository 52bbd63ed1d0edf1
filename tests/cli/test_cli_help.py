"""Help, documentation and wrong usage: everything is Italian, everything is documented, nothing heavy is imported."""

from __future__ import annotations

import re

import click
import pytest

from perfxl.cli.app import cli

ENGLISH = re.compile(
    r"\b(usage|options?|commands?|error|show|exit|message|missing|invalid|value|argument|required|default|such|try|help for|"
    r"does not|takes?|unexpected|did you mean|choose|arguments)\b",
    re.IGNORECASE,
)
ALLOWED = re.compile(r"--(help|version|target|output|layout|json)\b|\bTARGET\b|-h, ")


def commands(group=cli, path=()):
    """Every command with its path, groups included."""
    yield path, group
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


ALL = [pytest.param(path, command, id=" ".join(path) or "perfxl") for path, command in commands()]


def test_the_commands_are_those_of_the_plan():
    assert {" ".join(path) for path, _ in commands()} == {
        "", "consolida", "verifica", "leggi", "valuta", "metodi", "metodi mostra", "metodi controlla", "demo", "schede", "persone", "misure", "master", "installa",
        "enti", "giro", "giro apri", "giro invia", "giro raccogli", "giro stato", "giro sollecita", "giro chiudi", "giro riapri",
    }  # fmt: skip


@pytest.mark.parametrize(("path", "command"), ALL)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_italian_and_has_an_example(run, path, command, flag):
    done = run(*path, flag)
    assert done.exit_code == 0
    assert done.stdout.startswith("Uso: perfxl")
    assert "Opzioni:" in done.stdout
    assert "Mostra questo aiuto ed esce." in done.stdout
    assert not ENGLISH.findall(ALLOWED.sub("", done.stdout)), done.stdout
    assert re.search(rf"^ +perfxl {' '.join(path)}", done.stdout.split("Opzioni:")[1], re.MULTILINE), "manca un esempio"


@pytest.mark.parametrize(("path", "command"), ALL)
def test_every_option_has_a_help(path, command):
    for param in command.params:
        assert isinstance(param, click.Argument) or param.help, param.name


@pytest.mark.parametrize(("path", "command"), ALL)
def test_every_command_and_option_is_in_the_reference(repository, path, command):
    text = (repository / "docs" / "riga-di-comando.md").read_text(encoding="utf-8")
    title = "perfxl " + " ".join(path)
    if not path:
        section = text
    else:
        assert re.search(rf"^##+ {title}$", text, re.MULTILINE), f"manca la sezione «{title}»"
        section = re.split(r"^##+ ", text.split(f" {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    for param in command.params:
        names = param.opts if isinstance(param, click.Option) else [param.metavar.strip("[]")]
        missing = [name for name in names if f"`{name}" not in section and name not in section]
        assert not missing, f"{title}: {missing} non è nel riferimento"


@pytest.mark.parametrize(("path", "command"), ALL)
def test_the_reference_names_no_option_that_is_gone(repository, path, command):
    text = (repository / "docs" / "riga-di-comando.md").read_text(encoding="utf-8")
    known = {name for _, each in commands() for param in each.params for name in param.opts} | {"--help", "-h", "--version"}
    assert set(re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", text)) <= known


def test_every_example_of_the_helps_is_valid_usage(repository):
    text = (repository / "docs" / "riga-di-comando.md").read_text(encoding="utf-8")
    for path, command in commands():
        for line in re.findall(r"^ +(perfxl .+)$", command.epilog or "", re.MULTILINE):
            example = line.split("   ")[0].strip()
            if path:
                assert example in text, f"«{example}» non è nel riferimento"
            assert _resolves(example), example


def _resolves(example):
    import shlex

    words = shlex.split(example.split(" > ")[0])[1:]
    group = cli
    while words and isinstance(group, click.Group) and words[0] in group.commands:
        group = group.commands[words.pop(0)]
    known = {name for param in group.params for name in param.opts} | {"--help", "-h"}
    return all(word in known for word in words if re.fullmatch(r"--?[a-z]+", word))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["pippo"], "Comando sconosciuto: pippo"),
        (["--pippo"], "Opzione sconosciuta: --pippo"),
        (["consolida"], "Manca l'argomento 'PERCORSO...'"),
        (["consolida", "."], "Manca l'opzione '--metodo'"),
        (["consolida", ".", "--metod", "x"], "Opzione sconosciuta: --metod. Forse"),
        (["consolida", ".", "--metodo"], "L'opzione --metodo vuole un valore"),
        (["consolida", "non-c-e", "--metodo", "x"], "«non-c-e» non esiste"),
        (["consolida", ".", "--metodo", "x", "--al", "31/04/2019"], "il 31/04/2019 non esiste nel calendario"),
        (["consolida", ".", "--metodo", "x", "--al", "aprile"], "scrivere 30/04/2019 oppure 2019-04-30"),
        (["consolida", ".", "--metodo", "x", "--al", "2019-13-01"], "non esiste nel calendario"),
        (["consolida", ".", "--metodo", "x", "--anno", "19"], "«19» non è un anno"),
        (["consolida", ".", "--metodo", "x", "--piano", "non-c-e"], "«non-c-e» non esiste"),
        (["consolida", ".", "--metodo", "x", "--rettifiche", "."], "«.» è una cartella, serve un file"),
        (["consolida", ".", "--metodo", "x", "-o", "a.txt"], "«a.txt» ha un altro nome"),
        (["consolida", ".", "--metodo", "x", "-o", "non-c-e/a.xlsx"], "la cartella «non-c-e» non esiste"),
        (["consolida", ".", "--metodo", "x", "--json", "a.xlsx"], "ha il nome di una cartella di lavoro"),
        (["consolida", ".", "--metodo", "x", "--json", "."], "«.» è una cartella"),
        (["leggi"], "Manca l'argomento 'FILE'"),
        (["leggi", "."], "«.» è una cartella, serve un file"),
        (["leggi", "non-c-e.xlsx"], "«non-c-e.xlsx» non esiste"),
        (["valuta", "--risultato", "3"], "Manca l'opzione '--target'"),
        (["valuta", "--target"], "L'opzione --target vuole un valore"),
        (["valuta", "--target", "--risultato", "3"], "dopo --target viene l'opzione --risultato"),
        (["valuta", "--target", "1", "--risultato", "3", "--json=x"], "L'opzione --json non vuole un valore"),
        (["valuta", "--target", "1", "--risultato", "3", "di", "più"], "Argomenti di troppo: di più"),
        (["metodi", "pippo"], "Comando sconosciuto: pippo"),
        (["metodi", "mostra"], "Manca l'argomento 'NOME|FILE'"),
        (["metodi", "mostra", "pippo"], "Il metodo «pippo» non esiste"),
        (["demo", "a", "b"], "Argomento di troppo: b"),
    ],
)
def test_wrong_usage_is_one_italian_line_and_exit_two(run, args, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*args)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.startswith("Errore: ")
    assert done.stderr.count("\n") == 1
    plain = re.sub(r"--?\w+|«[^»]*»|'[^']*'|perfxl [\w ]+", "", done.stderr)
    assert not ENGLISH.findall(plain), done.stderr


def test_without_a_command_the_help_is_shown_and_the_usage_is_wrong(run):
    done = run()
    assert done.exit_code == 2
    assert "Comandi:" in done.stderr


def test_version(perfxl):
    import perfxl as package

    done = perfxl("--version")
    assert (done.returncode, done.stdout.decode().strip()) == (0, f"perfxl {package.__version__}")


def test_click_speaks_english_again_afterwards(run):
    run("pippo")
    with pytest.raises(click.UsageError, match="No such command"):
        click.Group("x").resolve_command(click.Context(click.Group("x")), ["pippo"])


LIGHT = "import sys; sys.argv = ['perfxl', *{args}]\nfrom perfxl.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
HEAVY = {"numpy", "pandas", "openpyxl", "pydantic", "rich", "xlsxwriter", "python_calamine", "xlrd"}


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["consolida", "--help"], ["valuta", "-h"], ["pippo"]])
def test_help_loads_no_heavy_library(args):
    import subprocess
    import sys

    code = LIGHT.format(args=args, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_console_script_is_the_entry_point(repository):
    import tomllib

    from perfxl.cli import main

    scripts = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"perfxl": "perfxl.cli:main"}
    assert callable(main)
