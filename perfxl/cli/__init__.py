"""The command line: `perfxl consolida`, `leggi`, `valuta`, `metodi`, `demo`. Everything it says is Italian.

Exit codes: 0 done; 1 done, with findings of severity *errore* (or, for `valuta`, something unreadable); 2 nothing usable,
wrong usage or an error; 130 interrupted; 141 the reader of a pipe went away. The rooms that compute are imported inside the
commands, so that `perfxl --help` costs nothing.
"""

from __future__ import annotations


def main() -> None:
    """Entry point of the console script; ends the process with the exit code."""
    import os

    # numpy's linear algebra, of which nothing is used here, would start threads that spin while the readers beside start
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from perfxl.cli.app import cli

    cli()
