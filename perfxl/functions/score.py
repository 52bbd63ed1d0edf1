"""PX_REALIZZAZIONE: whole columns scored in one pass by the rules of the main job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.functions.cells import Grid, Problem, aligned, is_blank, one
from perfxl.functions.pairs import Conventions, Pair, pairs_of
from perfxl.functions.profile import profile_of
from perfxl.scoring import RowScore, score_rows
from perfxl.scoring.compare import Compared

if TYPE_CHECKING:
    from perfxl.methods.schema import Method

NOT_MEASURED = "N.C."
NOT_COMPUTABLE = "non calcolabile"
AMBIGUOUS = "ambiguo: numero o percentuale"
DATE_OR_NUMBER = "ambiguo: numero o data"

REASONS = {
    "PX-G001": "target non leggibile",
    "PX-G002": "risultato non leggibile",
    "PX-G003": "data zero (00/01/1900)",
    "PX-G004": "risultato senza misura",
    "PX-G005": "unità diverse",
    "PX-G009": "mese non confrontabile",
    "PX-V003": NOT_COMPUTABLE,
    "PX-V004": "senza target",
    "": NOT_MEASURED,
}
"""What stands in the cell for each finding that the command line raises of an unmeasured row."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A row's reading and score; `problem` in place of the figure, "" where there is one."""

    pair: Pair
    score: RowScore
    problem: str = ""


def realizzazione(risultati: object, target: object, algoritmi: object = None, metodo: object = None) -> Grid:
    """PX_REALIZZAZIONE: the official percent of each row as a fraction of 1, or a text; blank rows stay blank.

    It is the figure of the command line: rounded where the method rounds at each level, exact where it rounds only what is
    shown (the cell's percent format shows it with the method's decimals).
    """
    method = profile_of(metodo)
    if isinstance(method, Problem):
        return one(method)
    rows = aligned(risultati, target, algoritmi)
    if isinstance(rows, Problem):
        return one(rows)
    scored = iter(score_cells([group for row in rows for group in row], method))
    return [[_figure(next(scored)) for _ in row] for row in rows]


def _figure(scored: Scored | None) -> float | str:
    if scored is None:
        return ""
    pct = scored.score.pct
    return scored.problem if scored.problem or pct is None else float(pct / 100)


def score_cells(groups: Sequence[tuple[object, object, object]], method: Method) -> list[Scored | None]:
    """Scores of (result, target, algorithm) cells; None where result and target are both blank."""
    by = Conventions.of(method)
    readings = [_readings(*group, by) for group in groups]
    pairs = [pair for reading in readings for pair in reading]
    scores = iter(score_rows([("", pair.target, pair.result) for pair in pairs], method, year=by.year))
    return [_chosen([(pair, next(scores)) for pair in reading]) for reading in readings]


def _readings(result: object, target: object, algorithm: object, by: Conventions) -> tuple[Pair, ...]:
    return () if is_blank(result) and is_blank(target) else pairs_of(result, target, algorithm, by)


def _chosen(scored: Sequence[tuple[Pair, RowScore]]) -> Scored | None:
    """The reading that gives a percent; where two give different ones, none."""
    if not scored:
        return None
    measured = [(pair, score) for pair, score in scored if score.pct is not None]
    if len({score.pct for _, score in measured}) > 1:
        pair, score = scored[0]
        dates = any(other.result.dates for other, _ in scored)
        return Scored(pair, score, DATE_OR_NUMBER if dates else AMBIGUOUS)
    pair, score = (measured or scored)[0]
    return Scored(pair, score, "" if measured else reason(score))


def reason(score: RowScore) -> str:
    """The text for a row without a percent."""
    if isinstance(score.outcome, Compared):
        return NOT_COMPUTABLE
    return REASONS.get(score.outcome.code, NOT_COMPUTABLE)
