"""The page of one person or office: its head, the objectives with their native formulas, the room for signatures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from perfxl.model import State
from perfxl.scoring.finish import state_of
from perfxl.views.figures import mean
from perfxl.views.people_lines import DIRECTOR, HUNDRED, OFFICE, ONE, SECRETARY, Line, PersonSheet
from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import STATE_LABEL, UNMEASURED, figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from perfxl.views.context import Context

COLOUR = "7F6000"
MOST_LINES = 45
"""Up to so many lines a sheet is printed on one page; a longer one would be too small to read."""

NUMBER, WEIGHT, COEFFICIENT, TARGET, RESULT, SCORE, STATE = 9, 10, 8, 15, 15, 11, 24
"""Widths of the columns, in characters."""

PAGE, LEAST_TEXT = 145, 40
"""Width of the page, and the least that the texts have of it: they take what the other columns leave."""

HOW = "Punteggio = peso × realizzazione. Il totale è la somma dei punteggi divisa per il peso degli obiettivi misurati."

TOTAL = -1
"""Depth of the last line."""

SIGNED_BY = {SECRETARY: "Per la Giunta camerale"}
"""Who signs beside the person, by role; the Segretario Generale for all others."""


class _Fact(NamedTuple):
    label: str
    value: str
    label2: str
    value2: str


class PersonPage:
    """The page of one person: which columns it needs, and its tables one beneath another."""

    def __init__(self, context: Context, sheet: PersonSheet, number: int, name: str) -> None:
        self.context, self.sheet, self.name = context, sheet, name
        self.key = f"scheda{number}"
        total = Line(TOTAL, "", "Totale", held=sheet.held, state=sheet.state)
        self.lines = (*sheet.lines, total)
        objectives = sheet.objectives
        multiplies = context.c.method.people.complexity == "multiplies_weight"
        given = any(line.coefficient != ONE for line in objectives)
        self.coefficient = multiplies and (given or sheet.role not in {SECRETARY, DIRECTOR})
        self.effective = self.coefficient or any(line.weight != line.effective for line in objectives)
        self.targets = any(line.target for line in sheet.lines)
        parts = [(line.effective or ONE, line.held) for line in objectives]
        made = context.figures.rounding.apply(mean(parts))
        self.native = bool(objectives) and context.figures.same(made, sheet.cover.pct, sheet.cover.shown)

    @property
    def counts(self) -> str:
        """The column of the weights that count."""
        return "effettivo" if self.effective else "peso"

    def tab(self) -> Tab:
        """The page."""
        objectives = self._objectives(top=10)
        wide = len(objectives.columns)
        tables = [self._facts(wide), self._headline(wide), objectives]
        top = objectives.last_row + 2
        remarks = self._remarks(wide, top)
        top = remarks.last_row + 2
        tables += [remarks, self._comments(wide, top), self._signatures(wide, top + 3)]
        year = f" – anno {self.context.c.year}" if self.context.c.year else ""
        return Tab(
            self.name,
            self.context.c.body,
            f"Scheda di valutazione della performance individuale{year}"
            if self.sheet.role != OFFICE
            else f"Scheda di valutazione della performance dell'ufficio{year}",
            tuple(tables),
            colour=COLOUR,
            main=objectives.name,
            freeze=False,
            portrait=True,
            one_page=len(self.lines) <= MOST_LINES,
        )

    # -- head ------------------------------------------------------------------------------------------------------

    def _facts(self, wide: int) -> Table:
        c = self.context.c
        at = c.as_of.strftime("%d/%m/%Y") if c.as_of else "fine anno"
        facts = [
            _Fact("Ufficio" if self.sheet.role == OFFICE else "Valutato", self.sheet.name, "Codice", self.sheet.code),
            _Fact("Ruolo", self.sheet.role, "Anno", str(c.year or "")),
            _Fact("Metodo", c.method.name, "Dati al", at),
        ]
        rest = wide - 2
        columns = (
            Column("voce", "", 10, lambda fact: fact.label, tone=Tone.LABEL),
            Column("valore", "", 10, lambda fact: fact.value, wrap=True),
            Column("voce2", "", 10, lambda fact: fact.label2, tone=Tone.LABEL, span=rest // 2),
            Column("valore2", "", 10, lambda fact: fact.value2, span=rest - rest // 2),
        )
        return Table(f"{self.key}d", columns, facts, top=3, headings=False)

    def _headline(self, wide: int) -> Table:
        rest = wide - 2
        last = len(self.lines) - 1
        scores, weights = (f"{{{self.key}.{column}#0:{last - 1}}}" for column in ("punti", self.counts))
        measured = f"SUMPRODUCT(ISNUMBER({scores})*{weights})"
        weight = self._sum(lambda line: line.effective if line.held is not None else None)
        columns = (
            Column("pct", "Realizzazione", 10, lambda _: figure(self.sheet.held), Kind.PERCENT,
                   formula=f"{{{self.key}.pct#{last}}}", span=2, tone=Tone.HEADLINE),
            Column("misurato", "Peso misurato", 10, lambda _: float(weight / HUNDRED), Kind.PERCENT, formula=measured, span=2),
            Column("copertura", "Copertura", 10, lambda _: self.sheet.coverage, Kind.CENTRED, span=(rest - 1) // 2, wrap=True),
            Column("stato", "Stato", 10, lambda _: STATE_LABEL[self.sheet.state], Kind.STATE,
                   formula=f"{{{self.key}.stato#{last}}}", span=rest - 2 - (rest - 1) // 2),
        )  # fmt: skip
        return Table(f"{self.key}r", columns, [self.sheet], top=7, tone=lambda _: Tone.LABEL, height=36)

    # -- objectives ------------------------------------------------------------------------------------------------

    def _objectives(self, top: int) -> Table:
        tones = {0: Tone.STRATEGIC if any(line.depth > 0 for line in self.lines) else Tone.PLAIN, 1: Tone.PLAIN, 2: Tone.MUTED}

        def tone(line: Line) -> Tone:
            return tones.get(line.depth, Tone.AREA)

        return Table(
            self.key, tuple(self._columns()), self.lines, top=top, tone=tone, block=self._beneath, heading_height=30,
        )  # fmt: skip

    def _beneath(self, index: int) -> tuple[int, int]:
        line = self.lines[index]
        return (0, len(self.lines) - 2) if line.depth == TOTAL else (index + 1, line.last)

    def _columns(self) -> Iterator[Column]:
        what = "Indicatore" if self.sheet.role == OFFICE else "Obiettivo"
        yield Column("numero", "N.", NUMBER, lambda line: line.number, Kind.CENTRED)
        yield Column("testo", what, self._text_width(), lambda line: line.text, indent=lambda line: max(line.depth, 0), wrap=True)
        yield Column("peso", "Peso", WEIGHT, self._weight, Kind.PERCENT, formula=self._only_total("SUM({peso@})"))
        if self.coefficient:
            yield Column("coefficiente", "Coeff.", COEFFICIENT, lambda line: _number(line.coefficient), Kind.AMOUNT)
        if self.effective:
            yield Column("effettivo", "Peso ponderato", WEIGHT, self._effective, Kind.PERCENT, formula=self._effective_formula)
        if self.targets:
            yield Column("target", "Target", TARGET, lambda line: line.target, Kind.CENTRED, wrap=True)
        yield Column("risultato", "Risultato", RESULT, lambda line: line.result, Kind.CENTRED, wrap=True)
        yield Column("pct", "% realizz.", SCORE, self._pct, Kind.PERCENT, formula=self._pct_formula)
        yield Column("punti", "Punteggio", SCORE, self._score, Kind.AMOUNT, formula=self._score_formula)
        yield Column("stato", "Stato", STATE, self._state, Kind.STATE, formula=self._state_formula, wrap=True)

    def _text_width(self) -> int:
        others = NUMBER + WEIGHT + RESULT + 2 * SCORE + STATE
        others += COEFFICIENT * self.coefficient + WEIGHT * self.effective + TARGET * self.targets
        return max(PAGE - others, LEAST_TEXT)

    @staticmethod
    def _only_total(formula: str) -> Callable[[Line], str | None]:
        return lambda line: formula if line.depth == TOTAL else None

    def _sum(self, part: Callable[[Line], Fraction | None]) -> Fraction:
        return sum((part(line) or Fraction(0) for line in self.sheet.objectives), Fraction(0))

    def weight_made(self) -> float | None:
        """What the weights make, as the total's cell holds it."""
        return self._weight(self.lines[-1])

    def _weight(self, line: Line) -> float | None:
        weight = self._sum(lambda each: each.weight) if line.depth == TOTAL else line.weight
        return None if weight is None else float(weight / HUNDRED)

    def _effective(self, line: Line) -> float | None:
        weight = self._sum(lambda each: each.effective) if line.depth == TOTAL else line.effective
        return None if weight is None else float(weight / HUNDRED)

    def _effective_formula(self, line: Line) -> str | None:
        """The weight times its coefficient, over all of them: these make 100."""
        if line.depth == TOTAL:
            return "SUM({effettivo@})"
        if line.depth:
            return None
        last = len(self.lines) - 2
        weights = f"{{{self.key}.peso#0:{last}}}"
        if not self.coefficient:
            return f"{{peso}}/SUM({weights})"
        return f"{{peso}}*{{coefficiente}}/SUMPRODUCT({weights},{{{self.key}.coefficiente#0:{last}}})"

    def _pct(self, line: Line) -> float | str | None:
        return None if line.depth > 1 else figure(line.held)

    def _pct_formula(self, line: Line) -> str | None:
        rounding = self.context.figures.rounding
        if line.depth == TOTAL and self.native:
            inner = f"(SUM({{punti@}})/(100*SUMPRODUCT(ISNUMBER({{punti@}})*{{{self.counts}@}})))"
        elif line.depth == 0 and line.from_lines:
            inner = "AVERAGE({pct@})"
        else:
            return None
        return f'IFERROR({rounding.formula(inner)},"{UNMEASURED}")'

    def _score(self, line: Line) -> float | str | None:
        if line.depth > 0:
            return None
        if line.depth == TOTAL:
            measured = [each for each in self.sheet.objectives if each.held is not None]
            return float(sum((_points(each) for each in measured), Fraction(0))) if measured else UNMEASURED
        return UNMEASURED if line.held is None else float(_points(line))

    def _score_formula(self, line: Line) -> str | None:
        if line.depth > 0:
            return None
        if line.depth == TOTAL:
            return f'IF(COUNT({{punti@}})>0,SUM({{punti@}}),"{UNMEASURED}")'
        return f'IF(ISNUMBER({{pct}}),100*{{{self.counts}}}*{{pct}},"{UNMEASURED}")'

    @staticmethod
    def _state(line: Line) -> str | None:
        return None if line.state is None else STATE_LABEL[line.state]

    def _state_formula(self, line: Line) -> str | None:
        """The state by the thresholds of the method; none where the thresholds would say otherwise."""
        states = self.context.c.method.states
        for level in (states.strategic, states.indicator):
            if line.state is not None and state_of(line.held, level) is line.state:
                reached, critical = (float(Fraction(edge) / HUNDRED) for edge in (level.reached_from, level.critical))
                low = f'IF(ROUND({{pct}},12)>={critical!r},"{STATE_LABEL[State.PARTIAL]}","{STATE_LABEL[State.NOT_REACHED]}")'
                inner = f'IF(ROUND({{pct}},12)>={reached!r},"{STATE_LABEL[State.REACHED]}",{low})'
                return f'IF(ISNUMBER({{pct}}),{inner},"{STATE_LABEL[State.UNMEASURED]}")'
        return None

    # -- foot ------------------------------------------------------------------------------------------------------

    def _remarks(self, wide: int, top: int) -> Table:
        column = Column("nota", "", 10, lambda text: text, wrap=True, span=wide)
        return Table(f"{self.key}a", (column,), (HOW, *self.sheet.remarks), top=top, headings=False, tone=lambda _: Tone.SUBTITLE)

    def _comments(self, wide: int, top: int) -> Table:
        column = Column("nota", "Osservazioni", 10, lambda _: None, span=wide, tone=Tone.INPUT)
        return Table(f"{self.key}o", (column,), [None], top=top, height=54)

    def _signatures(self, wide: int, top: int) -> Table:
        rest = wide - 2
        evaluator = SIGNED_BY.get(self.sheet.role, "Il Segretario Generale")
        evaluated = "Per l'ufficio" if self.sheet.role == OFFICE else "Il valutato"
        columns = (
            Column("valutatore", evaluator, 10, lambda _: None, span=2, tone=Tone.INPUT),
            Column("valutato", evaluated, 10, lambda _: None, span=rest - rest // 2, tone=Tone.INPUT),
            Column("data", "Data", 10, lambda _: None, span=rest // 2, tone=Tone.INPUT),
        )
        return Table(f"{self.key}f", columns, [None], top=top, height=48)


def _points(line: Line) -> Fraction:
    return (line.effective or Fraction(0)) * (line.held or Fraction(0)) / HUNDRED


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
