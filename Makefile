# `make run` and `make test` need python3 (3.11 or newer), make and git; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-full coverage bench check docs docs-serve pythons lowest types lint wheel clean help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mulligan needs Python 3.11 or newer; set PYTHON=python3.x" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'

$(STAMP)run: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[codemod]'
	@touch $@

$(STAMP)test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group test
	@touch $@

$(STAMP)dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[all]' --group dev
	@touch $@

run: $(STAMP)run  ## migrate the bundled legacy shop: the scan, the diff, old and new side by side
	$(BIN)/python docs/examples/side_by_side.py

test: $(STAMP)test  ## run the tests that pass on any machine, in a few minutes
	$(BIN)/python -m pytest src codemods docs README.md
	$(BIN)/python -m pytest tests --numprocesses auto --dist loadgroup

test-full: $(STAMP)test  ## run the long tests too, and the originals' own suites against the shims
	$(BIN)/python -m pytest src codemods docs README.md
	MULLIGAN_TESTS=full $(BIN)/python -m pytest tests --numprocesses auto --dist loadgroup
	$(BIN)/python -m tests.compat.upstream

coverage: $(STAMP)test  ## run the tests with the branches of the runtime counted: 98 % at least
	$(BIN)/python -m pytest src codemods docs README.md --cov mulligan --cov-report=
	$(BIN)/python -m pytest tests --numprocesses auto --dist loadgroup --cov mulligan --cov-append --cov-fail-under 98

bench: $(STAMP)test  ## measure against hand-written loops and the peers, in one run
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m tests.benchmarks.ratios
	$(BIN)/python -m tests.benchmarks.guards

types: $(STAMP)dev  ## mypy and pyright, both strict; every public name has its type
	$(BIN)/mypy
	$(BIN)/pyright
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/pyright --verifytypes mulligan --ignoreexternal

lint: $(STAMP)dev  ## ruff, its formatter, and the layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

docs: $(STAMP)dev  ## build the documentation site into build/docs/html, strictly
	$(BIN)/python -m docs.site.build

docs-serve: $(STAMP)dev  ## build the site and serve it on http://127.0.0.1:8000
	$(BIN)/python -m docs.site.build --serve 8000

pythons: $(STAMP)dev  ## run the tests on each supported Python that is present
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nox --session tests

lowest: $(STAMP)dev  ## run the tests with the lowest versions of dependencies that are admitted
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nox --session lowest

wheel: $(STAMP)dev  ## build the wheel, install it into a fresh environment, and try it
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	$(BIN)/twine check --strict dist/*
	$(BIN)/python tests/wheel_smoke.py dist

check: test lint types docs lowest wheel  ## everything that CI runs, but for `make run`

clean:  ## remove what was built
	rm -rf $(VENV) .nox dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
