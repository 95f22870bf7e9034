"""Differential tests: generated portfolios here and in the real VectorBT must be the same.

All cases of a run go to one reference process. Sides, bars, sizes and counts must be equal to the
bit; prices, fees, cash, value, returns and every statistic within 1e-9 relative.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import numpy as np
import pytest
from references import settled

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_cases as cases

pytestmark = pytest.mark.parity

FIRST_SEED = 20_000
# Always run: fills of no units, which no trade is made of; sales without a valuation price.
RARE = (20_245, 20_502, 20_823, 21_987)
EXACT = ("id", "col", "idx", "size", "side", "direction", "status", "parent_id")
RELATIVE = 1e-9
# Numbers near 0 are differences of numbers the size of the account: what is left of 1e-9 there.
ABSOLUTE = 1e-12


def differences(expected, got, place="") -> list[str]:
    """Where two descriptions of a portfolio differ, in words."""
    if type(expected) is not type(got) and not _numeric(expected, got):
        return [f"{place}: {expected!r} there, {got!r} here"]
    if isinstance(expected, dict):
        if list(expected) != list(got):
            return [f"{place}: {list(expected)} there, {list(got)} here"]
        return [x for k in expected for x in differences(expected[k], got[k], f"{place}/{k}")]
    if isinstance(expected, list):
        if len(expected) != len(got):
            return [f"{place}: {len(expected)} there, {len(got)} here"]
        pairs = zip(expected, got, strict=True)
        return [x for n, (a, b) in enumerate(pairs) for x in differences(a, b, f"{place}/{n}")]
    a, b = np.asarray(expected), np.asarray(got)
    if a.shape != b.shape:
        return [f"{place}: shape {a.shape} there, {b.shape} here"]
    if a.dtype.names:
        return [
            x
            for field in a.dtype.names
            for x in differences(a[field], b[field], f"{place}.{field}")
        ]
    if place.rsplit(".", 1)[-1] in EXACT:
        same = a == b
    elif a.dtype.kind in "biuf" and b.dtype.kind in "biuf":
        a, b = a.astype(float), b.astype(float)
        same = np.isclose(b, a, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    else:
        same = a.astype(str) == b.astype(str)
    if np.all(same):
        return []
    return [f"{place}: {np.atleast_1d(a)[~np.atleast_1d(same)][:3]} there, "
            f"{np.atleast_1d(b)[~np.atleast_1d(same)][:3]} here"]  # fmt: skip


def _numeric(a, b) -> bool:
    kinds = (int, float, np.number, np.bool_)
    return isinstance(a, kinds) and isinstance(b, kinds)


def test_generated_portfolios_are_the_same(request, tmp_path):
    count = request.config.getoption("--fuzz")
    seeds = sorted({*range(FIRST_SEED, FIRST_SEED + count), *RARE})
    print(f"seeds {FIRST_SEED} to {FIRST_SEED + count - 1} and {RARE}")
    asked = {"seeds": seeds, "wide": count > 200}
    ours = cases.answers(adapter, asked)
    expected = settled(cases.__file__, asked, ours, differences, tmp_path)
    failures = []
    orders = errors = 0
    for seed in seeds:
        theirs = expected[seed]["portfolio"]
        found = differences(theirs, ours[seed]["portfolio"])
        method = cases.make_case(seed)["method"]
        failures += [f"seed {seed}, {method}: {text}" for text in found]
        errors += "error" in theirs
        orders += len(theirs.get("orders.array", ()))
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Cases that trade nothing or only raise would prove nothing.
    assert orders > 5 * count
    assert errors < 0.2 * count


def test_a_changed_fill_is_seen():
    case = next(
        case
        for case in map(cases.make_case, range(FIRST_SEED, FIRST_SEED + 50))
        if len(cases.describe(adapter, case).get("orders.array", ())) > 3
    )
    description = cases.describe(adapter, case)
    again = cases.describe(adapter, case)
    assert differences(description, again) == []
    again["orders.array"]["size"][1] = np.nextafter(again["orders.array"]["size"][1], np.inf)
    assert any("orders.array.size" in text for text in differences(description, again))
    again = cases.describe(adapter, case)
    again["orders.array"]["price"][1] *= 1 + 1e-8
    assert any("orders.array.price" in text for text in differences(description, again))
    again = cases.describe(adapter, case)
    del again["value"]
    assert differences(description, again)
