# ruff: noqa: INP001 - a script, part of no package
"""Write docs/verifica.md: what `perfxl verifica` finds in the five published documents, from `workbooks/`:
`python scripts/verifica.py`. A test fails when the page isn't what a fresh run says.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from perfxl.findings import Severity
from perfxl.pipeline import consolidate
from perfxl.statements.compare import Verdict
from perfxl.verification import verified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from perfxl.verification import Item, TableSummary, Verification

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "verifica.md"
WORKBOOKS = ROOT / "workbooks"


class Document(NamedTuple):
    """A published document, as workbooks; `paths` beneath `workbooks/`, patterns allowed."""

    title: str
    paths: tuple[str, ...]
    method: str
    remark: str = ""


DOCUMENTS = (
    Document(
        "Lucca, Relazione sulla performance 2017",
        ("lucca-2017/Obiettivi_*.xlsx", "lucca-2017/Report_*.xlsx", "lucca-2017-relazione"),
        "lucca-2017",
        "Sono lasciati fuori `Risorse_2017.xlsx` e `Progetti_art15_2017.xlsx`: riportano tabelle che sono anche negli altri file.",
    ),
    Document("Lucca, Piano della performance 2018", ("lucca-2018-piano",), "lucca-2017"),
    Document(
        "Massa-Carrara, Piano della performance 2019 e monitoraggio",
        ("massacarrara-2019", "massacarrara-2019-piano", "massacarrara-2019-allegati"),
        "massacarrara-2019",
    ),
    Document("Lucca, progetti di miglioramento 2015 (art. 15 comma 5)", ("art15-2015",), "lucca-2017"),
    Document("Toscana Nord-Ovest, Relazione previsionale 2022: Lucca", ("tno-2022/lucca",), "unioncamere-2022"),
    Document("Toscana Nord-Ovest, Relazione previsionale 2022: Massa-Carrara", ("tno-2022/massacarrara",), "unioncamere-2022"),
    Document("Toscana Nord-Ovest, Relazione previsionale 2022: Pisa", ("tno-2022/pisa",), "unioncamere-2022"),
)

HEAD = """<!-- Pagina generata da scripts/verifica.py: non modificarla a mano. -->

# La verifica dei documenti

