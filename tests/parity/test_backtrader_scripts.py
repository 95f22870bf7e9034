"""Whole scripts print the same text with the real Backtrader and with the adapter."""

from __future__ import annotations

from pathlib import Path

import pytest
from backtrader_scripts import SCRIPTS
from references import both

PLAYER = Path(__file__).with_name("backtrader_scripts.py")

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def printed():
    """What each script printed: (with the real framework, with the adapter)."""
    theirs, ours = both("backtrader", PLAYER, sorted(SCRIPTS))
    assert theirs.keys() == ours.keys() == SCRIPTS.keys()
    return {name: (theirs[name], ours[name]) for name in theirs}


def first_difference(theirs: str, ours: str) -> str:
    """The first line that differs, and the two before it."""
    a, b = theirs.split("\n"), ours.split("\n")
    same = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    at = min(len(a), len(b)) if same is None else same
    lines = [f"line {at + 1}:", *(f"      both: {line}" for line in a[max(at - 2, 0) : at])]
    for name, text in (("backtrader", a), ("fillproof ", b)):
        lines.append(f"{name}: {text[at] if at < len(text) else 'nothing more'}")
    return "\n".join(lines)


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_prints_the_same(printed, name):
    theirs, ours = printed[name]
    assert "ended by" not in theirs, f"the script fails there: {theirs[-500:]}"
    assert theirs.count("\n") > 1, "the script shows nothing"
    assert ours == theirs, first_difference(theirs, ours)
