"""Blank workbooks to fill: satisfaction surveys, service standards, people by process, deadlines, check-up of the cycle.

Each computes by itself what its own figures say, with native formulas; perfxl reads the same figures and computes them again. The
headings are those of the declarations in `perfxl/statements/declarations`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import xlsxwriter

from scripts.cartelle.sheet import AUTHOR, MOMENT, golden

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FOLDER = "modelli"
_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
_BOX = {"border": 1, "border_color": "#808080"}
GRADES = range(1, 11)


class Formats(NamedTuple):
    """The formats of a workbook: what is to be filled is yellow, what is computed grey."""

    title: Format
    note: Format
    heading: Format
    text: Format
    whole: Format
    number: Format
    percent: Format
    amount: Format
    date: Format
    computed: Format
    computed_percent: Format
    total: Format
    total_percent: Format


class Column(NamedTuple):
    """A column of a table to fill; `formula` has `{row}` for the row's number and is blank while its operands are."""

    heading: str
    width: float
    kind: str = "text"
    formula: str = ""
    choices: tuple[str, ...] = ()


def write(folder: Path) -> list[Path]:
    """Write the templates; the same bytes at each run."""
    made = {
        "Gradimento": _surveys,
        "Carta_dei_servizi": _standards,
        "Personale_per_processo": _processes,
        "Scadenzario": _deadlines,
        "Check-up_e_miglioramento": _checkup,
    }
    return [_saved(folder / FOLDER / f"{name}.xlsx", name, fill) for name, fill in made.items()]


