# make run: install, build the snapshot if missing, serve.   make test: install all that the tests need, run everything.
.DEFAULT_GOAL := help
.PHONY: help run test accessibility fuzz bench lint lock bundle bundle-check audit clean

PYTHON ?= $(firstword $(foreach each,python3 python3.14 python3.13 python3.12 python3.11,$(shell \
  $(each) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(each))) python3-of-3.11-or-newer-is-missing)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ITSELF := --no-deps --no-build-isolation --editable .

help:
	@grep -E '^#' Makefile | sed 's/^# //'

run: .venv/.installed
	@$(BIN)/gongkai serve

# Runtime dependencies, pinned with hashes, and the project itself.
.venv/.installed: deploy/requirements.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing (once) ..."
	@$(PIP) install --require-hashes --requirement deploy/requirements.txt
	@$(PIP) install $(ITSELF)
	@$(BIN)/python -m compileall -q dashboard
	@touch $@

.venv/.installed-dev: deploy/requirements-dev.txt .venv/.installed
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --require-hashes --requirement deploy/requirements-dev.txt
	@touch $@

# An S3-speaking server for the tests, which asks for other versions than we do.
.venv/.installed-store: deploy/requirements-store.txt .venv/.installed
	@test -x .venv/store/bin/python || $(BIN)/python -m venv .venv/store
	@.venv/store/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement $<
	@touch $@

test: lint .venv/.installed-store
	@deploy/install-test-system
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: .venv/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

# Every page, dialog and chart's embed, and the admin area, by axe in both languages and themes at all widths; the suite sees a selection.
accessibility: .venv/.installed-dev
	@deploy/install-test-system
	@GONGKAI_TEST_EVERY_LOOK=1 $(BIN)/python -m pytest tests/browser -k "checker or axe" -q

# Documents broken at random, for five minutes: make fuzz FUZZ="--minutes 60 --seed 7 --format pdf --keep broken"
fuzz: .venv/.installed-dev
	@$(BIN)/python -m tests.fuzz $(FUZZ)

# Measurements against baselines in the same run; figures go to docs/benchmarks.md. With wrk and nginx-light (apt-get install) also answers a second.
bench: .venv/.installed-dev
	@deploy/install-test-system
	@$(BIN)/python -m tests.bench

# One archive to install from without a network, for this machine's kind and Python; comes to dist/.
bundle:
	@PYTHON=$(PYTHON) deploy/bundle

# A whole bundle made, and installed and started in a network namespace without a route; takes some minutes.
bundle-check:
	@PYTHON=$(PYTHON) deploy/bundle-check

# Licences and known flaws of all that production is built with; the flaws need a network.
audit: build/audit/.installed
	@$(BIN)/python deploy/audit.py build/audit/bin/pip-audit

build/audit/.installed: deploy/requirements-audit.txt .venv/.installed
	@$(PYTHON) -m venv build/audit
	@build/audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement deploy/requirements-audit.txt
	@touch $@

# New pins from pyproject.toml; needs uv.
lock:
	uv pip compile pyproject.toml deploy/build.in --extra admin --extra postgresql --extra shared --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --output-file deploy/requirements.txt
	uv pip compile pyproject.toml deploy/build.in --extra admin --extra postgresql --extra shared --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --constraint deploy/requirements.txt --output-file deploy/requirements-dev.txt
	uv pip compile deploy/bench.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --output-file deploy/requirements-bench.txt
	uv pip compile deploy/store.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --output-file deploy/requirements-store.txt
	uv pip compile deploy/audit.in --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --output-file deploy/requirements-audit.txt

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis data/snapshots
