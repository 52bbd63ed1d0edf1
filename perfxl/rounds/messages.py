"""A message to an office: what the template says of it, its own sheet attached, headers that hold what they should and no more.

Plain text only. Headers are encoded by the standard library (RFC 2047, RFC 2231); a line end in a header's value is refused.
Each message goes to the addresses of one office: nobody is in Cc or Bcc.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perfxl.errors import RoundError
from perfxl.rounds.times import day_of
from perfxl.rounds.wording import Kind, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfxl.rounds.offices import Contact
    from perfxl.rounds.settings import Sender
    from perfxl.rounds.state import Office, Round, Version

MOST_CORRECTIONS = 200
LONGEST_FOUND = 300
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
POLICY = SMTP.clone(refold_source="none")
NO_DOMAIN = "perfxl.invalid"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_UNSEEN = frozenset({"Cf"})  # U+202E and its like turn what follows around; nobody sees them


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to leave. The same message is known by `about` and `problems`.

    `about` is the hash of the sheet that it speaks of, `problems` that of the list of corrections (empty in other messages).
    """

    office: str
    kind: Kind
    addresses: tuple[str, ...]
    subject: str
    body: str
    sheet: Path
    data: bytes
    about: str
    message_id: str
    problems: str = ""

    @property
    def sheet_name(self) -> str:
        """The name of the attachment."""
        return self.sheet.name


@dataclass(frozen=True, slots=True)
class Writing:
    """What all the messages of a run have in common."""

    state: Round
    sender: Sender
    text: Text
    kind: Kind
    today: date


def write_letter(writing: Writing, office: Office, contact: Contact, sheet: tuple[Path, bytes], number: int) -> Letter:
    """The message to an office.

    Args:
        writing: what all the messages have in common.
        office: whose message it is; it has an address and, for corrections, a version with problems.
        contact: whom to write to.
        sheet: path and bytes of the sheet to attach.
        number: which message of its kind about the same sheet it is, from 1.

    Raises:
        RoundError: the template can't be completed.
    """
    path, data = sheet
    subject, body = writing.text.render(_values(writing, office, contact, path.name))
    subject = header(subject, "oggetto")
    about = about_of(office, writing.kind)
    return Letter(
        office.code, writing.kind, contact.addresses, subject, body, path, data, about,
        message_id(writing.state, (office.code, writing.kind, about, str(number)), writing.sender.address),
        problems_of(office, writing.kind),
    )  # fmt: skip


def about_of(office: Office, kind: Kind) -> str:
    """The hash of the sheet that a message speaks of: the reply to correct, else the sheet to fill."""
    if kind is Kind.CORRECTIONS:
        return office.latest.sha256 if office.latest is not None else ""
    return office.sha256


def problems_of(office: Office, kind: Kind) -> str:
    """The hash of what an office is asked to correct, in any order and whatever the words; empty in other messages."""
    if kind is not Kind.CORRECTIONS or office.latest is None:
        return ""
    keys = ("code", "sheet", "cell", "found")
    listed = sorted("\0".join(each.get(key, "") for key in keys) for each in office.latest.to_correct)
    return hashlib.sha256("\n".join(listed).encode("utf-8", "surrogatepass")).hexdigest()


def message_id(state: Round, parts: tuple[str, ...], sender: str) -> str:
    """The same message has the same identifier, in any run: whoever receives it twice sees that it is one."""
    opened = state.opened
    root = (opened.at, opened.body, opened.period) if opened is not None else ()
    digest = hashlib.sha256("\0".join((*root, *parts)).encode()).hexdigest()
    return f"<{digest[:32]}@{sender.rpartition('@')[2] or NO_DOMAIN}>"


