"""Differential tests of simulations with logs, draws, sequences of calls and call-backs.

Sizes, sides, places and status must be equal to the bit; prices and money within 1e-9 relative.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import pytest
from references import settled, vectorbt

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_simulation as cases
from test_vectorbt import differences
from vectorbt_cases import answers

pytestmark = pytest.mark.parity

FIRST_SEED = 40_000


def test_generated_simulations_are_the_same(request, tmp_path, plain_kernels):
    count = request.config.getoption("--fuzz")
    seeds = list(range(FIRST_SEED, FIRST_SEED + count))
    print(f"seeds {FIRST_SEED} to {FIRST_SEED + count - 1}")
    engine, drawn = ({"seeds": some, "wide": count > 200} for some in (seeds[0::2], seeds[1::2]))

    def describe(vbt, case):
        # Of cases with call-backs, a series is another memory layout: these do not compile.
        with plain_kernels(case["seed"] % 2 == 1 and case["kwargs"]["close"].ndim == 1):
            return cases.describe(vbt, case)

    ours = answers(adapter, {"seeds": seeds}, cases.make_case, describe)
    by_engine = {seed: ours[seed] for seed in engine["seeds"]}
    expected = settled(cases.__file__, engine, by_engine, differences, tmp_path)
    expected |= vectorbt(cases.__file__, drawn, tmp_path, compiled=False)
    failures = []
    orders = logs = errors = calls = 0
    for seed in seeds:
        theirs = expected[seed]["portfolio"]
        found = differences(theirs, ours[seed]["portfolio"])
        failures += [f"seed {seed}, {cases.make_case(seed)['method']}: {text}" for text in found]
        errors += "error" in theirs
        orders += len(theirs.get("orders.array", ()))
        logs += len(theirs.get("logs.array", ()))
        calls += any(name.startswith("seen.") for name in theirs)
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Cases that trade nothing or only raise would prove nothing.
    assert orders > 4 * count
    assert logs > 10 * count
    assert calls > 0.05 * count
    assert errors < 0.3 * count
