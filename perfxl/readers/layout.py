"""The schema of a layout: how a body's sheet is made, as data (docs/modelli.md describes every key with an example).

Pydantic is imported here and not by `import perfxl`.
"""

import re
from functools import cached_property
from string import Formatter
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from perfxl.model.sheets import RowLevel, SheetRole
from perfxl.readers.headings import AT_THE_DATE, OF_A_DAY, folded

FIELDS = (
    "text", "label", "code", "algorithm", "result", "previous", "target", "typed_pct", "weight", "complexity", "budget", "perspective", "note",
    "cause", "office", "person",
)  # fmt: skip
"""What a column may hold. `text`: objective or indicator; `label`: a column of labels beside it; `target`: one for each year; `previous`: the result of the year before."""


def _compiled(pattern: str) -> str:
    try:
        re.compile(pattern, re.IGNORECASE)  # as it will be used: `re` keeps it
    except re.error as error:
        message = f"un'espressione regolare valida ({error})"
        raise ValueError(message) from error
    return pattern


GIVEN = frozenset({"code", "above", "respondent", "owner", "n", "seq"})
"""Names that a code's template may use besides the groups of its rule's expression (docs/modelli.md says what each is)."""


def _unknown_names(template: str | None, patterns: tuple[str | None, ...], given: frozenset[str] = GIVEN) -> list[str]:
    """Names in braces that neither the reader nor the rule's expressions give."""
    groups = {name for pattern in patterns if pattern for name in re.compile(pattern, re.IGNORECASE).groupindex}
    try:
        names = [name for _, name, _, _ in Formatter().parse(template or "") if name is not None]
    except ValueError:
        return [template or ""]
    return [name for name in names if name not in given | groups]


Regex = Annotated[str, AfterValidator(_compiled)]
Name = Annotated[str, Field(min_length=1)]


