"""From whatever goes wrong to one Italian line and an exit code: no office ever sees a traceback."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import click

from perfxl.cli.italian import italian_click
from perfxl.cli.terminal import clean
from perfxl.errors import PerfxlError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DONE, WITH_ERRORS, UNUSABLE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
GLOBBING = frozenset({"consolida", "giro", "leggi", "persone", "verifica"})

_OS_WORDS = {
    errno.ENOENT: "file o cartella inesistente",
    errno.EACCES: "accesso negato (il file è aperto altrove, o la cartella è in sola lettura)",
    errno.EPERM: "accesso negato",
    errno.EROFS: "il disco è in sola lettura",
    errno.EISDIR: "è una cartella",
    errno.ENOTDIR: "non è una cartella",
    errno.ENOSPC: "il disco è pieno",
    errno.ENAMETOOLONG: "il nome è troppo lungo",
}
NO_MEMORY = "memoria insufficiente: chiudere gli altri programmi e riprovare, se serve con meno file per volta."


class PipeClosedError(Exception):
    """Whoever read our output went away (`perfxl … | head`). Not an `OSError`, which click would handle in its own way."""


class Program(click.Group):
    """A click group that speaks Italian, ends with our exit codes and prints errors as one line."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """As `click.Group.main`; with `standalone_mode=False` it returns and raises as click does.

        On Windows only the commands that take files have their wildcards expanded: a target may hold `*` or `%`.
        """
        _forgiving_streams()
        command = super().main
        options: dict[str, Any] = {
            "complete_var": complete_var,
            "windows_expand_args": windows_expand_args and _takes_files(),
            **extra,
        }

        def job() -> Any:
            return command(args, prog_name, standalone_mode=False, **options)

        with italian_click():
            if not standalone_mode:
                return job()
            code = guarded(job)
        sys.exit(code)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a closed pipe is told apart from other system errors."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            raise click.Abort from None  # click would first print an empty line
        except OSError as error:
            if _closed_pipe(error):
                raise PipeClosedError from error
            raise
        return result


def _takes_files() -> bool:
    return len(sys.argv) > 1 and sys.argv[1] in GLOBBING


def guarded(job: Callable[[], Any]) -> int:
    """Run `job` and return the exit code: its own when it returns an integer, else by what it raised."""
    try:
        result = job()
    except PipeClosedError:
        _abandon_stdout()
        return PIPE_CLOSED
    except (KeyboardInterrupt, click.Abort):
        _say(("\n" if sys.stderr.isatty() else "") + "Interrotto: i file letti non sono stati modificati.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the one place where everything ends: a line, and the traceback on request
        if os.environ.get("PERFXL_DEBUG"):
            traceback.print_exc()
        _say(_line(error))
        return UNUSABLE
    return result if isinstance(result, int) else DONE


def _line(error: Exception) -> str:
    match error:
        case click.exceptions.NoArgsIsHelpError():
            return error.format_message()
        case click.UsageError():
            return f"Errore: {clean(error.format_message())}{_help_hint(error)}"
        case click.ClickException():
            return f"Errore: {clean(error.format_message())}"
        case PerfxlError():
            return f"Errore: {_first_line(error)}"
        case MemoryError():
            return f"Errore: {NO_MEMORY}"
        case OSError() if error.errno == errno.ENOMEM:
            return f"Errore: {NO_MEMORY}"
        case OSError() if error.errno is not None:
            return f"Errore: {os_error_text(error)}"
    detail = clean(f"{type(error).__name__}: {error}")
    return (
        f"Errore: errore imprevisto di perfxl ({detail}). Per segnalarlo, ripetere il comando con PERFXL_DEBUG=1 "
        "e allegare ciò che appare."
    )


def _first_line(error: PerfxlError) -> str:
    first, *others = [clean(line) for line in error.message.splitlines() if line.strip()] or [type(error).__name__]
    return first + (f" (e altri problemi: {len(others)}; «perfxl metodi controlla» li elenca)" if others else "")


def _help_hint(error: click.UsageError) -> str:
    return f" Per l'aiuto: {error.ctx.command_path} --help" if error.ctx is not None else ""


def os_error_text(error: OSError) -> str:
    """`disco pieno: /percorso`, in Italian for the errors that happen in offices."""
    words = _OS_WORDS.get(error.errno or 0, clean(error.strerror or str(error)))
    where = clean(str(error.filename)) if error.filename else ""
    return f"{where}: {words}" if where else words


def _say(line: str) -> None:
    click.echo(line, err=True)


def _closed_pipe(error: OSError) -> bool:
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL and error.filename is None)


def _forgiving_streams() -> None:
    """A console that lacks a character (cp850, cp1252) shows `?` for it instead of stopping the program."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _abandon_stdout() -> None:
    """Point standard output at nothing, so that Python's last flush at exit doesn't complain of the closed pipe."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    with open(os.devnull, "wb") as nothing:
        os.dup2(nothing.fileno(), descriptor)
