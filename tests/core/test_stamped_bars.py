"""Bars that bear times of their own: orders are judged by these, not by when a bar comes."""

import numpy as np
import pytest
from fillproof.core import Bars, Kind, Rules, Simulation
from fillproof.core.orders import Status
from fillproof.core.rules import MissingBar

DAY = 86_400_000_000_000


def bars_of(stamps, closes=(10.0, 11.0, 12.0, 13.0, 14.0), days=None, **more):
    """One asset: every price of a bar is its close, the stamps are days."""
    length = len(closes)
    prices = np.array([closes] * 4 + [[1.0] * length])[:, None, :]
    times = (np.arange(length) if days is None else np.array(days)) * DAY
    own = None if stamps is None else np.array([stamps], dtype=np.int64) * DAY
    return Bars(times, ("a",), np.ascontiguousarray(prices), stamps=own, **more)


def filled_at(sim, order):
    """(time index, price) of the fill of an order; None without one."""
    fills = sim.fills[sim.fills["order"] == order]
    return (int(fills["booked"][0]), float(fills["price"][0])) if len(fills) else None


def run(sim, *sent):
    """Step through all bars; after bar t the orders (t, arguments of submit) are sent."""
    numbers = []
    for t in range(len(sim.bars)):
        sim.step(t)
        numbers += [sim.submit(0, 1.0, **keywords) for when, keywords in sent if when == t]
    return numbers


def test_an_order_ends_by_the_time_that_its_bar_bears():
    # Bar 2 comes on day 2, but is of day 1: an order for day 1 can still trade in it.
    keywords = {"kind": Kind.LIMIT, "limit": 12.0, "expires": DAY}
    late = Simulation(bars_of([0, 0, 1, 1, 2], [15.0, 15.0, 12.0, 13.0, 14.0]), cash=1e3)
    (order,) = run(late, (0, keywords))
    assert filled_at(late, order) == (2, 12.0)
    plain = Simulation(bars_of(None, [15.0, 15.0, 12.0, 13.0, 14.0]), cash=1e3)
    (order,) = run(plain, (0, keywords))
    assert plain.orders["status"][order] == Status.EXPIRED
    assert plain.orders["closed_bar"][order] == 2


def test_a_market_order_waits_for_a_bar_of_a_later_time():
    sim = Simulation(bars_of([0, 0, 0, 1, 1]), cash=1e3)
    first, second = run(sim, (0, {}), (3, {}))
    assert filled_at(sim, first) == (3, 13.0)
    assert filled_at(sim, second) is None


def test_stamps_may_go_back():
    sim = Simulation(bars_of([0, 5, 3, 6, 7]), cash=1e3)
    market, limit = run(sim, (1, {}), (1, {"kind": Kind.LIMIT, "limit": 20.0, "expires": 4 * DAY}))
    assert filled_at(sim, market) == (3, 13.0)
    assert filled_at(sim, limit) == (2, 12.0)


def test_a_session_ends_by_the_time_that_bars_bear():
    # The session ends on day 1; that the bar of day 2 comes tells it: the close noted before.
    sim = Simulation(bars_of([0, 0, 0, 2, 3]), cash=1e3)
    (order,) = run(sim, (0, {"kind": Kind.CLOSE, "session_end": DAY}))
    assert filled_at(sim, order) == (3, 12.0)
    assert sim.fills["bar"][0] == 2
    exactly = Simulation(bars_of([0, 0, 1, 2, 3]), cash=1e3)
    (order,) = run(exactly, (0, {"kind": Kind.CLOSE, "session_end": DAY}))
    assert filled_at(exactly, order) == (2, 12.0)


def test_the_close_noted_before_is_of_the_bar_before():
    mask = np.array([[True, True, False, True, True]])
    bars = bars_of([0, 0, 9, 2, 3], mask=mask)
    sim = Simulation(bars, Rules(missing_bar=MissingBar.LAST_BAR), cash=1e3)
    (order,) = run(sim, (0, {"kind": Kind.CLOSE, "session_end": DAY}))
    assert filled_at(sim, order) == (3, 11.0)
    assert sim.fills["bar"][0] == 1


def test_where_an_asset_has_no_bar_its_prices_do_not_count():
    bars = bars_of(None, mask=np.array([[True, False, True, True, True]]))
    assert bars.present[:, 0].tolist() == [True, False, True, True, True]
    sim = Simulation(bars, cash=1e3)
    (order,) = run(sim, (0, {}))
    assert filled_at(sim, order) == (2, 12.0)


def test_what_bars_bear_goes_with_them():
    mask = np.array([[True, False, True, True, True]])
    bars = bars_of([3, 3, 1, 4, 5], mask=mask)
    for part in (bars.until(3), bars.view(2 * DAY), bars.between(0, 2 * DAY), bars.select(["a"])):
        assert (part.stamps[0, :3] == bars.stamps[0, :3]).all()
        assert (part.mask[0, :3] == mask[0, :3]).all()
        assert part.stamps.shape == part.mask.shape == part.values.shape[1:]
    with pytest.raises(TypeError, match=r"stamps must be int64\(1, 5\)"):
        bars_of(None).__class__(bars.times, ("a",), bars.values, stamps=np.zeros((1, 4), np.int64))
