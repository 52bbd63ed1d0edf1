"""The trace of one score as an Italian sentence: value read → rule → raw percent → cap, band → rounding → state."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.model import Result, ResultKind, State, Target, TargetKind, italian_number
from perfxl.scoring.columns import Comparison, Rule
from perfxl.scoring.compare import Compared, closes_around
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
    comparison, scoring = outcome.comparison, method.scoring_for(code, owner)
    steps = [
        f"Risultato «{_short(result.text)}» contro target «{_short(target.text)}»",
        _declared(target, result, comparison)
        if comparison.rule is Rule.DECLARED
        else _since_close(target, result) + _rule(comparison, scoring, score.due_share),
    ]
    raw = score.raw_pct
    if raw is not None and score.pct is not None:
        steps.append(f"realizzazione {percent(raw, 4) if raw != score.pct else _official(raw, method)}")
        if raw != score.pct:
            steps.append(_limits(raw, score.pct, method, scoring))
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


def _since_close(target: Target, result: Result) -> str:
    """Of a date against days after a period's close: which close its days are counted from."""
    closes = closes_around(target, result)
    return "" if closes is None else f"giorni contati dalla chiusura del {closes[0]:%d/%m/%Y}, "


def _rule(c: Comparison, scoring: Scoring, share: Fraction | None = None) -> str:
    """The rule and its formula. `share`: of the target, what is due so far, where the method counts that."""
    if c.parts:
        if c.rule is Rule.DEADLINE:
            kept = (f"la {n}ª {_kept(part)}" for n, part in enumerate(c.parts, start=1))
            return f"{len(c.parts)} scadenze, " + ", ".join(kept)
        return f"{len(c.parts)} valori, " + " e ".join(_rule(part, scoring, share) for part in c.parts)
    a, t, so_far = italian_number(c.result), italian_number(c.target), ""
    if share is not None:
        so_far = f" (il dovuto finora: {t} × {_share(share)} dell'anno)"
        t = _number(Fraction(c.target) * share)
    match c.rule:
        case Rule.INCREASING:
            return f"da raggiungere, {_increasing(a, t, c)}{so_far}"
        case Rule.DECREASING:
            return f"da non superare, {_decreasing(a, t, c, scoring)}"
        case Rule.MET_OR_MISSED:
            return f"raggiunto o no, {a} {c.operator} {t}{so_far}"
        case Rule.RANGE:
            return _range(c, scoring)
        case Rule.DEADLINE:
            return f"scadenza {_kept(c)}"
        case _:
            return "percentuale dichiarata"


def _increasing(a: str, t: str, c: Comparison) -> str:
    if c.target > 0:
        return f"100 × {a} / {t}"
    if not c.target:
        return f"{a} contro {t}"
    size = t.removeprefix("-")
    return f"{a} contro {t}: 100 × ({size} + {_signed(a)} − {_signed(t)}) / {size}"


def _decreasing(a: str, t: str, c: Comparison, scoring: Scoring) -> str:
    against = f"{a} contro un massimo di {t}"
    if not c.target:
        return against
    if scoring.decreasing == "linear":
        size = t.removeprefix("-")
        whole = f"2 × {t}" if c.target > 0 else f"{size} + {_signed(t)}"
        return f"{against}: 100 × ({whole} − {_signed(a)}) / {size}"
    if c.result <= c.target:
        return against
    return f"{against}: 100 × {t} / {a}" if c.target > 0 else f"{against}: 100 × {_signed(a)} / {_signed(t)}"


def _range(c: Comparison, scoring: Scoring) -> str:
    a, between = italian_number(c.result), f"intervallo tra {italian_number(c.low)} e {italian_number(c.high)}"
    if c.low <= c.result <= c.high:
        return f"{between}, {a} è dentro"
    bound = c.low if c.result < c.low else c.high
    if scoring.range == "zero_outside" or not bound:
        return f"{between}, {a} è fuori: vale 0"
    size, distance = italian_number(abs(bound)), italian_number(abs(c.result - bound))
    return f"{between}, {a} è fuori e dista {distance} dall'estremo {italian_number(bound)}: 100 × (1 − {distance} / {size})"


def _signed(number: str) -> str:
    """A negative number as it stands in the middle of a formula."""
    return f"({number})" if number.startswith("-") else number


def _share(share: Fraction) -> str:
    """A share of the year in twelfths where it is made of whole months: `4/12`."""
    months = share * 12
    return f"{months}/12" if months.denominator == 1 else str(share)


def _number(value: Fraction) -> str:
    figure = shown(value, 4, "half_up")
    assert figure is not None
    return italian_number(figure)


def _kept(c: Comparison) -> str:
    """How a deadline was kept: `rispettata con 3 giorni di anticipo`, `mancata, con 1 giorno di ritardo`."""
    late = int(c.result - c.target)
    if late == 0:
        return "raggiunta nel giorno prima del quale si doveva" if c.operator == "<" else "rispettata all'ultimo giorno"
    days = f"{abs(late)} {'giorno' if abs(late) == 1 else 'giorni'}"
    return f"mancata, con {days} di ritardo" if late > 0 else f"rispettata con {days} di anticipo"
