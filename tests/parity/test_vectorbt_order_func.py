"""Differential tests of order functions: fills, logs, and all that the functions see."""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import pytest
from numba import njit
from references import vectorbt

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_order_func as cases
from test_vectorbt import differences

pytestmark = pytest.mark.parity

FIRST_SEED = 60_000


def compiled_seeds(seeds: list[int], each: int) -> set[int]:
    """The first cases of each of the four ways to go through the cells: those run compiled too.

    Each new memory layout of an argument compiles for seconds.
    """
    chosen: dict[tuple, list[int]] = {}
    for seed in seeds:
        kwargs = cases.make_case(seed)["kwargs"]
        wide = kwargs["close"].ndim == 2 and kwargs["close"].shape[1] > 1
        known = chosen.setdefault((kwargs["flexible"], kwargs["row_wise"]), [])
        if wide and len(kwargs["close"]) > 2 and len(known) < each:
            known.append(seed)
    return {seed for some in chosen.values() for seed in some}


def test_generated_order_functions_are_the_same(request, tmp_path, plain_kernels):
    count = request.config.getoption("--fuzz")
    seeds = list(range(FIRST_SEED, FIRST_SEED + count))
    print(f"seeds {FIRST_SEED} to {FIRST_SEED + count - 1}")
    expected = vectorbt(cases.__file__, seeds, tmp_path, compiled=False)
    # Compiled, all four ways are in tests/core/test_order_loop.py; here with many cases only.
    compiled = compiled_seeds(seeds, count // 1000)
    failures = []
    orders = calls = errors = 0
    for seed in seeds:
        case = cases.make_case(seed)
        # Called by functions that do not compile, kernels would for each form of each context.
        with plain_kernels():
            found = differences(expected[seed], cases.describe(adapter, case, use_numba=False))
        failures += [f"seed {seed}: {text}" for text in found]
        if seed in compiled:
            found = differences(expected[seed], cases.describe(adapter, case, njit))
            failures += [f"seed {seed}, compiled: {text}" for text in found]
        errors += "error" in expected[seed]
        orders += len(expected[seed].get("orders.array", ()))
        calls += expected[seed].get("calls", 0)
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Cases that trade nothing or only raise would prove nothing.
    assert orders > 4 * count
    assert calls > 30 * count
    assert errors < 0.3 * count
