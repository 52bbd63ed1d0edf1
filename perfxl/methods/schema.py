"""The schema of a method profile: `Method` and its sections. One TOML file is one body in one year (docs/metodi.md).

Every axis of METHODS.md is a key; every key has an Italian description, every closed value an Italian meaning, so that the
*Metodo* tab, `perfxl metodi` and the error messages say the same thing. Pydantic is imported here and not by `import perfxl`.
"""

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Optional, Self, TypeVar

from pydantic import Field, ValidationError, create_model, field_validator, model_validator
from pydantic.fields import FieldInfo

from perfxl.errors import MethodError
from perfxl.methods.axes import Bands, LateBand, Scoring
from perfxl.methods.fields import Section, Text, part
from perfxl.methods.rows import MethodRow, method_rows
from perfxl.methods.tree_axes import (
    Labels,
    NotMeasured,
    Override,
    People,
    Reading,
    Returns,
    Rollup,
    Rounding,
    RoundingMode,
    StateLevel,
    States,
)

__all__ = [
    "Bands",
    "ExceptionRule",
    "Labels",
    "LateBand",
    "Method",
    "NotMeasured",
    "Override",
    "People",
    "Reading",
    "Returns",
    "Rollup",
    "Rounding",
    "RoundingMode",
    "Scoring",
    "StateLevel",
    "States",
]

Convention = Annotated[str, Field(pattern=r"^(half_up|half_even|half_down|truncate)( \d)?$")]
"""`truncate 1`: how the printed figures of a table are rounded, where the profile says it differs from the table's own."""

S = TypeVar("S", bound=Section)
Changes = tuple[tuple[str, Any], ...]

NOT_SCALAR = frozenset({"bands", "late_bands", "words"})
"""Keys of `[scoring]` and `[not_measured]` that an exception can't replace: they are tables or lists."""


class ExceptionRule(Section):
    """An exception: codes (fnmatch patterns allowed), the reason, and the keys that are otherwise for them.

    The keys that may follow are the scalar ones of `[scoring]` and `[not_measured]`, with the same values.
    """

    code: Text = Field(description="codice di indicatore o di obiettivo; * e ? valgono per più codici")
    reason: Text = Field(description="motivo dell'eccezione: documento e punto che la prevedono")

    def matches(self, code: str, owner: str = "", canonical: str = "") -> bool:
        """Whether the exception speaks of an indicator: by its own code, or by that of the objective it hangs from.

        Codes are compared as people write them (`01.1.1-b`, `o1.1.1-b`). `canonical`: what the aliases make of the exception's.
        """
        pattern = _plain(canonical or self.code)
        return fnmatchcase(_plain(code), pattern) or (owner != "" and fnmatchcase(_plain(owner), pattern))

    def changes(self, section: type[Section]) -> dict[str, Any]:
        """The keys of `section` that the exception replaces."""
        own = self.model_fields_set - {"code", "reason"}
        return {key: getattr(self, key) for key in section.model_fields if key in own}


@lru_cache(maxsize=1 << 14)
def _plain(code: str) -> str:
    """A code without blanks and capitals, and with the letter where a zero was typed for it."""
    return re.sub(r"^0(?=\d)", "o", "".join(code.split()).casefold())


def _optional(field: FieldInfo) -> Any:
    kept: Any = Optional[Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation]  # noqa: UP045  (built at run time)
    return kept, Field(None, description=field.description, json_schema_extra=field.json_schema_extra)


def _exception_keys() -> dict[str, Any]:
    keys = {**Scoring.model_fields, **NotMeasured.model_fields}
    return {key: _optional(field) for key, field in keys.items() if key not in NOT_SCALAR}


if TYPE_CHECKING:
    ExceptionEntry = ExceptionRule
else:
    ExceptionEntry = create_model("ExceptionEntry", __base__=ExceptionRule, **_exception_keys())


