"""`record` gives what a frozen dataclass with slots gives: the two are compared, never described."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from perfxl.model.record import record


@dataclass(frozen=True, slots=True)
class Standard:
    """The one of the standard library."""

    name: str
    size: int = 3
    parts: list[int] = field(default_factory=list)

    @property
    def double(self) -> int:
        return 2 * self.size


@record(frozen=True, slots=True)
class Ours:
    """Ours."""

    name: str
    size: int = 3
    parts: list[int] = field(default_factory=list)

    @property
    def double(self) -> int:
        return 2 * self.size


@record(frozen=True, slots=True)
class One:
    """A single field."""

    name: str


@record(frozen=True, slots=True)
class Other:
    """Of another class, though with the same content."""

    name: str


def test_signature_fields_and_repr_are_the_same() -> None:
    assert str(inspect.signature(Ours)) == str(inspect.signature(Standard))
    assert [(f.name, f.type, f.default) for f in fields(Ours)] == [(f.name, f.type, f.default) for f in fields(Standard)]
    assert repr(Ours("a", 4, [1])) == repr(Standard("a", 4, [1])).replace("Standard", "Ours")
    assert Ours.__match_args__ == Standard.__match_args__
    assert Ours.__slots__ == Standard.__slots__
    assert Ours("a").double == 6


def test_defaults_are_made_anew() -> None:
    one, other = Ours("a"), Ours("b")
    one.parts.append(1)
    assert (one.size, other.parts) == (3, [])


def test_equality_hash_and_replace() -> None:
    assert Ours("a", 1) == Ours(name="a", size=1)
    assert Ours("a") != Ours("b")
    assert One("a") != Other("a")
    assert hash(One("a")) == hash(("a",)) == hash(One("a"))
    assert replace(Ours("a"), size=9) == Ours("a", 9)
    with pytest.raises(TypeError, match="unhashable"):
        hash(Ours("a"))


def test_nothing_can_be_assigned_or_deleted() -> None:
    thing = One("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        thing.name = "b"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del thing.name
    with pytest.raises(FrozenInstanceError):
        thing.new = 1
    assert not hasattr(thing, "__dict__")


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_copies_are_equal(again) -> None:
    assert again(Ours("a", 1, [2])) == Ours("a", 1, [2])


def test_a_missing_or_unknown_argument_is_said_as_there() -> None:
    for wrong in (lambda kind: kind(), lambda kind: kind("a", other=1)):
        with pytest.raises(TypeError) as standard:
            wrong(Standard)
        with pytest.raises(TypeError) as ours:
            wrong(Ours)
        assert str(ours.value) == str(standard.value).replace("Standard", "Ours")
