"""The trace of one score as an Italian sentence: value read → rule → raw percent → cap, band → rounding → state."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import Result, ResultKind, State, Target, TargetKind, italian_number
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


def sentence(target: Target, result: Result, score: RowScore, method: Method, code: str = "", owner: str = "") -> str:
    """How a percent came about, or why there is none. `code` and `owner`: the indicator's, for the method's exceptions."""
    outcome = score.outcome
    if not isinstance(outcome, Compared):
        return f"Non misurato: {outcome.why}; {_unmeasured(score, method)}."
    comparison = outcome.comparison
    steps = [
        f"Risultato «{_short(result.text)}» contro target «{_short(target.text)}»",
        _declared(target, result, comparison) if comparison.rule is Rule.DECLARED else _rule(comparison),
    ]
    raw = score.raw_pct
    if raw is not None and score.pct is not None:
        steps.append(f"realizzazione {percent(raw, 4) if raw != score.pct else _official(raw, method)}")
        if raw != score.pct:
            steps.append(_limits(raw, score.pct, method, method.scoring_for(code, owner)))
    if _strictly_unmet(comparison) and score.state is State.PARTIAL:
        steps.append(f"il target è stretto («{comparison.operator}») e non è superato")
    if outcome.note:
        steps.append(f"nota: {outcome.note}")
    steps.append(f"stato «{score.state}»" if score.state is not State.UNMEASURED else "non calcolabile: resta fuori dalle medie")
    return ": ".join(steps[:2]) + "".join(f"; {step}" for step in steps[2:]) + "."


def _short(text: str) -> str:
    """A text that a sentence can hold: some indicators are a page long."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"


POLICIES = {
    "zero": "ciò che non è misurato vale zero",
    "full": "ciò che non è misurato vale 100",
    "previous_value": "vale la percentuale dell'anno prima",
    "serial_zero": "lo zero di Excel vale zero",
    "narrative": "un testo senza misura vale zero",
    "before_due": "anche prima della scadenza vale zero",
}


def _unmeasured(score: RowScore, method: Method) -> str:
    """What the method does with a row that has no figure."""
    if score.policy:
        return f"per il metodo {POLICIES[score.policy]}: {_official(score.pct, method)}"
    return "per il metodo blocca l'obiettivo di cui fa parte" if score.blocks else "per il metodo resta fuori dalle medie"


def _official(pct: Fraction | None, method: Method) -> str:
    """A percent as the method rounds it when shown: the very figure of every other door."""
    return percent(pct, method.rounding.decimals, method.rounding.mode)


def _declared(target: Target, result: Result, comparison: Comparison) -> str:
    """What was typed is the percent itself, or says whether the thing was done."""
    if result.kind is ResultKind.PERCENT and comparison.result == result.value:
        return "percentuale dichiarata"
    done = "compiuto" if comparison.result else "non compiuto"
    return f"{'passo' if target.kind is TargetKind.MILESTONE else 'adempimento'} {done}"


def _strictly_unmet(c: Comparison) -> bool:
    parts = c.parts or (c,)
    return any((p.operator == "<" and p.result >= p.target) or (p.operator == ">" and p.result <= p.target) for p in parts)


def _limits(raw: Fraction, pct: Fraction, method: Method, scoring: Scoring) -> str:
    cap, floor = scoring.cap, scoring.floor
    why, limited = [], raw
    if cap is not None and raw > cap:
        why, limited = [f"limitata al massimo di {italian_number(cap)}"], Fraction(cap)
    elif raw < floor:
        why, limited = [f"portata al minimo di {italian_number(floor)}"], Fraction(floor)
    if pct != limited and scoring.bands.mode != "as_is":
        why.append("letta per fasce")
    elif pct != limited and method.rounding.stage == "each_level":
        why.append(f"{MODES[method.rounding.mode]} a {method.rounding.decimals} decimali")
    return f"{' e '.join(why) or 'per il metodo'}: {_official(pct, method)}"


def _rule(c: Comparison) -> str:
    if c.parts:
        if c.rule is Rule.DEADLINE:
            kept = (f"la {n}ª {_kept(part)}" for n, part in enumerate(c.parts, start=1))
            return f"{len(c.parts)} scadenze, " + ", ".join(kept)
        return f"{len(c.parts)} valori, " + " e ".join(_rule(part) for part in c.parts)
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
            return f"scadenza {_kept(c)}"
        case _:
            return "percentuale dichiarata"


def _kept(c: Comparison) -> str:
    """How a deadline was kept: `rispettata con 3 giorni di anticipo`, `mancata, con 1 giorno di ritardo`."""
    late = int(c.result - c.target)
    if late == 0:
        return "raggiunta nel giorno prima del quale si doveva" if c.operator == "<" else "rispettata all'ultimo giorno"
    days = f"{abs(late)} {'giorno' if abs(late) == 1 else 'giorni'}"
    return f"mancata, con {days} di ritardo" if late > 0 else f"rispettata con {days} di anticipo"
