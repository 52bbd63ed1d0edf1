"""(g) What offices write and send: targets and results read from their cells' text, sheets found in their messages.

Each beside what would be used in its place: pandas' regular expressions, that take the first number of a text and nothing else of it;
the standard library, that parses a message and leaves it at that.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from statistics import median

from benchmarks.processes import ROOT
from benchmarks.table import Measure, at_most

PART = "(g) Testi delle celle e messaggi"
ROWS = 8_000
REPLIES = 100
FEW, MANY = 10, 80  # attachments of a message
ROWS_LIMIT_S, PARSING_TIMES, GROWTH = 1.0, 3.0, 2.0

_NUMBER = r"(-?\s?\d+(?:\.\d{3})*(?:,\d+)?)"


def measure(times: int) -> list[Measure]:
    """Seconds and ratios, all taken in one new process."""
    command = [sys.executable, "-m", "benchmarks.texts", str(times)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    growth = found["many"] / found["few"] / (MANY / FEW)
    return [
        at_most(PART, f"target e risultati di {ROWS} righe", found["rows"], "s", ROWS_LIMIT_S),
        Measure(PART, "  testi mai visti, uno per uno", found["new"] / found["texts"] * 1e6, "µs"),
        Measure(PART, "  pandas: il primo numero di ogni testo", found["pandas"], "s"),
        Measure(PART, f"trovare la scheda in {REPLIES} messaggi da 60 kB", found["opened"] * 1000, "ms"),
        Measure(PART, "  email della libreria standard, soli messaggi", found["parsed"] * 1000, "ms"),
        at_most(PART, "trovare la scheda / soli messaggi", found["opened"] / found["parsed"], "volte", PARSING_TIMES),
        at_most(PART, f"per allegato, {MANY} rispetto a {FEW}", growth, "volte", GROWTH, "1 = lineare"),
    ]


def _cells() -> list[tuple[str, str, str]]:
    """Target, algorithm and result of the chambers' own rows, over and over."""
    file = ROOT / "tests" / "golden" / "massacarrara-2019" / "dashboards.csv"
    with file.open(encoding="utf-8-sig", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["row_type"] == "indicatore"]
    cells = [(row["target_2019"], row["algorithm_text"], row["result_2019"]) for row in rows]
    return (cells * (ROWS // len(cells) + 1))[:ROWS]


def _letter(number: int, attachments: int, size: int) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"u{number}@ente.example", "controllo@ente.example", "Scheda"
    message["Date"], message["Message-ID"] = "Mon, 13 May 2019 11:42:07 +0200", f"<{number}@ente.example>"
    message.set_content("Buongiorno,\nin allegato la scheda.\n")
    for each in range(attachments):
        message.add_attachment(_sheet(size), maintype="application", subtype="octet-stream", filename=f"U{number}-{each}.xlsx")
    return message.as_bytes()


def _sheet(size: int) -> bytes:
    """What a message's attachments are told by; its weight is a picture's."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"), ("xl/media/1.bin", os.urandom(size))):
            archive.writestr(name, data)
    return out.getvalue()


def _median(action: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        taken.append(time.perf_counter() - started)
    return median(taken)


def _run(times: int) -> dict[str, float]:
    import pandas as pd

    from perfxl.grammar import parse_result, parse_target
    from perfxl.mail import unwrap

    cells = _cells()
    words = pd.Series([each for target, _, result in cells for each in (target, result)], dtype="object")

    def read() -> None:
        for target, algorithm, result in cells:
            parse_target(target, algorithm=algorithm, year=2019)
            parse_result(result, year=2019)

    def first_numbers() -> None:
        found = words.str.extract(_NUMBER, flags=re.ASCII)[0]
        pd.to_numeric(found.str.replace(".", "").str.replace(",", "."), errors="coerce")

    texts = [f"almeno {number},5 % entro il 30/06/2019" for number in range(2000)]
    started = time.perf_counter()
    for text in texts:
        parse_target(text, year=2019)
    new = time.perf_counter() - started
    replies = [_letter(number, 1, 43_000) for number in range(REPLIES)]
    if any(len(unwrap("m.eml", reply).sheets) != 1 for reply in replies):
        raise SystemExit("Un messaggio senza la sua scheda.")
    few, many = (_letter(0, count, 43_000) for count in (FEW, MANY))
    return {
        "rows": _median(read, times),
        "new": new,
        "texts": len(texts),
        "pandas": _median(first_numbers, times),
        "parsed": _median(lambda: [message_from_bytes(reply) for reply in replies], times),
        "opened": _median(lambda: [unwrap("m.eml", reply) for reply in replies], times),
        "few": _median(lambda: unwrap("m.eml", few), times),
        "many": _median(lambda: unwrap("m.eml", many), times),
    }


if __name__ == "__main__":
    print(json.dumps(_run(int(sys.argv[1]))))
