"""`perfxl giro raccogli`: the sheets in the replies, whatever is around them, each beside what was sent."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfxl.cli.giro import giro, print_damage, register, round_argument, user_name, who_option
from perfxl.cli.guard import DONE, WITH_ERRORS
from perfxl.cli.params import EXISTING, TEXT, layout_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from perfxl.rounds import Round, Version
    from perfxl.rounds.collect import Collected
    from perfxl.rounds.items import Item

FIRST_PROBLEMS = 4
INDENT = "    "
SAID = frozenset({"PX-M008", "PX-M010", "PX-N020", "PX-N021"})
"""Findings that aren't counted: that a message holds a text and a logo too, and those of sheets that have a line of their own."""


@giro.command(
    short_help="Trova le schede nelle risposte e le controlla.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl giro raccogli giro/ posta/
  perfxl giro raccogli giro/ risposte.mbox U1.1.xlsx.p7m
  perfxl giro raccogli giro/ --imap
  perfxl giro raccogli giro/ --attribuisci "Copia di cruscotto.xlsx=U1.1"
  perfxl giro raccogli giro/ --accetta "U4.1=il dato arriva dopo la chiusura, sentito il responsabile"
""",
)
@round_argument
@click.argument("percorsi", metavar="[PERCORSO...]", nargs=-1, type=EXISTING)
@click.option("--imap", is_flag=True, help="Legge anche la casella indicata in giro.toml.")
@click.option(
    "--attribuisci",
    multiple=True,
    type=TEXT,
    metavar="SCHEDA=UFFICIO",
    help="Dice di chi è una scheda (o «nessuno»: messa da parte); ripetibile.",
)
@click.option(
    "--accetta",
    multiple=True,
    type=TEXT,
    metavar="UFFICIO=MOTIVO",
    help="Accetta com'è l'ultima scheda di un ufficio; ripetibile.",
)
@who_option
@layout_option
def raccogli(
    cartella: str,
    percorsi: tuple[str, ...],
    imap: bool,
    attribuisci: tuple[str, ...],
    accetta: tuple[str, ...],
    chi: str,
    layouts: tuple[str, ...],
) -> int:
    """Trova le schede nelle risposte e le controlla.

    I PERCORSI sono cartelle o file: fogli (.xlsx, .xlsm, .ods, .xls), archivi .zip, messaggi (.eml, .msg, mbox), buste PEC,
    documenti firmati .p7m, uno dentro l'altro. Ogni scheda è conservata com'è arrivata e confrontata con quella inviata. Ciò che
    è già stato raccolto non conta di nuovo; ciò di cui non si sa l'ufficio resta da attribuire.
    """
    if not (percorsi or imap or attribuisci or accetta):
        raise click.UsageError("indicare almeno un PERCORSO, oppure --imap.")
    from perfxl.cli.terminal import console
    from perfxl.rounds.journal import Journal
    from perfxl.rounds.settings import load_settings

    Journal(cartella).events()  # says at once where there is no round
    pairs = tuple(_pair("--attribuisci", each) for each in attribuisci), tuple(_pair("--accetta", each) for each in accetta)
    settings = load_settings(cartella)
    authorities = _authorities(Path(cartella) / settings.ca_bundle) if settings.ca_bundle else b""
    done = _collected(cartella, percorsi, pairs, (user_name(chi), layouts, authorities), imap=imap)
    print_collected(console(), done, cartella)
    register(cartella)
    return WITH_ERRORS if done.refused or done.damaged or _waiting(done.state) else DONE


def _authorities(file: Path) -> bytes:
    from perfxl.errors import RoundError

    try:
        return file.read_bytes()
    except OSError as error:
        said = f"i certificati delle autorità ({file}, ca_bundle di giro.toml) non si possono leggere: correggere giro.toml."
        raise RoundError(said, path=str(file)) from error


def _waiting(state: Round) -> bool:
    """Whether an open round has sheets to be corrected or attributed, these or earlier ones."""
    latest = (office.latest for office in state.offices.values())
    wrong = any(version is not None and version.accepted is False for version in latest)
    return not state.closed and (wrong or bool(state.unattributed))


def _collected(
    folder: str,
    paths: tuple[str, ...],
    pairs: tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]],
    how: tuple[str, tuple[str, ...], bytes],
    *,
    imap: bool,
) -> Collected:
    from perfxl.cli.inputs import user_layouts
    from perfxl.cli.progress import progress_bar
    from perfxl.rounds.collect import Collecting, collect
    from perfxl.rounds.items import files_of

    by, layouts, authorities = how
    files = list(files_of(paths, folder))
    with ExitStack() as stack:
        box = stack.enter_context(_mailbox(folder)) if imap else None
        report = stack.enter_context(progress_bar("Raccolta delle risposte"))

        def items(state: Round) -> Iterable[Item]:
            return chain(files, box.items(state) if box is not None else ())

        def progress(done: int, name: str) -> None:
            if report is not None:
                report(done, max(len(files), done) + (1 if imap else 0), name)

        return collect(folder, items, Collecting(by, user_layouts(layouts), authorities, *pairs, progress))


def _mailbox(folder: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the context manager's own type is long and says nothing
    from perfxl.errors import RoundError
    from perfxl.rounds.imap import mailbox
    from perfxl.rounds.settings import load_settings

    server = load_settings(folder).imap
    if server is None:
        raise RoundError("in giro.toml manca la sezione [imap], che dice quale casella leggere.")
    return mailbox(server, folder)


def _pair(option: str, text: str) -> tuple[str, str]:
    before, sign, after = text.rpartition("=") if option == "--attribuisci" else text.partition("=")
    if not sign or not before.strip() or not after.strip():
        wanted = "SCHEDA=UFFICIO" if option == "--attribuisci" else "UFFICIO=MOTIVO"
        raise click.UsageError(f"{option} vuole {wanted}: «{text}» non lo è.")
    return before.strip(), after.strip()


def print_collected(out: Console, done: Collected, folder: str) -> None:
    """What arrived: new versions with their verdict, doubles, what is nobody's, late, refused."""
    from perfxl.cli.terminal import plural, say, shorten

    counts = [
        plural(len(done.new), "scheda nuova", "schede nuove"),
        plural(done.again, "già arrivata", "già arrivate"),
        plural(done.receipts, "ricevuta PEC", "ricevute PEC"),
        plural(len(done.refused), "senza scheda", "senza scheda"),
    ]
    say(out, f"{plural(done.items, 'elemento letto', 'elementi letti')}: {', '.join(counts)}.", "bold")
    for version in _shown(done):
        say(
            out,
            f"– {version.office}  {_verdict(version)}  {shorten(version.name, 60)}{_beside_others(version, done.state, folder)}",
        )
        told = version.to_correct or tuple(each for each in version.problems if each.get("severity") != "nota")
        for problem in told[:FIRST_PROBLEMS]:
            say(out, _sentence(problem), indent=INDENT)
        if len(told) > FIRST_PROBLEMS:
            more = plural(len(told) - FIRST_PROBLEMS, "altro rilievo", "altri rilievi")
            say(out, f"… e {more} (scheda «Rilievi» del registro)", indent=INDENT)
    _print_aside(out, done, folder)


def _print_aside(out: Console, done: Collected, folder: str) -> None:
    from perfxl.cli.terminal import plural, say, shorten

    nobody = _nobody_s(done)
    for version in nobody:
        say(out, f"– da attribuire: {shorten(version.name, 80)} (impronta {version.sha256[:12]})")
    if nobody:
        which = f'--attribuisci "{nobody[0].sha256[:12]}=UFFICIO"'
        say(out, f"Per attribuirle: perfxl giro raccogli {folder} {which}", indent=INDENT)
    late = [version for version in done.new if version.late]
    for version in late:
        say(out, f"– a giro chiuso, tenuta da parte: {version.office or 'di nessuno'}, {version.name}")
    for event in done.refused:
        say(out, f"– senza scheda: {_with_file(event.problem)}")
    noted = [event.problem for event in done.noted if event.problem.get("code") not in SAID]
    told = [problem for problem in noted if problem.get("severity") != "nota"]
    for problem in (*done.doubts, *told):
        say(out, f"– da sapere: {_with_file(problem)}")
    print_damage(out, done.damaged)
    if len(noted) > len(told):
        say(out, f"{plural(len(noted) - len(told), 'nota', 'note')} sugli involucri (scheda «A parte» del registro).")


def _shown(done: Collected) -> list[Version]:
    """The versions that got a verdict, and the new ones of an office that the plan hasn't any more."""
    others = [version for version in done.new if version.office in done.state.dropped and not version.late]
    told = {version.sha256 for version in done.checked}
    return [*done.checked, *others, *(version for version in done.by_hand if version.sha256 not in told)]


def _nobody_s(done: Collected) -> list[Version]:
    return [version for version in done.new if not version.office and not version.late]


def _beside_others(version: Version, state: Round, folder: str) -> str:
    """What a version is beside the others of its office: which one counts, how much it changes."""
    office = state.offices.get(version.office)
    current = office.current if office is not None else None
    if office is None or current is None:
        return ""
    from perfxl.rounds.times import shown

    if current is not version:
        return f" · vale quella del {shown(current.when)}"
    from perfxl.rounds.differences import differences_of
    from perfxl.rounds.folder import RoundFolder

    beside = next(
        ((old, found) for old, new, found in differences_of(office, RoundFolder(folder), state) if new is version), None
    )
    if beside is None:
        return ""
    blanked = sum(each.blanked for each in beside[1])
    changed = f"{len(beside[1]) - blanked} cambiate, {blanked} svuotate"
    return f" · dopo quella del {shown(beside[0].when)}: {changed} (scheda «Differenze»)"


def _verdict(version: Version) -> str:
    from perfxl.rounds import Standing
    from perfxl.rounds.register import SIGNS

    if version.accepted is None:
        return "– fuori dal piano"
    if version.reason:
        return f"{SIGNS[Standing.ACCEPTED]} a mano ({version.reason})"
    return SIGNS[Standing.ACCEPTED if version.accepted else Standing.TO_CORRECT]


def _with_file(problem: dict[str, str]) -> str:
    """A finding that stands on no office's line: which file it is about, unless its words say so."""
    from perfxl.cli.terminal import shorten

    said, file = _sentence(problem), problem.get("file", "")
    return said if not file or file in said else f"{shorten(file, 80)}: {said}"


def _sentence(problem: dict[str, str]) -> str:
    where = " ".join(part for part in (problem.get("sheet", ""), problem.get("cell", "")) if part)
    return f"{where + ': ' if where else ''}{problem.get('title', '')} – {problem.get('found', '')}"
