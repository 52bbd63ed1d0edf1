"""The same code in several rows: other words, another target (PX-A010), or another indicator (PX-A014)."""

import pytest

from rollup.builders import found, indicator, job, sheet


def row(title, target=">= 10"):
    return indicator("O1.1.1-a", "1.1.1", target, "5", title=title, offices=("U1.1",))


@pytest.mark.parametrize(
    ("title", "target", "code"),
    [
        ("Circoli di qualità: indicazioni degli Uffici", ">= 10", None),
        ("Circoli di qualita, indicazioni degli Ufici", ">= 10", None),
        ("Circoli di qualità: indicazioni degli Uffici", "=> 10", None),
        ("Circoli di qualità: indicazioni degli Uffici", ">= 12", "PX-A010"),
        ("Circoli di qualità: riunioni con i Servizi", ">= 10", "PX-A010"),
        ("Tempo medio di pagamento", ">= 10", "PX-A014"),
    ],
)
def test_between_two_sheets(title, target, code):
    done = job(sheet("U1.1", row("Circoli di qualità: indicazioni degli Uffici")), sheet("PO2", row(title, target)))
    assert [one.code for one in done.findings if one.code in ("PX-A010", "PX-A014")] == ([code] if code else [])


def test_twice_in_one_sheet():
    done = job(sheet("U1.1", row("Circoli di qualità"), row("Circoli di qualità")))
    assert found(done, "PX-A014") == ["O1.1.1-a: due volte in questo foglio, anche in A7"]
    assert len({one.uid for one in done.rows}) == 2
