"""A message to an office: its texts, its headers, its attachment; what can't be slipped into it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.policy import compat32 as old_library
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from perfxl.errors import RoundError
from perfxl.findings import CATALOGUE
from perfxl.rounds.blocking import BLOCKING
from perfxl.rounds.events import Opened, Received, Sent
from perfxl.rounds.messages import (
    MOST_CORRECTIONS,
    Letter,
    Writing,
    compose,
    corrections,
    header,
    message_id,
    one_line,
    write_letter,
)
from perfxl.rounds.offices import Contact
from perfxl.rounds.settings import Sender
from perfxl.rounds.state import Office, Round, Version
from perfxl.rounds.wording import DEFAULTS, VARIABLES, Kind, read_text, text_path, write_texts

if TYPE_CHECKING:
    from collections.abc import Callable

SENDER = Sender(name="Ufficio Programmazione – qualità", address="controllo@ente.example", reply_to="risposte@ente.example")
WHEN = datetime(2019, 5, 2, 9, 30, tzinfo=UTC)
SHEET = b"PK\x03\x04 questi non sono che byte \x00\xff\n.\r\n..\n"

PROBLEMS = (
    {
        "code": "PX-N014", "severity": "avviso", "title": "Cella bloccata cambiata", "found": "inviato «15», tornato «12»",
        "expected": "il contenuto inviato", "remedy": "Nessuna azione.", "sheet": "Cruscotto", "cell": "D9", "file": "ricevuti/x.xlsx",
    },
    {"code": "PX-N012", "severity": "nota", "title": "Foglio dell'ufficio", "found": "x", "expected": "y", "remedy": "z"},
    {
        "code": "PX-G002", "severity": "errore", "title": "Risultato non leggibile", "found": "circa metà", "expected": "un numero",
        "remedy": "Scrivere il numero.", "sheet": "Cruscotto", "cell": "C12", "file": "ricevuti/0123_risposta.xlsx",
    },
    {
        "code": "PX-N015", "severity": "errore", "title": "Manca la nota", "found": "vuota", "expected": "una nota",
        "remedy": "Scriverla.", "sheet": "Cruscotto", "cell": "H9", "file": "ricevuti/0123_risposta.xlsx",
    },
    {
        "code": "PX-N010", "severity": "errore", "title": "Scheda di un altro giro", "found": "2018", "expected": "2019",
        "remedy": "Rispedire.", "sheet": "", "cell": "", "file": "ricevuti/0123_risposta.xlsx",
    },
)  # fmt: skip


def a_round(body: str = "Camera di Commercio di Massa-Carrara", deadline: str = "2019-05-15") -> Round:
    opened = Opened(
        at="2019-05-01T08:00:00+02:00",
        body=body,
        year=2019,
        period="1° quadrimestre",
        method="massacarrara-2019",
        deadline=deadline,
    )
    return Round(opened=opened)


def an_office(**values: Any) -> Office:
    return Office(**{"code": "U3.1/U3.2", "title": "Servizio certificazioni (S3)", "sha256": "a" * 64, "plan": 1, **values})


def a_letter(folder: Path, kind: Kind = Kind.INVITATION, office: Office | None = None, **values: Any) -> Letter:
    """A letter as the round would write it; `values` changes what the others have in common, or the contact."""
    contact = values.pop("contact", Contact("U3.1/U3.2", "", "Anna D'Àvila", ("anna@ente.example", "ufficio.u3@ente.example")))
    number = values.pop("number", 1)
    sheet = Path(values.pop("sheet", "U3.1-U3.2_monitoraggio_2019.xlsx"))
    writing = Writing(
        **{
            "state": a_round(),
            "sender": SENDER,
            "text": read_text(folder, kind),
            "kind": kind,
            "today": date(2019, 5, 2),
            **values,
        }
    )
    return write_letter(writing, office or an_office(), contact, (sheet, SHEET), number)


def to_correct(problems: tuple[dict[str, str], ...] = PROBLEMS) -> Office:
    arrival = Received(
        at=WHEN.isoformat(), office="U3.1/U3.2", sha256="b" * 64, file="ricevuti/x.xlsx", name="scheda U3 def.xlsx",
        when=WHEN.isoformat(), when_from="data", sender="anna@ente.example",
    )  # fmt: skip
    version = Version("b" * 64, "U3.1/U3.2", "ricevuti/x.xlsx", [arrival], accepted=False, plan=1, problems=problems)
    return an_office(versions=[version])


def travelled(message: EmailMessage) -> EmailMessage:
    """The message as whoever receives it reads it."""
    found = message_from_bytes(message.as_bytes(), policy=SMTP)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


# -- the texts ----------------------------------------------------------------------------------------------------------


def test_the_invitation_says_what_to_do_by_when(tmp_path: Path) -> None:
    letter = a_letter(tmp_path)
    assert letter.subject == "Monitoraggio 2019 1° quadrimestre – scheda da riempire – U3.1/U3.2"
    assert letter.body.startswith(
        "Gentile Anna D'Àvila,\n\nin allegato c'è la scheda di monitoraggio di Servizio certificazioni (S3)"
    )
    assert "U3.1-U3.2_monitoraggio_2019.xlsx" in letter.body
    assert "entro il 15/05/2019." in letter.body
    assert "prende il posto" not in letter.body
    assert letter.body.endswith("Cordiali saluti\nUfficio Programmazione – qualità\n")


def test_a_new_plan_version_is_told_without_its_changes(tmp_path: Path) -> None:
    assert "questa scheda prende il posto di quella inviata" in a_letter(tmp_path, office=an_office(plan=2)).body


def test_what_is_missing_leaves_no_hole(tmp_path: Path) -> None:
    contact = Contact("U3.1/U3.2", addresses=("anna@ente.example",))
    state = a_round(deadline="")
    letter = a_letter(tmp_path, office=an_office(title=""), contact=contact, sender=Sender(), state=state)
    assert letter.body.startswith("Gentile collega,\n\nin allegato c'è la scheda di monitoraggio di U3.1/U3.2 (")
    assert "entro" not in letter.body
    assert "rispedisca in risposta a questo messaggio." in letter.body
    assert letter.body.endswith("Cordiali saluti\nCamera di Commercio di Massa-Carrara\n")


@pytest.mark.parametrize(
    ("today", "words"), [(date(2019, 5, 2), "Il termine è il 15/05/2019."), (date(2019, 5, 16), "Il termine era il 15/05/2019.")]
)
def test_the_reminder_knows_whether_it_is_late(tmp_path: Path, today: date, words: str) -> None:
    letter = a_letter(tmp_path, Kind.REMINDER, today=today)
    assert letter.subject.startswith("Sollecito – ")
    assert words in letter.body


def test_a_reminder_that_left_in_two_goes_is_one(tmp_path: Path) -> None:
    write_texts(tmp_path)
    text_path(tmp_path, Kind.REMINDER).write_text("Oggetto: n. {{ solleciti + 1 }}\nuno\n", encoding="utf-8")
    office = an_office()
    for message, to in (("<1@ente.example>", "a@ente.example"), ("<1@ente.example>", "b@ente.example")):
        office.sent.append(
            Sent(
                at=WHEN.isoformat(), office=office.code, what="sollecito", channel="smtp", addresses=(to,), message_id=message,
                sheet_sha256=office.sha256,
            )
        )  # fmt: skip
    assert a_letter(tmp_path, Kind.REMINDER, office).subject == "n. 2"


def test_corrections_are_listed_cell_by_cell(tmp_path: Path) -> None:
    letter = a_letter(tmp_path, Kind.CORRECTIONS, to_correct())
    told = letter.body.split("cella per cella:\n\n")[1].split("Corregga la scheda")[0]
    assert told == (
        "1. tutta la scheda: Scheda di un altro giro\n   trovato: 2018\n   atteso: 2019\n   che cosa fare: Rispedire.\n\n"
        "2. foglio Cruscotto, cella H9: Manca la nota\n   trovato: vuota\n   atteso: una nota\n   che cosa fare: Scriverla.\n\n"
        "3. foglio Cruscotto, cella C12: Risultato non leggibile\n   trovato: circa metà\n   atteso: un numero\n"
        "   che cosa fare: Scrivere il valore misurato; se non è misurato, N.C. con una nota che dica perché.\n\n"
        "Da sapere, senza che serva correggere:\n\n– foglio Cruscotto, cella D9: Cella bloccata cambiata, inviato «15», tornato «12»\n\n"
    )
    assert "la scheda scheda U3 def.xlsx, arrivata il 02/05/2019" in letter.body
    assert "ricevuti/" not in letter.body
    assert letter.about == "b" * 64


def test_no_remedy_speaks_of_the_office_to_the_office() -> None:
    """The catalogue's remedies are for whoever runs the round; every one that blocks a reply reaches the office."""
    for code in BLOCKING:
        (item,) = corrections([{"code": code, "remedy": CATALOGUE[code].remedy}])
        assert not re.search(r"ufficio|perfxl|rettifiche", item["rimedio"].replace("una scheda per ufficio", "")), code


