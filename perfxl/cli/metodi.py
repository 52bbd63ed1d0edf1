"""`perfxl metodi`: the profiles that say how each body scores; one shown axis by axis; a user's own file checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, UNUSABLE
from perfxl.cli.terminal import clean, console, indented, plain_text

if TYPE_CHECKING:
    from perfxl.methods.schema import Method


SHOWN_ABOVE = frozenset({"name", "title", "body", "year", "source", "notes"})


@click.group(
    short_help="Elenca, mostra, controlla i metodi di valutazione.",
    invoke_without_command=True,
    options_metavar="[OPZIONI]",
    subcommand_metavar="[mostra NOME | controlla FILE]",
    epilog="""\b
Esempi:
  perfxl metodi
  perfxl metodi mostra massacarrara-2019
  perfxl metodi controlla nostro-metodo.toml
""",
)
@click.pass_context
def metodi(ctx: click.Context) -> None:
    """Elenca i metodi di valutazione, ne mostra uno, controlla un file proprio.

    Un metodo è un file di testo (TOML) che dice come un ente calcola la realizzazione in un anno: formule, soglie degli
    stati, pesi, arrotondamenti, che cosa fare di ciò che non è misurato. Senza altro, elenca i metodi forniti.
    """
    if ctx.invoked_subcommand is None:
        _list()


@metodi.command(
    short_help="Mostra un metodo, voce per voce.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempio:
  perfxl metodi mostra massacarrara-2019
""",
)
@click.argument("nome", metavar="NOME|FILE")
def mostra(nome: str) -> None:
    """Mostra un metodo: ogni voce con il suo valore e che cosa significa."""
    from perfxl.methods import load_method

    _show(load_method(nome))


@metodi.command(
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempio:
  perfxl metodi controlla nostro-metodo.toml
""",
)
@click.argument("file", metavar="FILE")
def controlla(file: str) -> int:
    """Controlla un file di metodo scritto dall'ente.

    Se il file non va bene dice quale voce è sbagliata e quali valori sono ammessi (codice di uscita 2).
    """
    from pathlib import Path

    from perfxl.errors import MethodError
    from perfxl.methods import load_method

    try:
        method = load_method(Path(file) if Path(file).is_file() else file)
    except MethodError as error:
        for line in error.attributes.get("errors") or (error.message,):
            click.echo(f"Errore: {clean(line)}", err=True)
        return UNUSABLE
    click.echo(f"Il metodo è valido: {clean(method.name)} – {clean(method.title)} ({clean(method.body)}).")
    return DONE


def _list() -> None:
    from rich.table import Table

    from perfxl.methods import available_methods

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Metodo", "Anno", "Ente", "Titolo"):
        table.add_column(heading, overflow="fold", no_wrap=heading in {"Metodo", "Anno"})
    for info in available_methods():
        table.add_row(plain_text(info.name), str(getattr(info, "year", "") or ""), plain_text(info.body), plain_text(info.title))
    out = console()
    out.print(table)
    out.print()
    out.print("Per vederne uno: perfxl metodi mostra NOME. Per controllare un file proprio: perfxl metodi controlla FILE.")


def _show(method: Method) -> None:
    from rich.table import Table

    out = console()
    out.print(plain_text(f"{method.name} – {method.title}", "bold"))
    out.print(plain_text(f"Ente: {method.body}" + (f", anno {method.year}" if method.year else "")))
    out.print(plain_text(f"Fonte: {method.source}"))
    if method.notes:
        out.print("Scelte dichiarate:")
    for note in method.notes:
        out.print(plain_text(f"- {note}"))
    out.print()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Voce", overflow="fold", no_wrap=True)
    table.add_column("Valore", overflow="fold", ratio=2)
    table.add_column("Che cosa significa", overflow="fold", ratio=5)
    section_before = ""
    for section, key, value, meaning in method.as_rows():
        if key in SHOWN_ABOVE and section == "profilo":
            continue
        if section != section_before:
            table.add_row(plain_text(f"[{section}]", "bold"), "", "")
            section_before = section
        table.add_row(indented("  ", key), plain_text(value), plain_text(meaning))
    out.print(table)
