# The only commands a newcomer needs: `make run`, `make test`. Everything is installed under .venv and frontend/.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app wsgi
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
BABEL := -k _l -k lazy_gettext -F translations/babel.cfg --no-location --sort-output
export PYTHONPATH := .
# What the processes of the tests import is compiled once, whatever the environment says, and not in each of them.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-long check bench build-assets lock catalogue screenshots clean

run: $(VENV)/.run assets $(CATALOGUES)
	@exec $(FLASK) serve

test: $(VENV)/.dev assets $(CATALOGUES)
	@$(BIN)/python -m tests.run

test-long: $(VENV)/.dev assets $(CATALOGUES)
	@$(BIN)/python -m tests.run --long

bench: $(VENV)/.dev assets $(CATALOGUES)
	@$(BIN)/python -m bench

check: $(VENV)/.dev assets $(CATALOGUES)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check app tests bench migrations wsgi.py
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint app/templates --lint --quiet
	@$(MAKE) --no-print-directory check-catalogue
	$(BIN)/python -m tests.house.drift
	@$(BIN)/python -m tests.house.audit

# -- environment: hash-locked, rebuilt when a lock changes ------------------------------------------------------------
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Debian package needed: python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.txt | $(BIN)/python
	@[ -e $(VENV)/.dev ] || { echo "Installing the dependencies…"; $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<; }
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(BIN)/python
	@echo "Installing the dependencies and the tools of the tests…"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/.run

# -- front end: Node of the machine, or the one that a Python package ships ------------------------------------------
.PHONY: assets
assets: app/static/dist/manifest.json

build-assets app/static/dist/manifest.json: frontend/package-lock.json $(shell find frontend -path frontend/node_modules -prune -o -type f -print) | $(BIN)/python
	@PYTHON=$(BIN)/python bash frontend/build.sh

# -- translations -----------------------------------------------------------------------------------------------------
%.mo: %.po | $(VENV)/.run
	@$(BIN)/pybabel -q compile -i $< -o $@

catalogue: $(VENV)/.dev
	@$(BIN)/pybabel -q extract $(BABEL) -o translations/messages.pot app
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -N -w 120 -i translations/messages.pot -d translations -l fr
	@rm -f translations/messages.pot

.PHONY: check-catalogue
check-catalogue: $(VENV)/.dev
	@$(BIN)/pybabel -q extract $(BABEL) -o translations/messages.pot app
	@$(BIN)/pybabel -q update --check --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -N -w 120 -i translations/messages.pot -d translations -l fr; s=$$?; rm -f translations/messages.pot; [ $$s -eq 0 ] || { echo "run: make catalogue, then translate"; exit 1; }

# -- locks: made anew from pyproject.toml, with hashes and without addresses ------------------------------------------
LOCK := $(BIN)/uv pip compile -q pyproject.toml --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11
lock: $(VENV)/.dev
	@$(BIN)/python -m pip install -q uv
	@$(LOCK) -o requirements/run.txt
	@$(LOCK) --group test --group check -c requirements/run.txt -o requirements/dev.txt
	@$(BIN)/uv pip compile -q --group assets --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -o requirements/assets.txt

clean:
	rm -rf $(VENV) .build frontend/node_modules app/static/dist

# -- the two pictures of the README, as the browser tests made them ---------------------------------------------------
screenshots: $(VENV)/.dev assets $(CATALOGUES)
	@$(BIN)/python -m pytest tests/browser/test_every_page.py -k readme && mkdir -p docs/images && cp test-output/accueil.png test-output/reunion.png docs/images/
