# Every target sets up what it needs: a machine with make and Python 3.11 or newer is enough.
# PYTHON=/path/to/python chooses the interpreter; ARGS="..." is handed to pytest, to the demo and to the benchmark.

SHELL := /bin/sh
PYTHON ?= $(shell sh .ci/pythons | sed -n '1s/^[^ ]* //p')
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV := $(BIN)/uv --quiet
QUICK := -q --no-header -m "not slow" -p no:cacheprovider -n auto --dist loadfile
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.PHONY: help demo test plugins check static format lint types layers docs changelog bench fix mutation lowest pythons clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ------------------------------------------------------------------------------------------------------------- set-up

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer found; say which: make PYTHON=/path/to/python"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/.pip: | $(BIN)/python
	$(PIP) install --upgrade "pip>=25.1"
	@touch $@

$(VENV)/.run: pyproject.toml | $(VENV)/.pip
	$(PIP) install --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/.pip
	$(PIP) install --editable . --group test
	@touch $@ $(VENV)/.run

$(VENV)/.dev: pyproject.toml | $(VENV)/.pip
	$(PIP) install --editable . --group dev
	@touch $@ $(VENV)/.test $(VENV)/.run

$(VENV)/.mutation: pyproject.toml | $(VENV)/.pip
	$(PIP) install --editable . --group mutation
	@touch $@

# ---------------------------------------------------------------------------------------------------------- main jobs

demo: $(VENV)/.run ## Bill the Telco customers for a month, twice
	$(BIN)/python examples/bill_telco.py $(ARGS)

test: $(VENV)/.test ## Run every test, example and docstring, with branch coverage
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term $(ARGS)

plugins: $(VENV)/.test ## Install the example plugin package and run its own tests
	$(PIP) install --editable examples/acme_billing
	$(BIN)/python -m pytest examples/acme_billing

check: test plugins static ## Run the tests, the example plugins, then format, lint, types, layers, docs

bench: $(VENV)/.run ## Measure invoices per second
	$(BIN)/python benchmarks/run.py $(ARGS)

docs: $(VENV)/.dev ## Build the documentation; a warning is an error
	$(BIN)/python -m sphinx -n -T -W --keep-going -q -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

# ------------------------------------------------------------------------------------------------------------- checks

static: format lint types layers changelog docs ## Run all checks but the tests

format: $(VENV)/.dev
	$(BIN)/ruff format --check --diff .

lint: $(VENV)/.dev
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/pyright

layers: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo

changelog: $(VENV)/.dev
	$(BIN)/towncrier build --draft --version next >/dev/null

fix: $(VENV)/.dev ## Format, and mend what can be mended
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

mutation: $(VENV)/.mutation ## Change the code of money and tax, show which changes no test notices, and the score
	HYPOTHESIS_PROFILE=mutation $(BIN)/mutmut run $(or $(ARGS),"billing_domain.money.*" "billing_domain.tax.*")
	$(BIN)/mutmut results
	@$(BIN)/mutmut results --all true | awk -F '[.:] *' 'NF > 3 { all[$$2]++; noticed[$$2] += ($$NF == "killed" || $$NF == "timeout") } \
	  END { for (part in all) printf "%s: %d of %d changes noticed\n", part, noticed[part], all[part] }'

# ------------------------------------------------------------------------------------------- other versions of things

lowest: $(VENV)/.dev ## Run the quick tests with the lowest versions that pyproject.toml allows
	$(UV) venv --clear --python $(BIN)/python .venv-lowest
	$(UV) pip install --python .venv-lowest/bin/python --resolution lowest-direct --editable . --group test
	HYPOTHESIS_PROFILE=quick .venv-lowest/bin/python -m pytest $(QUICK) $(ARGS)

pythons: $(VENV)/.dev ## Run the quick tests on every other Python from 3.11 up that is here
	@own=$$($(BIN)/python -c 'import sys; print("3.%d" % sys.version_info[1])'); \
	sh .ci/pythons | while read -r minor path; do \
	    if [ "$$minor" = "$$own" ]; then continue; fi; \
	    echo "Python $$minor"; \
	    $(UV) venv --clear --python "$$path" ".venv-$$minor" && \
	    $(UV) pip install --python ".venv-$$minor/bin/python" --editable . --group test && \
	    HYPOTHESIS_PROFILE=quick ".venv-$$minor/bin/python" -m pytest $(QUICK) $(ARGS) </dev/null || exit 1; \
	done

clean: ## Remove what was made, except the virtual environments
	rm -rf build dist docs/_build htmlcov mutants .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
