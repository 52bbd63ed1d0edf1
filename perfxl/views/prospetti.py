"""The tabs of the statements: each table as it was read, with its figures computed by native formulas and checked against the typed."""

from __future__ import annotations

from functools import partial
from textwrap import wrap
from typing import TYPE_CHECKING

from perfxl.algorithms import NotNativeError, native
from perfxl.model import CellKind
from perfxl.statements.compare import Check, Verdict, check
from perfxl.statements.operands import before
from perfxl.statements.schema import FIGURES
from perfxl.statements.selection import rules_of
from perfxl.statements.words import italian
from perfxl.views.alimentati import fed_table
from perfxl.views.giudizi import label_column
from perfxl.views.lights import beside
from perfxl.views.measured import is_measured, measured_formula, state_column, unmeasured, unmeasured_formula
from perfxl.views.prospetti_charts import charts_of
from perfxl.views.prospetti_layout import Block, chart_width, laid_out, room_of
from perfxl.views.scadenze import reference_table, schedule_columns
from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import UNMEASURED, source_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.algorithms import Ref
    from perfxl.model import CellRef
    from perfxl.statements import Book, Figure, Line, Statement
    from perfxl.statements.model import Field
    from perfxl.statements.schema import Rule
    from perfxl.views.context import Context

COLOUR = "3A6B35"
LONG = 30
"""Rows of a table whose headings would be out of sight."""

LEAVING_BLANKS_OUT = ("mean", "min", "max", "count")
KINDS = {
    "amount": Kind.AMOUNT,
    "number": Kind.NUMBER,
    "integer": Kind.INTEGER,
    "percent": Kind.PERCENT,
    "date": Kind.DATE,
    "mark": Kind.TICK,
}


def statement_tabs(context: Context) -> list[Tab]:
    """A tab for each of the declarations' tabs that has a statement."""
    book = context.c.statements
    return [] if book is None else [_tab(context, book, name) for name in book.tabs]


def table_name(statement: Statement) -> str:
    """The name of a statement's table in formulas."""
    return f"{statement.id}_{statement.ordinal}"


def _tab(context: Context, book: Book, name: str) -> Tab:
    statements = book.of_tab(name)
    reference = reference_table(context, [(table_name(each), each) for each in statements], 0)
    tables = [_table(context, book, each, 0) for each in statements]
    fed = fed_table(context, name, 0, _address)
    widths = _widths([each for each in (reference, *tables, fed) if each is not None])
    blocks = [] if reference is None else [Block([reference])]
    for statement, table in zip(statements, tables, strict=True):
        noted = [table, _said_beneath(statement, table)] if statement.declaration.remark else [table]
        blocks.append(Block(noted, charts_of(statement, table, chart_width(room_of(widths)))))
    blocks += [] if fed is None else [Block([fed])]
    laid = laid_out(blocks, widths, 3)
    return Tab(
        name,
        name,
        "Le cifre calcolate sono formule native; dove una cifra digitata non concorda, la colonna Riscontro lo dice.",
        tuple(laid.tables),
        colour=COLOUR,
        charts=tuple(laid.charts),
        freeze=_one_long_table(laid.tables),
        main=table_name(statements[0]),
        widths=widths,
        breaks=tuple(laid.breaks),
    )


def _one_long_table(tables: Sequence[Table]) -> bool:
    """Whether the headings of the first table are those of the whole tab: they stay in sight and on every page."""
    return len(tables[0].items) >= LONG and not any(table.headings for table in tables[1:])


def _widths(tables: Sequence[Table]) -> dict[int, float]:
    """The grid of all the tables. The last column of a narrow one, its source, stands over a wider one's figures: it runs on."""
    placed = [(at, column) for each in tables if each.headings for at, column in enumerate(each.columns, start=each.left)]
    widths: dict[int, float] = {}
    for at, column in placed:
        if column.key != "fonte":
            widths[at] = max(widths.get(at, 0), column.width)
    return {at: column.width for at, column in placed if column.key == "fonte"} | widths


def _said_beneath(statement: Statement, table: Table) -> Table:
    """What the declaration has to say of a table, in a row of its own."""
    column = Column("nota", "", 40, str, tone=Tone.SUBTITLE, wrap=True, span=max(1, len(table.columns) - 1))
    return Table(f"{table.name}_nota", (column,), [statement.declaration.remark], 0, headings=False)


