"""Every public name of Backtrader is either here or a gap that says so when it is used."""

from __future__ import annotations

from pathlib import Path

import pytest
from references import adapter, reference

LIST = Path(__file__).with_name("backtrader_names.py")

#: Of the implementation, not for scripts.
INTERNAL = {
    "Cerebro object": {"iterize", "runstrategies", "stop_writers", "frompackages", "packages"},
    "brokers": {"VCBroker"},
    "analyzers": {"AutoDict"},
    "observers": {"TimeFrame", "Trade"},
}

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def found():
    return adapter(LIST, reference("backtrader", LIST, None))


def test_no_name_is_missing(found):
    missing = {
        where: {n for n, status in names.items() if status == "missing"}
        - INTERNAL.get(where, set())
        for where, names in found.items()
    }
    assert not {where: sorted(names) for where, names in missing.items() if names}


def test_names_are_here_and_gaps(found):
    here = {(where, n) for where, names in found.items() for n, s in names.items() if s == "here"}
    gaps = {(where, n) for where, names in found.items() for n, s in names.items() if s == "gap"}
    assert {("", "Strategy"), ("indicators", "SMA"), ("indicators", "If")} <= here
    assert {("indicators", "HMA"), ("feeds", "YahooFinanceData")} <= gaps
    assert {("Cerebro object", "optstrategy"), ("Cerebro object", "plot")} <= gaps
