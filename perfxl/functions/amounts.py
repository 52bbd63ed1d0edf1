"""PX_SCOSTAMENTO, PX_UTILIZZO, PX_INCENTIVO: differences, budget use and money."""

from __future__ import annotations

from fractions import Fraction

from perfxl.functions.cells import SIZES, Grid, Problem, aligned, each, flat, grid_of, is_blank, one
from perfxl.functions.exact import amount, percents
from perfxl.functions.pairs import Conventions, Pair, pairs_of
from perfxl.functions.profile import DEFAULT, profile_of
from perfxl.functions.score import AMBIGUOUS, NOT_COMPUTABLE, REASONS
from perfxl.grammar import find_targets
from perfxl.model import TargetKind
from perfxl.rollup.scored import deviation
from perfxl.scoring import round_exact
from perfxl.scoring.choose import target_in_text
from perfxl.scoring.compare import Unmeasured, compare

NOT_MEASURED = "N.C."
ZERO_BUDGET = "budget zero"
CENTS = 2
PLAIN = Conventions()


def scostamento(risultati: object, target: object) -> Grid:
    """PX_SCOSTAMENTO: consuntivo − programmato in the target's unit; percents as fractions of 1, deadlines in days.

    Source: DFP guidelines 2/2017, *scostamento*. A target written in the indicator's text (Lucca) is found there.
    """
    return each(_difference, risultati, target)


def _difference(result: object, target: object) -> float | str:
    if is_blank(result) and is_blank(target):
        return ""
    found = [_deviation(pair, target) for pair in pairs_of(result, target, None, PLAIN)]
    known = [value for value in found if isinstance(value, Fraction)]
    if len(set(known)) > 1:
        return AMBIGUOUS
    first = known[0] if known else found[0]
    return float(first) if isinstance(first, Fraction) else first


def _deviation(pair: Pair, written: object) -> Fraction | str:
    aim = pair.target
    if aim.kind is TargetKind.UNREADABLE and isinstance(written, str) and (clauses := find_targets(written)):
        aim = target_in_text(clauses, pair.result, written)
    if aim.kind is TargetKind.NONE and pair.result.measured:
        return REASONS["PX-V004"]
    method = profile_of(DEFAULT)
    assert not isinstance(method, Problem)
    outcome = compare(aim, pair.result, method.scoring)
    if isinstance(outcome, Unmeasured):
        return REASONS.get(outcome.code, NOT_COMPUTABLE)
    difference, unit = deviation(aim, pair.result, outcome)
    if difference is None:
        return NOT_COMPUTABLE
    return difference / 100 if unit == "%" else difference


def utilizzo(consuntivo: object, budget: object) -> Grid:
    """PX_UTILIZZO: actual / budget as a fraction of 1. 0 of 0 is 0, as Lucca prints it (0,0); something of 0 is a text."""
    return each(_share, consuntivo, budget)


def _share(spent: object, budget: object) -> float | str:
    if is_blank(spent) and is_blank(budget):
        return ""
    actual, due = amount(spent), amount(budget)
    if isinstance(actual, Problem) or isinstance(due, Problem):
        return str(actual if isinstance(actual, Problem) else due)
    if actual is None or due is None:
        return NOT_MEASURED
    if due == 0:
        return 0.0 if actual == 0 else ZERO_BUDGET
    return float(actual / due)


def incentivo(previste: object, realizzazione: object) -> Grid:
    """PX_INCENTIVO: sums due × realisation, in euro, rounded half up to the cent; N.C. where the realisation isn't measured."""
    method = profile_of(DEFAULT)
    assert not isinstance(method, Problem)
    given = grid_of(realizzazione)
    values = percents(flat(given), method.scoring.cap)
    if isinstance(values, Problem):
        return one(values)
    width = len(given[0])
    rows = aligned(previste, [values[start : start + width] for start in range(0, len(values), width)])
    return one(SIZES) if isinstance(rows, Problem) else [[_money(*pair) for pair in row] for row in rows]


def _money(due: object, pct: Fraction | str | None) -> float | str:
    if is_blank(due):
        return ""
    total = amount(due)
    if isinstance(total, Problem) or isinstance(pct, Problem):
        return str(total if isinstance(total, Problem) else pct)
    if total is None or not isinstance(pct, Fraction):
        return NOT_MEASURED
    return float(round_exact(total * pct / 100, CENTS, "half_up"))