class Method(Section):
    """How a body scores in a year. Read with `perfxl.methods.load_method`."""

    name: Text = Field(description="nome del profilo, come si scrive dopo --metodo")
    title: Text = Field(description="titolo del profilo")
    body: Text = Field(description="ente")
    year: int | None = Field(None, strict=True, ge=1990, le=2100, description="anno a cui il profilo si riferisce")
    source: Text = Field(description="documenti e paragrafi da cui il metodo è tratto")
    notes: tuple[Text, ...] = Field((), description="scelte dichiarate dove i documenti tacciono")
    scoring: Scoring = part(Scoring, "punteggio")
    states: States = part(States, "stati")
    not_measured: NotMeasured = part(NotMeasured, "non misurati")
    rollup: Rollup = part(Rollup, "albero")
    people: People = part(People, "persone")
    rounding: Rounding = part(Rounding, "arrotondamento")
    reading: Reading = part(Reading, "lettura in corso d'anno")
    override: Override = part(Override, "rettifiche")
    conventions: dict[str, Convention] = Field(
        default_factory=dict,
        description='arrotondamento delle cifre stampate dei prospetti: "prospetto.colonna" (* e ? ammessi) = "modo decimali"',
    )
    returns: Returns = part(Returns, "risposte degli uffici")
    labels: Labels = part(Labels, "scritte dei fogli")
    aliases: dict[str, Text] = Field(default_factory=dict, description="codici scritti in più modi: come è stampato = come vale")
    exceptions: tuple[ExceptionEntry, ...] = Field(
        (), description="eccezioni per singoli codici; se più d'una vale, l'ultima prevale"
    )

    def scoring_for(self, code: str, owner: str = "") -> Scoring:
        """The scoring rules of an indicator, exceptions for it and for its objective applied (the last that names a key prevails)."""
        if not self.exceptions:
            return self.scoring
        return self._excepted(self.scoring, code, owner)

    def not_measured_for(self, code: str, owner: str = "") -> NotMeasured:
        """The policy for what isn't measured of an indicator, exceptions applied."""
        if not self.exceptions:
            return self.not_measured
        return self._excepted(self.not_measured, code, owner)

    def excepts(self, exception: ExceptionRule, code: str, owner: str) -> bool:
        """Whether an exception of the profile speaks of an indicator, aliases considered."""
        return exception.matches(code, owner, self.canonical(exception.code))

    def _excepted(self, section: S, code: str, owner: str) -> S:
        merged: dict[str, Any] = {}
        for exception in self.exceptions:
            if self.excepts(exception, code, owner):
                merged |= exception.changes(type(section))
        try:
            excepted: S = _changed(section, tuple(merged.items()))
        except ValidationError as error:  # two exceptions, each valid alone, that can't both hold for this code
            key, _, allowed = str(error.errors()[0]["ctx"]["error"]).partition("|")
            message = f"{self.name}: exceptions: le eccezioni per {code} si contraddicono su {key}; ammesso: {allowed}"
            raise MethodError(message, file=self.name, key=f"exceptions.{key}", allowed=(allowed,), errors=(message,)) from error
        return excepted

    def canonical(self, code: str) -> str:
        """The code that the aliases put in place of `code`; `code` itself where no alias speaks of it."""
        return self.aliases.get(code, code)

    def as_rows(self) -> list[MethodRow]:
        """Every key with its value and Italian meaning, in the order of the schema: the *Metodo* tab is made of these.

        A key that the file doesn't state is there too, and its meaning says that the default was taken.
        """
        return list(method_rows(self))

    @field_validator("aliases")
    @classmethod
    def _aliases_end(cls, aliases: dict[str, str]) -> dict[str, str]:
        for printed, first in aliases.items():
            way, code = [printed], first
            while code in aliases and code not in way:
                way.append(code)
                code = aliases[code]
            if code in way and len(way) > 1:
                listed = ", ".join(f'"{one}" = "{aliases[one]}"' for one in way)
                raise ValueError(f"aliases|codici che non tornino a quello da cui si parte (qui {listed})")
        return aliases

    @model_validator(mode="after")
    def _exceptions_fit(self) -> Self:
        for index, exception in enumerate(self.exceptions):
            for section in (self.scoring, self.not_measured):
                try:
                    _changed(section, tuple(exception.changes(type(section)).items()))
                except ValidationError as error:
                    raise ValueError(f"exceptions.{index}.{error.errors()[0]['ctx']['error']}") from error
        return self


@lru_cache(maxsize=512)
def _changed(section: S, changes: Changes) -> S:
    if not changes:
        return section
    stated = {key: getattr(section, key) for key in type(section).model_fields}
    return type(section).model_validate({**stated, **dict(changes)})
