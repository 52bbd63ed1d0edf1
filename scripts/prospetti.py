# ruff: noqa: INP001 - a script, part of no package
"""Write docs/prospetti.md, the reference of the declarations' format, from the schema and the shipped declarations:
`python scripts/prospetti.py`.

Keys, values, meanings and defaults are the schema's; the examples are taken from the declarations that perfxl ships. A test fails
when the page and the schema don't say the same, when a key has no example, or when a function has no line.
"""

from __future__ import annotations

import json
import tomllib
import types
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from perfxl.statements import schema_table, shipped_declarations
from perfxl.statements.compare import MODES
from perfxl.statements.schema import Declaration, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

PAGE = Path(__file__).parents[1] / "docs" / "prospetti.md"
SYSTEMS = Path(__file__).parents[1] / "docs" / "prospetti"
LONGEST_EXAMPLE = 90

EXAMPLE = """\
id = "nostro_bilancio"
title = "Bilancio per area"
tab = "Bilancio"
source = "Bilancio 2023, allegato 2"

[columns.area]
headings = ["Area"]
need = "essential"

[columns.planned]
headings = ["Preventivo*", "Budget"]
kind = "amount"
need = "essential"

[columns.spent]
headings = ["Consuntivo*"]
kind = "amount"

[columns.used]
headings = ["% utilizzo"]
kind = "percent"

[[lines]]
level = "totale"
text = "^Totale"

[[lines]]
level = "area"
above = "totale"

[[rules]]
name = "somma delle aree"
lines = ["totale"]
columns = ["planned", "spent"]
formula = "sum(children)"
decimals = 2

[[rules]]
name = "consuntivo su preventivo"
columns = ["used"]
formula = "100 * spent / planned"
decimals = 1
zero = "0"
"""

FORMULAS = (
    (
        "100 * spent / planned",
        "colonne della stessa riga, numeri all’italiana (`0,5`, `1.000`), segni `+ − × ÷` (anche `- * / :`), parentesi",
    ),
    ("TOTALE.spent", "la riga con chiave `TOTALE`, colonna `spent`"),
    ("proventi - oneri", "un nome che non è una colonna è una riga, nella stessa colonna: così si dichiara un bilancio"),
    (
        "sum(children)",
        "le righe che dipendono da questa (`above`, `beneath`, `parent`), nella stessa colonna; `children.spent` in un’altra",
    ),
    ("parent.planned", "la riga da cui questa dipende"),
    ("sum(area.spent)", "tutte le righe di un livello"),
    ('"N. imprese (31/12)".spent', "un nome con segni o spazi sta tra virgolette doppie"),
    (
        "budget_projects!TOTALE.actual",
        "una riga di un altro prospetto; `x!TOTALE` è la stessa colonna, `x!@.col` la riga con la stessa chiave",
    ),
    (
        "sum(budget_projects!actual[parent])",
        "di un altro prospetto, le righe il cui `parent` (o `key`, o una colonna) è la chiave di questa riga",
    ),
    ("max(planned; spent)", "gli argomenti si separano con `;`, o con `,` e uno spazio: `1,2` è un numero"),
)

FUNCTIONS = {
    "sum": ("sum(children)", "somma di ciò che c’è: una cella non misurata non conta"),
    "mean": ("mean(children.pct)", "media semplice dei misurati"),
    "wmean": ("wmean(children.pct; children.weight)", "media pesata dei misurati"),
    "min": ("min(planned; spent)", "il minore"),
    "max": ("max(spent - planned; 0)", "il maggiore"),
    "count": ("count(children)", "quanti sono i misurati"),
    "abs": ("abs(spent - planned)", "il valore assoluto"),
    "prev": ("spent - prev(spent)", "la stessa cifra nella colonna dell’anno prima, tra quelle che si ripetono"),
    "ge": ("ge(spent; planned)", "1 se la prima cifra è maggiore o uguale alla seconda, altrimenti 0"),
    "achievement": (
        "achievement(spent; target)",
        "la percentuale di una cifra rispetto al target di una colonna `target`, con le regole del metodo",
    ),
    "algorithm": ("algorithm(text; table)", "l’algoritmo stampato in una colonna, calcolato sulle misure di un prospetto"),
}

OTHER_EXAMPLES = {
    "Declaration.nil": 'nil = ["-", "–"]',
    "Declaration.sentinels": 'sentinels = ["n.d.", "non disponibile"]',
    "Declaration.sheets": "sheets = ['^Risorse']",
    "Column.rounded": "rounded = true",
    "Rule.carried": "carried = true",
    "Rule.mode": 'mode = "truncate"',
    "LineKind.last": "last = true",
    "LineKind.ends": "ends = true",
    "Feed.lines": 'lines = ["questionario"]',
    "Label.lines": 'lines = ["indicatore"]',
    "Series.width": "width = 12",
}
"""For the keys that no shipped declaration has."""

