# make demo    three unedited example scripts, here and on the real frameworks: one table, one report
# make test    every test
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

.DEFAULT_GOAL := demo
.PHONY: demo test bench lint types docs wheel clean

demo: $(VENV)/.report
	$(BIN)/fillproof references install
	$(BIN)/python -m fillproof.cli demo

# With bytecode, which some containers switch off: tests start more than a hundred processes.
test: $(VENV)/.dev
	$(BIN)/fillproof references install
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

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
	rm -rf $(VENV) build dist *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "fillproof needs Python 3.11, 3.12 or 3.13: install one, or name \
	it with make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.report: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[report]'
	@touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[dev]'
	@touch $(VENV)/.report $@
