"""What is shown in a terminal: text made harmless, Italian numbers, and the console (colours only where they belong)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from rich.console import Console
    from rich.text import Text

    from perfxl.findings import Severity
    from perfxl.model import State

UNMEASURED_TEXT = "N.C."
PIPE_WIDTH = 120
GAP = 2
"""Blanks between the columns of a table."""


def clean(text: str) -> str:
    """One line of printable text: what people typed in a workbook must not move the cursor or colour the screen.

    Control, format (bidirectional overrides, zero-width) and unpaired surrogate characters go; blanks and line ends become
    one blank.
    """
    kept = (char if char.isprintable() else " " if char.isspace() else "" for char in text)
    return " ".join("".join(kept).split())


def shorten(text: str, length: int) -> str:
    """`text`, cleaned, within `length` characters; what is cut off shows as an ellipsis."""
    text = clean(text)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def percent(value: Decimal | None) -> str:
    """`42,75 %`; `N.C.` when unmeasured. Never rounds: at least two decimals, and as many as the figure has."""
    if value is None:
        return UNMEASURED_TEXT
    exponent = value.normalize().as_tuple().exponent
    decimals = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{value:.{decimals}f}".replace(".", ",") + " %"


def number(value: Decimal | None) -> str:
    """`1492129.83` as `1.492.129,83`; empty when there is none."""
    if value is None:
        return ""
    text = format(value.normalize(), "f") if value else "0"
    whole, _, decimals = text.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "-" if whole.startswith("-") and not grouped.startswith("-") else ""
    return sign + grouped + (f",{decimals}" if decimals else "")


def room_beside(out: Console, rows: Iterable[Sequence[str]], least: int) -> int:
    """Characters that the columns of `rows` (headings included) leave on a line to a last one; `least` at the least."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return max(least, out.width - sum(widths) - GAP * len(widths))


def plural(count: int, one: str, many: str) -> str:
    """`1 errore`, `3 errori`."""
    return f"{count} {one if count == 1 else many}"


def console(*, stderr: bool = False) -> Console:
    """A rich console: colours only on a terminal and without `NO_COLOR`; no markup, no highlighting of its own.

    When the output is not a terminal a line is 120 columns wide, unless `COLUMNS` says otherwise.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    tty = stream.isatty()
    plain = not tty or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return _console_class(Console)(
        stderr=stderr,
        color_system=None if plain else "auto",
        force_terminal=tty,
        markup=False,
        highlight=False,
        emoji=False,
        width=None if tty or os.environ.get("COLUMNS") else PIPE_WIDTH,
    )


def _console_class(base: type[Console]) -> type[Console]:
    class PipeConsole(base):  # type: ignore[misc, valid-type]
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PipeConsole


_STATE_STYLE = {"raggiunto": "green", "parzialmente raggiunto": "yellow", "non raggiunto": "red", "non misurato": "dim"}
_SEVERITY_STYLE = {"errore": "bold red", "avviso": "yellow", "nota": "cyan"}


def state_text(state: State) -> Text:
    """A state in its colour; the word alone says it too."""
    from rich.text import Text

    return Text(str(state), style=_STATE_STYLE.get(str(state), ""))


def severity_text(severity: Severity) -> Text:
    """A severity in its colour."""
    from rich.text import Text

    return Text(str(severity), style=_SEVERITY_STYLE.get(str(severity), ""))


def plain_text(text: str, style: str = "") -> Text:
    """Text that rich takes as it is: cleaned, with no markup."""
    from rich.text import Text

    return Text(clean(text), style=style)


def say(out: Console, text: str, style: str = "", indent: str = "") -> None:
    """Print a sentence as one line, cleaned: a terminal breaks it where it ends, a file or a pipe gets it whole."""
    out.print(indented(indent, text, style), soft_wrap=True)


def one_line(out: Console, text: Text) -> None:
    """Print text on one line; what doesn't fit shows as an ellipsis."""
    out.print(text, no_wrap=True, overflow="ellipsis")


def indented(indent: str, text: str, style: str = "") -> Text:
    """Cleaned text behind an indent, which cleaning alone would take away."""
    from rich.text import Text

    return Text(indent).append(clean(text), style=style)
