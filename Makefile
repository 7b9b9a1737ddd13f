# One command list for people and CI. Every target does its own set-up and is quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
WORKERS ?= 2

.PHONY: investigate test test-slow check oracle docs docs-check bench lock clean help

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

$(VENV)/bin/python:
	@echo "making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("whipple needs Python 3.11 or newer; try: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.base: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing whipple from requirements.lock (about 500 MB, a minute or two)"
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.base
	@echo "installing the test tools from requirements-dev.lock"
	@$(PIP) install -r requirements-dev.lock
	@touch $@

investigate: $(VENV)/.base  ## set up and run the main job: the bundled Soyuz MS-22 case
	@$(BIN)/whipple investigate soyuz-ms22 || [ $$? -eq 4 ]

check: $(VENV)/.dev  ## lint, format, types, import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check  ## set up and pass the fast tests (under 3 minutes)
	$(BIN)/python -m pytest -m "not slow" -n $(WORKERS)

test-slow: $(VENV)/.dev  ## coverage studies, cross-checks against other libraries, whole cases
	$(BIN)/python -m pytest -m slow -n $(WORKERS)

oracle: $(VENV)/.dev  ## run every oracle and write docs/validation.md
	WHIPPLE_WRITE_VALIDATION=1 $(BIN)/python -m pytest tests/oracles -q

docs: oracle  ## regenerate docs/validation.md and docs/reference
	$(BIN)/python builders/make_reference_docs.py

docs-check: $(VENV)/.dev  ## fail when the generated reference pages are not current
	$(BIN)/python builders/make_reference_docs.py --check

bench: $(VENV)/.dev  ## run the benchmarks (ratios against a named alternative in the same run)
	@for file in benchmarks/bench_*.py; do $(BIN)/python $$file; done

lock:  ## write the lock files anew from pyproject.toml
	$(PYTHON) builders/make_locks.py

clean:  ## remove the environment and results
	rm -rf $(VENV) out
