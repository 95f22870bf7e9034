"""Every public name of Zipline is here, or a gap that says so when it is used, or internal.

`python docs/surface.py` makes the page anew, and with `list FILE` the package's listing.
"""

from __future__ import annotations

import public_names
import pytest
from references import reference

pages = public_names.pages("zipline")
surface = pages.surface


@pytest.fixture(scope="module")
def found():
    return pages.states(surface.read("zipline"))


@pytest.mark.parity
def test_the_listing_is_that_of_the_package():
    assert surface.read("zipline") == reference("zipline", public_names.__file__, "zipline")


def test_no_name_is_missing(found):
    assert not surface.absent(found)


def test_names_are_here_and_gaps(found):
    assert found["api"]["order_target_percent"] == ("here", "")
    assert found["data object"]["history"] == ("here", "")
    assert found["pipeline.visualize"]["display_graph"][0] == "gap"
    assert found["utils.memoize"]["lazyval"][0] in ("here", "internal")


def test_the_page_is_that_of_the_code():
    written = (public_names.DOCS / "surface-zipline.md").read_text(encoding="utf-8")
    assert written == pages.page(surface.read("zipline")), "run `python docs/surface.py`"
