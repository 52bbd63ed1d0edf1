"""Which rule a result and a target take, or why they can't be compared. Nothing is guessed: what doesn't fit is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from perfxl.grammar.outcome import counts, counts_things, reference_in
from perfxl.model import Result, ResultKind, Target, TargetKind
from perfxl.model.record import record
from perfxl.scoring.columns import Comparison, Rule
from perfxl.scoring.reading import PERIOD_MONTHS

if TYPE_CHECKING:
    from perfxl.methods.schema import Scoring

HUNDRED = Decimal(100)
DURATIONS = frozenset({"gg", "ore", "minuti", "settimane", "mesi", "anni"})


@record(frozen=True, slots=True)
class Unmeasured:
    """Why there is no percent: `code` of the finding to raise ("" where nothing is wrong: blank, N.C.), and the words."""

    code: str
    why: str


@record(frozen=True, slots=True)
class Compared:
    """A comparison, with a finding to raise beside it where the reading needed a convention (`note_code`)."""

    comparison: Comparison
    note_code: str = ""
    note: str = ""


Outcome = Compared | Unmeasured


def compare(target: Target, result: Result, scoring: Scoring, previous: Decimal | None = None) -> Outcome:
    """Choose the rule for a pair. `scoring` says what a typed percent means and which rule each kind of target takes.

    `previous` is the indicator's value of the year before, for relative targets, where it is known.
    """
    if not result.measured:
        return _unmeasured(result)
    if result.kind is ResultKind.PERCENT and scoring.percent_result == "declared":
        assert result.value is not None
        if result.value >= 0:  # nobody declares to have achieved -20 %: that is a value
            return Compared(Comparison(Rule.DECLARED, result=result.value))
    if target.kind is TargetKind.UNREADABLE:
        return Unmeasured("PX-G001", target.problem or f"target «{target.text}»")
    if target.kind is TargetKind.NONE:
        return Unmeasured("PX-V004", f"risultato «{result.text}» senza target")
    if target.kind is TargetKind.COUNT and target.operator is None and target.unit in DURATIONS:
        return Unmeasured("PX-G001", f"target «{target.text}» senza operatore: una durata può essere un massimo o un minimo")
    match target.kind:
        case TargetKind.DEADLINE | TargetKind.MULTI_DEADLINE:
            return _deadlines(target, result, scoring)
        case TargetKind.MILESTONE:
            return _milestone(target, result, scoring)
        case TargetKind.RELATIVE:
            return _relative(target, result, scoring, previous)
        case _:
            return _numbers(target, result, scoring)


def _unmeasured(result: Result) -> Unmeasured:
    match result.kind:
        case ResultKind.UNREADABLE:
            return Unmeasured("PX-G003" if serial_zero(result) else "PX-G002", result.problem or f"«{result.text}»")
        case ResultKind.NARRATIVE:
            return Unmeasured("PX-G004", f"«{result.text}»")
        case ResultKind.NOT_MEASURED:
            return Unmeasured("", f"«{result.text}»")
        case _:
            return Unmeasured("", "cella vuota")


def serial_zero(result: Result) -> bool:
    """Excel's serial 0 (00/01/1900): a blank in disguise (METHODS, *Excel serial 0*)."""
    return result.kind is ResultKind.UNREADABLE and ("00/01/1900" in result.text or "00/01/1900" in (result.problem or ""))


def blank(result: Result) -> bool:
    """Nothing was typed, or only a blank in disguise."""
    return result.kind is ResultKind.EMPTY or serial_zero(result)


def _mismatch(target: Target, result: Result) -> Unmeasured:
    return Unmeasured("PX-G005", f"target «{target.text}», risultato «{result.text}»")


# -- numbers -----------------------------------------------------------------------------------------------------------


def _numbers(target: Target, result: Result, scoring: Scoring) -> Outcome:
    if result.kind is ResultKind.VALUES:
        return _several_values(target, result, scoring)
    if target.kind is TargetKind.DAYS_WITHIN and result.kind is ResultKind.DATE:
        return _days_after_period(target, result, scoring)
    if result.value is None or result.kind not in (ResultKind.NUMBER, ResultKind.PERCENT, ResultKind.VARIATION):
        return _mismatch(target, result)
    if result.kind is ResultKind.VARIATION and _unsigned(target) and result.value < 0:
        return _mismatch(target, result)  # "diminuito dell'8%" against a plain "5%": a reduction wanted, or a growth?
    if not _same_unit(target, result):
        return _ambiguous_percent(target, result) or _mismatch(target, result)
    if target.unit == "%" and result.unit != "%" and scoring.percent_result == "declared":
        why = "può essere la percentuale dichiarata o una misura da confrontare con il target"
        return Unmeasured("PX-G005", f"target «{target.text}», risultato «{result.text}» senza il segno %: {why}")
    return Compared(number_comparison(target, result.value, scoring))


