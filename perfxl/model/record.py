"""`record`: frozen dataclasses with slots, whose classes are made in a third of the time and whose instances in half.

The main job makes tens of thousands of them, and importing perfxl a hundred of their classes. The standard library fills each
field of a frozen dataclass through `object.__setattr__` and compiles six methods for each class; here the fields are filled
through their slots, and only `__init__` is compiled. The rest is as there: `replace`, `fields`, `match`, equality, hash, repr,
pickle, FrozenInstanceError for whoever assigns. A type checker is told that it is `dataclasses.dataclass`.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, FrozenInstanceError, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """`@record(frozen=True, slots=True)`: both are said, because the type checker must know them."""
        assert frozen
        return lambda cls: _finished(dataclass(init=False, repr=False, eq=False, slots=slots)(cls))


__all__ = ["record"]


class _Factory:
    """Default of a field that is made anew for each instance."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


def _finished(cls: type) -> type:
    """The class with the methods of a frozen dataclass."""
    names = [field.name for field in fields(cls)]
    values: Callable[[Any], tuple[Any, ...]] = attrgetter(*names) if len(names) > 1 else lambda self: (getattr(self, names[0]),)

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def shown(self: object) -> str:
        pairs = zip(names, values(self), strict=True)
        return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    methods: dict[str, Any] = {
        "__init__": _init(cls),
        "__eq__": equal,
        "__hash__": lambda self: hash(values(self)),
        "__repr__": shown,
        "__reduce__": lambda self: (type(self), values(self)),
        "__setattr__": _not_set,
        "__delattr__": _not_deleted,
    }
    for name, method in methods.items():
        if name not in cls.__dict__ or cls.__dict__[name] is None:
            setattr(cls, name, method)
    cls.__dataclass_params__.frozen = True  # type: ignore[attr-defined]
    return cls


def _init(cls: type) -> Callable[..., None]:
    """`__init__` with the fields as parameters, each put in its slot."""
    given: dict[str, Any] = {"_FACTORY": _FACTORY}
    parameters, lines = ["self"], []
    for field in fields(cls):
        given[f"_set_{field.name}"] = cls.__dict__[field.name].__set__
        parameters.append(f"{field.name}{_default(field, given)}")
        value = f"_new_{field.name}() if {field.name} is _FACTORY else {field.name}" if _made_anew(field) else field.name
        lines.append(f"    _set_{field.name}(self, {value})\n")
    exec(f"def __init__({', '.join(parameters)}):\n{''.join(lines)}", given)  # noqa: S102 - names of fields, nothing else
    made: Callable[..., None] = given["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__annotations__ = {field.name: field.type for field in fields(cls)} | {"return": None}
    return made


def _made_anew(field: Field[Any]) -> bool:
    return field.default_factory is not MISSING


def _default(field: Field[Any], given: dict[str, Any]) -> str:
    """` = …` of a parameter, its value put among the `given`."""
    if _made_anew(field):
        given[f"_new_{field.name}"] = field.default_factory
        return "=_FACTORY"
    if field.default is MISSING:
        return ""
    given[f"_default_{field.name}"] = field.default
    return f"=_default_{field.name}"


def _not_set(self: object, name: str, value: object) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(self: object, name: str) -> NoReturn:  # noqa: ARG001
    raise FrozenInstanceError(f"cannot delete field {name!r}")