def test_corrections_are_bounded_and_say_how_many_are_left(tmp_path: Path) -> None:
    many = tuple({**PROBLEMS[2], "cell": f"C{row}", "found": "x" * 5000} for row in range(1, MOST_CORRECTIONS + 31))
    letter = a_letter(tmp_path, Kind.CORRECTIONS, to_correct(many))
    assert letter.body.count("Risultato non leggibile") == MOST_CORRECTIONS
    assert "… e altre 30." in letter.body
    assert len(letter.body) < 200_000


def test_what_an_office_typed_opens_no_line_of_its_own() -> None:
    typed = {**PROBLEMS[2], "found": "uno\r\n\r\nOggetto: due\u2028tre\x00\x1b[31m", "sheet": "Fo\nglio"}
    (told,) = corrections([typed])
    assert told["trovato"] == "uno Oggetto: due tre[31m"
    assert told["foglio"] == "Fo glio"


# -- templates ----------------------------------------------------------------------------------------------------------


def test_templates_are_written_once_and_then_the_controller_s(tmp_path: Path) -> None:
    write_texts(tmp_path)
    assert {path.name for path in (tmp_path / "messaggi").iterdir()} == {"invito.txt", "sollecito.txt", "correzioni.txt"}
    path = text_path(tmp_path, Kind.INVITATION)
    path.write_bytes("\ufeffOggetto: {{ ente }} – così\r\nBuongiorno {{ responsabile }},\r\n.\r\n".encode())
    write_texts(tmp_path)
    letter = a_letter(tmp_path)
    assert letter.subject == "Camera di Commercio di Massa-Carrara – così"
    assert letter.body == "Buongiorno Anna D'Àvila,\n.\n"


