"""What is sent to whom: never twice, never to the wrong office, never a sheet that isn't the one that was prepared."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from perfxl.cli.app import cli
from perfxl.cli.giro_invia import DRAFTS, channel_maker
from perfxl.errors import RoundError
from perfxl.readers.workbook import read_grids
from perfxl.rounds import Journal, Standing
from perfxl.rounds.channels import draft_names
from perfxl.rounds.closing import reopen_round
from perfxl.rounds.events import Checked, Closed, Sent, now
from perfxl.rounds.folder import digest
from perfxl.rounds.offices import Contact
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.register import PERHAPS
from perfxl.rounds.send import Order, dispatch, mailing
from perfxl.rounds.times import today as in_italy
from perfxl.rounds.wording import Kind
from rounds import mailroom
from rounds.mailroom import EIGHT, IN_TIME, LATE, address, replied, revision, snapshot, state_of, write_addresses

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from perfxl.rounds.send import Dispatched

    Run = Callable[..., Result]

WRONG = ({"code": "PX-G002", "severity": "errore", "title": "Risultato non leggibile", "found": "circa", "expected": "un numero",
          "remedy": "Scrivere il numero.", "file": "x.xlsx", "sheet": "Cruscotto", "cell": "C12"},)  # fmt: skip


@pytest.fixture
def giro(new_round: Callable[[], Path]) -> Path:
    """A round just opened, to be used up."""
    return new_round()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "220")
    return lambda *args: CliRunner().invoke(cli, ["giro", *map(str, args)], prog_name="perfxl")


def drafted(giro: Path, kind: Kind = Kind.INVITATION, **values: Any) -> Dispatched:
    """Drafts as the command writes them."""
    return dispatch(giro, Order(kind, **{"today": IN_TIME, **values}), channel_maker(str(giro), DRAFTS))


def sent(giro: Path, what: str = "invito") -> list[Sent]:
    return [each for each in Journal(giro).events() if isinstance(each, Sent) and each.what == what]


def drafts(giro: Path) -> set[str]:
    return {path.name for path in (giro / "messaggi").glob("*.eml")}


def read(path: Path) -> Any:
    return message_from_bytes(path.read_bytes(), policy=SMTP)


def in_register(giro: Path, sheet: str) -> list[list[str]]:
    """The texts of a tab of the register."""
    grids, _ = read_grids(giro / "registro.xlsx")
    (grid,) = [each for each in grids if each.name == sheet]
    return [[str(text) for text in grid.texts(row).values()] for row in sorted(grid.rows)]


# -- invitations --------------------------------------------------------------------------------------------------------


def test_each_office_has_a_draft_with_its_own_sheet(giro: Path) -> None:
    done = drafted(giro, by="Anna")
    state = state_of(giro)
    assert tuple(state.offices) == EIGHT
    assert [letter.office for letter, _ in done.sent] == list(EIGHT)
    assert drafts(giro) == {f"{office.replace('/', '-')}_invito.eml" for office in EIGHT}
    for letter, delivery in done.sent:
        office = state.offices[letter.office]
        message = read(giro / delivery.file)
        (sheet,) = message.iter_attachments()
        assert sheet.get_content() == (giro / office.file).read_bytes()
        assert sheet.get_filename() == Path(office.file).name
        assert message["To"] == address(letter.office)
        assert message["X-Unsent"] == "1"
        (event,) = office.sent
        assert (event.what, event.channel, event.addresses, event.by) == ("invito", "bozza", (address(letter.office),), "Anna")
        assert (event.file, event.sheet_sha256) == (delivery.file, office.sha256)
        assert event.message_id == message["Message-ID"]
        assert str(office.standing(state.deadline, IN_TIME)) == "inviata"


def test_the_second_time_there_is_nothing_to_send(giro: Path) -> None:
    drafted(giro)
    before = snapshot(giro)
    again = drafted(giro)
    assert not again.sent
    assert [office for office, _ in again.skipped] == list(EIGHT)
    assert all(why.startswith("già inviato il ") and why.endswith("(bozza)") for _, why in again.skipped)
    assert not again.findings
    assert snapshot(giro) == before


def test_again_when_asked_and_the_draft_before_is_kept(giro: Path) -> None:
    (first,) = drafted(giro, offices=("U1.1",)).sent
    kept = (giro / "messaggi" / "U1.1_invito.eml").read_bytes()
    (second,) = drafted(giro, offices=("u1.1",), again=True).sent
    assert drafts(giro) == {"U1.1_invito.eml", "U1.1_invito (1).eml"}
    assert (giro / "messaggi" / "U1.1_invito (1).eml").read_bytes() == kept
    assert first[0].message_id != second[0].message_id
    assert len(sent(giro)) == 2


def test_only_the_offices_that_are_named(giro: Path) -> None:
    done = drafted(giro, offices=("u3.1/u3.2", "ISR", " ISR "))
    assert [letter.office for letter, _ in done.sent] == ["ISR", "U3.1/U3.2"]
    assert [letter.office for letter, _ in drafted(giro).sent] == [each for each in EIGHT if each not in {"U3.1/U3.2", "ISR"}]


def test_an_office_that_isn_t_there(giro: Path) -> None:
    before = snapshot(giro)
    with pytest.raises(RoundError, match=r"«U9\.9» non è un ufficio del giro; gli uffici sono: ENTE, ISR, U0\.1, "):
        mailing(giro, Order(Kind.INVITATION, ("U1.1", "U9.9")))
    assert snapshot(giro) == before


def test_who_has_answered_isn_t_invited(giro: Path) -> None:
    replied(giro, "U1.1", accepted=True)
    replied(giro, "U2.1", accepted=None)
    plan = mailing(giro, Order(Kind.INVITATION, today=IN_TIME))
    assert {letter.office for letter in plan.letters} == set(EIGHT) - {"U1.1", "U2.1"}
    assert plan.skipped == (("U1.1", "ha già risposto"), ("U2.1", "ha già risposto"))


def test_a_new_plan_version_is_sent_to_everybody_and_only_once(giro: Path, tmp_path: Path) -> None:
    """Its sheets are others: who answered the first one too has to have it."""
    drafted(giro)
    replied(giro, "U1.1", accepted=True)
    open_round(giro, revision(tmp_path))
    done = drafted(giro)
    assert [letter.office for letter, _ in done.sent] == list(EIGHT)
    assert all("prende il posto di quella inviata" in letter.body for letter, _ in done.sent)
    assert all(letter.sheet.parent.name == "v2" for letter, _ in done.sent)
    assert not drafted(giro).sent


def test_a_plan_that_goes_back_to_the_first_is_sent_again(giro: Path, tmp_path: Path) -> None:
    """Its sheets may be those of the first, byte for byte; the last ones that the offices got are the second's."""
    drafted(giro)
    open_round(giro, revision(tmp_path))
    drafted(giro)
    back = Opening(
        plan=(str(mailroom.PLAN),), dashboards=(str(mailroom.DASHBOARDS),), by="prova", reason="deliberazione annullata"
    )
    state = open_round(giro, back).state
    assert {office.standing(None, IN_TIME) for office in state.offices.values()} == {Standing.PREPARED}
    done = drafted(giro)
    assert [letter.office for letter, _ in done.sent] == list(EIGHT)
    assert not drafted(giro).sent