def _unsigned(target: Target) -> bool:
    """A value without operator that doesn't say on which side it lies."""
    return target.kind in (TargetKind.EQUALITY, TargetKind.COUNT) and target.value is not None and target.value > 0


def _several_values(target: Target, result: Result, scoring: Scoring) -> Outcome:
    """Several measures in one cell against one target: only where the rule is met or missed, and each has its own."""
    if scoring.increasing != "met_or_missed" or target.unit not in (None, "n."):
        return _mismatch(target, result)
    parts = tuple(number_comparison(target, value, scoring) for value in result.numbers)
    return Compared(Comparison(parts[0].rule, parts=parts))


def number_comparison(target: Target, value: Decimal, scoring: Scoring) -> Comparison:
    """The comparison of a number with a threshold, count, equality, range or days."""
    if target.kind is TargetKind.RANGE:
        assert target.low is not None
        assert target.high is not None
        return Comparison(Rule.RANGE, "=", value, low=target.low, high=target.high)
    assert target.value is not None
    operator = target.operator
    decreasing = operator in ("<=", "<") or target.kind is TargetKind.DAYS_WITHIN
    how = (
        scoring.days_within if target.kind is TargetKind.DAYS_WITHIN else scoring.decreasing if decreasing else scoring.increasing
    )
    exact = not decreasing and (operator == "=" or (target.kind is TargetKind.COUNT and operator is None))
    if exact and scoring.equality == "exact_or_zero":
        return Comparison(Rule.MET_OR_MISSED, "=", value, target.value)
    if exact:
        operator = ">="
    if decreasing and operator != "<":
        operator = "<="
    rule = Rule.MET_OR_MISSED if how == "met_or_missed" else Rule.DECREASING if decreasing else Rule.INCREASING
    return Comparison(rule, operator, value, target.value)


def _same_unit(target: Target, result: Result) -> bool:
    plain = {None, "n."}
    if target.unit not in plain and result.unit in plain and counts_things(result.text):
        return False  # "3 pratiche" aren't three days, nor "n. 90" ninety percent
    if target.unit == "%":
        return result.unit == "%" or (result.unit in plain and _is_percent_figure(result.value))
    if result.unit == "%" or (target.unit in plain and result.unit not in plain and counts(target.text)):
        return False
    return target.unit == result.unit or target.unit in plain or result.unit in plain


def _is_percent_figure(value: Decimal | None) -> bool:
    # 98 against ">= 80%" is 98 %; 0.98 could be 98 % or 0.98 %, and 1 could be 100 % or 1 %: not for us to say.
    return value is not None and (value == 0 or abs(value) > 1)


def _ambiguous_percent(target: Target, result: Result) -> Unmeasured | None:
    if target.unit != "%" or result.value is None or result.unit not in (None, "n.") or counts_things(result.text):
        return None
    return Unmeasured(
        "PX-G005",
        f"target «{target.text}», risultato «{result.text}» senza il segno %: può essere una percentuale o una frazione",
    )


def _days_after_period(target: Target, result: Result, scoring: Scoring) -> Outcome:
    """Days after the last close. One that is late for it, and nearer to the next one, may as well speak of that: nobody can say."""
    closes = closes_around(target, result)
    if closes is None:
        return _mismatch(target, result)
    (last, following), done = closes, result.dates[0]
    after, before = (done - last).days, (following - done).days
    assert target.value is not None
    if after > target.value and before < after:
        return Unmeasured(
            "PX-G002",
            f"«{result.text}» contro «{target.text}»: è {_counted(after, 'giorno', 'giorni')} dopo la chiusura del {last:%d/%m/%Y} "
            f"e {_counted(before, 'giorno', 'giorni')} prima di quella del {following:%d/%m/%Y}, e non dice di quale delle due parla",
        )
    return Compared(number_comparison(target, Decimal(after), scoring))


def closes_around(target: Target, result: Result) -> tuple[date, date] | None:
    """Of one date against days after a period's close: the last close at that date, that very day included, and the next."""
    months = PERIOD_MONTHS.get(target.period or "")
    if target.kind is not TargetKind.DAYS_WITHIN or result.kind is not ResultKind.DATE or not months or len(result.dates) != 1:
        return None
    after = date.fromordinal(result.dates[0].toordinal() + 1)
    first = (after.month - 1) // months * months + 1
    year, month = (after.year, first + months) if first + months <= 12 else (after.year + 1, 1)
    starts = date(after.year, first, 1), date(year, month, 1)
    return date.fromordinal(starts[0].toordinal() - 1), date.fromordinal(starts[1].toordinal() - 1)


