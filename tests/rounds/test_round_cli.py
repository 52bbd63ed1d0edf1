"""`perfxl giro raccogli`, `stato`, `chiudi`, `riapri` as a person runs them: what they say, how they end, what the register shows."""

from __future__ import annotations

import json
import os
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from perfxl.cli.app import cli
from perfxl.errors import RoundError
from perfxl.rounds import Journal
from perfxl.rounds import told as told_by
from perfxl.rounds.collect import collect
from perfxl.rounds.events import Received, now
from perfxl.rounds.items import files_of
from perfxl.rounds.offices import Contact
from perfxl.rounds.register import _in_time, _signature
from perfxl.rounds.settings import DEFAULT, load_settings
from perfxl.rounds.state import Version
from rounds import clerks, mailroom
from rounds.replies import changed, day, item, letter, reply, zipped
from rounds.test_round_collect import unmarked

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

OFFICE = "U1.1"


def giro(*arguments: Any) -> Result:
    return CliRunner().invoke(cli, ["giro", *map(str, arguments)])


def told_state(home: Path) -> Any:
    return told_by(Journal(home).events())


def laid(folder: Path, **files: bytes) -> Path:
    """Files in a folder, saved on the twentieth of May."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        os.utime(path, (day(20).timestamp(),) * 2)
    return folder


def register(home: Path) -> dict[str, list[list[Any]]]:
    """The cells of the register, tab by tab."""
    book = load_workbook(home / "registro.xlsx")
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def rows_of(tab: list[list[Any]], first: str) -> list[dict[str, Any]]:
    """The rows under the heading row that begins so."""
    at = next(number for number, row in enumerate(tab) if row[0] == first)
    return [dict(zip(tab[at], row, strict=True)) for row in tab[at + 1 :] if any(cell is not None for cell in row)]


# -- raccogli --------------------------------------------------------------------------------------------------------------


def test_what_arrived_is_said_office_by_office(new_round, tmp_path):
    home = new_round()
    good, wrong = reply(home, OFFICE), reply(home, "U2.1", {"C6": "quasi", "C7": "boh", "J8": None, "C8": 0})
    post = laid(
        tmp_path / "posta", **{
            "1.eml": letter(good, day(2), name="U1.1.xlsx"), "2.zip": zipped(good), "3.xlsx": wrong, "4.pdf": b"%PDF-1.4",
            "5.xlsx": unmarked(reply(home, "U0.1")),
        },
    )  # fmt: skip
    done = giro("raccogli", home, post, "--chi", "Maria")
    assert done.exit_code == 1
    said = done.stdout
    assert "5 elementi letti: 3 schede nuove, 1 già arrivata, 0 ricevute PEC, 1 senza scheda." in said
    assert "– U1.1 ● accettata U1.1.xlsx" in said
    assert "– U2.1 ◐ da correggere 3.xlsx" in said
    assert re.search(r"Cruscotto C6: .* – O?S?.*«?quasi", said)
    assert re.search(r"– da attribuire: 5\.xlsx \(impronta [0-9a-f]{12}\)", said)
    assert "– senza scheda: " in said
    assert "u@ente.example" not in said  # addresses stand in the register, not on the screen
    assert {event["by"] for event in map(json.loads, (home / "eventi.jsonl").read_text(encoding="utf-8").splitlines()[10:])} == {
        "Maria"
    }


def test_collected_again_there_is_nothing_to_say_and_nothing_wrong(new_round, tmp_path):
    home = new_round()
    post = laid(tmp_path / "posta", **{"a.xlsx": reply(home, OFFICE)})
    assert giro("raccogli", home, post).exit_code == 0
    again = giro("raccogli", home, post)
    assert again.exit_code == 0
    assert "0 schede nuove, 1 già arrivata" in again.stdout


def test_attributing_and_accepting(new_round, tmp_path):
    home = new_round()
    post = laid(
        tmp_path / "posta", **{"Copia.xlsx": unmarked(reply(home, OFFICE)), "b.xlsx": reply(home, "U2.1", {"C6": "quasi"})}
    )
    assert giro("raccogli", home, post).exit_code == 1
    done = giro("raccogli", home, "--attribuisci", "Copia.xlsx=U1.1", "--accetta", "U2.1=dato = stimato", "--chi", "Ugo")
    assert done.exit_code == 0, done.output
    assert "– U1.1 ● accettata Copia.xlsx" in done.stdout
    versions = rows_of(register(home)["Versioni"], "Ufficio")
    assert {row["Ufficio"]: (row["Vale"], row["Esito"]) for row in versions} == {
        "U1.1": ("sì", "● accettata"), "U2.1": ("sì", "● accettata a mano: dato = stimato"),
    }  # fmt: skip


def test_a_sheet_attributed_by_mistake_is_put_aside_again(new_round, tmp_path):
    home = new_round()
    post = laid(tmp_path / "posta", **{"odg.xlsx": unmarked(reply(home, OFFICE)), "b.xlsx": reply(home, "U2.1", {"C6": "quasi"})})
    giro("raccogli", home, post)
    assert giro("raccogli", home, "--attribuisci", "odg.xlsx=U0.1").exit_code == 1
    accepted = giro("raccogli", home, "--accetta", "U2.1=dato stimato")
    assert "– U2.1 ● accettata a mano (dato stimato) b.xlsx" in accepted.stdout
    back = giro("raccogli", home, "--attribuisci", "odg.xlsx=nessuno")
    assert back.exit_code == 0, back.output
    state = told_state(home)
    assert (state.offices["U0.1"].versions, state.unattributed) == ([], [])
    (aside,) = rows_of(register(home)["A parte"], "Perché è a parte")
    assert (aside["Perché è a parte"], aside["Nome"]) == ("di nessun ufficio", "odg.xlsx")
    assert giro("raccogli", home, post).exit_code == 0  # what somebody said isn't guessed again
    assert not told_state(home).offices["U0.1"].versions


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "indicare almeno un PERCORSO"),
        (("--attribuisci", "Copia.xlsx"), "--attribuisci vuole SCHEDA=UFFICIO"),
        (("--accetta", "U1.1="), "--accetta vuole UFFICIO=MOTIVO"),
        (("--attribuisci", "manca.xlsx=U1.1"), "indica 0 schede"),
        (("--imap",), "manca la sezione [imap]"),
        (("non-c-e",), "«non-c-e» non esiste"),
    ],
)
def test_wrong_usage_is_one_line(new_round, arguments, words):
    done = giro("raccogli", new_round(), *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_without_a_round_stays_as_it_is(tmp_path):
    for arguments in (
        ("raccogli", tmp_path, tmp_path),
        ("stato", tmp_path),
        ("chiudi", tmp_path),
        ("riapri", tmp_path, "--motivo", "x"),
    ):
        done = giro(*arguments)
        assert done.exit_code == 2
        assert "non c'è nessun giro" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_another_command_at_work_is_said(new_round, tmp_path):
    from perfxl.rounds import Journal

    home = new_round()
    post = laid(tmp_path / "posta", **{"a.xlsx": reply(home, OFFICE)})
    with Journal(home).lock():
        done = giro("raccogli", home, post)
    assert done.exit_code == 2
    assert "un altro comando sta lavorando" in done.stderr


def test_the_authorities_of_the_settings_are_asked(new_round, tmp_path, authority):
    home = new_round()
    (home / "autorita.pem").write_bytes(Path(authority.certificate).read_bytes())
    (home / "giro.toml").write_text('ca_bundle = "autorita.pem"\n' + mailroom.SENDER, encoding="utf-8")
    signed = authority.signed(reply(home, OFFICE), authority.person("Maria Rossi", "TINIT-RSSMRA70A41F023X"))
    assert giro("raccogli", home, laid(tmp_path / "posta", **{"a.xlsx.p7m": signed})).exit_code == 0
    (row,) = rows_of(register(home)["Versioni"], "Ufficio")
    assert re.fullmatch(r"Maria Rossi il \d\d/\d\d/\d{4} \d\d:\d\d \(integra; fiducia verificata\)", row["Firmata da"])


# -- where replies are looked for ------------------------------------------------------------------------------------------


def test_replies_may_lie_in_the_round_s_own_folder(new_round):
    """In a folder of theirs: the round's own files are no replies, the envelopes either, unless they are asked for."""
    home = new_round()
    laid(home / "posta" / "maggio", **{"a.eml": letter(reply(home, OFFICE), day(2)), "~$a.xlsx": b"x", "desktop.ini": b"x"})
    assert [item.name for item in files_of([home], home)] == ["a.eml"]
    assert giro("raccogli", home, home).exit_code == 0
    assert [item.name for item in files_of([home], home)] == ["a.eml"]
    kept = [item.name for item in files_of([home / "buste"], home)]
    assert [name[17:] for name in kept] == ["a.eml"]
    assert len([*files_of([home.parent], home)]) == 1


