# make demo    three unedited example scripts, here and on the real frameworks: one table, one report
# make test    every test
# make test-oldest, make test-newest    the same on the oldest and the newest versions of Python and
#              of what fillproof stands on, each in an environment of its own
# make bench   timings side by side with the real frameworks
# make lint types docs
#
# Each target makes .venv when it is missing or older than pyproject.toml. PYTHON names the Python
# to make it with (3.11 to 3.13).

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell command -v $(p) \
  >/dev/null 2>&1 && $(p) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
  2>/dev/null && echo $(p))))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
PYTEST_ARGS ?=
# Further words for pip: versions that an environment is held to, or brought to.
CONSTRAINTS ?=
OLDEST_PYTHON ?= python3.11
NEWEST_PYTHON ?= python3.13

.DEFAULT_GOAL := demo
.PHONY: demo test test-oldest test-newest bench lint types docs wheel clean

demo: $(VENV)/.report
	$(BIN)/fillproof references install
	$(BIN)/python -m fillproof.cli demo

# With bytecode, which some containers switch off: tests start more than a hundred processes.
test: $(VENV)/.dev
	$(BIN)/fillproof references install
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

test-oldest:
	$(MAKE) test VENV=.venv-oldest PYTHON=$(OLDEST_PYTHON) CONSTRAINTS="-c .ci/oldest.txt"

test-newest:
	$(MAKE) test VENV=.venv-newest PYTHON=$(NEWEST_PYTHON) \
	  CONSTRAINTS="--upgrade --upgrade-strategy eager"

bench: $(VENV)/.report
	$(BIN)/fillproof references install
	$(BIN)/python benchmarks/run.py

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/pyright

docs: $(VENV)/.dev
	$(BIN)/python -m pytest -q tests/test_docs.py

# The wheel in an environment that has nothing else, with what it depends on.
wheel: $(VENV)/.dev
	bash .ci/wheel

clean:
	rm -rf $(VENV) .venv-oldest .venv-newest build dist *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "fillproof needs Python 3.11, 3.12 or 3.13: install one, or name \
	it with make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.report: pyproject.toml | $(BIN)/python
	$(PIP) install $(CONSTRAINTS) -e '.[report]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) install $(CONSTRAINTS) -e '.[dev]'
	@touch $(VENV)/.report $@
