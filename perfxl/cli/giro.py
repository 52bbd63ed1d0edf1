"""`perfxl giro`: a monitoring round from its opening to its close. Each subcommand does one thing and says what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from perfxl.cli.guard import DONE, WITH_ERRORS
from perfxl.cli.params import DATE, EXISTING, EXISTING_FILE, FOLDER, TEXT, YEAR, layout_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path
    from typing import Any

    from perfxl.findings import Finding
    from perfxl.rounds import Round
    from perfxl.rounds.offices import Contact


MIN_TITLE = 16


@click.group(
    short_help="Il giro di monitoraggio: schede fuori, risposte dentro, chi manca.",
    options_metavar="[OPZIONI]",
    subcommand_metavar="COMANDO …",
    epilog="""\b
Un giro, dall'inizio alla fine:
  perfxl giro apri giro/ --piano Allegato1.xlsx --fogli cruscotti/ --scadenza 15/05/2019
  perfxl giro invia giro/            prepara i messaggi, ognuno con la sua scheda
  perfxl giro raccogli giro/ posta/  trova le schede nelle risposte e le controlla
  perfxl giro stato giro/            chi ha risposto, chi manca, che cosa correggere
  perfxl giro sollecita giro/        scrive a chi manca
  perfxl giro chiudi giro/           consolida e congela il periodo
""",
)
def giro() -> None:
    """Il giro di monitoraggio: schede fuori, risposte dentro, chi manca.

    Il giro sta in una cartella di file che si aprono: registro.xlsx, le schede, i messaggi, ogni risposta come è arrivata.
    Niente si perde e niente si conta due volte, anche se il lavoro si interrompe.
    """


def round_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """The folder of the round."""
    return click.argument("cartella", metavar="CARTELLA", type=FOLDER)(function)


def who_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Who is at the keyboard, for the register."""
    return click.option("--chi", default="", type=TEXT, metavar="NOME", help="Chi lavora, per il registro [se manca: l'utente].")(
        function
    )


def user_name(given: str) -> str:
    """The name given, or the system's user."""
    if given.strip():
        return given.strip()
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


