"""The schema of a declaration: what follows from what, and what is shown beside it."""

from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from perfxl.algorithms import Node, parse
from perfxl.statements.schema_table import ColumnKind, Formula, Key, Mode, Name, Section


class Rule(Section):
    """Figures that follow from others: which ones, by which formula, under which convention a printed one agrees."""

    name: Name = Field(description="che cosa calcola, in parole")
    formula: Formula = Field(description="la formula (docs/prospetti.md)")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")
    columns: tuple[str, ...] = Field((), description="chiavi di colonna; «series», «first», «last»: quelle che si ripetono")
    role: Literal["compute", "fill", "check"] = Field(
        "compute", description="calcola la cifra; la calcola dove non è digitata (fill); o soltanto la riscontra"
    )
    mode: Mode | None = Field(None, description="arrotondamento con cui una cifra stampata concorda [se manca: del metodo]")
    decimals: int | None = Field(None, ge=0, le=8, description="decimali stampati [se manca: quelli della cifra stampata]")
    carried: bool = Field(False, description="la cifra passa arrotondata a quelle che ne seguono")
    zero: Literal["missing", "0"] = Field("missing", description="quanto vale 0/0")
    blanks: Literal["missing", "0"] = Field(
        "missing", description="un addendo vuoto, o nessuna riga sotto: la cifra manca, o vale zero"
    )
    source: str = Field("", description="documento e punto da cui la regola è tratta")

    @property
    def rounding(self) -> Mode:
        """The mode; a declaration that no method was laid over rounds half up."""
        return self.mode or "half_up"

    @cached_property
    def node(self) -> Node:
        """The formula, read."""
        return parse(self.formula)


def _bare(name: str, formula: str) -> Rule:
    """A formula as a rule that is only asked for its value."""
    return Rule.model_validate({"name": name, "formula": formula})


class Weighted(Section):
    """Figures whose total is known: weights that make 100."""

    column: Key = Field(description="colonna dei pesi")
    lines: tuple[str, ...] = Field((), description="livelli delle righe")
    total: str = Field("100", description="quanto devono fare")
    title: str = Field("pesi", description="che cosa sono, nell'anomalia di quelli che non fanno il totale")


class Added(Section):
    """A line that the sheet doesn't have, at the end of the table: only its computed figures are there."""

    key: Name = Field(description="chiave della riga")
    title: Name = Field(description="titolo")
    level: Key = Field("totale", description="livello")
    kind: ColumnKind | None = Field(None, description="che cosa contengono le sue cifre, se non è ciò che dice la colonna")


class Chart(Section):
    """A chart of the tab."""

    title: Name = Field(description="titolo")
    kind: Literal["bar", "column", "line", "radar", "pie"] = Field("bar", description="tipo")
    categories: Key = Field(description="colonna delle etichette")
    values: tuple[str, ...] = Field(description="colonne dei valori; «series»: tutte quelle che si ripetono")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")
    across: bool = Field(False, description="una serie per riga: le colonne stanno sull'asse delle etichette")
    bounds: tuple[float, float] | None = Field(None, description="estremi dell'asse dei valori; delle percentuali, in percento")


class Light(Section):
    """A traffic light: figures set against the target written in a column, or against one that the document states for all."""

    values: tuple[str, ...] = Field(description="colonne delle cifre; «series», «first», «last»: quelle che si ripetono")
    target: str = Field("", description="colonna del target")
    aim: str = Field("", description="target che il documento enuncia per tutte le righe, come si scriverebbe nella cella")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if bool(self.target) == bool(self.aim):
            message = "target|la colonna del target (target), oppure il target stesso (aim)"
            raise ValueError(message)
        return self


class Twin(Section):
    """Cells that another table prints too: in the line of the same key they must say the same."""

    table: Key = Field(description="l'altro prospetto")
    columns: tuple[Key, ...] = Field(description="colonne che si devono trovare uguali, con la stessa chiave nei due prospetti")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")


class Trend(Section):
    """Figures set against those of the year before; better or worse only where the light's target says which way is up."""

    values: tuple[str, ...] = Field(description="colonne delle cifre; «series», «first», «last»: quelle che si ripetono")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")
    decimals: int = Field(2, ge=0, le=8, description="decimali ai quali una differenza nulla vuol dire stabile")


class Limit(Section):
    """Bounds that figures can't be beyond: a share is at most 100, a mean lies within its scale. Beyond them, a finding."""

    name: Name = Field(description="che cosa non può essere, in parole")
    columns: tuple[str, ...] = Field(description="chiavi di colonna; «series»: tutte quelle che si ripetono")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")
    least: Formula | None = Field(None, description="formula del minimo")
    most: Formula | None = Field(None, description="formula del massimo")
    source: str = Field("", description="documento e punto da cui il limite è tratto")

    @cached_property
    def rules(self) -> tuple[Rule | None, Rule | None]:
        """The bounds as rules: (least, most)."""
        low, high = (_bare(self.name, text) if text else None for text in (self.least, self.most))
        return low, high


class Given(Section):
    """What a column of texts says where the sheet leaves it blank, or has no such column: data that a user may change."""

    column: Key = Field(description="colonna di testo")
    value: Name = Field(description="che cosa contiene")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte quelle che restano vuote]")
    source: str = Field("", description="documento e punto da cui è tratto")


class Label(Section):
    """A column of words that follow from the sign of a formula: above or below a mean, within a standard or not.

    Where the column `way` says which direction is favourable, `good` or `bad` is added; where it doesn't, nothing is.
    """

    column: Key = Field(description="colonna di testo, senza intestazioni: è solo calcolata")
    formula: Formula = Field(description="la formula di cui conta il segno")
    above: str = Field(description="che cosa dire dove è positiva")
    equal: str = Field(description="dove è zero")
    below: str = Field(description="dove è negativa")
    way: str = Field("", description="colonna del verso: «crescente» o «decrescente», altrimenti non dichiarato")
    good: str = Field("", description="che cosa aggiungere dove la differenza è favorevole")
    bad: str = Field("", description="dove è sfavorevole")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")

    @cached_property
    def rule(self) -> Rule:
        """The formula as a rule."""
        return _bare(self.column, self.formula)


class Feed(Section):
    """Figures that are the result of an indicator: the line names its code, and what the office typed is set beside."""

    code: Key = Field(description="colonna con il codice dell'indicatore")
    value: Key = Field(description="colonna della cifra")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")


class Schedule(Section):
    """Lines that are phases with a time: their dates, and how they stand at the reference date.

    Documents print months without a year: `offset` and `first_month` say in which twelve months they lie.
    """

    timing: Key = Field(description="colonna dei tempi («Giu-Set»)")
    done: str = Field("", description="colonna del compimento («Fatto il»)")
    year: str = Field("", description="colonna dell'anno [se manca: l'anno del prospetto o del consolidato]")
    offset: int = Field(0, ge=-3, le=3, description="anni da aggiungere a quello del documento per il primo mese")
    first_month: int = Field(1, ge=1, le=12, description="mese con cui il ciclo comincia; quelli prima sono dell'anno dopo")
    lines: tuple[str, ...] = Field((), description="livelli o chiavi di riga [se manca: tutte]")
    source: str = Field("", description="perché questi anni")
