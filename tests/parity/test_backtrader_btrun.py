"""`btrun`: the same options, defaults and runs as the real one's, for a list of command lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from backtrader_btrun import RUN
from references import both

PLAYER = Path(__file__).with_name("backtrader_btrun.py")

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def answers():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILLPROOF_JIT", "0")
        return both("backtrader", PLAYER, RUN)


@pytest.mark.parametrize("line", RUN)
def test_a_line_means_and_does_the_same(answers, line):
    theirs, ours = (answer[line] for answer in answers)
    assert ours == theirs


def test_the_lines_do_something(answers):
    theirs, _ = answers
    printed = [said[-1][0] for said in theirs.values()]
    assert sum(bool(text) for text in printed) > 30
    ended = [said[-1][2] for said in theirs.values()]
    assert ended.count("") > 25
    assert {"exit 1", "exit 2", "ValueError"} < set(ended)
