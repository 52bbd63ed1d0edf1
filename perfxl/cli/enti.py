"""`perfxl enti`: several bodies side by side, each by its own method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from perfxl.cli.guard import DONE, WITH_ERRORS
from perfxl.cli.params import EXISTING_FILE, TEXT

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from perfxl.bodies import Merger


@click.command(
    short_help="Mette fianco a fianco più enti, ognuno col suo metodo.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl enti toscana-nord-ovest.toml
  perfxl enti toscana-nord-ovest.toml -o Toscana_Nord-Ovest_2022.xlsx --json enti.json

\b
Il file dice gli enti, i loro fogli, il loro metodo e, se ci sono, i pesi:
docs/prospetti/tre-enti.md ne spiega ogni chiave con un esempio.
""",
)
@click.argument("file", metavar="FILE.toml", type=EXISTING_FILE)
@click.option(
    "-o",
    "--output",
    type=TEXT,
    metavar="FILE.xlsx",
    help="La cartella di lavoro da scrivere [se manca: Enti_<nome>_<anno>.xlsx].",
)
@click.option("--json", "json_file", type=TEXT, metavar="FILE", help="Scrive tutto anche in JSON (- per l'uscita standard).")
def enti(file: str, output: str | None, json_file: str | None) -> int:
    """Mette fianco a fianco più enti, ognuno col suo metodo.

    Di ogni ente scrive anche il consolidato, accanto. Una cifra comune c'è solo se il file dichiara i pesi e chi li ha
    decisi; le regole in cui i metodi differiscono sono elencate. I file letti non vengono mai modificati.
    """
    from pathlib import Path

    from perfxl.bodies import load_bodies, merge
    from perfxl.bodies.tabs import bodies_book
    from perfxl.cli.findings_view import has_errors
    from perfxl.cli.inputs import refuse_input
    from perfxl.cli.jsonout import STDOUT, write_json
    from perfxl.cli.terminal import console
    from perfxl.writers import default_name, short_name, write_book

    spec = load_bodies(file)
    base = Path(file).parent
    target = Path(output or f"Enti_{short_name(spec.name)}" + (f"_{spec.year}" if spec.year else "") + ".xlsx")
    if target.suffix.lower() != ".xlsx":
        raise click.UsageError(f"-o scrive una cartella di lavoro .xlsx: «{target}» ha un altro nome.")
    given = [base / each for body in spec.bodies for each in (*body.paths, *body.plan, *filter(None, [body.adjustments]))]
    for option, path in (("-o", str(target)), ("--json", json_file)):
        refuse_input(path, [file, *given], option)
    merger = merge(spec, base)
    names: dict[str, str] = {}
    owns = []
    copies = []
    for body in merger.bodies:
        if body.consolidation is not None:
            own = target.with_name(default_name(body.consolidation))
            own = own.with_stem(f"{target.stem}_{own.stem}") if own.name in names.values() else own
            refuse_input(str(own), given, "-o")
            names[body.entry.name] = own.name
            owns.append((body.consolidation, own))
    for consolidation, own in owns:
        consolidation.write(own)
    made = max(body.consolidation.made_at for body in merger.bodies if body.consolidation is not None)
    copies.append(write_book(bodies_book(merger, names, f"{made:%d/%m/%Y %H:%M}"), target))
    if json_file:
        write_json(bodies_json(merger), json_file)
    _print(console(stderr=json_file == STDOUT), merger, target, kept=any(copies))
    return WITH_ERRORS if has_errors([found for _, found in merger.findings]) else DONE


def bodies_json(merger: Merger) -> dict[str, Any]:
    """The bodies, the common figure (null without weights), the axes in which they differ, the shared figures."""
    return {
        "name": merger.spec.name,
        "year": merger.spec.year,
        "weights": merger.spec.weights or None,
        "achievement_pct": float(merger.total.shown) if merger.total and merger.total.shown is not None else None,
        "bodies": [
            {
                "name": body.entry.name,
                "method": body.method.name,
                "achievement_pct": float(body.cover.shown) if body.cover.shown is not None else None,
                "measured": body.cover.measured,
                "total": body.cover.total,
                "weight": float(body.entry.weight) if body.entry.weight is not None else None,
                "consolidation": body.consolidation.as_json() if body.consolidation is not None else None,
            }
            for body in merger.bodies
        ],
        "differences": [
            {"section": axis.section, "key": axis.key, "values": list(axis.values)} for axis in merger.axes if axis.differs
        ],
        "figures": [
            {
                "title": shared.title,
                "values": [None if each is None or each.value is None else float(each.value) for each in shared.figures],
                "sum": None if shared.total is None else float(shared.total),
            }
            for shared in merger.shared
        ],
        "findings": [{"body": body, **found.as_dict()} for body, found in merger.findings],
    }


def _print(out: Console, merger: Merger, target: Path, *, kept: bool) -> None:
    from perfxl.cli.terminal import percent, plain_text, plural

    out.print(plain_text(f"{merger.spec.name} {merger.spec.year or ''}".strip(), "bold"))
    for body in merger.bodies:
        cover = body.cover
        measured = f"{plural(cover.measured, 'misurato', 'misurati')} su {cover.total}"
        out.print(plain_text(f"– {body.entry.name}: {percent(cover.shown)} ({measured}; metodo {body.method.name})"))
    if merger.total is None:
        from perfxl.bodies.tabs import UNWEIGHED

        out.print(plain_text(UNWEIGHED))
    else:
        out.print(plain_text(f"Insieme: {percent(merger.total.shown)} – pesi: {merger.spec.weights}", "bold"))
    differing = sum(axis.differs for axis in merger.axes)
    if differing:
        out.print(plain_text(f"Regole in cui i metodi differiscono: {differing} (scheda Metodi)"))
    out.print()
    out.print(plain_text(f"Scritto: {target}, con il consolidato di ogni ente accanto.", "bold"), soft_wrap=True)
    if kept:
        out.print("La versione precedente è conservata accanto, in una copia numerata.")
