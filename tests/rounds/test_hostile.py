"""What comes back may be anything: every file ends in a clear word, harms nothing, and leaves nothing of itself in what we write."""

from __future__ import annotations

import email
import email.policy
import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from perfxl.cli.guard import NO_MEMORY
from perfxl.findings import CATALOGUE
from rounds import clerks, mailroom
from rounds.hostile import archives, books, files, mail, scan, signed
from rounds.hostile.bench import HEAVY_PEAK_MB, PEAK_MB, Bench
from rounds.hostile.cases import Case, End, Kit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from application.libreoffice import LibreOffice
    from application.openssl import Authority
    from rounds.hostile.bench import Outcome

CORPUS: tuple[Case, ...] = (*archives.CASES, *mail.CASES, *signed.CASES, *files.CASES, *books.CASES)


@pytest.fixture(scope="module")
def bench(authority: Authority, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A round of Massa-Carrara 2019, opened, and what is needed to spoil its replies."""
    scratch = tmp_path_factory.mktemp("hostile")
    template = mailroom.opened(scratch / "modello")
    state = mailroom.state_of(template)
    sheets = {code: template / office.file for code, office in state.offices.items()}
    kit = Kit(sheets, authority, libreoffice.converted, scratch)
    made = Bench(template, kit, scratch)
    yield made
    made.runner.close()


def ends(outcome: Outcome) -> End:
    """How a case ended, as the journal tells it."""
    office = outcome.state.offices[Kit.office]
    if office.current is not None:
        return End.ACCEPTED
    if office.versions:
        return End.TO_CORRECT
    return End.UNATTRIBUTED if outcome.state.unattributed else End.REFUSED


def test_the_corpus_is_large_and_each_case_is_another():
    assert len(CORPUS) >= 40
    assert [name for name, count in Counter(each.name for each in CORPUS).items() if count > 1] == []
    unknown = {code for each in CORPUS for code in each.codes} - set(CATALOGUE)
    assert not unknown


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_a_hostile_file_ends_in_a_clear_word(bench, case):
    outcome = bench.collect(case, then=[["giro", "stato", "{giro}"]])
    answer = outcome.answer
    assert answer["signal"] == 0, f"fermato dal segnale {answer['signal']} dopo {answer['seconds']:.1f} s"
    said = answer["out"] + answer["err"]
    assert "Traceback" not in said
    assert "errore imprevisto" not in said
    assert NO_MEMORY not in said
    assert answer["codes"] in ([0, 0], [1, 0]), said
    assert answer["peak_mb"] < (HEAVY_PEAK_MB if case.heavy else PEAK_MB)
    assert outcome.touched == []
    assert "PX-N026" not in outcome.told, outcome.words
    assert ends(outcome) is case.end, outcome.words
    if case.codes:
        assert outcome.told & case.codes, outcome.words
    if case.end is End.REFUSED:
        assert outcome.told or outcome.state.receipts, "nessuna parola su ciò che è arrivato"


def test_the_limits_bite(bench, tmp_path):
    """The counter-proof: with less time, or less memory, than the work takes, the runner says so."""
    bomb = next(case for case in CORPUS if case.name == "archivi dieci per dieci per dieci")
    home = mailroom.copied(bench.template, tmp_path / "giro")
    words = [["giro", "raccogli", str(home), str(bomb.put(bench.kit, tmp_path / "posta"))]]
    assert bench.runner(words, tmp_path, seconds=1)["signal"]
    starved = bench.runner(words, tmp_path, memory_mb=10)  # what fails first is another thing each time
    assert starved["signal"] or starved["codes"] not in ([0], [1]), starved


def test_the_whole_corpus_in_one_go(bench):
    """What one file tells doesn't keep another from being told, and the round goes on to its end afterwards."""
    cases = [case for case in CORPUS if not case.heavy]
    outcome = bench.collect(*cases, then=[
        ["giro", "raccogli", "{giro}", "{giro}/buste"],
        ["giro", "stato", "{giro}", "--json", "{giro}/stato.json"],
        ["giro", "sollecita", "{giro}"],
        ["giro", "sollecita", "{giro}", "--da-correggere"],
        ["giro", "chiudi", "{giro}", "--comunque"],
    ])  # fmt: skip
    answer = outcome.answer
    assert answer["signal"] == 0
    assert "Traceback" not in answer["out"] + answer["err"]
    assert "imprevisto" not in answer["err"]
    assert len(answer["codes"]) == 6
    assert set(answer["codes"]) <= {0, 1}, answer["err"]
    assert outcome.touched == []
    lost = [case.name for case in cases if case.codes and not outcome.told & case.codes]
    assert lost == []
    _is_clean(outcome.home)


# -- what we write afterwards ------------------------------------------------------------------------------------------

CARRIERS = [
    case
    for case in books.CASES
    if not case.heavy and "scritta nel risultato" not in case.name and any(word in case.name for word in ("macro", "collegament", "DDE", "formul", "comando", "OLE", "server", "ActiveX", "bloccate"))
]  # fmt: skip
AFTERWARDS = [
    ["giro", "stato", "{giro}", "--json", "{giro}/stato.json"],
    ["giro", "sollecita", "{giro}"],
    ["giro", "sollecita", "{giro}", "--da-correggere"],
    ["giro", "invia", "{giro}", "--di-nuovo"],
    ["giro", "chiudi", "{giro}", "--comunque"],
]


def _written(home: Path) -> list[Path]:
    """What the round wrote for people: workbooks and messages; the replies themselves stay as they came."""
    return [
        path
        for path in sorted(home.rglob("*"))
        if path.suffix in {".xlsx", ".eml"} and path.relative_to(home).parts[0] not in {"ricevuti", "buste"}
    ]


def _is_clean(home: Path) -> list[Path]:
    written = _written(home)
    assert {"registro.xlsx", "uffici.xlsx"} <= {path.name for path in written}
    assert [each for path in written for each in scan.dangers(path)] == []
    return written


@pytest.mark.parametrize("case", CARRIERS, ids=lambda case: case.name)
def test_nothing_of_it_is_carried_on(bench, case):
    outcome = bench.collect(case, then=AFTERWARDS)
    assert "imprevisto" not in outcome.answer["err"]
    written = _is_clean(outcome.home)
    assert any(path.suffix == ".eml" for path in written)
    if case.end is End.ACCEPTED:
        assert any(path.name.startswith("Consolidato") for path in written), outcome.answer["out"]


def test_a_formula_that_was_typed_is_text_wherever_it_goes(bench):
    """Accepted by the controller as it is: the consolidated workbook shows the texts, as texts, and no formula of theirs."""
    typed = next(each for each in books.CASES if each.make is books.results)
    accepted = ["giro", "raccogli", "{giro}", "--accetta", "U1.1=così com'è"]
    home = bench.collect(typed, then=[accepted, *AFTERWARDS]).home
    consolidated = _is_clean(home)[0].parent / next(home.glob("Consolidato*.xlsx")).name
    cells = [cell for sheet in clerks.opened(consolidated).worksheets for row in sheet.iter_rows() for cell in row]
    texts = [(str(cell.value), cell.data_type) for cell in cells if cell.data_type != "f"]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    for text in list(books.FORMULAS.values())[:11]:
        bare = " ".join(text.split())
        assert any(bare in " ".join(value.split()) for value, kind in texts if kind == "s"), text
        assert not any(bare.lstrip("=+@-") in value for value in formulas), text


@pytest.mark.parametrize("what", books.FORMULAS)
def test_a_formula_in_a_result_is_quoted_to_its_office_as_it_was_typed(bench, what):
    name = f"formula scritta nel risultato, {what}"
    outcome = bench.collect(next(each for each in CORPUS if each.name == name), then=AFTERWARDS)
    _is_clean(outcome.home)
    (draft,) = (path for path in outcome.home.glob("messaggi/*.eml") if "correzioni" in path.name)
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",)).get_content()
    typed = " ".join(books.FORMULAS[what].split())
    assert typed in " ".join(body.split())
    assert json.loads((outcome.home / "stato.json").read_text(encoding="utf-8"))["offices"]


ALIVE = [each for each in CARRIERS if each.file.endswith(("x", "m")) and "scritt" not in each.name]


@pytest.mark.parametrize("case", ALIVE, ids=lambda case: case.name)
def test_the_scan_sees_what_came_back(bench, case, tmp_path):
    """The counter-proof: were nothing seen in the replies, finding nothing in what we write would prove nothing."""
    assert scan.dangers(case.put(bench.kit, tmp_path))
