"""Settings that change while a simulation runs."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.errors import OrderError
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Kind
from fillproof.core.rules import CashCheck, FillTime, Positioning, Rules
from fillproof.core.simulation import Simulation
from programs import random_bars

DAY = 86_400_000_000_000


def rising(length: int, assets: int = 1) -> Bars:
    """Opens 10, 11, …; each close half a point above the open."""
    open_ = np.repeat(10.0 + np.arange(length)[:, None], assets, axis=1)
    times = np.arange(length, dtype=np.int64) * DAY
    names = tuple("ABC"[:assets])
    volume = np.full(open_.shape, 1e6)
    return Bars.from_arrays(
        times, open_, open_ + 1.0, open_ - 1.0, open_ + 0.5, volume, assets=names
    )


def test_a_new_commission_holds_for_fills_from_then_on():
    sim = Simulation(rising(6), cash=1e4, commission=Commission("per_share", 0.5))
    sim.step(0)
    sim.submit(0, 4.0)
    sim.step(1)
    sim.submit(0, 4.0)  # pending while the commission changes
    sim.change_terms(0, commission=Commission("percent", 0.01))
    sim.step(2)
    sim.submit(0, -8.0)
    sim.step(3)
    assert sim.fills["commission"].tolist() == [2.0, 4 * 12 * 0.01, pytest.approx(8 * 13 * 0.01)]
    assert sim.fills["price"].tolist() == [11.0, 12.0, 13.0]


def test_the_other_terms_and_the_other_assets_stay():
    fees = [Commission("per_share", 0.5), Commission("per_share", 0.25)]
    sim = Simulation(rising(4, 2), cash=1e4, commission=fees, slippage=Slippage("fixed", 0.25))
    sim.step(0)
    sim.change_terms(0, instrument=Instrument(multiplier=3.0, margin=2.0))
    for asset in (0, 1):
        sim.submit(asset, 2.0)
    sim.step(1)
    assert sim.fills["commission"].tolist() == [1.0, 0.5]
    assert sim.fills["price"].tolist() == [11.25, 11.25]
    assert sim.cash == 1e4 - 2 * 2.0 + 2 * 3.0 * (11.5 - 11.25) - 2 * 11.25 - 1.5


def test_bars_that_were_passed_over_keep_the_worth_they_had():
    def run(every: bool) -> np.ndarray:
        sim = Simulation(rising(8), cash=1e3)
        for t in range(8):
            if every or not sim.idle:
                sim.step(t)
            sim.bar = t
            if t == 0:
                sim.submit(0, 10.0)
            if t == 4:
                sim.change_terms(0, instrument=Instrument(leverage=2.0))
        return sim.equity_curve()

    curve = run(every=False)
    assert curve.tolist() == run(every=True).tolist()
    assert curve[4] == 1e3 + 10 * (14.5 - 11.0)
    # 110 were paid in full, and now count half: half of it is a loan that nobody gave.
    assert curve[5] == 1e3 - 110.0 + 55.0 + 10 * (15.5 - 11.0)


def test_profit_is_settled_from_the_last_close_on():
    sim = Simulation(rising(6), cash=1e3)
    sim.step(0)
    sim.submit(0, 1.0)
    sim.step(1)
    cash = sim.cash
    sim.change_terms(0, instrument=Instrument(margin=1.0))
    assert not sim.idle
    sim.step(2)
    assert sim.cash == cash + 1.0
    sim.change_terms(0, instrument=Instrument())
    sim.step(3)
    assert sim.cash == cash + 1.0
    assert sim.idle


def test_pending_orders_trade_under_new_rules():
    sim = Simulation(rising(6), Rules(), cash=1e3)
    sim.step(0)
    sim.submit(0, 1.0)
    sim.change_rules(Rules(fill_time=FillTime.THIS_CLOSE))
    sim.step(1)
    sim.submit(0, 1.0)
    sim.change_rules(Rules(fill_time=FillTime.NEXT_OPEN, cash_check=CashCheck.ON_FILL))
    assert sim.rules.fill_time == FillTime.NEXT_OPEN
    sim.step(2)
    sim.submit(0, 1e6)
    assert sim.orders["status"][-1] == 2  # accepted at once
    assert sim.fills["price"].tolist() == [10.5, 12.0]


def test_a_change_to_the_same_changes_nothing():
    bars = random_bars(11, 60)
    rules, fee, slip = Rules(), Commission("percent", 0.001), Slippage("percent", 0.001)

    def run(changing: bool) -> tuple:
        sim = Simulation(bars, rules, cash=5e3, commission=fee, slippage=slip)
        draw = np.random.default_rng(5)
        for t in range(60):
            if not sim.idle:
                sim.step(t)
            sim.bar = t
            kind = Kind.MARKET if draw.random() < 0.5 else Kind.LIMIT
            size = float(draw.integers(-9, 10))
            if size and draw.random() < 0.4:
                limit = bars.close[t, 0] if kind == Kind.LIMIT else np.nan
                sim.submit(0, size, kind, limit=limit)
            if changing:
                sim.change_rules(rules)
                sim.change_terms(0, commission=fee, instrument=Instrument())
        return sim.fills.tobytes(), sim.events.tobytes(), sim.equity_curve().tolist()

    assert run(False) == run(True)


@pytest.mark.parametrize("kind", ["per_share", "percent"])
def test_what_an_order_has_filled_is_paid_for(kind):
    limit = Slippage(volume_limit=2e-6)  # two units a bar
    rate = 0.5 if kind == "per_share" else 0.01
    sim = Simulation(rising(8), cash=1e4, commission=Commission(kind, rate), slippage=limit)
    sim.step(0)
    sim.submit(0, 6.0)
    sim.step(1)
    sim.change_terms(0, commission=Commission(kind, 2 * rate))
    sim.step(2)
    sim.change_terms(0, instrument=Instrument(leverage=2.0))
    sim.change_terms(0, commission=Commission())
    sim.step(3)
    assert sim.fills["size"].tolist() == [2.0, 2.0, 2.0]
    worth = [1.0, 1.0] if kind == "per_share" else [11.0, 12.0]
    expected = [2 * rate * worth[0], 4 * rate * worth[1], 0.0]
    assert sim.fills["commission"] == pytest.approx(expected, rel=1e-12)


def test_what_cannot_change():
    sim = Simulation(rising(4), cash=1e3)
    with pytest.raises(OrderError, match="positioning"):
        sim.change_rules(Rules(positioning=Positioning.HEDGING))
    with pytest.raises(OrderError, match="currency"):
        sim.change_terms(0, instrument=Instrument(currency="EUR"))
    with pytest.raises(OrderError, match="asset: 1"):
        sim.change_terms(1)
    with pytest.raises(ValueError, match="volatility"):
        sim.change_terms(0, slippage=Slippage("square_root", 0.1))
    assert sim.rules == Rules()


def test_cash_is_set_to_the_last_bit():
    sim = Simulation(rising(4), cash=0.1)
    sim.step(0)
    sim.set_cash(0.3)
    assert sim.cash == 0.3
    assert sim.equity_curve().tolist() == [0.1, 0.3, 0.3, 0.3]
    assert sim.cash_flow == pytest.approx(0.2)
    with pytest.raises(OrderError, match="finite"):
        sim.set_cash(np.inf)


def test_a_trade_made_elsewhere_is_booked_at_its_price():
    """Whole, without slippage, unchecked when sent, and in the very bar; other costs as ever."""
    slip, fee = Slippage("fixed", 0.25), Commission("per_share", 0.5)
    sim = Simulation(rising(6), cash=100.0, slippage=slip, commission=fee)
    sim.step(0)
    sim.bar = 1
    number = sim.submit(0, 4.0, reference=7.25, made=True)
    assert sim.orders["status"][number] == 2  # accepted
    late = sim.submit(0, 1.0)
    sim.step(1)
    fill = sim.fills[0]
    assert (fill["price"], fill["size"], fill["bar"], fill["commission"]) == (7.25, 4.0, 1, 2.0)
    assert len(sim.fills) == 1  # the other one waits for the next bar
    sim.step(2)
    assert sim.fills["order"].tolist() == [number, late]
    assert sim.fills["price"][1] == 12.25
    assert sim.cash == 100.0 - 4 * 7.25 - 2.0 - 12.25 - 0.5
    # What its cash does not pay for is refused when it fills.
    number = sim.submit(0, 400.0, reference=7.25, made=True)
    sim.step(3)
    assert sim.orders["status"][number] == 7
    assert sim.rules.cash_check == CashCheck.BOTH


def test_the_fill_time_of_one_order():
    sim = Simulation(rising(6), Rules(fill_time=FillTime.THIS_CLOSE), cash=1e3)
    sim.step(0)
    sim.submit(0, 1.0)
    sim.submit(0, 1.0, fill_time=FillTime.NEXT_OPEN)
    sim.submit(0, 1.0, fill_time=FillTime.NEXT_CLOSE)
    sim.step(1)
    assert sim.fills["price"].tolist() == [10.5, 11.0, 11.5]
    with pytest.raises(OrderError, match="LIMIT has none"):
        sim.submit(0, 1.0, Kind.LIMIT, limit=5.0, fill_time=FillTime.NEXT_OPEN)
    with pytest.raises(OrderError, match="reference"):
        sim.submit(0, 1.0, made=True)
