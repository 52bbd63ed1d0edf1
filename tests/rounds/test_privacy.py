"""Each recipient gets the rows assigned to it and nobody else's: every part of every file that leaves is opened and searched.

Whose an indicator is, is taken from the published dashboards (Massa-Carrara 2019, Allegati 2 and 3, as transcribed in the golden
tables), not from what perfxl makes of them.
"""

from __future__ import annotations

import html
import io
import re
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from perfxl.cli.giro_invia import DRAFTS, channel_maker
from perfxl.model import RowLevel
from perfxl.readers import read_workbook
from perfxl.rounds import Journal
from perfxl.rounds.folder import SETTINGS
from perfxl.rounds.messages import compose
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.send import Order, dispatch, mailing
from perfxl.rounds.settings import load_settings
from perfxl.rounds.wording import Kind
from rounds import mailroom
from rounds.mailroom import EIGHT, IN_TIME, address, person, replied, state_of
from rounds.searching import plain, searched

PEOPLE = ("PO2", "PO3", "PO4", "PO5")
ALL = (*EIGHT, *PEOPLE)
BODY_DASHBOARD = "ENTE e trasversali"
SHORTEST = 8  # shorter texts (`n.`, `3`) are nobody's in particular
MARKER = "RISERVATO"
CODE = re.compile(r"(?<![\d.])[os0]\d\.\d\.\d-[a-z](?![\w-])")  # sheets print a zero for the letter, too
Golden = Callable[[str], list[dict[str, str]]]


@dataclass(frozen=True)
class Ownership:
    """What the published documents give to one respondent, and what only to others."""

    own: frozenset[str]
    codes: frozenset[str]
    texts: frozenset[str]


@pytest.fixture(scope="session")
def ownership(golden: Golden) -> dict[str, Ownership]:
    """By respondent."""
    rows = golden("massacarrara-2019/dashboards")
    planned = golden("massacarrara-2019/indicators")
    found = {}
    for office in ALL:
        mine = [row for row in rows if row["dashboard"] == (BODY_DASHBOARD if office == "ENTE" else office)]
        own = {row["code_normalised"] for row in mine if row["row_type"] == "indicatore"}
        assert own, office
        kept = " ¦ ".join(plain(row[key]) for row in mine for key in ("cell_text", "text", "algorithm_text"))
        kept += " ¦ ".join(plain(row["text"] + " " + row["algorithm_text"]) for row in planned if row["code_normalised"] in own)
        others = [row for row in planned if row["code_normalised"] not in own]
        codes = {plain(row["code_normalised"]) for row in others}
        assert {code for code in codes if not CODE.fullmatch(code)} == {
            f"2.1.1-obiettivo-{n}" for n in (1, 2, 3)
        }  # by their text
        texts = {plain(row[key]) for row in others for key in ("text", "algorithm_text")}
        found[office] = Ownership(
            frozenset(own),
            frozenset(codes),
            frozenset(text for text in texts if len(text) >= SHORTEST and text not in kept),
        )
    return found