def test_an_mbox_is_its_messages(tmp_path, round_template):
    first, second = letter(b"uno", day(2), name="a.txt"), letter(b"due", day(3), name="b.txt")
    quoted = b"Subject: prova\n\n>From Roma con amore\n>>From capo\n"
    box = tmp_path / "posta.mbox"
    box.write_bytes(
        b"\xef\xbb\xbf"
        + b"\n\n".join(b"From u@x Thu May  2 10:00:00 2019\n" + each.rstrip() for each in (first, quoted, second))
        + b"\n"
    )
    items = list(files_of([box], round_template))
    assert [item.name for item in items] == [f"posta messaggio {number}.eml" for number in (1, 2, 3)]
    assert items[1].read() == b"Subject: prova\n\nFrom Roma con amore\n>From capo\n"
    assert [items[0].read(), items[2].read()] == [first.rstrip() + b"\n", second.rstrip() + b"\n"]
    alone = tmp_path / "una.mbox"
    alone.write_bytes(b"From u@x Thu May  2 10:00:00 2019\n" + first)
    assert next(files_of([alone], round_template)).read() == items[0].read()  # the same wherever it stands


def test_a_sentence_is_no_message(tmp_path, round_template):
    note = tmp_path / "nota.txt"
    note.write_bytes(b"From Rome with love, at 10:00\nwe send\n")
    assert [item.name for item in files_of([note], round_template)] == ["nota.txt"]


