"""The tabs of the master workbook, one a module: each writes itself on a sheet and returns nothing."""
