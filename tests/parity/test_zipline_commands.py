"""The command `zipline` prints the same, ends with the same status and writes the same frames."""

from __future__ import annotations

from pathlib import Path

import pytest
import references
import zipline_commands
import zipline_market
from test_zipline_scripts import same_frame
from test_zipline_whole import near

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def answers():
    player = Path(zipline_commands.__file__)
    return references.both("zipline", player, {"market": zipline_market.make_market()})


@pytest.mark.parametrize("n", range(len(zipline_commands.LINES)))
def test_the_line_does_the_same(answers, n):
    theirs, ours = (answer["played"][n] for answer in answers)
    assert ours["status"] == theirs["status"], (ours, theirs)
    assert ours["printed"] == theirs["printed"]
    if theirs["status"]:
        assert ours["said"]


def test_the_frames_are_the_same(answers):
    theirs, ours = (answer["frames"] for answer in answers)
    assert ours.keys() == theirs.keys() == {"perf.pickle", "own.pickle", "text.pickle"}
    for name, there in theirs.items():
        same_frame(there, ours[name], near)
