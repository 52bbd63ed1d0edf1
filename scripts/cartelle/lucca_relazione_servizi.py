"""Lucca, Relazione sulla performance 2017: users, processes, gender and the cycle itself, laid out as the document prints them.

Source: Camera di Commercio di Lucca, Relazione sulla performance 2017 (giugno 2018): sections 1.2.4 (servizi e gradimento), 4 (profilo
di genere), 5 and 5.1 (ciclo della performance). Where no table is printed, but sentences with figures, the headings are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from scripts.cartelle.lucca_relazione import years
from scripts.cartelle.sheet import Content, Sheet, Typed, book, golden, number, save


def write(folder: Path) -> list[Path]:
    """Write the workbooks of services, gender and the cycle."""
    return [
        _surveys(folder / "Gradimento_2017.xlsx"),
        _processes(folder / "Processi_e_genere_2017.xlsx"),
        _cycle(folder / "Ciclo_performance_2017.xlsx"),
    ]


def _surveys(path: Path) -> Path:
    """Section 1.2.4: the surveys, with the figures of their printed sentences in columns; the two marks are a result of objective 1D."""
    workbook = book("Gradimento dei servizi 2017")
    sheet = Sheet(workbook, "Indagini", (44, 14, 24, 12, 30, 12, 12, 70))
    sheet.title("Il gradimento sui servizi camerali espresso dagli utenti.")
    sheet.blank()
    sheet.heading(
        ("Indagine di approfondimento", "Valutazioni espresse", None, "Su", None, "Scala di valutazione", None, "Sintesi"),
        (None, "n.", "da chi", "n.", "che cosa", "da", "a", None),
        merge=("A1:A2", "B1:C1", "D1:E1", "F1:G1", "H1:H2"),
    )
    for row in golden("lucca-2017/surveys"):
        scale = (number(row["scale_min"]), number(row["scale_max"]))
        answers = (number(row["respondents"]), row["respondents_unit"], number(row["population"]), row["population_unit"])
        sheet.line(row["survey"], *answers, *scale, row["text"])
    sheet.blank()
    sheet.columns = 2
    sheet.heading(("INDICATORI STRATEGICI 1D:", "RISULTATO"))
    for text, mark in _marks():
        sheet.line(text, number(mark))
    return save(workbook, path)


def _marks() -> Iterator[tuple[str, str]]:
    """`gradimento … 4.7 giudizio … 4.9`: a mark at the end of each text."""
    result = next(row["result_text"] for row in golden("lucca-2017/indicators") if row["id"] == "1D-S2")
    return ((found[1], found[2]) for found in re.finditer(r"\s*(.+?) (\d\.\d)(?=\s|$)", result))


def _processes(path: Path) -> Path:
    """Section 1.2.4, matrix of processes and users; section 4, the tables by gender."""
    workbook = book("Processi, utenti e genere 2017")
    _matrix(Sheet(workbook, "Processi e utenti", (28, 34, *[17] * 7, 14)))
    _gender(Sheet(workbook, "Genere", (24, *[12] * 9)))
    return save(workbook, path)


def _matrix(sheet: Sheet) -> None:
    rows = golden("lucca-2017/services_matrix")
    primary = [row for row in rows if row["process_type"] == "primario"]
    sheet.title("1.2.4 La Camera di Commercio di Lucca: i servizi resi e gli utenti serviti")
    sheet.blank()
    sheet.heading(
        (None, None, "Processi primari (e Servizi erogati nei confronti dell'utenza)", *[None] * 6, "Valore fornito all'Utenza"),
        (None, None, *(row["process"] for row in primary), None),
        merge=("C1:I1", "J1:J2"),
    )
    sheet.section("Tipologia di Utente")
    for user in ("Imprese", "Associazioni di categoria", "Consumatori /Cittadini"):
        sheet.line(user, None, *("✓" if row[user] == "1" else None for row in primary))
    label: Content = "Processi di supporto"
    for row in rows:
        if row["process_type"] == "supporto":
            sheet.line(label, row["process"])
            label = None


def _gender(sheet: Sheet) -> None:
    facts = {row["id"]: row for row in golden("lucca-2017/context_facts")}
    sheet.title("4.1 Profilo di genere: pari opportunità e bilancio di genere – il contesto interno")
    sheet.blank()
    sheet.title("Composizione dei Consiglieri per genere")
    sheet.columns = 4
    (first, second) = years(2016, 2015)
    sheet.heading((first, None, second, None), ("Uomini", "Donne", "Uomini", "Donne"), merge=("A1:B1", "C1:D1"))
    sheet.line(*(number(facts[f"CONS-{year}-{who}"]["value"]) for year in (2016, 2015) for who in "UD"))
    sheet.blank()
    sheet.columns = 10
    sheet.title("4.2 Profilo di genere: pari opportunità e bilancio di genere – il contesto esterno")
    sheet.blank()
    sheet.title(
        "Occupati in complesso per sesso e relativa incidenza sul totale. Media annua. Provincia di Lucca, Toscana, Italia. "
        "Anni 2015-2017 (valori assoluti in migliaia)"
    )
    three = (2015, 2016, 2017)
    band = [text for year in three for text in (f"Anno {year}", None, None)]
    sheet.heading((None, *band), (None, *("Femmine", "Maschi", "Totale") * 3), merge=("B1:D1", "E1:G1", "H1:J1"))
    for place, code in (("Lucca", "LU"), ("Toscana", "TO"), ("Italia", "IT")):
        sheet.line(place, *(number(facts[f"OCC-{code}-{year}-{sex}"]["value"]) for year in three for sex in "FMT"))
    sheet.note("Fonte: Istat")


def _cycle(path: Path) -> Path:
    """Section 5: phases, actors, ways and times; section 5.1: the check-up (marks of 2014)."""
    workbook = book("Il ciclo della performance 2017")
    sheet = Sheet(workbook, "Fasi", (52, 40, 60, 22))
    sheet.title("5. Il processo di redazione della Relazione sulla performance. Fasi, soggetti, tempi e responsabilità")
    sheet.blank()
    sheet.heading(("FASI", "SOGGETTI", "MODALITA'", "TEMPI"))
    sheet.freeze()
    for row in golden("lucca-2017/cycle_phases"):
        sheet.line(row["fase"], row["soggetti"], row["modalita"], row["tempi"])

    sheet = Sheet(workbook, "Check-up", (8, 62, 16), landscape=False)
    sheet.title(
        "5.1 Punti di forza e di debolezza del ciclo di gestione della performance",
        "Tool di autovalutazione",
        "Ciclo della performance",
    )
    sheet.blank()
    sheet.heading(("N.", "Sezione", "Punteggio"))
    sheet.freeze()
    for row in golden("lucca-2017/checkup"):
        mark = number(row["score"])
        assert mark is not None
        sheet.line(row["number"], row["section"], Typed(mark.value, f'{mark.number_format}" /{row["max"]}"'))
    return save(workbook, path)
