"""The period of a round: its reference date, who was asked, who is missing, in the state and in the consolidated workbook."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from perfxl.cli.app import cli
from perfxl.errors import RoundError
from perfxl.rounds import Journal, Standing, told
from perfxl.rounds.closing import close_round
from perfxl.rounds.collect import Collecting, collect
from perfxl.rounds.events import Closed, Opened, PlanVersion, Prepared, Sent, now
from perfxl.rounds.opening import Opening, open_round
from perfxl.rounds.periods import due_by_calendar, period_end
from perfxl.rounds.register import _detail
from perfxl.rounds.sent import sent_pages
from rounds import clerks, mailroom
from rounds.replies import day, item, letter, reply
from rounds.test_round_collect import unmarked

EIGHT = mailroom.EIGHT
ASKED = "U2.1"
ZERO_DATES = {"C20": "N.C.", "C21": "N.C."}  # U5.1/U5.2 published two dates of 00/01/1900


@pytest.mark.parametrize(
    ("period", "deadline", "expected"),
    [
        ("1° quadrimestre", "2019-05-15", date(2019, 4, 30)),
        ("secondo quadrimestre 2019", "2019-09-15", date(2019, 8, 31)),
        ("III trimestre", "2019-10-10", date(2019, 9, 30)),
        ("I semestre", "2019-07-15", date(2019, 6, 30)),
        ("anno 2019", "2020-01-31", date(2019, 12, 31)),
        ("monitoraggio di maggio e giugno", "2019-07-15", date(2019, 7, 15)),  # no end that is certain: the deadline
        ("", "2019-05-15", date(2019, 5, 15)),
        ("", "", None),
    ],
)
def test_results_are_looked_at_on_the_last_day_of_the_period(period, deadline, expected):
    opened = Opened(at=now(), body="Ente", year=2019, period=period, method="massacarrara-2019", deadline=deadline)
    assert told([opened]).reference == expected


def test_a_new_plan_s_sheet_isn_t_sent_because_the_old_one_was():
    def sheet(plan: int) -> Prepared:
        return Prepared(
            at=f"2019-05-0{plan}T09:00:00+02:00",
            office="U1.1",
            title="",
            file=f"schede/v{plan}/a.xlsx",
            sha256=str(plan),
            plan=plan,
        )

    sent = Sent(
        at="2019-05-02T10:00:00+02:00", office="U1.1", what="invito", channel="smtp", addresses=("a@b.it",), message_id="1", sheet_sha256="1",
    )  # fmt: skip
    first = [sheet(1), PlanVersion(at="2019-05-01T09:00:00+02:00", number=1, sha256="p1", files=()), sent]
    then = [*first, sheet(2), PlanVersion(at="2019-05-02T09:00:00+02:00", number=2, sha256="p2", files=())]
    before, after = told(first).offices["U1.1"], told(then).offices["U1.1"]
    assert (before.standing(None, date(2019, 5, 3)), before.invited) == (Standing.SENT, sent.at)
    assert (after.standing(None, date(2019, 5, 3)), after.invited) == (Standing.PREPARED, "")
    again = told([*then, replace(sent, at="2019-05-04T10:00:00+02:00", sheet_sha256="2")]).offices["U1.1"]
    assert (again.standing(None, date(2019, 5, 5)), again.invited) == (Standing.SENT, "2019-05-04T10:00:00+02:00")
    back = replace(sheet(3), sha256="1"), PlanVersion(at="2019-05-03T09:00:00+02:00", number=3, sha256="p1", files=())
    office = told([*then, *back]).offices["U1.1"]  # the first plan's very sheet: what went out since is the second's
    assert (office.standing(None, date(2019, 5, 5)), office.invited) == (Standing.PREPARED, "")


CALENDAR = mailroom.WORKBOOKS / "lucca-2017-relazione" / "Ciclo_performance_2017.xlsx"


@pytest.mark.parametrize(
    ("period", "expected"),  # Lucca's Relazione 2017, line 695: Giugno Settembre Dicembre
    [
        ("I semestre", date(2017, 6, 30)),
        ("III trimestre", date(2017, 9, 30)),
        ("anno 2017", date(2017, 12, 31)),
        ("", date(2017, 6, 30)),
    ],
)
def test_the_deadline_is_the_calendar_s(period, expected):
    due = due_by_calendar(CALENDAR, 2017, period_end(period, 2017))
    assert (due.day, due.times) == (expected, "Giugno Settembre Dicembre")
    assert due.phase.startswith("Monitoraggio periodico")


GOLDEN = mailroom.WORKBOOKS.parent / "tests" / "golden" / "lucca-2017" / "cycle_phases.csv"


@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (",", "utf-8-sig"), (";", "utf-8-sig"), (";", "cp1252")])
def test_a_calendar_in_csv_is_read(tmp_path, separator, encoding):
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    path = tmp_path / "fasi.CSV"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    assert due_by_calendar(path, 2017, period_end("III trimestre", 2017)).day == date(2017, 9, 30)


def test_a_calendar_that_doesn_t_read_is_told_so(tmp_path):
    for name, data in (("fasi.xlsx", b"PK\x03\x04 rotto"), ("fasi.csv", b"fase\0tempi")):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(RoundError, match="non si legge"):
            due_by_calendar(tmp_path / name, 2017, None)


def test_a_calendar_without_a_day_is_told(tmp_path):
    with pytest.raises(RoundError, match="nessuna fase di monitoraggio"):
        due_by_calendar(mailroom.WORKBOOKS / "massacarrara-2019-allegati" / "Ciclo_2019.xlsx", 2019, None)
    with pytest.raises(RoundError, match="non dice un giorno"):
        due_by_calendar(CALENDAR, 2017, date(2018, 3, 31))
    home = tmp_path / "giro"
    words = ["giro", "apri", str(home), "--piano", str(mailroom.WORKBOOKS / "lucca-2017"), "--metodo", "lucca-2017"]
    both = CliRunner().invoke(cli, [*words, "--calendario", str(CALENDAR), "--scadenza", "30/06/2017"])
    assert (both.exit_code, home.exists()) == (2, False)
    done = CliRunner().invoke(cli, [*words, "--periodo", "I semestre", "--calendario", str(CALENDAR)])
    assert "Scadenza dal calendario: 30/06/2017" in done.stdout
    assert told(Journal(home).events()).deadline == date(2017, 6, 30)


@pytest.fixture(scope="module")
def closed(round_template, tmp_path_factory):
    """All but U5.1/U5.2 answered; U2.1's second answer is still to be corrected, a sheet is of nobody; closed all the same."""
    home = mailroom.copied(round_template, tmp_path_factory.mktemp("periodo") / "giro")
    posts = [item(letter(reply(home, office), day(3), number=str(n)), f"{n}.eml", day(9)) for n, office in enumerate(EIGHT[:7])]
    posts.append(item(letter(reply(home, ASKED, {"C6": "quasi"}), day(4), number="9"), "9.eml", day(9)))
    posts.append(item(unmarked(reply(home, EIGHT[7])), "Copia di scheda.xlsx", day(9)))
    collect(home, posts, Collecting(by="prova"))
    with pytest.raises(RoundError) as refused:
        close_round(home)
    return home, refused.value.message, close_round(home, force=True, by="prova")