# -- dates -------------------------------------------------------------------------------------------------------------


def _deadlines(target: Target, result: Result, scoring: Scoring) -> Outcome:
    if result.kind is ResultKind.NOT_DONE:
        return Compared(Comparison(Rule.DECLARED, result=Decimal(0)))
    if not target.dates:
        return Unmeasured("PX-G001", f"target «{target.text}» senza anno")
    if result.kind is ResultKind.MONTH and len(target.dates) == 1:
        return _month(target, result, scoring)
    if result.kind is not ResultKind.DATE:
        return _mismatch(target, result)
    dues, dones = sorted(target.dates), sorted(result.dates)
    if len(dues) == len(dones):
        parts = tuple(_on(done, due, target) for done, due in zip(dones, dues, strict=True))
        return Compared(parts[0] if len(parts) == 1 else Comparison(Rule.DEADLINE, parts=parts))
    if len(dones) == 1 and scoring.single_date == "against_last":
        return Compared(_on(dones[0], dues[-1], target), "PX-G008", f"«{result.text}» per {len(dues)} scadenze («{target.text}»)")
    many = f"{_counted(len(dones), 'data', 'date')} («{result.text}») per {_counted(len(dues), 'scadenza', 'scadenze')}"
    return Unmeasured("PX-G002", f"{many} («{target.text}»)")


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _on(done: date, due: date, target: Target) -> Comparison:
    operator = "<" if target.operator == "<" else "<="  # "prima del": the day itself is on time, but doesn't reach
    return Comparison(Rule.DEADLINE, operator, Decimal(done.toordinal()), Decimal(due.toordinal()))


def _month(target: Target, result: Result, scoring: Scoring) -> Outcome:
    """A month is on time or late as a whole; where the day matters (deadline inside it, delay by days) nothing is supposed."""
    if len(result.dates) != 2:
        return Unmeasured("PX-G002", f"mese «{result.text}» senza anno")
    first, last = result.dates
    due = target.dates[0]
    if last <= due:
        return Compared(_on(last, due, target))
    if first > due and scoring.deadline == "late_zero":
        return Compared(_on(first, due, target))
    return Unmeasured("PX-G009", f"«{result.text}» contro la scadenza {due:%d/%m/%Y}")


# -- milestones and relatives -------------------------------------------------------------------------------------------


def _milestone(target: Target, result: Result, scoring: Scoring) -> Outcome:
    match result.kind:
        case ResultKind.DONE | ResultKind.DATE | ResultKind.MONTH:
            pct = HUNDRED
        case ResultKind.NOT_DONE:
            pct = Decimal(0)
        case ResultKind.PERCENT:
            assert result.value is not None
            done = HUNDRED if result.value >= HUNDRED else Decimal(0)
            pct = result.value if scoring.milestone == "declared_percent" else done
        case ResultKind.NUMBER if target.value is not None and result.value is not None:
            return Compared(number_comparison(Target(TargetKind.COUNT, value=target.value, unit="n."), result.value, scoring))
        case _:
            return _mismatch(target, result)
    return Compared(Comparison(Rule.DECLARED, result=pct))


def _of_reference(reference: str | None) -> str:
    """`del 2016`, `dell'anno precedente`, `di riferimento`."""
    if not reference:
        return "di riferimento"
    return f"del {reference}" if reference[0].isdigit() else f"dell'{reference}" if reference[0] in "aeiou" else f"di {reference}"


def _relative(target: Target, result: Result, scoring: Scoring, previous: Decimal | None) -> Outcome:
    """A variation that the result states, or a value against that of the year before, where it is known."""
    change = target.value if target.value is not None else Decimal(0)
    operator = target.operator or ("<=" if change < 0 else ">=")
    if scoring.relative == "previous_value" and previous is not None and result.kind in (ResultKind.NUMBER, ResultKind.PERCENT):
        assert result.value is not None
        due = previous + (abs(previous) * change / HUNDRED if target.unit == "%" else change)
        return Compared(number_comparison(Target(TargetKind.THRESHOLD, operator, due), result.value, scoring))
    if scoring.relative == "not_computable" or result.kind is not ResultKind.VARIATION or result.value is None:
        return Unmeasured("PX-V003", f"target relativo «{target.text}»: il valore {_of_reference(target.reference)} non è noto")
    if target.value is not None and target.unit != "%":
        return _mismatch(target, result)
    if (stated := reference_in(result.text)) and target.reference and stated != target.reference and target.reference.isdigit():
        return _mismatch(target, result)  # of another year
    return Compared(Comparison(Rule.MET_OR_MISSED, operator, result.value, change))
