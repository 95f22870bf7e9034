"""`data` in runs over minutes, and before the market opens, as the real zipline answers.

Values must be the same to the last bit, and so must dtypes, names and labels. `--fuzz N` makes as
many calls and half again (300 by default) in runs of 100.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import references
import zipline_minute_data as calls
from test_zipline_data import difference

pytestmark = pytest.mark.parity

FILE = Path(calls.__file__)
SEED = 0
EACH = 100  # calls in one run


@pytest.fixture(scope="module")
def request_(request):
    count = max(request.config.getoption("--fuzz") * 3 // (2 * EACH), 1)
    print(f"runs {SEED} to {SEED + count - 1}")
    runs = [calls.make_calls(seed, EACH) for seed in range(SEED, SEED + count)]
    return {"market": calls.make_market(), "runs": runs}


@pytest.fixture(scope="module")
def answers(request_):
    return references.both("zipline", FILE, request_)


def test_every_answer_is_identical(request_, answers):
    failures = []
    for run, reference, result in zip(request_["runs"], *answers, strict=True):
        for call, there, here in zip(run["calls"], reference, result, strict=True):
            assert there is not None, f"run {run['seed']}: not made: {call}"
            found = difference(there, here)
            if found:
                failures.append(f"run {run['seed']}, {call}: {found}")
    text = "\n".join(failures[:20])
    assert not failures, f"{len(failures)} answers differ:\n{text}"


def test_the_calls_reach_what_they_should(request_, answers):
    """On the real framework's answers: every form at every time of the day, few refused."""
    reached = Counter()
    for run, reference in zip(request_["runs"], answers[0], strict=True):
        for (_, when, call), answer in zip(run["calls"], reference, strict=True):
            time = when if isinstance(when, str) else "handle"
            reached[call[0], time] += 1
            reached[call[0], answer["type"]] += 1
            reached[call[-1], time] += 1
    for wanted in (
        *((name, when) for name in ("current", "history") for when in ("handle", "before")),
        ("current", "scheduled"),
        ("can_trade", "before"),
        *((frequency, when) for frequency in ("1m", "1d") for when in ("handle", "before")),
        ("history", "DataFrame"),
        ("history", "Series"),
        ("current", "float"),
        ("is_stale", "bool"),
    ):
        assert reached[wanted], f"{wanted} is missing; reached: {dict(reached)}"
    assert reached["history", "raised"] < 10
