"""*Metodo*: the profile in use, key by key; the thresholds that the formulas read; the files read, with their hashes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from perfxl.views.states import THRESHOLD_ROWS
from perfxl.views.tab import Column, Kind, Link, Tab, Table
from perfxl.views.words import file_name

if TYPE_CHECKING:
    from perfxl.views.context import Context

_LEVEL_NAMES = ("Indicatori", "Obiettivi operativi e progetti", "Obiettivi strategici, aree, ente, persone, uffici")


class _Threshold(NamedTuple):
    level: str
    reached: Decimal
    critical: Decimal


class _Fact(NamedTuple):
    what: str
    value: str


def metodo(context: Context) -> Tab:
    """The tab: five tables, one under the other, on one grid of four columns."""
    top = 3
    tables: list[Table] = []
    for table in (_facts, _thresholds, _notes, _files, _profile):  # the longest last: its headings stand on every page
        made = table(context, top)
        tables.append(made)
        top = made.last_row + 2
    return Tab(
        "Metodo",
        "Metodo, versioni e file letti",
        f"Profilo {context.c.method.name}: tutto ciò in cui un ente calcola diversamente da un altro sta in queste righe.",
        tuple(tables),
        colour="7F7F7F",
        widths={0: 34, 1: 34, 2: 44, 3: 70},
        freeze=False,
        repeat=True,
    )


def _facts(context: Context, top: int) -> Table:
    c = context.c
    facts = (
        _Fact("Ente", c.body),
        _Fact("Anno", str(c.year or "")),
        *([_Fact("Periodo", c.period.name)] if c.period and c.period.name else []),
        _Fact("Metodo", f"{c.method.name} – {c.method.title}"),
        _Fact("File del metodo", c.method_file),
        _Fact("Fonte del metodo", c.method.source),
        _Fact("Data di riferimento (--al)", c.as_of.strftime("%d/%m/%Y") if c.as_of else "non indicata"),
        _Fact("Piano (--piano)", "sì" if c.with_plan else "non fornito: l'albero è quello dei fogli"),
        _Fact("Versione di perfxl", c.version),
        _Fact("Elaborato il", c.made_at.strftime("%d/%m/%Y alle %H:%M:%S")),
    )
    columns = (
        Column("voce", "Voce", 34, lambda fact: fact.what),
        Column("valore", "Valore", 34, lambda fact: fact.value, span=3, wrap=True),
    )
    return Table("elaborazione", columns, facts, top, title="Elaborazione")


def _thresholds(context: Context, top: int) -> Table:
    states = context.c.method.states
    levels = [getattr(states, key) for key in THRESHOLD_ROWS]
    rows = [_Threshold(name, lv.reached_from, lv.critical) for name, lv in zip(_LEVEL_NAMES, levels, strict=True)]
    columns = (
        Column("livello", "Livello", 34, lambda row: row.level, wrap=True),
        Column("raggiunto", "Raggiunto da", 34, lambda row: row.reached / 100, Kind.PERCENT),
        Column("critica", "Non raggiunto sotto", 44, lambda row: row.critical / 100, Kind.PERCENT),
    )
    return Table("soglie", columns, rows, top, title="Soglie degli stati (le formule delle altre schede le leggono qui)")


def _profile(context: Context, top: int) -> Table:
    columns = (
        Column("sezione", "Sezione", 34, lambda row: row[0]),
        Column("chiave", "Chiave", 34, lambda row: row[1], wrap=True),
        Column("valore", "Valore", 44, lambda row: row[2], wrap=True),
        Column("significato", "Significato", 70, lambda row: row[3], wrap=True),
    )
    return Table("profilo", columns, context.c.method.as_rows(), top, title="Profilo")


def _notes(context: Context, top: int) -> Table:
    columns = (Column("nota", "Scelta dichiarata dove i documenti tacciono", 34, lambda note: note, span=4, wrap=True),)
    return Table("scelte", columns, context.c.method.notes, top, title="Scelte dichiarate", nothing="Nessuna.")


def _files(context: Context, top: int) -> Table:
    columns = (
        Column("file", "File", 34, lambda s: file_name(s.path), link=lambda s: Link(outside=context.path_of(s.path)), wrap=True),
        Column("percorso", "Percorso (dalla cartella di questo file)", 34, lambda s: context.path_of(s.path), wrap=True),
        Column("sha256", "Impronta SHA-256", 44, lambda s: s.sha256, wrap=True),
        Column("fogli", "Come è stato inteso", 70, lambda s: "; ".join(s.sheets), wrap=True),
    )
    return Table("file", columns, context.c.sources, top, title="File letti", nothing="Nessun file letto.")
