"""Messages saved by Outlook."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

import pytest

from mail.compound import MAGIC, Attached, Mail, compound
from mail.parcels import SENT, codes, held, letter, mark, zipped
from perfxl.mail import unwrap


def test_a_message(sheet, other):
    mail = Mail(
        sender="/O=ENTE/OU=EXCHANGE/CN=BILANCIO",
        smtp="Bilancio@ente.example",
        sent=SENT.astimezone(UTC),
        message_id="<uno@ente.example>",
        attached=[Attached("Scheda attività U1.xlsx", sheet), Attached("PO2.zip", zipped(("PO2.xlsx", other)))],
    )
    found = unwrap("posta.msg", bytes(mail))
    assert [(each.name, mark(each.data), each.chain) for each in found.sheets] == [
        ("Scheda attività U1.xlsx", mark(sheet), ("posta.msg",)),
        ("PO2.xlsx", mark(other), ("posta.msg", "PO2.zip")),
    ]
    assert {(each.sender, each.sent_at, each.when_from) for each in found.sheets} == {("bilancio@ente.example", SENT, "data")}
    assert {each.message_id for each in found.sheets} == {"<uno@ente.example>"}
    assert codes(found.problems) == ["PX-M010"]


def test_the_headers_of_the_transport_come_first(sheet):
    headers = (
        f"From: =?utf-8?Q?Qualit=C3=A0?= <q@ente.example>\r\nDate: {SENT:%a, %d %b %Y %H:%M:%S %z}\r\nMessage-ID: <due@x>\r\n"
    )
    mail = Mail(sender="x", sent=datetime(2019, 1, 1, tzinfo=UTC), headers=headers, attached=[Attached("U1.xlsx", sheet)])
    (one,) = unwrap("m.msg", bytes(mail)).sheets
    assert (one.sender, one.sent_at, one.message_id) == ("q@ente.example", SENT, "<due@x>")


def test_a_message_in_a_message(sheet):
    inner = Mail(sender="u1@ente.example", sent=SENT.astimezone(UTC), subject="Scheda U1", attached=[Attached("U1.xlsx", sheet)])
    middle = Mail(sender="capo@ente.example", subject="I: Scheda", attached=[Attached("", inner)])
    found = unwrap("m.msg", bytes(Mail(attached=[Attached("", middle)], sent=(SENT + timedelta(days=1)).astimezone(UTC))))
    (one,) = found.sheets
    assert (mark(one.data), one.sender, one.sent_at) == (mark(sheet), "u1@ente.example", SENT)
    assert one.chain == ("m.msg", "I: Scheda.msg", "Scheda U1.msg")


def test_an_eml_in_a_msg_and_the_other_way_round(sheet):
    eml = bytes(letter(("U1.xlsx", sheet)))
    assert held(unwrap("m.msg", bytes(Mail(attached=[Attached("posta.eml", eml)])))) == [mark(sheet)]
    msg = bytes(Mail(attached=[Attached("U1.xlsx", sheet)]))
    assert held(unwrap("m.eml", bytes(letter(("posta.msg", msg))))) == [mark(sheet)]


def test_a_workbook_in_a_message_does_not_make_it_a_workbook(sheets):
    """Both are OLE containers; the one that is told is the outer one."""
    found = unwrap("m.msg", bytes(Mail(attached=[Attached("U1.xls", sheets["xls"])])))
    assert [(each.name, mark(each.data)) for each in found.sheets] == [("U1.xls", mark(sheets["xls"]))]


def test_forty_attachments(sheet):
    mail = Mail(attached=[Attached(f"{number}.xlsx", sheet) for number in range(40)])
    assert [each.name for each in unwrap("m.msg", bytes(mail)).sheets] == [f"{number}.xlsx" for number in range(40)]


def test_the_short_name_where_there_is_no_other(sheet):
    found = unwrap("m.msg", bytes(Mail(attached=[Attached("SCHEDA~1.XLS", sheet, short=True), Attached("", sheet)])))
    assert [each.name for each in found.sheets] == ["SCHEDA~1.XLS", "allegato"]


def test_an_attachment_that_is_only_a_path():
    found = unwrap("m.msg", bytes(Mail(attached=[Attached("\\\\server\\fogli\\U1.xlsx", linked=True)])))
    assert codes(found.problems) == ["PX-M021", "PX-M010"]
    assert "collegamento" in found.problems[0].finding.found


def test_no_attachment():
    assert codes(unwrap("m.msg", bytes(Mail())).problems) == ["PX-M009", "PX-M010"]


# -- damaged and hostile -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_truncated(sheet, share):
    data = bytes(Mail(attached=[Attached("U1.xlsx", sheet)]))
    found = unwrap("m.msg", data[: int(len(data) * share)])
    assert found.sheets == ()
    assert set(codes(found.problems)) <= {"PX-M002", "PX-M005"}
    assert found.problems


def test_streams_that_share_their_sectors(sheet):
    """A hundred attachments, one place on the disk: together they'd be a hundred times the file."""
    attached = [Attached("U1.xlsx", sheet), *(Attached(f"{number}.xlsx", b"x") for number in range(99))]
    data = bytearray(bytes(Mail(attached=attached)))
    name = "__substg1.0_37010102".encode("utf-16-le")
    places = [at for at in range(0, len(data), 128) if data[at : at + len(name)] == name]
    assert len(places) == 100
    assert held(unwrap("m.msg", bytes(data))) == [mark(sheet)]
    for at in places:
        data[at + 116 : at + 128] = data[places[0] + 116 : places[0] + 128]
    found = unwrap("m.msg", bytes(data))
    assert (found.sheets, codes(found.problems)) == ((), ["PX-M005"])


def test_tables_that_go_round_in_a_circle(sheet):
    """A chain of sectors that comes back to itself, and a size of terabytes: olefile would follow it to the end."""
    data = bytearray(bytes(Mail(attached=[Attached("U1.xlsx", sheet)])))
    name = "__substg1.0_37010102".encode("utf-16-le")
    at = next(at for at in range(0, len(data), 128) if data[at : at + len(name)] == name)
    struct.pack_into("<Q", data, at + 120, 2**31 - 1)
    assert codes(unwrap("m.msg", bytes(data)).problems) == ["PX-M002"]
    for offset in (0x2C, 0x40, 0x48):
        wrong = bytearray(bytes(Mail(attached=[Attached("U1.xlsx", sheet)])))
        struct.pack_into("<I", wrong, offset, 2**32 - 2)
        assert codes(unwrap("m.msg", bytes(wrong)).problems) == ["PX-M002"]


def test_containers_of_other_programs():
    for name, nature in (("WordDocument", "un documento Word"), ("Altro", "un documento di un altro programma")):
        found = unwrap("x.doc", compound({name: b"x" * 5000}))
        assert [each.finding.found for each in found.problems] == [f"«x.doc»: {nature}"]


def test_workbooks_with_a_password():
    locked = compound({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y"})
    records = struct.pack("<HHIHHII", 0x809, 16, 0x600, 0, 0, 0, 0)[:20] + struct.pack("<HH", 0x2F, 54) + bytes(54)
    for data in (locked, compound({"Workbook": records + bytes(5000)})):
        assert codes(unwrap("U1.xlsx", data).problems)[0] == "PX-M003"


def test_a_container_with_nothing_in_it():
    assert codes(unwrap("x.msg", MAGIC + bytes(504)).problems) == ["PX-M002"]
