# Two commands do everything on a Linux machine with Python 3.11 or newer: `make demo` and `make test`.

PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
APART := build/isolated
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --no-input --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help demo test lint types tests isolated docs pages picture clean

help: ## Say what can be made.
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1  \t/' | expand -t 20
	@echo
	@echo '  make test JOBS=8         processes that run the tests (default 2)'
	@echo '  make demo PYTHON=python3.12'

demo: $(VENV)/core.stamp ## Benchmark the reference agents on every track at demo size; writes demo/index.html.
	$(BIN)/palaestra demo --out demo

# `make --keep-going test` goes on to the tests when a check of style fails, and still fails in the end.
test: lint types tests ## Check style, types and behaviour: ruff, mypy --strict, pytest.

lint: $(VENV)/test.stamp ## Check style alone.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.stamp build/typing/palaestra ## Check types alone.
	$(BIN)/mypy -p palaestra

# One thread a process: the processes share the cores already.
tests: $(VENV)/test.stamp ## Run the tests alone.
	OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal

# What needs other versions than constraints.txt has: each in an environment of its own, pinned in tests/isolated/*.txt.
isolated: $(VENV)/test.stamp $(APART)/rliable.stamp $(APART)/numpy.stamp $(APART)/pref_voting.stamp ## Compare with rliable, another numpy, pref_voting.
	rm -rf $(APART)/made && mkdir -p $(APART)/made
	$(BIN)/python tests/isolated/rliable_agrees.py write $(APART)/made/scores.json
	$(APART)/rliable/bin/python tests/isolated/rliable_agrees.py compare $(APART)/made/scores.json
	$(BIN)/python tests/isolated/other_numpy.py make $(APART)/made/submissions
	$(APART)/numpy/bin/python tests/isolated/other_numpy.py verify $(APART)/made/submissions
	PREF_VOTING_PYTHON=$(APART)/pref_voting/bin/python $(BIN)/python -m pytest -q tests/interop/test_preferences_pref_voting.py

docs: $(VENV)/core.stamp ## Re-make what is generated: the README's table, the pages of docs/ and their pictures.
	$(BIN)/python docs/generate.py --pictures

pages: $(VENV)/docs.stamp ## Build the documentation for a browser: docs/_build/html/index.html.
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --nitpicky -q docs docs/_build/html
	@echo 'Open docs/_build/html/index.html'

picture: demo ## Re-make the README's picture from a demo.
	cp demo/plots/transfer-welfare-v0.svg docs/pictures/

clean: ## Remove what was made: the virtual environment, the demo, caches.
	rm -rf $(VENV) build demo docs/_build palaestra.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# mypy needs the package under its name; the repository's folder may have any.
build/typing/palaestra:
	mkdir -p build/typing
	ln -sfn ../.. build/typing/palaestra

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'palaestra needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=/path/to/python3'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo 'This Python cannot make virtual environments; on Debian: apt install python3-venv'; exit 1; }

# In tests/isolated/numpy.txt all pins of constraints.txt hold but numpy's own.
$(APART)/%.stamp: tests/isolated/%.txt constraints.txt | $(BIN)/python
	rm -rf $(APART)/$* && mkdir -p $(APART)
	$(BIN)/python -m venv $(APART)/$*
	grep -v '^numpy==' constraints.txt > $(APART)/constraints.txt
	$(APART)/$*/bin/python -m pip install --disable-pip-version-check --no-input --requirement $<
	touch $@

$(VENV)/core.stamp: pyproject.toml constraints.txt core/version.py | $(BIN)/python
	$(INSTALL) --editable .
	touch $@

$(VENV)/docs.stamp: pyproject.toml constraints.txt core/version.py | $(BIN)/python
	$(INSTALL) --editable '.[docs]'
	touch $@ $(VENV)/core.stamp

$(VENV)/test.stamp: pyproject.toml constraints.txt core/version.py | $(BIN)/python
	$(INSTALL) --editable '.[test]'
	touch $@ $(VENV)/core.stamp
