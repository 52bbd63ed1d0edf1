"""`registro.xlsx`: the round at a glance, made again from the events after every command. Nobody needs to write in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from perfxl.rounds.differences import Difference, differences_of
from perfxl.rounds.events import (
    Accepted,
    Attributed,
    Checked,
    Closed,
    Noted,
    NotSent,
    Opened,
    PlanVersion,
    Receipt,
    Refused,
    Reopened,
    Sending,
    Sent,
)
from perfxl.rounds.folder import REGISTER, RoundFolder
from perfxl.rounds.register_findings import NAME as FINDINGS
from perfxl.rounds.register_findings import findings_tab
from perfxl.rounds.state import Office, Round, Standing, Version
from perfxl.rounds.times import day_of, shown
from perfxl.rounds.times import today as in_italy
from perfxl.views.place import Book, place
from perfxl.views.tab import Chart, Column, Kind, Link, Tab, Table
from perfxl.writers.keep import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from perfxl.rounds.events import Event
    from perfxl.rounds.offices import Contact

SIGNS = {
    Standing.ACCEPTED: "● accettata",
    Standing.RECEIVED: "◐ ricevuta",
    Standing.TO_CORRECT: "◐ da correggere",
    Standing.SENT: "– inviata",
    Standing.PREPARED: "– preparata",
    Standing.MISSING: "○ mancante",
}
"""Standings as the register shows them: the sign reads in black and white."""
PLURALS = {
    Standing.ACCEPTED: "accettate",
    Standing.RECEIVED: "ricevute",
    Standing.SENT: "inviate",
    Standing.PREPARED: "preparate",
    Standing.MISSING: "mancanti",
}

PERHAPS = "forse inviata: il lavoro si è interrotto mentre il messaggio partiva; guardare nella posta inviata"
TIMES = {"pec": "accettazione PEC", "data": "data del messaggio", "arrivo": "arrivo"}
UNTOLD = frozenset({"PX-M008", "PX-M010", "PX-N020", "PX-N021"})
"""Of a message: that it holds a text and a logo too; of a sheet: what its own line says already."""
FIRST = 12
"""Findings of a version that its row begins to tell; all of them have a tab of their own."""
COLOURS = ("548235", "F4B183", "C55A11", "8FAADC", "BFBFBF", "C00000")


class _Count(NamedTuple):
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class _Row:
    office: Office
    standing: Standing
    contact: Contact | None


def write_register(
    home: RoundFolder, state: Round, events: Sequence[Event], contacts: Mapping[str, Contact], today: date | None = None
) -> None:
    """Write the register in place. Raises OutputError where it is open in another program: the round itself is safe."""
    from perfxl.model.memory import no_collection
    from perfxl.writers.file import write_file

    with no_collection():
        book = register_book(home, state, events, contacts, today or in_italy())
        write_whole(home.path / REGISTER, lambda temporary: write_file(book, temporary))


def register_book(home: RoundFolder, state: Round, events: Sequence[Event], contacts: Mapping[str, Contact], today: date) -> Book:
    """The register as placed tabs."""
    opened = state.opened
    tabs = [
        _standing(state, contacts, today),
        _versions(state),
        findings_tab(state),
        _differences(home, state),
        _messages(state),
        _aside(state),
        _plan(state),
        _events(events),
    ]
    title = f"Registro del giro {opened.period or opened.year or ''}".strip() if opened else "Registro del giro"
    body = opened.body if opened else ""
    return Book(place(tabs), decimals=2, footer=f"{body} – {title}", properties={"title": title, "author": body, "company": body})


def standings(state: Round, today: date) -> dict[str, Standing]:
    """Where each office stands on a day, in the order of the plan."""
    return {code: office.standing(state.deadline, today) for code, office in state.offices.items()}


def _standing(state: Round, contacts: Mapping[str, Contact], today: date) -> Tab:
    rows = [_Row(state.offices[code], standing, contacts.get(code)) for code, standing in standings(state, today).items()]
    counts = [_Count(SIGNS[each], sum(row.standing is each for row in rows)) for each in SIGNS]
    summary = Table(
        "conteggi",
        (
            Column("stato", "Stato", 18, lambda c: c.label, Kind.STATE),
            Column("numero", "Uffici", 12, lambda c: c.number, Kind.INTEGER, formula="COUNTIFS({uffici.stato},{stato})"),
        ),
        counts,
        top=3,
    )
    table = Table("uffici", _office_columns(), rows, top=summary.last_row + 3, autofilter=True, heading_height=30)
    chart = Chart("Uffici per stato", "conteggi", "stato", "numero", top=3, left=2, width=560, height=170, colours=COLOURS)
    opened = state.opened
    when = f"entro il {state.deadline:%d/%m/%Y}" if state.deadline else "senza scadenza"
    told = "CHIUSO" if state.closed else "aperto"
    title = f"{opened.body} – giro {opened.period or ''} {opened.year or ''}" if opened else "Giro"
    return Tab(
        "Stato", " ".join(title.split()), f"Risposte {when} · giro {told} · situazione al {today:%d/%m/%Y}",
        (summary, table), colour="C00000", charts=(chart,), main="uffici", freeze=False,
    )  # fmt: skip


def _office_columns() -> tuple[Column, ...]:
    def last(row: _Row) -> Version | None:
        return row.office.latest

    return (
        Column("stato", "Stato", 18, lambda r: SIGNS[r.standing], Kind.STATE),
        Column("ufficio", "Ufficio", 12, lambda r: r.office.code),
        Column("titolo", "Denominazione", 46, lambda r: r.office.title, wrap=True),
        Column("responsabile", "Responsabile", 26, lambda r: r.contact.person if r.contact else "", wrap=True),
        Column("indirizzo", "E-mail", 30, lambda r: "; ".join(r.contact.addresses) if r.contact else "", wrap=True),
        Column("inviata", "Inviata il", 16, lambda r: moment(r.office.invited), Kind.CENTRED),
        Column("solleciti", "Solleciti", 9, lambda r: r.office.reminders() or None, Kind.CENTRED),
        Column("ricevuta", "Ultima risposta", 16, lambda r: moment(v.when.isoformat()) if (v := last(r)) else "", Kind.CENTRED),
        Column(
            "vale", "Vale quella del", 16, lambda r: moment(v.when.isoformat()) if (v := r.office.current) else "", Kind.CENTRED
        ),
        Column("versioni", "Versioni", 9, lambda r: len(r.office.versions) or None, Kind.CENTRED),
        Column("problemi", "Da correggere", 11, lambda r: len(v.to_correct) or None if (v := last(r)) else None, Kind.CENTRED),
        Column(
            "scheda", "Scheda", 9, lambda r: "apri" if r.office.file else "", Kind.CENTRED, link=lambda r: _beside(r.office.file)
        ),
        Column(
            "risposta",
            "Risposta",
            9,
            lambda r: "apri" if last(r) else "",
            Kind.CENTRED,
            link=lambda r: _beside(v.file if (v := last(r)) else ""),
        ),
    )


def _beside(file: str) -> Link | None:
    """A link to a file of the round's folder."""
    return Link(outside=file) if file else None


