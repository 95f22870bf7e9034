"""Every public name of Zipline is here, or a gap that says so when it is used, or internal.

`python docs/surface_zipline.py` makes the page anew, and with `list FILE` the package's listing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from references import reference

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"


@pytest.fixture(scope="module")
def surface():
    sys.path.insert(0, str(DOCS))
    try:
        import surface_zipline
    finally:
        sys.path.remove(str(DOCS))
    return surface_zipline


@pytest.fixture(scope="module")
def found(surface):
    return surface.states(surface.read("zipline"))


@pytest.mark.parity
def test_the_listing_is_that_of_the_package(surface):
    assert surface.read("zipline") == reference("zipline", HERE / "zipline_names.py", None)


def test_no_name_is_missing(surface, found):
    assert not surface.absent(found)


def test_names_are_here_and_gaps(found):
    assert found["api"]["order_target_percent"] == ("here", "")
    assert found["data object"]["history"] == ("here", "")
    assert found["pipeline.visualize"]["display_graph"][0] == "gap"
    assert found["utils.memoize"]["lazyval"][0] in ("here", "internal")


def test_the_page_is_that_of_the_code(surface):
    written = (DOCS / "surface-zipline.md").read_text(encoding="utf-8")
    assert written == surface.page(surface.read("zipline")), "run `python docs/surface_zipline.py`"
