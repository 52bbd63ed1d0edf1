"""The measures and indicators that perfxl knows beforehand: codes, texts, units, formulas, which way is up (`catalogues/*.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from perfxl.algorithms.printed import Term


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure. `also`: other spellings of its code; `unit`: `n.`, `€`, `%`; `lines`: where the document prints it."""

    code: str
    text: str
    unit: str
    also: tuple[str, ...] = ()
    lines: str = ""

    @property
    def term(self) -> Term:
        """As algorithms name it."""
        return Term(self.code, (self.code, *self.also), self.text)


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator. `formula` is over codes of measures; `direction`: crescente, decrescente, uguale, as its printed target says."""

    code: str
    name: str
    text: str
    unit: str
    formula: str
    direction: str
    kind: str
    lines: str = ""


@dataclass(frozen=True)
class Catalogue:
    """Measures and indicators of one system. `remarks`: sentences that stand in algorithms and say nothing to their formulas."""

    title: str
    source: str
    remarks: tuple[str, ...]
    measures: tuple[Measure, ...]
    indicators: tuple[Indicator, ...]

    def measure(self, code: str) -> Measure | None:
        """The measure of a code, whatever its case and spelling."""
        return self._measures.get(code.casefold())

    def indicator(self, code: str) -> Indicator | None:
        """The indicator of a code, whatever its case."""
        return self._indicators.get(code.casefold())

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {code.casefold(): each for each in self.measures for code in (each.code, *each.also)}

    @cached_property
    def _indicators(self) -> dict[str, Indicator]:
        return {each.code.casefold(): each for each in self.indicators}


@lru_cache(maxsize=1)
def shipped_catalogue() -> Catalogue:
    """The indicators of the chambers' system (Unioncamere)."""
    table: dict[str, Any] = tomllib.loads(
        files("perfxl.statements").joinpath("catalogues", "unioncamere.toml").read_text(encoding="utf-8")
    )
    return Catalogue(
        table["title"],
        table["source"],
        tuple(table["remarks"]),
        tuple(Measure(**each | {"also": tuple(each.get("also", ()))}) for each in table["measures"]),
        tuple(Indicator(**each) for each in table["indicators"]),
    )
