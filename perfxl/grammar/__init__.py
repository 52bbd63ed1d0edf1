"""The grammar of office Italian: text and typed cells of targets, results, codes and quoted percentages, as exact values."""

from perfxl.grammar.canonical import format_target
from perfxl.grammar.codes import normalise_code, normalise_offices, normalise_people, split_code
from perfxl.grammar.narrative import find_targets
from perfxl.grammar.numbers import number_of
from perfxl.grammar.quotes import Quote, quoted_sum, quoted_values
from perfxl.grammar.results import parse_result
from perfxl.grammar.targets import parse_target
from perfxl.grammar.text import looks_like_formula

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
