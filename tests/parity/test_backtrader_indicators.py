"""The built-in indicators give Backtrader's values, bit for bit, from the same bar on.

Each with all its parameters; `--fuzz N` with N above 200 takes several inputs and kinds of prices
for each.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from backtrader_indicators import make_cases, thinned
from references import adapter, both

PLAYER = Path(__file__).with_name("backtrader_indicators.py")

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def answers(thorough):
    """(case, the real framework's answer, ours) for each case, with interpreted kernels."""
    cases = make_cases()
    if not thorough:
        cases = thinned(cases)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILLPROOF_JIT", "0")
        theirs, ours = both("backtrader", PLAYER, cases)
    return list(zip(cases, theirs, ours, strict=True))


def same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def difference(theirs: dict, ours: dict, runonce: bool = True) -> str:
    """What differs between two answers to one case, or nothing.

    Without `runonce` a division by 0 or a wrong value ends the run on its bar there, and before the
    first bar here: only the exception is compared.
    """
    late = ("ZeroDivisionError", "TypeError")
    if not runonce and theirs.get("failed") == ours.get("failed") in late:
        return ""
    for name in sorted({*theirs, *ours} - {"lines", "first"}):
        if theirs.get(name) != ours.get(name):
            return f"{name}: {theirs.get(name)!r} there, {ours.get(name)!r} here"
    lines = zip(theirs.get("lines", ()), ours.get("lines", ()), strict=True)
    for k, (a, b) in enumerate(lines):
        if len(a) != len(b):
            return f"line {k}: {len(a)} values there, {len(b)} here"
        for t, (x, y) in enumerate(zip(a, b, strict=True)):
            if not same(x, y):
                return f"line {k}, bar {t + 1}: {x!r} there, {y!r} here"
    for k, (x, y) in enumerate(zip(theirs.get("first", ()), ours.get("first", ()), strict=True)):
        if not same(x, y):
            return f"line {k} when next begins: {x!r} there, {y!r} here"
    return ""


def test_indicators_have_the_same_values(answers):
    failures = []
    for case, theirs, ours in answers:
        text = difference(theirs, ours, case["runonce"])
        if text:
            failures.append(f"{case}\n    {text}")
    assert not failures, f"{len(failures)} of {len(answers)} cases differ\n\n" + "\n\n".join(
        failures[:8]
    )


def test_compiled_kernels_give_the_same_bits(answers, monkeypatch):
    monkeypatch.setenv("FILLPROOF_JIT", "1")
    chosen = [row for row in answers if row[0]["rows"] > 20][::2]
    compiled = adapter(PLAYER, [case for case, _, _ in chosen])
    failures = [
        f"{case}\n    {text}"
        for (case, _, interpreted), ours in zip(chosen, compiled, strict=True)
        if (text := difference(interpreted, ours))
    ]
    assert not failures, "\n\n".join(failures[:8])


def test_cases_show_something(answers):
    """Most cases have values, some fail: for want of bars, a division by 0, a wrong parameter."""
    failed = [theirs.get("failed") for _, theirs, _ in answers]
    assert failed.count(None) > 0.8 * len(failed)
    kinds = {"IndexError", "ZeroDivisionError", "TypeError", "AttributeError", "ValueError"}
    assert {*kinds, None} <= set(failed)
    begun = [theirs for _, theirs, _ in answers if theirs["begins"]]
    valued = [any(map(math.isfinite, theirs["first"])) for theirs in begun]
    assert sum(valued) > 0.95 * len(valued)


def test_every_offered_indicator_is_compared():
    from fillproof.compat.backtrader import indicators

    offered = {
        name
        for name in dir(indicators)
        if isinstance(value := getattr(indicators, name), type)
        and issubclass(value, indicators.Indicator)
        and not name.startswith("_")
    }
    compared = {case["name"] for case in thinned(make_cases())}
    assert offered <= compared
    assert all(name.startswith("Own") for name in compared - offered)
