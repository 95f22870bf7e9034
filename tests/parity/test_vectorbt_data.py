"""Differential tests: `Data`, `.vbt.ohlcv`, schedules and labels are those of the real VectorBT."""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import numpy as np
import pytest
from references import vectorbt

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_data as cases
from test_vectorbt_records import differences

pytestmark = pytest.mark.parity

FIRST_SEED = 130_000


def test_generated_data_and_labels_are_the_same(request, tmp_path):
    count = request.config.getoption("--fuzz")
    wide = count > 200
    # A case asks forty things.
    seeds = list(range(FIRST_SEED, FIRST_SEED + count // 5))
    print(f"seeds {FIRST_SEED} to {seeds[-1]}")
    question = {"seeds": seeds, "expressions": 40, "wide": wide}
    expected = vectorbt(cases.__file__, question, tmp_path)
    failures = []
    answers = errors = 0
    tools: dict = {}
    for seed in expected:
        plain = seed == "plain"
        case = cases.plain_case(wide) if plain else cases.make_case(seed, 40, wide)
        got = cases.describe(adapter, case, tools)
        for text, answer in expected[seed].items():
            answers += 1
            errors += isinstance(answer, str) and answer.startswith("error: ")
            failures += [f"seed {seed}: {x}" for x in differences(answer, got.get(text), text)]
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    assert answers > 40 * len(seeds)
    assert errors < 0.2 * answers


def test_a_changed_price_is_seen():
    case = cases.make_case(FIRST_SEED + 3, 0)
    case["close"] = np.linspace(10, 12, case["close"].size).reshape(case["close"].shape)
    case["asked"] = ["v('FMAX', c, 2)", "v('LEXLB', c, 0.02, 0.02)", "d.get('Close')"]
    tools: dict = {}
    before = cases.describe(adapter, case, tools)
    assert differences(before, cases.describe(adapter, case, tools)) == []
    case["close"] = case["close"][::-1]
    case["bars"] = case["bars"] * (1 + 1e-8)
    changed = differences(before, cases.describe(adapter, case, tools))
    assert all(any(text in line for line in changed) for text in case["asked"])
