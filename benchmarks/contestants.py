"""What runs in the fresh processes: `python -m benchmarks.contestants NAME FOLDER`. The last line printed is JSON."""

from __future__ import annotations

import json
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


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xlsx"))


def peak_mb() -> float:
    """Peak resident memory of this process, MB (10^6 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():  # VmHWM starts anew at exec; ru_maxrss would keep the parent's
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


CONTESTANTS = {"perfxl": whole_job, "lettura": read_by_perfxl, "pandas": read_by_pandas, "calamine": read_by_calamine}

if __name__ == "__main__":
    warnings.simplefilter("ignore")  # openpyxl warns of each extension that it drops: printing that isn't reading
    name, where = sys.argv[1:]
    told = CONTESTANTS[name](Path(where))
    print(json.dumps({**told, "cpu_s": time.process_time(), "peak_mb": peak_mb()}))
