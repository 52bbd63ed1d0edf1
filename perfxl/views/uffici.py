"""*Uffici*: each office's mean of its own measured indicators, and the same by objective; beneath, the coverage."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from perfxl.views.context import Context, block_of, enters_office, node_key, office_key
from perfxl.views.figures import mean
from perfxl.views.indicatori import MEASURED
from perfxl.views.states import state_column
from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import UNMEASURED, figure, file_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from perfxl.model import Cover, Node, OfficeScore

_ROWS = "{Indicatori.chiave_ufficio},{chiave}"

LARGE_MATRIX = 20_000
"""From this many cells on, offices × objectives keeps the filled ones alone: the empty ones grow with the square."""


class _Means:
    """Means of the rows of *Indicatori* by office, and by office and objective."""

    def __init__(self, context: Context) -> None:
        self.figures = context.figures
        self._by_office: dict[str, list[Fraction | None]] = defaultdict(list)
        self._by_objective: dict[tuple[str, str], list[Fraction | None]] = defaultdict(list)
        self._within: dict[tuple[str, str], tuple[list[Fraction | None], str]] = {}
        nodes = context.c.nodes
        self._beneath = {
            node.code: [n.code for n in nodes[index : block_of(nodes, index)[1] + 1]] for index, node in enumerate(nodes)
        }
        for row in context.c.rows:
            if enters_office(row):
                self._by_office[row.office].append(row.pct)
                self._by_objective[row.office, row.owner].append(row.pct)

    def overall(self, office: str, cover: Cover) -> str | None:
        """The native mean of an office, where it gives the office's figure."""
        return self._formula(self._by_office[office], cover, _ROWS)

    def within(self, office: str, cover: Cover, objective: str) -> str | None:
        """The same within an objective and all that lies beneath it."""
        found, which = self._found(office, objective)
        return self._formula(found, cover, which) if which else None

    def counts(self, office: str, cover: Cover) -> tuple[str, str] | None:
        """How many rows are measured and how many there are, as formulas; None where they would give other figures."""
        return _counted(self._by_office[office], cover, _ROWS)

    def counts_within(self, office: str, cover: Cover, objective: str) -> tuple[str, str] | None:
        """The same within an objective and all that lies beneath it."""
        found, which = self._found(office, objective)
        return _counted(found, cover, which, "SUMPRODUCT({})") if which else None

    def _found(self, office: str, objective: str) -> tuple[list[Fraction | None], str]:
        """The percents of an office's rows within an objective, and the criteria that find them; "" where there is none."""
        if (office, objective) not in self._within:
            codes = [code for code in self._beneath[objective] if (office, code) in self._by_objective]
            found = [pct for code in codes for pct in self._by_objective[office, code]]
            keys = ",".join(f'"{node_key(code)}"' for code in codes)
            which = f"{_ROWS},{{Indicatori.chiave_obiettivo}},{{{keys}}}" if codes else ""
            self._within[office, objective] = found, which
        return self._within[office, objective]

    def _formula(self, found: list[Fraction | None], cover: Cover, which: str) -> str | None:
        given = self.figures.rounding.apply(mean((Fraction(1), pct) for pct in found))
        if not self.figures.same(given, cover.pct, cover.shown):
            return None
        total = f"SUMPRODUCT(SUMIFS({{Indicatori.pct}},{which}))"
        inner = f"({total}/SUMPRODUCT(COUNTIFS({which},{{Indicatori.pct}},{MEASURED})))"
        return f'IFERROR({self.figures.rounding.formula(inner)},"{UNMEASURED}")'


def _counted(found: list[Fraction | None], cover: Cover, which: str, summed: str = "{}") -> tuple[str, str] | None:
    if (sum(pct is not None for pct in found), len(found)) != (cover.measured, cover.total):
        return None
    return summed.format(f"COUNTIFS({which},{{Indicatori.pct}},{MEASURED})"), summed.format(f"COUNTIFS({which})")


def _out_of(counts: tuple[str, str] | None) -> str | None:
    return None if counts is None else f'{counts[0]}&" su "&{counts[1]}'


def uffici(context: Context) -> Tab:
    """The tab: two tables with the same columns, percent above and coverage beneath."""
    offices = context.c.offices
    means = _Means(context)
    objectives = _objectives(context)
    filled = _filled(offices) if len(offices) * len(objectives) >= LARGE_MATRIX else {}
    covers = Table(
        "CoperturaUffici",
        (*_who(), *_coverage(means, objectives, filled), *_helper()),
        offices,
        top=3 + 1 + max(len(offices), 1) + 2,
        title="Copertura: indicatori misurati su totale",
        nothing="Nessun ufficio letto.",
    )
    scores = Table(
        "Uffici",
        (*_who(), *_overall(context, means), *_by_objective(means, objectives, filled), *_helper()),
        offices,
        top=3,
        nothing="Nessun ufficio letto.",
        heading_height=32,
    )
    return Tab(
        "Uffici",
        "Uffici per obiettivo",
        "Ogni ufficio vale la media dei propri indicatori misurati; una cella vuota: nessun indicatore di quell'obiettivo.",
        (scores, covers),
        colour="548235",
        main="Uffici",
        freeze_columns=2,
    )


