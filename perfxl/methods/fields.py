"""What the keys of a profile are made of: exact numbers, closed choices whose every value has an Italian meaning."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

NO_CAP = ("nessuno", "none")


class Section(BaseModel):
    """Base of every section: frozen, and a key that isn't declared is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def choice(default: str, description: str, **values: str) -> Any:
    """A key with a closed list of values; `values` gives the Italian meaning of each."""
    return Field(default, description=description, json_schema_extra={"values": dict(values)})


def part(model: type[Section], description: str) -> Any:
    """A section within a section, whole by default."""
    return Field(default_factory=model, description=description)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise ValueError("numero")  # noqa: TRY004  (pydantic collects ValueError)
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _cap(value: Any) -> Any:
    if value is None or (isinstance(value, str) and value.strip().lower() in NO_CAP):
        return None
    return _number(value)


Number = Annotated[Decimal, BeforeValidator(_number)]
"""A TOML number, kept exact (never through binary floating point)."""

Percent = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=100)]
"""A percent between 0 and 100."""

CapNumber = Annotated[Decimal | None, BeforeValidator(_cap)]
"""A percent, or `"nessuno"` (no cap)."""

Flag = Annotated[bool, Strict()]
"""`true` or `false`, nothing that looks like it."""

Count = Annotated[int, Strict(), Field(ge=0)]
"""A whole number that isn't negative."""

Text = Annotated[str, Strict(), Field(min_length=1)]
"""A text that isn't empty."""
