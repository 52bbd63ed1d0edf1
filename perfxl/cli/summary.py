"""The summary that `perfxl consolida` prints: headline, tree, offices, people, states, findings, what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfxl.cli.findings_view import print_findings
from perfxl.cli.terminal import clean, indented, one_line, percent, plain_text, plural, room_beside, shorten, state_text
from perfxl.model import Cover, State, Timing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from rich.console import Console

    from perfxl.consolidation import Consolidation
    from perfxl.model import Node, PersonObjective

BELOW_STRATEGIC = frozenset({"obiettivo_operativo", "progetto"})
MISSING_SHOWN = 10
STATE_PLURALS = {
    State.REACHED: ("raggiunto", "raggiunti"),
    State.PARTIAL: ("parzialmente raggiunto", "parzialmente raggiunti"),
    State.NOT_REACHED: ("non raggiunto", "non raggiunti"),
    State.UNMEASURED: ("non misurato", "non misurati"),
}


TIMING_PLURALS = {
    Timing.ON_TIME: ("nei termini", "nei termini"),
    Timing.LATE: ("oltre la scadenza", "oltre la scadenza"),
    Timing.NOT_DUE: ("non ancora dovuto", "non ancora dovuti"),
    Timing.FORGOTTEN: ("scaduto senza risultato", "scaduti senza risultato"),
}


FIGURES = ("Realizz.", "Misurati", "Stato")
MIN_TEXT = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of one of the tables."""

    code: str
    indent: str
    text: str
    cover: Cover
    state: State
    strong: bool = False


def print_summary(out: Console, result: Consolidation) -> None:
    """The whole summary, in the order in which a controller asks."""
    _print_headline(out, result)
    _print_tree(out, result)
    _print_offices(out, result)
    _print_people(out, result)
    _print_states(out, result)
    _print_statements(out, result)
    _print_missing(out, result)
    out.print()
    print_findings(out, result.findings, where_all=" (tutte nella scheda Anomalie)")


def _print_headline(out: Console, result: Consolidation) -> None:
    out.print(plain_text(f"{result.body}" + (f" – anno {result.year}" if result.year else ""), "bold"))
    when = f", alla data del {result.as_of:%d/%m/%Y}" if result.as_of else ""
    plan = "con il piano" if result.with_plan else "senza piano: l'albero è quello dei fogli"
    out.print(
        plain_text(f"Metodo {result.method_file}{when}; {plan}; {plural(len(result.sources), 'file letto', 'file letti')}.")
    )
    out.print()
    if not result.rows:
        return
    head = result.headline
    line = plain_text(f"Realizzazione complessiva: {percent(head.shown)}", "bold")
    line.append(f"  ({_measured(head.measured, head.total)}; ", style="not bold").append_text(state_text(head.state)).append(")")
    out.print(line)
    if head.pro_rata_pct is not None:
        out.print(plain_text(f"Lettura pro rata, in rapporto al tempo trascorso: {_exact(result, head)}"))


def _measured(measured: int, total: int) -> str:
    return f"{plural(measured, 'misurato', 'misurati')} su {total}"


def _exact(result: Consolidation, node: Node) -> str:
    from perfxl.scoring import shown

    rounding = result.method.rounding
    return percent(shown(node.pro_rata_pct, rounding.decimals, rounding.mode)) if node.pro_rata_pct is not None else ""


def _print_statements(out: Console, result: Consolidation) -> None:
    if result.statements is None:
        return
    from perfxl.statements.summary import summaries

    out.print()
    out.print(plain_text("Prospetti", "bold"))
    for each in summaries(result.statements):
        tables = plural(each.tables, "tabella", "tabelle")
        line = f"  {each.tab}: {tables}, {plural(each.computed, 'cifra calcolata', 'cifre calcolate')}"
        if each.checked:
            line += f"; {plural(each.checked, 'cifra digitata riscontrata', 'cifre digitate riscontrate')}"
        if each.differing or each.otherwise:
            line += f", {each.differing} non concordano"
            line += f" (+ {each.otherwise} con altro arrotondamento)" if each.otherwise else ""
        out.print(plain_text(line))