def _objectives(context: Context) -> list[Node]:
    wanted = {code for office in context.c.offices for code in office.by_objective}
    return [node for node in context.c.nodes if node.code in wanted and node.level not in {"ente", "area"}]


def _filled(offices: Sequence[OfficeScore]) -> dict[str, list[int]]:
    """The offices (by number) that have indicators of each objective."""
    found: dict[str, list[int]] = defaultdict(list)
    for index, office in enumerate(offices):
        for code in office.by_objective:
            found[code].append(index)
    return found


def _who() -> tuple[Column, ...]:
    return (
        Column("codice", "Ufficio", 11, lambda office: office.code),
        Column("titolo", "Denominazione", 40, lambda office: office.title, wrap=True),
    )


def _overall(context: Context, means: _Means) -> tuple[Column, ...]:
    figures = context.figures

    def held(office: OfficeScore) -> Fraction | None:
        return figures.carried(office.cover.pct, office.cover.shown)

    counts = {office.code: means.counts(office.code, office.cover) for office in context.c.offices}

    def count(which: int) -> Callable[[OfficeScore], str | None]:
        return lambda office: found[which] if (found := counts[office.code]) is not None else None

    formulas = {office.code: means.overall(office.code, office.cover) for office in context.c.offices}
    context.not_native("Uffici", [code for code, formula in formulas.items() if formula is None])
    return (
        Column(
            "pct",
            "% realizz.",
            10,
            lambda office: figure(held(office)),
            Kind.PERCENT,
            formula=lambda office: formulas[office.code],
        ),
        Column("misurati", "Misurati", 9, lambda office: office.cover.measured, Kind.INTEGER, formula=count(0)),
        Column("totale", "Totale", 8, lambda office: office.cover.total, Kind.INTEGER, formula=count(1)),
        state_column(context, level=lambda _: "ufficio", held=held, state=lambda office: office.state),
    )


def _by_objective(means: _Means, objectives: list[Node], filled: Mapping[str, list[int]]) -> tuple[Column, ...]:
    def value(code: str) -> Callable[[OfficeScore], float | str | None]:
        def of(office: OfficeScore) -> float | str | None:
            cover = office.by_objective.get(code)
            return None if cover is None else figure(means.figures.carried(cover.pct, cover.shown))

        return of

    def formula(code: str) -> Callable[[OfficeScore], str | None]:
        def of(office: OfficeScore) -> str | None:
            cover = office.by_objective.get(code)
            return None if cover is None else means.within(office.code, cover, code)

        return of

    return tuple(
        Column(f"o{index}", node.code, 8, value(node.code), Kind.PERCENT, formula=formula(node.code), only=filled.get(node.code))
        for index, node in enumerate(objectives)
    )


def _coverage(means: _Means, objectives: list[Node], filled: Mapping[str, list[int]]) -> tuple[Column, ...]:
    def overall(office: OfficeScore) -> str | None:
        return _out_of(means.counts(office.code, office.cover))

    def formula(code: str) -> Callable[[OfficeScore], str | None]:
        def within(office: OfficeScore) -> str | None:
            cover = office.by_objective.get(code)
            return None if cover is None else _out_of(means.counts_within(office.code, cover, code))

        return within

    def of(code: str) -> Callable[[OfficeScore], str | None]:
        def text(office: OfficeScore) -> str | None:
            cover = office.by_objective.get(code)
            return None if cover is None else f"{cover.measured} su {cover.total}"

        return text

    return (
        Column(
            "tutti", "Tutti", 10, lambda office: f"{office.cover.measured} su {office.cover.total}", Kind.CENTRED, formula=overall
        ),
        Column("vuota1", "", 9, lambda _: None),
        Column("vuota2", "", 8, lambda _: None),
        Column("file", "File", 23, lambda office: file_name(office.file), wrap=True),
        *(
            Column(f"o{index}", node.code, 8, of(node.code), Kind.CENTRED, formula(node.code), only=filled.get(node.code))
            for index, node in enumerate(objectives)
        ),
    )


def _helper() -> tuple[Column, ...]:
    return (Column("chiave", "chiave", 10, lambda office: office_key(office.code), helper=True, tone=Tone.HELPER),)