def _table(context: Context, book: Book, statement: Statement, top: int) -> Table:
    parents = {line.parent for line in statement.lines}
    columns = [
        column
        for each in statement.fields
        if _shown(statement, each)
        for column in (_column(book, statement, each), *beside(context, statement, each))
    ]
    columns += schedule_columns(context, statement)
    remarks = {line.index: _remark(book, line) for line in statement.lines}
    if any(remarks.values()):
        formula = partial(unmeasured_formula, book)
        columns.append(
            Column(
                "riscontro", "Riscontro", 34, lambda line: remarks[line.index], wrap=True,
                formula=lambda line: formula(line, remarks[line.index]),
            )
        )  # fmt: skip
    columns.append(
        Column("fonte", "Fonte", 40, lambda line: source_text(_ref(line)), link=lambda line: context.outside(_ref(line)))
    )

    def tone(line: Line) -> Tone:
        if line.is_section:
            return Tone.STRATEGIC
        return Tone.AREA if line.key in parents or line.level.startswith("total") else Tone.PLAIN

    said = statement.caption if statement.caption.casefold() not in statement.declaration.title.casefold() else ""
    title = statement.declaration.title + (f" – {said}" if said else "")
    return Table(
        table_name(statement), tuple(columns), statement.lines, top=top, title=title[:200],
        nothing="Nessuna riga.", tone=tone, heading_height=_heading_height(columns),
    )  # fmt: skip


def _heading_height(columns: Sequence[Column]) -> float:
    """Points of the headings' row: two lines, or as many as the longest heading takes in its column."""
    lines = max(len(wrap(column.heading, max(4, int(column.width)))) for column in columns)
    return 30 if lines <= 2 else 4 + 13 * min(lines, 7)


def _shown(statement: Statement, field: Field) -> bool:
    """Whether a column appears: one that compares with a table that wasn't read, or a rare "of which", has nothing to say."""
    if field.declared is None or not field.declared.if_any:
        return True
    return any(line.figures[field.key].value for line in statement.lines)


def _ref(line: Line) -> CellRef | None:
    cells = [each.cell for each in line.figures.values() if not each.cell.empty]
    own = (cell.ref for cell in cells if cell.ref is not None and cell.ref.row == line.row)  # not those of a merged cell above
    return next(own, cells[0].ref if cells else None)


def _column(book: Book, statement: Statement, field: Field) -> Column:
    if field.kind == "state":
        return state_column(book, field)
    kind = KINDS.get(field.kind, Kind.TEXT)
    if field.kind not in FIGURES:
        label = next((each for each in statement.declaration.labels if each.column == field.key), None)
        if label is not None:
            return label_column(book, field, label, lambda line: _inner(book, line.figures[field.key], label.rule))
        first = field.key == statement.declaration.first_text

        def text(line: Line) -> str:
            return line.text(field.key) or (line.title if first and not line.text(field.key) else "")

        return Column(field.key, field.heading, field.width, text, kind, wrap=field.width >= 20)
    return Column(
        field.key,
        field.heading,
        field.width,
        lambda line: _value(line.figures.get(field.key)),
        (lambda line: _kind(line.figures[field.key])) if _mixed(statement, field) else kind,
        formula=lambda line: _formula(book, line.figures.get(field.key)),
        tone=Tone.INPUT if field.declared is not None and field.declared.input else None,
    )


def _mixed(statement: Statement, field: Field) -> bool:
    return any(line.kind for line in statement.lines) or (field.declared is not None and field.declared.input)


def _kind(figure: Figure) -> Kind:
    """What a cell shows: a percentage typed among numbers to be filled stays one."""
    typed = figure.field.declared is not None and figure.field.declared.input and figure.cell.kind is CellKind.PERCENT
    return Kind.PERCENT if typed else KINDS.get(figure.kind, Kind.NUMBER)


def _value(figure: Figure | None) -> float | str | None:
    if figure is None or figure.line.is_section:
        return None
    if figure.value is None:
        return UNMEASURED if figure.rule is not None and figure.operands else None
    return float(figure.value / 100 if figure.kind == "percent" else figure.value)


def _formula(book: Book, figure: Figure | None) -> str | None:
    """The native formula of a computed figure; None where there is none, or a spreadsheet can't say it."""
    if figure is not None and is_measured(figure):
        return measured_formula(book, figure, _address)
    if figure is None or figure.rule is None or figure.reason or figure.value is None:
        return None
    rule = figure.rule
    inner = None if _blanks_count(figure, rule) else _inner(book, figure, rule)
    text = None if inner is None else _rounded(inner, rule)
    if inner is None or text is None:
        return None
    if figure.kind == "percent":
        text = f"({text})/100"
    zero = "0" if rule.zero == "0" else f'"{UNMEASURED}"'
    return text if "/" not in inner and "AVERAGE" not in inner else f"IFERROR({text},{zero})"


