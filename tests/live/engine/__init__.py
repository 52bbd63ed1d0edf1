"""An Excel in memory for xlwings (see `host`)."""

from .host import ComError, start
from .store import BookStore, CellStore, SheetStore, load_sheets
from .typing_in import Error

__all__ = ["BookStore", "CellStore", "ComError", "Error", "SheetStore", "load_sheets", "start"]
