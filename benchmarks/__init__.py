"""Benchmarks: `python -m benchmarks` (or `make bench`). What is measured and why is in docs/prestazioni.md."""
