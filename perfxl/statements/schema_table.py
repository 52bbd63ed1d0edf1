"""The schema of a declaration: how a table is found and read, its columns and its lines.

Pydantic is imported here and not by `import perfxl`.
"""

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from perfxl.algorithms import FormulaError, parse
from perfxl.readers.headings import folded

Mode = Literal["half_up", "truncate", "half_even", "half_down"]
ColumnKind = Literal["text", "amount", "number", "integer", "percent", "date", "target", "mark", "algorithm", "state"]
FIGURES = frozenset({"amount", "number", "integer", "percent", "mark"})
"""Kinds of column that hold figures. A `percent` is held in percent (58.1), however the sheet stores it; a `mark` is 1 or 0."""


def _compiled(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"un'espressione regolare valida ({error})"
        raise ValueError(message) from error
    return pattern


def _formula(text: str) -> str:
    try:
        parse(text)
    except FormulaError as error:
        message = f"una formula leggibile ({error})"
        raise ValueError(message) from error
    return text


Regex = Annotated[str, AfterValidator(_compiled)]
Formula = Annotated[str, AfterValidator(_formula)]
Name = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[^\W\d]\w*$")]


class Section(BaseModel):
    """A table of the file: frozen, no unknown key."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


YEARS = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
YEAR_WORD = "aaaa"
"""Stands for the year in the headings of a column that repeats year by year."""


class Taken(Section):
    """Figures read out of a sentence of amounts that stands in another column (`perfxl.grammar.amounts`)."""

    of: Key = Field(description="colonna della frase: «€ 250.000,00 + 85.500 da maggiorazione D.A. per turismo»")
    part: Literal[
        "somma",
        "totale",
        "interventi economici",
        "maggiorazione",
        "quote associative",
        "oneri di funzionamento",
        "investimenti",
        "non specificato",
    ] = Field(
        "somma", description="quali importi: la loro somma, il totale che la frase stessa indica, quelli con questa etichetta"
    )
    purpose: Regex = Field("", description="soltanto quelli destinati a questo («per …»)")


class Column(Section):
    """A column: the words that may head it (none: it is only computed), and what it holds.

    `aaaa` in a heading stands for a year, and the column repeats with it (`Consuntivo aaaa`, `Comp. % aaaa`): in formulas its
    key means the column of the same year as the figure that is computed.
    """

    headings: tuple[Name, ...] = Field(
        (), description="parole che intestano la colonna; * in fondo sta per ciò che segue, aaaa per un anno"
    )
    at: int | None = Field(None, ge=1, description="senza intestazione: posto della colonna, contato dalla prima della tabella")
    left_of: str = Field("", description="senza intestazione: sta subito a sinistra di questa colonna («series»: degli anni)")
    title: str = Field("", description="intestazione nella scheda prodotta")
    kind: ColumnKind = Field("text", description="che cosa contiene")
    need: Literal["essential", "optional"] = Field("optional", description="se la colonna deve esserci")
    width: float = Field(16, description="larghezza nella scheda, in caratteri")
    fill: bool = Field(False, description="una cella vuota vale quella sopra (celle unite in verticale)")
    under: bool = Field(False, description="schede (records): il testo che sta accanto o sotto al titolo del blocco")
    rounded: bool | None = Field(None, description="le cifre digitate sono arrotondate ai decimali che mostrano")
    always: bool = Field(False, description="contiene la stessa cosa in ogni riga, anche dove il tipo di riga (kind) dice altro")
    taken: Taken | None = Field(None, description="senza intestazione: importi letti dalla frase di un'altra colonna")
    levels: tuple[Key, ...] = Field(
        (), description="soltanto nelle righe di questi livelli: nelle altre la cella non è di questa colonna"
    )
    each: str = Field("", description="senza intestazione: si ripete per ogni anno di questa colonna; {anno} nel titolo")
    state_of: str = Field("", description="kind state: lo stato, secondo il metodo, della realizzazione di questa colonna")
    if_any: bool = Field(False, description="si mostra soltanto se ha una cifra diversa da zero")
    input: bool = Field(False, description="celle da compilare, con il colore di quelle da compilare")
    kept: bool = Field(False, description="c'è nella scheda anche dove il foglio non ha questa colonna")

    @cached_property
    def words(self) -> tuple[tuple[str, bool], ...]:
        """(folded heading, whether anything may follow)."""
        return tuple((folded(text.removesuffix("*")), text.endswith("*")) for text in self.headings if YEAR_WORD not in text)

    @cached_property
    def by_year(self) -> frozenset[str]:
        """The folded headings with `aaaa` in them."""
        return frozenset(folded(text) for text in self.headings if YEAR_WORD in text)


class Series(Section):
    """Columns that repeat (years, offices, categories): one for each heading that the expression finds.

    Their keys are `y2017` where the group `year` is found, else the folded heading with `_` for blanks. A group `stage` is
    added to the key (`y2017precons`): a forecast of a year isn't the same fact as its result.
    """

    headings: Regex = Field(
        description="espressione delle intestazioni; (?P<year>…) dà l'anno, (?P<stage>…) si aggiunge alla chiave"
    )
    kind: ColumnKind = Field("amount", description="che cosa contengono le colonne")
    rounded: bool | None = Field(None, description="come per una colonna")
    previous: Literal["left", "right"] = Field("left", description="da che parte sta l'anno prima")
    consecutive: bool = Field(
        False, description="anni di seguito: un anno ripetuto per errore vale il successivo (con un'anomalia)"
    )
    width: float = Field(15, description="larghezza nella scheda, in caratteri")


class LineKind(Section):
    """A kind of line, tried in order: how it is known, its level, its key and what it stands beneath.

    Groups of `text` that bear the name of a column without headings fill it: a target written inside a label.
    """

    level: Key = Field(description="nome del livello")
    text: Regex | None = Field(None, description="espressione sulla colonna `where`; i gruppi key, title, parent contano")
    where: str = Field("", description="colonna su cui cercare [se manca: la prima colonna di testo]")
    blank: tuple[str, ...] = Field((), description="colonne che devono essere vuote")
    filled: tuple[str, ...] = Field((), description="colonne che non devono essere vuote")
    within: tuple[str, ...] = Field((), description="solo sotto una sezione con questa chiave")
    key: str = Field("", description="chiave; {gruppo} dell'espressione, {colonna}, {n} (numero d'ordine nel livello), {section}")
    parent: str = Field("", description="chiave della riga da cui dipende (con {gruppo}), in questo o in un altro prospetto")
    beneath: str = Field("", description="livello da cui dipende, o più d'uno separati da |: la riga più vicina sopra")
    above: str = Field("", description="lo stesso: la riga più vicina sotto (i totali stanno in fondo)")
    title: str = Field("", description="titolo; {gruppo} o {colonna} [se manca: il gruppo title o il testo]")
    last: bool = Field(False, description="soltanto l'ultima riga della tabella")
    skip: bool = Field(False, description="riga senza dati, da saltare")
    ends: bool = Field(False, description="la tabella finisce prima di questa riga")
    section: bool = Field(False, description="riga di titolo: le righe sotto le appartengono (con skip: senza che compaia)")
    also: bool = Field(
        False, description="la stessa riga del foglio ne tiene un'altra di fianco: si provano anche i tipi che seguono"
    )
    columns: tuple[Key, ...] = Field((), description="le sole colonne che sono di questa riga (con also)")
    opens: str = Field("", description="con questa riga, senza titolo, comincia il blocco di questo nome (per `within`)")
    kind: ColumnKind | None = Field(None, description="che cosa contengono le sue cifre, se non è ciò che dice la colonna")

    @cached_property
    def text_re(self) -> re.Pattern[str] | None:
        """`text`, ready."""
        return re.compile(self.text, re.IGNORECASE) if self.text else None
