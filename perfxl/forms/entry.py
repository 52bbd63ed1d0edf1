"""The cells that an office fills in: their format, the message beside them, and what is asked twice before it is accepted.

Offices write `N.C.`, `giugno`, `3,8 gg`: words always pass. A number out of measure asks for a confirmation, never refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perfxl.forms.branches import Aim, Nature, is_declared
from perfxl.forms.styles import DATE, GENERAL, PERCENT
from perfxl.rollup.checks import MOST_PERCENT
from perfxl.views.words import CAUSES

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from perfxl.forms.styles import Styles

MOST = MOST_PERCENT // 100  # as a fraction
_WORDS = "Se non è misurato: N.C. con una nota. Vanno bene anche parole come «giugno» o «3,8 gg»."
_HOW = {
    Nature.PERCENT: "Scrivere la percentuale, ad esempio 98%.",
    Nature.NUMBER: "Scrivere il numero, ad esempio 11 oppure 3,8.",
    Nature.DATE: "Scrivere la data intera, ad esempio 29/03/{year}.",
}
_DECLARED = "Scrivere la realizzazione in percentuale, ad esempio 100%, oppure il numero o la data ottenuti."
_DOUBT = {
    Nature.PERCENT: "La percentuale è oltre il 1000%: forse manca una virgola, o il segno %. Confermare solo se è giusta.",
    Nature.NUMBER: "Il valore non è un numero né un testo. Confermare solo se è giusto.",
    Nature.DATE: "Qui si aspetta una data vicina all'anno {year}, ad esempio 29/03/{year}. Confermare solo se è giusta.",
}


def result_format(aim: Aim, styles: Styles) -> Format:
    """The format of the result cell: that of the target's unit."""
    name = {Nature.PERCENT: PERCENT, Nature.DATE: DATE, Nature.NUMBER: GENERAL}[aim.natural]
    return styles.entry(name, align="center")


def validate_result(worksheet: Worksheet, row: int, column: int, address: str, aim: Aim, year: int | None) -> None:
    """The message and the check of a result cell."""
    when = str(year or "")
    declared = any(is_declared(branch) for branch in aim.branches.values())
    how = _DECLARED if declared else _HOW[aim.natural].format(year=when)
    options: dict[str, Any] = {
        "validate": "custom",
        "value": _condition(aim.natural, address, year),
        "error_type": "warning",
        "input_title": "Risultato",
        "input_message": f"{how}\n{_WORDS}",
        "error_title": "Controllare il risultato",
        "error_message": _DOUBT[aim.natural].format(year=when),
    }
    worksheet.data_validation(row, column, row, column, options)


def flag_out_of_measure(worksheet: Worksheet, row: int, column: int, address: str, aim: Aim, styles: Styles) -> None:
    """A percent over 1000 % (74 for 74 %, where the application doesn't add the sign) is red: it would count as fully reached."""
    if aim.natural is Nature.PERCENT:
        rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({address}),ABS(N({address}))>{MOST})", "format": styles.alarm}
        worksheet.conditional_format(row, column, row, column, rule)


def _condition(nature: Nature, cell: str, year: int | None) -> str:
    if nature is Nature.PERCENT:
        return f"=OR(ISTEXT({cell}),AND(ISNUMBER({cell}),ABS({cell})<={MOST}))"
    if nature is Nature.DATE and year:
        return f"=OR(ISTEXT({cell}),AND(ISNUMBER({cell}),{cell}>=DATE({year - 1},1,1),{cell}<DATE({year + 2},1,1)))"
    return f"=OR(ISTEXT({cell}),ISNUMBER({cell}))"


def validate_cause(worksheet: Worksheet, row: int, column: int) -> None:
    """The list of causes."""
    worksheet.data_validation(
        row,
        column,
        row,
        column,
        {
            "validate": "list",
            "source": list(CAUSES),
            "input_title": "Causa dello scostamento",
            "input_message": "Solo se il target non è raggiunto: esogena (fuori dall'ente), endogena (dentro l'ente), errore dell'indicatore.",
            "error_title": "Causa non prevista",
            "error_message": "Scegliere dall'elenco: " + ", ".join(CAUSES) + ". Le spiegazioni vanno nella colonna Note.",
        },
    )
