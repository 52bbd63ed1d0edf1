"""*Indicatori*: every scored row, flat, with filter and source; the percentages that all the other tabs rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.model import Counting, ScoredRow
from perfxl.scoring.finish import state_of
from perfxl.views.context import Context, enters_office, node_key, office_key
from perfxl.views.states import state_formula, thresholds
from perfxl.views.tab import Column, Kind, Tab, Table, Tone
from perfxl.views.words import STATE_LABEL, UNMEASURED, figure, optional_figure, source_text, target_words

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURED = '">=-1E+300"'
"""Criterion that only numbers meet."""

MEAN_OF_ROWS = "SUMIFS({Indicatori.wx},{Indicatori.chiave},{chiave})/SUMIFS({Indicatori.wm},{Indicatori.chiave},{chiave})"
"""Weighted mean of a node's counting rows, by the node's `chiave`."""

OPTIONAL = {"assegnato", "responsabili", "algoritmo", "indicata", "prorata", "tempi", "altri"}
"""Columns that are left out where no row has anything in them."""

KINDS = {
    "threshold": "soglia",
    "count": "conteggio",
    "equality": "uguaglianza",
    "range": "intervallo",
    "deadline": "scadenza",
    "multi_deadline": "più scadenze",
    "days_within": "giorni",
    "relative": "relativo",
    "milestone": "realizzazione",
    "none": "senza target",
    "unreadable": "non leggibile",
}


def indicatori(context: Context) -> Tab:
    """The tab; a mean of respondents is native where the method's mean is the plain one."""
    table = Table(
        "Indicatori",
        _columns(context),
        context.c.rows,
        top=3,
        autofilter=True,
        nothing="Nessun indicatore letto.",
        tone=lambda row: Tone.PLAIN if row.counts else Tone.MUTED,
        heading_height=32,
    )
    return Tab(
        "Indicatori",
        "Indicatori",
        "Una riga per ogni indicatore di ogni foglio. Le percentuali delle righe che contano alimentano Albero, Uffici e Responsabili.",
        (table,),
        colour="2E75B6",
        freeze_columns=2,
    )


def _columns(context: Context) -> tuple[Column, ...]:
    columns = (*_what(), *_scores(context), *_source(context), *_helpers(context))
    rows = context.c.rows
    return tuple(c for c in columns if c.key not in OPTIONAL or any(c.value(row) not in (None, "") for row in rows))


def _what() -> tuple[Column, ...]:
    return (
        Column("codice", "Codice", 13, lambda row: row.code, wrap=True),
        Column("testo", "Indicatore", 46, lambda row: row.title, wrap=True),
        Column("obiettivo", "Obiettivo", 9, lambda row: row.owner, Kind.CENTRED),
        Column("ufficio", "Foglio di", 9, lambda row: row.office, Kind.CENTRED),
        Column("assegnato", "Assegnato a", 10, lambda row: " ".join(row.offices), wrap=True),
        Column("responsabili", "Resp.", 8, lambda row: " ".join(row.people), wrap=True),
        Column("algoritmo", "Algoritmo", 26, lambda row: row.algorithm, wrap=True),
        Column("target", "Target", 13, lambda row: target_words(row.target_text, row.title), wrap=True),
        Column("risultato", "Risultato", 13, lambda row: row.result_text, wrap=True),
        Column("tipo", "Tipo", 11, lambda row: KINDS.get(row.target.kind, row.target.kind)),
    )


def _scores(context: Context) -> tuple[Column, ...]:
    rounding = context.figures.rounding

    def as_shown(row: ScoredRow) -> Kind:
        plain = row.pct is None or row.shown is None or rounding.displays(row.pct, row.shown)
        return Kind.PERCENT if plain else Kind.PERCENT_LONG

    return (
        Column("pct", "% realizz.", 10, lambda row: figure(row.pct), as_shown, formula=_mean_formula(context)),
        Column("indicata", "% indicata", 10, lambda row: None if row.typed_pct is None else row.typed_pct / 100, Kind.PERCENT),
        Column("prorata", "% pro rata", 10, lambda row: optional_figure(row.pro_rata_pct), Kind.PERCENT),
        Column("stato", "Stato", 22, lambda row: STATE_LABEL[row.state], Kind.STATE, formula=_state_formula(context)),
        Column("tempi", "Tempi", 16, lambda row: str(row.timing), wrap=True),
        Column("peso", "Peso", 7, lambda row: float(row.weight), Kind.NUMBER),
        Column("conta", "Conta", 15, lambda row: "sì" if row.counts else f"no: {_why(row.counting)}", wrap=True),
    )