`perfxl verifica` prende cartelle di lavoro in cui le cifre sono *digitate*, come sono pubblicate, ricalcola tutto ciò che segue da
altro e riporta ogni differenza: la cifra stampata, quella calcolata, la regola, la convenzione dichiarata e quella con cui
concorderebbe, le celle dell’una e dell’altra. È ciò che un controller legge la sera prima della pubblicazione. Il comando e le sue
opzioni sono in [riga-di-comando.md](riga-di-comando.md#perfxl-verifica).

    perfxl verifica documenti/ --metodo lucca-2017 -o Verifiche.xlsx

## Che cosa si riscontra

- **Prospetti**: somme, quote, medie, indici, prodotti, differenze, pesi che devono fare 100, lo stesso dato scritto in due tabelle,
  limiti che una cifra non può passare, algoritmi. Le regole sono quelle dichiarate ([prospetti.md](prospetti.md)).
- **Fogli degli uffici, obiettivi, piano**: percentuali indicate, valori citati nei testi, medie a cascata, pesi, budget che
  sommano, target diversi tra piano, fogli e obiettivi individuali, codici e uffici che non esistono, lo stesso indicatore con due
  risultati, risultati impossibili (una parte oltre 100 %, un conteggio negativo, una data fuori dal periodo).

Ciò che non si legge o non si può riscontrare è detto, con il perché; niente è dato per buono in silenzio.

## Che cosa vuol dire ogni esito

| esito | che cosa vuol dire | gravità |
|---|---|---|
| concorda | la cifra è quella calcolata, con l’arrotondamento dichiarato per la sua tabella | – |
| concorda entro gli arrotondamenti | le cifre da cui segue sono stampate arrotondate, e ciò che gli arrotondamenti permettono la comprende | – |
| segue da una cifra che non concorda | è giusta a partire dalle cifre stampate, di cui una è sbagliata: l’errore è detto là, una volta sola | – |
| concorderebbe con un’altra convenzione | sarebbe giusta troncata invece che arrotondata, con altri decimali, con il segno contrario | avviso |
| differisce | nessuna convenzione la spiega | errore |
| non riscontrabile | manca o non si legge una cifra da cui segue | nota |

L’accordo conta soltanto con la convenzione dichiarata dal prospetto o dal metodo, che è mostrata accanto. Una cella con più decimali
di quanti ne mostra vale per quello che mostra; una formula con tutte le sue cifre concorda. Meno decimali di quelli mostrati non
contano mai (salvo un ultimo zero, che può essere del formato): con abbastanza decimali tolti concorderebbe tutto.

## I documenti di esempio

I cinque documenti pubblicati, ricostruiti come cartelle di lavoro in `workbooks/` con le cifre così come sono stampate. Una prova
rifà questa pagina a ogni esecuzione.
"""

COLUMNS = (
    "riscontrate | concordano | entro gli arrotondamenti | seguono | con un’altra convenzione | differiscono | non riscontrabili"
)


def page() -> str:
    """The whole page, from a fresh run."""
    found = [(document, verification_of(document)) for document in DOCUMENTS]
    parts = [HEAD, f"| documento | {COLUMNS} |\n|---|{'---|' * 7}"]
    parts[-1] += "".join(f"\n| [{d.title}](#{anchor(d.title)}) | {_counts(v.total)} |" for d, v in found) + "\n"
    for document, v in found:
        parts += [*_section(document, v)]
    return "\n".join(parts)


def verification_of(document: Document) -> Verification:
    """The verification of a document."""
    paths = [path for pattern in document.paths for path in (sorted(WORKBOOKS.glob(pattern)) or [WORKBOOKS / pattern])]
    return verified(consolidate(paths, method=document.method))


def anchor(title: str) -> str:
    """The anchor that a Markdown page gives to a heading."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def _section(document: Document, v: Verification) -> Iterator[str]:
    yield f"## {document.title}\n"
    paths = " ".join(f"workbooks/{path}" for path in document.paths)
    yield f"`perfxl verifica {paths} --metodo {document.method}`\n"
    if document.remark:
        yield document.remark + "\n"
    rows = "".join(
        f"\n| {each.name} | {each.table} | {_counts(each)} | {'; '.join(each.conventions) or '–'} |" for each in v.tables
    )
    yield f"| file | tabella | {COLUMNS} | convenzioni dichiarate |\n|---|---|{'---|' * 8}{rows}\n"
    if v.unread:
        yield (
            "Fogli non riconosciuti, e quindi non riscontrati: "
            + ", ".join(f"{_file(u.file)} [{u.sheet}]" for u in v.unread)
            + ".\n"
        )
    differences = [item for item in v.differences if item.severity is not Severity.NOTE]
    if not differences:
        yield "Nessuna differenza.\n"
        return
    yield "| gravità | cella | che cosa | stampato | calcolato | da | regola | convenzione |\n|---|---|---|---|---|---|---|---|"
    yield "\n".join(_difference(item) for item in differences) + "\n"
    yield from _why_unchecked(v)


def _difference(item: Item) -> str:
    where = ", ".join(
        part for part in (item.table if item.printed else "", f"«{item.line}»" if item.line else "", item.column) if part
    )
    what = item.what if item.what and not item.printed else where
    convention = item.convention + (f" (concorderebbe con: {item.other})" if item.other else "")
    cells = (item.place, what, item.printed or "–", item.computed or "–", item.operand_cells or "–", item.rule, convention or "–")
    return f"| {item.severity} {item.code} | " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _why_unchecked(v: Verification) -> Iterator[str]:
    """How many figures can't be checked, by the reason."""
    reasons: dict[str, int] = {}
    for item in v.items:
        if item.verdict is Verdict.UNCHECKED and item.code == "PX-C004":
            reasons[f"{item.table}: {item.what}"] = reasons.get(f"{item.table}: {item.what}", 0) + 1
    if reasons:
        yield "Non riscontrabili: " + "; ".join(f"{reason} ({count})" for reason, count in sorted(reasons.items())) + ".\n"


def _counts(each: TableSummary) -> str:
    counts = (each.checked, each.agree, each.within, each.follow, each.otherwise, each.differ, each.unchecked)
    return " | ".join(map(str, counts))


def _file(path: str) -> str:
    return Path(path).name


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