# -- what holds a message back ------------------------------------------------------------------------------------------


def test_missing_and_malformed_addresses_are_told_and_the_others_are_sent(giro: Path, run: Run) -> None:
    write_addresses(
        giro, state_of(giro), u11=Contact("U1.1"), isr=Contact("ISR", addresses=("isr@ente.example", "un nome senza chiocciola"))
    )
    plan = mailing(giro, Order(Kind.INVITATION, today=IN_TIME))
    assert {letter.office for letter in plan.letters} == set(EIGHT) - {"U1.1", "ISR"}
    assert sorted({each.code for each in plan.findings}) == ["PX-N002", "PX-N003"]
    assert {each.cell for each in plan.findings if each.code == "PX-N003"} == {"D6"}  # the second office of the sheet
    done = run("invia", giro)
    assert done.exit_code == 1
    assert "6 bozze pronte" in done.stdout
    assert "Esclusi, senza indirizzo valido: ISR, U1.1" in done.stdout
    write_addresses(giro, state_of(giro))
    again = run("invia", giro)
    assert again.exit_code == 0, again.output
    assert "2 bozze pronte" in again.stdout
    assert len(sent(giro)) == 8


def test_nobody_is_written_to_without_the_list_of_offices(giro: Path) -> None:
    (giro / "uffici.xlsx").unlink()
    plan = mailing(giro, Order(Kind.INVITATION))
    assert not plan.letters
    assert [each.code for each in plan.findings] == ["PX-N001"]


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(path.read_bytes() + b"\0"), lambda path: path.unlink()])
def test_a_sheet_that_isn_t_the_prepared_one_stays(giro: Path, spoil: Callable[[Path], object]) -> None:
    spoil(giro / state_of(giro).offices["U2.1"].file)
    done = drafted(giro)
    assert {letter.office for letter, _ in done.sent} == set(EIGHT) - {"U2.1"}
    assert [(each.code, each.found.split(":")[0]) for each in done.findings] == [("PX-N030", "U2.1")]


