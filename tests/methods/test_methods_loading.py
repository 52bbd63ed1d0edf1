"""A user's own file: base and overrides, exceptions, and every kind of mistake told in Italian."""

import pickle
from decimal import Decimal

import pytest

from perfxl.methods import MethodError, load_method

HEAD = 'name = "mio"\ntitle = "Il mio ente"\nbody = "Ente"\nsource = "Sistema 2024"\n'
SHIPPED = ("lucca-2017", "massacarrara-2019", "unioncamere-2022")


@pytest.fixture
def write(tmp_path):
    def _write(text, name="mio.toml", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return _write


def refused(path):
    with pytest.raises(MethodError) as caught:
        load_method(path)
    error = caught.value
    assert str(error) == error.message == "\n".join(error.errors)
    return error


# -- what is accepted


def test_a_file_of_its_own_works_like_a_shipped_one(write):
    path = write(HEAD + "[scoring]\ncap = 120.5\nfloor = -10\n")
    method = load_method(path)
    assert (method.name, method.scoring.cap, method.scoring.floor) == ("mio", Decimal("120.5"), Decimal(-10))
    assert load_method(str(path)) == method


@pytest.mark.parametrize("word", ["nessuno", "none", "Nessuno"])
def test_no_cap(write, word):
    assert load_method(write(HEAD + f'[scoring]\ncap = "{word}"\n')).scoring.cap is None


def test_decimals_are_exact(write):
    text = HEAD + "[rollup]\nown_pct = 66.7\nchildren_pct = 33.3\n"
    method = load_method(write(text))
    assert method.rollup.own_pct + method.rollup.children_pct == 100
    assert method.rollup.own_pct == Decimal("66.7")


def test_a_file_saved_by_notepad_has_a_mark_that_is_ignored(write):
    assert load_method(write(HEAD, encoding="utf-8-sig")).name == "mio"


def test_base_and_override(write):
    text = (
        'base = "massacarrara-2019"\nyear = 2024\n[scoring]\ncap = 120\n[states.indicator]\ntolerance = 5\n[aliases]\nX1 = "Y1"\n'
    )
    method, base = load_method(write(text, "camera-2024.toml")), load_method("massacarrara-2019")
    assert method.name == "camera-2024"
    assert method.year == 2024
    assert method.body == base.body
    assert method.scoring == base.scoring.model_copy(update={"cap": Decimal(120)})
    assert method.states.indicator.reached_from == 95
    assert method.states.indicator.critical == 50
    assert method.states.operational == base.states.operational
    assert method.aliases == {**base.aliases, "X1": "Y1"}
    assert method.rollup == base.rollup


def test_lists_replace_those_of_the_base(write):
    text = 'base = "lucca-2017"\n[not_measured]\nwords = ["sospeso"]\n'
    assert load_method(write(text)).not_measured.words == ("sospeso",)


def test_a_base_may_be_another_file_beside(write):
    write(HEAD + "[scoring]\nfloor = 10\n", "comune.toml")
    assert load_method(write('base = "comune.toml"\n')).scoring.floor == 10


def test_bands(write):
    text = HEAD + '[scoring.bands]\nmode = "steps"\nedges = [50, 80]\nvalues = [0, 70, 90]\nedge_belongs = "below"\n'
    bands = load_method(write(text)).scoring.bands
    assert (bands.mode, bands.edges, bands.values, bands.edge_belongs) == ("steps", (50, 80), (0, 70, 90), "below")


def test_late_bands(write):
    text = HEAD + '[scoring]\ndeadline = "late_bands"\nlate_bands = [{ days = 15, pct = 80 }, { days = 30, pct = 50.5 }]\n'
    assert [(band.days, band.pct) for band in load_method(write(text)).scoring.late_bands] == [(15, 80), (30, Decimal("50.5"))]


def test_tolerance_of_both_kinds_draws_the_same_line(write):
    for kind in ("points", "relative"):
        text = HEAD + f'[states.strategic]\ntolerance = 12.5\ntolerance_kind = "{kind}"\n'
        assert load_method(write(text)).states.strategic.reached_from == Decimal("87.5")


def test_aliases_that_go_round_in_circles_are_refused(write):
    error = refused(write(HEAD + '[aliases]\n"A" = "B"\n"B" = "A"\n'))
    assert error.key == "aliases"
    assert str(error).endswith('codici che non tornino a quello da cui si parte (qui "A" = "B", "B" = "A")')
    assert load_method(write(HEAD + '[aliases]\n"A" = "B"\n"C" = "B"\n')).canonical("A") == "B"


def test_aliases_give_the_canonical_code():
    method = load_method("lucca-2017")
    assert method.canonical("2C7101") == "2C0101"
    assert method.canonical("2C0101") == "2C0101"


# -- exceptions

EXCEPTIONS = """
[[exceptions]]
code = "O2.1.*"
reason = "delibera 5"
range = "zero_outside"
cap = "nessuno"
[[exceptions]]
code = "O2.1.3-b"
reason = "delibera 6"
cap = 150
policy = "zero"
"""


def test_exceptions_apply_to_their_codes_and_the_last_prevails(write):
    method = load_method(write(HEAD + EXCEPTIONS))
    assert method.scoring_for("S1.1.1-a") == method.scoring
    assert method.scoring_for("O2.1.1-a").cap is None
    assert method.scoring_for("O2.1.1-a").range == "zero_outside"
    assert method.scoring_for("O2.1.3-b").cap == 150
    assert method.scoring_for("O2.1.3-b").range == "zero_outside"
    assert method.scoring_for("O2.1.3-b").decreasing == method.scoring.decreasing
    assert method.not_measured_for("O2.1.3-b").policy == "zero"
    assert method.not_measured_for("O2.1.1-a") == method.not_measured


def test_without_exceptions_the_scoring_is_the_very_same_object():
    method = load_method("massacarrara-2019")
    assert method.scoring_for("O2.1.1-a") is method.scoring
    assert method.not_measured_for("O2.1.1-a") is method.not_measured


def test_exceptions_that_contradict_each_other_are_told_when_they_meet(write):
    text = '[[exceptions]]\ncode = "O*"\nreason = "a"\ncap = 50\n[[exceptions]]\ncode = "*.1"\nreason = "b"\nfloor = 60\n'
    method = load_method(write(HEAD + text))
    assert method.scoring_for("O2").cap == 50
    with pytest.raises(MethodError, match=r"le eccezioni per O1\.1 si contraddicono su cap"):
        method.scoring_for("O1.1")


# -- what is refused: text after the heading, key, found, allowed (some of)

MISTAKES = {
    "unknown key": ('[scoring]\nincresing = "ratio"\n', "scoring.incresing", '"ratio"', "increasing"),
    "unknown section": ("[punteggi]\na = 1\n", "punteggi", "una tabella", "scoring"),
    "unknown key of an exception": ('[[exceptions]]\ncode = "A"\nreason = "r"\nown_pct = 3\n', "exceptions[1].own_pct", "3", "range"),
    "value out of the list": ('[scoring]\nincreasing = "rato"\n', "scoring.increasing", '"rato"', "met_or_missed"),
    "value of another type": ("[rounding]\nmode = 3\n", "rounding.mode", "3", "truncate"),
    "text for a number": ('[scoring]\nfloor = "zero"\n', "scoring.floor", '"zero"', "un numero (decimali con il punto)"),
    "flag for a number": ("[scoring]\ncap = true\n", "scoring.cap", "true", 'un numero, o "nessuno"'),
    "infinity": ("[scoring]\nfloor = -inf\n", "scoring.floor", "-Infinity", "un numero finito"),
    "number for a flag": ("[reading]\nshow_pro_rata = 1\n", "reading.show_pro_rata", "1", "true"),
    "text for a whole number": ('[rounding]\ndecimals = "2"\n', "rounding.decimals", '"2"', "un numero intero"),
    "fraction for a whole number": ("[rounding]\ndecimals = 2.5\n", "rounding.decimals", "2.5", "un numero intero"),
    "too many decimals": ("[rounding]\ndecimals = 7\n", "rounding.decimals", "7", "un numero non maggiore di 6"),
    "negative decimals": ("[rounding]\nmoney_decimals = -1\n", "rounding.money_decimals", "-1", "un numero non minore di 0"),
    "share over 100": ("[rollup]\nown_pct = 101\n", "rollup.own_pct", "101", "un numero non maggiore di 100"),
    "weights that sum to nothing": ("[people]\nweights_sum = 0\n", "people.weights_sum", "0", "un numero maggiore di 0"),
    "text for a list": ('[not_measured]\nwords = "N.C."\n', "not_measured.words", '"N.C."', "un elenco tra parentesi quadre"),
    "number for a table": ("scoring = 3\n", "scoring", "3", "una tabella [sezione]"),
    "number for a text": ('[aliases]\n"02.1" = 3\n', 'aliases."02.1"', "3", "un testo tra virgolette"),
    "empty text": ('[labels]\nall = ""\n', "labels.all", '""', "un testo non vuoto"),
    "year in quotes": ('year = "2024"\n', "year", '"2024"', "un numero intero"),
    "entry of a list": ("[scoring]\nlate_bands = [{ days = 3, pct = 200 }]\n", "scoring.late_bands[1].pct", "200", "un numero non maggiore di 100"),
    # beyond types
    "shares that don't sum": ("[rollup]\nown_pct = 70\n", "rollup.own_pct", "70", "own_pct + children_pct = 100 (qui 70 + 40)"),
    "cap under floor": ("[scoring]\ncap = 10\nfloor = 20\n", "scoring.cap", "10", "un numero non minore di floor (20), o «nessuno»"),
    "critical over reached": ("[states.operational]\ncritical = 90.5\n", "states.operational.critical", "90.5", "un numero non maggiore di 100 − tolerance (90)"),
    "edges not ascending": ('[scoring.bands]\nmode = "clamp"\nedges = [80, 50]\nvalues = [0, 100]\n', "scoring.bands.edges", "[80, 50]", "estremi strettamente crescenti"),
    "too few values": ('[scoring.bands]\nmode = "steps"\nedges = [50, 80]\nvalues = [0, 70]\n', "scoring.bands.values", "[0, 70]", "3 valori (mode = steps, 2 estremi)"),
    "too many values": ('[scoring.bands]\nmode = "pro_rata"\nedges = [50, 80]\nvalues = [0, 70, 90]\n', "scoring.bands.values", "[0, 70, 90]", "2 valori (mode = pro_rata, 2 estremi)"),
    "clamp with one edge": ('[scoring.bands]\nmode = "clamp"\nedges = [50]\nvalues = [0]\n', "scoring.bands.edges", "[50]", "due estremi (mode = clamp)"),
    "steps without edges": ('[scoring.bands]\nmode = "steps"\n', "scoring.bands.edges", "valore predefinito", "almeno un estremo (mode = steps)"),
    "bands without a mode": ("[scoring.bands]\nedges = [50]\n", "scoring.bands.mode", "valore predefinito", "steps, pro_rata o clamp quando edges o values sono indicati"),
    "late bands that aren't there": ('[scoring]\ndeadline = "late_bands"\n', "scoring.late_bands", "valore predefinito", "almeno una fascia { days, pct } (deadline = late_bands)"),
    "late bands not ascending": ("[scoring]\nlate_bands = [{ days = 9, pct = 50 }, { days = 9, pct = 20 }]\n", "scoring.late_bands", "[una tabella, una tabella]", "fasce con giorni strettamente crescenti"),
    "proportional to nothing": ('[scoring]\ndeadline = "proportional"\n', "scoring.proportional_days", "valore predefinito", "un numero di giorni maggiore di 0 (deadline = proportional)"),
    "exception that doesn't fit": ('[[exceptions]]\ncode = "A"\nreason = "r"\ncap = -5\n', "exceptions[1].cap", "-5", "un numero non minore di floor (0), o «nessuno»"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_names_file_key_found_and_allowed(write, name):
    text, key, found, allowed = MISTAKES[name]
    path = write(HEAD + text)
    error = refused(path)
    assert (error.file, error.key, error.found) == (str(path), key, found)
    assert allowed in error.allowed
    assert error.message.startswith(f"{path}: ")
    for said in (key, found, allowed):
        assert said in error.message


def test_a_missing_key_is_named(write):
    error = refused(write('title = "T"\nbody = "B"\nsource = "S"\n'))
    assert error.key == "name"
    assert "manca la chiave obbligatoria name" in error.message


def test_an_exception_needs_its_reason(write):
    error = refused(write(HEAD + '[[exceptions]]\ncode = "A"\ncap = 3\n'))
    assert error.key == "exceptions[1].reason"
    assert "manca la chiave obbligatoria exceptions[1].reason" in error.message


def test_an_unknown_key_suggests_the_nearest(write):
    assert "forse «increasing»?" in refused(write(HEAD + '[scoring]\nincresing = "ratio"\n')).message


def test_all_mistakes_of_a_file_are_told_at_once(write):
    error = refused(write(HEAD + '[scoring]\nincreasing = "rato"\nflor = 0\n[rounding]\ndecimals = 9\n'))
    assert len(error.errors) == 3
    assert error.key == "scoring.increasing"
    for key in ("scoring.increasing", "scoring.flor", "rounding.decimals"):
        assert key in error.message


SYNTAX = {
    "decimal comma": ("cap = 100,5\n", 5, "i decimali si scrivono con il punto"),
    "bare text": ("year = duemila\n", 5, "i testi vanno tra virgolette"),
    "open quotes": ('labels = "a\n', 5, "virgolette non chiuse"),
    "key twice": ("year = 2019\nyear = 2020\n", 6, "già definita"),
    "section twice": ("[scoring]\n[scoring]\n", 6, "già definita"),
    "no equals sign": ("year 2019\n", 5, "manca il segno ="),
}


@pytest.mark.parametrize("name", SYNTAX)
def test_toml_that_isnt_valid(write, name):
    text, line, why = SYNTAX[name]
    path = write(HEAD + text)
    error = refused(path)
    assert error.file == str(path)
    assert f"TOML non valido alla riga {line}" in error.message
    assert why in error.message


def test_an_unknown_name_lists_the_shipped_ones():
    error = refused("lucca-2016")
    assert error.allowed == SHIPPED
    assert "«lucca-2016» non esiste" in error.message
    assert all(name in error.message for name in SHIPPED)


def test_an_unknown_base_lists_the_shipped_ones(write):
    error = refused(write('base = "lucca-2016"\n'))
    assert (error.key, error.allowed) == ("base", SHIPPED)
    assert all(name in error.message for name in SHIPPED)


def test_a_base_that_isnt_a_text(write):
    assert refused(write("base = 3\n")).key == "base"


def test_bases_in_a_circle(write):
    write('base = "mio.toml"\n', "altro.toml")
    error = refused(write('base = "altro.toml"\n'))
    assert error.key == "base"
    assert "parte a sua volta da questo file" in error.message


def test_a_mistake_of_the_base_is_told_of_the_base(write):
    base = write(HEAD + "[rollup]\nown_pct = 70\n", "comune.toml")
    error = refused(write('base = "comune.toml"\n[scoring]\ncap = 120\n'))
    assert error.file == str(base)
    assert error.key == "rollup.own_pct"


def test_a_file_that_isnt_there(tmp_path):
    error = refused(tmp_path / "manca.toml")
    assert error.file == str(tmp_path / "manca.toml")
    assert "non esiste" in error.message


def test_a_folder_in_place_of_a_file(tmp_path):
    assert "non si può leggere" in refused(tmp_path).message


def test_a_file_in_another_encoding(write):
    error = refused(write(HEAD.replace("Ente", "Università"), encoding="latin-1"))
    assert "UTF-8" in error.message


def test_errors_and_methods_survive_pickling(write):
    error = refused(write(HEAD + '[scoring]\nincreasing = "rato"\n'))
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.key, again.allowed) == (error.message, error.key, error.allowed)
    method = load_method(write(HEAD + EXCEPTIONS))
    assert pickle.loads(pickle.dumps(method)) == method
