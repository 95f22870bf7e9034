"""Differential tests: `.vbt` and `.vbt.returns` say here what they say in the real VectorBT."""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import pytest
from references import settled

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_accessors as cases
from test_vectorbt_records import differences

pytestmark = pytest.mark.parity

FIRST_SEED = 90_000


def test_generated_series_and_tables_say_the_same(request, tmp_path, plain_kernels):
    count = request.config.getoption("--fuzz")
    # A case asks forty things.
    seeds = list(range(FIRST_SEED, FIRST_SEED + count // 12))
    print(f"seeds {FIRST_SEED} to {seeds[-1]}")
    question = {"seeds": seeds, "expressions": 40, "wide": count > 200}
    tools: dict = {}
    ours: dict = {}
    for seed, case in cases.asked_cases(cases.make_case, question):
        # Tables of several columns and series differ in memory layout: the former compile.
        with plain_kernels(len(case["columns"]) == 1):
            ours[seed] = cases.describe(case, tools)
    ours["portfolios"] = cases.describe_portfolios(adapter)
    expected = settled(cases.__file__, question, ours, differences, tmp_path)
    failures = []
    answers = errors = 0
    for seed, got in ours.items():
        for text, answer in expected[seed].items():
            answers += 1
            errors += isinstance(answer, str) and answer.startswith("error: ")
            failures += [f"seed {seed}: {x}" for x in differences(answer, got.get(text), text)]
    portfolios = len(expected["portfolios"])
    assert portfolios > 150
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    assert answers - portfolios > 30 * len(seeds)
    assert errors < 0.15 * answers


def test_a_changed_value_is_seen():
    tools: dict = {}
    case = cases.make_case(FIRST_SEED + 3, 0, False)
    case["asked"] = ["r.total()", "x.vbt.rolling_mean(2, minp=1)"]
    before = cases.describe(case, tools)
    assert differences(before, cases.describe(case, tools)) == []
    case["returns"] = case["returns"] + 1e-6
    case["values"] = case["values"] * 1.001
    assert len(differences(before, cases.describe(case, tools))) >= 2
