"""Differential tests: indicators and their factory here and in the real VectorBT must be the same.

All questions of a run go to one reference process. Tables are compared with their labels and
types: numbers within 1e-9 relative (they are equal to the bit so far), the rest exactly.
"""

from __future__ import annotations

import sys
from pathlib import Path

import fillproof.compat.vectorbt as adapter
import numpy as np
import pytest
from references import settled

sys.path.insert(0, str(Path(__file__).parent))
import vectorbt_indicators as indicators

pytestmark = pytest.mark.parity

FIRST_SEED = 40_000
RELATIVE = 1e-9
ABSOLUTE = 1e-12
# Raised for arguments of a kind that has no meaning: the compiler's word for a wrong type.
SAME = {("TypingError", "TypeError"), ("TypingError", "ValueError")}


def differences(expected, got, place="") -> list[str]:
    """Where two answers differ, in words."""
    if isinstance(expected, dict) and isinstance(got, dict):
        if "error" in expected or "error" in got:
            kinds = [one.get("error", ["none"])[0] for one in (expected, got)]
            if kinds[0] == kinds[1] or tuple(kinds) in SAME:
                return []
            return [f"{place}: {str(expected)[:200]} there, {str(got)[:200]} here"]
        if list(expected) != list(got):
            return [f"{place}: {list(expected)} there, {list(got)} here"]
        return [x for k in expected for x in differences(expected[k], got[k], f"{place}/{k}")]
    if isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return [f"{place}: {len(expected)} there, {len(got)} here"]
        pairs = zip(expected, got, strict=True)
        return [x for n, (a, b) in enumerate(pairs) for x in differences(a, b, f"{place}/{n}")]
    if type(expected) is not type(got):
        return [f"{place}: {expected!r} there, {got!r} here"]
    a, b = np.asarray(expected), np.asarray(got)
    if a.shape != b.shape or a.dtype != b.dtype:
        return [f"{place}: {a.dtype} {a.shape} there, {b.dtype} {b.shape} here"]
    if a.dtype.kind == "f":
        same = np.isclose(b, a, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    elif a.dtype == object:
        same = a.astype(str) == b.astype(str)
    else:
        same = a == b
    if np.all(same):
        return []
    return [f"{place}: {np.atleast_1d(a)[~np.atleast_1d(same)][:3]} there, "
            f"{np.atleast_1d(b)[~np.atleast_1d(same)][:3]} here"]  # fmt: skip


def questions(count: int) -> dict[int, list[str]]:
    """What is asked by seed: everything of the first, a part of others, and generated runs."""
    fixed = [*indicators.STATIC, *indicators.BY_ACCESSORS]
    if count > 200:
        fixed += indicators.SLOW
    asked = {FIRST_SEED: fixed, FIRST_SEED + 1: fixed[::6], FIRST_SEED + 2: fixed[3::6]}
    seeds = range(FIRST_SEED + 10, FIRST_SEED + 10 + max(count // 4, 1))
    return asked | {seed: indicators.generated(seed) for seed in seeds}


def test_indicators_are_the_same(request, tmp_path):
    count = request.config.getoption("--fuzz")
    asked = {"asked": questions(count), "wide": count > 200}
    print(f"seeds from {FIRST_SEED}")
    ours = indicators.Asker(adapter).answers(asked["asked"])
    expected = settled(indicators.__file__, asked, ours, differences, tmp_path)
    failures = []
    answers = errors = 0
    for seed, known in ours.items():
        for question, got in known.items():
            answer = expected[seed][question]
            found = differences(answer, got)
            failures += [f"seed {seed}: {question}: {text}" for text in found[:2]]
            answers += 1
            errors += "error" in answer
    assert not failures, f"{len(failures)} differences:\n" + "\n".join(failures[:20])
    # Questions that only raise would prove nothing.
    assert errors < 0.3 * answers


def test_a_changed_number_or_label_is_seen():
    asker = indicators.Asker(adapter)
    names = asker.namespace(FIRST_SEED)
    first, again = (asker.answer(names, "vbt.MA.run(p, [2, 3])") for _ in range(2))
    assert differences(first, again) == []
    table = again["tables"]["ma"]["table"] = again["tables"]["ma"]["table"].copy()
    table[-1, -1] *= 1 + 1e-8
    assert any("/tables/ma/table" in text for text in differences(first, again))
    again = asker.answer(names, "vbt.MA.run(p, [2, 3], short_name='x')")
    assert any("/tables/ma/columns" in text for text in differences(first, again))
    assert differences(first, asker.answer(names, "vbt.MA.run(p, 'x')"))
