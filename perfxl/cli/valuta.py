"""`perfxl valuta`: one score, explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from perfxl.cli.guard import DONE, WITH_ERRORS
from perfxl.cli.params import TEXT, YEAR
from perfxl.cli.terminal import clean

if TYPE_CHECKING:
    from perfxl.methods.schema import Method
    from perfxl.scoring import Achievement

DEFAULT_METHOD = "massacarrara-2019"


@click.command(
    short_help="Valuta un solo risultato e spiega il punteggio.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl valuta --target ">= 80%" --risultato "60%"
  perfxl valuta --target "entro il 30/06 e 31/12" --risultato "29/06/2019 e 15/01/2020"
  perfxl valuta --target 15 --algoritmo "entro 15 gg" --risultato "12 gg" --json
  perfxl valuta --target "<= - 15,00 %" --risultato "-18%" --metodo lucca-2017
""",
)
@click.option("--target", required=True, type=TEXT, metavar="TARGET", help="Il target come è scritto nel foglio.")
@click.option("--risultato", required=True, type=TEXT, metavar="RISULTATO", help="Il risultato come è scritto nel foglio.")
@click.option(
    "--algoritmo", default="", type=TEXT, help="Il testo della colonna Algoritmo, che dà operatore e unità a un target nudo."
)
@click.option(
    "--metodo", default=DEFAULT_METHOD, show_default=True, type=TEXT, metavar="NOME|FILE", help="Il metodo di valutazione."
)
@click.option("--anno", type=YEAR, help="L'anno delle scadenze scritte senza anno [se manca: quello del metodo].")
@click.option("--json", "as_json", is_flag=True, help="Scrive il risultato in JSON.")
def valuta(target: str, risultato: str, algoritmo: str, metodo: str, anno: int | None, as_json: bool) -> int:
    """Valuta un solo risultato rispetto al suo target e spiega il punteggio.

    Utile per provare come si legge una cella o come calcola un metodo. Esce con 1 se il target o il risultato non si
    leggono, o non si confrontano, con certezza: niente viene indovinato, e l'anomalia dice perché non c'è la cifra.
    """
    from perfxl.methods import load_method
    from perfxl.scoring import achievement

    method = load_method(metodo)
    year = anno or method.year
    score = achievement(target, risultato, method=method, algorithm=algoritmo, year=year)
    if as_json:
        _print_json(score)
    else:
        _print(score, method, year)
    return WITH_ERRORS if _in_doubt(score) else DONE


def _in_doubt(score: Achievement) -> bool:
    """An error, or an anomaly in the place of a figure; `N.C.` and a blank are certain, and so is a convention that gives one."""
    from perfxl.cli.findings_view import has_errors

    return has_errors(score.findings) or (not score.rule and bool(score.findings))


def _print_json(score: Achievement) -> None:
    from perfxl.cli.jsonout import STDOUT, write_json

    write_json(score_json(score), STDOUT)
    for item in score.findings:
        click.echo(clean(f"{str(item.severity).capitalize()} {item.code}: {item.title} – {item.found}"), err=True)


def score_json(score: Achievement) -> dict[str, Any]:
    """The JSON of `perfxl valuta --json`; `achievement_pct` is the figure as the method shows it, null when unmeasured."""
    from perfxl.cli.jsonout import json_number
    from perfxl.cli.reading import result_value
    from perfxl.model import State

    return {
        "kind": str(score.target.kind),
        "operator": score.target.operator,
        "value": json_number(score.target.value),
        "unit": score.target.unit,
        "dates": [day.isoformat() for day in score.target.dates],
        "result": result_value(score.result),
        "achievement_pct": None if score.state is State.UNMEASURED else json_number(score.shown),
        "state": str(score.state),
        "explanation": score.explanation,
    }


def _print(score: Achievement, method: Method, year: int | None) -> None:
    from rich.table import Table

    from perfxl.cli.findings_view import print_findings
    from perfxl.cli.reading import result_words, target_words
    from perfxl.cli.terminal import console, percent, plain_text, state_text

    out = console()
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    table.add_row("Target", plain_text(f"«{score.target.text}» → {target_words(score.target)}"))
    table.add_row("Risultato", plain_text(f"«{score.result.text}» → {result_words(score.result)}"))
    table.add_row("Realizzazione", percent(score.shown))
    table.add_row("Stato", state_text(score.state))
    table.add_row("Perché", plain_text(score.explanation))
    table.add_row("Metodo", plain_text(f"{method.name}" + (f", anno {year}" if year else "")))
    out.print(table)
    if score.findings:
        out.print()
        print_findings(out, score.findings, where_all="")
