"""A whole round, with real servers: the twelve sheets of Massa-Carrara 2019 out by SMTP, the replies back by IMAP in every wrapping.

The commands are those that a controller types; the offices know nothing but the message that the mail server took for them. One answers
twice, one corrects, one is late, one is tampered with, one never answers.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms
from openpyxl import load_workbook

from application.clerk import Clerk, python_with_uno
from application.dovecot import PASSWORD as IMAP_PASSWORD
from application.presence import application_missing
from mail import parcels
from perfxl import consolidate
from perfxl.rounds import Journal, Standing
from perfxl.rounds.register import SIGNS
from rounds import clerks, mailroom
from rounds.hostile.bench import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from application.dovecot import Dovecot
    from application.libreoffice import LibreOffice
    from application.openssl import Authority, Certificate
    from rounds.mailroom import Post, Server

TWELVE = {"ENTE", "ISR", "U0.1", "U1.1", "U2.1", "U3.1/U3.2", "U4.1", "U5.1/U5.2", "PO2", "PO3", "PO4", "PO5"}
LATE, MISSING, TAMPERED, PUBLISHED_WRONG, TWICE, REVISED = "PO3", "PO4", "U4.1", "U5.1/U5.2", "U2.1", "PO5"
DEADLINE = date(2019, 5, 15)
CONTROLLER, ASSISTANT = "Ada Controlli", "Bice Aiuti"


def may(day: int, hour: int = 9) -> datetime:
    """A moment of May 2019."""
    return datetime(2019, 5, day, hour, 0, tzinfo=UTC)


@dataclass
class Story:
    """What happened, step by step, for the tests to look at."""

    home: Path
    run: Any
    post: Post
    mailbox: Dovecot
    authority: Authority
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)  # by step
    sheets: dict[str, bytes] = field(default_factory=dict)  # what each office received
    accepted: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # what counts, as the offices sent it
    seen: dict[str, list[str]] = field(default_factory=dict)

    def command(self, step: str, *words: str) -> dict[str, Any]:
        """A command of the controller's; what it answered is kept under `step`."""
        answer = self.run([["giro", words[0], str(self.home), *words[1:]]], self.home.parent)
        self.answers[step] = {
            "code": (answer["codes"] or [None])[0],
            "said": answer["out"] + answer["err"],
            "signal": answer["signal"],
        }
        return self.answers[step]

    def state(self, step: str, day: date) -> dict[str, str]:
        """Where each office stands, from the JSON that `stato` writes."""
        file = self.home.parent / f"{step}.json"
        self.command(step, "stato", "--al", f"{day:%d/%m/%Y}", "--json", str(file))
        told = json.loads(file.read_text(encoding="utf-8"))
        self.answers[step]["json"] = told
        return {office["code"]: office["state"] for office in told["offices"]}

    def person(self, office: str) -> Certificate:
        """The office's responsible, with a certificate to sign with."""
        number = sorted(TWELVE).index(office)
        return self.authority.person(f"Zenobia {mailroom.plain(office).title()}", f"TINIT-ZNBRSP70A{41 + number}F023X")


# -- the offices -------------------------------------------------------------------------------------------------------


def taken_by(post: Post, address: str) -> list[email.message.EmailMessage]:
    """The messages that the mail server took for an address."""
    return [
        email.message_from_bytes(data, policy=email.policy.default)  # type: ignore[misc]
        for _, recipients, data in post.taken
        if recipients == [address]
    ]


def attached(message: email.message.EmailMessage) -> tuple[str, bytes]:
    """Name and bytes of the only attachment."""
    (part,) = message.iter_attachments()
    return str(part.get_filename()), part.get_payload(decode=True)


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


def forged(signed: bytes, content: bytes) -> bytes:
    """A signed document with another content put in the place of the one that was signed."""
    info = cms.ContentInfo.load(signed)
    info["content"]["encap_content_info"]["content"] = content
    return info.dump(force=True)


