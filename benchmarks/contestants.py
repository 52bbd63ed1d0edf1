"""What runs in the fresh processes: `python -m benchmarks.contestants NAME FOLDER`. The last line printed is JSON."""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any


def whole_job(folder: Path) -> dict[str, Any]:
    """perfxl's main job: read, score, roll up, write the consolidated workbook. Its figures go back to be checked."""
    started = time.perf_counter()
    import perfxl

    result = perfxl.consolidate(folder)
    counted = time.perf_counter()
    path = result.write(folder.parent / "consolidato.xlsx")
    ended = time.perf_counter()
    told = {
        "consolidate_s": counted - started,
        "write_s": ended - counted,
        "nodes": {node.code: str(node.pct) for node in result.nodes if node.code in ("ENTE", "OB1", "OB2", "OB3")},
        "measured": [result.headline.measured, result.headline.total],
        "offices": len(result.offices),
        "people": len(result.people),
        "rows": len(result.rows),
        "findings": len(result.findings),
        "bytes": path.stat().st_size,
        "pandas": "pandas" in sys.modules,
    }
    path.unlink()
    return told


def read_by_perfxl(folder: Path) -> dict[str, Any]:
    """perfxl's reading alone."""
    from perfxl import read_workbook

    return {"rows": sum(len(sheet.rows) for path in _files(folder) for sheet in read_workbook(path).sheets)}


def read_by_pandas(folder: Path) -> dict[str, Any]:
    """`pandas.read_excel` with openpyxl, every sheet of every file, and nothing else."""
    import pandas as pd

    frames = [
        frame
        for path in _files(folder)
        for frame in pd.read_excel(path, engine="openpyxl", sheet_name=None, header=None).values()
    ]
    return {"rows": sum(len(frame) for frame in frames)}


def read_by_calamine(folder: Path) -> dict[str, Any]:
    """python-calamine, every sheet of every file as lists, and nothing else."""
    from python_calamine import load_workbook

    rows = 0
    for path in _files(folder):
        book = load_workbook(path)
        rows += sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
    return {"rows": rows}


def collect_round(folder: Path) -> dict[str, Any]:
    """`perfxl giro raccogli`: the replies collected and compared with what was sent, the register."""
    from perfxl.cli.giro import register
    from perfxl.rounds.collect import collect
    from perfxl.rounds.items import files_of

    home = folder / "giro"
    started, worked = time.perf_counter(), time.process_time()
    done = collect(home, files_of([folder / "posta"], home))
    collected = time.perf_counter()
    register(home)
    return {
        "collect_s": collected - started,
        "register_s": time.perf_counter() - collected,
        "worked_s": time.process_time() - worked,
        "accepted": sum(office.current is not None for office in done.state.offices.values()),
    }


def close_period(folder: Path) -> dict[str, Any]:
    """`perfxl giro chiudi`: the sheets in force consolidated and written."""
    from perfxl.rounds.closing import close_round

    started, worked = time.perf_counter(), time.process_time()
    closing = close_round(folder / "giro", force=True)
    return {
        "close_s": time.perf_counter() - started,
        "worked_s": time.process_time() - worked,
        "offices": len(closing.consolidation.offices),
    }


def parse_messages(folder: Path) -> dict[str, Any]:
    """The standard library: the messages parsed, their attachments decoded, and nothing else."""
    from email import message_from_bytes

    started = time.perf_counter()
    size = 0
    for path in sorted((folder / "posta").glob("*.eml")):
        for part in message_from_bytes(path.read_bytes()).walk():
            if not part.is_multipart():
                size += len(part.get_payload(decode=True))
    return {"parse_s": time.perf_counter() - started, "bytes": size}


def parse_and_open(folder: Path) -> dict[str, Any]:
    """The same, and each attached sheet opened with openpyxl, its cells gone through: what a script of one's own would do."""
    import io
    from email import message_from_bytes

    from openpyxl import load_workbook

    started = time.perf_counter()
    cells = 0
    for path in sorted((folder / "posta").glob("*.eml")):
        for part in message_from_bytes(path.read_bytes()).walk():
            if part.get_filename():
                book = load_workbook(io.BytesIO(part.get_payload(decode=True)), data_only=True)
                cells += sum(cell.value is not None for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return {"parse_s": time.perf_counter() - started, "cells": cells}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


def peak_mb() -> float:
    """Peak resident memory of this process and of the largest that it started, MB (10^6 bytes)."""
    return own_peak_mb() + children_peak_mb()


def children_peak_mb() -> float:
    """Of the processes that this one started: the largest; 0 where the system doesn't tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


def worked_s() -> float:
    """Processor time of this process and of those that it started."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def own_peak_mb() -> float:
    """Peak resident memory of this process, MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # VmHWM starts anew at exec; ru_maxrss would keep the parent's
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


CONTESTANTS = {
    "perfxl": whole_job,
    "lettura": read_by_perfxl,
    "pandas": read_by_pandas,
    "calamine": read_by_calamine,
    "raccogli": collect_round,
    "chiudi": close_period,
    "messaggi": parse_messages,
    "openpyxl": parse_and_open,
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")  # openpyxl warns of each extension that it drops: printing that isn't reading
    name, where = sys.argv[1:]
    told = CONTESTANTS[name](Path(where))
    print(json.dumps({**told, "cpu_s": worked_s(), "peak_mb": peak_mb()}))
