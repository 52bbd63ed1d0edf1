"""The trace of one score as an Italian sentence: value read → rule → raw percent → cap, band → rounding → state."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import Result, State, Target, italian_number
from perfxl.scoring.columns import Comparison, Rule
from perfxl.scoring.compare import Compared
from perfxl.scoring.rounding import shown

if TYPE_CHECKING:
    from perfxl.methods.schema import Method, Scoring
    from perfxl.scoring.rows import RowScore

MODES = {
    "truncate": "troncato",
    "half_up": "arrotondato",
    "half_even": "arrotondato al pari",
    "half_down": "arrotondato per difetto a metà",
}


LONGEST = 120


def percent(value: Fraction | Decimal | None, decimals: int = 2, mode: str = "half_up") -> str:
    """`98,82 %`, or `N.C.`."""
    figure = shown(Fraction(value), decimals, mode) if value is not None else None
    return "N.C." if figure is None else f"{figure:f}".replace(".", ",") + " %"


def sentence(target: Target, result: Result, score: RowScore, method: Method, code: str = "") -> str:
    """How a percent came about, or why there is none. `code`: the indicator's, for the method's exceptions."""
    outcome = score.outcome
    if not isinstance(outcome, Compared):
        policy = (
            f"; per il metodo vale {percent(score.pct)} ({score.policy})"
            if score.policy
            else "; per il metodo resta fuori dalle medie"
        )
        return f"Non misurato: {outcome.why}{policy}."
    steps = [f"Risultato «{_short(result.text)}» contro target «{_short(target.text)}»", _rule(outcome.comparison)]
    raw = score.raw_pct
    if raw is not None and score.pct is not None:
        steps.append(f"realizzazione {percent(raw, 4)}" if raw != score.pct else f"realizzazione {percent(raw)}")
        if raw != score.pct:
            steps.append(_limits(raw, score.pct, method, method.scoring_for(code)))
    if outcome.note:
        steps.append(f"nota: {outcome.note}")
    steps.append(f"stato «{score.state}»" if score.state is not State.UNMEASURED else "non calcolabile: resta fuori dalle medie")
    return ": ".join(steps[:2]) + "".join(f"; {step}" for step in steps[2:]) + "."


def _short(text: str) -> str:
    """A text that a sentence can hold: some indicators are a page long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


def _limits(raw: Fraction, pct: Fraction, method: Method, scoring: Scoring) -> str:
    cap, floor = scoring.cap, scoring.floor
    if cap is not None and raw > cap:
        why = f"limitata al massimo di {italian_number(cap)}"
    elif raw < floor:
        why = f"portata al minimo di {italian_number(floor)}"
    elif scoring.bands.mode != "as_is":
        why = "per fasce"
    elif method.rounding.stage == "each_level":
        why = f"{MODES[method.rounding.mode]} a {method.rounding.decimals} decimali"
    else:
        why = "per il metodo"
    return f"{why}: {percent(pct)}"


def _rule(c: Comparison) -> str:
    if c.parts:
        what = "scadenze" if c.rule is Rule.DEADLINE else "valori"
        return f"{len(c.parts)} {what}, " + " e ".join(_rule(part) for part in c.parts)
    a, t = italian_number(c.result), italian_number(c.target)
    match c.rule:
        case Rule.INCREASING:
            return f"da raggiungere, 100 × {a} / {t}" if c.target > 0 else f"da raggiungere, {a} contro {t}"
        case Rule.DECREASING:
            return f"da non superare, {a} contro un massimo di {t}"
        case Rule.MET_OR_MISSED:
            return f"raggiunto o no, {a} {c.operator} {t}"
        case Rule.RANGE:
            return f"intervallo, {a} tra {italian_number(c.low)} e {italian_number(c.high)}"
        case Rule.DEADLINE:
            return _deadline(int(c.result - c.target))
        case _:
            return "percentuale dichiarata"


def _deadline(late: int) -> str:
    if late == 0:
        return "scadenza rispettata all'ultimo giorno"
    days = f"{abs(late)} {'giorno' if abs(late) == 1 else 'giorni'}"
    return f"scadenza, {days} di ritardo" if late > 0 else f"scadenza rispettata con {days} di anticipo"