def test_a_sheet_of_another_office_in_its_place_stays(giro: Path) -> None:
    offices = state_of(giro).offices
    (giro / offices["U2.1"].file).write_bytes((giro / offices["U1.1"].file).read_bytes())
    assert "U2.1" not in {letter.office for letter, _ in drafted(giro).sent}


def test_a_closed_round_sends_nothing(giro: Path, run: Run) -> None:
    Journal(giro).add(Closed(at=now(), versions={}, missing=EIGHT))
    before = {name: hash_ for name, hash_ in snapshot(giro).items() if name != "registro.xlsx"}
    for words in (["invia"], ["sollecita"], ["sollecita", "--da-correggere"], ["invia", "--prova"]):
        done = run(words[0], giro, *words[1:])
        assert done.exit_code == 2
        assert "il giro è chiuso" in done.stderr
    after = snapshot(giro)
    assert {name: after[name] for name in before} == before
    assert not list(giro.rglob("*.eml"))
    reopen_round(giro, "prova")
    assert run("invia", giro).exit_code == 0


def test_a_folder_without_a_round_is_left_alone(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mio.txt").write_text("x")
    for words in (["invia"], ["invia", "--prova"], ["sollecita"]):
        done = run(words[0], tmp_path, *words[1:])
        assert done.exit_code == 2
        assert "nessun giro" in done.stderr
    assert snapshot(tmp_path) == snapshot(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mio.txt"]


def test_a_wrong_sender_stops_everything(giro: Path) -> None:
    for line in ('address = "controllo"', 'reply_to = "a@b\\nBcc: c@d.example"'):
        (giro / "giro.toml").write_text(f"[sender]\n{line}\n", encoding="utf-8")
        with pytest.raises(RoundError, match=r"giro\.toml"):
            drafted(giro)
    assert not list(giro.rglob("*.eml"))


def test_a_faulty_template_stops_everything(giro: Path, run: Run) -> None:
    (giro / "messaggi").mkdir()
    (giro / "messaggi" / "invito.txt").write_text("Oggetto: x\n{{ nome }}\n", encoding="utf-8")
    done = run("invia", giro)
    assert done.exit_code == 2
    assert done.stderr.startswith("Errore: ")
    assert "invito.txt, riga 2: «nome» non è una variabile" in done.stderr
    assert not list(giro.rglob("*.eml"))
    assert not sent(giro)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            'Oggetto: scheda{{ "\\x07" }}\nuno\n',
            r"invito\.txt: l'oggetto del messaggio contiene un carattere di controllo \(U\+0007\)",
        ),
        ("Oggetto: sche\x07da\nuno\n", r"invito\.txt: l'oggetto .* \(U\+0007\)"),
        ('Oggetto: x\nuno {{ "\\ud800" }}\n', r"invito\.txt: il testo del messaggio .* \(U\+D800\)"),
        ("Oggetto: x\nuno\x00\n", r"invito\.txt: il testo .* \(U\+0000\)"),
    ],
)
def test_a_text_that_can_t_travel_is_told_by_trying(giro: Path, text: str, words: str) -> None:
    (giro / "messaggi").mkdir()
    (giro / "messaggi" / "invito.txt").write_text(text, encoding="utf-8")
    with pytest.raises(RoundError, match=words):
        mailing(giro, Order(Kind.INVITATION))
    with pytest.raises(RoundError, match=words):
        drafted(giro)
    assert not list(giro.rglob("*.eml"))


