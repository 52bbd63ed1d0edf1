# ruff: noqa: INP001 - a script, part of no package
"""Write docs/anomalie.md, the page of the findings, from the catalogue: `python scripts/anomalie.py`.

A test fails when the page and `perfxl.findings.CATALOGUE` don't say the same.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from perfxl.findings import CATALOGUE, FindingKind, Severity

PAGE = Path(__file__).parents[1] / "docs" / "anomalie.md"

GROUPS = {
    "L": ("Il file", "Il file è stato trovato ma non si può leggere, o non come ci si aspettava."),
    "R": ("Il riconoscimento di fogli e righe", "Di chi è il foglio, dov'è l'intestazione, che cos'è ogni riga."),
    "G": ("Target e risultati", "Che cosa dice il testo di una cella."),
    "V": ("Il punteggio", "Il confronto tra risultato e target, e le percentuali che gli uffici hanno digitato."),
    "A": ("Albero, persone, uffici", "Che cosa non torna tra un foglio e l'altro, o tra un valore e le parti di cui è fatto."),
    "P": ("Il piano", "Il confronto tra i fogli e il piano dato con `--piano`."),
    "F": ("Le schede degli uffici", "Che cosa non torna preparando con `perfxl schede` le cartelle da mandare agli uffici."),
    "T": (
        "Le rettifiche",
        "Che cosa è stato fatto delle correzioni date con `--rettifiche`, o ricordate dall'esecuzione precedente.",
    ),
    "C": (
        "I prospetti",
        "Che cosa non torna nelle tabelle in cui cifre seguono da cifre: risorse, salute, incentivi, gradimento …",
    ),
    "E": ("Più enti insieme", "Che cosa va detto quando `perfxl enti` mette fianco a fianco più enti."),
    "M": ("La posta e gli involucri", "Che cosa si è trovato aprendo messaggi, archivi, buste firmate."),
    "N": ("Il giro", "Che cosa non torna tra le schede inviate e quelle tornate, e negli indirizzi degli uffici."),
    "S": ("La cartella prodotta", "Che cosa è successo scrivendo il consolidato."),
}

SEVERITIES = {
    Severity.ERROR: "una cifra manca o è sbagliata finché qualcuno non provvede; `perfxl consolida` esce con 1",
    Severity.WARNING: "da guardare: la cifra c'è, e il metodo ha detto come trattare il dubbio",
    Severity.NOTE: "da sapere; di solito non c'è niente da fare",
}

HEAD = """<!-- Pagina generata da scripts/anomalie.py: non modificarla a mano. -->

# Le anomalie

Quando un foglio contiene qualcosa che non va, perfxl non si ferma e non indovina: lo scrive nella scheda *Anomalie* del
consolidato (e nel JSON, in `findings`) con il file, il foglio e la cella, che cosa ha trovato, che cosa si aspettava, che cosa
fare. I codici sono stabili: si possono cercare in questa pagina, e un filtro fatto quest'anno vale anche l'anno prossimo.
"""


def anchor(title: str) -> str:
    """The anchor that a Markdown page gives to a heading."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def section(kind: FindingKind) -> str:
    """A finding."""
    return (
        f"### {kind.code} · {kind.title}\n\n"
        f"- **Gravità**: {kind.severity}\n"
        f"- **Che cosa ci si aspetta**: {kind.expected}\n"
        f"- **Che cosa fare**: {kind.remedy}\n"
    )


def page() -> str:
    """The whole page."""
    kinds = Counter(kind.severity for kind in CATALOGUE.values())
    parts = [HEAD, "| gravità | significato | voci |\n|---|---|---|"]
    parts[-1] += "".join(f"\n| {severity} | {meaning} | {kinds[severity]} |" for severity, meaning in SEVERITIES.items()) + "\n"
    listed = [(letter, title) for letter, (title, _) in GROUPS.items()]
    parts.append("\n".join(f"- [{letter}: {title}](#{anchor(f'{letter}: {title}')})" for letter, title in listed) + "\n")
    for letter, (title, what) in GROUPS.items():
        parts.append(f"## {letter}: {title}\n\n{what}\n")
        parts += [section(kind) for code, kind in CATALOGUE.items() if code.startswith(f"PX-{letter}")]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
