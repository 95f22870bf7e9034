"""Whole scripts print the same, and return the same performance frame, as on the real zipline.

Numbers to the last bit: what a script prints shows them all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import references
import zipline_programs

pytestmark = pytest.mark.parity

PLAYER = Path(__file__).with_name("zipline_script_player.py")
SCRIPTS = sorted(Path(__file__).with_name("zipline_scripts").glob("*.py"))


@pytest.fixture(scope="module")
def answers():
    request = {
        "bundle": zipline_programs.make_bundle(0),
        "scripts": [str(path) for path in SCRIPTS],
    }
    return references.both("zipline", PLAYER, request)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_the_script_does_the_same(answers, path):
    theirs, ours = (answer[str(path)] for answer in answers)
    assert "error" not in theirs, f"the script fails there:\n{theirs['error']}"
    assert theirs["printed"].count("\n") > 3, "the script shows nothing"
    assert sum(map(len, theirs["perf"]["columns"]["transactions"]["values"])), "it does not trade"
    same_text(theirs, ours)
    same_frame(theirs["perf"], ours["perf"])


def same_text(theirs: dict, ours: dict) -> None:
    """Assert that two scripts printed the same, and that ours ran to its end."""
    found = first_line(theirs["printed"], ours["printed"])
    assert not found, f"{found}\n{ours.get('error', '')}"
    assert "error" not in ours, ours["error"]


def same_frame(theirs: dict, ours: dict, equal: Callable | None = None, exact=()) -> None:
    """Assert that two performance frames are alike, as the player shows them.

    equal: says whether two values are; None: to the last bit. exact: columns to the last bit.
    """
    assert ours["index"] == theirs["index"]
    assert ours["columns"].keys() == theirs["columns"].keys()
    for name, there in theirs["columns"].items():
        here = ours["columns"][name]
        assert here["dtype"] == there["dtype"], name
        alike = same if equal is None or name in exact else equal
        for n, (a, b) in enumerate(zip(there["values"], here["values"], strict=True)):
            assert alike(a, b), f"{name}[{n}]: {a!r} there, {b!r} here"


def same(a, b) -> bool:
    """To the last bit, and of the same type."""
    return type(a) is type(b) and (a == b or (a != a and b != b))


def first_line(theirs: str, ours: str) -> str | None:
    """The first printed line that differs, as text; None when none does."""
    there, here = theirs.splitlines(), ours.splitlines()
    for n in range(max(len(there), len(here))):
        a, b = there[n : n + 1], here[n : n + 1]
        if a != b:
            return f"line {n + 1}:\n{a} there\n{b} here"
    return None