def test_too_many_files_and_a_path_that_isn_t_there(tmp_path, round_template, monkeypatch):
    laid(tmp_path / "posta", **{f"{number}.txt": b"x" for number in range(5)})
    monkeypatch.setattr("perfxl.rounds.items.MOST_FILES", 4)
    with pytest.raises(RoundError, match="oltre 4 file"):
        list(files_of([tmp_path / "posta"], round_template))
    with pytest.raises(RoundError, match="non esiste"):
        list(files_of([tmp_path / "manca"], round_template))


# -- the register ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(new_round: Callable[[str], Path], tmp_path: Path) -> Path:
    """A round in which a lot happened."""
    home = new_round()
    one, two = reply(home, OFFICE, {"C10": 0.95}), reply(home, OFFICE, {"C10": None, "J10": None})
    post = laid(
        tmp_path / "posta", **{
            "1.eml": letter(one, day(2), name="uno.xlsx", sender="u11@ente.example"), "2.eml": letter(two, day(17), name="due.xlsx"),
            "3.xlsx": changed(reply(home, "U2.1"), lambda book: book[clerks.SHEET].__setitem__("D6", 0.5)),
            "4.txt": b"=cmd|' /c calc'!A0", "5.xlsx": unmarked(reply(home, "U0.1")),
        },
    )  # fmt: skip
    giro("raccogli", home, post)
    return home


def test_the_register_says_who_sent_what_and_what_counts(told):
    tabs = register(told)
    assert list(tabs) == ["Stato", "Versioni", "Rilievi", "Differenze", "Messaggi", "A parte", "Piano", "Cronologia"]
    versions = rows_of(tabs["Versioni"], "Ufficio")
    assert [(row["Ufficio"], row["Vale"], row["Esito"], row["Nei termini"]) for row in versions] == [
        ("U1.1", "no", "● accettata", "sì"), ("U1.1", "sì", "● accettata", "+2 gg"), ("U2.1", "sì", "● accettata", "+5 gg"),
    ]  # fmt: skip
    assert versions[0]["Mittente"] == "u11@ente.example"
    assert versions[0]["Secondo"] == "data del messaggio"
    assert versions[2]["Secondo"] == "arrivo"
    assert "D6 Cella bloccata cambiata" in versions[2]["Da correggere e da sapere"]
    differences = rows_of(tabs["Differenze"], "Ufficio")
    assert [(row["Cella"], row["Prima"], row["Dopo"], row["Che cosa"]) for row in differences] == [
        ("C10", "95%", "(vuota)", "svuotata"), ("J10", clerks.WHY, "(vuota)", "svuotata"),
    ]  # fmt: skip
    assert all(row["Riga"].startswith("S2.1.1-b") for row in differences)
    aside = rows_of(tabs["A parte"], "Perché è a parte")
    assert sorted((row["Perché è a parte"], row["Nome"]) for row in aside) == [
        ("da attribuire", "5.xlsx"),
        ("senza scheda", "4.txt"),
    ]


