"""Several bodies in one workbook: *Enti*, *Obiettivi*, *Metodi*, *Cifre*, *Anomalie*. Nothing is added up that nobody weighed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from perfxl.version import __version__
from perfxl.views.anomalie import SEVERITY_LABEL
from perfxl.views.place import Book, place
from perfxl.views.tab import Chart, Column, Kind, Link, Tab, Table, Tone
from perfxl.views.words import STATE_LABEL, UNMEASURED, figure, optional_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from perfxl.bodies import AxisDifference, BodyResult, Merger, SharedFigure
    from perfxl.findings import Finding
    from perfxl.model import Node, State

UNWEIGHED = "Nessun peso dichiarato: le realizzazioni stanno fianco a fianco e non danno una cifra comune."
DEEPEST = 2


class _Objective(NamedTuple):
    body: str
    node: Node


def bodies_book(merger: Merger, files: Mapping[str, str], made: str) -> Book:
    """Everything a renderer needs. `files`: each body's own consolidated workbook, relative to the output; `made`: when."""
    tabs = [_bodies(merger, files, made), _objectives(merger), _methods(merger)]
    if merger.shared:
        tabs.append(_figures(merger))
    tabs.append(_findings(merger))
    title = f"{merger.spec.name} {merger.spec.year or ''}".strip()
    return Book(
        place(tabs),
        decimals=2,
        footer=title,
        properties={
            "title": title,
            "author": merger.spec.name,
            "company": merger.spec.name,
            "comments": f"Prodotto da perfxl {__version__} il {made}",
        },
    )


def _bodies(merger: Merger, files: Mapping[str, str], made: str) -> Tab:
    weighted = merger.spec.weighted

    def link(body: BodyResult) -> Link | None:
        file = files.get(body.entry.name)
        return Link(outside=file) if file else None

    columns = [
        Column("ente", "Ente", 26, lambda b: b.entry.name, link=link),
        Column("anno", "Anno", 8, lambda b: b.consolidation.year if b.consolidation else None, Kind.CENTRED),
        Column("metodo", "Metodo", 24, lambda b: b.method.name),
        Column("pct", "% realizz.", 12, lambda b: figure(b.cover.pct), Kind.PERCENT),
        Column("misurati", "Misurati", 10, lambda b: b.cover.measured, Kind.INTEGER),
        Column("totale", "Totale", 9, lambda b: b.cover.total, Kind.INTEGER),
        Column("copertura", "Copertura", 11, _coverage, Kind.PERCENT, formula='IF({totale}>0,{misurati}/{totale},"")'),
        Column("stato", "Stato (metodo dell'ente)", 26, lambda b: STATE_LABEL[_state(b)], Kind.STATE),
    ]
    if weighted:
        columns += [
            Column("peso", "Peso", 9, lambda b: b.entry.weight, Kind.NUMBER),
            Column("wm", "peso misurato", 8, _measured, Kind.NUMBER, formula="IF(ISNUMBER({pct}),{peso},0)", helper=True),
            Column("wx", "peso × %", 8, _weighted, Kind.NUMBER, formula="IF(ISNUMBER({pct}),{peso}*{pct},0)", helper=True),
        ]
    table = Table("enti", tuple(columns), merger.bodies, top=6, heading_height=32)
    tables = [_headline(merger), table]
    return Tab(
        "Enti",
        f"{merger.spec.name} {merger.spec.year or ''}".strip(),
        f"Ogni ente con il suo metodo · elaborato il {made}",
        tuple(tables),
        colour="C00000",
        charts=(_chart(merger, table),),
        main="enti",
        freeze=False,
    )


def _chart(merger: Merger, table: Table) -> Chart:
    return Chart(
        "Realizzazione degli enti, ognuno col suo metodo",
        table.name,
        "ente",
        "pct",
        top=table.last_row + 2,
        left=0,
        width=760,
        height=90 + 40 * len(merger.bodies),
        colours=("1F3864",) * len(merger.bodies),
        unlabelled=frozenset(number for number, body in enumerate(merger.bodies) if body.cover.pct is None),
        percent=True,
    )


def _headline(merger: Merger) -> Table:
    """The common figure, or why there is none."""
    if merger.total is None:
        column = Column("nota", "", 26, lambda text: text, span=8, wrap=True)
        return Table("comune", (column,), [UNWEIGHED], top=3, headings=False, tone=lambda _: Tone.LABEL, height=24)
    columns = (
        Column("voce", "Cifra comune", 26, lambda _: merger.spec.name, wrap=True, span=2),
        Column("criterio", "Criterio dei pesi", 24, lambda _: merger.spec.weights, wrap=True),
        Column("pct", "% realizz.", 12, lambda c: optional_figure(c.pct) if c.pct is not None else UNMEASURED, Kind.PERCENT,
               formula=f'IFERROR(SUM({{enti.wx}})/SUM({{enti.wm}}),"{UNMEASURED}")'),
        Column("misurati", "Misurati", 10, lambda c: c.measured, Kind.INTEGER, formula="SUM({enti.misurati})"),
        Column("totale", "Totale", 9, lambda c: c.total, Kind.INTEGER, formula="SUM({enti.totale})"),
    )  # fmt: skip
    return Table("comune", columns, [merger.total], top=3, tone=lambda _: Tone.AREA, height=30)


def _state(body: BodyResult) -> State:
    from perfxl.model import State

    measured = body.consolidation is not None and body.consolidation.rows
    return body.consolidation.headline.state if measured and body.consolidation else State.UNMEASURED


def _coverage(body: BodyResult) -> float | str:
    return body.cover.measured / body.cover.total if body.cover.total else ""


def _measured(body: BodyResult) -> float:
    return 0.0 if body.cover.pct is None else float(body.entry.weight or 0)


