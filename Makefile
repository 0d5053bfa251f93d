# Everything a newcomer or CI types. `make help` prints this list from the comments.
.DEFAULT_GOAL := help
.PHONY: help install develop run test test-forks check lint format types bench bench-check bench-start bench-crawl bench-http ranking corpus lock clean

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# A stamp says which lock the environment was made from; a newer lock makes it again.
RUNS     := $(VENV)/.runs
DEVELOPS := $(VENV)/.develops

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python is too old: $$($(PYTHON) -V) found, 3.11 or newer needed; name another with make PYTHON=python3.12." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it, on Debian with 'apt install python3-venv'." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUNS): requirements/run.txt pyproject.toml $(wildcard search/columnar/kernel/*.[ch]) | $(BIN)/python
	@echo "Installing Metodsök into $(VENV) ..."
	@$(PIP) install --require-hashes --requirement requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPS): requirements/develop.txt $(RUNS)
	@echo "Installing what tests and checks need ..."
	@$(PIP) install --require-hashes --requirement requirements/develop.txt
	@touch $@

# Hidden from help: what tests and checks stand on.
develop: $(DEVELOPS)

install: $(RUNS) ## set up .venv from the hashed lock, and nothing more

run: $(RUNS) ## fill the library, build the index and serve http://127.0.0.1:8000
	@$(BIN)/metodsok run $(if $(SMOKE),--smoke)

test: $(DEVELOPS) ## run every test
	@$(BIN)/python -m pytest

# The fork goes by the name of what it forks, and lies beside it.
FORKS := $(VENV)/forks
$(FORKS): requirements/forks.txt | $(DEVELOPS)
	@$(PIP) install --require-hashes --no-deps --upgrade --target $@ --requirement $<
	@touch $@

test-forks: $(DEVELOPS) $(FORKS) ## run the tests of search on the fork whoosh3 too
	@PYTHONPATH=$(FORKS) $(BIN)/python -m pytest tests/search

check: lint types $(DEVELOPS) ## what CI asks of the code: lint, types, architecture, docs, relevance
	@$(BIN)/python -m pytest --quiet tests/test_architecture.py tests/test_docs.py
	@$(BIN)/python -m bench.relevance

lint: $(DEVELOPS) ## ruff: rules and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(DEVELOPS) ## let ruff rewrite what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(DEVELOPS) ## mypy, strict
	@$(BIN)/mypy

bench: $(DEVELOPS) ## measure our index beside tantivy, on the bundled collection
	@$(BIN)/metodsok benchmark

bench-check: $(DEVELOPS) ## see that the pinned ratios to tantivy still hold
	@$(BIN)/python -m bench.benchmark.pinned

bench-start: $(DEVELOPS) ## time the way from a fresh clone to the first answer
	@$(BIN)/python -m bench.first_search

bench-crawl: $(DEVELOPS) ## crawl a site that fights back, and hold every figure against its labels
	@$(BIN)/python -m bench.crawl

bench-http: $(DEVELOPS) ## ask the site over HTTP by a load that does not wait, and time its answers
	@$(BIN)/python -m bench.http

ranking: $(RUNS) ## measure what each weight of the ranking moves, and write docs/ranking.md
	@$(BIN)/python -m bench.weights

corpus: $(DEVELOPS) ## build corpus/documents/ from its manuscripts
	@$(BIN)/python -m tools.build_corpus

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-config
lock: $(DEVELOPS) ## pin every dependency anew, with hashes
	@$(LOCK) --upgrade --custom-compile-command "make lock" pyproject.toml -o requirements/run.txt
	@$(LOCK) --upgrade --custom-compile-command "make lock" --extra develop -c requirements/run.txt pyproject.toml -o requirements/develop.txt
	@echo whoosh3 | $(LOCK) --upgrade --no-deps --custom-compile-command "make lock" - -o requirements/forks.txt

clean: ## remove what was built; the library in METODSOK_HOME stays
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@rm -f search/columnar/kernel/_kernel.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
