"""Types of the options: dates as offices write them, years, texts that may start with a dash."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # not generic before click 8.4

_ITALIAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
YEARS = range(1990, 2101)


class DateType(ParamType):
    """`30/04/2019`, `30.4.2019`, `30-04-2019` or `2019-04-30`."""

    name = "DATA"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or a usage error that shows the accepted forms."""
        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            if found := _ISO.fullmatch(text):
                year, month, day = map(int, found.groups())
                return date(year, month, day)
            if found := _ITALIAN.fullmatch(text):
                day, month, year = map(int, found.groups())
                return date(year, month, day)
        except ValueError:
            self.fail(f"il {text} non esiste nel calendario.", param, ctx)
        raise click.BadParameter(f"«{text}» non è una data: scrivere 30/04/2019 oppure 2019-04-30.", ctx, param)


class YearType(ParamType):
    """A year of four digits, 1990 to 2100."""

    name = "ANNO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The year as an integer, or a usage error."""
        text = str(value).strip()
        if text.isascii() and text.isdigit() and int(text) in YEARS:
            return int(text)
        raise click.BadParameter(f"«{text}» non è un anno: scrivere quattro cifre, come 2019.", ctx, param)


class FreeText(ParamType):
    """Any text, `-15 %` and `>= 80 %` too; another option's name in its place means that the value was forgotten."""

    name = "TESTO"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as typed, or a usage error."""
        text = str(value)
        if ctx is not None and param is not None and text in _option_names(ctx.command):
            self.fail(f"manca il valore: dopo {param.opts[0]} viene l'opzione {text}.", param, ctx)
        return text


class PathType(ParamType):
    """A path as typed; by default of a file or folder that exists."""

    name = "PERCORSO"

    def __init__(self, *, files: bool = True, folders: bool = True, must_exist: bool = True) -> None:
        self.files, self.folders, self.must_exist = files, folders, must_exist

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The path, or a usage error."""
        path = Path(value)
        if path.is_dir():
            return str(value) if self.folders else self._no(f"«{value}» è una cartella, serve un file.", param, ctx)
        if path.exists():
            return str(value) if self.files else self._no(f"«{value}» è un file, serve una cartella.", param, ctx)
        return self._no(f"«{value}» non esiste.", param, ctx) if self.must_exist else str(value)

    def _no(self, why: str, param: click.Parameter | None, ctx: click.Context | None) -> NoReturn:
        self.fail(why, param, ctx)


def _option_names(command: click.Command) -> set[str]:
    return {name for param in command.params if isinstance(param, click.Option) for name in param.opts}


DATE, YEAR, TEXT = DateType(), YearType(), FreeText()
EXISTING, EXISTING_FILE, FOLDER = PathType(), PathType(folders=False), PathType(files=False, must_exist=False)

layout_option = click.option(
    "--layout",
    "layouts",
    multiple=True,
    type=EXISTING_FILE,
    metavar="FILE",
    help="Descrizione di un modello di foglio (TOML); ripetibile.",
)
"""`--layout`, the same in every command that reads sheets."""

statement_option = click.option(
    "--prospetto",
    "declarations",
    multiple=True,
    type=EXISTING_FILE,
    metavar="FILE.toml",
    help="Descrizione di una tabella di cifre (TOML); ripetibile.",
)
"""`--prospetto`, the same in every command that computes statements."""
