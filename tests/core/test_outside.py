"""Trades, fees and corrections that were decided outside the engine."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core import Bars, Commission, OrderError, Rules, Simulation
from fillproof.core.rules import Booking, CommissionTime, CostBasis, FillTime, Queue

WHOLE = Rules(
    fill_time=FillTime.NEXT_CLOSE,
    queue=Queue.BY_ASSET,
    booking=Booking.WHOLE,
    commission_time=CommissionTime.END_OF_BAR,
    cost_basis=CostBasis.WITH_COMMISSION,
)


def simulation(**options) -> Simulation:
    close = np.array([[10.0, 20.0], [11.0, 19.0], [12.0, 18.0]])
    bars = Bars.from_arrays(
        np.arange(3) * 86_400 * 10**9, close, close, close, close, np.full((3, 2), 1e4), ["A", "B"]
    )
    return Simulation(bars, WHOLE, cash=1000.0, **options)


def test_a_trade_is_booked_at_once_at_its_own_price():
    sim = simulation()
    sim.step(0)
    number = sim.book_trade(0, 5, 10.5)
    assert sim.cash == 1000.0 - 52.5
    assert (sim.position_size(0), sim.position_price(0)) == (5.0, 10.5)
    fill = sim.fills[number]
    assert (fill["size"], fill["price"], fill["booked"], fill["commission"]) == (5.0, 10.5, 0, 0.0)
    assert sim.open_orders == []
    sim.book_trade(0, -8, 11.0)
    assert (sim.position_size(0), sim.position_price(0)) == (-3.0, 11.0)
    sim.step(1)
    assert sim.equity == 1000.0 + 5 * 0.5


def test_such_trades_do_what_orders_of_the_engine_do():
    ours, engine = simulation(), simulation()
    engine.step(0), ours.step(0)
    engine.submit(1, 7)
    engine.step(1), ours.step(1)
    ours.book_trade(1, 7, 19.0)
    assert ours.cash == engine.cash
    assert ours.position_price(1) == engine.position_price(1)
    for name in ("size", "price", "position_size", "pnl", "cash", "bar"):
        assert ours.fills[name].tolist() == engine.fills[name].tolist()


def test_a_fee_goes_into_the_average_price():
    sim = simulation()
    sim.step(0)
    sim.book_trade(0, 4, 10.0)
    sim.charge(0, 2.0)
    assert sim.cash == 1000.0 - 42.0
    assert sim.cash_flow == -42.0
    assert sim.position_price(0) == 10.5


def test_a_position_is_corrected_without_cash():
    sim = simulation()
    sim.step(0)
    sim.set_position(1, -3, 19.5)
    assert (sim.cash, sim.position_size(1), sim.position_price(1)) == (1000.0, -3.0, 19.5)
    assert sim.equity == 1000.0 - 60.0
    assert not len(sim.fills)


def test_capital_is_no_flow():
    sim = simulation()
    sim.step(0)
    sim.add_cash(50.0, capital=True)
    sim.add_cash(5.0)
    assert (sim.cash, sim.cash_flow) == (1055.0, 5.0)


def test_what_has_no_meaning_is_refused():
    sim = simulation(commission=Commission("per_share", 0.01))
    sim.step(0)
    with pytest.raises(OrderError, match="without commission"):
        sim.book_trade(0, 1, 10.0)
    with pytest.raises(OrderError, match="finite"):
        sim.charge(0, float("nan"))
    with pytest.raises(OrderError, match="not one of 2"):
        sim.set_position(2, 1, 1.0)
