"""A verification in a terminal: a line for each table, then the first differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.cli.findings_view import place, severity_counts
from perfxl.cli.terminal import indented, plain_text, plural, severity_text, shorten

if TYPE_CHECKING:
    from rich.console import Console

    from perfxl.verification import Item, TableSummary, Verification

FIRST_SHOWN = 20
WHERE_LENGTH, RULE_LENGTH = 90, 70
LEAST_LENGTH = 24
UNREAD_LENGTH = 300
GAP = 2

HEADINGS = ("Cifre", "Concordano", "Arrotond.", "Seguono", "Altra conv.", "Differiscono", "Fuori")


def print_tables(out: Console, v: Verification) -> None:
    """The summary: how the figures of each table stand, document by document; what the words mean, beneath."""
    from rich.table import Table

    room = max(LEAST_LENGTH, out.width - sum(map(len, HEADINGS)) - GAP * len(HEADINGS) - 1)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Documento e tabella", no_wrap=True)
    for heading in HEADINGS:
        table.add_column(heading, justify="right", no_wrap=True)
    previous = ""
    for each in v.tables:
        if each.file != previous:
            table.add_row(plain_text(shorten(each.name, room)))
            previous = each.file
        table.add_row(indented("  ", shorten(each.table, room - 2)), *_counts(each))
    table.add_row(plain_text("Totale", "bold"), *_counts(v.total))
    out.print()
    out.print(table)
    out.print(plain_text(MEANING, "dim"))
    if v.unread:
        names = ", ".join(dict.fromkeys(place(each) for each in v.unread))
        out.print(plain_text(f"Fogli non riconosciuti, e quindi non riscontrati: {shorten(names, UNREAD_LENGTH)}"))


MEANING = (
    "Arrotond.: concordano entro gli arrotondamenti delle cifre stampate da cui seguono. Seguono: giuste a partire da una cifra che "
    "non concorda. Fuori: non riscontrabili."
)


def _counts(each: TableSummary) -> list[str]:
    counts = (each.checked, each.agree, each.within, each.follow, each.otherwise, each.differ, each.unchecked)
    return [str(count or "·") for count in counts]


def print_differences(out: Console, v: Verification) -> None:
    """The differences, worst first; notes are only counted."""
    from rich.table import Table

    out.print()
    if not v.differs:
        out.print(plain_text("Nessuna differenza.", "bold"))
        return
    found = [item for item in v.differences if item.differs]
    out.print(plain_text(f"Differenze: {_severities(found)}", "bold"))
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for item in found[:FIRST_SHOWN]:
        assert item.severity is not None
        grid.add_row(
            indented("  ", "").append_text(severity_text(item.severity)).append(f" {item.code}"), plain_text(sentence(item))
        )
    out.print(grid)
    left = len(found) - FIRST_SHOWN
    if left > 0:
        out.print(indented("  ", f"… e {plural(left, 'altra', 'altre')} (tutte nella scheda Verifiche)."))


def _severities(items: list[Item]) -> str:
    from perfxl.findings import finding

    return severity_counts([finding(item.code, "") for item in items])


def sentence(item: Item) -> str:
    """`Risorse.xlsx [Budget] F40: «Presidio …», % utilizzo: stampato 0,0 %, calcolato 66,3 % (da E40, D40)`."""
    if not item.printed:
        return f"{item.place}: {item.rule} – {shorten(item.what, WHERE_LENGTH + RULE_LENGTH)}"
    where = ", ".join(part for part in (f"«{shorten(item.line, WHERE_LENGTH)}»" if item.line else "", item.column) if part)
    text = f"{item.place}: {where}: stampato {item.printed}, calcolato {item.computed or '–'} ({shorten(item.rule, RULE_LENGTH)}"
    text += f"; concorderebbe con: {item.other}" if item.other else ""
    cells = item.operand_cells
    return text + (f"; da {shorten(cells, RULE_LENGTH)})" if cells else ")")
