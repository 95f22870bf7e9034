"""Random expressions of lines have the same values with the real Backtrader and the adapter.

Seeds are fixed: `--fuzz N` evaluates the expressions of the seeds 0 to N - 1. A failure names its
seed; `FILLPROOF_SEED=n pytest tests/parity/test_backtrader_expressions.py` evaluates that alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from backtrader_expressions import make_case
from references import both

PLAYER = Path(__file__).with_name("backtrader_expressions.py")

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def answers(request):
    """(case, the real framework's answer, ours) for each expression."""
    alone = os.environ.get("FILLPROOF_SEED")
    seeds = [int(alone)] if alone else range(2 * request.config.getoption("--fuzz"))
    cases = [make_case(seed) for seed in seeds]
    return list(zip(cases, *both("backtrader", PLAYER, cases), strict=True))


def same(theirs, ours) -> bool:
    """Equal in type and value; NaN equals NaN."""
    if isinstance(theirs, list | dict) or isinstance(ours, list | dict):
        if type(theirs) is not type(ours) or len(theirs) != len(ours):
            return False
        if isinstance(theirs, dict):
            return theirs.keys() == ours.keys() and all(same(theirs[k], ours[k]) for k in theirs)
        return all(map(same, theirs, ours))
    return type(theirs) is type(ours) and (theirs == ours or (theirs != theirs and ours != ours))


def test_expressions_have_the_same_values(answers):
    failures = [
        f"{case}\n    backtrader: {theirs}\n    fillproof:  {ours}"
        for case, theirs, ours in answers
        if not same(theirs, ours)
    ]
    assert not failures, f"{len(failures)} of {len(answers)} expressions differ\n\n" + "\n\n".join(
        failures[:5]
    )


def test_most_expressions_have_values(answers):
    if len(answers) < 200:
        pytest.skip("only the whole set is meant to have all of them")
    failed = [theirs.get("failed") for _, theirs, _ in answers]
    assert failed.count(None) > 0.5 * len(failed)
    assert {"ZeroDivisionError", "IndexError"} <= set(failed)