def test_who_didn_t_answer_and_who_has_to_correct_are_two_things(closed):
    home, refused, done = closed
    assert "nessuna scheda accettata di U5.1/U5.2; " in refused
    assert "non ancora accettata l'ultima risposta di U2.1" in refused
    assert (done.missing, done.superseded) == (("U5.1/U5.2",), (ASKED,))
    last = done.state.closings[-1]
    assert (last.missing, last.superseded) == (("U5.1/U5.2",), (ASKED,))
    assert ASKED in last.versions
    assert told(Journal(home).events()).closings[-1] == last


def test_what_isn_t_settled_is_said_in_the_register_and_in_the_workbook(closed):
    home, refused, done = closed
    assert "di nessun ufficio, finché non si attribuiscono: Copia di scheda.xlsx: attribuire o sollecitare" in refused
    assert done.nobody == done.state.closings[-1].unattributed == ("Copia di scheda.xlsx",)
    (told_so,) = [_detail(event) for event in Journal(home).events() if isinstance(event, Closed)]
    assert told_so == (
        "senza nessuna scheda di U5.1/U5.2; ultima risposta non ancora accettata, vale quella di prima: U2.1; "
        "schede da attribuire, non contate: Copia di scheda.xlsx"
    )
    page = [[cell.value for cell in row] for row in load_workbook(done.workbook, data_only=True)["Sintesi"].iter_rows()]
    rows = {row[0]: " ".join(str(value) for value in row if value) for row in page}
    assert "U2.1" in rows["risposta da correggere"]
    assert "vale quella di prima, del 03/05/2019" in rows["risposta da correggere"]
    assert "Copia di scheda.xlsx" in rows["scheda da attribuire"]


def test_a_sheet_of_nobody_alone_keeps_the_round_from_being_closed(new_round):
    home = new_round()
    posts = [item(letter(reply(home, office, ZERO_DATES if office == EIGHT[7] else None), day(3), number=str(n)), f"{n}.eml", day(9))
             for n, office in enumerate(EIGHT)]  # fmt: skip
    collect(home, [*posts, item(unmarked(reply(home, "U1.1", {"C6": 2})), "Copia.xlsx", day(9))], Collecting(by="prova"))
    done = CliRunner().invoke(cli, ["giro", "chiudi", str(home)])
    assert (done.exit_code, "Copia.xlsx: attribuire, o chiudere lo stesso con --comunque" in " ".join(done.stderr.split())) == (
        2,
        True,
    )