def _state_formula(context: Context) -> str | Callable[[ScoredRow], str | None]:
    """The state by the thresholds of *Metodo*; the label itself where they would say otherwise (a strict target that isn't met)."""
    place, level = thresholds(context, "indicatore")
    formula = state_formula(place)
    otherwise = {row.uid for row in context.c.rows if state_of(row.pct, level) is not row.state}
    return (lambda row: None if row.uid in otherwise else formula) if otherwise else formula


def _source(context: Context) -> tuple[Column, ...]:
    return (
        Column("fonte", "Fonte", 48, _source_of, link=lambda row: context.outside(row.ref), wrap=True),
        Column("altri", "Target di altri anni", 20, _other_targets, wrap=True),
    )


def _helpers(context: Context) -> tuple[Column, ...]:
    group = context.group_of

    def measured_respondent(row: ScoredRow) -> str | None:
        return 'IF(ISNUMBER({pct}),{pct},"")' if row.uid in group else None

    return (
        Column("riga", "riga", 8, lambda row: f"r{context.row_at[row.uid]}", helper=True),
        Column("chiave", "chiave obiettivo", 10, lambda row: node_key(row.owner) if row.counts else None, helper=True),
        Column(
            "wm",
            "peso misurato",
            8,
            _measured_weight,
            Kind.NUMBER,
            formula=_if_counts("IF(ISNUMBER({pct}),{peso},0)"),
            helper=True,
        ),
        Column(
            "wx", "peso × %", 8, _weighted, Kind.NUMBER, formula=_if_counts("IF(ISNUMBER({pct}),{peso}*{pct},0)"), helper=True
        ),
        Column("chiave_obiettivo", "obiettivo", 10, lambda row: node_key(row.owner), helper=True),
        Column(
            "chiave_ufficio",
            "chiave ufficio",
            10,
            lambda row: office_key(row.office) if enters_office(row) else None,
            helper=True,
        ),
        Column("gruppo", "entra nella media", 10, lambda row: group.get(row.uid), helper=True),
        Column(
            "px", "% per la media", 8, lambda row: _respondent(row, group), Kind.NUMBER, formula=measured_respondent, helper=True
        ),
    )


def _if_counts(formula: str) -> Callable[[ScoredRow], str | None]:
    return lambda row: formula if row.counts else None


def _measured_weight(row: ScoredRow) -> float | None:
    if not row.counts:
        return None
    return 0.0 if row.pct is None else float(row.weight)


def _weighted(row: ScoredRow) -> float | None:
    if not row.counts:
        return None
    return 0.0 if row.pct is None else float(row.weight * row.pct / 100)


def _respondent(row: ScoredRow, group: dict[str, str]) -> float | str | None:
    if row.uid not in group:
        return None
    return "" if row.pct is None else float(row.pct / 100)


def _mean_formula(context: Context) -> Callable[[ScoredRow], str | None]:
    figures = context.figures
    not_native: list[str] = []
    formulas: dict[str, str] = {}
    for index, row in enumerate(context.c.rows):
        if not row.respondents or row.adjustment is not None:
            continue
        if figures.mean_of_respondents(row) != row.pct or not figures.rounding.native:
            not_native.append(row.code)
            continue
        key = f'"media:{index}"'
        inner = f"(SUMIFS({{Indicatori.px}},{{Indicatori.gruppo}},{key})/COUNTIFS({{Indicatori.gruppo}},{key},{{Indicatori.px}},{MEASURED}))"
        formulas[row.uid] = f'IFERROR({figures.rounding.formula(inner)},"{UNMEASURED}")'
    context.not_native("Indicatori", not_native)
    return lambda row: formulas.get(row.uid)


def _why(counting: Counting) -> str:
    return "entra nella media dei rispondenti" if counting is Counting.OFFICE_ONLY else str(counting)


def _source_of(row: ScoredRow) -> str:
    if row.respondents:
        return f"media di {len(row.respondents)} rispondenti"
    return source_text(row.ref)


def _other_targets(row: ScoredRow) -> str:
    return "; ".join(f"{year}: {text}" for year, text in row.targets_other_years)
