"""Costs as the engine charges them: tiers over a month, impact over fills, a user's function."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from fillproof.core import costs
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.orders import Kind, Status
from fillproof.core.rules import FillTime, Rules, TriggerOn
from fillproof.core.simulation import Simulation
from hypothesis import given
from programs import cases, play, random_bars, relaxed

DAY = 86_400_000_000_000


def flat(length: int, price: float = 10.0, volume: float = 1_000.0, **extra) -> Bars:
    shape = (length, 1)
    times = np.arange(length, dtype=np.int64) * DAY
    column = np.full(shape, price)
    wide = np.full(shape, price + 5.0), np.full(shape, price - 5.0)
    bars = Bars.from_arrays(times, column, *wide, column, np.full(shape, volume), assets=("A",))
    for name, value in extra.items():
        bars = bars.with_extra(name, np.full(shape, value))
    return bars


def traded(bars: Bars, sizes: dict[int, float], **settings) -> Simulation:
    settings.setdefault("cash", 1e6)
    sim = Simulation(bars, settings.pop("rules", Rules()), **settings)
    for t in range(len(bars)):
        sim.step(t)
        if t in sizes:
            sim.submit(0, sizes[t])
    return sim


def test_monthly_tiers_start_again_with_the_calendar_month():
    # 1970: January has 31 days, so bars 0 to 30 are January.
    tiers = Commission("tiered", tiers=((0.0, 0.02), (100.0, 0.01)), tier_on="month_units")
    sim = traded(flat(40), {0: 80.0, 5: 40.0, 30: 50.0, 33: 60.0}, commission=tiers)
    # 80 at 0.02; 20 at 0.02 and 20 at 0.01; February: 50 at 0.02; 50 at 0.02 and 10 at 0.01
    assert sim.fills["commission"] == pytest.approx([1.6, 0.6, 1.0, 1.1], rel=1e-12)


def test_a_resting_limit_order_pays_the_makers_rate():
    fee = Commission("percent", 0.002, maker_rate=0.0005)
    bars = random_bars(3, 30)
    sim = Simulation(bars, cash=1e6, commission=fee)
    for t in range(30):
        sim.step(t)
        if t % 5 == 0:
            sim.submit(0, 10.0)
            sim.submit(0, 10.0, Kind.LIMIT, limit=bars.close[t, 0] - 0.5)
    kinds = sim.orders["kind"][sim.fills["order"]]
    gap = sim.fills["price"] == bars.open[sim.fills["bar"], 0]
    first = sim.fills["bar"] == sim.orders["created_bar"][sim.fills["order"]] + 1
    maker = (kinds == Kind.LIMIT) & ~(gap & first)
    assert maker.any()
    assert (~maker).any()
    rate = np.where(maker, 0.0005, 0.002)
    due = np.abs(sim.fills["size"]) * sim.fills["price"] * rate
    assert np.array_equal(sim.fills["maker"], maker)
    assert sim.fills["commission"] == pytest.approx(due, rel=1e-12)


def test_minimum_and_maximum_hold_over_partial_fills():
    fee = Commission("per_share", 0.01, minimum=2.0, maximum=6.0)
    limited = Slippage("fixed", 0.0, volume_limit=0.25)
    sim = traded(flat(8), {0: 900.0}, commission=fee, slippage=limited)
    # 250 a bar: raw 2.5, 5.0, 7.5, 9.0 in all; due at least 2, at most 6
    assert sim.fills["size"].tolist() == [250.0, 250.0, 250.0, 150.0]
    assert sim.fills["commission"] == pytest.approx([2.5, 2.5, 1.0, 0.0], abs=1e-12)


def test_a_fee_per_order_is_paid_with_its_first_fill():
    fee = Commission("per_contract", 0.5, minimum=8.0, per_order=2.0)
    limited = Slippage(volume_limit=0.01)
    sim = traded(flat(6), {0: 25.0}, commission=fee, slippage=limited)
    # 10, 10 and 5: 2 + 5 is below the minimum; 2 + 10 is 4 more; 5 at 0.5
    assert sim.fills["commission"].tolist() == [8.0, 4.0, 2.5]


def test_square_root_impact():
    model = Slippage("square_root", 0.8)
    sim = traded(flat(4, volatility=0.02), {0: 40.0, 1: -10.0}, slippage=model)
    expected = [10.0 * (1 + 0.8 * 0.02 * math.sqrt(0.04)), 10.0 * (1 - 0.8 * 0.02 * 0.1)]
    assert sim.fills["price"] == pytest.approx(expected, rel=1e-12)


def test_impact_from_the_middle_of_the_bar():
    mid = {"within_bar": False, "unknown": 0.001, "volume_limit": 0.25}
    slip = Slippage("mid_square_root", 5_000.0, **mid)
    bars = flat(6, 10.0, 100.0, volatility=0.02)
    bars = bars.with_extra("volatility", np.where(np.arange(6) < 1, np.nan, 0.02)[:, None])
    rules = Rules(fill_time=FillTime.NEXT_CLOSE, trigger_on=TriggerOn.CLOSE)
    sim = traded(bars, {0: 30.0, 3: -16.0}, slippage=slip, rules=rules)
    # What sigma was is not known before the second bar; 25 of 30 fit into a bar's volume.
    prices = [10.01, 10.0 * (1 + 0.5 * 0.02 * math.sqrt(0.05)), 10.0 * (1 - 0.5 * 0.02 * 0.4)]
    assert sim.fills["price"] == pytest.approx(prices, rel=1e-12)
    assert sim.fills["size"].tolist() == [25.0, 5.0, -16.0]


def test_each_order_may_take_the_whole_volume_limit_from_the_middle():
    slip = Slippage("mid_square_root", 5_000.0, volume_limit=0.25, within_bar=False)
    bars = flat(4, 10.0, 100.0, volatility=0.02)
    rules = Rules(fill_time=FillTime.NEXT_CLOSE, trigger_on=TriggerOn.CLOSE)
    sim = Simulation(bars, rules, cash=1e6, slippage=slip)
    sim.step(0)
    sim.step(1)
    for size in (20.0, 20.0):
        sim.submit(0, size)
    sim.submit(0, 20.0, Kind.LIMIT, limit=10.0)  # reached, but the impact leads beyond it
    sim.step(2)
    assert sim.fills["size"].tolist() == [20.0, 20.0]


def test_the_permanent_part_of_almgren_chriss_moves_later_prices():
    model = Slippage("almgren_chriss", 0.5, permanent=0.4, exponent=1.0)
    sim = traded(flat(5, volatility=0.1), {0: 100.0, 2: 100.0}, slippage=model)
    share, sigma = 0.1, 0.1
    lasting = 0.4 * sigma * share
    temporary = 0.5 * sigma * share
    first = 10.0 * (1 + temporary + lasting / 2)
    moved = 10.0 * (1 + lasting)
    second = moved * (1 + temporary + lasting / 2)
    assert sim.fills["price"] == pytest.approx([first, second], rel=1e-12)


def test_a_limit_bounds_impact():
    model = Slippage("square_root", 50.0)
    bars = flat(3, volatility=0.02)
    sim = Simulation(bars, cash=1e6, slippage=model)
    sim.step(0)
    sim.submit(0, 100.0, Kind.LIMIT, limit=11.0)
    sim.step(1)
    assert sim.fills["price"].tolist() == [11.0]


def percent(units, price, filled, paid):
    return units * 0.001 * price


def root(price, direction, units, volume, sigma):
    return price * (1.0 + direction * (0.3 * sigma * math.sqrt(units / volume)))


def rows(sim: Simulation) -> tuple:
    return sim.fills.tobytes(), sim.orders.tobytes(), sim.equity_curve().tobytes()


JITTED = {function: numba.njit(function) for function in (percent, root)}


@pytest.mark.parametrize("made", [lambda f: f, JITTED.get], ids=["python", "jitted"])
class TestAUsersFunction:
    @relaxed
    @given(case=cases(costs=False))
    def test_commission_gives_what_the_built_in_gives(self, made, case):
        own = play(case | {"commission": Commission(function=made(percent))})
        built_in = play(case | {"commission": Commission("percent", 0.001)})
        assert rows(own) == rows(built_in)

    @relaxed
    @given(case=cases(costs=False))
    def test_slippage_gives_what_the_built_in_gives(self, made, case):
        bars = case["bars"]
        volume = np.where(bars.volume == 0.0, 50.0, bars.volume)
        sigma = np.nan_to_num(costs.rolling_volatility(bars, 3), nan=0.02)
        bars = Bars.from_arrays(
            bars.times, bars.open, bars.high, bars.low, bars.close, volume, assets=bars.assets
        ).with_extra("volatility", sigma)
        own = play(case | {"bars": bars, "slippage": Slippage(function=made(root))})
        built_in = play(case | {"bars": bars, "slippage": Slippage("square_root", 0.3)})
        assert rows(own) == rows(built_in)


def test_an_error_in_a_function_reaches_the_caller():
    def broken(units, price, filled, paid):
        raise KeyError("no rate for this asset")

    with pytest.raises(KeyError, match="no rate for this asset"):
        traded(flat(3), {0: 1.0}, commission=Commission(function=broken))


def test_not_enough_volume_known_means_no_fill():
    sim = traded(flat(4, volume=0.0, volatility=0.1), {0: 5.0}, slippage=Slippage("square_root", 1))
    assert len(sim.fills) == 0
    assert sim.orders["status"].tolist() == [Status.ACCEPTED]
