"""Differential tests: figures have the traces and the layout that the real VectorBT's have."""

from __future__ import annotations

import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import numpy as np
import pytest
from fillproof.validation import references

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_plots as cases

pytestmark = pytest.mark.parity

FIRST_SEED = 41_000
RELATIVE = 1e-9


def differences(expected, got, place="") -> list[str]:
    """Where two figures differ, in words."""
    if type(expected) is not type(got):
        return [f"{place}: {_short(expected)} there, {_short(got)} here"]
    if isinstance(expected, dict):
        if set(expected) != set(got):
            return [f"{place}: {sorted(expected)} there, {sorted(got)} here"]
        return [x for k in expected for x in differences(expected[k], got[k], f"{place}/{k}")]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{place}: {_short(expected)} there, {_short(got)} here"]
        pairs = zip(expected, got, strict=True)
        return [x for n, (a, b) in enumerate(pairs) for x in differences(a, b, f"{place}/{n}")]
    if isinstance(expected, float):
        same = got == pytest.approx(expected, rel=RELATIVE, abs=1e-12, nan_ok=True)
    else:
        same = expected == got or _same_number(expected, got)
    return [] if same else [f"{place}: {_short(expected)} there, {_short(got)} here"]


def _same_number(expected, got) -> bool:
    """Numbers beside words are words too."""
    try:
        return float(got) == pytest.approx(float(expected), rel=RELATIVE, nan_ok=True)
    except (TypeError, ValueError):
        return False


def _short(value) -> str:
    text = repr(value)
    return text if len(text) < 200 else text[:200] + "..."


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
    given, found = tmp_path / "request.pickle", tmp_path / "results.pickle"
    given.write_bytes(pickle.dumps(question))
    script = Path(cases.__file__)
    subprocess.run([references.python("vectorbt"), script, given, found], check=True, cwd=tmp_path)
    expected = pickle.loads(found.read_bytes())
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
    assert {place.split("(")[0] for place in places} == {
        "/x.vbt.plot",
        "/pf.plot_value",
        "/o.vbt.ohlcv.plot",
    }