def _saved(path: Path, name: str, fill: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook = xlsxwriter.Workbook(str(path))
    workbook.set_properties({"title": name.replace("_", " "), "author": AUTHOR, "created": MOMENT})
    fill(workbook, _formats(workbook))
    workbook.close()
    return path


def _formats(workbook: Workbook) -> Formats:
    filled, computed = {"bg_color": "#FFF9E5"} | _BOX, {"bg_color": "#F2F2F2"} | _BOX

    def made(**properties: Any) -> Format:
        return workbook.add_format(_FONT | properties)

    return Formats(
        title=made(bold=True, font_size=14, font_color="#1F3864"),
        note=made(italic=True, font_color="#595959"),
        heading=made(bold=True, bg_color="#D9E1F2", text_wrap=True, align="center", **_BOX),
        text=made(text_wrap=True, **filled),
        whole=made(num_format="0", **filled),
        number=made(num_format="#,##0.00", **filled),
        percent=made(num_format="0.0%", **filled),
        amount=made(num_format="#,##0.00", **filled),
        date=made(num_format="dd/mm/yyyy", align="center", **filled),
        computed=made(num_format="#,##0.##", **computed),
        computed_percent=made(num_format="0.0%", **computed),
        total=made(bold=True, num_format="#,##0.##", **computed),
        total_percent=made(bold=True, num_format="0.0%", **computed),
    )


# -- parts of a sheet -------------------------------------------------------------------------------------------------


def _sheet(workbook: Workbook, formats: Formats, name: str, title: str, notes: Sequence[str]) -> tuple[Worksheet, int]:
    """A sheet with what to know and the title of its table, and the row (from 0) where the table begins."""
    sheet = workbook.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    for row, note in enumerate(notes):
        sheet.write_string(row, 0, note, formats.note)
    sheet.write_string(len(notes) + 1, 0, title, formats.title)
    return sheet, len(notes) + 2


def _table(sheet: Worksheet, formats: Formats, top: int, columns: Sequence[Column], rows: int) -> int:
    """Headings and rows to fill; the row after the last."""
    longest = max(len(column.heading) / column.width for column in columns)
    sheet.set_row(top, 32 if longest < 1.6 else 48)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(top, at, column.heading, formats.heading)
        if column.choices:
            sheet.data_validation(top + 1, at, top + rows, at, {"validate": "list", "source": list(column.choices)})
    for row in range(top + 1, top + 1 + rows):
        for at, column in enumerate(columns):
            look = _look(formats, column)
            if column.formula:
                sheet.write_formula(row, at, "=" + column.formula.format(row=row + 1), look, "")
            else:
                sheet.write_blank(row, at, None, look)
    sheet.freeze_panes(top + 1, 1)
    sheet.repeat_rows(top)
    return top + 1 + rows


def _look(formats: Formats, column: Column) -> Format:
    if column.formula:
        return formats.computed_percent if column.kind == "percent" else formats.computed
    found: Format = getattr(formats, column.kind)
    return found


def _prefilled(sheet: Worksheet, formats: Formats, top: int, texts: Sequence[Sequence[str]]) -> None:
    for row, cells in enumerate(texts, start=top + 1):
        for at, text in enumerate(cells):
            sheet.write_string(row, at, text, formats.text)


# -- the templates ----------------------------------------------------------------------------------------------------


def _surveys(workbook: Workbook, formats: Formats) -> None:
    """Votes for each grade; scales 1-4, 1-5, 1-7, 1-10 as in the surveys of the documents (Lucca 2017, section 1.2.4)."""
    notes = (
        "Una riga per servizio o iniziativa: quante persone hanno dato ciascun voto. Le celle grigie si calcolano da sole.",
        "«Buono da»: il voto dal quale il giudizio è «buono o più»; quello proposto (3 su 4, 4 su 5, 5 su 7, 7 su 10) si può cambiare.",
        "«Indicatore alimentato»: il codice dell'indicatore di cui la % buono o più è il risultato (per esempio O3.1.1-b).",
    )
    sheet, top = _sheet(workbook, formats, "Rilevazione", "Rilevazione del gradimento", notes)
    grades = "{" + ",".join(map(str, GRADES)) + "}"
    votes = "G{row}:P{row}"
    proposed = 'IF(E{row}=4,3,IF(E{row}=5,4,IF(E{row}=7,5,IF(E{row}=10,7,""))))'
    columns = [
        Column("Servizio o iniziativa", 40),
        Column("Anno", 8, "whole"),
        Column("Indicatore alimentato", 14),
        Column("Scala da", 8, "whole"),
        Column("Scala a", 8, "whole", choices=("4", "5", "7", "10")),
        Column("Buono da", 8, "whole", proposed),
        *(Column(f"Voto {grade}", 7, "whole") for grade in GRADES),
        Column("Voti espressi", 10, "whole", f'IF(COUNT({votes})=0,"",SUM({votes}))'),
        Column("Media", 9, "number", f'IF(COUNT({votes})=0,"",SUMPRODUCT({votes},{_braced(grades)})/SUM({votes}))'),
        Column("Voti buoni o più", 10, "whole",
               f'IF(OR(COUNT({votes})=0,F{{row}}=""),"",SUMPRODUCT({votes}*({_braced(grades)}>=F{{row}})))'),
        Column("% buono o più", 10, "percent", 'IF(OR(Q{row}="",S{row}=""),"",S{row}/Q{row})'),
        Column("Partecipanti totali", 12, "whole"),
        Column("Tasso di risposta", 10, "percent", 'IF(OR(Q{row}="",U{row}=""),"",Q{row}/U{row})'),
        Column("Media anno prima", 10, "number"),
    ]  # fmt: skip
    end = _table(sheet, formats, top, columns, rows=20)
    first, last = top + 2, end
    sheet.write_string(end, 0, "Totale", formats.total)
    sheet.write_formula(end, 16, f"=SUM(Q{first}:Q{last})", formats.total, 0)
    sheet.write_formula(end, 18, f"=SUM(S{first}:S{last})", formats.total, 0)
    sheet.write_formula(end, 19, f'=IF(Q{end + 1}=0,"",S{end + 1}/Q{end + 1})', formats.total_percent, "")


def _braced(text: str) -> str:
    """An array constant in a template of `str.format`."""
    return text.replace("{", "{{").replace("}", "}}")


def _standards(workbook: Workbook, formats: Formats) -> None:
    """Declared and measured; the two shares of S2.1.4-a (Massa-Carrara 2019) and of objective 1 (Lucca 2017)."""
    notes = (
        "Una riga per standard della Carta dei servizi. Le celle grigie si calcolano da sole; uno standard senza misura non conta.",
        "«Verso»: vuoto per i tempi (meglio meno); «crescente» dove è meglio di più, come una percentuale di risposte.",
    )
    sheet, top = _sheet(workbook, formats, "Standard", "Standard della Carta dei servizi", notes)
    blank = 'OR(E{row}="",F{row}="")'
    columns = [
        Column("Servizio/procedimento", 44),
        Column("Fattore di qualità", 28),
        Column("Unità", 12),
        Column("Verso", 12, choices=("crescente",)),
        Column("Tempo dichiarato", 12, "number"),
        Column("Tempo misurato", 12, "number"),
        Column("Scostamento", 12, "number", f'IF({blank},"",F{{row}}-E{{row}})'),
        Column("Scostamento %", 12, "percent", 'IF(OR(E{row}="",E{row}=0,F{row}=""),"",(F{row}-E{row})/E{row})'),
        Column("Oltre lo standard %", 12, "percent",
               'IF(H{row}="","",MAX(0,IF(D{row}="crescente",-H{row},H{row})))'),
        Column("Rispettato", 12, "text",
               f'IF({blank},"",IF(IF(D{{row}}="crescente",F{{row}}>=E{{row}},F{{row}}<=E{{row}}),"sì","no"))'),
        Column("Motivazione", 40),
    ]  # fmt: skip
    end = _table(sheet, formats, top, columns, rows=30)
    first, last = top + 2, end
    head = end + 1
    for at, text in enumerate(("Misura", "Indicatore alimentato", "Valore", "Target")):
        sheet.write_string(head, at, text, formats.heading)
    kept, missed = (f'COUNTIF(J{first}:J{last},"{word}")' for word in ("sì", "no"))
    measures = (
        (
            "Standard rispettati sul totale degli standard misurati",
            f'IF({kept}+{missed}=0,"",{kept}/({kept}+{missed}))',
            ">= 90%",
        ),
        ("Scostamento medio oltre lo standard", f'IF(COUNT(I{first}:I{last})=0,"",AVERAGE(I{first}:I{last}))', "<= 10%"),
        ("Scostamento medio algebrico", f'IF(COUNT(H{first}:H{last})=0,"",AVERAGE(H{first}:H{last}))', ""),
    )
    for row, (name, formula, target) in enumerate(measures, start=head + 1):
        sheet.write_string(row, 0, name, formats.total)
        sheet.write_blank(row, 1, None, formats.text)
        sheet.write_formula(row, 2, "=" + formula, formats.total_percent, "")
        sheet.write_string(row, 3, target, formats.text)


def _processes(workbook: Workbook, formats: Formats) -> None:
    """People (FTE) and full cost by process, with the processes of Lucca's report as a start."""
    notes = (
        "Personale in equivalenti a tempo pieno (FTE) e costo pieno di ciascun processo. Le celle grigie si calcolano da sole.",
        "I processi sono quelli della Relazione 2017 di Lucca: cambiarli dove l'ente ne ha altri.",
    )
    sheet, top = _sheet(workbook, formats, "Processi", "Personale e costo per processo", notes)
    rows = [(row["process"], row["process_type"]) for row in golden("lucca-2017/services_matrix")]
    first, total = top + 2, top + 2 + len(rows)
    columns = [
        Column("Processo", 52),
        Column("Tipo", 12),
        Column("FTE", 11, "number"),
        Column(
            "% FTE", 11, "percent", f'IF(OR(C{{row}}="",SUM(C${first}:C${total - 1})=0),"",C{{row}}/SUM(C${first}:C${total - 1}))'
        ),
        Column("% FTE media regionale", 14, "percent"),
        Column("Costo pieno (€)", 16, "amount"),
        Column(
            "% costo",
            11,
            "percent",
            f'IF(OR(F{{row}}="",SUM(F${first}:F${total - 1})=0),"",F{{row}}/SUM(F${first}:F${total - 1}))',
        ),
    ]
    end = _table(sheet, formats, top, columns, len(rows))
    _prefilled(sheet, formats, top, rows)
    sheet.write_string(end, 0, "Totale", formats.total)
    sheet.write_formula(end, 2, f"=SUM(C{first}:C{end})", formats.total, 0)
    sheet.write_formula(end, 5, f"=SUM(F{first}:F{end})", formats.total, 0)


def _deadlines(workbook: Workbook, formats: Formats) -> None:
    """Phases with their times as the plans write them, and when they were done."""
    notes = (
        "«Tempi» come nei piani: Giu-Set, Ott-Gen, Giugno Settembre Dicembre, entro il 31/01, semestrale, in itinere.",
        "«Anno»: quello del primo mese. «Fatto il»: la data, o le date separate da virgole quando i termini sono più d'uno.",
    )
    sheet, top = _sheet(workbook, formats, "Scadenzario", "Scadenzario del ciclo della performance", notes)
    columns = [
        Column("Fase del ciclo", 34),
        Column("Che cosa", 60),
        Column("Chi", 40),
        Column("Tempi", 26),
        Column("Anno", 8, "whole"),
        Column("Fatto il", 13, "date"),
        Column("Note", 36),
    ]
    _table(sheet, formats, top, columns, rows=40)


def _checkup(workbook: Workbook, formats: Formats) -> None:
    """The six sections of the self-assessment, and the plan that follows from it."""
    sheet, top = _sheet(workbook, formats, "Check-up", "Check-up del ciclo", ("Un punteggio da 0 a 100 per ciascuna sezione.",))
    rows = [(row["number"], row["section"]) for row in golden("lucca-2017/checkup")]
    _table(sheet, formats, top, [Column("N.", 8), Column("Sezione", 62), Column("Punteggio", 14, "number")], len(rows))
    _prefilled(sheet, formats, top, rows)
    notes = ("Una riga per azione. «Entro» come nello scadenzario: un mese, un intervallo di mesi, una data.",)
    sheet, top = _sheet(workbook, formats, "Miglioramento", "Piano di miglioramento", notes)
    columns = [
        Column("OGGETTO", 36),
        Column("PIANO DI MIGLIORAMENTO", 70),
        Column("Responsabile", 26),
        Column("Entro", 18),
        Column("Fatto il", 13, "date"),
    ]
    _table(sheet, formats, top, columns, rows=20)
