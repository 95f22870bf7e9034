"""`cerebro.plot()` draws what the real one draws: panes, artists, legends, ticks."""

from __future__ import annotations

from pathlib import Path

import pytest
from backtrader_plots import CASES
from references import both

PLAYER = Path(__file__).with_name("backtrader_plots.py")

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def figures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILLPROOF_JIT", "0")
        return both("backtrader", PLAYER, [])


def differences(theirs, ours, where=""):
    """The places where two descriptions differ."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted({*theirs, *ours}):
            yield from differences(theirs.get(key), ours.get(key), f"{where}.{key}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for i, (there, here) in enumerate(zip(theirs, ours, strict=True)):
            yield from differences(there, here, f"{where}[{i}]")
    elif theirs != ours:
        yield f"{where}: {str(theirs)[:200]} there, {str(ours)[:200]} here"


@pytest.mark.parametrize("name", CASES)
def test_figures_are_the_same(figures, name):
    theirs, ours = figures
    found = list(differences(theirs[name], ours[name]))
    assert not found, f"{len(found)} differences\n" + "\n".join(found[:12])


def test_cases_draw_something(figures):
    theirs, _ = figures
    drawn = [name for name, told in theirs.items() if isinstance(told, list)]
    assert drawn == list(CASES)
    axes = [
        pane
        for name in drawn
        for several in theirs[name]
        for figure in several
        if isinstance(figure, dict)
        for pane in figure["axes"]
    ]
    assert len(axes) > 120
    assert {collection["kind"] for pane in axes for collection in pane["collections"]} > {
        "PolyCollection",
        "LineCollection",
    }
    assert sum(len(pane["patches"]) for pane in axes) > 1000
    assert sum(len(pane["texts"]) for pane in axes) > 100


def test_a_difference_is_found():
    one = {"axes": [{"lines": [{"y": [1.0, 2.0]}]}]}
    other = {"axes": [{"lines": [{"y": [1.0, 2.5]}]}]}
    assert list(differences(one, one)) == []
    assert list(differences(one, other)) == [".axes[0].lines[0].y[1]: 2.0 there, 2.5 here"]
