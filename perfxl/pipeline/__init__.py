"""The main job: read the workbooks, score every row, roll up the tree, and say what doesn't hold together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.model.memory import no_collection
from perfxl.readers.find import find_workbooks
from perfxl.readers.many import Readers

if TYPE_CHECKING:
    from datetime import date

    from perfxl.consolidation import Consolidation
    from perfxl.findings import Finding
    from perfxl.methods.schema import Method
    from perfxl.model import Period, WorkbookRows
    from perfxl.statements import Statement
    from perfxl.statements.schema import Declaration
    from perfxl.writers.previous import Previous

__all__ = ["consolidate"]

Progress = Callable[[int, int, str], None]
Paths = str | Path | Iterable[str | Path]


@no_collection()
def consolidate(
    paths: Paths,
    *,
    method: Method | str | Path = "massacarrara-2019",
    plan: Paths | None = None,
    year: int | None = None,
    as_of: date | None = None,
    adjustments: str | Path | None = None,
    layouts: Sequence[Any] = (),
    previous: str | Path | Previous | None = None,
    progress: Progress | None = None,
    read: Sequence[WorkbookRows] = (),
    declarations: Sequence[Declaration] = (),
    statements: Sequence[Statement] = (),
    period: Period | None = None,
) -> Consolidation:
    """Consolidate the returned workbooks of a body.

    Args:
        paths: workbooks or folders of workbooks; the order doesn't matter.
        method: a `Method`, the name of a shipped profile or the path of a TOML file.
        plan: the plan's workbooks or folder (`--piano`): with it every planned indicator is in the tree.
        year: the year to compute; when left out the sheets' own where they agree, else the method's.
        as_of: reference date (`--al`): tells not yet due from forgotten, and gives the pro-rata reading.
        adjustments: the controller's corrections (`--rettifiche`).
        layouts: layouts of other bodies' sheets, or the paths of their files (`--layout`).
        previous: the consolidated workbook of the run before, whose rettifiche are remembered; or what was read of it; or
            the folder where it would stand under its default name.
        progress: called with (done, total, name) as the files are read.
        read: workbooks that were read already (an open one: `perfxl.readers.rows_of_grids`), besides those of `paths`.
        declarations: the user's own tables (`--prospetto`), tried before the shipped ones.
        statements: statements that were read already, besides those of `paths`.
        period: the period of the year that is consolidated, with the offices that are asked for it.

    Raises:
        InputError: nothing usable among the paths. MethodError, LayoutError: a profile or layout that isn't valid.
    """
    shapes = [_layout(layout) for layout in layouts]
    asked, planned = _listed(paths), _listed(plan) if plan is not None else []
    files, findings = _found(asked)
    plan_files, plan_notes = _found(planned)
    with Readers(files, layouts=shapes, year=year, as_of=as_of) as readers:
        # Loading this takes a while: meanwhile the readers beside start.
        from perfxl.pipeline.job import Given, Tables, consolidation, method_of

        profile = method_of(method)
        tables = Tables(declarations, profile, year, statements)
        books = [*readers.read(tables.take, progress), *read]
    from perfxl.readers.workbook import read_workbook

    plan_books = [read_workbook(file, layouts=shapes, year=year) for file in plan_files]
    findings += plan_notes + tables.findings + [found for book in (*books, *plan_books) for found in book.findings]
    method_file = str(method) if isinstance(method, (str, Path)) else profile.name
    given = Given(profile, method_file, asked, planned, year, as_of, adjustments, previous, period)
    return consolidation(given, books, plan_books, tables, findings)


def _layout(layout: Any) -> Any:
    if not isinstance(layout, (str, Path)):
        return layout
    from perfxl.readers.layout_file import load_layout

    return load_layout(layout)


def _found(paths: Sequence[str | Path]) -> tuple[list[Path], list[Finding]]:
    return find_workbooks(paths) if paths else ([], [])


def _listed(paths: Paths) -> list[str | Path]:
    return [paths] if isinstance(paths, (str, Path)) else list(paths)
