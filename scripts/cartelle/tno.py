"""Toscana Nord-Ovest 2022: the workbooks of the three bodies that merged on 30 June 2022, each in the layout of its own part of the plan.

Source: Relazione Previsionale e Programmatica 2022 (approved on 13 October 2022), which joins the plans of Lucca, Massa-Carrara and Pisa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.cartelle import tno_lucca, tno_massacarrara, tno_pisa

if TYPE_CHECKING:
    from pathlib import Path

BODIES = {"lucca": tno_lucca, "massacarrara": tno_massacarrara, "pisa": tno_pisa}


def write(folder: Path) -> list[Path]:
    """Write the workbooks into `folder/tno-2022`, a folder a body, and give their paths."""
    return [path for name, body in BODIES.items() for path in body.write(folder / "tno-2022" / name)]
