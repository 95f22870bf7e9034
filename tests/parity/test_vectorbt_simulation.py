"""Differential tests of simulations with logs, draws, sequences of calls and call-backs.

Sizes, sides, places and status must be equal to the bit; prices and money within 1e-9 relative.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import pytest
from fillproof.validation import references

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_simulation as cases
from test_vectorbt import differences

pytestmark = pytest.mark.parity

FIRST_SEED = 40_000


def reference_results(
    seeds: list[int], folder: Path, jit: bool, script: str = cases.__file__
) -> dict:
    """What the real framework says about each seed; `jit`: with its compiler."""
    given, got = folder / f"seeds{jit}.pickle", folder / f"results{jit}.pickle"
    given.write_bytes(pickle.dumps(seeds))
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if jit else "1"}
    subprocess.run(
        [references.python("vectorbt"), script, given, got],
        check=True,
        cwd=folder,
        env=environment,
    )
    return pickle.loads(got.read_bytes())


def test_generated_simulations_are_the_same(request, tmp_path):
    count = request.config.getoption("--fuzz")
    seeds = list(range(FIRST_SEED, FIRST_SEED + count))
    print(f"seeds {FIRST_SEED} to {FIRST_SEED + count - 1}")
    expected = reference_results(seeds[0::2], tmp_path, True)
    expected |= reference_results(seeds[1::2], tmp_path, False)
    failures = []
    orders = logs = errors = calls = 0
    for seed in seeds:
        case = cases.make_case(seed)
        found = differences(expected[seed], cases.describe(adapter, case))
        failures += [f"seed {seed}, {case['method']}: {text}" for text in found]
        errors += "error" in expected[seed]
        orders += len(expected[seed].get("orders.array", ()))
        logs += len(expected[seed].get("logs.array", ()))
        calls += any(name.startswith("seen.") for name in expected[seed])
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Cases that trade nothing or only raise would prove nothing.
    assert orders > 4 * count
    assert logs > 10 * count
    assert calls > 0.05 * count
    assert errors < 0.3 * count