def test_a_sender_that_can_t_travel_is_told_by_trying(giro: Path) -> None:
    (giro / "giro.toml").write_text('[sender]\nname = "Uffi\\u0007cio"\naddress = "a@b.example"\n', encoding="utf-8")
    with pytest.raises(RoundError, match=r"nome del mittente: .* carattere di controllo"):
        mailing(giro, Order(Kind.INVITATION))


def test_who_is_left_out_is_told_before_anything_leaves(giro: Path, run: Run) -> None:
    """Even where nothing leaves in the end: the server is down."""
    write_addresses(giro, state_of(giro), u11=Contact("U1.1"), isr=Contact("ISR", addresses=("malscritto",)))
    told = run("invia", giro, "--ufficio", "ISR", "--ufficio", "U1.1", "--ufficio", "ENTE").stdout
    assert told.index("Esclusi, senza indirizzo valido: ISR, U1.1") < told.index("PX-N003") < told.index("– ENTE: ")
    (giro / "giro.toml").write_text(
        f'{mailroom.SENDER}[smtp]\nhost = "127.0.0.1"\nport = {mailroom.free_port()}\nattempts = 1\n', encoding="utf-8"
    )
    down = run("invia", giro, "--canale", "smtp")
    assert (down.exit_code, "non è raggiungibile" in down.stderr) == (2, True)
    assert "PX-N002" in down.stdout
    assert "PX-N003" in down.stdout


def test_trying_doesn_t_say_that_messages_have_gone(giro: Path, run: Run) -> None:
    write_addresses(giro, state_of(giro), u11=Contact("U1.1"))
    told = run("invia", giro, "--prova").stdout
    assert "PX-N002" in told
    assert "è andato" not in told
    assert "già" not in told


# -- reminders and corrections ------------------------------------------------------------------------------------------


def test_reminders_go_to_who_hasn_t_answered(giro: Path) -> None:
    drafted(giro, offices=tuple(set(EIGHT) - {"ISR"}))
    replied(giro, "U1.1", accepted=True)
    replied(giro, "U2.1", accepted=None)
    replied(giro, "U0.1", accepted=False, problems=WRONG)
    for today in (IN_TIME, LATE):
        plan = mailing(giro, Order(Kind.REMINDER, today=today))
        assert {letter.office for letter in plan.letters} == set(EIGHT) - {"U1.1", "U2.1", "U0.1", "ISR"}
        assert dict(plan.skipped) == {
            "ISR": "la scheda non è ancora stata inviata: prima «perfxl giro invia»",
            "U1.1": "ha già risposto",
            "U2.1": "ha già risposto",
            "U0.1": "ha già risposto: da correggere",
        }
    assert [letter.office for letter in mailing(giro, Order(Kind.REMINDER, ("ISR",), today=LATE)).letters] == ["ISR"]
    done = drafted(giro, Kind.REMINDER, today=LATE)
    assert all("Il termine era il 15/05/2019." in letter.body for letter, _ in done.sent)
    assert "U4.1_sollecito.eml" in drafts(giro)
    assert not drafted(giro, Kind.REMINDER, today=LATE).sent
    assert [letter.office for letter, _ in drafted(giro, Kind.REMINDER, offices=("U4.1",), again=True).sent] == ["U4.1"]


def test_who_answered_is_never_reminded(giro: Path) -> None:
    replied(giro, "U1.1", accepted=True)
    plan = mailing(giro, Order(Kind.REMINDER, ("U1.1",), again=True))
    assert not plan.letters
    assert plan.skipped == (("U1.1", "ha già risposto"),)


