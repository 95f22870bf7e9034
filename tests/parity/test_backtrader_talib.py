"""`bt.talib` gives what the real one gives, bit for bit: every function of TA-Lib."""

from __future__ import annotations

from pathlib import Path

import pytest
from backtrader_talib import make_cases
from references import both
from test_backtrader_indicators import same

PLAYER = Path(__file__).with_name("backtrader_talib.py")

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def answers():
    cases = make_cases()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILLPROOF_JIT", "0")
        theirs, ours = both("backtrader", PLAYER, cases)
    return cases, theirs, ours


def flat(answer):
    columns = [*answer.get("lines", []), answer.get("mean", []), answer.get("first", [])]
    return [*columns, answer.get("previous", [])]


def difference(theirs: dict, ours: dict, runonce: bool = True) -> str:
    """What differs; without `runonce` an error ends the run on its bar there, before it here."""
    if not runonce and theirs.get("failed") and theirs["failed"] == ours.get("failed"):
        return ""
    for name in sorted({*theirs, *ours} - {"lines", "mean", "first", "previous"}):
        if theirs.get(name) != ours.get(name):
            return f"{name}: {theirs.get(name)!r} there, {ours.get(name)!r} here"
    for k, (a, b) in enumerate(zip(flat(theirs), flat(ours), strict=True)):
        if len(a) != len(b):
            return f"column {k}: {len(a)} values there, {len(b)} here"
        for t, (x, y) in enumerate(zip(a, b, strict=True)):
            if not same(x, y):
                return f"column {k}, row {t + 1}: {x!r} there, {y!r} here"
    return ""


def test_functions_give_the_same_values(answers):
    cases, theirs, ours = answers
    pairs = zip(cases, theirs, ours, strict=True)
    failures = [
        f"{case}\n    {text}"
        for case, there, here in pairs
        if (text := difference(there, here, case["runonce"]))
    ]
    shown = "\n\n".join(failures[:8])
    assert not failures, f"{len(failures)} of {len(cases)} cases differ\n\n{shown}"


def test_cases_show_something(answers):
    cases, theirs, _ = answers
    assert len({case["name"] for case in cases}) >= 150
    failed = [answer.get("failed") for answer in theirs]
    assert failed.count(None) > 0.8 * len(cases)
    assert {"TypeError", None} <= set(failed)


def test_classes_say_the_same_of_themselves():
    theirs, ours = both("backtrader", PLAYER, [])
    assert {**ours, "classes": {}} == {**theirs, "classes": {}}
    assert len(theirs["classes"]) == len(theirs["all"]) - 2
    for name, there in theirs["classes"].items():
        assert ours["classes"][name] == there, name