def compose(letter: Letter, sender: Sender, when: datetime, *, draft: bool = False) -> EmailMessage:
    """The message as it travels, or as a draft that opens as not sent yet (`X-Unsent: 1`). Every byte of it is ASCII.

    Raises:
        RoundError: a header's value holds a line end or another control character.
    """
    message = EmailMessage(policy=POLICY)
    if draft:
        message["X-Unsent"] = "1"
    if sender.address:
        address, name = str(_address(sender.address, "mittente")), header(sender.name, "nome del mittente")
        message.set_raw("From", f"{_encoded(name, 'From')}\n <{address}>" if name else address)
    message["To"] = tuple(_address(each, "destinatario") for each in letter.addresses)
    if sender.reply_to:
        message["Reply-To"] = _address(sender.reply_to, "indirizzo di risposta")
    message.set_raw("Subject", _encoded(header(letter.subject, "oggetto"), "Subject"))
    message["Date"] = when
    message["Message-ID"] = header(letter.message_id, "identificativo")
    message.set_content(letter.body, cte="quoted-printable")
    message.add_attachment(
        letter.data, maintype=XLSX[0], subtype=XLSX[1], filename=header(letter.sheet_name, "nome dell'allegato")
    )
    message.set_boundary("=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:40])
    return message


def header(value: str, what: str) -> str:
    """A value that stays in its header, and reads as it is written: the characters that nobody sees are taken out.

    Raises:
        RoundError: it holds a line end or another control character.
    """
    if any(unicodedata.category(letter) in _BREAKS for letter in value):
        raise RoundError(f"{what}: «{one_line(value)[:80]}» contiene un a capo o un carattere di controllo, e non può partire.")
    return "".join(letter for letter in value if unicodedata.category(letter) not in _UNSEEN)


def one_line(text: str) -> str:
    """A text without line ends, control characters and those that nobody sees: what people typed in a cell can't open a line of its own."""
    return " ".join("".join(" " if each.isspace() else each for each in text if each.isspace() or _harmless(each)).split())


def _harmless(letter: str) -> bool:
    return unicodedata.category(letter) not in _BREAKS | _UNSEEN


def _address(address: str, what: str) -> Address:
    return Address(addr_spec=header(address, what))


def _encoded(text: str, name: str) -> str:
    """A text as encoded words, folded. The newer machinery of the library loses blanks between them in long texts."""
    return Header(text, "utf-8", header_name=name, maxlinelen=76).encode()


def _values(writing: Writing, office: Office, contact: Contact, sheet: str) -> dict[str, Any]:
    opened, deadline, version = writing.state.opened, writing.state.deadline, office.latest
    correcting = writing.kind is Kind.CORRECTIONS and version is not None
    found, others = _findings(version) if correcting and version is not None else ([], [])
    values: dict[str, Any] = {
        "ente": opened.body if opened else "",
        "anno": str(opened.year or "") if opened else "",
        "periodo": opened.period if opened else "",
        "scadenza": f"{deadline:%d/%m/%Y}" if deadline else "",
        "giorni": (deadline - writing.today).days if deadline else "",
        "oggi": f"{writing.today:%d/%m/%Y}",
        "ufficio": office.code,
        "denominazione": office.title,
        "responsabile": contact.person,
        "mittente": writing.sender.name,
        "rispondi_a": writing.sender.reply_to or writing.sender.address,
        "scheda": sheet,
        "versione": office.plan,
        "solleciti": office.reminders(office.sha256),
        "ricevuta": version.name if correcting and version is not None else "",
        "ricevuta_il": f"{day_of(version.when):%d/%m/%Y}" if correcting and version is not None else "",
        "correzioni": found[:MOST_CORRECTIONS],
        "altre_correzioni": max(len(found) - MOST_CORRECTIONS, 0),
        "avvisi": others[:MOST_CORRECTIONS],
    }
    return {name: one_line(value) if isinstance(value, str) else value for name, value in values.items()}


def _findings(version: Version) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What the office must correct, and what it should know (notes are left out: there is nothing to do about them)."""
    return corrections(version.to_correct), corrections(each for each in version.remarks if each.get("severity") != "nota")


TO_THE_OFFICE = {
    "PX-G002": "Scrivere il valore misurato; se non è misurato, N.C. con una nota che dica perché.",
    "PX-G003": "Scrivere la data vera, oppure svuotare la cella: così com'è vale come non misurato.",
    "PX-G004": "Scrivere il valore misurato, o la percentuale di realizzazione; le parole vanno nella colonna Note.",
    "PX-G005": "Scrivere il risultato nella stessa unità del target; se è il target a non andare bene, dircelo.",
    "PX-M015": "Firmare di nuovo la scheda e rispedirla, senza più toccarla: dopo la firma qualcosa è cambiato.",
    "PX-N011": "Riempire la scheda allegata, che è quella in vigore, e rispedirla.",
    "PX-N013": "Rimettere la riga, o riempire la scheda allegata.",
    "PX-N018": "Riempire la scheda allegata, senza togliere fogli.",
    "PX-N026": "Riempire la scheda allegata e rispedirla: quella arrivata non si riesce a leggere fino in fondo.",
    "PX-N028": "Dirci quale delle due schede vale, e rispedire soltanto quella.",
    "PX-N045": "Riportare i risultati nella scheda inviata, una scheda per ufficio, e rispedirla.",
    "PX-V003": "Verificare il risultato: con il target indicato non si può confrontare.",
}
"""What to do, said to the office: the catalogue's own words are for whoever runs the round."""


def corrections(problems: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Findings as an office reads them: what concerns the whole sheet first, then cell by cell. The file's path stays out."""
    return [
        {
            "numero": str(number),
            "foglio": one_line(each.get("sheet", "")),
            "cella": one_line(each.get("cell", "")),
            "che_cosa": one_line(each.get("title", "")),
            "trovato": one_line(each.get("found", ""))[:LONGEST_FOUND],
            "atteso": one_line(each.get("expected", "")),
            "rimedio": one_line(TO_THE_OFFICE.get(each.get("code", ""), each.get("remedy", ""))),
        }
        for number, each in enumerate(sorted(problems, key=_place), start=1)
    ]


def _place(problem: Mapping[str, str]) -> tuple[str, int, int, str]:
    found = _CELL.fullmatch(problem.get("cell", ""))
    if found is None:
        return ("", 0, 0, problem.get("sheet", ""))
    return (problem.get("sheet", ""), int(found[2]), len(found[1]), found[1])