def moment(iso: str) -> str:
    """An instant as an office reads it; empty for none."""
    return shown(datetime.fromisoformat(iso)) if iso else ""


def _versions(state: Round) -> Tab:
    offices = (*state.offices.values(), *state.dropped.values())
    items = [(office, version) for office in offices for version in office.versions]
    columns = (
        Column("ufficio", "Ufficio", 12, lambda i: i[0].code),
        Column("quando", "Quando", 16, lambda i: moment(i[1].when.isoformat()), Kind.CENTRED),
        Column("da", "Secondo", 15, lambda i: TIMES.get(i[1].when_from, i[1].when_from)),
        Column("termini", "Nei termini", 10, lambda i: _in_time(i[1], state.deadline), Kind.CENTRED),
        Column("vale", "Vale", 8, lambda i: "sì" if i[0].code in state.offices and i[0].current is i[1] else "no", Kind.CENTRED),
        Column("esito", "Esito", 18, lambda i: _outcome(i[1]), Kind.STATE, wrap=True),
        Column("mittente", "Mittente", 24, lambda i: i[1].sender, wrap=True),
        Column("firma", "Firmata da", 26, lambda i: _signature(i[1]), wrap=True),
        Column("nome", "Nome del file", 28, lambda i: i[1].name, link=lambda i: Link(outside=i[1].file), wrap=True),
        Column("involucri", "Involucri", 20, lambda i: " > ".join(i[1].arrival.chain), wrap=True),
        Column("arrivi", "Arrivi", 8, lambda i: len(i[1].arrivals) + len(i[1].aside), Kind.CENTRED),
        Column("problemi", "Da correggere e da sapere", 56, lambda i: _problems(i[1]), wrap=True),
        Column("impronta", "Impronta", 18, lambda i: i[1].sha256[:16]),  # as its file's name begins; the whole is in the journal
    )
    return Tab(
        "Versioni", "Le risposte, versione per versione",
        "Vale la più recente accettata; tutte restano nella cartella ricevuti, con la loro impronta.",
        (Table("versioni", columns, items, top=3, autofilter=True, nothing="Nessuna risposta.", heading_height=24),),
        colour="1F3864", freeze_columns=2,
    )  # fmt: skip


