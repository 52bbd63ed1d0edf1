"""The words and signs that every tab uses, and figures as cells hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.model import State

if TYPE_CHECKING:
    from fractions import Fraction

    from perfxl.model import CellRef

UNMEASURED = "N.C."
"""What stands in the place of a percent that isn't measured (the bodies' own word: non calcolabile)."""

STATE_LABEL = {
    State.REACHED: "● raggiunto",
    State.PARTIAL: "◐ parzialmente raggiunto",
    State.NOT_REACHED: "○ non raggiunto",
    State.UNMEASURED: "– non misurato",
}
"""States as tabs show them: the sign reads in black and white."""

CAUSES = ("esogena", "endogena", "errore dell'indicatore")
"""Causes of a deviation, as the Department's guidelines (DFP 2/2017) class them."""

LEVELS = {
    "ente": "Ente",
    "albero": "Albero",
    "area": "Area strategica",
    "obiettivo_strategico": "Obiettivo strategico",
    "obiettivo_operativo": "Obiettivo operativo",
    "progetto": "Progetto",
    "obiettivo_ente": "Obiettivo di ente",
}


def figure(pct: Fraction | None) -> float | str:
    """A percent as its cell holds it: 42.75 % is 0.4275; `N.C.` where unmeasured."""
    return UNMEASURED if pct is None else pct.numerator / (pct.denominator * 100)


def optional_figure(pct: Fraction | None) -> float | None:
    """A percent as its cell holds it; an empty cell where there is none."""
    return None if pct is None else pct.numerator / (pct.denominator * 100)


def target_words(text: str, title: str) -> str:
    """The target's text, not said twice where the body writes it inside the indicator's own text."""
    return "(nel testo dell'indicatore)" if text and text == title else text


def file_name(path: str) -> str:
    """The name of a file, whichever system its path comes from."""
    return path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def source_text(ref: CellRef | None) -> str:
    """`U1.1.xlsx [Cruscotto] C7`."""
    return "" if ref is None else f"{file_name(ref.file)} [{ref.sheet}] {ref.a1}"
