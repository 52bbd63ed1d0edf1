"""The workbooks of the two documents of Lucca: the Relazione 2017 and the Piano 2018-2020."""

from __future__ import annotations

from pathlib import Path

from scripts.cartelle import lucca_piano, lucca_relazione, lucca_relazione_servizi


def write(folder: Path) -> list[Path]:
    """Write `lucca-2017-relazione/` and `lucca-2018-piano/` into the folder, and say which files they hold."""
    report, plan = folder / "lucca-2017-relazione", folder / "lucca-2018-piano"
    return [*lucca_relazione.write(report), *lucca_relazione_servizi.write(report), *lucca_piano.write(plan)]