def _inner(book: Book, figure: Figure, rule: Rule) -> str | None:
    """What a rule says in the cell of a figure, before any rounding."""
    try:
        return native(rule.node, _Places(book, figure))
    except NotNativeError:
        return None


def _blanks_count(figure: Figure, rule: Rule) -> bool:
    """Whether a blank cell is worth zero in a function that a spreadsheet works out without it."""
    if rule.blanks != "0" or all(each.value is not None for each in figure.operands):
        return False
    return any(f"{name}(" in rule.formula.casefold() for name in LEAVING_BLANKS_OUT)


def _rounded(inner: str, rule: Rule) -> str | None:
    """The rounding of a figure that is passed on rounded; None for one that a spreadsheet doesn't have.

    The inner ROUND heals binary noise (DESIGN).
    """
    if not rule.carried:
        return inner
    decimals = 2 if rule.decimals is None else rule.decimals
    if rule.rounding == "truncate":
        return f"TRUNC(ROUND({inner},{decimals + 6}),{decimals})"
    if rule.rounding == "half_up":
        return f"ROUND(ROUND({inner},{decimals + 6}),{decimals})"
    return None


class _Places:
    """Where the figures of a formula stand in the tabs: cells of the same line by column, others by table and item."""

    def __init__(self, book: Book, figure: Figure) -> None:
        self._book, self._figure = book, figure

    def cells(self, ref: Ref) -> Sequence[str]:
        return [self._scaled(each) for each in self._found(ref)]

    def plain(self, ref: Ref) -> Sequence[str]:
        return [_address(each) for each in self._found(ref)]

    def ranges(self, ref: Ref) -> Sequence[str]:
        runs: list[list[Figure]] = []
        for each in self._found(ref):
            last = runs[-1][-1] if runs else None
            if last is not None and _next(last, each):
                runs[-1].append(each)
            else:
                runs.append([each])
        return [_run(run) for run in runs]

    def previous(self, ref: Ref) -> str:
        found = self._found(ref)
        operand = before(found[0]) if len(found) == 1 else None
        if operand is None:
            raise NotNativeError(str(ref))
        return self._scaled(operand)

    def scale(self, ref: Ref) -> int:
        kinds = {each.kind == "percent" for each in self._found(ref)}
        if len(kinds) > 1:
            raise NotNativeError(str(ref))
        return 100 if kinds == {True} else 1

    def _found(self, ref: Ref) -> list[Figure]:
        found = self._book.names.find(ref, self._figure)
        if not all(_shown(each.line.statement, each.field) for each in found):
            raise NotNativeError(str(ref))  # a column that doesn't appear has no address
        return found

    def _scaled(self, figure: Figure) -> str:
        same = figure.line is self._figure.line
        text = "{" + figure.field.key + "}" if same else _address(figure)
        return f"(100*{text})" if figure.kind == "percent" else text


def _address(figure: Figure) -> str:
    return f"{{{table_name(figure.line.statement)}.{figure.field.key}#{figure.line.index}}}"


def _next(last: Figure, figure: Figure) -> bool:
    return (
        last.field.key == figure.field.key
        and last.line.statement is figure.line.statement
        and figure.line.index == last.line.index + 1
    )


def _run(run: list[Figure]) -> str:
    first, last = run[0], run[-1]
    if first is last:
        return _address(first)
    return f"{{{table_name(first.line.statement)}.{first.field.key}#{first.line.index}:{last.line.index}}}"


def _remark(book: Book, line: Line) -> str:
    """What to say of a line's typed figures that don't agree with the computed ones."""
    typed = (figure for figure in line.figures.values() if figure.typed is not None)
    found = (check(book, rule, figure) for figure in typed for rule in rules_of(figure))
    differences = [_difference(each) for each in found if each.verdict in {Verdict.DIFFERS, Verdict.OTHERWISE}]
    return "; ".join([*differences, *unmeasured(line)])


def _difference(found: Check) -> str:
    """The typed figure beside a computed cell; beside a cell that holds the typed one, what it should be."""
    heading = found.figure.field.heading
    if found.rule is found.figure.rule or found.exact is None:
        text = f"{heading}: indicato {italian(found.printed, found.decimals)}"
    else:
        text = f"{heading}: {found.rule.name}, calcolato {italian(found.exact, found.decimals)}"
    return text + (f" ({found.other})" if found.other else "")
