"""What a row is: the first rule of the layout that knows it, with the parts that the rule took from its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from perfxl.grammar.codes import normalise_code, split_code

if TYPE_CHECKING:
    from perfxl.readers.layout import Layout, RowRule


class RowTexts(NamedTuple):
    """The texts of a row, blanks collapsed. `label` and `code` are "" where the layout has no such column."""

    text: str
    label: str = ""
    code: str = ""

    @property
    def head(self) -> str:
        """The label where there is one, else the text."""
        return self.label or self.text


class Known(NamedTuple):
    """A row and its rule. `code` is normalised ("" when the rule composes it), `printed` as typed, `title` the rest."""

    rule: RowRule
    groups: dict[str, str]
    code: str
    printed: str
    title: str


def known(layout: Layout, texts: RowTexts) -> Known | None:
    """The first rule that matches, or None."""
    if texts.code and layout.code_beside and _known_in_text(layout, texts.head):
        texts = texts._replace(code="")
    code, printed, rest = _code_of(texts) if layout.uses_codes else ("", "", "")
    head = texts.head
    for rule in layout.rows:
        if rule.unlabelled and (texts.label or not texts.text):
            continue
        groups: dict[str, str] = {}
        if rule.code_re is not None:
            match = rule.code_re.search(code) if code else None
            if match is None:
                continue
            groups = _groups(match.groupdict())
        if rule.text_re is not None:
            match = rule.text_re.search(head)
            if match is None:
                continue
            groups.update(_groups(match.groupdict()))
        if rule.code_re is not None:
            return Known(rule, groups, code, printed, rest)
        return _by_text(rule, groups, texts)
    return None


def _groups(found: dict[str, str | None]) -> dict[str, str]:
    return {name: (text or "").strip() for name, text in found.items()}


def _code_of(texts: RowTexts) -> tuple[str, str, str]:
    if texts.code:
        return normalise_code(texts.code) or texts.code.upper(), texts.code, texts.text
    code, printed, rest = split_code(texts.head)
    return code or "", printed, rest if texts.head is texts.text else texts.text


def _known_in_text(layout: Layout, text: str) -> bool:
    """Whether a text begins with a code that some rule knows: the column beside it may number the rows."""
    code = split_code(text)[0]
    return code is not None and any(rule.code_re.search(code) for rule in layout.rows if rule.code_re is not None)


def _by_text(rule: RowRule, groups: dict[str, str], texts: RowTexts) -> Known:
    code = groups.get("code", "")
    printed = groups.get("printed", code or texts.code)
    title = groups.get("title", "")
    if not title and (texts.label or "title" not in groups) and not rule.title_below:
        title = texts.text
    return Known(rule, groups, normalise_code(code) or code.upper() if code else "", printed, title)


def codes_of(rule: RowRule, groups: dict[str, str]) -> dict[str, str]:
    """The groups as parts of a code: those that the rule took from a text are written in one way, however they were typed.

    In capitals; the letter after a number's figures small, as the documents print them (`SG-4.A`, `DIR_PROMO-1.6a`). Those that
    the rule took from a code are in their normal form already.
    """
    if rule.text_re is None:
        return groups
    typed = rule.text_re.groupindex
    return {name: _part(name, text) if name in typed else text for name, text in groups.items()}


def _part(name: str, text: str) -> str:
    return text.lower() if name == "number" and text[:1].isdigit() else text.upper()


def compose(template: str, values: dict[str, str]) -> str:
    """A code from its template: `{respondent}-{number}`. The names were checked when the layout was loaded."""
    return template.format_map(values)
