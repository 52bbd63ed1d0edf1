"""Books of rebuilt workbooks, and which of their printed figures don't follow from the others."""

from __future__ import annotations

from collections import Counter

from perfxl.readers.workbook import read_grids
from perfxl.statements import Book, Reader
from perfxl.statements.compare import Verdict, checks

FINE = {Verdict.AGREES, Verdict.WITHIN}


def reader_of(*paths):
    """A reader that has taken every sheet of some workbooks."""
    reader = Reader()
    for path in paths:
        grids, problems = read_grids(path)
        assert problems == []
        unread = [grid.name for grid in grids if not reader.take(grid)]
        assert unread == [], path
    return reader


def book_of(*paths):
    """The tables of some workbooks, computed; every sheet was read and no row was left over."""
    reader = reader_of(*paths)
    assert reader.findings == []
    return Book(reader.statements)


def tables(book, name):
    """The statements of a declaration, in the order in which they were read."""
    return [each for each in book.statements if each.id == name]


def table(book, name):
    """The only statement of a declaration."""
    (found,) = tables(book, name)
    return found


def not_following(book, *names):
    """(table, line.column, rule) → printed, computed, verdict of every checked figure that isn't fine. Empty `names`: of all."""
    found = {}
    for each in checks(book):
        statement = each.figure.line.statement
        if (not names or statement.id in names) and each.verdict not in FINE:
            place = statement.id, each.figure.name, each.rule.name
            assert place not in found
            found[place] = each.printed, each.shown, each.verdict
    return found


def counted(book):
    """Table → how many figures have each verdict."""
    counts = {}
    for each in checks(book):
        counts.setdefault(each.figure.line.statement.id, Counter())[each.verdict] += 1
    return counts
