"""The file that names the bodies: whose workbooks, by which method, with which weight (docs/prospetti/tre-enti.md).

Pydantic is imported here and not by `import perfxl`.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from perfxl.toml_files import checked, read_toml

Text = Annotated[str, Field(min_length=1)]
Share = Annotated[Decimal, Field(gt=0)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BodyEntry(_Section):
    """A body. Paths are relative to the file that names it."""

    name: Text = Field(description="nome breve dell'ente, come compare nelle schede")
    paths: tuple[Text, ...] = Field(min_length=1, description="cartelle di lavoro o cartelle che ne contengono")
    method: Text = Field(description="metodo dell'ente: un nome di «perfxl metodi» o un file TOML")
    plan: tuple[Text, ...] = Field((), description="piano dell'ente")
    year: int | None = Field(None, ge=1990, le=2100, description="anno, se i fogli non lo dicono")
    as_of: date | None = Field(None, description="data di riferimento")
    adjustments: Text | None = Field(None, description="file delle rettifiche")
    weight: Share | None = Field(None, description="peso nell'insieme")


class AmountEntry(_Section):
    """A figure of the statements that the bodies share: which cell it is for each."""

    title: Text = Field(description="che cifra è")
    figures: dict[str, Text] = Field(description='per ogni ente: "prospetto!riga.colonna"')
    add_up: bool = Field(False, description="le cifre degli enti si sommano")


class Bodies(_Section):
    """The file: a name, the bodies, what they share."""

    name: Text = Field(description="nome dell'insieme")
    year: int | None = Field(None, ge=1990, le=2100, description="anno")
    weights: str = Field("", description="criterio dei pesi: chi li ha decisi, con quale atto")
    bodies: tuple[BodyEntry, ...] = Field(min_length=1, description="gli enti")
    amounts: tuple[AmountEntry, ...] = Field((), description="cifre dei prospetti messe a confronto")

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        names = [body.name for body in self.bodies]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"bodies|nomi diversi (due volte «{twice}»)")
        weighted = [body.name for body in self.bodies if body.weight is not None]
        if weighted and len(weighted) < len(names):
            lacking = ", ".join(name for name in names if name not in weighted)
            raise ValueError(f"bodies.weight|un peso per ogni ente o per nessuno (manca: {lacking})")
        if weighted and not self.weights.strip():
            raise ValueError("weights|il criterio dei pesi: chi li ha decisi, con quale atto")
        unknown = next((name for each in self.amounts for name in each.figures if name not in names), None)
        if unknown is not None:
            raise ValueError(f"amounts.figures|i nomi degli enti, non «{unknown}»")
        return self

    @property
    def weighted(self) -> bool:
        """Whether the weights of a common figure were declared."""
        return all(body.weight is not None for body in self.bodies)


def load_bodies(path: str | Path) -> Bodies:
    """The bodies of a TOML file.

    Raises:
        DeclarationError: (attributes `file`, `key`) it can't be read or isn't valid.
    """
    return checked(read_toml(path, "enti"), str(path), Bodies)