@giro.command(
    short_help="Apre un giro, o gli dà una nuova versione del piano.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl giro apri giro/ --piano Allegato1.xlsx --fogli cruscotti/ --scadenza 15/05/2019 --periodo "1° quadrimestre"
  perfxl giro apri giro/ --piano Allegato1_rev.xlsx --fogli cruscotti/ --motivo "deliberazione n. 12: target rivisti"
""",
)
@round_argument
@click.option(
    "--piano", required=True, multiple=True, type=EXISTING, metavar="FILE", help="Il piano: file o cartella; ripetibile."
)
@click.option(
    "--fogli",
    multiple=True,
    type=EXISTING,
    metavar="PERCORSO",
    help="I cruscotti esistenti, che dicono di chi è ogni indicatore.",
)
@click.option(
    "--metodo", default="", show_default="massacarrara-2019", type=TEXT, metavar="NOME|FILE", help="Il metodo di valutazione."
)
@click.option("--uffici", type=EXISTING_FILE, metavar="FILE", help="Uffici, responsabili e indirizzi, se già in un foglio.")
@click.option("--anno", type=YEAR, help="L'anno [se manca: quello del piano o del metodo].")
@click.option("--periodo", default="", type=TEXT, metavar="TESTO", help="Il periodo di cui si chiedono i risultati.")
@click.option("--scadenza", type=DATE, help="Entro quando rispondono gli uffici.")
@click.option(
    "--calendario", type=EXISTING_FILE, metavar="FILE", help="Le fasi del ciclo, da cui prendere la scadenza del monitoraggio."
)
@click.option("--po", is_flag=True, help="Anche una scheda per ogni posizione organizzativa.")
@click.option("--motivo", default="", type=TEXT, metavar="TESTO", help="Perché cambia il piano, in un giro già aperto.")
@who_option
@layout_option
def apri(
    cartella: str,
    piano: tuple[str, ...],
    fogli: tuple[str, ...],
    metodo: str,
    uffici: str | None,
    anno: int | None,
    periodo: str,
    scadenza: date | None,
    calendario: str | None,
    po: bool,
    motivo: str,
    chi: str,
    layouts: tuple[str, ...],
) -> int:
    """Apre un giro, o gli dà una nuova versione del piano.

    Copia il piano, prepara la scheda di ogni ufficio, scrive giro.toml (mittente, server, controlli) e uffici.xlsx (da
    completare con gli indirizzi). Su un giro già aperto, con un piano diverso e un motivo: le schede nuove stanno accanto
    alle vecchie e il registro elenca che cosa cambia.
    """
    from perfxl.cli.findings_view import has_errors, print_findings
    from perfxl.cli.inputs import user_layouts
    from perfxl.cli.terminal import console, plural, say
    from perfxl.rounds.opening import Opening, open_round

    if scadenza and calendario:
        raise click.UsageError("la scadenza si dice con --scadenza o con --calendario, non con tutt'e due.")
    opening = Opening(
        piano, metodo, fogli, anno, periodo.strip(), scadenza, calendario or "", po, uffici or "", user_layouts(layouts),
        user_name(chi), motivo,
    )  # fmt: skip
    done = open_round(cartella, opening)
    out = console()
    if done.sheets:
        what = "Giro aperto" if done.version == 1 else f"Piano versione {done.version}"
        say(out, f"{what}: {plural(len(done.sheets), 'scheda preparata', 'schede preparate')} in {done.sheets[0].parent}", "bold")
    if done.due:
        say(out, f"Scadenza dal calendario: {done.due.day:%d/%m/%Y} («{done.due.phase}», {done.due.times})")
    for change in done.changes:
        say(out, f"– {change}")
    lacking = [code for code, contact in contacts_of(cartella, done.state).items() if not contact.addresses]
    if lacking:
        say(out, f"Senza indirizzo in uffici.xlsx: {', '.join(lacking)}")
    if done.findings:
        out.print()
        print_findings(out, done.findings, where_all="", limit=None)
    register(cartella)
    return WITH_ERRORS if has_errors(done.findings) else DONE


@giro.command(
    short_help="Dice a che punto è il giro, e rifà il registro.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl giro stato giro/
  perfxl giro stato giro/ --al 20/05/2019 --json -
""",
)
@round_argument
@click.option("--al", "al", type=DATE, help="Il giorno a cui guardare [se manca: oggi].")
@click.option("--json", "json_file", type=TEXT, metavar="FILE", help="Scrive lo stato anche in JSON (- per l'uscita standard).")
def stato(cartella: str, al: date | None, json_file: str | None) -> int:
    """Dice a che punto è il giro, e rifà il registro.

    Per ogni ufficio: preparata, inviata, ricevuta, da correggere, accettata, mancante. Il registro (registro.xlsx) dice tutto
    il resto: versioni, differenze, messaggi, ciò che è arrivato e non conta.
    """
    from perfxl.cli.inputs import refuse_round_file
    from perfxl.cli.jsonout import STDOUT, write_json
    from perfxl.cli.terminal import console
    from perfxl.rounds import RoundFolder
    from perfxl.rounds.integrity import damage
    from perfxl.rounds.times import today as in_italy

    refuse_round_file(json_file, cartella)
    today = al or in_italy()
    state = state_of(cartella)
    damaged = damage(RoundFolder(cartella), state)
    if json_file:
        write_json(state_json(state, today) | {"damaged": [each.as_dict() for each in damaged]}, json_file)
    out = console(stderr=json_file == STDOUT)
    print_state(out, state, today)
    print_damage(out, damaged)
    register(cartella, today)
    return WITH_ERRORS if damaged else DONE


