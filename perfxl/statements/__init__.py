"""Prospetti: tables of a body's documents in which figures follow from other figures, declared as data and computed once.

A declaration (`declarations/*.toml`, docs/prospetti.md) says how a table is read, which figures follow from which by which
formula, and under which convention a printed figure agrees. From it come the computation, the native formulas of the tab, and
the check of typed documents (`perfxl verifica`): fifteen systems, one machine.
"""

from perfxl.statements.catalogue import load_declaration, shipped_declarations
from perfxl.statements.compute import Book, computed
from perfxl.statements.model import Figure, Line, Statement
from perfxl.statements.read import Reader

__all__ = ["Book", "Figure", "Line", "Reader", "Statement", "computed", "load_declaration", "shipped_declarations"]
