"""Excel's own objects, as far as the macros reach for them (`.api`): what matters is real, the rest only takes note."""

from __future__ import annotations

from types import FunctionType


class Com:
    """An object that accepts every call and property, remembers what was set, and counts each as a round trip."""

    def __init__(self, tick, path="api", **known):
        self.__dict__.update(_tick=tick, _path=path, _held=dict(known), _log=[])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._held:
            held = self._held[name]
            return held() if isinstance(held, FunctionType) and hasattr(held, "is_property") else held
        self._held[name] = Com(self._tick, f"{self._path}.{name}")
        return self._held[name]

    def __setattr__(self, name, value):
        self._tick(f"{self._path}.{name} =")
        held = self._held.get(f"set_{name}")
        if held is not None:
            held(value)
        self._held[name] = self._held.get(name) if held is not None else value

    def __call__(self, *args, **kwargs):
        self._tick(f"{self._path}()")
        self._log.append((args, kwargs))
        return self._held.setdefault("()", Com(self._tick, f"{self._path}()", Count=0, OnAction=""))

    def __bool__(self):
        return True

    def __deepcopy__(self, memo):
        return self  # it leads back to the whole of Excel

    def __iter__(self):
        return iter(())


def getter(function):
    """A property of a `Com`: asked for anew each time."""
    function.is_property = True
    return function
