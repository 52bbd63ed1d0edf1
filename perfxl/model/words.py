"""The Italian words for the kinds of target and result, the same in the terminal and in the spreadsheet."""

from __future__ import annotations

from perfxl.model.values import ResultKind, TargetKind

TARGET_WORDS = {
    TargetKind.THRESHOLD: "soglia",
    TargetKind.COUNT: "numero",
    TargetKind.EQUALITY: "uguaglianza",
    TargetKind.RANGE: "intervallo",
    TargetKind.DEADLINE: "scadenza",
    TargetKind.MULTI_DEADLINE: "più scadenze",
    TargetKind.DAYS_WITHIN: "entro giorni",
    TargetKind.RELATIVE: "relativo",
    TargetKind.MILESTONE: "realizzazione",
    TargetKind.NONE: "nessun target",
    TargetKind.UNREADABLE: "non leggibile",
}
RESULT_WORDS = {
    ResultKind.PERCENT: "percentuale",
    ResultKind.NUMBER: "numero",
    ResultKind.DATE: "data",
    ResultKind.MONTH: "mese",
    ResultKind.VARIATION: "variazione",
    ResultKind.VALUES: "più valori",
    ResultKind.DONE: "fatto",
    ResultKind.NOT_DONE: "non fatto",
    ResultKind.NOT_MEASURED: "non misurato",
    ResultKind.EMPTY: "vuoto",
    ResultKind.NARRATIVE: "descrizione senza misura",
    ResultKind.UNREADABLE: "non leggibile",
}
