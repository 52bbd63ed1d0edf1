"""The conventions of a method laid over the declarations: how a body rounds the figures that it prints."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from perfxl.methods.schema import Method
    from perfxl.statements.schema import Declaration, Rule

DEFAULT_MODE = "half_up"


def with_conventions(declarations: Iterable[Declaration], method: Method | None) -> tuple[Declaration, ...]:
    """The declarations with a rounding in every rule: the profile's for that table, else the rule's own, else that of money.

    Source: METHODS, *rounding*: "Lucca objectives: truncate; Lucca money and shares: half up".
    """
    mode = method.rounding.money_mode if method is not None else DEFAULT_MODE
    given = method.conventions if method is not None else {}
    return tuple(
        each.model_copy(update={"rules": tuple(_ruled(each.id, rule, given, mode) for rule in each.rules)})
        for each in declarations
    )


def _ruled(table: str, rule: Rule, given: Mapping[str, str], mode: str) -> Rule:
    for place, convention in given.items():
        if any(fnmatchcase(f"{table}.{column}", place) for column in rule.columns or ("*",)):
            said, _, decimals = convention.partition(" ")
            return rule.model_copy(update={"mode": said} | ({"decimals": int(decimals)} if decimals else {}))
    return rule if rule.mode is not None else rule.model_copy(update={"mode": mode})
