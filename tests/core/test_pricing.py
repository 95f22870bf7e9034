"""An asset's own functions in place of what the engine computes, and interest on positions."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.errors import OrderError
from fillproof.core.instruments import Instrument
from fillproof.core.leverage import net_worth, worth
from fillproof.core.orders import Kind
from fillproof.core.pricing import Pricing
from fillproof.core.rules import Rules, ShortCash
from fillproof.core.simulation import Simulation

DAY = 86_400_000_000_000
LENGTH = 90


def random_bars(seed: int) -> Bars:
    rng = np.random.default_rng(seed)
    close = 100.0 + np.cumsum(rng.normal(size=LENGTH)).round(2)
    open_ = close + rng.normal(size=LENGTH).round(2)
    top, bottom = np.maximum(open_, close) + 1.0, np.minimum(open_, close) - 1.0
    values = np.array([open_, top, bottom, close, np.full(LENGTH, 1000.0)])
    return Bars(np.arange(LENGTH) * DAY, ["a"], values[:, None, :])


def played(seed: int, instrument: Instrument, rules: Rules | None = None, **kwargs) -> Simulation:
    sim = Simulation(
        random_bars(seed), rules or Rules(), cash=2_000.0, instruments=instrument,
        **{"commission": Commission("percent", 0.01)} | kwargs,
    )  # fmt: skip
    rng = np.random.default_rng(seed + 1)
    for t in range(LENGTH):
        sim.step(t)
        if rng.random() < 0.5:
            size = float(rng.integers(-20, 21) or 3)
            if rng.random() < 0.3:
                sim.submit(0, size, Kind.STOP, stop=float(sim.bars.close[t, 0] + np.sign(size)))
            else:
                sim.submit(0, size)
    return sim


def the_same(future: bool, leverage: float, locked: bool) -> Pricing:
    """Functions that compute what the engine does."""
    factor = 2.0 if future else 1.0

    def cash(size, price, closes, order):
        if future:
            return abs(size) * 50.0
        return abs(size) * price if locked else size * price

    def value(size, entry, close):
        if future or not locked or size >= 0:
            return cash(size, close, 0.0, -1)
        return abs(entry * size + (entry - close) * size)

    def worth(size, entry, close):
        held = value(size, entry, close)
        if future:
            return held / leverage
        if locked and size < 0:
            return abs(size) * entry / leverage + size * (close - entry)
        return net_worth(held, size * (close - entry) * factor, leverage)

    return Pricing(
        fee=lambda size, price, order: abs(size) * 0.01 * price,
        cash=cash,
        leverage=lambda: leverage,
        profit=lambda size, entry, price: size * (price - entry) * factor,
        settled=lambda size, base, price: size * (price - base) * factor if future else 0.0,
        worth=worth,
        done=lambda size, price, order: None,
        interest=lambda asset, size, entry: 0.0,
        portion=lambda remaining, price, order, ago: abs(remaining),
    )


@pytest.mark.parametrize("future", [False, True])
@pytest.mark.parametrize("leverage", [1.0, 4.0])
@pytest.mark.parametrize("locked", [False, True])
def test_functions_that_compute_the_same_change_nothing(future, leverage, locked):
    rules = Rules(short_cash=ShortCash.LOCKED if locked else ShortCash.CREDITED)
    terms = {"multiplier": 2.0, "margin": 50.0} if future else {}
    for seed in range(3):
        plain = played(seed, Instrument(leverage=leverage, **terms), rules)
        own = played(
            seed,
            Instrument(leverage=leverage, pricing=the_same(future, leverage, locked), **terms),
            rules,
        )
        assert len(plain.fills) > 20
        for name in plain.fills.dtype.names or ():
            np.testing.assert_array_equal(plain.fills[name], own.fills[name], name)
        for name in plain.orders.dtype.names or ():
            np.testing.assert_array_equal(plain.orders[name], own.orders[name], name)
        np.testing.assert_array_equal(plain.cash_curve(), own.cash_curve())
        np.testing.assert_allclose(plain.equity_curve(), own.equity_curve(), rtol=1e-12)


def flat(*closes: float) -> Bars:
    column = np.array(closes)
    values = np.array([column, column, column, column, np.full(len(closes), 100.0)])
    return Bars(np.arange(len(closes)) * DAY, ["a"], values[:, None, :])


def test_sizes_are_signed_and_orders_are_named():
    asked = []

    def fee(size, price, order):
        asked.append((size, price, order))
        return 1.0

    told = []
    pricing = Pricing(fee=fee, done=lambda *given: told.append(given))
    sim = Simulation(
        flat(10, 10, 11, 12), Rules(), cash=1_000.0, instruments=Instrument(pricing=pricing)
    )
    sim.step(0)
    sim.submit(0, 5.0)
    sim.step(1)
    sim.submit(0, -8.0)
    sim.step(2)
    # In the check on submission at the last close, then for each part of the fill.
    assert asked == [
        (5.0, 10.0, 0), (5.0, 10.0, 0),
        (-5.0, 10.0, 1), (-3.0, 10.0, 1), (-5.0, 11.0, 1), (-3.0, 11.0, 1),
    ]  # fmt: skip
    assert told == [(5.0, 10.0, 0), (-8.0, 11.0, 1)]
    assert sim.cash == 1_000.0 - 50.0 - 1.0 + 88.0 - 2.0


def test_a_portion_leaves_the_rest_for_later():
    pricing = Pricing(portion=lambda remaining, price, order, ago: 2.0)
    sim = Simulation(
        flat(10, 10, 10, 10, 10), Rules(), cash=1_000.0, instruments=Instrument(pricing=pricing)
    )
    sim.step(0)
    sim.submit(0, 5.0)
    for t in range(1, 5):
        sim.step(t)
    assert sim.fills["size"].tolist() == [2.0, 2.0, 1.0]


@pytest.mark.parametrize("after", ["market", "stop"])
def test_the_rest_of_a_stop(after):
    """Half of it trades where the stop is reached; then the price is away from it again."""
    pricing = Pricing(portion=lambda remaining, price, order, ago: 2.0)
    sim = Simulation(
        flat(10, 12, 9, 12), Rules(partial_stop=after), cash=1_000.0,
        instruments=Instrument(pricing=pricing),
    )  # fmt: skip
    sim.step(0)
    sim.submit(0, 4.0, Kind.STOP, stop=11.0)
    for t in range(1, 4):
        sim.step(t)
    assert sim.fills["price"].tolist() == ([12.0, 9.0] if after == "market" else [12.0, 12.0])


def test_interest_by_days():
    """From the day of the fill, shorts only, each day once; the exit shows what was paid."""
    bars = flat(10, 10, 10, 12, 10, 10)
    times = np.array([0, 1, 1.5, 4, 5, 6]) * DAY
    bars = Bars(times.astype(np.int64), ["a"], bars.values)
    carried = Instrument(carry_rate=0.365, carry_with_exit=True)
    sim = Simulation(bars, Rules(), cash=1_000.0, instruments=carried)
    sim.step(0)
    sim.submit(0, -10.0)
    for t in (1, 2, 3):
        sim.step(t)
    daily = 0.365 / 365 * 10 * 10.0
    assert sim.cash == pytest.approx(1_100.0 - 3 * daily, abs=1e-12)
    sim.submit(0, 15.0)
    sim.step(4)
    sim.step(5)
    assert sim.fills["commission"][1] == pytest.approx(4 * daily, abs=1e-12)
    assert sim.cash == pytest.approx(1_100.0 - 4 * daily - 150.0, abs=1e-12)
    longs = Instrument(carry_rate=0.365, carry_longs=True)
    held = Simulation(bars, Rules(), cash=1_000.0, instruments=longs)
    held.step(0)
    held.submit(0, 10.0)
    for t in range(1, 6):
        held.step(t)
    assert held.cash == pytest.approx(900.0 - 5 * daily, abs=1e-12)
    assert held.fills["commission"].sum() == 0.0


def test_functions_that_begin_in_mid_run():
    bars = flat(10, 10, 10, 10, 10)
    sim = Simulation(bars, Rules(), cash=1_000.0)
    sim.step(0)
    sim.submit(0, 10.0)
    sim.step(1)
    charged = Instrument(carry_rate=0.365, carry_longs=True, pricing=Pricing(fee=lambda *a: 7.0))
    sim.change_terms(0, instrument=charged)
    sim.step(2)
    assert sim.cash == pytest.approx(900.0 - 0.1, abs=1e-12)
    sim.submit(0, -10.0)
    sim.step(3)
    assert sim.cash == pytest.approx(1_000.0 - 0.2 - 7.0, abs=1e-12)


@pytest.mark.parametrize(
    "rules",
    [
        {"short_cash": "held"},
        {"settlement_sessions": 1},
        {"commission_time": "end_of_bar"},
        {"buying_power": "margin"},
        {"positioning": "hedging"},
    ],
)
def test_rules_that_do_not_go_with_it(rules):
    with pytest.raises(OrderError, match="Pricing"):
        Simulation(
            flat(1, 1), Rules(**rules), cash=1.0,
            instruments=Instrument(pricing=Pricing(fee=lambda *a: 0.0)),
        )  # fmt: skip


def test_an_error_inside_is_raised_with_what_was_asked():
    def fee(size, price, order):
        raise KeyError("tariff")

    sim = Simulation(
        flat(1, 1, 1), Rules(), cash=10.0, instruments=Instrument(pricing=Pricing(fee=fee))
    )
    sim.step(0)
    sim.submit(0, 1.0)
    with pytest.raises(KeyError, match="tariff"):
        sim.step(1)


def test_worth_before_and_after_leverage():
    found = worth([(200.0, 20.0, 2.0), (-50.0, 5.0, 2.0)])
    assert found.net == 90.0 + 20.0 - 50.0
    assert found.gross == 150.0
    assert found.profit == 25.0
    assert found.leverage == 150.0 / 60.0
    assert worth([]).leverage == 0.0