@giro.command(
    short_help="Consolida le schede accettate e congela il periodo.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempi:
  perfxl giro chiudi giro/
  perfxl giro chiudi giro/ --comunque --al 30/04/2019
""",
)
@round_argument
@click.option("--al", "al", type=DATE, help="La data di riferimento [se manca: la fine del periodo, o la scadenza].")
@click.option("--comunque", is_flag=True, help="Chiude anche se mancano schede accettate, o ne restano da attribuire.")
@who_option
@layout_option
def chiudi(cartella: str, al: date | None, comunque: bool, chi: str, layouts: tuple[str, ...]) -> int:
    """Consolida le schede accettate e congela il periodo.

    Ciò che arriva dopo è tenuto da parte e detto. Il consolidato sta nella cartella del giro; se c'era, resta in una copia
    numerata.
    """
    from perfxl.cli.findings_view import has_errors
    from perfxl.cli.inputs import user_layouts
    from perfxl.cli.summary import print_summary
    from perfxl.cli.terminal import console, say
    from perfxl.rounds.closing import close_round

    done = close_round(cartella, by=user_name(chi), as_of=al, layouts=user_layouts(layouts), force=comunque)
    out = console()
    print_summary(out, done.consolidation)
    out.print()
    say(out, f"Giro chiuso. Consolidato: {done.workbook}", "bold")
    if done.missing:
        say(out, f"Chiuso senza nessuna scheda di: {', '.join(done.missing)}")
    if done.superseded:
        say(out, f"Ultima risposta non ancora accettata, vale quella di prima: {', '.join(done.superseded)}")
    if done.nobody:
        say(out, f"Schede da attribuire, non contate: {', '.join(done.nobody)}")
    register(cartella)
    return WITH_ERRORS if has_errors(done.consolidation.findings) else DONE


@giro.command(
    short_help="Riapre un giro chiuso, con il motivo.",
    options_metavar="[OPZIONI]",
    epilog="""\b
Esempio:
  perfxl giro riapri giro/ --motivo "risposta del Registro imprese arrivata dopo la chiusura"
""",
)
@round_argument
@click.option("--motivo", required=True, type=TEXT, metavar="TESTO", help="Perché il giro si riapre: va nel registro.")
@who_option
def riapri(cartella: str, motivo: str, chi: str) -> int:
    """Riapre un giro chiuso, con il motivo.

    Le schede arrivate a giro chiuso vengono controllate, e da ora contano.
    """
    from perfxl.cli.terminal import console, say
    from perfxl.rounds.closing import reopen_round

    state = reopen_round(cartella, motivo, by=user_name(chi))
    out = console()
    say(out, "Giro riaperto.", "bold")
    for office in state.offices.values():
        for version in office.versions:
            if any(arrival.late for arrival in version.arrivals):
                told = {None: "da controllare", True: "accettata", False: "da correggere"}[version.accepted]
                say(out, f"– {office.code}  {told}, arrivata a giro chiuso: {version.name}")
    register(cartella)
    return DONE


def state_of(folder: str | Path) -> Round:
    """The round as its journal tells it. RoundError where the folder holds none."""
    from perfxl.rounds import Journal, told

    return told(Journal(folder).events())


def register(folder: str | Path, today: date | None = None) -> Round:
    """Make the register again and give the state it was made from: the last thing that a command does.

    Raises:
        RoundError: the folder holds no round, or the register is open in another program; what the command did is safe.
    """
    from perfxl.errors import OutputError, RoundError
    from perfxl.rounds import Journal, RoundFolder, told
    from perfxl.rounds.register import write_register

    events = Journal(folder).events()
    state = told(events)
    home = RoundFolder(folder)
    try:
        write_register(home, state, events, contacts_of(folder, state), today)
    except OutputError as error:
        raise RoundError(
            "il comando ha finito il suo lavoro, ma registro.xlsx non si può riscrivere: se è aperto, chiuderlo e dare "
            f"«perfxl giro stato {folder}»."
        ) from error
    return state


def contacts_of(folder: str | Path, state: Round) -> dict[str, Contact]:
    """The contact of every office of the round, as far as it is written; some have no address."""
    from pathlib import Path

    from perfxl.rounds.folder import OFFICES
    from perfxl.rounds.offices import Contacts, read_contacts

    file = Path(folder) / OFFICES
    known = read_contacts(file) if file.is_file() else Contacts()
    return {code: known.of(code) for code in state.offices}


def state_json(state: Round, today: date) -> dict[str, Any]:
    """The state as a dictionary: offices with their standing, what stands aside."""
    opened = state.opened
    return {
        "body": opened.body if opened else None,
        "year": opened.year if opened else None,
        "period": opened.period if opened else None,
        "deadline": opened.deadline or None if opened else None,
        "closed": state.closed,
        "plan_version": state.plan.number if state.plan else None,
        "offices": [
            {
                "code": code,
                "title": office.title,
                "state": str(office.standing(state.deadline, today)),
                "sent_at": office.invited or None,
                "answered_at": office.latest.when.isoformat() if office.latest else None,
                "versions": len(office.versions),
                "current": office.current.sha256 if office.current else None,
                "problems": list(office.latest.problems) if office.latest else [],
            }
            for code, office in state.offices.items()
        ],
        "unattributed": [version.name for version in state.unattributed],
        "aside": [version.name for version in state.aside],
        "refused": [each.name for each in state.refused.values()],
    }


def print_state(out: Any, state: Round, today: date) -> None:
    """The table that reads at a glance."""
    from rich.table import Table

    from perfxl.cli.terminal import GAP, plain_text, plural, room_beside, say, shorten
    from perfxl.rounds.register import PLURALS, SIGNS, moment, standings

    opened = state.opened
    if opened is not None:
        when = f", risposte entro il {state.deadline:%d/%m/%Y}" if state.deadline else ""
        say(out, f"{opened.body} – {opened.period or 'giro'} {opened.year or ''}{when}", "bold")
    found = standings(state, today)
    rows = []
    for code, standing in found.items():
        office = state.offices[code]
        latest = office.latest
        rows.append((
            code, SIGNS[standing], moment(office.invited)[:10], moment(latest.when.isoformat())[:10] if latest else "",
            str(len(latest.to_correct) or "") if latest else "", office.title,
        ))  # fmt: skip
    headings = ("Ufficio", "Stato", "Inviata il", "Risposta del", "Da correggere", "Denominazione")
    room = room_beside(out, [headings[:-1], *(row[:-1] for row in rows)], MIN_TITLE)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for heading in headings:
        table.add_column(heading, no_wrap=True, justify="right" if heading == "Da correggere" else "left")
    for row in rows:
        table.add_row(*map(plain_text, row[:-1]), plain_text(shorten(row[-1], room)))
    out.print(table)
    counts = ", ".join(
        plural(count, str(kind), PLURALS.get(kind, str(kind))) for kind in SIGNS if (count := [*found.values()].count(kind))
    )
    say(out, f"{len(found)} uffici: {counts}" + (" · GIRO CHIUSO" if state.closed else ""), "bold")
    for words, versions in (("Da attribuire", state.unattributed), ("Arrivate a giro chiuso", state.aside)):
        if versions:
            say(out, f"{words}: {', '.join(version.name for version in versions)}")
    if state.refused:
        say(out, f"Arrivati e senza scheda: {len(state.refused)} (scheda «A parte» del registro)")


def print_damage(out: Any, damaged: list[Finding]) -> None:
    """The files of the round that aren't what they were, each with what to do."""
    from perfxl.cli.terminal import say

    for each in damaged:
        say(out, f"✗ {each.title} – {each.found}. {each.remedy}")


from perfxl.cli import giro_invia, giro_raccogli  # noqa: E402, F401 - the other commands register themselves, and need what is above
