"""The command line on one job after the other, each in a process of its own, under limits; everything is imported once.

Standard input: a JSON line a job {"arguments": [[…], …], "cwd", "memory_mb", "seconds"}: commands run one after the other in the same
process. Standard output: a JSON line an answer {"codes": […], "out", "err", "seconds", "peak_mb", "signal"}. A process that takes too long
is ended by the processor limit (or by the alarm, where it sleeps), one that takes too much memory
ends in an error, or dies of it.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

MIB = 1024 * 1024


NEEDED = (
    "asn1crypto.cms", "cryptography.hazmat.primitives.asymmetric.rsa", "jinja2", "numpy", "openpyxl", "oxmsg.storage", "xlsxwriter",
    "perfxl.cli.app", "perfxl.mail", "perfxl.pipeline", "perfxl.rounds.closing", "perfxl.rounds.collect", "perfxl.rounds.register",
    "perfxl.rounds.send",
)  # fmt: skip


def prepare() -> None:
    """Import what the jobs will import."""
    for name in NEEDED:
        importlib.import_module(name)


def command(arguments: list[str]) -> int:
    """`perfxl ARGUMENTS`, ended as the program ends."""
    from perfxl.cli.app import cli

    sys.argv = ["perfxl", *arguments]
    try:
        cli.main(arguments, prog_name="perfxl")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def work(job: dict[str, Any], answer: str) -> None:
    """In the process of its own."""
    os.setsid()
    os.chdir(job["cwd"])
    resource.setrlimit(resource.RLIMIT_AS, (job["memory_mb"] * MIB,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"] + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(job["seconds"] * 4)
    warnings.simplefilter("default")
    out, err = (tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape") for _ in range(2))  # noqa: SIM115
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(open(2, "wb", closefd=False), encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    codes = [command(arguments) for arguments in job["arguments"]]
    sys.stdout.flush()
    sys.stderr.flush()
    said = []
    for file in (out, err):
        file.seek(0)
        said.append(file.read())
    with open(answer, "w", encoding="utf-8", errors="surrogateescape") as file:
        json.dump({"codes": codes, "out": said[0], "err": said[1]}, file)


def run(job: dict[str, Any]) -> dict[str, Any]:
    """A job, in a process of its own."""
    handle, name = tempfile.mkstemp(prefix="answer-")
    os.close(handle)
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        status = 70
        with contextlib.suppress(BaseException):
            work(job, name)
            status = 0
        os._exit(status)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    with open(name, encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    Path(name).unlink()
    told = json.loads(text) if text else {"codes": [], "out": "", "err": ""}
    ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {**told, "seconds": seconds, "peak_mb": used.ru_maxrss / 1024, "signal": ended, "status": status}


def main() -> None:
    """Answer until there are no more jobs."""
    prepare()
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
