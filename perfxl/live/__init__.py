"""perfxl inside Excel: the macros behind the buttons, and the renderer of the summary tabs into the open workbook.

Each macro takes an xlwings `Book` and returns a `Report`; it is also shown to the person who pressed the button. xlwings
itself is never imported here: whoever calls brings the workbook along.
"""

from perfxl.live.macros import annulla, congela, raccogli, ricalcola, riepiloghi, verifica
from perfxl.live.report import Report

__all__ = ["Report", "annulla", "congela", "raccogli", "ricalcola", "riepiloghi", "verifica"]
