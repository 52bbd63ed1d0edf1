"""The instructions that travel with a form, in the words of an office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.forms.formulas import WORDS

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from perfxl.forms.form import Form, Identity
    from perfxl.forms.styles import Styles
    from perfxl.methods.schema import Method

NAME = "Istruzioni"


def write_guide(sheet: Worksheet, styles: Styles, form: Form, identity: Identity, method: Method) -> None:
    """Title, what to do, how results are written, what the light means."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 92)
    sheet.write_string(0, 1, "Come compilare questa scheda", styles.plain(bold=True, font_size=16, font_color="#1F4E78"))
    when = " · ".join(part for part in (str(identity.year or ""), identity.period) if part)
    sheet.write_string(1, 1, form.title, styles.plain(italic=True))
    sheet.write_string(2, 1, " · ".join(p for p in (identity.body, when) if p), styles.plain(italic=True))
    at = 4
    for title, lines in _chapters(form, method):
        sheet.write_string(at, 1, title, styles.plain(bold=True, font_size=12, font_color="#1F4E78"))
        at += 1
        for word, text in lines:
            sheet.write_string(at, 1, word, styles.plain(bold=True, text_wrap=True))
            sheet.write_string(at, 2, text, styles.plain(text_wrap=True))
            at += 1
        at += 1
    sheet.print_area(0, 0, at, 2)


def _chapters(form: Form, method: Method) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    level = method.states.indicator
    sheets = " o ".join(f"«{page.name}»" for page in form.pages[:1]) if len(form.pages) == 1 else "degli obiettivi"
    return (
        (
            "Che cosa fare",
            (
                ("1. Riempire", f"Nel foglio {sheets} si scrive soltanto nelle celle gialle: Risultato, Note, Causa, Evidenza."),
                ("2. Controllare", "La percentuale e lo stato si aggiornano da soli appena si scrive il risultato."),
                ("3. Salvare", "Salvare con lo stesso nome e nello stesso formato (.xlsx), senza rinominare né spostare fogli."),
                (
                    "4. Rispedire",
                    "Rispedire il file alla Programmazione e controllo. Le altre celle sono bloccate, senza password.",
                ),
            ),
        ),
        (
            "Come si scrive il risultato",
            (
                ("Percentuale", "98%  oppure  98,5%. Se la cella diventa rossa, manca il segno % o la virgola."),
                ("Numero", "11  oppure  3,8  (la virgola per i decimali, niente punti per le migliaia)"),
                ("Data", "29/03/2019: giorno, mese e anno. Se si conosce solo il mese: giugno"),
                ("Più date", "Per un target con più scadenze, tutte le date: 29/06/2019 e 15/01/2020"),
                (
                    "Non misurato",
                    "N.C.  oppure  n.d.  e il motivo nelle Note. Una cella lasciata vuota vale come «non ancora misurato».",
                ),
                ("Zero", "0 si scrive solo se il valore misurato è davvero zero."),
                (
                    "Parole",
                    f"Si possono scrivere anche parole (giugno, 3,8 gg, realizzato): la percentuale è allora «{WORDS}».",
                ),
            ),
        ),
        (
            "Le altre celle gialle",
            (
                ("Note", "Ciò che serve a capire il risultato."),
                ("Causa", "Se il target non è raggiunto, dall'elenco: esogena, endogena, errore dell'indicatore."),
                ("Evidenza", "Dove si trova la prova: numero di protocollo, nome della relazione, cartella."),
            ),
        ),
        (
            "Che cosa dice lo stato",
            (
                ("● raggiunto", f"da {_figure(level.reached_from)}% in su"),
                ("◐ parzialmente raggiunto", f"da {_figure(level.critical)}% a meno di {_figure(level.reached_from)}%"),
                ("○ non raggiunto", f"sotto {_figure(level.critical)}%"),
                ("– non misurato", "manca il risultato, o è scritto a parole"),
            ),
        ),
    )


def _figure(value: object) -> str:
    return f"{value}".rstrip("0").rstrip(".").replace(".", ",") if "." in f"{value}" else f"{value}"
