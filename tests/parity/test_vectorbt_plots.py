"""Differential tests: figures have the traces and the layout that the real VectorBT's have."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import numpy as np
import pytest
from references import vectorbt

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_plots as cases
from test_vectorbt_records import differences

pytestmark = pytest.mark.parity

FIRST_SEED = 41_000


def drawn_here(seed: int, count: int) -> dict:
    plotting = import_module("fillproof.compat.vectorbt.generic.plotting")
    colors = import_module("fillproof.compat.vectorbt.utils.colors")
    return cases.describe(cases.make_case(seed, count), adapter, plotting, colors)


@pytest.fixture(autouse=True)
def settings():
    yield
    adapter.settings.reset()


def test_generated_figures_are_the_same(request, tmp_path):
    count = request.config.getoption("--fuzz")
    # The reference compiles most of the time: few things of few cases in the suite, all of them
    # with a flag.
    seeds = list(range(FIRST_SEED, FIRST_SEED + (2 if count <= 200 else count // 100)))
    print(f"seeds {FIRST_SEED} to {seeds[-1]}")
    question = {"seeds": seeds, "expressions": 40 if count <= 200 else 0}
    expected = vectorbt(cases.__file__, question, tmp_path, compiled=count > 200)
    failures = []
    answers = errors = 0
    for seed in seeds:
        got = drawn_here(seed, question["expressions"])
        for text, answer in expected[seed].items():
            answers += 1
            errors += isinstance(answer, str) and answer.startswith("error: ")
            failures += [f"seed {seed}: {x}" for x in differences(answer, got[text], text)]
    failures += differences(expected["templates"], cases.templates(), "templates")
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    assert answers == 80 or answers > 300
    assert errors < 0.15 * answers


def test_a_changed_value_is_seen():
    case = cases.make_case(FIRST_SEED, 0)
    case["asked"] = ["x.vbt.plot()", "pf.plot_value()", "o.vbt.ohlcv.plot()"]
    plotting, colors = None, None
    before = cases.describe(case, adapter, plotting, colors)
    assert differences(before, cases.describe(case, adapter, plotting, colors)) == []
    case["x"] = case["x"] + 1e-6
    case["close"] = case["close"] + np.arange(len(case["x"]))[:, None] * 0.01
    case["o"] = case["o"].rename(columns={"Volume": "Quantity"})
    places = differences(before, cases.describe(case, adapter, plotting, colors))
    assert {place.split("/")[1] for place in places} == set(case["asked"])