def test_corrections_once_for_each_reply(giro: Path) -> None:
    first = replied(giro, "U0.1", accepted=False, problems=WRONG)
    replied(giro, "U1.1", accepted=True)
    done = drafted(giro, Kind.CORRECTIONS)
    ((letter, _),) = done.sent
    assert letter.office == "U0.1"
    assert "foglio Cruscotto, cella C12: Risultato non leggibile" in letter.body
    assert "risposta u01.xlsx" in letter.body
    assert [each.sheet_sha256 for each in sent(giro, "correzioni")] == [first]
    message = read(giro / "messaggi" / "U0.1_correzioni.eml")
    (sheet,) = message.iter_attachments()
    assert sheet.get_content() == (giro / state_of(giro).offices["U0.1"].file).read_bytes()  # what came back is never sent on
    assert not drafted(giro, Kind.CORRECTIONS).sent
    second = replied(giro, "U0.1", accepted=False, problems=WRONG)
    assert len(drafted(giro, Kind.CORRECTIONS).sent) == 1
    assert [each.sheet_sha256 for each in sent(giro, "correzioni")] == [first, second]
    assert dict(mailing(giro, Order(Kind.CORRECTIONS)).skipped)["U1.1"] == "niente da correggere"


def test_other_problems_in_the_same_reply_are_sent(giro: Path) -> None:
    """The plan changed, or the check learnt something: the list isn't the one that the office has."""
    sha256 = replied(giro, "U0.1", accepted=False, problems=WRONG)
    drafted(giro, Kind.CORRECTIONS)

    def checked(*problems: dict[str, str]) -> None:
        Journal(giro).add(Checked(at=now(), sha256=sha256, office="U0.1", accepted=False, plan=1, problems=problems))

    checked({**WRONG[0], "remedy": "Scrivere un numero."}, {**WRONG[0], "severity": "avviso", "code": "PX-N014"})
    assert not drafted(giro, Kind.CORRECTIONS).sent  # other words, and something to be known: nothing else to correct
    checked({**WRONG[0], "cell": "C14", "found": "poco"}, *WRONG)
    ((letter, _),) = drafted(giro, Kind.CORRECTIONS).sent
    assert "cella C14" in letter.body
    assert not drafted(giro, Kind.CORRECTIONS).sent
    checked(*WRONG, {**WRONG[0], "cell": "C14", "found": "poco"})
    assert not drafted(giro, Kind.CORRECTIONS).sent  # the same in another order
    first, second = sent(giro, "correzioni")
    assert first.sheet_sha256 == second.sheet_sha256 == sha256
    assert first.message_id != second.message_id


def test_a_journal_that_doesn_t_know_the_lists_sends_nothing_twice(giro: Path) -> None:
    replied(giro, "U0.1", accepted=False, problems=WRONG)
    drafted(giro, Kind.CORRECTIONS)
    path = giro / "eventi.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text(
        "".join(json.dumps({key: value for key, value in line.items() if key != "problems_sha256"}) + "\n" for line in lines)
    )
    assert not drafted(giro, Kind.CORRECTIONS).sent


def test_who_answered_isn_t_invited_again_with_the_others(giro: Path) -> None:
    drafted(giro)
    replied(giro, "U1.1", accepted=True)
    replied(giro, "U2.1", accepted=False, problems=WRONG)
    again = drafted(giro, again=True)
    assert [letter.office for letter, _ in again.sent] == [office for office in EIGHT if office not in {"U1.1", "U2.1"}]
    assert again.skipped == (("U1.1", "ha già risposto"), ("U2.1", "ha già risposto"))
    assert [letter.office for letter, _ in drafted(giro, again=True, offices=("U1.1",)).sent] == ["U1.1"]


def test_drafts_of_a_sheet_that_is_superseded_make_room(giro: Path, tmp_path: Path) -> None:
    """A reminder written for the first plan doesn't lie beside the invitation of the second one."""
    drafted(giro)
    drafted(giro, Kind.REMINDER, offices=("ENTE",))
    old = {path.name: path.read_bytes() for path in (giro / "messaggi").glob("*.eml")}
    open_round(giro, revision(tmp_path))
    assert drafts(giro) == set()
    assert {path.name: path.read_bytes() for path in (giro / "messaggi" / "piano-v1").iterdir()} == old
    drafted(giro, offices=("ENTE",))
    drafted(giro, Kind.REMINDER, offices=("ENTE",))
    assert drafts(giro) == {"ENTE_invito.eml", "ENTE_sollecito.eml"}
    for name in drafts(giro):
        (sheet,) = read(giro / "messaggi" / name).iter_attachments()
        assert digest(sheet.get_content()) == state_of(giro).offices["ENTE"].sha256