def _in_time(version: Version, deadline: date | None) -> str:
    if deadline is None:
        return ""
    days = (day_of(version.when) - deadline).days
    return "sì" if days <= 0 else f"+{days} gg"


def _outcome(version: Version) -> str:
    if version.late:
        return "– a giro chiuso"
    if version.reason:
        return f"{SIGNS[Standing.ACCEPTED]} a mano: {version.reason}"
    return {None: "◐ da controllare", True: SIGNS[Standing.ACCEPTED], False: SIGNS[Standing.TO_CORRECT]}[version.accepted]


def _signature(version: Version) -> str:
    """Signer, date, whether the signature holds, whether its issuer is trusted: a line each signature, the nearest first."""
    signed = version.signature
    each = [signed, *signed.get("others", ())] if signed else []
    lines = []
    for one in each:
        broken = "NON INTEGRA" if one.get("own", one.get("wrong")) else "non controllata"  # too weak, or without its certificate
        good = "integra" if one.get("digest_ok") and one.get("signature_ok") else broken
        when = f" il {moment(one['signed_at'])}" if one.get("signed_at") else ""
        lines.append(f"{one.get('signer') or 'sconosciuto'}{when} ({good}; fiducia {one.get('trust', 'non verificata')})")
    return "\n".join(lines)


def _problems(version: Version) -> str:
    said = [f"✗ {_said(each)}" for each in version.to_correct] + [f"– {_said(each)}" for each in version.remarks]
    more = f"\n… e altri {len(said) - FIRST} (scheda «{FINDINGS}»)" if len(said) > FIRST else ""
    return "\n".join(said[:FIRST]) + more


def _said(problem: dict[str, str]) -> str:
    where = " ".join(part for part in (problem.get("sheet", ""), problem.get("cell", "")) if part)
    return f"{where} {problem.get('title', '')}: {problem.get('found', '')}".strip()