HEAD = """<!-- Pagina generata da scripts/prospetti.py: non modificarla a mano. -->

# I prospetti

Un *prospetto* è una tabella di un documento in cui certe cifre seguono da altre: il budget per progetto, il conto economico, gli
indici di bilancio, il personale di un progetto incentivato. Ognuno è **dichiarato** in un file TOML: come si riconosce la tabella,
che cosa sono le sue righe, quali cifre seguono da quali e con quale arrotondamento una cifra stampata concorda. Dalla stessa
dichiarazione vengono la lettura, il calcolo esatto, le formule native della scheda e il riscontro dei documenti
([`perfxl verifica`](verifica.md)).

I prospetti forniti sono [in fondo alla pagina](#i-prospetti-forniti). Uno proprio si prova così:

    perfxl leggi bilancio.xlsx --prospetto nostro-bilancio.toml
    perfxl verifica bilancio.xlsx --prospetto nostro-bilancio.toml
    perfxl consolida bilancio.xlsx --metodo nostro.toml --prospetto nostro-bilancio.toml

Un prospetto con lo stesso `id` di uno fornito ne prende il posto. Se il file non va bene, una riga dice quale chiave e che cosa è
ammesso.

## Un esempio

```toml
{example}```

Vale per ogni foglio in cui una riga abbia, in qualunque posto e ordine, un’intestazione «Area» e una che comincia per «Preventivo».

## Come si trova una tabella

- Si cercano le intestazioni, in qualunque riga e colonna; maiuscole, accenti, punteggiatura, anni e date non contano. Possono stare
  su due righe (celle unite comprese). Tutte le colonne con `need = "essential"` devono esserci; le altre, se ci sono.
- Quando più prospetti riconoscono la stessa riga vale quello che ne spiega di più; una didascalia (`caption`) distingue due tabelle
  con le stesse intestazioni.
- Più tabelle in un foglio, una sotto l’altra, si riconoscono dalle loro intestazioni; il titolo sopra la seconda è suo.
- Righe: i tipi di `[[lines]]` si provano in ordine, il primo che va bene decide. Una riga con cifre che nessun tipo riconosce è
  un’anomalia (`PX-C010`).
- Cifre: `1.234,50`, `€ 1.234,50`, `58,1 %`, `(1.234)`, numeri di Excel. Il trattino è una cella vuota; `n.d.` vuol dire non
  misurato; una cella che non si legge è un’anomalia (`PX-C011`, `PX-R006`) e non vale mai zero.
- Una cifra di una colonna `percent` è in percento (58,1), comunque il foglio la tenga.

## Le formule

| esempio | che cosa dice |
|---|---|
{formulas}

Le funzioni:

| funzione | esempio | che cosa fa |
|---|---|---|
{functions}

Le cifre di un altro prospetto sono quelle dello stesso file, se c’è; altrimenti dello stesso anno. Una cifra che manca, una divisione
per zero, una formula che torna su sé stessa lasciano la cifra senza valore, con il perché: niente è inventato.

## Le convenzioni

Una cifra stampata *concorda* solo con l’arrotondamento dichiarato: quello della regola (`mode`, `decimals`), salvo che il metodo ne
dica un altro per quel prospetto (`[conventions]`, [metodi.md](metodi.md)); senza, quello degli importi del metodo (`money_mode`) ai
decimali che la cifra mostra. I modi: {modes}. L’arrotondamento si applica al valore esatto, mai alla sua approssimazione binaria.
Gli esiti di un riscontro sono spiegati in [verifica.md](verifica.md#che-cosa-vuol-dire-ogni-esito).

## Le chiavi

Le chiavi senza «obbligatoria» si possono omettere. Gli esempi vengono dai prospetti forniti.
"""


def page() -> str:
    """The whole page."""
    examples = _examples()
    parts = [
        HEAD.format(
            example=EXAMPLE,
            formulas="\n".join(f"| `{formula}` | {meaning} |" for formula, meaning in FORMULAS),
            functions="\n".join(f"| `{name}` | `{formula}` | {meaning} |" for name, (formula, meaning) in FUNCTIONS.items()),
            modes=", ".join(f"`{mode}` ({words})" for mode, words in MODES.items()),
        )
    ]
    for where, title, section in sections():
        parts.append(f"### {where}: {title}\n\n| chiave | che cosa contiene | significato | esempio |\n|---|---|---|---|")
        rows = (_row(section, key, field, examples) for key, field in section.model_fields.items() if _inner(field) is None)
        parts[-1] += "".join(f"\n{row}" for row in rows) + "\n"
    parts.append(_shipped())
    return "\n".join(parts)