@pytest.mark.parametrize("kind", Kind)
def test_the_default_that_is_written_is_the_one_that_is_used(tmp_path: Path, kind: Kind) -> None:
    before = a_letter(tmp_path, kind, to_correct())
    write_texts(tmp_path)
    assert text_path(tmp_path, kind).read_text(encoding="utf-8") == DEFAULTS[kind]
    assert a_letter(tmp_path, kind, to_correct()) == before


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("Oggetto: x\nuno\n{{ uffico }}\n", 3, "«uffico» non è una variabile dei messaggi"),
        ("Oggetto: {{ enti }}\nuno\n", 1, "«enti» non è una variabile"),
        ("Oggetto: x\n{% if scadenza == 'mai' %}\n{{ nascosta }}\n{% endif %}\n", 3, "«nascosta»"),
        ("Oggetto: x\nuno\ndue {{ ufficio }\n", 3, "non è valido («}» non va lì: forse mancano delle graffe)"),
        ("Oggetto: x\n{% if ufficio %}\nuno\n", 3, "non è valido («{% if %}» non è chiuso: manca «{% endif %}»)"),
        ("Oggetto: x\nuno {{ ufficio | grande }}\n", 2, "non è valido (il filtro «grande» non c'è)"),
        ("Oggetto: x\n\n{{ ufficio.codice }}\n", 3, "«codice» non c'è"),
        ("Oggetto: x\nuno\ndue\n{{ giorni / 0 }}\n", 4, "non si può completare (una divisione per zero)"),
        ("Oggetto: x\n{{ ''.__class__.__mro__ }}\n", 2, "non si può completare"),
        ("Oggetto: x\n{{ ente.__init__.__globals__ }}\n", 2, "non si può completare"),
        ("Oggetto: x\n{% include '../giro.toml' %}\n", 2, "non si può completare (un testo non può includere altri file)"),
        ("Oggetto: x\n{{ range(9) }}\n", 2, "«range» non è una variabile"),
        ("Gentile {{ ufficio }}\n", 1, "la prima riga deve essere «Oggetto: …»"),
        ("Oggetto:   \nuno\n", 1, "la prima riga"),
        ("", 1, "la prima riga"),
    ],
)
def test_a_faulty_template_is_one_error_with_file_and_line(tmp_path: Path, source: str, line: int, words: str) -> None:
    write_texts(tmp_path)
    path = text_path(tmp_path, Kind.INVITATION)
    path.write_text(source, encoding="utf-8")
    with pytest.raises(RoundError) as caught:
        a_letter(tmp_path)
    assert caught.value.message.startswith(f"{path}, riga {line}: ")
    assert words in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.path == str(path)


