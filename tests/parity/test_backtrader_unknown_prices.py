"""Order programs over bars whose prices are not all known (NaN), played on both sides."""

from __future__ import annotations

import os

import pytest
from backtrader_programs import Draw, make_program
from references import both
from test_backtrader_orders import PLAYER, crashed, describe, first_difference

pytestmark = pytest.mark.parity

#: Columns of a bar: open, high, low, close, volume. What is missing together.
MISSING = ([3], [0], [1], [2], [1, 2], [0, 1, 2], [4], [0, 1, 2, 3], [0, 1, 2, 3, 4])


def make_gaps(seed: int) -> dict:
    """The order program of a seed, with prices missing here and there.

    Without the sizers and fillers that would make sizes of what is missing: those are refused.
    """
    program = make_program(seed)
    d = Draw(seed + 10**6)
    if program["sizer"] is not None and program["sizer"][0] in ("PercentSizer", "AllInSizer"):
        program["sizer"] = None
    if program["broker"].get("filler", ["half"])[0] not in ("half", "third"):
        del program["broker"]["filler"]
    few = [d.pick(*MISSING) for _ in range(d.pick(1, 1, 2))]
    odds = d.pick(0.02, 0.05, 0.2)
    for data in program["datas"]:
        for row in data["rows"]:
            if d.chance(odds):
                for column in d.pick(*few):
                    row[column] = float("nan")
    return program


def test_programs_over_gaps_play_alike(request):
    alone = os.environ.get("FILLPROOF_SEED")
    count = max(60, request.config.getoption("--fuzz") // 3)
    seeds = [int(alone)] if alone else range(count)
    theirs, ours = both("backtrader", PLAYER, [make_gaps(seed) for seed in seeds])
    failures = []
    for seed, there, here in zip(seeds, theirs, ours, strict=True):
        k = None if crashed(there) else first_difference(there, here)
        if k is not None:
            failures.append(describe(seed, there, here, k))
    assert not failures, f"{len(failures)} of {len(seeds)} programs differ\n\n" + "\n\n".join(
        failures[:5]
    )