def test_an_area_whose_sheet_names_its_projects_has_answered(tmp_path):
    """Lucca's reports answer for nobody by name: who was asked, and whose sheet counts, the round knows."""
    home = tmp_path / "giro"
    open_round(home, Opening((str(mailroom.WORKBOOKS / "lucca-2017"),), method="lucca-2017", deadline=date(2018, 1, 31)))
    areas = mailroom.state_of(home).offices
    posts = []
    for code, office in areas.items():
        book = clerks.opened(home / office.file)
        for page in sent_pages(home / office.file):
            for row in page.own:
                book[page.grid.name][f"B{row}"], book[page.grid.name][f"C{row}"] = 1, "nota"
        posts.append(item(clerks.saved(book), f"{code}.xlsx", day(3)))
    collect(home, posts, Collecting(by="prova", accept=tuple((code, "prova") for code in areas)))
    done = close_round(home, as_of=date(2017, 12, 31))
    assert [one for one in done.consolidation.missing if one.what == "ufficio"] == []
    assert "PX-A004" not in {each.code for each in done.consolidation.findings}
    page = load_workbook(done.workbook, data_only=True)["Sintesi"]
    assert "3 su 3" in {cell.value for row in page.iter_rows() for cell in row}


def test_the_missing_office_is_missing_in_the_workbook(closed):
    _, _, done = closed
    made = done.consolidation
    offices = [one for one in made.missing if one.what == "ufficio"]
    assert [(one.code, one.detail.split(":")[0]) for one in offices] == [("U5.1/U5.2", "nessuna scheda accettata")]
    assert [f.found.split()[0] for f in made.findings if f.code == "PX-A004"] == ["U5.1/U5.2"]
    own = {one.code: one.detail for one in made.missing if one.what == "indicatore"}
    theirs = [code for code, detail in own.items() if detail == "nel foglio di U5.1/U5.2, che manca"]
    assert len(theirs) > 5
    nowhere = {f.found.split()[0] for f in made.findings if f.code == "PX-P002"}
    assert nowhere
    assert not nowhere & set(theirs), "sono nel foglio che manca, non «in nessun foglio»"
    assert all(own[code].endswith("in nessun foglio") for code in nowhere)


def test_the_workbook_says_its_period_and_how_many_answered(closed):
    home, _, done = closed
    assert done.workbook.name == "Consolidato_CCIAA_Massa-Carrara_2019_1_quadrimestre.xlsx"
    assert done.consolidation.as_of == date(2019, 4, 30)
    book = load_workbook(done.workbook, data_only=True)
    page = {cell.value for row in book["Sintesi"].iter_rows() for cell in row}
    assert "7 su 8" in page
    assert any(str(value).endswith("Consolidato 2019, 1° quadrimestre") for value in page)
    facts = {row[0].value: row[1].value for row in book["Metodo"].iter_rows(max_row=20)}
    assert facts["Periodo"] == "1° quadrimestre"
    assert home == done.workbook.parent


def test_the_deadline_is_moved_and_nothing_else(new_round):
    home = new_round()
    before = told(Journal(home).events())
    words = ["giro", "apri", str(home), "--piano", str(mailroom.PLAN), "--fogli", str(mailroom.DASHBOARDS)]

    def run(*more: str) -> Any:
        return CliRunner().invoke(cli, [*words, *more])

    done = run("--scadenza", "30/05/2019")
    assert done.exit_code == 0, done.output
    assert "scadenza: prima 15/05/2019, ora 30/05/2019" in done.stdout
    after = told(Journal(home).events())
    assert after.deadline == date(2019, 5, 30)
    assert after.offices == before.offices
    assert after.plans == before.plans
    again = run("--scadenza", "30/05/2019")
    assert (again.exit_code, "niente da cambiare" in again.stderr) == (2, True)
    assert "con questo piano e la scadenza 30/05/2019" in again.stderr
    for words_ in (["--periodo", "2° quadrimestre"], ["--metodo", "lucca-2017"], ["--anno", "2020"]):
        other = run(*words_)
        assert (other.exit_code, "se ne apre un altro" in other.stderr) == (2, True), words_
    same = run("--metodo", "massacarrara-2019", "--anno", "2019", "--scadenza", "31/05/2019")
    assert same.exit_code == 0, same.output


def test_the_work_is_told_though_the_register_is_open_elsewhere(new_round):
    """A folder in the place of registro.xlsx: what a program that holds it open does to whoever writes."""
    home = new_round()
    (home / "registro.xlsx").unlink(missing_ok=True)
    (home / "registro.xlsx").mkdir()
    post = home.parent / "risposta.eml"
    post.write_bytes(letter(reply(home, "U1.1"), day(3)))
    done = CliRunner().invoke(cli, ["giro", "raccogli", str(home), str(post)])
    assert done.exit_code == 2
    assert "U1.1 ● accettata" in " ".join(done.stdout.split())
    assert "ha finito il suo lavoro" in done.stderr
    assert f"perfxl giro stato {home}" in done.stderr
    assert told(Journal(home).events()).offices["U1.1"].current is not None
