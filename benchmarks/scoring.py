"""(b) A million parsed rows scored and rolled up, exactly; against the same with pandas' float columns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.table import Measure, at_most, figure

SIZES = (10_000, 100_000, 1_000_000)
LIMIT_S = 0.5
GROWTH = 3.0
"""Time a row at 10^6 against 10^4: arrays of a million rows leave the processor's caches, so more than 1; n² would be 100."""
ROWS_A_NODE = 100

PART = "(b) Un milione di righe già lette, valutate e aggregate (numeri esatti)"


def measure(times: int) -> list[Measure]:
    """All of (b)."""
    scored, rolled, floats, float_means = {}, {}, {}, {}
    for size in SIZES:
        rows = _Rows(size)
        for found, job in (
            (scored, rows.score),
            (rolled, rows.roll_up),
            (floats, rows.score_floats),
            (float_means, rows.roll_up_floats),
        ):
            found[size] = _median(job, times)
    last, first = SIZES[-1], SIZES[0]
    right, exact_wrong, float_wrong = rows.compare()
    each = {size: 1e9 * (scored[size] + rolled[size]) / size for size in SIZES}
    return [
        at_most(PART, "perfxl, valutare e troncare", scored[last], "s", LIMIT_S),
        Measure(PART, "perfxl, aggregare (10.000 nodi)", rolled[last], "s"),
        Measure(PART, "pandas in virgola mobile, valutare e troncare", floats[last], "s"),
        Measure(PART, "pandas in virgola mobile, aggregare (groupby)", float_means[last], "s"),
        Measure(
            PART, "perfxl / pandas in virgola mobile", (scored[last] + rolled[last]) / (floats[last] + float_means[last]), "volte"
        ),
        *(Measure(PART, f"perfxl, {figure(size)} righe", value, "ns/riga") for size, value in each.items()),
        at_most(PART, "tempo per riga, 10^6 rispetto a 10^4", each[last] / each[first], "volte", GROWTH, "1 = lineare"),
        at_most(PART, "cifre troncate sbagliate, perfxl", exact_wrong, "righe", 0, f"su {figure(right)}"),
        Measure(PART, "cifre troncate sbagliate, virgola mobile", float_wrong, "righe", note=f"su {figure(right)}"),
    ]


class _Rows:
    """Rows as the twelve dashboards have them: mostly "the more the better", some "no more than", deadlines, blanks.

    Values with two decimals (15,00; 98,45), targets from 1 to 400; a fixed seed.
    """

    def __init__(self, size: int) -> None:
        import numpy as np
        import pandas as pd

        from perfxl.methods import load_method
        from perfxl.scoring import Columns, Rule

        self.method = load_method("lucca-2017")  # truncates to two decimals
        self.rules = load_method("massacarrara-2019").scoring  # ratios
        random = np.random.default_rng(2019)
        share = random.random(size)
        rule = np.select(
            [share < 0.65, share < 0.8, share < 0.9], [Rule.INCREASING, Rule.DECREASING, Rule.DEADLINE], Rule.UNMEASURED
        )
        self.rule = rule.astype(np.int8)
        self.result = random.integers(0, 40_000, size)  # hundredths
        self.target = 100 * random.integers(1, 400, size)
        self.group = random.integers(0, max(1, size // ROWS_A_NODE), size)
        self.groups = max(1, size // ROWS_A_NODE)
        dated = self.rule == Rule.DEADLINE
        result = np.where(dated, self.result // 100 * 10_000, self.result * 100)
        target = np.where(dated, self.target // 100 * 10_000, self.target * 100)
        nothing = np.zeros(size, dtype=np.int64)
        operator = np.where(self.rule == Rule.DECREASING, 1, 0).astype(np.int8)
        self.columns = Columns(self.rule, operator, result, target, nothing, nothing, nothing + 10_000)
        self.frame = pd.DataFrame(
            {"rule": self.rule, "result": self.result / 100, "target": self.target / 100, "group": self.group}
        )
        self.exact: tuple[Any, Any] = (nothing, nothing)
        self.floats: Any = None

    def score(self) -> None:
        """Percents as exact fractions, states, truncation to two decimals."""
        from perfxl.scoring import round_columns, score_columns

        scores = score_columns(self.columns, self.rules, self.method.states.indicator)
        rounding = self.method.rounding
        self.exact = round_columns(scores.num, scores.den, rounding.decimals, rounding.mode)

    def roll_up(self) -> None:
        """Exact means of the measured rows of each node."""
        from perfxl.rollup.means import group_means

        group_means(self.group, *self.exact, self.groups)

    def score_floats(self) -> None:
        """The same as anybody would write it with pandas."""
        import numpy as np

        from perfxl.scoring import Rule

        f = self.frame
        pct = pd_where(f["rule"] == Rule.INCREASING, 100 * f["result"] / f["target"], np.nan)
        pct = pd_where(f["rule"] == Rule.DECREASING, 100 * f["target"] / f["result"], pct)
        pct = pd_where(f["rule"] == Rule.DEADLINE, 100.0 * (f["result"] // 1 <= f["target"] // 1), pct)
        self.floats = np.trunc(pct.clip(0, 100) * 100) / 100

    def roll_up_floats(self) -> None:
        """Means of the measured rows of each node, in floats."""
        self.floats.groupby(self.frame["group"]).mean()

    def compare(self) -> tuple[int, int, int]:
        """(measured rows, perfxl's wrong figures, the floats' wrong figures), by Python's own integers."""
        measured = exact_wrong = float_wrong = 0
        columns = (self.rule.tolist(), self.result.tolist(), self.target.tolist(), self.exact[0].tolist(), self.exact[1].tolist())
        for rule, result, target, num, den, floating in zip(*columns, self.floats.tolist(), strict=True):
            hundredths = _by_hand(rule, result, target)
            if hundredths is None:
                exact_wrong += den != 0
                continue
            measured += 1
            exact_wrong += num * 100 != hundredths * den
            float_wrong += round(floating * 100) != hundredths
        return measured, exact_wrong, float_wrong


def pd_where(condition: Any, yes: Any, no: Any) -> Any:
    """`yes` where the condition holds, else `no`, as a Series."""
    return yes.where(condition, no)


def _by_hand(rule: int, result: int, target: int) -> int | None:
    """Hundredths of a percent, truncated; None for an unmeasured row. `result` and `target` in hundredths."""
    from perfxl.scoring import Rule

    match rule:
        case Rule.INCREASING:
            return min(10_000, 10_000 * result // target)
        case Rule.DECREASING:
            return 10_000 if result <= target else 10_000 * target // result
        case Rule.DEADLINE:
            return 10_000 if result // 100 <= target // 100 else 0
        case _:
            return None


def _median(job: Callable[[], None], times: int) -> float:
    job()  # once unmeasured: imports, first use of memory
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        job()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)
