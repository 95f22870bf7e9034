"""Bars of which a price is not known (NaN), under both values of `Rules.unknown_price`."""

import math

import numpy as np
import pytest
from fillproof.core import Bars, Commission, Instrument, Kind, Rules, Simulation, Slippage
from fillproof.core.orders import Status
from fillproof.core.rules import CashCheck, UnknownPrice

DAY = 86_400_000_000_000
NAN = math.nan


def simulation(rows, unknown=UnknownPrice.TRADES, cash=1e4, **more):
    """rows: open, high, low, close of each bar; all are there."""
    columns = np.array(rows, dtype=float).T
    values = np.concatenate([columns, np.ones((1, len(rows)))])[:, None, :]
    bars = Bars(
        np.arange(len(rows)) * DAY,
        ("a",),
        np.ascontiguousarray(values),
        mask=np.ones((1, len(rows)), dtype=bool),
    )
    rules = Rules(unknown_price=unknown, cash_check=CashCheck.ON_FILL)
    return Simulation(bars, rules, cash=cash, **more)


def run(sim, kind=Kind.MARKET, size=1.0, **keywords):
    """Send one order at the first bar and step to the end: (bars at which it filled, prices)."""
    sim.step(0)
    sim.submit(0, size, kind, **keywords)
    for t in range(1, len(sim.bars)):
        sim.step(t)
    return sim.fills["bar"].tolist(), sim.fills["price"].tolist()


KNOWN = (10.0, 12.0, 9.0, 11.0)


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


@pytest.mark.parametrize(
    ("bar", "kind", "keywords", "price"),
    [
        ((NAN, 12.0, 9.0, 11.0), Kind.MARKET, {}, NAN),
        ((10.0, 12.0, 9.0, NAN), Kind.MARKET, {}, 10.0),
        ((10.0, 12.0, 9.0, NAN), Kind.CLOSE, {}, NAN),
        ((NAN, 12.0, 9.0, 11.0), Kind.LIMIT, {"limit": 11.0}, 11.0),
        ((NAN, 12.0, NAN, 11.0), Kind.LIMIT, {"limit": 11.0}, None),
        ((10.0, NAN, 9.0, 11.0), Kind.STOP, {"stop": 11.5}, None),
        ((10.0, NAN, 9.0, 11.0), Kind.STOP, {"stop": 9.5}, 10.0),
        ((10.0, 12.0, 9.0, NAN), Kind.STOP_LIMIT, {"stop": 11.0, "limit": 10.5}, None),
        ((10.0, 12.0, 9.0, NAN), Kind.STOP_LIMIT, {"stop": 11.0, "limit": 11.5}, 11.0),
        ((10.0, 12.0, 9.0, 11.0), Kind.LIMIT, {"limit": NAN}, None),
    ],
)
def test_no_level_is_reached_by_a_price_that_is_not_known(bar, kind, keywords, price):
    sim = simulation([KNOWN, bar])
    at, prices = run(sim, kind, **keywords)
    assert at == ([] if price is None else [1])
    assert all(same(found, price) for found in prices)


def test_under_waits_nothing_trades_at_it():
    rows = [KNOWN, (NAN, 12.0, 9.0, 11.0), (10.0, 12.0, 9.0, NAN), (10.5, 12.0, 9.0, 11.0)]
    assert run(simulation(rows, UnknownPrice.WAITS)) == ([3], [10.5])
    limit = run(simulation(rows, UnknownPrice.WAITS), Kind.LIMIT, limit=10.2)
    assert limit == ([1], [10.2])


def test_slippage_goes_to_an_extreme_that_is_not_known():
    slips = Slippage("fixed", 1.0, at_open=True, within_bar=True)
    at, prices = run(simulation([KNOWN, (10.0, NAN, 9.0, 11.0)], slippage=slips))
    assert at == [1]
    assert math.isnan(prices[0])
    outside = Slippage("fixed", 1.0, at_open=True, within_bar=False)
    rows = [KNOWN, (10.0, NAN, 9.0, 11.0), KNOWN]
    assert run(simulation(rows, slippage=outside)) == ([2], [11.0])


def test_cash_that_is_not_known_stays_so_and_refuses_what_is_sent():
    sim = simulation([KNOWN, (NAN, 12.0, 9.0, 11.0), KNOWN, KNOWN])
    sim.change_rules(sim.rules.replace(cash_check=CashCheck.BOTH))
    sim.step(0)
    sim.submit(0, 1.0)
    sim.step(1)
    late = sim.submit(0, 1.0)
    sim.step(2)
    assert sim.orders["status"][late] == Status.MARGIN
    assert np.isnan(sim.cash_curve()).tolist() == [False, True, True, True]
    assert math.isnan(sim.position_price(0))


def test_equity_is_not_known_while_a_close_is_not():
    rows = [KNOWN, KNOWN, (10.0, 12.0, 9.0, NAN), KNOWN]
    held = simulation(rows)
    run(held)
    assert held.equity_curve().tolist()[:2] == [1e4, 1e4 + 1.0]
    assert np.isnan(held.equity_curve()).tolist() == [False, False, True, False]
    assert not np.isnan(held.cash_curve()).any()
    flat = simulation(rows)
    assert not np.isnan(flat.equity_curve()).any()
    flat.follow(0, 3)
    assert not np.isnan(flat.equity_curve()).any()
    flat.follow(0, 2)
    flat.step(2)
    assert math.isnan(flat.equity)
    assert np.isnan(flat.equity_curve()).tolist() == [False, False, True, False]


def test_a_rate_of_nothing_on_a_price_that_is_not_known():
    instrument = Instrument(carry_always=True, carry_with_exit=True)
    sim = simulation([KNOWN, (NAN, 12.0, 9.0, 11.0), KNOWN, KNOWN], instruments=instrument)
    sim.step(0)
    sim.submit(0, -1.0)
    for t in (1, 2):
        sim.step(t)
    sim.submit(0, 1.0)
    sim.step(3)
    assert np.isnan(sim.fills["closed_commission"]).tolist() == [False, True]
    plain = simulation([KNOWN, KNOWN, KNOWN], commission=Commission("per_share", 1.0))
    assert run(plain)[0] == [1]
