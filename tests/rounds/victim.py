"""Commands that are going to be killed: each in a process of its own, forked from one in which everything is imported already.

Standard input: first a JSON list of commands that are run here, so that all they need is imported; then, line by line, a JSON list
(`["giro", "raccogli", …]`) and `take` once the process may be waited for: until then it stays a zombie, so that its number is
nobody else's. Standard output: the process' number, then its wait status and what it said, in JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile


def work(arguments: list[str], said: int) -> int:
    """The command, as the program runs it; its exit code."""
    from perfxl.cli.app import cli

    for stream in (1, 2):
        os.dup2(said, stream)
    try:
        cli.main(arguments, prog_name="perfxl")
    except SystemExit as end:
        sys.stdout.flush()
        return end.code if isinstance(end.code, int) else 1
    return 0


def child_of(arguments: list[str], said: int) -> int:
    """Fork; the child never comes back."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = work(arguments, said)
        finally:
            os._exit(code)
    return child


def main() -> None:
    """Fork, tell the number, wait until told to."""
    from click.testing import CliRunner

    from perfxl.cli.app import cli

    for arguments in json.loads(sys.stdin.readline()):
        CliRunner().invoke(cli, arguments)
    print("pronto", flush=True)
    for line in sys.stdin:
        with tempfile.TemporaryFile() as said:
            child = child_of(json.loads(line), said.fileno())
            print(child, flush=True)
            sys.stdin.readline()
            _, status = os.waitpid(child, 0)
            said.seek(0)
            print(json.dumps([status, said.read().decode("utf-8", "replace")]), flush=True)


if __name__ == "__main__":
    main()