def sections() -> Iterator[tuple[str, str, type[Section]]]:
    """How each table of the file is written, what it is, its keys."""
    yield "Prima delle sezioni", "il prospetto", Declaration
    yield from _nested(Declaration, "")


def _nested(section: type[Section], path: str) -> Iterator[tuple[str, str, type[Section]]]:
    for key, field in section.model_fields.items():
        inner = _inner(field)
        if inner is not None:
            kind = get_origin(field.annotation)
            name = f"{path}{key}"
            where = f"`[{name}.NOME]`" if kind is dict else f"`[[{name}]]`" if kind is tuple else f"`[{name}]`"
            yield where, field.description or "", inner
            yield from _nested(inner, f"{name}.NOME." if kind is dict else f"{name}.")


def _inner(field: FieldInfo) -> type[Section] | None:
    """The section that a key holds, if it holds one."""
    found = [each for each in _leaves(field.annotation) if isinstance(each, type) and issubclass(each, Section)]
    return found[0] if found else None


def _leaves(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal or not arguments:
        yield annotation
        return
    for each in arguments:
        yield from _leaves(each)


def _row(section: type[Section], key: str, field: FieldInfo, examples: dict[str, str]) -> str:
    example = examples.get(f"{section.__name__}.{key}", "")
    meaning = (field.description or "") + (" **(obbligatoria)**" if field.is_required() else _default(field))
    shown = f"`{_cell(example)}`" if example else ""
    return f"| `{key}` | {_kind(field)} | {_cell(meaning)} | {shown} |"


def _cell(text: str) -> str:
    """A text within a table of Markdown."""
    return text.replace("|", "\\|")


def _default(field: FieldInfo) -> str:
    default = field.default
    if field.default_factory is not None or default in (None, "", (), False):
        return ""
    shown = ", ".join(map(str, default)) if isinstance(default, tuple) else default
    return f" [se manca: {shown}]"


def _kind(field: FieldInfo) -> str:
    annotation = field.annotation
    if get_origin(annotation) in {Union, types.UnionType}:
        [annotation] = [each for each in get_args(annotation) if each is not type(None)]
    if get_origin(annotation) is tuple:
        return "elenco di numeri" if float in get_args(annotation) else "elenco"
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{each}`" for each in get_args(annotation))
    validators = {getattr(each, "func", None) for each in field.metadata} | _validators(annotation)
    if schema_table._compiled in validators:  # noqa: SLF001 - the schema's own validators say what a text is
        return "espressione"
    if schema_table._formula in validators:  # noqa: SLF001
        return "formula"
    return {bool: "`true`, `false`", int: "numero", float: "numero"}.get(annotation, "testo")


def _validators(annotation: Any) -> set[Any]:
    return {getattr(each, "func", None) for each in getattr(annotation, "__metadata__", ())}


def _examples() -> dict[str, str]:
    """`Column.headings` → `headings = ["Progetto"]`: the first of the shipped declarations that is short enough."""
    out: dict[str, str] = {}
    folder = files("perfxl.statements").joinpath("declarations")
    for item in sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name):
        _gather(Declaration, tomllib.loads(item.read_text(encoding="utf-8")), out)
    return OTHER_EXAMPLES | out


def _gather(section: type[Section], table: dict[str, Any], out: dict[str, str]) -> None:
    for key, value in table.items():
        inner = _inner(section.model_fields[key])
        if inner is None:
            text = f"{key} = {_toml(value)}"
            if len(text) <= LONGEST_EXAMPLE and "`" not in text:
                out.setdefault(f"{section.__name__}.{key}", text)
            continue
        many = (
            value
            if isinstance(value, list)
            else [*value.values()]
            if get_origin(section.model_fields[key].annotation) is dict
            else [value]
        )
        for each in many:
            _gather(inner, each, out)


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return f"'{value}'" if "\\" in value or '"' in value else f'"{value}"'
    return json.dumps(value) if not isinstance(value, dict) else str(value)


def _shipped() -> str:
    """The list of the shipped declarations, tab by tab, and the pages of the systems."""
    rows = "\n".join(
        f"| `{each.id}` | {_cell(each.title)} | {each.tab} | {len(each.rules)} | {_cell(each.source)} |"
        for each in sorted(shipped_declarations(), key=lambda each: (each.tab, each.order, each.id))
    )
    pages = "\n".join(f"- [{_title(path)}](prospetti/{path.name})" for path in sorted(SYSTEMS.glob("*.md")))
    return (
        "## I prospetti forniti\n\nChe cosa legge e calcola ogni sistema, e che cosa mostrano i documenti:\n\n"
        f"{pages}\n\n| id | prospetto | scheda | regole | da dove viene |\n|---|---|---|---|---|\n{rows}\n"
    )


def _title(path: Path) -> str:
    return next(
        line.removeprefix("# ").strip() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# ")
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