@dataclass
class Mail:
    """How an office's reply travels."""

    story: Story
    office: str

    @property
    def sender(self) -> str:
        return mailroom.address(self.office)

    def plain(self, when: datetime, *files: tuple[str, bytes], number: int = 1) -> bytes:
        """Ordinary mail."""
        message_id = f"<{mailroom.plain(self.office)}.{number}@uffici.example>"
        return parcels.letter(*files, sender=f"Ufficio <{self.sender}>", sent=when, message_id=message_id).as_bytes()

    def certified(self, when: datetime, inner: bytes, number: int = 1) -> bytes:
        """A PEC envelope, signed by its provider, accepted an hour after the message was written."""
        told = parcels.Certified(
            sender=self.sender, when=when + timedelta(hours=1), about=f"<{mailroom.plain(self.office)}.{number}@uffici.example>"
        )
        seal = (self.story.authority, self.story.authority.person("Gestore Pec", "VATIT-01234567890"))
        return parcels.envelope(inner, told, seal=seal)

    def signed(self, data: bytes) -> bytes:
        """The sheet, signed by the responsible with openssl."""
        return self.story.authority.signed(data, self.story.person(self.office))


class Offices:
    """All of them at work: each fills the sheet that it received."""

    def __init__(self, story: Story, office: LibreOffice, clerk: Clerk, scratch: Path) -> None:
        self.story, self.office, self.clerk, self.scratch = story, office, clerk, scratch
        self.names: dict[str, str] = {}
        for code in TWELVE:
            (message,) = taken_by(story.post, mailroom.address(code))
            self.names[code], story.sheets[code] = attached(message)

    def path(self, code: str) -> Path:
        """The sheet received, saved from the message."""
        path = self.scratch / self.names[code]
        path.write_bytes(self.story.sheets[code])
        return path

    def filled(self, code: str, also: dict[str, Any] | None = None) -> bytes:
        """Filled with openpyxl."""
        return clerks.filled(self.path(code), code, also)

    def filled_by_hand(self, code: str) -> bytes:
        """Typed into Calc by a clerk, saved as .xlsx."""
        path, target = self.path(code), self.scratch / f"calc-{self.names[code]}"
        typed = [[cell, _as_typed(given)] for cell, given in clerks.answers(path, code).items()]
        job = {"source": str(path), "target": str(target), "sheet": clerks.SHEET, "locked": [], "typed": typed, "shown": []}
        assert self.clerk.work(job)["protected"]
        return target.read_bytes()

    def saved_by_calc(self, code: str, kind: str) -> bytes:
        """Filled, then opened and saved by Calc in its own format."""
        path = self.scratch / f"piena-{self.names[code]}"
        path.write_bytes(self.filled(code))
        return self.office.converted(path, kind).read_bytes()

    def answer(self) -> None:
        """The first round of replies, not in the order in which they were sent."""
        story = self.story
        for code in ("ENTE", "ISR", "U0.1", "U1.1", "PO2"):
            story.accepted[code] = (self.names[code], self.filled(code))
        story.accepted[TWICE] = (self.names[TWICE], self.filled_by_hand(TWICE))
        story.accepted["U3.1/U3.2"] = ("U3.1-U3.2.ods", self.saved_by_calc("U3.1/U3.2", "ods"))
        first = self.filled(REVISED, {"L7": "prot. 1234/2019", "K7": "esogena"})
        story.accepted[REVISED] = (self.names[REVISED], self.filled(REVISED, {"L7": None, "K7": "endogena"}))
        good = self.filled(TAMPERED)
        tampered = self.filled(TAMPERED, {"D10": 0.01})  # the target, in a locked cell
        deliver = story.mailbox.deliver
        deliver(Mail(story, REVISED).plain(may(10), story.accepted[REVISED], number=2))  # the later one arrives first
        deliver(Mail(story, REVISED).plain(may(6), (self.names[REVISED], first)))
        deliver(Mail(story, "ENTE").plain(may(3), story.accepted["ENTE"]))
        deliver(Mail(story, "ISR").plain(may(3, 11), ("schede.zip", zipped(*story.accepted["ISR"]))))
        deliver(Mail(story, "U0.1").certified(may(4), Mail(story, "U0.1").plain(may(4), story.accepted["U0.1"])))
        signed = (f"{self.names['U1.1']}.p7m", Mail(story, "U1.1").signed(story.accepted["U1.1"][1]))
        deliver(Mail(story, "U1.1").plain(may(5), signed))
        signed = (f"{self.names['PO2']}.p7m", Mail(story, "PO2").signed(story.accepted["PO2"][1]))
        deliver(Mail(story, "PO2").certified(may(7), Mail(story, "PO2").plain(may(7), signed)))
        deliver(Mail(story, TWICE).plain(may(8), story.accepted[TWICE]))
        again = Mail(story, TWICE).plain(may(9), ("ancora.zip", zipped(*story.accepted[TWICE])), number=2)
        deliver(Mail(story, TWICE).certified(may(9), again, number=2))
        deliver(Mail(story, "U3.1/U3.2").plain(may(8, 12), story.accepted["U3.1/U3.2"]))
        wrong = forged(Mail(story, TAMPERED).signed(good), tampered)
        deliver(Mail(story, TAMPERED).plain(may(9, 15), (f"{self.names[TAMPERED]}.p7m", wrong)))
        deliver(Mail(story, PUBLISHED_WRONG).plain(may(11), (self.names[PUBLISHED_WRONG], self.filled(PUBLISHED_WRONG))))
        self.noise()

    def noise(self) -> None:
        """What a mailbox holds besides: receipts, an automatic answer, a message without a sheet."""
        about = str(taken_by(self.story.post, mailroom.address("ENTE"))[0]["Message-ID"])
        for kind in ("accettazione", "avvenuta-consegna"):
            told = parcels.Certified(type=kind, about=about, when=may(2), delivered_to=mailroom.address("ENTE"))
            self.story.mailbox.deliver(parcels.envelope(parcels.letter().as_bytes(), told))
        away = parcels.letter(sender="fuori.ufficio@uffici.example", sent=may(2), message_id="<via@uffici.example>")
        away["Auto-Submitted"] = "auto-replied"
        self.story.mailbox.deliver(away.as_bytes())
        self.story.mailbox.deliver(
            parcels.letter(("verbale.pdf", b"%PDF-1.4\n%%EOF"), sent=may(2), message_id="<verbale@uffici.example>").as_bytes()
        )

    def correct(self) -> None:
        """Those who were asked to send the sheet again, right this time."""
        story = self.story
        story.accepted[TAMPERED] = (self.names[TAMPERED], self.filled(TAMPERED))
        signed = (f"{self.names[TAMPERED]}.p7m", Mail(story, TAMPERED).signed(story.accepted[TAMPERED][1]))
        story.mailbox.deliver(Mail(story, TAMPERED).plain(may(13), signed, number=2))
        dates = {
            cell: "N.C."
            for cell, given in clerks.answers(self.path(PUBLISHED_WRONG), PUBLISHED_WRONG).items()
            if str(given.value) == "00:00:00"
        }
        assert len(dates) == 2  # the serial 0 in a format of dates that the published sheet really holds, twice
        story.accepted[PUBLISHED_WRONG] = (self.names[PUBLISHED_WRONG], self.filled(PUBLISHED_WRONG, dates))
        story.mailbox.deliver(Mail(story, PUBLISHED_WRONG).plain(may(14), story.accepted[PUBLISHED_WRONG], number=2))

    def answer_late(self) -> None:
        """After the closing."""
        self.story.accepted[LATE] = (self.names[LATE], self.filled(LATE))
        self.story.mailbox.deliver(Mail(self.story, LATE).plain(may(20), self.story.accepted[LATE]))


