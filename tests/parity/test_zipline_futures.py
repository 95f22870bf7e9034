"""Generated programs that trade futures end in the same account as on the real zipline.

Floats within 1e-9, amounts, prices of trades and everything else exactly.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import references
import zipline_futures_programs
from test_zipline_whole import near

pytestmark = pytest.mark.parity

FILE = Path(zipline_futures_programs.__file__)
MOVES = ("capital_used", "pnl")


@pytest.fixture(scope="module")
def answers(request):
    count = max(50, request.config.getoption("--fuzz") // 4)
    return references.both("zipline", FILE, {"market": 0, "seeds": list(range(count))})


def test_the_programs_do_the_same(answers):
    theirs, ours = answers
    for seed, there in theirs.items():
        here = ours[seed]
        for n, (a, b) in enumerate(zip(there["log"], here["log"], strict=True)):
            assert near(a, b), f"program {seed}, look {n}:\n{a} there,\n{b} here"
        assert there["perf"]["index"] == here["perf"]["index"]
        for name, column in there["perf"]["columns"].items():
            found = here["perf"]["columns"][name]
            for n, (a, b) in enumerate(zip(column["values"], found["values"], strict=True)):
                # Money that moved in a session is the difference of two sums as large as this.
                rounding = 1e-15 * there["perf"]["columns"]["ending_cash"]["values"][n]
                equal = near(a, b) or (name in MOVES and abs(a - b) <= abs(rounding))
                assert equal, f"program {seed}, {name}[{n}]:\n{a} there,\n{b} here"


def test_the_programs_reach_what_they_are_for(answers):
    counts = Counter()
    for program in answers[0].values():
        counts.update(program["counts"])
    assert counts["placed True"] > 800
    assert counts["placed CannotOrderDelistedAsset"] > 3
    assert counts["short"] > 100
    assert counts["partial"] > 20
    assert counts["cancels"] > 10
