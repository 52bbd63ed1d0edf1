"""The bodies consolidated each by its own method, and what can honestly be said of them together."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from perfxl.errors import InputError
from perfxl.findings import Finding, finding
from perfxl.methods import load_method
from perfxl.methods.rows import method_rows
from perfxl.model import Cover
from perfxl.model.record import record
from perfxl.pipeline import consolidate
from perfxl.rollup.means import weighted_mean
from perfxl.scoring import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from perfxl.bodies.spec import Bodies, BodyEntry
    from perfxl.consolidation import Consolidation
    from perfxl.methods.schema import Method
    from perfxl.statements import Figure

DECIMALS, MODE = 2, "half_up"
"""How the common figure is shown: no body's method is more right than another's, so it is rounded plainly."""

NOT_AXES = frozenset({"name", "title", "body", "year", "source", "notes", "aliases", "exceptions"})


@record(frozen=True, slots=True)
class BodyResult:
    """A body: its consolidation, or None where nothing usable was found (then it is unmeasured, with a finding)."""

    entry: BodyEntry
    method: Method
    consolidation: Consolidation | None

    @property
    def cover(self) -> Cover:
        """The headline figure with its coverage."""
        if self.consolidation is None or not self.consolidation.rows:
            return Cover(None, None, 0, 0)
        head = self.consolidation.headline
        return Cover(head.pct, head.shown, head.measured, head.total)


@record(frozen=True, slots=True)
class AxisDifference:
    """A key of the profiles with each body's value, in the order of the bodies."""

    section: str
    key: str
    meaning: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether two bodies do it differently."""
        return len(set(self.values)) > 1


@record(frozen=True, slots=True)
class SharedFigure:
    """A figure of the statements with each body's own (None: not declared, not found or not measured)."""

    title: str
    add_up: bool
    figures: tuple[Figure | None, ...]

    @property
    def total(self) -> Fraction | None:
        """The sum, where it was declared and every declared figure is there."""
        values = [figure.value for figure in self.figures if figure is not None]
        known = [value for value in values if value is not None]
        return sum(known, Fraction(0)) if self.add_up and known and len(known) == len(self.figures) else None


@record(frozen=True, slots=True)
class Merger:
    """The bodies side by side. `total` is there only with declared weights; its weights are renormalised over the measured."""

    spec: Bodies
    bodies: tuple[BodyResult, ...]
    total: Cover | None
    axes: tuple[AxisDifference, ...]
    shared: tuple[SharedFigure, ...]
    findings: tuple[tuple[str, Finding], ...]  # body, finding


def merge(spec: Bodies, folder: str | Path, progress: Callable[[str], None] | None = None) -> Merger:
    """Consolidate every body by its own method. `folder`: what the paths of `spec` are relative to.

    Raises:
        InputError: no body has anything usable. MethodError: a profile that isn't there or isn't valid.
    """
    base = Path(folder)
    findings: list[tuple[str, Finding]] = []
    bodies = []
    for entry in spec.bodies:
        if progress is not None:
            progress(entry.name)
        body, found = _consolidated(entry, base)
        bodies.append(body)
        findings += [(entry.name, each) for each in found]
    if all(body.consolidation is None for body in bodies):
        names = ", ".join(entry.name for entry in spec.bodies)
        raise InputError(f"nessun foglio utilizzabile per nessuno degli enti ({names})", path=str(base))
    findings += _about_years(bodies)
    shared, lacking = _shared(spec, bodies)
    return Merger(spec, tuple(bodies), _total(spec, bodies), _axes(bodies), shared, (*findings, *lacking))


def _consolidated(entry: BodyEntry, base: Path) -> tuple[BodyResult, list[Finding]]:
    profile = base / entry.method
    method = load_method(profile if profile.suffix == ".toml" else entry.method)
    try:
        made = consolidate(
            [base / path for path in entry.paths],
            method=method,
            plan=[base / path for path in entry.plan] or None,
            year=entry.year,
            as_of=entry.as_of,
            adjustments=base / entry.adjustments if entry.adjustments else None,
        )
    except InputError as error:
        return BodyResult(entry, method, None), [finding("PX-E001", error.message)]
    found = list(made.findings)
    if not made.rows:
        found.append(finding("PX-E001", "nessun foglio di indicatori: solo prospetti"))
    return BodyResult(entry, method, made), found


def _total(spec: Bodies, bodies: Sequence[BodyResult]) -> Cover | None:
    if not spec.weighted:
        return None
    pct = weighted_mean([(body.cover.pct, Fraction(body.entry.weight or 1)) for body in bodies])
    measured, total = sum(b.cover.measured for b in bodies), sum(b.cover.total for b in bodies)
    return Cover(pct, shown(pct, DECIMALS, MODE), measured, total)


def _about_years(bodies: Sequence[BodyResult]) -> list[tuple[str, Finding]]:
    years = {body.entry.name: body.consolidation.year for body in bodies if body.consolidation is not None}
    if len(set(years.values())) < 2:
        return []
    said = ", ".join(f"{name} {year or 'senza anno'}" for name, year in years.items())
    return [("", finding("PX-E002", said))]


def _axes(bodies: Sequence[BodyResult]) -> tuple[AxisDifference, ...]:
    """Every key of the profiles; those in which the bodies differ first."""
    tables = [{(section, key): (value, meaning) for section, key, value, meaning in method_rows(b.method)} for b in bodies]
    keys = [key for key in tables[0] if key[1] not in NOT_AXES and key[0] not in NOT_AXES]
    found = [
        AxisDifference(*key, tables[0][key][1].split(":")[0], tuple(table[key][0] if key in table else "–" for table in tables))
        for key in keys
    ]
    return tuple(sorted(found, key=lambda axis: not axis.differs))


def _shared(spec: Bodies, bodies: Sequence[BodyResult]) -> tuple[tuple[SharedFigure, ...], list[tuple[str, Finding]]]:
    shared, findings = [], []
    for amount in spec.amounts:
        figures: list[Figure | None] = []
        for body in bodies:
            place = amount.figures.get(body.entry.name)
            figure = _figure(body, place) if place else None
            figures.append(figure)
            if figure is None and place:
                lost = finding("PX-E003", f"{amount.title}: «{place}»")
                findings.append((body.entry.name, replace(lost, sheet=spec.name)))
        shared.append(SharedFigure(amount.title, amount.add_up, tuple(figures)))
    return tuple(shared), findings


def _figure(body: BodyResult, place: str) -> Figure | None:
    """`prospetto!riga.colonna` among a body's statements; None where it isn't exactly one figure."""
    book = body.consolidation.statements if body.consolidation is not None else None
    table, _, rest = place.partition("!")
    key, _, column = rest.rpartition(".")
    if book is None:
        return None
    lines = [line for each in book.statements if each.id == table and (line := each.line(key.strip('"'))) is not None]
    found = [line.figures[column] for line in lines if column in line.figures]
    return found[0] if len(found) == 1 else None
