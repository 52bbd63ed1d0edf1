"""The profiles that perfxl ships: a name and its file, without validating them (and so without pydantic)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from perfxl.model.record import record

SHIPPED = Path(__file__).parent


@record(frozen=True, slots=True)
class MethodInfo:
    """A shipped profile as `perfxl metodi` lists it."""

    name: str
    title: str
    body: str
    year: int | None
    path: Path


def shipped_path(name: str) -> Path | None:
    """The file of a shipped profile, by name (case doesn't matter); None where there is none."""
    return {path.stem: path for path in SHIPPED.glob("*.toml")}.get(name.strip().lower())


def available_methods() -> tuple[MethodInfo, ...]:
    """The shipped profiles, by name."""
    return tuple(_info(path) for path in sorted(SHIPPED.glob("*.toml")))


def _info(path: Path) -> MethodInfo:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return MethodInfo(table["name"], table["title"], table["body"], table.get("year"), path)
