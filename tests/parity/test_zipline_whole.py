"""Whole scripts, each about one part of the API, do the same as on the real zipline.

Text to the last character; performance frames within 1e-9, transactions and positions exactly. They
run on the bundle "market" of zipline_market.py: daily and minute bars, equities and futures.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import references
from test_zipline_scripts import PLAYER, same, same_frame, same_text

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
    same_text(theirs, ours)
    same_frame(theirs["perf"], ours["perf"], near, EXACT)


def near(a, b) -> bool:
    """Numbers within 1e-9 of each other, anything else alike."""
    if type(a) is float and type(b) is float:
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) or same(a, b)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(near, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(near(a[key], b[key]) for key in a)
    return same(a, b)