def _as_typed(given: clerks.Typed) -> str:
    """What a person types to get this cell: `98%`, `29/03/2019`, `3,8`."""
    if isinstance(given.value, datetime):
        return f"{given.value:%d/%m/%Y}"
    if isinstance(given.value, int | float) and "%" in given.number_format:
        return f"{given.value * 100:.10g}%".replace(".", ",")
    return f"{given.value:.10g}".replace(".", ",") if isinstance(given.value, int | float) else str(given.value)


# -- the story ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Server]:
    """A mail server with STARTTLS and authentication."""
    with mailroom.mail_server(authority.server()) as running:
        yield running


@pytest.fixture(scope="module")
def story(
    server: Server, imap_server: Dovecot, authority: Authority, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    """The whole round, once."""
    if python_with_uno() is None:
        application_missing("Il ponte Python di LibreOffice (uno)", "installare python3-uno.")
    scratch = tmp_path_factory.mktemp("giro-intero")
    imap_server.empty()
    run = Runner({"PERFXL_PASSWORD_SMTP": mailroom.PASSWORD, "PERFXL_PASSWORD_IMAP": IMAP_PASSWORD})
    story = Story(scratch / "giro", run, server.post, imap_server, authority)
    opened_and_sent(story, server, scratch)
    office = Offices(story, libreoffice, Clerk(tmp_path_factory.mktemp("calc")), scratch)
    collected_and_corrected(story, office)
    closed_and_reopened(story, office)
    yield story
    run.close()
    imap_server.empty()


def opened_and_sent(story: Story, server: Server, scratch: Path) -> None:
    """The period opened, the addresses filled, the messages sent; sent again by mistake."""
    story.command(
        "apri", "apri", "--piano", str(mailroom.PLAN), "--fogli", str(mailroom.DASHBOARDS), "--po", "--scadenza", "15/05/2019",
        "--periodo", mailroom.PERIOD, "--chi", CONTROLLER,
    )  # fmt: skip
    shutil.copy(story.home / "uffici.xlsx", scratch / "uffici-da-compilare.xlsx")
    book = clerks.opened(story.home / "uffici.xlsx")
    sheet = book.worksheets[0]
    heading = next(row for row in sheet.iter_rows() if row[0].value == "Ufficio")
    columns = {cell.value: cell.column for cell in heading}
    for row in sheet.iter_rows(min_row=heading[0].row + 1):
        if row[0].value:
            sheet.cell(row[0].row, columns["E-mail"]).value = mailroom.address(row[0].value)
            sheet.cell(row[0].row, columns["Responsabile"]).value = mailroom.person(row[0].value)
    (story.home / "uffici.xlsx").write_bytes(clerks.saved(book))
    shutil.copy(story.authority.certificate, story.home / "autorita.pem")
    (story.home / "giro.toml").write_text(
        f"""{mailroom.SENDER}
[smtp]
host = "localhost"
port = {server.port}
security = "starttls"
user = "{mailroom.USER}"
ca_file = "autorita.pem"

[imap]
host = "localhost"
port = {story.mailbox.port}
user = "{story.mailbox.user}"
ca_file = "autorita.pem"
""",
        encoding="utf-8",
    )
    story.command("prova", "invia", "--canale", "smtp", "--prova")
    story.seen["prova"] = story.post.recipients()
    story.command("invia", "invia", "--canale", "smtp", "--chi", CONTROLLER)
    story.command("invia di nuovo", "invia", "--canale", "smtp", "--chi", CONTROLLER)
    story.seen["inviti"] = story.post.recipients()


def collected_and_corrected(story: Story, office: Offices) -> None:
    """The replies collected, twice; the missing reminded, the wrong ones asked to correct; the corrections collected."""
    office.answer()
    before = story.mailbox.messages()
    story.command("raccogli", "raccogli", "--imap", "--chi", ASSISTANT)
    events = len(Journal(story.home).events())
    story.command("raccogli di nuovo", "raccogli", "--imap", "--chi", ASSISTANT)
    story.seen["eventi in più"] = [each.kind for each in Journal(story.home).events()[events:]]
    story.answers["casella"] = {"prima": before, "dopo": story.mailbox.messages()}
    story.seen["stato"] = [f"{code} {state}" for code, state in story.state("stato", date(2019, 5, 16)).items()]
    sent = len(story.post.taken)
    story.command("sollecita", "sollecita", "--canale", "smtp", "--chi", CONTROLLER)
    story.seen["solleciti"] = [each for _, to, _ in story.post.taken[sent:] for each in to]
    sent = len(story.post.taken)
    story.command("correzioni", "sollecita", "--canale", "smtp", "--da-correggere", "--chi", CONTROLLER)
    story.seen["correzioni"] = [each for _, to, _ in story.post.taken[sent:] for each in to]
    office.correct()
    story.command("raccogli le correzioni", "raccogli", "--imap", "--chi", ASSISTANT)


def closed_and_reopened(story: Story, office: Offices) -> None:
    """The period closed in spite of the missing; a late reply kept aside; reopened with the reason, closed again."""
    story.command("chiudi", "chiudi", "--chi", CONTROLLER)
    story.command("chiudi comunque", "chiudi", "--comunque", "--chi", CONTROLLER)
    (consolidated,) = story.home.glob("Consolidato*.xlsx")
    story.answers["consolidato"] = {"file": consolidated.name, "bytes": consolidated.read_bytes()}
    office.answer_late()
    story.command("raccogli tardi", "raccogli", "--imap", "--chi", ASSISTANT)
    story.seen["stato chiuso"] = [f"{code} {state}" for code, state in story.state("stato chiuso", date(2019, 5, 21)).items()]
    story.answers["consolidato"]["dopo"] = consolidated.read_bytes()
    story.command("riapri senza motivo", "riapri", "--motivo", " ", "--chi", CONTROLLER)
    story.command("riapri", "riapri", "--motivo", "la PO3 era in malattia", "--chi", CONTROLLER)
    story.command("raccogli dopo", "raccogli", "--imap", "--chi", ASSISTANT)
    shutil.copy(consolidated, story.home.parent / "prima-chiusura.xlsx")
    story.command("richiudi", "chiudi", "--comunque", "--chi", CONTROLLER)
    story.command("stato finale", "stato", "--al", "21/05/2019")


def standing(lines: list[str]) -> dict[str, str]:
    """Office → state."""
    return dict(line.split(" ", 1) for line in lines)


# -- what must be true -------------------------------------------------------------------------------------------------


def test_no_command_ended_in_trouble(story):
    for step, answer in story.answers.items():
        if "said" in answer:
            assert answer["signal"] == 0, step
            assert "Traceback" not in answer["said"], step
            assert "imprevisto" not in answer["said"], answer["said"]
    codes = {step: answer["code"] for step, answer in story.answers.items() if "code" in answer}
    assert codes.pop("chiudi") == codes.pop("riapri senza motivo") == 2
    assert set(codes.values()) <= {0, 1}, {
        step: story.answers[step]["said"] for step, code in codes.items() if code not in (0, 1)
    }


def test_each_office_gets_its_own_sheet_once(story):
    assert story.seen["prova"] == []
    assert sorted(story.seen["inviti"]) == sorted(mailroom.address(code) for code in TWELVE)
    for code in TWELVE:
        (message, *_) = taken_by(story.post, mailroom.address(code))
        name, data = attached(message)
        assert data == (story.home / "schede" / "v1" / name).read_bytes()
        shown = {cell.value for row in clerks.opened(data)["_perfxl"].iter_rows() for cell in row}
        assert code in shown


def test_collecting_leaves_the_mailbox_as_it_was(story):
    assert story.answers["casella"]["prima"] == story.answers["casella"]["dopo"]
    assert all(b"\\Seen" not in flags for flags, _ in story.answers["casella"]["dopo"])
    assert story.seen["eventi in più"] == []


def test_where_everybody_stands_before_the_closing(story):
    expected = dict.fromkeys(TWELVE, "accettata") | dict.fromkeys((LATE, MISSING), "mancante")
    expected |= dict.fromkeys((TAMPERED, PUBLISHED_WRONG), "da correggere")
    assert standing(story.seen["stato"]) == expected


def test_the_missing_are_reminded_and_the_wrong_told_what_to_correct(story):
    assert sorted(story.seen["solleciti"]) == sorted(map(mailroom.address, (LATE, MISSING)))
    assert sorted(story.seen["correzioni"]) == sorted(map(mailroom.address, (TAMPERED, PUBLISHED_WRONG)))
    bodies = {
        code: taken_by(story.post, mailroom.address(code))[-1].get_body(("plain",)).get_content()
        for code in (TAMPERED, PUBLISHED_WRONG)
    }
    assert "C20" in bodies[PUBLISHED_WRONG]
    assert "C21" in bodies[PUBLISHED_WRONG]
    assert "D10" in bodies[TAMPERED]


def test_the_round_does_not_close_by_itself_on_the_missing(story):
    assert LATE in story.answers["chiudi"]["said"]
    assert MISSING in story.answers["chiudi"]["said"]


def test_what_comes_after_the_closing_is_kept_aside(story):
    assert story.answers["consolidato"]["bytes"] == story.answers["consolidato"]["dopo"]
    told = story.answers["stato chiuso"]["json"]
    assert told["closed"]
    assert len(told["aside"]) == 1
    assert standing(story.seen["stato chiuso"])[LATE] == "mancante"


@pytest.mark.parametrize("closing", ["prima", "seconda"])
def test_the_consolidation_is_that_of_the_plain_folder(story, tmp_path, closing):
    """The files as the offices made them, in a folder: the same figures, cell by cell, as from what came through the wrappings."""
    folder = tmp_path / "accettate"
    folder.mkdir()
    for code, (name, data) in story.accepted.items():
        if code != LATE or closing == "seconda":
            kept = f"{hashlib.sha256(data).hexdigest()[:16]}_{name}"
            assert (story.home / "ricevuti" / kept).read_bytes() == data
            (folder / kept).write_bytes(data)
    assert len(list(folder.iterdir())) == (10 if closing == "prima" else 11)
    plan = story.home / "piano" / "v1"  # the same files, under the names that the round gave them
    assert {path.read_bytes() for path in plan.iterdir()} == {path.read_bytes() for path in mailroom.PLAN.iterdir()}
    plain = consolidate(
        folder, method="massacarrara-2019", plan=plan, year=2019, as_of=date(2019, 4, 30)
    )  # the end of the 1° quadrimestre
    by_hand = plain.write(tmp_path / "a-mano.xlsx")
    name = story.answers["consolidato"]["file"]
    written = story.home.parent / "prima-chiusura.xlsx" if closing == "prima" else story.home / name
    ours, theirs = figures(written), figures(by_hand)
    for tab in theirs:
        odd = [pair for pair in zip_longest(ours[tab], theirs[tab]) if pair[0] != pair[1]]
        assert not odd, f"{tab}: {len(odd)} righe, la prima {odd[0]}"  # pytest would compare the two lists for minutes
    assert sum(row["% realizz."] is not None for row in ours["Indicatori"]) > 70
    assert plain.headline.pct is not None


def figures(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The figures of the tabs, as computed: rows by heading, in an order of their own.

    Without the percent that the sheet's own formula shows: in what the round counts it is that of the sheet sent, which is blank; in
    a file it is whatever the program that saved it last computed.
    """
    book = load_workbook(path, data_only=True)
    found: dict[str, list[dict[str, Any]]] = {}
    for tab in ("Albero", "Indicatori", "Uffici", "Responsabili", "Prospettive"):
        sheet = book[tab]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        at = next(n for n, row in enumerate(rows) if sum(value is not None for value in row) > 4)
        kept = [(n, name) for n, name in enumerate(rows[at]) if name and name != "% indicata"]
        told = [{name: row[n] for n, name in kept} for row in rows[at + 1 :]]
        found[tab] = sorted((row for row in told if any(value is not None for value in row.values())), key=repr)
    return found


def test_the_register_says_who_did_what(story):
    register = tables(story.home / "registro.xlsx")
    versions = register["Versioni"]
    by_office = {code: [row for row in versions if row["Ufficio"] == code] for code in TWELVE}
    assert {code: len(rows) for code, rows in by_office.items()} == dict.fromkeys(TWELVE, 1) | {
        MISSING: 0, REVISED: 2, TAMPERED: 2, PUBLISHED_WRONG: 2,
    }  # fmt: skip
    assert {code for code, rows in by_office.items() if any(row["Vale"] == "sì" for row in rows)} == TWELVE - {MISSING}
    assert by_office[TWICE][0]["Arrivi"] == 2
    (po2,) = by_office["PO2"]
    assert "Zenobia Po2" in po2["Firmata da"]
    assert "integra" in po2["Firmata da"]
    assert "non verificata" in po2["Firmata da"]
    assert (po2["Secondo"], by_office["U1.1"][0]["Secondo"]) == ("accettazione PEC", "data del messaggio")
    assert mailroom.address("PO2") in po2["Mittente"]
    (tampered,) = (row for row in by_office[TAMPERED] if row["Vale"] != "sì")
    assert "NON INTEGRA" in tampered["Firmata da"]
    assert "D10" in str(tampered)
    assert [row["Vale"] for row in sorted(by_office[REVISED], key=lambda row: row["Quando"])] == ["no", "sì"]
    changed = {(row["Cella"], row["Che cosa"]) for row in register["Differenze"] if row["Ufficio"] == REVISED}
    assert {("L7", "svuotata"), ("K7", "cambiata")} <= changed
    assert {row["Ufficio"]: row["Messaggio"] for row in register["Messaggi"] if row["Messaggio"] == "sollecito"}.keys() == {
        LATE,
        MISSING,
    }
    who = {(row["Evento"], row["Chi"]) for row in register["Cronologia"]}
    assert {
        ("aperto", CONTROLLER),
        ("inviata", CONTROLLER),
        ("ricevuta", ASSISTANT),
        ("chiuso", CONTROLLER),
        ("riaperto", CONTROLLER),
    } <= who
    assert "la PO3 era in malattia" in str(register["Cronologia"])
    receipts = [row for row in register["Cronologia"] if row["Evento"] == "ricevuta pec"]
    assert len(receipts) == 2


def tables(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The tables of a workbook by tab: the last row of headings with what stands below it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet in clerks.opened(path).worksheets:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        at = max(
            (
                n
                for n, row in enumerate(rows)
                if "Ufficio" in row or "Quando" in row or "Versione" in row or "Perché è a parte" in row
            ),
            default=0,
        )
        heading = rows[at]
        found[sheet.title] = [
            {str(name): value for name, value in zip(heading, row, strict=True) if name}
            for row in rows[at + 1 :]
            if sum(value is not None for value in row) > 1
        ]
    return found


def test_the_register_is_a_sound_workbook(story, ooxml_validator, libreoffice):
    assert ooxml_validator(story.home / "registro.xlsx") == []
    assert ooxml_validator(story.home.parent / "uffici-da-compilare.xlsx") == []
    recalculated = libreoffice.recalculated(story.home / "registro.xlsx")["Stato"]
    counts: dict[str, object] = {}
    for row in range(1, 12):  # above the table of the offices
        if str(recalculated.get(f"A{row}", ""))[:1] in set("●◐–○"):
            counts[str(recalculated[f"A{row}"])] = recalculated[f"B{row}"]
    assert counts == dict.fromkeys(SIGNS.values(), 0) | {SIGNS[Standing.ACCEPTED]: 11, SIGNS[Standing.MISSING]: 1}