def test_the_register_lists_every_finding_one_a_row(new_round, tmp_path):
    """What the screen and the row of a version only begin to tell: cell by cell, more than a hundred of one kind too."""
    home = new_round()
    spoilt = changed(
        reply(home, OFFICE, {"C6": "quasi"}),
        lambda book: [book[clerks.SHEET].cell(row, column, "x") for row in range(6, 24) for column in range(20, 30)],
    )
    done = giro("raccogli", home, laid(tmp_path / "posta", **{"a.xlsx": spoilt}))
    assert "(scheda «Rilievi» del registro)" in done.stdout
    (version,) = told_state(home).offices[OFFICE].versions
    tabs = register(home)
    rows = rows_of(tabs["Rilievi"], "Ufficio")
    assert len(rows) == len(version.problems) > 100
    assert {(row["Codice"], row["Cella"] or "") for row in rows} == {(each["code"], each["cell"]) for each in version.problems}
    assert [row["Che cosa fare"] for row in rows] == sorted((row["Che cosa fare"] for row in rows), reverse=True)
    assert {row["Ufficio"] for row in rows} == {OFFICE}
    short = rows_of(tabs["Versioni"], "Ufficio")[0]["Da correggere e da sapere"]
    assert short.endswith(f"… e altri {len(rows) - 12} (scheda «Rilievi»)")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_days_are_those_of_italy_wherever_the_computer_is(new_round, monkeypatch, zone):
    """Half past midnight in Italy of the day after the deadline; half past eleven of the last day."""
    home = new_round()
    collect(home, [
        item(letter(reply(home, OFFICE), datetime(2019, 5, 15, 22, 30, tzinfo=UTC), name="dopo.xlsx"), "a.eml", day(20)),
        item(letter(reply(home, "U2.1"), datetime(2019, 5, 15, 21, 30, tzinfo=UTC), name="in tempo.xlsx"), "b.eml", day(20)),
    ])  # fmt: skip
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert giro("stato", home).exit_code == 0
        state = told_state(home)
        deadline = state.deadline
        assert [_in_time(state.offices[code].versions[0], deadline) for code in (OFFICE, "U2.1")] == ["+1 gg", "sì"]
        rows = {row["Ufficio"]: row for row in rows_of(register(home)["Versioni"], "Ufficio")}
        assert (rows[OFFICE]["Quando"], rows[OFFICE]["Nei termini"]) == ("16/05/2019 00:30", "+1 gg")
        assert now()[-6:] in {"+01:00", "+02:00"}
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_register_keeps_the_name_beside_an_address_that_is_none(new_round):
    home = new_round()
    mailroom.write_addresses(home, mailroom.state_of(home), u11=Contact(OFFICE, "", "Zenobia Prova", ("non un indirizzo",)))
    assert giro("stato", home).exit_code == 0
    (row,) = [row for row in register(home)["Stato"] if OFFICE in row]
    assert "Zenobia Prova" in row
    assert "non un indirizzo" not in row


def test_the_authorities_of_giro_toml_are_said_to_be_missing(new_round, tmp_path):
    """The template names the entry before its tables, where TOML wants it."""
    home = new_round()
    (home / "giro.toml").write_text(DEFAULT.replace("# ca_bundle", "ca_bundle"), encoding="utf-8")
    assert load_settings(home).ca_bundle == "autorita.pem"
    done = giro("raccogli", home, laid(tmp_path / "posta", **{"a.xlsx": reply(home, OFFICE)}))
    assert (done.exit_code, "ca_bundle di giro.toml" in done.stderr) == (2, True)


def test_a_signature_that_could_not_be_checked_isn_t_called_broken():
    told_of = {"digest_ok": True, "signature_ok": False, "signer": "Maria Rossi", "trust": "non verificata"}
    whole = Received(at=now(), office=OFFICE, sha256="a", file="f", name="n", when=now(), when_from="arrivo")

    def said(signature: dict[str, Any]) -> str:
        return _signature(Version("a", OFFICE, "f", arrivals=[replace(whole, signature=signature)]))

    assert said({**told_of, "wrong": ""}) == "Maria Rossi (non controllata; fiducia non verificata)"
    assert said({**told_of, "wrong": "Maria Rossi: non corrisponde"}) == "Maria Rossi (NON INTEGRA; fiducia non verificata)"
    other = {**told_of, "signer": "Ugo Bianchi", "wrong": "Ugo Bianchi: non corrisponde"}
    both = said({**told_of, "own": "", "others": (other,), "wrong": other["wrong"]})
    assert both.splitlines() == [
        "Maria Rossi (non controllata; fiducia non verificata)", "Ugo Bianchi (NON INTEGRA; fiducia non verificata)",
    ]  # fmt: skip