def _differences(home: RoundFolder, state: Round) -> Tab:
    items: list[tuple[Version, Difference]] = [
        (after, each)
        for office in state.offices.values()
        for _, after, changed in differences_of(office, home, state)
        for each in changed
    ]
    columns = (
        Column("ufficio", "Ufficio", 14, lambda i: i[1].office),
        Column("quando", "Versione del", 16, lambda i: moment(i[0].when.isoformat()), Kind.CENTRED),
        Column("foglio", "Foglio", 18, lambda i: i[1].sheet),
        Column("cella", "Cella", 9, lambda i: i[1].cell, Kind.CENTRED),
        Column("riga", "Riga", 50, lambda i: i[1].label, wrap=True),
        Column("prima", "Prima", 40, lambda i: i[1].before or "(vuota)", wrap=True),
        Column("dopo", "Dopo", 40, lambda i: i[1].after or "(vuota)", wrap=True),
        Column("che", "Che cosa", 12, lambda i: _what(i[1]), Kind.CENTRED),
    )
    return Tab(
        "Differenze", "Che cosa cambia da una versione alla successiva", "Ogni cella cambiata o svuotata.",
        (Table("differenze", columns, items, top=3, autofilter=True, nothing="Nessun ufficio ha mandato due versioni.", heading_height=24),),
        colour="7F6000", freeze_columns=1,
    )  # fmt: skip


def _what(difference: Difference) -> str:
    if difference.blanked:
        return "svuotata"
    return "cambiata" if difference.before else "riempita"


def _messages(state: Round) -> Tab:
    sent = [
        (each.at, each.office, each.what, each.channel, each.addresses, "") for o in state.offices.values() for each in o.sent
    ]
    sent += [
        (each.at, each.office, each.what, each.channel, each.addresses, each.why)
        for o in state.offices.values()
        for each in o.failed
    ]
    sent += [
        (each.at, each.office, each.what, each.channel, each.addresses, PERHAPS)
        for o in state.offices.values()
        for each in o.unsure.values()
    ]
    columns = (
        Column("quando", "Quando", 16, lambda i: moment(i[0]), Kind.CENTRED),
        Column("ufficio", "Ufficio", 14, lambda i: i[1]),
        Column("che", "Messaggio", 14, lambda i: i[2]),
        Column("come", "Come", 12, lambda i: i[3]),
        Column("a", "Destinatari", 50, lambda i: "; ".join(i[4]), wrap=True),
        Column("errore", "Non riuscito perché", 50, lambda i: i[5], wrap=True),
    )
    return Tab(
        "Messaggi", "Messaggi agli uffici", "Inviti, solleciti, richieste di correzione.",
        (Table("messaggi", columns, sorted(sent), top=3, autofilter=True, nothing="Nessun messaggio.", heading_height=24),),
        colour="548235",
    )  # fmt: skip


def _aside(state: Round) -> Tab:
    sheets = [("da attribuire", v.name, v.sender, v.when.isoformat(), v.file, "") for v in state.unattributed]
    sheets += [
        ("di nessun ufficio", v.name, v.sender, v.when.isoformat(), v.file, "") for v in state.versions.values() if v.dismissed
    ]
    sheets += [("a giro chiuso", v.name, v.sender, v.when.isoformat(), v.file, v.office) for v in state.aside]
    sheets += [
        ("fuori dal piano", v.name, v.sender, v.when.isoformat(), v.file, office.code)
        for office in state.dropped.values()
        for v in office.versions
        if not v.late
    ]
    other = [("senza scheda", r.name, r.sender, r.at, r.envelope, _said(r.problem)) for r in state.refused.values()]
    other += [
        ("da sapere", r.name, r.sender, r.at, "", _said(r.problem))
        for r in state.noted.values()
        if r.problem.get("code") not in UNTOLD
    ]
    columns = (
        Column("perche", "Perché è a parte", 18, lambda i: i[0]),
        Column("nome", "Nome", 46, lambda i: i[1], link=lambda i: Link(outside=i[4]) if i[4] else None, wrap=True),
        Column("mittente", "Mittente", 34, lambda i: i[2], wrap=True),
        Column("quando", "Quando", 16, lambda i: moment(i[3]), Kind.CENTRED),
        Column("nota", "Nota", 70, lambda i: i[5], wrap=True),
    )
    return Tab(
        "A parte", "Ciò che è arrivato e non conta", "Niente si butta: è nella cartella ricevuti o buste.",
        (Table("aparte", columns, [*sheets, *other], top=3, autofilter=True, nothing="Niente.", heading_height=24),),
        colour="7F7F7F",
    )  # fmt: skip


