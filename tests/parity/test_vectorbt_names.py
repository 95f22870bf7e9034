"""Every public name of VectorBT is here, or a gap that says so when it is used, or internal.

`python docs/surface.py vectorbt` makes the page anew, and with `list vectorbt FILE` the package's
listing.
"""

from __future__ import annotations

import re

import public_names
import pytest
from references import reference

pages = public_names.pages("vectorbt")
surface = pages.surface

#: Plotly express by its own names, and films: only this may be missing.
DRAWS = re.compile(r"PXAccessor|px_methods|image|animation")


@pytest.fixture(scope="module")
def found():
    return pages.states(surface.read("vectorbt"))


@pytest.mark.parity
def test_the_listing_is_that_of_the_package():
    names = reference("vectorbt", public_names.__file__, "vectorbt")
    stored = surface.read("vectorbt")
    for part in ("modules", "objects"):
        for place, listed in names[part].items():
            assert stored[part].get(place) == listed, place
    assert stored == names


def test_no_name_is_missing_but_of_plots(found):
    absent = surface.absent(found)
    assert not [name for name, why in absent.items() if not DRAWS.search(name + why)]


def test_names_are_here_and_gaps(found):
    assert found[""]["MA"] == ("here", "")
    assert found["portfolio.nb"]["order_nb"] == ("here", "")
    assert found["Portfolio object"]["from_signals"] == ("here", "")
    assert found["generic.dispatch"]["rolling_mean"][0] in ("here", "internal")


def test_a_refusal_is_read_from_the_code():
    from fillproof.compat.vectorbt.unsupported import missing

    class Some:
        def gap(self):
            """Says so."""
            raise missing("Some.gap", "Do the other.")

        def here(self, size, price=None):
            return size, price

    wanted = {"gap": [], "here": ["size", "price"], "nothing": None}
    assert pages.class_state(Some, wanted) == {
        "gap": ("gap", "Do the other."),
        "here": ("here", ""),
        "nothing": ("missing", ""),
    }
    assert pages.class_state(Some, {"here": ["freq"]}) == {"here": ("missing", "argument freq")}


def test_the_page_is_that_of_the_code():
    written = (public_names.DOCS / "surface-vectorbt.md").read_text(encoding="utf-8")
    assert written == pages.page(surface.read("vectorbt")), "run `python docs/surface.py`"
