"""Differential tests: records of every kind say here what they say in the real VectorBT.

All cases of a run go to one reference process. Integers, words, labels, types and the classes of
errors must be equal; other numbers within 1e-9 relative.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import numpy as np
import pytest
from references import settled

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_records as cases

pytestmark = pytest.mark.parity

FIRST_SEED = 70_000
RELATIVE = 1e-9
ABSOLUTE = 1e-12


def differences(expected, got, place="") -> list[str]:
    """Where two answers differ, in words."""
    if type(expected) is not type(got):
        return [f"{place}: {_short(expected)} there, {_short(got)} here"]
    if isinstance(expected, dict):
        if list(expected) != list(got):
            return [f"{place}: {list(expected)} there, {list(got)} here"]
        return [x for k in expected for x in differences(expected[k], got[k], f"{place}/{k}")]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{place}: {_short(expected)} there, {_short(got)} here"]
        pairs = zip(expected, got, strict=True)
        return [x for n, (a, b) in enumerate(pairs) for x in differences(a, b, f"{place}/{n}")]
    a, b = np.asarray(expected), np.asarray(got)
    if a.shape != b.shape or a.dtype != b.dtype:
        return [f"{place}: {_short(expected)} there, {_short(got)} here"]
    if a.dtype.kind == "f":
        same = np.isclose(b, a, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    else:
        same = a == b
    if np.all(same):
        return []
    return [f"{place}: {_short(a)} there, {_short(b)} here"]


def _short(value) -> str:
    text = repr(value)
    return text if len(text) < 200 else text[:200] + "..."


def test_generated_records_say_the_same(request, tmp_path):
    # By default few enough for the suite.
    count = request.config.getoption("--fuzz")
    wide = count > 200
    count = count if wide else 120
    seeds = list(range(FIRST_SEED, FIRST_SEED + count))
    print(f"seeds {FIRST_SEED} to {seeds[-1]}")
    question = {"seeds": seeds, "expressions": 25 if wide else 10, "wide": wide}
    tools: dict = {}
    asked = dict(cases.asked_cases(cases.make_case, question))
    ours = {seed: cases.describe(adapter, case, tools) for seed, case in asked.items()}
    expected = settled(cases.__file__, question, ours, differences, tmp_path)
    failures = []
    answers = errors = 0
    for seed, case in asked.items():
        for text, answer in expected[seed].items():
            answers += 1
            errors += isinstance(answer, str) and answer.startswith("error: ")
            found = differences(answer, ours[seed].get(text), text)
            failures += [f"seed {seed}, {case['kind']}: {x}" for x in found]
    if wide:
        found = differences(expected["kernels"], cases.kernels(adapter))
        failures += [f"kernels: {x}" for x in found]
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Answers that are errors would prove little.
    assert answers > 8 * count
    assert errors < 0.2 * answers


def test_a_changed_value_is_seen():
    tools: dict = {}
    seeds = range(FIRST_SEED, FIRST_SEED + 400)
    made = (cases.make_case(seed, 0, False) for seed in seeds)
    case = next(c for c in made if c["kind"] == "exit_trades" and len(c["orders"]) > 3)
    case["asked"] = ["o.records_readable", "o.pnl.sum()"]
    before = cases.describe(adapter, case, tools)
    assert differences(before, cases.describe(adapter, case, tools)) == []
    row = list(case["orders"][0])
    row[5] += 1e-6
    case["orders"][0] = tuple(row)
    assert len(differences(before, cases.describe(adapter, case, tools))) >= 2
