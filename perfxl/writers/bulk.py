"""Large tables written as ready XML rows: five times faster than cell by cell, and the same cells (a test compares them).

XlsxWriter keeps formats, sheet set-up, hyperlinks, charts and the package; only the `<row>` elements of the table that ends
a sheet are made here. It leans on a few internal names of XlsxWriter (`_write_rows`, `_check_dimensions`,
`dim_rowmax`, `fh`, `ignore_write_string`, `_get_xf_index`).
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from xlsxwriter.worksheet import Worksheet

from perfxl.views.place import Placed, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from perfxl.writers.formats import Formats

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = date(1899, 12, 30)


class BulkSheet(Worksheet):  # type: ignore[misc]
    """A worksheet whose last rows may be given as a block."""

    def __init__(self) -> None:
        super().__init__()
        self.dim_rowmax: int | None
        self._bulk: tuple[int, str] | None = None

    def write_bulk(self, first_row: int, cells: Sequence[Placed], formats: Formats, heights: Mapping[int, float]) -> None:
        """Give all the cells from `first_row` on, in row order. Hyperlinks must be registered with `write_url` as ever."""
        if not cells:
            return
        seen = {id(cell.style): cell.style for cell in cells}  # few objects, many cells: identity is hashed sooner than content
        styles = {key: formats[style]._get_xf_index() for key, style in seen.items()}  # noqa: SLF001
        names = [letters(column) for column in range(max(cell.column for cell in cells) + 1)]
        rows = groupby(cells, key=attrgetter("row"))
        self._bulk = first_row, "".join(_row(row, group, styles, names, heights.get(row)) for row, group in rows)
        last = cells[-1].row
        for column in (cells[0].column, len(names) - 1):
            self._check_dimensions(last, column)

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        """Without looking for the two dozen functions that came after 2010: we write none of them."""
        return formula.removeprefix("=")

    @contextmanager
    def links_alone(self) -> Iterator[None]:
        """Within it `write_url` registers the hyperlink and leaves the cell to the block."""
        self.ignore_write_string = True
        yield
        self.ignore_write_string = False

    def _write_rows(self) -> None:
        if self._bulk is None:
            super()._write_rows()
            return
        first_row, rows = self._bulk
        last = self.dim_rowmax
        self.dim_rowmax = first_row - 1
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.write(rows)


def _row(row: int, cells: Iterable[Placed], styles: Mapping[int, int], names: Sequence[str], height: float | None) -> str:
    number = str(row + 1)
    tall = f' ht="{height}" customHeight="1"' if height else ""
    inner = "".join(_cell(cell, names[cell.column] + number, styles[id(cell.style)]) for cell in cells)
    return f'<row r="{number}"{tall}>{inner}</row>'


def _cell(cell: Placed, at: str, style: int) -> str:
    value = cell.value
    if cell.formula is not None:
        return _formula(cell.formula, value, at, style)
    if value is None or value == "":
        return f'<c r="{at}" s="{style}"/>'
    if isinstance(value, str):
        space = ' xml:space="preserve"' if value != value.strip() or "\n" in value else ""
        return f'<c r="{at}" s="{style}" t="inlineStr"><is><t{space}>{_text(value)}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{at}" s="{style}"><v>{(value - _EPOCH).days}</v></c>'
    return f'<c r="{at}" s="{style}"><v>{value!r}</v></c>'


def _formula(formula: str, value: object, at: str, style: int) -> str:
    inner = escape(formula[1:], quote=False)
    if isinstance(value, str):
        return f'<c r="{at}" s="{style}" t="str"><f>{inner}</f><v>{_text(value)}</v></c>'
    return f'<c r="{at}" s="{style}"><f>{inner}</f><v>{0 if value is None else value!r}</v></c>'


@lru_cache(maxsize=1 << 16)
def _text(value: str) -> str:
    escaped = escape(value, quote=False)
    return _CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", escaped) if _CONTROL.search(escaped) else escaped
