"""Measurements as a table that a person reads, and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """One line: what, how much, of which unit, against which target (`met` is None where there is none)."""

    part: str
    name: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`raggiunto`, `NON raggiunto`, or nothing to say."""
        return "" if self.met is None else "raggiunto" if self.met else "NON raggiunto"


def at_most(part: str, name: str, value: float, unit: str, limit: float, note: str = "") -> Measure:
    """A measurement that has an upper limit."""
    return Measure(part, name, value, unit, f"<= {figure(limit)}", value <= limit, note)


def figure(value: float) -> str:
    """Three significant figures with the decimal comma; whole numbers as they are, thousands parted."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", ".")
    return f"{value:.3g}".replace(".", ",")


def rendered(measures: list[Measure]) -> str:
    """The table: a block for each part, columns aligned."""
    lines: list[str] = []
    width = max(len(m.name) for m in measures)
    part = ""
    for m in measures:
        if m.part != part:
            part = m.part
            lines += ["", part]
        target = f"obiettivo {m.target}" if m.target else ""
        cells = f"  {m.name:<{width}}  {figure(m.value):>10} {m.unit:<9} {target:<17} {m.verdict:<14} {m.note}"
        lines.append(cells.rstrip())
    return "\n".join(lines)


def as_json(measures: list[Measure], machine: dict[str, Any]) -> dict[str, Any]:
    """`{"machine": …, "measures": [{part, name, value, unit, target, met, note}]}`."""
    return {"machine": machine, "measures": [asdict(m) for m in measures]}
