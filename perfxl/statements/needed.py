"""The measures that a plan's algorithms need: what the sheet to be filled has to ask for, in the order of print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.algorithms import refs_in
from perfxl.algorithms.printed import PLACEHOLDER, SOURCE
from perfxl.statements.algorithm_checks import AlgorithmCheck, algorithm_checks
from perfxl.statements.measure_catalogue import Measure, shipped_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.statements.compute import Book


def needed_measures(book: Book) -> tuple[list[Measure], list[AlgorithmCheck]]:
    """The measures of all the algorithms, each once, and the algorithms in which nobody can tell the measures from the rest."""
    found: dict[str, Measure] = {}
    unread: list[AlgorithmCheck] = []
    for check in algorithm_checks(book):
        measures = [*_measures(check)]
        for measure in measures:
            found.setdefault((measure.code or measure.text).casefold(), measure)
        if not measures:
            unread.append(check)
    return [*found.values()], unread


def _measures(check: AlgorithmCheck) -> Iterator[Measure]:
    catalogue = shipped_catalogue()
    if check.node is not None:
        for ref in refs_in(check.node):
            yield catalogue.measure(ref.head) or Measure(ref.head, "", "")
        return
    text = " ".join(check.figure.text.split())
    start = PLACEHOLDER.match(text)
    if start is None:
        return
    # A measure that the plan gives no code: what is printed after the placeholder is its description.
    described = SOURCE.sub("", text[start.end() :])
    for remark in catalogue.remarks:
        described = described.replace(remark, "")
    described = " ".join(described.split())
    yield Measure("", described, "%" if described.startswith("%") else "")