# -- trying -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["bozze", "smtp", "outlook"])
def test_trying_writes_nothing_and_says_to_whom(giro: Path, run: Run, channel: str) -> None:
    before = snapshot(giro)
    done = run("invia", giro, "--prova", "--canale", channel)
    assert done.exit_code == 0, done.output
    assert "Prova: 8 messaggi; niente è stato scritto né inviato." in done.stdout
    for office in EIGHT:
        assert f"– {office}: {address(office)}" in done.stdout
        assert f"scheda da riempire – {office} · allegata {office.replace('/', '-')}_monitoraggio_2019.xlsx" in done.stdout
    assert run("sollecita", giro, "--prova", "--da-correggere").exit_code == 0
    assert snapshot(giro) == before


def test_trying_works_beside_another_command(giro: Path) -> None:
    with Journal(giro).lock():
        assert len(mailing(giro, Order(Kind.INVITATION)).letters) == 8
        with pytest.raises(RoundError, match="un altro comando"):
            drafted(giro)


# -- the command --------------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_did_and_the_register_too(giro: Path, run: Run) -> None:
    done = run("invia", giro, "--ufficio", "U1.1", "--ufficio", "U2.1", "--chi", "Anna")
    assert done.exit_code == 0, done.output
    assert "– U1.1: messaggi/U1.1_invito.eml" in done.stdout
    assert "2 bozze pronte" in done.stdout
    assert address("U1.1") not in done.stdout
    rows = in_register(giro, "Messaggi")
    assert [row[1:5] for row in rows if "invito" in row] == [
        ["U1.1", "invito", "bozza", address("U1.1")],
        ["U2.1", "invito", "bozza", address("U2.1")],
    ]
    again = run("invia", giro, "--ufficio", "U1.1")
    assert again.exit_code == 0
    assert "Niente da inviare." in again.stdout
    assert "Esclusi, già inviato il" in again.stdout
    assert run("invia", giro, "--ufficio", "U1.1", "--di-nuovo").exit_code == 0
    assert "U1.1_invito (1).eml" in drafts(giro)


def test_smtp_and_outlook_say_what_they_lack(giro: Path, run: Run) -> None:
    done = run("invia", giro, "--canale", "smtp")
    assert (done.exit_code, "manca la sezione [smtp]" in done.stderr) == (2, True)
    done = run("invia", giro, "--canale", "outlook")
    assert (done.exit_code, "soltanto da Windows" in done.stderr) == (2, True)
    assert not sent(giro)


def test_no_draft_takes_another_s_name() -> None:
    names = draft_names(["U 1", "U_1", "u_1", "U/1", "U-1", "..", "CON", "è" * 300, "a\nb", "../../etc/passwd"])
    assert len({name.casefold() for name in names.values()}) == 10
    assert all("/" not in name and "\\" not in name and not name.startswith(".") and len(name) < 70 for name in names.values())


# -- a sudden end -------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from perfxl.rounds.channels import Delivery, Drafts
from perfxl.rounds.send import Order, dispatch
from perfxl.rounds.wording import Kind

class Deadly(Drafts):
    name = sys.argv[2]
    def deliver(self, letter, leaving):
        if self.name != "bozza":
            leaving(letter.addresses)
        (done,) = super().deliver(letter, leaving) if self.name == "bozza" else (Delivery(letter.addresses),)
        if letter.office == sys.argv[3]:
            os.kill(os.getpid(), signal.SIGKILL)
        yield done

