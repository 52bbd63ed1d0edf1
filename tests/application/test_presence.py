"""A missing application is skipped aloud on a laptop and fails in CI."""

from __future__ import annotations

import pytest

from application import presence


@pytest.fixture
def _nothing_absent(monkeypatch):
    monkeypatch.setattr(presence, "absent", {})


@pytest.mark.usefixtures("_nothing_absent")
@pytest.mark.parametrize("value", ["true", "TRUE", "1"])
def test_in_ci_a_missing_application_fails(monkeypatch, value):
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.fail.Exception, match="Calc non è installato: installarlo"):
        presence.application_missing("Calc", "installarlo")


@pytest.mark.usefixtures("_nothing_absent")
@pytest.mark.parametrize("value", ["", "false", "0"])
def test_elsewhere_it_is_skipped_and_said_at_the_end(monkeypatch, value):
    monkeypatch.setenv("CI", value)
    with pytest.raises(pytest.skip.Exception, match="Calc non è installato: Installarlo"):
        presence.application_missing("Calc", "Installarlo.")
    italian, english = presence.loud_lines()
    assert italian == "ATTENZIONE: Calc non è installato; le prove che lo usano non sono state eseguite. Installarlo."
    assert english == "WARNING: Calc is missing; the tests that need it did NOT run."


@pytest.mark.usefixtures("_nothing_absent")
def test_nothing_is_said_when_nothing_is_missing():
    assert presence.loud_lines() == []