class Section(BaseModel):
    """A table of the file: frozen, no unknown key."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Column(Section):
    """A column: the words that may head it. `*` at the end of one stands for anything that follows."""

    headings: tuple[Name, ...] = Field(min_length=1, description="parole che intestano la colonna")
    need: Literal["essential", "expected", "optional"] = Field("optional", description="se la colonna deve esserci")
    level: RowLevel | None = Field(None, description="livello a cui il contenuto della colonna appartiene")
    text: Regex | None = Field(None, description="espressione che trova codice e titolo del livello nella cella")
    as_code: str | None = Field(None, description="codice da dare al livello, quando la cella non lo scrive")

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        if _unknown_names(self.as_code, (self.text,)):
            message = f"as_code|i nomi {', '.join(sorted(GIVEN))} e i gruppi (?P<nome>…) di text"
            raise ValueError(message)
        return self

    @cached_property
    def text_re(self) -> re.Pattern[str] | None:
        """`text`, ready."""
        return re.compile(self.text, re.IGNORECASE) if self.text else None

    @cached_property
    def words(self) -> tuple[tuple[str, bool], ...]:
        """(folded heading, whether anything may follow)."""
        return tuple((folded(text.removesuffix("*")), text.endswith("*")) for text in self.headings)


class RowRule(Section):
    """A kind of row: how it is known (`code` or `text`), and what it is (one of level, attribute, section, closes, skip)."""

    code: Regex | None = Field(None, description="espressione sul codice normalizzato della riga")
    text: Regex | None = Field(None, description="espressione sul testo (o sull'etichetta) della riga")
    unlabelled: bool = Field(False, description="riga con testo ma senza etichetta")
    level: RowLevel | None = Field(None, description="livello della riga")
    attribute: str | None = Field(None, description="nome dell'attributo del foglio")
    section: Literal["indicators", "amounts"] | None = Field(None, description="che cosa sono le righe che seguono")
    closes: Literal["typed_pct", "weight"] | None = Field(
        None, description="riga con la percentuale digitata dell'obiettivo, o con il suo peso"
    )
    skip: bool = Field(False, description="riga senza dati, da saltare")
    anchor: bool = Field(False, description="riga che deve esserci perché il foglio sia di questo modello")
    of: RowLevel | None = Field(None, description="livello a cui la sezione appartiene")
    as_code: str | None = Field(None, description="codice da comporre")
    owner: str | None = Field(None, description="codice del nodo da cui la riga dipende")
    title_below: bool = Field(False, description="il titolo è nella riga che segue")
    strategic: bool = Field(False, description="indicatori propri dell'obiettivo strategico")
    numbered: bool = Field(False, description="aggiunge #1, #2 … ai codici uguali")

    @model_validator(mode="after")
    def _one_meaning(self) -> Self:
        meanings = [self.level, self.attribute, self.section, self.closes, self.skip or None]
        if sum(meaning is not None for meaning in meanings) != 1:
            message = "una sola fra level, attribute, section, closes, skip"
            raise ValueError(message)
        if self.code is None and self.text is None and not self.unlabelled:
            message = "almeno una fra code, text, unlabelled"
            raise ValueError(message)
        for key, template in (("as_code", self.as_code), ("owner", self.owner)):
            if _unknown_names(template, (self.code, self.text)):
                message = f"{key}|i nomi {', '.join(sorted(GIVEN))} e i gruppi (?P<nome>…) della regola"
                raise ValueError(message)
        return self

    @cached_property
    def code_re(self) -> re.Pattern[str] | None:
        """`code`, ready."""
        return re.compile(self.code, re.IGNORECASE) if self.code else None

    @cached_property
    def text_re(self) -> re.Pattern[str] | None:
        """`text`, ready."""
        return re.compile(self.text, re.IGNORECASE) if self.text else None


class RespondentRule(Section):
    """Whose sheet it is: where to look, what to find, the code that follows."""

    where: Literal["title", "heading", "sheet", "file"] = Field(description="dove cercare")
    text: Regex = Field(description="espressione da cercare")
    code: Name = Field(description="codice che ne segue")
    role: SheetRole | None = Field(None, description="ruolo del foglio, se diverso da quello del modello")
    each: bool = Field(False, description="prende tutte le occorrenze (U5.1/U5.2)")

    @model_validator(mode="after")
    def _known_names(self) -> Self:
        if _unknown_names(self.code, (self.text,), frozenset()):
            message = "code|i gruppi (?P<nome>…) di text"
            raise ValueError(message)
        return self

    @cached_property
    def text_re(self) -> re.Pattern[str]:
        """`text`, ready."""
        return re.compile(self.text, re.IGNORECASE)


class Respondent(Section):
    """Whose sheet it is, tried in this order: rules, common office, level."""

    code: Name | None = Field(None, description="codice fisso di chi risponde")
    rules: tuple[RespondentRule, ...] = Field((), description="regole, in ordine")
    common_office: bool = Field(False, description="il solo ufficio comune alle righe della colonna office")
    level: RowLevel | None = Field(None, description="il codice della prima riga di questo livello")


class Wide(Section):
    """A column for each period or office instead of one result column."""

    by: Literal["period", "office"] = Field(description="che cosa distingue le colonne")
    headings: Regex = Field(description="espressione delle intestazioni delle colonne")


class Layout(Section):
    """How a known sheet is made. `id` names it in findings; see docs/modelli.md."""

    id: Name = Field(description="nome breve del modello")
    title: Name = Field(description="che foglio è")
    role: SheetRole = Field(description="di chi è il foglio")
    shape: Literal["table", "blocks"] = Field("table", description="una tabella con intestazione, o blocchi uno sotto l'altro")
    year: int | None = Field(None, ge=1990, le=2100, description="anno, se il foglio non lo scrive")
    sheets: tuple[Regex, ...] = Field((), description="solo i fogli con questi nomi")
    split: Literal["office"] | None = Field(None, description="un solo foglio con le righe di molti uffici")
    columns: dict[str, Column] = Field(description="le colonne")
    rows: tuple[RowRule, ...] = Field((), description="i tipi di riga, in ordine di prova")
    respondent: Respondent = Field(default_factory=Respondent.model_construct, description="di chi è il foglio")
    wide: Wide | None = Field(None, description="una colonna per periodo o ufficio")
    sentinels: tuple[str, ...] = Field((), description="valori che vogliono dire «non misurato»")
    ignore: tuple[Name, ...] = Field((), description="inizio delle righe da tralasciare (totali, firme)")
    remark: str = Field("", description="che cosa dire di un foglio lasciato ad altri")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        free = self.role is SheetRole.OTHER_SYSTEM
        unknown = [name for name, column in self.columns.items() if not (free or column.level or name in FIELDS)]
        if unknown:
            message = f"columns.{unknown[0]}|{', '.join(FIELDS)}, o un altro nome con la chiave level"
            raise ValueError(message)
        if self.shape == "table" and not any(column.need == "essential" for column in self.columns.values()):
            message = 'columns|almeno una colonna con need = "essential"'
            raise ValueError(message)
        if not free and self.shape == "table" and "text" not in self.columns:
            message = "columns|una colonna text"
            raise ValueError(message)
        if self.shape == "blocks" and not any(rule.anchor and rule.text for rule in self.rows):
            message = "rows|almeno una riga con anchor = true e text"
            raise ValueError(message)
        if not free and not self.rows:
            message = "rows|almeno un tipo di riga"
            raise ValueError(message)
        return self

    @cached_property
    def exact(self) -> dict[str, str]:
        """Field by folded heading; `Valore` is `Valore al 30/04/2019` too, where the layout doesn't tell the two apart."""
        found = {
            words: name for name, column in reversed(self.columns.items()) for words, open_end in column.words if not open_end
        }
        return {words + AT_THE_DATE: found[words] for words in OF_A_DAY & found.keys()} | found

    @cached_property
    def prefixes(self) -> tuple[tuple[str, str], ...]:
        """(folded beginning, field) of the headings with `*`, longest first."""
        found = [(words, name) for name, column in self.columns.items() for words, open_end in column.words if open_end]
        return tuple(sorted(found, key=lambda pair: -len(pair[0])))

    def needed(self, need: str) -> tuple[str, ...]:
        """Names of the columns that are essential, expected or optional."""
        return tuple(name for name, column in self.columns.items() if column.need == need)

    @cached_property
    def essential(self) -> frozenset[str]:
        """Columns without which a row of cells isn't this layout's header."""
        return frozenset(self.needed("essential"))

    @cached_property
    def wide_re(self) -> re.Pattern[str] | None:
        """Headings of the columns of a wide sheet."""
        return re.compile(self.wide.headings, re.IGNORECASE) if self.wide else None

    @cached_property
    def anchors(self) -> tuple[RowRule, ...]:
        """Rows that a sheet of blocks must have."""
        return tuple(rule for rule in self.rows if rule.anchor)

    @cached_property
    def uses_codes(self) -> bool:
        """Whether any row is known by its code."""
        return any(rule.code for rule in self.rows)

    @cached_property
    def code_beside(self) -> bool:
        """Whether the codes may stand in a column of their own, in a sheet where the texts may have them too."""
        return "code" in self.columns and self.columns["code"].need != "essential"

    @cached_property
    def sentinel_words(self) -> frozenset[str]:
        """Sentinels as compared: blanks collapsed, lower case."""
        return frozenset(" ".join(word.split()).casefold() for word in self.sentinels)

    @cached_property
    def ignored(self) -> tuple[str, ...]:
        """Beginnings of rows to leave out, folded."""
        return tuple(folded(word) for word in self.ignore)

    @cached_property
    def _ignored_initials(self) -> frozenset[str]:
        return frozenset(word[:1] for word in self.ignored)

    @cached_property
    def _longest_ignored(self) -> int:
        return max(map(len, self.ignored), default=0)

    def leaves_out(self, text: str) -> bool:
        """Whether a row that begins with this text is left out. Only as much of it is folded as must be looked at."""
        first = text[:1].lower()
        if first.isascii() and first.isalnum() and first not in self._ignored_initials:
            return False
        start = folded(text[:80])
        return (start if len(start) > self._longest_ignored else folded(text)).startswith(self.ignored)

    def accepts(self, sheet: str) -> bool:
        """Whether a sheet of this name may be of this layout."""
        return not self.sheets or any(re.search(pattern, sheet, re.IGNORECASE) for pattern in self.sheets)