def test_what_is_told_of_a_file_says_which_file(new_round, tmp_path):
    """A file too large, a message without attachments: the screen names the file, the register who sent it."""
    home = new_round()
    bare = EmailMessage()
    bare["From"], bare["Date"], bare["Message-ID"] = "Capo <u9@ente.example>", "Thu, 2 May 2019 10:00:00 +0200", "<vuoto@x>"
    bare.set_content("Le mando la scheda domani.")
    box = b"From u9@ente.example Thu May  2 10:00:00 2019\n" + bare.as_bytes().replace(b"<vuoto@x>", b"<altro@x>") + b"\n"
    broken = zipped(b"<workbook", "xl/workbook.xml")
    post = laid(tmp_path / "posta", **{"senza.eml": bare.as_bytes(), "posta.mbox": box, "rotto.xlsx": broken})
    huge = post / "enorme.zip"
    with huge.open("wb") as file:
        file.truncate(200 * 2**20)
    done = giro("raccogli", home, post)
    assert "– senza scheda: enorme.zip: File troppo grande" in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("– senza scheda: ")]
    assert len(lines) == 4
    assert all(any(name in line for line in lines) for name in ("rotto.xlsx", "senza.eml", "posta messaggio 1.eml"))
    rows = rows_of(register(home)["A parte"], "Perché è a parte")
    assert [row["Mittente"] for row in rows if "Messaggio senza foglio" in row["Nota"]] == ["u9@ente.example"] * 2


def test_nothing_of_what_came_becomes_a_formula(told):
    book = load_workbook(told / "registro.xlsx")
    formulas = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"Stato"}
    assert all(str(cell.value).startswith("=COUNTIFS(") for cell in formulas)


def test_the_state_in_json(told):
    done = giro("stato", told, "--al", "20/05/2019", "--json", "-")
    state = json.loads(done.stdout)
    offices = {each["code"]: each["state"] for each in state["offices"]}
    assert (offices["U1.1"], offices["U2.1"], offices["U0.1"]) == ("accettata", "accettata", "mancante")
    assert state["unattributed"] == ["5.xlsx"]
    assert state["refused"] == ["4.txt"]


def test_the_register_is_made_whatever_became_of_the_folder(told):
    """Sheets, replies and envelopes taken away, the register itself spoilt: what was told is still told."""
    for folder in ("schede/v1", "ricevuti", "buste"):
        for file in (told / folder).iterdir():
            file.unlink()
    (told / "registro.xlsx").write_bytes(b"x")
    done = giro("stato", told)
    assert done.exit_code == 1
    assert "File del giro cambiato o mancante" in done.output
    assert "Scheda preparata cambiata o mancante" in done.output
    assert len(rows_of(register(told)["Versioni"], "Ufficio")) == 3


# -- chiudi, riapri --------------------------------------------------------------------------------------------------------


def test_closing_and_reopening(told, tmp_path):
    refused = giro("chiudi", told)
    assert refused.exit_code == 2
    assert "nessuna scheda accettata di ENTE, ISR, U0.1, U3.1/U3.2, U4.1, U5.1/U5.2; di nessun ufficio, " in refused.stderr
    done = giro("chiudi", told, "--comunque", "--chi", "Ugo")
    assert "Giro chiuso. Consolidato: " in done.stdout
    late = giro("raccogli", told, laid(tmp_path / "dopo", **{"tardi.xlsx": reply(told, "ISR")}))
    assert late.exit_code == 0
    assert "– a giro chiuso, tenuta da parte: ISR, tardi.xlsx" in late.stdout
    assert "GIRO CHIUSO" in giro("stato", told).stdout
    assert "a giro chiuso" in {row["Perché è a parte"] for row in rows_of(register(told)["A parte"], "Perché è a parte")}
    again = giro("riapri", told, "--motivo", "risposta di ISR", "--chi", "Ugo")
    assert again.exit_code == 0
    assert "– ISR accettata, arrivata a giro chiuso: tardi.xlsx" in again.stdout
    history = rows_of(register(told)["Cronologia"], "Quando")
    assert [(row["Evento"], row["Chi"]) for row in history if row["Evento"] in {"chiuso", "riaperto"}] == [
        ("chiuso", "Ugo"),
        ("riaperto", "Ugo"),
    ]
