"""The grammar of office Italian: text and typed cells of targets, results, codes and quoted percentages, as exact values.

Loaded when first used: the readers need the codes alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.on_demand import on_demand

if TYPE_CHECKING:
    from perfxl.grammar.canonical import format_target
    from perfxl.grammar.codes import normalise_code, normalise_offices, normalise_people, split_code
    from perfxl.grammar.narrative import find_targets
    from perfxl.grammar.numbers import number_of
    from perfxl.grammar.quotes import Quote, quoted_sum, quoted_values
    from perfxl.grammar.results import parse_result
    from perfxl.grammar.targets import parse_target
    from perfxl.grammar.text import looks_like_formula

_HOME = {
    "Quote": "perfxl.grammar.quotes",
    "find_targets": "perfxl.grammar.narrative",
    "format_target": "perfxl.grammar.canonical",
    "looks_like_formula": "perfxl.grammar.text",
    "normalise_code": "perfxl.grammar.codes",
    "normalise_offices": "perfxl.grammar.codes",
    "normalise_people": "perfxl.grammar.codes",
    "number_of": "perfxl.grammar.numbers",
    "parse_result": "perfxl.grammar.results",
    "parse_target": "perfxl.grammar.targets",
    "quoted_sum": "perfxl.grammar.quotes",
    "quoted_values": "perfxl.grammar.quotes",
    "split_code": "perfxl.grammar.codes",
}

__all__ = [
    "Quote",
    "find_targets",
    "format_target",
    "looks_like_formula",
    "normalise_code",
    "normalise_offices",
    "normalise_people",
    "number_of",
    "parse_result",
    "parse_target",
    "quoted_sum",
    "quoted_values",
    "split_code",
]

__getattr__ = on_demand(__name__, _HOME)