def _weighted(body: BodyResult) -> float:
    return 0.0 if body.cover.pct is None else float(Fraction(body.entry.weight or 0) * body.cover.pct / 100)


def _objectives(merger: Merger) -> Tab:
    items = [
        _Objective(body.entry.name, node)
        for body in merger.bodies
        if body.consolidation is not None and body.consolidation.rows
        for node in body.consolidation.nodes
        if node.depth <= DEEPEST
    ]
    columns = (
        Column("ente", "Ente", 20, lambda o: o.body),
        Column("codice", "Codice", 14, lambda o: o.node.code, indent=lambda o: o.node.depth),
        Column("titolo", "Obiettivo", 78, lambda o: o.node.title, indent=lambda o: o.node.depth, wrap=True),
        Column("pct", "% realizz.", 12, lambda o: figure(o.node.pct), Kind.PERCENT),
        Column("misurati", "Misurati", 10, lambda o: o.node.measured, Kind.INTEGER),
        Column("totale", "Totale", 9, lambda o: o.node.total, Kind.INTEGER),
        Column("stato", "Stato", 26, lambda o: STATE_LABEL[o.node.state], Kind.STATE),
    )
    tones = (Tone.ROOT, Tone.AREA, Tone.PLAIN)
    table = Table(
        "obiettivi", columns, items, top=3, autofilter=True, nothing="Nessun ente ha obiettivi misurati.",
        tone=lambda o: tones[o.node.depth], heading_height=24,
    )  # fmt: skip
    return Tab(
        "Obiettivi",
        "Aree e obiettivi degli enti",
        "Ogni percentuale è calcolata col metodo del suo ente: due righe di enti diversi non si confrontano senza guardare la scheda Metodi.",
        (table,),
        colour="1F3864",
        freeze_columns=2,
    )


def _methods(merger: Merger) -> Tab:
    columns = [
        Column("diverso", "Diverso", 10, lambda a: "sì" if a.differs else "no", Kind.CENTRED),
        Column("sezione", "Sezione", 22, lambda a: a.section),
        Column("chiave", "Chiave", 24, lambda a: a.key),
        Column("senso", "Che cosa dice", 56, lambda a: a.meaning, wrap=True),
    ]
    columns += [
        Column(f"ente{number}", body.entry.name, 26, _axis(number), wrap=True) for number, body in enumerate(merger.bodies)
    ]
    table = Table(
        "metodi", tuple(columns), merger.axes, top=3, autofilter=True,
        tone=lambda axis: Tone.STRATEGIC if axis.differs else Tone.PLAIN, heading_height=24,
    )  # fmt: skip
    return Tab(
        "Metodi",
        "I metodi a confronto",
        f"Le {sum(axis.differs for axis in merger.axes)} regole in cui gli enti differiscono vengono per prime.",
        (table,),
        colour="7F7F7F",
        freeze_columns=3,
    )


def _axis(number: int) -> Callable[[AxisDifference], str]:
    def value(axis: AxisDifference) -> str:
        return axis.values[number]

    return value


def _figures(merger: Merger) -> Tab:
    keys = [f"ente{number}" for number in range(len(merger.bodies))]
    columns = [Column("cifra", "Cifra", 60, lambda s: s.title, wrap=True)]
    columns += [
        Column(key, body.entry.name, 20, _shared(number), Kind.AMOUNT)
        for number, (key, body) in enumerate(zip(keys, merger.bodies, strict=True))
    ]
    formula = "+".join(f"{{{key}}}" for key in keys)
    columns.append(Column("somma", "Somma", 20, _sum, Kind.AMOUNT, formula=lambda s: formula if s.total is not None else None))
    return Tab(
        "Cifre",
        "Cifre dei prospetti a confronto",
        "Le cifre si sommano solo dove il file degli enti lo dichiara e ogni ente ha la sua.",
        (Table("cifre", tuple(columns), merger.shared, top=3, heading_height=24),),
        colour="3A6B35",
        freeze_columns=1,
    )


def _shared(number: int) -> Callable[[SharedFigure], float | str]:
    def value(shared: SharedFigure) -> float | str:
        found = shared.figures[number]
        return UNMEASURED if found is None or found.value is None else float(found.value)

    return value


def _sum(shared: SharedFigure) -> float | str | None:
    if not shared.add_up:
        return None
    return UNMEASURED if shared.total is None else float(shared.total)


def _findings(merger: Merger) -> Tab:
    order = {severity: index for index, severity in enumerate(SEVERITY_LABEL)}
    items = sorted(merger.findings, key=lambda pair: order[pair[1].severity])

    def of(name: str) -> Callable[[tuple[str, Finding]], str]:
        def value(pair: tuple[str, Finding]) -> str:
            return str(getattr(pair[1], name))

        return value

    columns = (
        Column("gravita", "Gravità", 11, lambda pair: SEVERITY_LABEL[pair[1].severity]),
        Column("ente", "Ente", 18, lambda pair: pair[0] or "tutti"),
        Column("codice", "Codice", 10, of("code")),
        Column("titolo", "Anomalia", 34, of("title"), wrap=True),
        Column("trovato", "Che cosa è stato trovato", 60, of("found"), wrap=True),
        Column("file", "File", 34, of("file"), wrap=True),
        Column("foglio", "Foglio", 18, of("sheet"), wrap=True),
        Column("cella", "Cella", 8, of("cell"), Kind.CENTRED),
        Column("rimedio", "Che cosa fare", 50, of("remedy"), wrap=True),
    )
    table = Table("anomalie", columns, items, top=3, autofilter=True, nothing="Nessuna anomalia.", heading_height=24)
    return Tab("Anomalie", "Anomalie di tutti gli enti", "Le più gravi per prime.", (table,), colour="BF8F00", freeze_columns=2)
