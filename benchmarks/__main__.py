"""`python -m benchmarks [--json FILE] [--times N] [--only abcdefgh]`: measures, prints the table, exits 1 where a target isn't met."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks import buttons, consolidation, imports, rounds, scoring, texts, udf
from benchmarks.table import Measure, as_json, rendered

LIBRARIES = ("perfxl", "numpy", "pandas", "openpyxl", "python-calamine", "XlsxWriter")


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Misure di perfxl accanto a ciò che si userebbe al suo posto."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="scrive anche le misure in JSON")
    parser.add_argument(
        "--times", type=int, default=3, metavar="N", help="ripetizioni di cui si prende la mediana (predefinito: 3)"
    )
    parser.add_argument("--only", default="abcdefgh", metavar="PARTI", help="solo alcune parti: a (con c), b, d, e, f, g, h")
    asked = parser.parse_args()
    about = machine()
    print(f"{about['cpus']} processori, Python {about['python']}, " + ", ".join(f"{k} {v}" for k, v in about["versions"].items()))
    print(f"Mediana di {asked.times} misure; ogni concorrente in un processo nuovo, a turno.", flush=True)
    measures: list[Measure] = []
    if set(asked.only) & {"d"}:
        measures += imports.measure(max(asked.times, 5))
    if set(asked.only) & {"b"}:
        measures += scoring.measure(max(asked.times, 5))
    if set(asked.only) & {"e"}:
        measures += udf.measure(asked.times)
    if set(asked.only) & {"f"}:
        measures += buttons.measure(asked.times)
    if set(asked.only) & {"g"}:
        measures += texts.measure(max(asked.times, 5))
    if set(asked.only) & {"h"}:
        measures += rounds.measure(asked.times)
    if set(asked.only) & {"a", "c"}:
        measures += consolidation.measure(max(asked.times, 5))
    measures.sort(key=lambda m: m.part[:3])
    print(rendered(measures))
    if asked.json:
        asked.json.write_text(json.dumps(as_json(measures, about), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    missed = [m.name.strip() for m in measures if m.met is False]
    print("\n" + (f"Obiettivi non raggiunti: {'; '.join(missed)}" if missed else "Tutti gli obiettivi raggiunti."))
    return 1 if missed else 0


def machine() -> dict[str, Any]:
    """What the figures depend on."""
    versions = {name: metadata.version(name) for name in LIBRARIES}
    return {
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "date": date.today().isoformat(),
        "versions": versions,
    }


if __name__ == "__main__":
    sys.exit(main())
