"""Order programs over frames do what the real zipline does over a bundle with the same bars.

And over a bundle of days that end at midnight, where scripts find the bars of the day before.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import references
import zipline_frame_programs
from test_zipline_orders import first_difference

pytestmark = pytest.mark.parity

FIRST_SEED = 40_000
COUNT = 60


@pytest.mark.parametrize(("calendar", "frames"), [("XNYS", True), ("24/7", False)])
def test_every_program_is_identical(calendar, frames):
    market = zipline_frame_programs.make_market(1, calendar)
    programs = [
        zipline_frame_programs.make_program(seed, market)
        for seed in range(FIRST_SEED, FIRST_SEED + COUNT)
    ]
    request = {"market": market, "frames": frames, "programs": programs}
    theirs, ours = references.both("zipline", Path(zipline_frame_programs.__file__), request)
    failures = []
    for program, reference, result in zip(programs, theirs, ours, strict=True):
        assert "error" not in reference, f"program {program['seed']}: {reference['traceback']}"
        if frames:
            reference, result = as_floats(reference), as_floats(result)
        if found := first_difference(reference, result):
            failures.append(f"program {program['seed']} ({program['form']}): {found}")
    assert not failures, f"{len(failures)} programs differ:\n" + "\n".join(failures[:20])
    traded = sum(any(one["columns"]["transactions"]["values"]) for one in theirs)
    assert traded > COUNT // 2


def as_floats(answer):
    """An answer without the difference of 3 and 3.0: volumes of frames are floats."""
    if isinstance(answer, dict):
        return {key: as_floats(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [as_floats(value) for value in answer]
    return float(answer) if type(answer) is int else answer
