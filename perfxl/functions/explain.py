"""PX_SPIEGA: the trace of a score as an Italian sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.functions.cells import Grid, Problem, aligned, one
from perfxl.functions.profile import profile_of
from perfxl.functions.score import AMBIGUOUS, Scored, score_cells
from perfxl.scoring.explain import sentence

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

HOW = {
    AMBIGUOUS: "può essere un numero o una percentuale: scrivere «74%» o «n. 74», o dare la colonna Algoritmo",
}
DATES = "i due numeri possono essere date o quantità: dare la colonna Algoritmo"


def spiega(risultato: object, target: object, algoritmo: object = None, metodo: object = None) -> Grid:
    """PX_SPIEGA: a sentence a row, with the convention that a bare number was read by; blank rows stay blank."""
    method = profile_of(metodo)
    if isinstance(method, Problem):
        return one(method)
    rows = aligned(risultato, target, algoritmo)
    if isinstance(rows, Problem):
        return one(rows)
    scored = iter(score_cells([group for row in rows for group in row], method))
    return [[_sentence(next(scored), method) for _ in row] for row in rows]


def _sentence(scored: Scored | None, method: Method) -> str:
    if scored is None:
        return ""
    pair = scored.pair
    if scored.score.pct is not None and scored.problem:
        found = f"risultato «{pair.result.text}», target «{pair.target.text}»"
        return f"Non calcolato: {found}: {HOW.get(scored.problem, DATES)}."
    note = f" ({pair.note[:1].upper()}{pair.note[1:]}.)" if pair.note else ""
    return sentence(pair.target, pair.result, scored.score, method) + note