def _print_tree(out: Console, result: Consolidation) -> None:
    if not result.rows:
        return
    lines = [
        Line(
            node.code,
            "  " * node.depth,
            node.title,
            Cover(node.pct, node.shown, node.measured, node.total),
            node.state,
            node.depth < 2,
        )
        for node in result.nodes
        if node.level not in BELOW_STRATEGIC
    ]
    _print_table(out, "Obiettivi", ("Codice", "Obiettivo"), lines)


def _print_offices(out: Console, result: Consolidation) -> None:
    lines = [Line(office.code, "", office.title, office.cover, office.state) for office in result.offices]
    _print_table(out, "Uffici", ("Ufficio", "Denominazione"), lines)


def _print_people(out: Console, result: Consolidation) -> None:
    from perfxl.rollup.people import used_weights

    lines = []
    for person in result.people:
        lines.append(Line(person.code, "", person.name, person.cover, person.state, strong=True))
        weights = used_weights(person.objectives, result.method)
        lines += [_objective_line(*each) for each in zip(person.objectives, weights, strict=True)]
    _print_table(out, "Responsabili", ("Persona", "Nome e obiettivi"), lines)


def _objective_line(objective: PersonObjective, weight: Fraction | None) -> Line:
    from perfxl.scoring.rounding import shown

    told = f"peso {percent(shown(weight, 2, 'half_up'))} – " if weight is not None else ""
    return Line("", "  ", f"{objective.number} – {told}{objective.title}", objective.cover, objective.state)


def _print_states(out: Console, result: Consolidation) -> None:
    if not result.rows:
        return
    counting = [row for row in result.rows if row.counts]
    states = Counter(row.state for row in counting)
    words = ", ".join(plural(states[state], *STATE_PLURALS[state]) for state in State if states[state])
    out.print()
    out.print(plain_text(f"Indicatori che contano: {len(counting)}" + (f" – {words}" if words else ""), "bold"))
    timings = Counter(row.timing for row in counting)
    told = ", ".join(plural(timings[timing], *words) for timing, words in TIMING_PLURALS.items() if timings[timing])
    if told:
        against = "alla data di riferimento" if result.as_of else "alle scadenze"
        out.print(plain_text(f"Rispetto {against}: {told}"))
    applied = sum(1 for adjustment in result.adjustments if adjustment.applied)
    if result.adjustments:
        out.print(plain_text(f"Rettifiche: {plural(applied, 'applicata', 'applicate')} su {len(result.adjustments)}"))


def _print_missing(out: Console, result: Consolidation) -> None:
    if not result.missing:
        return
    out.print()
    out.print(plain_text(f"Che cosa manca: {len(result.missing)}", "bold"))
    for item in result.missing[:MISSING_SHOWN]:
        title = f" – {shorten(item.title, 50)}" if item.title else ""
        detail = f" ({item.detail})" if item.detail else ""
        one_line(out, indented("  ", f"{item.what} {item.code}{title}{detail}"))
    left = len(result.missing) - MISSING_SHOWN
    if left > 0:
        out.print(f"  … e {plural(left, 'altro', 'altri')} (tutti nella scheda Sintesi).")


def _print_table(out: Console, title: str, headings: tuple[str, str], lines: Sequence[Line]) -> None:
    """Lines under their title, one terminal line each: long texts are shortened to what the other columns leave."""
    if not lines:
        return
    from rich.table import Table

    cells = [(line, percent(line.cover.shown), f"{line.cover.measured} su {line.cover.total}") for line in lines]
    rows = [(clean(line.code), figure, coverage, str(line.state)) for line, figure, coverage in cells]
    room = room_beside(out, [(headings[0], *FIGURES), *rows], MIN_TEXT)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (*headings, *FIGURES):
        table.add_column(heading, no_wrap=True, justify="right" if heading in FIGURES[:2] else "left")
    for line, figure, coverage in cells:
        text = indented(line.indent, shorten(line.text, room - len(line.indent)), "bold" if line.strong else "")
        table.add_row(plain_text(line.code), text, figure, coverage, state_text(line.state))
    out.print()
    out.print(plain_text(title, "bold underline"))
    out.print(table)
