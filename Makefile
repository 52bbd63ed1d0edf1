# perfxl: `make demo` and `make test` set up all they need. `make` alone lists what there is.

PYTHON_IN_VENV := .venv/bin/python
export PYTHON

.DEFAULT_GOAL := help
.PHONY: help demo oxt test lint bench clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: ## set up .venv and consolidate the workbooks of the repository into demo/
	@sh scripts/venv.sh
	@.venv/bin/perfxl demo

oxt: ## build dist/perfxl.oxt, the PX_ functions for LibreOffice Calc on this machine
	@sh scripts/venv.sh
	@$(PYTHON_IN_VENV) scripts/oxt.py

test: ## set up everything (LibreOffice too where apt can), then ruff, mypy and every test
	@sh scripts/venv.sh test
	@sh scripts/applications.sh
	@$(PYTHON_IN_VENV) scripts/oxt.py || true
	@status=0; $(MAKE) --no-print-directory lint || status=1; \
	$(PYTHON_IN_VENV) -m pytest -n auto --dist loadfile || status=1; exit $$status

lint: ## ruff (rules and format) and mypy
	@sh scripts/venv.sh test
	@status=0; $(PYTHON_IN_VENV) -m ruff check . || status=1; \
	$(PYTHON_IN_VENV) -m ruff format --check . || status=1; \
	$(PYTHON_IN_VENV) -m mypy || status=1; exit $$status

bench: ## benchmarks: ratios against pandas and calamine, scoring, memory, import time
	@sh scripts/venv.sh test
	@$(PYTHON_IN_VENV) -m benchmarks

clean: ## remove what these commands made (demo/ too), and nothing else
	rm -rf demo build dist perfxl.egg-info benchmarks/out .pytest_cache .hypothesis .ruff_cache .mypy_cache
	rm -rf node_modules/@xarsh node_modules/.bin/ooxml-validator node_modules/.package-lock.json
	@rmdir node_modules/.bin node_modules 2>/dev/null || true
	find $(wildcard perfxl tests benchmarks) -type d -name __pycache__ -prune -exec rm -rf {} +
	@if [ -f .venv/.perfxl-made ]; then echo "rm -rf .venv"; rm -rf .venv; fi
