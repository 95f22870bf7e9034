"""Whole scripts, each about one part of the API, do the same as on the real zipline.

Text to the last character; performance frames within 1e-9, transactions and positions exactly. They
run on the bundle "market" of zipline_market.py: daily and minute bars, equities and futures.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import references
from test_zipline_scripts import PLAYER, first_line

pytestmark = pytest.mark.parity

SCRIPTS = sorted(Path(__file__).with_name("zipline_whole").glob("*.py"))
EXACT = ("transactions", "positions")


@pytest.fixture(scope="module")
def answers():
    return references.both("zipline", PLAYER, {"market": 0, "scripts": [str(p) for p in SCRIPTS]})


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_script_does_the_same(answers, path):
    theirs, ours = (answer[str(path)] for answer in answers)
    assert "error" not in theirs, f"the script fails there:\n{theirs['error']}"
    assert theirs["printed"].count("\n") > 3, "the script shows nothing"
    found = first_line(theirs["printed"], ours["printed"])
    assert not found, f"{found}\n{ours.get('error', '')}"
    assert "error" not in ours, ours["error"]
    assert ours["perf"]["index"] == theirs["perf"]["index"]
    assert ours["perf"]["columns"].keys() == theirs["perf"]["columns"].keys()
    for name, there in theirs["perf"]["columns"].items():
        here = ours["perf"]["columns"][name]
        assert here["dtype"] == there["dtype"], name
        equal = same if name in EXACT else near
        for n, (a, b) in enumerate(zip(there["values"], here["values"], strict=True)):
            assert equal(a, b), f"{name}[{n}]: {a!r} there, {b!r} here"


def same(a, b) -> bool:
    return type(a) is type(b) and (a == b or (a != a and b != b))


def near(a, b) -> bool:
    """Numbers within 1e-9 of each other, anything else alike."""
    if type(a) is float and type(b) is float:
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or same(a, b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(near, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(near(a[key], b[key]) for key in a)
    return same(a, b)
