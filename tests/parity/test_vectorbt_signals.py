"""Differential tests: `.vbt.signals` and the generators of signals are those of the real VectorBT.

Random ones have to draw the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import pytest
from references import settled

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_signals as cases
from test_vectorbt_records import differences

pytestmark = pytest.mark.parity

FIRST_SEED = 110_000


def test_generated_signals_are_the_same(request, tmp_path, plain_kernels):
    count = request.config.getoption("--fuzz")
    # A case asks forty things.
    seeds = list(range(FIRST_SEED, FIRST_SEED + count // 4))
    print(f"seeds {FIRST_SEED} to {seeds[-1]}")
    question = {"seeds": seeds, "expressions": 40, "wide": count > 200}
    tools: dict = {}
    ours = {}
    for seed, case in cases.asked_cases(cases.make_case, question):
        # Tables of several columns and series differ in memory layout: the former compile.
        with plain_kernels(len(case["columns"]) == 1):
            ours[seed] = cases.describe(adapter, case, tools)
    expected = settled(cases.__file__, question, ours, differences, tmp_path)
    failures = []
    answers = errors = 0
    for seed, got in ours.items():
        for text, answer in expected[seed].items():
            answers += 1
            errors += isinstance(answer, str) and answer.startswith("error: ")
            failures += [f"seed {seed}: {x}" for x in differences(answer, got.get(text), text)]
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    assert answers > 30 * len(seeds)
    assert errors < 0.15 * answers


def test_a_changed_signal_is_seen():
    case = cases.make_case(FIRST_SEED + 3, 0, False)
    case["asked"] = ["s.vbt.signals.total()", "s.vbt.signals.pos_rank(allow_gaps=True)"]
    tools = {"functions": None}
    before = cases.describe(adapter, case, tools)
    assert differences(before, cases.describe(adapter, case, tools)) == []
    case["signals"] = ~case["signals"]
    assert len(differences(before, cases.describe(adapter, case, tools))) >= 2