home = Path(sys.argv[1])
dispatch(home, Order(Kind.INVITATION, today=date(2019, 5, 2)), lambda settings, state: Deadly(home, settings.sender, state.offices))
"""


def killed(giro: Path, channel: str, office: str) -> None:
    """A run that ends suddenly after the office's message has left, and before that could be told."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(giro), channel, office], timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_draft_that_couldn_t_be_told_is_written_again_and_stays_one(giro: Path) -> None:
    killed(giro, "bozza", "U0.1")
    assert [each.office for each in sent(giro)] == ["ENTE", "ISR"]
    assert drafts(giro) == {"ENTE_invito.eml", "ISR_invito.eml", "U0.1_invito.eml"}
    assert [letter.office for letter, _ in drafted(giro).sent] == list(EIGHT[2:])
    assert drafts(giro) == {f"{office.replace('/', '-')}_invito.eml" for office in EIGHT}
    assert [each.office for each in sent(giro)] == list(EIGHT)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_message_that_may_have_left_isn_t_sent_again_by_itself(giro: Path, run: Run) -> None:
    killed(giro, "smtp", "U0.1")
    state = state_of(giro)
    assert [each.office for each in sent(giro)] == ["ENTE", "ISR"]
    assert [code for code, office in state.offices.items() if office.unsure] == ["U0.1"]
    done = run("invia", giro)
    assert done.exit_code == 1
    assert "Esclusi, forse già inviata: U0.1" in done.stdout
    assert "PX-N032" in done.stdout
    assert f"invito del {in_italy():%d/%m/%Y}" in done.stdout
    assert [each.office for each in sent(giro)] == [each for each in EIGHT if each != "U0.1"]
    assert [row[1] for row in in_register(giro, "Messaggi") if row[-1] == PERHAPS] == ["U0.1"]
    assert run("invia", giro, "--di-nuovo", "--ufficio", "U0.1").exit_code == 0
    assert run("invia", giro).exit_code == 0
    ids = [each.message_id for each in sent(giro)]
    assert len(set(ids)) == 8
    assert set(state.offices["U0.1"].unsure) < set(ids)  # sent again it is the same message, and nothing is in doubt any more
    assert [row[1] for row in in_register(giro, "Messaggi") if row[-1] == PERHAPS] == []


def test_the_journal_holds_each_message_once_and_no_text_of_it(giro: Path) -> None:
    drafted(giro)
    lines = [json.loads(line) for line in (giro / "eventi.jsonl").read_text(encoding="utf-8").splitlines()]
    told = [line for line in lines if line["evento"] == "inviata"]
    assert len(told) == 8
    assert set(told[0]) == {
        "evento", "at", "by", "office", "what", "channel", "addresses", "message_id", "file", "sheet_sha256",
        "problems_sha256",
    }  # fmt: skip


@pytest.mark.parametrize("words", [["invia"], ["sollecita"], ["raccogli"], ["chiudi", "--comunque"], ["riapri", "--motivo", "x"]])
def test_the_next_command_takes_away_what_a_sudden_end_left(giro: Path, run: Run, words: list[str]) -> None:
    if words[0] == "riapri":
        Journal(giro).add(Closed(at=now(), versions={}, missing=EIGHT))
    left = [giro / "schede" / "v1" / ".perfxl-x.xlsx", giro / "messaggi" / ".perfxl-x.eml"]
    for file in left:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"mezza scheda")
    (giro.parent / "posta").mkdir()
    run(words[0], giro, *([giro.parent / "posta"] if words[0] == "raccogli" else []), *words[1:])
    assert not any(file.exists() for file in left)


def test_the_sheets_are_made_in_the_round_s_folder_and_nowhere_else(giro: Path, tmp_path: Path) -> None:
    """What a sudden end leaves lies there, and the system's folder of temporary files never has anything of an office."""
    traced = """
import sys
from pathlib import Path
opened = []
def hook(event, args):
    if event == "open" and isinstance(args[0], str) and isinstance(args[2], int) and args[2] & 3:
        opened.append(args[0])
from perfxl.rounds.opening import Opening, open_round
from perfxl.cli.giro import register
sys.addaudithook(hook)
open_round(sys.argv[1], Opening(plan=(sys.argv[2],), dashboards=(sys.argv[3],)))
register(sys.argv[1])
print("\\n".join(opened))
"""
    folder = tmp_path / "nuovo"
    done = subprocess.run(
        [sys.executable, "-c", traced, str(folder), str(mailroom.PLAN), str(mailroom.DASHBOARDS)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    written = [Path(line) for line in done.stdout.splitlines()]
    assert len(written) > 10
    assert [path for path in written if folder not in path.parents and "__pycache__" not in path.parts] == []
