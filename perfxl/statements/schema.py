"""The schema of a declaration: one table of a document, as data (docs/prospetti.md describes every key with an example).

Pydantic is imported here and not by `import perfxl`.
"""

import re
from collections.abc import Container
from functools import cached_property
from typing import Self

from pydantic import Field, model_validator

from perfxl.readers.headings import folded
from perfxl.statements.coherence import slips
from perfxl.statements.schema_rules import Added, Chart, Feed, Given, Label, Light, Limit, Rule, Schedule, Trend, Twin, Weighted
from perfxl.statements.schema_table import (
    FIGURES,
    YEAR_WORD,
    YEARS,
    Column,
    ColumnKind,
    Key,
    LineKind,
    Mode,
    Name,
    Regex,
    Section,
    Series,
    Taken,
)

__all__ = [
    "FIGURES",
    "YEAR_WORD",
    "Added",
    "Chart",
    "Column",
    "ColumnKind",
    "Declaration",
    "Feed",
    "Given",
    "Label",
    "Light",
    "Limit",
    "LineKind",
    "Mode",
    "Rule",
    "Schedule",
    "Section",
    "Series",
    "Taken",
    "Trend",
    "Twin",
    "Weighted",
]


class Declaration(Section):
    """A table of a document. `id` names it in formulas and findings."""

    id: Key = Field(description="nome breve, usato nelle formule")
    title: Name = Field(description="che tabella è")
    tab: Name = Field(description="scheda del consolidato in cui compare")
    order: int = Field(50, description="posto nella scheda")
    source: str = Field("", description="documento e righe da cui la tabella è tratta")
    remark: str = Field("", description="che cosa dire sotto il titolo, nella scheda")
    sheets: tuple[Regex, ...] = Field((), description="solo i fogli con questi nomi")
    caption: Regex | None = Field(None, description="testo che deve stare nelle righe sopra l'intestazione")
    about: Regex | None = Field(
        None, description="riga sopra la tabella, la più vicina con questo testo: vale come la sua prima riga"
    )
    together: bool = Field(False, description="le tabelle dei vari fogli di un file stanno in una sola, una sotto l'altra")
    above: bool = Field(False, description="anche le righe del foglio sopra la prima intestazione sono della tabella")
    headless: bool = Field(False, description="senza riga d'intestazione: comincia sotto `caption`, colonne per posto (`at`)")
    records: bool = Field(
        False, description="schede: ogni riga è un blocco con un titolo e, accanto o sopra a ogni cifra, la sua etichetta"
    )
    columns: dict[str, Column] = Field(default_factory=dict, description="le colonne")
    series: Series | None = Field(None, description="le colonne che si ripetono")
    lines: tuple[LineKind, ...] = Field((), description="i tipi di riga, in ordine di prova [se manca: tutte di livello «riga»]")
    added: tuple[Added, ...] = Field((), description="righe in fondo, che il foglio non ha")
    rules: tuple[Rule, ...] = Field((), description="le cifre che seguono da altre")
    weights: tuple[Weighted, ...] = Field((), description="pesi che devono fare un totale")
    lights: tuple[Light, ...] = Field((), description="semafori")
    trends: tuple[Trend, ...] = Field((), description="andamento sull'anno prima")
    twins: tuple[Twin, ...] = Field((), description="celle che anche un altro prospetto stampa, e che devono dire lo stesso")
    charts: tuple[Chart, ...] = Field((), description="grafici")
    limits: tuple[Limit, ...] = Field((), description="limiti che le cifre non possono passare")
    given: tuple[Given, ...] = Field((), description="testi di una colonna, dove il foglio non li ha")
    labels: tuple[Label, ...] = Field((), description="colonne di parole che seguono dal segno di una formula")
    feeds: tuple[Feed, ...] = Field((), description="cifre che sono il risultato di un indicatore")
    schedules: tuple[Schedule, ...] = Field((), description="righe con un tempo: scadenzario")
    sentinels: tuple[str, ...] = Field(("n.d.", "n.c.", "n.r.", "..."), description="testi che vogliono dire «non misurato»")
    nil: tuple[str, ...] = Field(("-", "–", "€"), description="testi che stanno per una cella vuota")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        unmistakable = self.headless or self.records or (self.series is not None and self.caption is not None)
        if not unmistakable and not any(column.need == "essential" for column in self.columns.values()):
            message = 'columns|almeno una colonna con need = "essential"'
            raise ValueError(message)
        if self.records and self.caption is None:
            message = "records|caption, il testo da cui cominciano i blocchi"
            raise ValueError(message)
        if self.headless and (self.caption is None or not all(column.at for column in self.columns.values() if column.headings)):
            message = "headless|caption, e il posto (at) di ogni colonna"
            raise ValueError(message)
        for message in slips(self):
            raise ValueError(message)
        return self

    @cached_property
    def exact(self) -> dict[str, str]:
        """Key by folded heading."""
        return {words: key for key, column in reversed(self.columns.items()) for words, open_end in column.words if not open_end}

    @cached_property
    def prefixes(self) -> tuple[tuple[str, str], ...]:
        """(folded beginning, key) of the headings with `*`, longest first."""
        found = [(words, key) for key, column in self.columns.items() for words, open_end in column.words if open_end]
        return tuple(sorted(found, key=lambda pair: -len(pair[0])))

    def twin(self, key: str, placed: Container[str]) -> str:
        """The next column, not placed yet, that the same words may head; the same key for none."""
        words = set(self.columns[key].words)
        return next((other for other, each in self.columns.items() if other not in placed and words & set(each.words)), key)

    def column_by_year(self, text: str) -> str:
        """The key of the column that repeats year by year under such a heading; "" for none."""
        words = YEARS.sub(YEAR_WORD, folded(text), count=1)
        return next((key for key, column in self.columns.items() if words in column.by_year), "")

    @cached_property
    def essential(self) -> frozenset[str]:
        """Columns without which a row of cells isn't this table's header."""
        return frozenset(key for key, column in self.columns.items() if column.need == "essential")

    @cached_property
    def series_re(self) -> re.Pattern[str] | None:
        """Headings of the columns that repeat."""
        return re.compile(self.series.headings, re.IGNORECASE) if self.series else None

    @cached_property
    def caption_re(self) -> re.Pattern[str] | None:
        """`caption`, ready."""
        return re.compile(self.caption, re.IGNORECASE) if self.caption else None

    @cached_property
    def about_re(self) -> re.Pattern[str] | None:
        """`about`, ready."""
        return re.compile(self.about, re.IGNORECASE) if self.about else None

    @cached_property
    def first_text(self) -> str:
        """The first column of texts: where lines are known by what they say."""
        return next((key for key, column in self.columns.items() if column.kind == "text"), "")

    def accepts(self, sheet: str) -> bool:
        """Whether a sheet of this name may hold this table."""
        return not self.sheets or any(re.search(pattern, sheet, re.IGNORECASE) for pattern in self.sheets)