def _plan(state: Round) -> Tab:
    items = [(plan, change, not number) for plan in state.plans for number, change in enumerate(plan.changes or ("",))]
    method = state.opened.method if state.opened else ""
    columns = (
        Column("numero", "Versione", 10, lambda i: i[0].number, Kind.CENTRED),
        Column("dal", "Dal", 18, lambda i: moment(i[0].at)),
        Column("motivo", "Motivo", 44, lambda i: i[0].reason, wrap=True),
        Column("cambio", "Che cosa cambia", 90, lambda i: i[1] or "(prima versione)", wrap=True),
        Column("file", "File", 44, lambda i: "\n".join(i[0].files) if i[2] else "", wrap=True),
        Column("impronta", "Impronta", 44, lambda i: i[0].sha256 if i[2] else "", wrap=True),
    )
    return Tab(
        "Piano", "Le versioni del piano",
        f"Metodo {method}. Ogni periodo è valutato con la versione in vigore; l'elenco serve alla Relazione.",
        (Table("piano", columns, items, top=3, nothing="Nessun piano.", heading_height=24),), colour="7030A0",
    )  # fmt: skip


def _events(events: Sequence[Event]) -> Tab:
    columns = (
        Column("quando", "Quando", 16, lambda e: moment(e.at), Kind.CENTRED),
        Column("evento", "Evento", 16, lambda e: e.kind),
        Column("ufficio", "Ufficio", 14, lambda e: getattr(e, "office", "")),
        Column("chi", "Chi", 20, lambda e: e.by),
        Column("dettaglio", "Dettaglio", 80, _detail, wrap=True),
    )
    return Tab(
        "Cronologia", "Tutto ciò che è successo", "Dal giornale del giro (eventi.jsonl).",
        (Table("cronologia", columns, list(events), top=3, autofilter=True, nothing="Niente.", heading_height=24),),
        colour="404040",
    )  # fmt: skip


def _closing(event: Closed) -> str:
    """What wasn't settled when the period was closed all the same; the workbook where everything was."""
    told = [f"senza nessuna scheda di {', '.join(event.missing)}"] if event.missing else []
    if event.superseded:
        told.append(f"ultima risposta non ancora accettata, vale quella di prima: {', '.join(event.superseded)}")
    if event.unattributed:
        told.append(f"schede da attribuire, non contate: {', '.join(event.unattributed)}")
    return "; ".join(told) or event.workbook


def _detail(event: Event) -> str:
    """What an event is about, in a few words."""
    match event:
        case Checked():
            wrong = len(event.problems)
            return "accettata" if event.accepted else f"da correggere: {wrong} {'rilievo' if wrong == 1 else 'rilievi'}"
        case Refused() | Noted():
            return f"{event.name}: {event.problem.get('title', '')}"
        case Closed():
            return _closing(event)
        case PlanVersion():
            return f"versione {event.number}" + (f": {event.reason}" if event.reason else "")
        case Opened():
            return (
                f"{event.period or event.year or ''}, risposte entro il {date.fromisoformat(event.deadline):%d/%m/%Y}"
                if event.deadline
                else event.period
            )
        case Receipt():
            return f"{event.type} {event.address}".strip()
        case Accepted() | Attributed() | Reopened():
            return event.reason
        case Sent() | Sending():
            return event.what
        case NotSent():
            return f"{event.what}: {event.why}"
    return str(getattr(event, "name", "") or getattr(event, "file", ""))
