"""The offices' workbooks, made again from the published tables: `python -m scripts.cartelle` (see `workbooks/`)."""
