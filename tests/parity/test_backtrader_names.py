"""Every public name of Backtrader is either here or a gap that says so when it is used.

`python docs/surface.py` makes the page anew, and with `list FILE` the listing of the package.
"""

from __future__ import annotations

import public_names
import pytest
from references import reference

pages = public_names.pages("backtrader")
surface = pages.surface


@pytest.fixture(scope="module")
def found():
    return pages.states(surface.read("backtrader"))


@pytest.mark.parity
def test_the_listing_is_that_of_the_package():
    names = reference("backtrader", public_names.__file__, "backtrader")
    stored = surface.read("backtrader")
    for part in ("modules", "objects"):
        for place, listed in names[part].items():
            assert stored[part].get(place) == listed, place
    assert stored == names


def test_no_name_is_missing(found):
    assert not surface.absent(found)


def test_names_are_here_and_gaps(found):
    assert found[""]["Strategy"] == ("here", "")
    assert found["indicators"]["SMA"] == found["indicators.sma"]["SMA"] == ("here", "")
    assert found["cerebro object"]["adddata"] == ("here", "")
    state, advice = found["feeds"]["IBData"] if "IBData" in found["feeds"] else found["stores"][""]
    assert state == "gap"
    assert "out of scope" in advice


def test_the_page_is_that_of_the_code():
    written = (public_names.DOCS / "surface-backtrader.md").read_text(encoding="utf-8")
    assert written == pages.page(surface.read("backtrader")), "run `python docs/surface.py`"


class Here:
    """An object and a module of which the state is plain to see."""

    def method(self, size, price=None):
        return size, price

    @property
    def refused(self):
        raise surface_gap("thing.refused", "Use the other one.")


def surface_gap(name, advice):
    from fillproof.compat.unsupported import UnsupportedFeature

    return UnsupportedFeature("backtrader", name, advice)


def test_states_of_an_object():
    wanted = {"method": ["size", "price", "valid"], "refused": None, "nothing": None}
    assert surface.object_state(Here(), wanted) == {
        "method": ("missing", "argument valid"),
        "refused": ("gap", "Use the other one."),
        "nothing": ("missing", ""),
    }
    assert surface.object_state(Here(), {"method": ["size"]}) == {"method": ("here", "")}


def test_states_of_a_class():
    import fillproof.compat.backtrader as bt

    entry = pages.entry(bt.ind.MovingAverageSimple, "")
    assert entry == {"params": {"period": "30"}, "lines": ["sma"]}
    assert pages.class_state(bt.ind.SMA, entry) == ("here", "")
    other = {"params": {"period": "20", "factor": "1"}, "lines": ["mean"]}
    remark = "default of period: 20, here 30; param factor; lines mean"
    assert pages.class_state(bt.ind.SMA, other) == ("missing", remark)