def test_a_template_that_is_not_utf8(tmp_path: Path) -> None:
    write_texts(tmp_path)
    text_path(tmp_path, Kind.INVITATION).write_bytes("Oggetto: è\n".encode("cp1252"))
    with pytest.raises(RoundError, match="non è in UTF-8"):
        a_letter(tmp_path)


def test_every_variable_is_documented(repository: Path) -> None:
    page = (repository / "docs" / "giro-messaggi.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE)) == set(VARIABLES)
    for name, meaning in VARIABLES.items():
        assert f"| `{name}` | {meaning} |" in page


# -- the message --------------------------------------------------------------------------------------------------------


def test_the_message_is_plain_text_and_the_sheet(tmp_path: Path) -> None:
    letter = a_letter(tmp_path)
    message = travelled(compose(letter, SENDER, WHEN))
    assert message.get_content_type() == "multipart/mixed"
    body, sheet = message.iter_parts()
    assert isinstance(body, EmailMessage)
    assert isinstance(sheet, EmailMessage)
    assert body.get_content_type() == "text/plain"
    assert body.get_content().replace("\r\n", "\n") == letter.body
    assert sheet.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert sheet.get_content_disposition() == "attachment"
    assert sheet.get_filename() == "U3.1-U3.2_monitoraggio_2019.xlsx"
    assert sheet.get_content() == SHEET


def test_the_headers_are_these_and_no_others(tmp_path: Path) -> None:
    message = travelled(compose(a_letter(tmp_path), SENDER, WHEN))
    assert message.keys() == ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert [(each.display_name, each.addr_spec) for each in message["From"].addresses] == [
        ("Ufficio Programmazione – qualità", "controllo@ente.example")
    ]
    assert [each.addr_spec for each in message["To"].addresses] == ["anna@ente.example", "ufficio.u3@ente.example"]
    assert [each.addr_spec for each in message["Reply-To"].addresses] == ["risposte@ente.example"]
    assert message["Subject"] == "Monitoraggio 2019 1° quadrimestre – scheda da riempire – U3.1/U3.2"
    assert message["Date"].datetime == WHEN


def test_a_draft_opens_as_unsent_and_needs_no_sender(tmp_path: Path) -> None:
    message = travelled(compose(a_letter(tmp_path, sender=Sender()), Sender(), WHEN, draft=True))
    assert message["X-Unsent"] == "1"
    assert message.keys() == ["X-Unsent", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    assert message["Message-ID"].endswith("@perfxl.invalid>")


def test_it_passes_through_servers_that_know_only_ascii(tmp_path: Path) -> None:
    data = compose(a_letter(tmp_path), SENDER, WHEN).as_bytes()
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998  # RFC 5322, 2.1.1
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", ["Scheda perché – «città».xlsx", "a;b=c,d.xlsx", 'con "virgolette".xlsx', "x" * 180 + ".xlsx"])
def test_names_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    data = compose(a_letter(tmp_path, sheet=name), SENDER, WHEN).as_bytes()
    (_, sheet) = message_from_bytes(data, policy=SMTP).iter_parts()  # type: ignore[attr-defined]
    assert sheet.get_filename() == name
    older = message_from_bytes(data, policy=old_library).get_payload()[1]  # type: ignore[index]
    assert older.get_filename() == name  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "name", ["Rossi, Maria", 'detta "Bice"', "così, perché " * 9 + "così", "à" * 120, "=?utf-8?q?finta?=", "<x@y.example>"]
)
def test_the_sender_s_name_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    sender = Sender(name=name, address="controllo@ente.example")
    data = compose(a_letter(tmp_path, sender=sender), sender, WHEN).as_bytes()
    encoded, found = parseaddr(message_from_bytes(data, policy=old_library)["From"])  # as most programs read it: RFC 2047, 6.1
    assert found == "controllo@ente.example"
    assert str(make_header(decode_header(encoded))) == name


def test_the_subject_comes_back_as_it_was(tmp_path: Path) -> None:
    """Long and accented, as the real titles of Massa-Carrara are."""
    title = (
        "Servizio certificazioni, regolazione del mercato, tutela del consumatore (S3) – Ufficio sanzioni, Regolazione del mercato "
        "(U3.1), Ufficio metrico e controllo prodotti (U3.2): perché così"
    )
    write_texts(tmp_path)
    text_path(tmp_path, Kind.INVITATION).write_text("Oggetto: {{ denominazione }}\n", encoding="utf-8")
    message = compose(a_letter(tmp_path, office=an_office(title=title)), SENDER, WHEN)
    assert travelled(message)["Subject"] == title
    older = message_from_bytes(message.as_bytes(), policy=old_library)
    assert str(make_header(decode_header(older["Subject"]))) == title


BREAKS = ["\n", "\r", "\r\n", "\x00", "\x0b", "\x85", "\u2028", "\u2029", "\ud800"]


@pytest.mark.parametrize("line_end", BREAKS)
def test_a_line_end_in_a_header_is_refused(tmp_path: Path, line_end: str) -> None:
    bad = f"uno{line_end}Bcc: tutti@altrove.example"
    letter = a_letter(tmp_path)
    spoilt: list[Callable[[], object]] = [
        lambda: compose(letter, Sender(name=bad, address="a@b.example"), WHEN),
        lambda: compose(letter, Sender(name="x", address="a@b.example", reply_to=bad), WHEN),
        lambda: compose(a_letter(tmp_path, contact=Contact("U3", addresses=(bad,))), SENDER, WHEN),
        lambda: compose(a_letter(tmp_path, sheet=bad), SENDER, WHEN),
        lambda: header(bad, "oggetto"),
    ]
    for make in spoilt:
        with pytest.raises(RoundError, match="a capo o un carattere di controllo"):
            make()


@pytest.mark.parametrize("line_end", [*BREAKS, "\u00a0", "\t"])
def test_a_title_with_line_ends_stays_in_its_line(tmp_path: Path, line_end: str) -> None:
    write_texts(tmp_path)
    text_path(tmp_path, Kind.INVITATION).write_text("Oggetto: {{ denominazione }}\n{{ responsabile }}\n", encoding="utf-8")
    contact = Contact("U3", "", f"Anna{line_end}Bcc: a@b.example", ("anna@ente.example",))
    letter = a_letter(tmp_path, office=an_office(title=f"Servizio{line_end}Bcc: b@c.example"), contact=contact)
    message = travelled(compose(letter, SENDER, WHEN))
    assert "Bcc" not in message
    assert re.fullmatch(r"Servizio ?Bcc: b@c\.example", message["Subject"])
    assert letter.body.count("\n") == 1


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\U000e0041"])
def test_what_nobody_sees_is_in_no_header(tmp_path: Path, unseen: str) -> None:
    """U+202E turns what follows: `xslx.exe` would read `exe.xlsx`."""
    write_texts(tmp_path)
    text_path(tmp_path, Kind.INVITATION).write_text(f"Oggetto: {{{{ denominazione }}}} {unseen}fine\nuno\n", encoding="utf-8")
    sender = Sender(name=f"Uffi{unseen}cio", address="controllo@ente.example")
    letter = a_letter(tmp_path, office=an_office(title=f"Ser{unseen}vizio"), sheet=f"sche{unseen}da.xlsx", sender=sender)
    assert letter.subject == "Servizio fine"  # as it is shown by trying, too
    message = travelled(compose(letter, sender, WHEN))
    (_, sheet) = message.iter_parts()
    assert isinstance(sheet, EmailMessage)
    assert message["Subject"] == "Servizio fine"
    assert message["From"].addresses[0].display_name == "Ufficio"
    assert sheet.get_filename() == "scheda.xlsx"


def test_a_formula_stays_text(tmp_path: Path) -> None:
    """What looks like a formula or like markup is text in a plain message, and arrives as typed."""
    typed = '=HYPERLINK("http://x.example";"qui") <b>no</b> &amp; {{ ente }}'
    problem = {**PROBLEMS[2], "found": typed}
    letter = a_letter(tmp_path, Kind.CORRECTIONS, to_correct((problem,)))
    message = travelled(compose(letter, SENDER, WHEN))
    assert f"trovato: {typed}" in letter.body
    assert not [part for part in message.walk() if part.get_content_type() == "text/html"]


# -- the identifier -----------------------------------------------------------------------------------------------------


def test_the_same_message_has_the_same_bytes(tmp_path: Path) -> None:
    once, again = (compose(a_letter(tmp_path), SENDER, WHEN).as_bytes() for _ in range(2))
    assert once == again


def test_another_message_has_another_identifier(tmp_path: Path) -> None:
    several = {
        a_letter(tmp_path).message_id,
        a_letter(tmp_path, number=2).message_id,
        a_letter(tmp_path, Kind.REMINDER).message_id,
        a_letter(tmp_path, office=an_office(code="U4.1")).message_id,
        a_letter(tmp_path, office=an_office(sha256="c" * 64)).message_id,
        a_letter(tmp_path, state=a_round(body="Camera di Commercio di Lucca")).message_id,
        a_letter(tmp_path, Kind.CORRECTIONS, to_correct()).message_id,
    }
    assert len(several) == 7
    assert all(re.fullmatch(r"<[0-9a-f]{32}@ente\.example>", each) for each in several)


def test_the_parts_of_an_identifier_don_t_run_into_one_another() -> None:
    assert message_id(a_round(), ("U1", "1"), "") != message_id(a_round(), ("U11", ""), "")


@pytest.mark.parametrize(("text", "line"), [("  uno \t due\u00a0tre\r\n", "uno due tre"), ("\x00", ""), ("è – 5 %", "è – 5 %")])
def test_one_line(text: str, line: str) -> None:
    assert one_line(text) == line
