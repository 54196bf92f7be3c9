# The executable documentation: `make` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(wildcard storage/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help run test check format messages snapshots screenshots bench torture fuzz clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "digest-tui needs Python 3.11 or later; $$($(PYTHON) --version) is too old. Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: pyproject.toml $(CATALOGUES) | $(VENV)/bin/pip
	@echo "Setting up digest-tui in $(VENV) …" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --compile --editable .
	@$(BIN)/python -m compileall -q storage tui
	@touch $@

$(VENV)/.dev: pyproject.toml $(CATALOGUES) | $(VENV)/bin/pip
	@echo "Setting up the development tools in $(VENV) …" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check --compile --editable '.[dev]'
	@$(BIN)/python -m compileall -q storage tui
	@touch $@ $(VENV)/.runtime

run: $(VENV)/.runtime ## set up and open the built-in demo digest
	@$(BIN)/digest-tui demo

test: $(VENV)/.dev ## set up and run the tests
	@$(BIN)/pytest -n auto

check: $(VENV)/.dev ## lint, format, types, import contracts, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

messages: $(VENV)/.dev ## collect what is to be translated into the interface's languages
	@$(BIN)/python -m storage.locale.collect

snapshots: $(VENV)/.dev ## accept the layout snapshots as they are now (look at the report first)
	@$(BIN)/pytest -n auto tests/tui/test_snapshots.py --snapshot-update

screenshots: $(VENV)/.dev ## draw the README's pictures from real terminal cells
	@$(BIN)/python screenshots/take.py

bench: $(VENV)/.dev ## measure start-up, keys and parsing, as ratios in one run
	@$(BIN)/python -m tests.benchmarks

torture: $(VENV)/.dev ## prove in a quarter of an hour that marks cannot be lost
	@$(BIN)/python -m tests.torture

fuzz: $(VENV)/.dev ## try every parser on a hundred thousand mutated documents
	@$(BIN)/python -m tests.fuzz

clean: ## remove everything that was set up
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
