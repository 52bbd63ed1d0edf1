"""`perfxl consolida`: read, score, roll up, write the consolidated workbook, print the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, UNUSABLE, WITH_ERRORS
from perfxl.cli.params import DATE, EXISTING, EXISTING_FILE, TEXT, YEAR, layout_option, statement_option

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from rich.console import Console

    from perfxl.consolidation import Consolidation


@click.command(
    short_help="Legge i fogli degli uffici e scrive il consolidato.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl consolida fogli/ --metodo massacarrara-2019
  perfxl consolida fogli/ --metodo massacarrara-2019 --piano Allegato1.xlsx --al 30/04/2019
  perfxl consolida *.xlsx --metodo nostro.toml -o Consolidato.xlsx --json consolidato.json
  perfxl consolida fogli/ --metodo lucca-2017 --spiega ENTE --spiega SG

\b
Codici di uscita: 0 fatto; 1 fatto, con anomalie gravi (errori);
2 niente di utilizzabile, comando sbagliato o errore.
""",
)
@click.argument("percorsi", metavar="PERCORSO...", nargs=-1, required=True, type=EXISTING)
@click.option(
    "--metodo", required=True, type=TEXT, metavar="NOME|FILE", help="Il metodo: un nome di «perfxl metodi» o un file TOML."
)
@click.option(
    "--piano",
    multiple=True,
    type=EXISTING,
    metavar="FILE",
    help="Il piano: file o cartella; ripetibile. Senza, l'albero è quello dei fogli.",
)
@click.option("--anno", type=YEAR, help="L'anno da consolidare [se manca: quello del metodo o delle intestazioni].")
@click.option(
    "--al", "al", type=DATE, help="La data di riferimento (30/04/2019 o 2019-04-30): distingue ciò che non è ancora dovuto."
)
@click.option(
    "--rettifiche", type=EXISTING_FILE, metavar="FILE", help="Le correzioni del controllo di gestione, ognuna con il suo motivo."
)
@statement_option
@layout_option
@click.option(
    "-o",
    "--output",
    type=TEXT,
    metavar="FILE.xlsx",
    help="Il consolidato da scrivere [se manca: Consolidato_<ente>_<anno>.xlsx].",
)
@click.option("--json", "json_file", type=TEXT, metavar="FILE", help="Scrive tutto anche in JSON (- per l'uscita standard).")
@click.option(
    "--spiega",
    multiple=True,
    type=TEXT,
    metavar="CODICE",
    help="Spiega come nasce una cifra (obiettivo, indicatore, ufficio, persona); ripetibile.",
)
def consolida(
    percorsi: tuple[str, ...],
    metodo: str,
    piano: tuple[str, ...],
    anno: int | None,
    al: date | None,
    rettifiche: str | None,
    declarations: tuple[str, ...],
    layouts: tuple[str, ...],
    output: str | None,
    json_file: str | None,
    spiega: tuple[str, ...],
) -> int:
    """Legge i fogli degli uffici e scrive il consolidato.

    PERCORSO è una cartella di lavoro (.xlsx, .xlsm, .ods, .xls) o una cartella che ne contiene; se ne possono dare più
    d'uno. I file letti non vengono modificati; se il consolidato esiste già, la versione precedente resta in una copia
    numerata, e le cause e note scritte nella scheda Scostamenti vengono riprese.
    """
    from perfxl.cli.findings_view import has_errors
    from perfxl.cli.job import Job, run
    from perfxl.cli.jsonout import STDOUT, write_json
    from perfxl.cli.terminal import console
    from perfxl.consolidation import after_writing

    result, target = run(Job(percorsi, metodo, piano, anno, al, rettifiche, layouts, output, json_file, declarations))
    out = console(stderr=json_file == STDOUT)
    if not result.rows and result.statements is None:
        _print_nothing(out, result)
        return UNUSABLE
    told = _explanations(result, spiega)
    replaced = target.exists()
    written = result.write(target)
    result = after_writing(result)
    if json_file:
        write_json(result.as_json(), json_file)
    _print_report(out, result, written, json_file, replaced=replaced)
    _print_explanations(out, told)
    return WITH_ERRORS if has_errors(result.findings) else DONE


def _print_nothing(out: Console, result: Consolidation) -> None:
    from perfxl.cli.findings_view import print_findings

    click.echo("Errore: nei percorsi dati non c'è nessun foglio utilizzabile; non è stato scritto niente.", err=True)
    print_findings(out, result.findings, where_all="")


def _print_report(out: Console, result: Consolidation, written: Path, json_file: str | None, *, replaced: bool) -> None:
    from perfxl.cli.jsonout import STDOUT
    from perfxl.cli.summary import print_summary
    from perfxl.cli.terminal import plain_text

    print_summary(out, result)
    out.print()
    out.print(plain_text(f"Consolidato: {written}", "bold"), soft_wrap=True)
    if replaced:
        out.print("La versione precedente è conservata accanto, in una copia numerata.")
    if json_file and json_file != STDOUT:
        out.print(plain_text(f"JSON: {json_file}"), soft_wrap=True)


def _explanations(result: Consolidation, codes: tuple[str, ...]) -> dict[str, str]:
    """What is asked with `--spiega`. A usage error for a code that isn't there, before anything is written."""
    told, unknown = {}, []
    for code in codes:
        try:
            told[code] = result.explain(code)
        except KeyError:
            unknown.append(code)
    if unknown:
        raise click.UsageError(f"--spiega: codice sconosciuto: {', '.join(unknown)}; non è stato scritto niente.")
    return told


def _print_explanations(out: Console, told: dict[str, str]) -> None:
    from perfxl.cli.terminal import plain_text

    for code, sentence in told.items():
        out.print()
        out.print(plain_text(f"Come nasce {code}", "bold"))
        for line in sentence.splitlines():
            out.print(plain_text(line))
