"""The PX_ functions of the spreadsheet: cells in, cells out, the same figures as the command line; no spreadsheet library.

`catalogue.FUNCTIONS` is the one list of them: xlwings' `udfs.py`, LibreOffice's add-in and the manual are made of it.
"""