@pytest.fixture(scope="session")
def dashboards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published dashboards, in which every result, and a cell beside it, hold a mark of their own."""
    folder = tmp_path_factory.mktemp("dashboards")
    marks = 0
    for file in sorted(mailroom.DASHBOARDS.glob("*.xlsx")):
        rows = [row for sheet in read_workbook(file).sheets for row in sheet.rows if row.level is RowLevel.INDICATOR]
        with warnings.catch_warnings(action="ignore"):  # what openpyxl doesn't keep of it doesn't matter here
            book = load_workbook(file)
        for row in rows:
            assert row.ref is not None
            book[row.ref.sheet].cell(row.ref.row, 3, f"{MARKER} {file.stem} {row.code}")
            book[row.ref.sheet].cell(row.ref.row, 12, f"{MARKER} nota {file.stem} {row.code}")
            marks += 1
        book.save(folder / file.name)
    assert marks == 121  # the rows of the published dashboards
    return folder


@pytest.fixture(scope="session", params=["il primo piano", "il piano rivisto"])
def giro(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, dashboards: Path) -> Path:
    """A round with people, in which every message has been written; with its first plan, or with another in its place."""
    folder = tmp_path_factory.mktemp("riservatezza") / "giro"
    first = Opening(
        (str(mailroom.PLAN),), dashboards=(str(dashboards),), period=mailroom.PERIOD, deadline=mailroom.DEADLINE, people=True
    )
    done = open_round(folder, first)
    mailroom.write_addresses(folder, done.state)
    (folder / SETTINGS).write_text(mailroom.SENDER, encoding="utf-8")
    if request.param == "il piano rivisto":
        assert len(drafted(folder, Kind.INVITATION)) == len(ALL)
        revised = mailroom.revision(tmp_path_factory.mktemp("rivisto"))
        open_round(folder, replace(revised, dashboards=(str(dashboards),)))
    for kind in (Kind.INVITATION, Kind.REMINDER):
        assert len(drafted(folder, kind)) == len(ALL)
    for office in ALL:
        problem = {"code": "PX-G002", "severity": "errore", "title": "Risultato non leggibile", "found": f"circa {office}",
                   "expected": "un numero", "remedy": "Scrivere il numero.", "sheet": "Cruscotto", "cell": "C12"}  # fmt: skip
        replied(folder, office, accepted=False, problems=(problem,))
    assert len(drafted(folder, Kind.CORRECTIONS)) == len(ALL)
    return folder


def drafted(folder: Path, kind: Kind) -> list[Any]:
    return dispatch(folder, Order(kind, today=IN_TIME), channel_maker(str(folder), DRAFTS)).sent


def leaks(data: bytes, name: str, office: str, ownership: Ownership) -> list[str]:
    """What a file holds that belongs only to others: the place and the thing."""
    others = [plain(word) for other in ALL if other != office for word in (address(other), person(other))]
    found = []
    for text, where in searched(data, name).items():
        found += [f"{where}: «{secret}»" for secret in (*ownership.texts, *others, plain(MARKER)) if secret in text]
        printed = {"o" + code[1:] if code[0] == "0" else code for code in CODE.findall(text)}
        found += [f"{where}: {code}" for code in printed & ownership.codes]
    return found


def sheet_of(giro: Path, office: str) -> Path:
    return giro / state_of(giro).offices[office].file


def letters_of(giro: Path, office: str) -> list[Path]:
    return sorted((giro / "messaggi").glob(f"{office.replace('/', '-')}_*.eml"))


# -- the files that leave -----------------------------------------------------------------------------------------------


def test_the_round_has_a_sheet_and_three_messages_for_each(giro: Path) -> None:
    state = state_of(giro)
    assert tuple(state.offices) == ALL
    assert {path.suffix for path in (giro / "messaggi").iterdir() if path.is_file()} == {".eml", ".txt"}
    assert sum(len(letters_of(giro, office)) for office in ALL) == len(list((giro / "messaggi").glob("*.eml"))) == 3 * len(ALL)
    assert len(list((giro / "schede").rglob("*.xlsx"))) == len(state.plans) * len(ALL)
    assert {office.plan for office in state.offices.values()} == {len(state.plans)}


@pytest.mark.parametrize("office", ALL)
def test_a_sheet_holds_its_own_rows_and_nobody_else_s(giro: Path, ownership: dict[str, Ownership], office: str) -> None:
    path, mine = sheet_of(giro, office), ownership[office]
    rows = [row for sheet in read_workbook(path).sheets for row in sheet.rows if row.level is RowLevel.INDICATOR]
    assert {row.code for row in rows} == mine.own
    assert all(row.result.empty for row in rows)
    assert len(mine.texts) > 40
    assert leaks(path.read_bytes(), path.name, office, mine) == []


@pytest.mark.parametrize("office", ALL)
def test_a_message_goes_to_its_own_recipient_with_its_own_sheet(giro: Path, ownership: dict[str, Ownership], office: str) -> None:
    for path in letters_of(giro, office):
        data = path.read_bytes()
        message: Any = message_from_bytes(data, policy=SMTP)
        assert [each.addr_spec for each in message["To"].addresses] == [address(office)]
        assert {"Cc", "Bcc", "Resent-To", "Sender", "X-Original-To"}.isdisjoint(message.keys())
        (sheet,) = message.iter_attachments()
        assert sheet.get_content() == sheet_of(giro, office).read_bytes()
        assert leaks(data, path.name, office, ownership[office]) == []


@pytest.mark.parametrize("kind", Kind)
def test_what_travels_is_what_the_draft_says(giro: Path, ownership: dict[str, Ownership], kind: Kind) -> None:
    """The message that a server gets: nobody of the others, in any header either."""
    sender = load_settings(giro).sender
    letters = mailing(giro, Order(kind, ALL, again=True, today=IN_TIME)).letters
    assert [letter.office for letter in letters] == ([] if kind is Kind.REMINDER else list(ALL))
    for letter in letters:
        data = compose(letter, sender, datetime(2019, 5, 2, tzinfo=UTC)).as_bytes()
        assert leaks(data, "posta.eml", letter.office, ownership[letter.office]) == []


def test_a_recipient_isn_t_told_of_the_others_in_the_journal_s_own_words(giro: Path) -> None:
    for event in Journal(giro).events():
        if event.kind == "inviata":
            assert event.addresses == (address(event.office),)  # type: ignore[attr-defined]


# -- the search itself --------------------------------------------------------------------------------------------------


def _saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _hidden_sheet(book: Workbook, secret: str) -> None:
    book.create_sheet("n").sheet_state = "veryHidden"
    book["n"]["Z99"] = secret


def _defined_name(book: Workbook, secret: str) -> None:
    book.defined_names["n"] = DefinedName("n", attr_text=f'"{secret}"')


def _validation(book: Workbook, secret: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    book.worksheets[0].add_data_validation(DataValidation(type="list", sqref="A1", prompt=secret, showInputMessage=True))


def _property(book: Workbook, secret: str) -> None:
    book.properties.keywords = secret


def _custom_property(book: Workbook, secret: str) -> None:
    book.custom_doc_props.append(StringProperty(name="n", value=secret))


def _comment(book: Workbook, secret: str) -> None:
    book.worksheets[0]["A1"].comment = Comment(secret, "n")


def _cell(book: Workbook, secret: str) -> None:
    book.worksheets[0]["B2"] = secret


def _footer(book: Workbook, secret: str) -> None:
    book.worksheets[0].oddFooter.left.text = secret


def _formula(book: Workbook, secret: str) -> None:
    book.worksheets[0]["B2"] = f'=IF(A1="{secret}",1,0)'


def _part(name: str, write: Callable[[str], bytes]) -> Callable[[bytes, str], bytes]:
    """Another part in the package."""

    def add(data: bytes, secret: str) -> bytes:
        target = io.BytesIO(data)
        with zipfile.ZipFile(target, "a") as archive:
            archive.writestr(name, write(secret))
        return target.getvalue()

    return add


def _nested(secret: str) -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.txt", secret)
    return inner.getvalue()


def _letter(secret: str) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content(f"così: {secret}", cte="base64")
    return message.as_bytes()


IN_BOOK = {
    "hidden sheet": _hidden_sheet, "defined name": _defined_name, "validation": _validation, "property": _property,
    "custom property": _custom_property, "comment": _comment, "cell": _cell, "footer": _footer, "formula": _formula,
}  # fmt: skip
IN_PACKAGE = {
    "cached value": _part("xl/worksheets/extra.xml", lambda secret: f"<c><f>1</f><v>{html.escape(secret)}</v></c>".encode()),
    "broken runs": _part("xl/runs.xml", lambda secret: f"<r>{html.escape(secret[:5])}</r><r>{html.escape(secret[5:])}</r>".encode()),
    "binary part": _part("xl/vbaProject.bin", lambda secret: b"\0\1" + secret.encode("utf-16-le")),
    "archive in it": _part("xl/embeddings/x.bin", _nested),
    "message in it": _part("xl/embeddings/x.eml", _letter),
    "part's name": lambda data, secret: _part(f"xl/{secret}.xml", lambda _: b"")(data, secret),
}  # fmt: skip


@pytest.mark.parametrize("secret", ["text", "code", "address", "person", "marker"])
@pytest.mark.parametrize("place", [*IN_BOOK, *IN_PACKAGE])
def test_the_search_finds_what_is_hidden(ownership: dict[str, Ownership], place: str, secret: str) -> None:
    mine = ownership["U1.1"]
    words = {
        "text": "Predisposizione Rapporto Economia Intermedio", "code": "O1.1.1-a", "address": address("ISR"),
        "person": person("ISR"), "marker": f"{MARKER} ISR",
    }[secret]  # fmt: skip
    book = Workbook()
    if place in IN_BOOK:
        IN_BOOK[place](book, words)
        data = _saved(book)
    else:
        data = IN_PACKAGE[place](_saved(book), words)
    assert leaks(_saved(Workbook()), "scheda.xlsx", "U1.1", mine) == []
    assert leaks(data, "scheda.xlsx", "U1.1", mine)


@pytest.mark.parametrize(
    "header", ["Cc: posta.isr@uffici.example", "X-Altro: =?utf-8?b?UG9zdGEuSVNSQHVmZmljaS5leGFtcGxl?=", "Subject: O1.1.1-a"]
)
def test_the_search_reads_headers(ownership: dict[str, Ownership], header: str) -> None:
    assert leaks(f"{header}\r\n\r\nx".encode(), "posta.eml", "U1.1", ownership["U1.1"])


def test_the_search_finds_another_office_s_whole_sheet(giro: Path, ownership: dict[str, Ownership]) -> None:
    for office in ALL:
        for other in ALL:
            found = leaks(sheet_of(giro, other).read_bytes(), "x.xlsx", office, ownership[office])
            assert bool(found) == bool(ownership[other].own - ownership[office].own), (office, other)
