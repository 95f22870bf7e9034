"""Golden scenarios: a few bars each, the outcome worked out by hand."""

from __future__ import annotations

import math
from functools import partial

import golden
import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Kind, Status, TimeInForce
from fillproof.core.rules import Rules
from fillproof.core.simulation import OrderError, Simulation

DAY = 86_400_000_000_000
STEP = DAY


def bars_of(*rows: tuple[float, ...], volume: float = 1_000.0) -> Bars:
    """One asset; each row is (open, high, low, close)."""
    o, h, low, c = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    times = np.arange(len(rows), dtype=np.int64) * STEP
    return Bars.from_arrays(times, o, h, low, c, np.full(len(rows), volume), assets=("A",))


FLAT = (10.0, 10.0, 10.0, 10.0)


run = partial(golden.run, cash=1_000.0)


def order(size: float, kind: Kind = Kind.MARKET, **prices):
    return lambda sim: sim.submit(0, size, kind, **prices)


def outcome(sim: Simulation) -> list[tuple[int, int, float, float]]:
    """Fills as (order, bar, size, price)."""
    return [
        (int(f["order"]), int(f["bar"]), float(f["size"]), float(f["price"])) for f in sim.fills
    ]


def statuses(sim: Simulation, number: int) -> list[Status]:
    return [Status(e["status"]) for e in sim.events if e["order"] == number]


def test_market_order_fills_at_the_next_open():
    sim = run(bars_of(FLAT, (11.0, 12.0, 10.0, 11.5), FLAT), {0: [order(10)]})
    assert outcome(sim) == [(0, 1, 10.0, 11.0)]
    assert statuses(sim, 0) == [Status.SUBMITTED, Status.ACCEPTED, Status.FILLED]
    assert sim.cash == 1_000.0 - 110.0
    assert sim.equity_curve().tolist() == [1_000.0, 1_005.0, 990.0]


@pytest.mark.parametrize("stop", [8.0, 9.6, 1.0])
def test_steps_until_something_happens_are_the_steps_one_by_one(stop, monkeypatch):
    monkeypatch.setenv("FILLPROOF_JIT", "1")
    bars = bars_of(*[(10.0, 11.0, 10.0 - 0.1 * (n % 12), 10.0 + 0.1 * (n % 3)) for n in range(40)])

    def play(leap: bool) -> Simulation:
        sim = Simulation(bars, Rules(), cash=1_000.0)
        sim.step(0)
        sim.submit(0, 5.0)
        sim.submit(0, -5.0, Kind.STOP, stop=stop)
        t, told = 1, []
        while t < len(bars):
            news = sim.step_until(t, 35) if leap and t <= 35 else sim.step(t)
            if news:
                told.append((sim.bar, news))
            t = sim.bar + 1
        sim.told = told
        return sim

    one, other = play(False), play(True)
    assert other.told == one.told
    assert other.events.tolist() == one.events.tolist()
    assert other.fills.tolist() == one.fills.tolist()
    assert other.equity_curve().tolist() == one.equity_curve().tolist()


@pytest.mark.parametrize(
    ("fill_time", "bar", "price"),
    [("next_open", 1, 11.0), ("next_close", 1, 11.5), ("this_close", 0, 10.0)],
)
def test_fill_time(fill_time, bar, price):
    sim = run(
        bars_of(FLAT, (11.0, 12.0, 10.0, 11.5)), {0: [order(1)]}, rules=Rules(fill_time=fill_time)
    )
    assert outcome(sim) == [(0, bar, 1.0, price)]


@pytest.mark.parametrize(
    ("size", "kind", "prices", "bar", "expected"),
    [
        # a bar that opens at the limit or better fills at the open
        (1, Kind.LIMIT, {"limit": 10.0}, (9.0, 11.0, 8.0, 10.0), 9.0),
        (1, Kind.LIMIT, {"limit": 9.0}, (10.0, 11.0, 9.0, 10.0), 9.0),
        (1, Kind.LIMIT, {"limit": 8.9}, (10.0, 11.0, 9.0, 10.0), None),
        (-1, Kind.LIMIT, {"limit": 10.0}, (12.0, 13.0, 9.0, 10.0), 12.0),
        (-1, Kind.LIMIT, {"limit": 11.0}, (10.0, 11.0, 9.0, 10.0), 11.0),
        # a bar that opens through the stop fills at the open, worse than the stop
        (1, Kind.STOP, {"stop": 11.0}, (12.0, 13.0, 11.5, 12.0), 12.0),
        (1, Kind.STOP, {"stop": 11.0}, (10.0, 11.0, 9.0, 10.0), 11.0),
        (1, Kind.STOP, {"stop": 11.1}, (10.0, 11.0, 9.0, 10.0), None),
        (-1, Kind.STOP, {"stop": 9.0}, (8.0, 8.5, 7.0, 8.0), 8.0),
        (-1, Kind.STOP, {"stop": 9.0}, (10.0, 11.0, 9.0, 10.0), 9.0),
        # stop-limit: limit beyond the stop trades at the stop
        (1, Kind.STOP_LIMIT, {"stop": 11.0, "limit": 11.5}, (10.0, 12.0, 9.0, 11.0), 11.0),
        # limit inside: only when the bar opens above its close is the way back certain
        (1, Kind.STOP_LIMIT, {"stop": 11.0, "limit": 10.5}, (10.8, 12.0, 9.0, 10.0), 10.5),
        (1, Kind.STOP_LIMIT, {"stop": 11.0, "limit": 10.5}, (10.0, 12.0, 9.0, 10.4), None),
        (-1, Kind.STOP_LIMIT, {"stop": 9.0, "limit": 9.5}, (9.2, 11.0, 8.0, 10.0), 9.5),
        (-1, Kind.STOP_LIMIT, {"stop": 9.0, "limit": 8.5}, (10.0, 11.0, 8.0, 8.2), 9.0),
        # opened through the stop: the limit works in the same bar
        (1, Kind.STOP_LIMIT, {"stop": 11.0, "limit": 11.5}, (12.0, 13.0, 11.2, 12.0), 11.5),
    ],
)
def test_price_within_the_bar(size, kind, prices, bar, expected):
    sim = run(bars_of(FLAT, bar), {0: [order(size, kind, **prices)]})
    assert [f[3] for f in outcome(sim)] == ([] if expected is None else [expected])


def test_gap_at_level():
    rules = Rules(gap_fill="at_level")
    sim = run(
        bars_of(FLAT, (9.0, 11.0, 8.0, 10.0)), {0: [order(1, Kind.LIMIT, limit=9.5)]}, rules=rules
    )
    assert outcome(sim) == [(0, 1, 1.0, 9.5)]


def test_triggered_stop_limit_is_a_limit_order_afterwards():
    bars = bars_of(FLAT, (10.0, 12.0, 9.9, 11.5), (10.8, 11.0, 10.2, 10.5))
    sim = run(bars, {0: [order(1, Kind.STOP_LIMIT, stop=11.0, limit=10.5)]})
    assert outcome(sim) == [(0, 2, 1.0, 10.5)]


def test_trailing_stop_follows_the_close_up_only():
    bars = bars_of(
        FLAT,
        (10.0, 13.0, 10.0, 12.0),  # stop was 8, follows to 10
        (12.0, 12.0, 11.0, 11.0),  # close below: stays at 10
        (11.0, 11.0, 9.5, 10.5),
    )
    sim = run(bars, {0: [order(-1, Kind.TRAIL, trail_amount=2.0)]})
    assert outcome(sim) == [(0, 3, -1.0, 10.0)]


def test_trailing_stop_by_percent_of_the_extreme():
    bars = bars_of(FLAT, (10.0, 20.0, 10.0, 12.0), (18.0, 19.0, 17.0, 18.0))
    sim = run(
        bars, {0: [order(-1, Kind.TRAIL, trail_percent=0.1)]}, rules=Rules(trail_update="extreme")
    )
    assert outcome(sim) == [(0, 2, -1.0, 18.0)]


def test_trailing_stop_limit_keeps_its_offset():
    bars = bars_of(FLAT, (10.0, 12.5, 10.0, 12.0), (12.0, 12.0, 10.5, 10.8), (10.9, 11.5, 10.5, 11))
    sim = run(bars, {0: [order(-1, Kind.TRAIL_LIMIT, trail_amount=1.0, stop=10.0, limit=9.5)]})
    assert sim.orders[0]["limit_offset"] == 0.5
    assert outcome(sim) == [(0, 2, -1.0, 11.0)]


def test_day_and_dated_orders_expire():
    far = {"limit": 1.0}
    sim = run(
        bars_of(FLAT, FLAT, FLAT, FLAT),
        {
            0: [
                order(1, Kind.LIMIT, tif=TimeInForce.DAY, **far),
                order(1, Kind.LIMIT, tif=TimeInForce.GTD, expires=2 * STEP, **far),
                order(1, Kind.LIMIT, **far),
            ]
        },
    )
    assert sim.orders["status"].tolist() == [Status.EXPIRED, Status.EXPIRED, Status.ACCEPTED]
    # A DAY order lives through the session of the first bar that it can meet.
    assert sim.orders["closed_bar"].tolist() == [2, 3, -1]


def test_bracket_target_cancels_the_stop():
    def bracket(sim):
        entry = sim.submit(0, 10.0, transmit=False)
        sim.submit(0, -10.0, Kind.STOP, stop=8.0, parent=entry, transmit=False)
        sim.submit(0, -10.0, Kind.LIMIT, limit=12.0, parent=entry)

    bars = bars_of(FLAT, (10.0, 13.0, 7.0, 10.0), (10.0, 12.5, 9.0, 12.0), FLAT)
    sim = run(bars, {0: [bracket]})
    # The children could not trade in bar 1, wide as it is: they become active after it.
    assert outcome(sim) == [(0, 1, 10.0, 10.0), (2, 2, -10.0, 12.0)]
    assert statuses(sim, 1)[-1] == Status.CANCELLED

    same = run(bars, {0: [bracket]}, rules=Rules(bracket_activation="same_bar"))
    assert outcome(same)[1] == (1, 1, -10.0, 8.0)


def test_refused_parent_takes_its_children_along():
    def bracket(sim):
        entry = sim.submit(0, 1_000.0, transmit=False)
        sim.submit(0, -1_000.0, Kind.STOP, stop=8.0, parent=entry, transmit=False)
        sim.submit(0, -1_000.0, Kind.LIMIT, limit=12.0, parent=entry)

    sim = run(bars_of(FLAT, FLAT), {0: [bracket]})
    assert sim.orders["status"].tolist() == [Status.MARGIN, Status.REJECTED, Status.REJECTED]
    assert (sim.orders[0]["needed"], sim.orders[0]["available"]) == (10_000.0, 1_000.0)


def test_a_bracket_that_takes_a_late_child_is_sent_again():
    """A child that comes after its group was transmitted sends the whole group a second time."""

    def bracket(sim):
        entry = sim.submit(0, 10.0)  # transmitted by itself
        sim.submit(0, -10.0, Kind.STOP, stop=8.0, parent=entry)

    bars = bars_of(FLAT, (10.0, 11.0, 9.0, 10.0), (11.0, 12.0, 10.0, 11.0), (9.0, 9.0, 7.0, 8.0))
    sim = run(bars, {0: [bracket]}, rules=Rules(late_member="resends"))
    # The parent is in the book twice: one entry trades, the other ends, and the group with it, so
    # that the stop never becomes active. Backtrader's notifications are these, one by one.
    assert sim.orders["resent"].tolist() == [True, False]
    assert outcome(sim) == [(0, 1, 10.0, 10.0)]
    assert statuses(sim, 0)[-2:] == [Status.FILLED, Status.CANCELLED]
    assert statuses(sim, 1) == [Status.SUBMITTED, Status.ACCEPTED]


def test_close_order_meets_the_end_of_its_session():
    """Intraday: it waits for the last bar of the session, or takes the last close before it."""
    rows = (FLAT, (10.0, 11.0, 9.0, 10.5), (10.0, 12.0, 9.0, 11.5), (20.0, 21.0, 19.0, 20.5))

    def close_of(end):
        send = {0: [lambda sim: sim.submit(0, 1.0, Kind.CLOSE, session_end=end)]}
        return run(bars_of(*rows), send)

    assert outcome(close_of(2 * STEP)) == [(0, 2, 1.0, 11.5)]
    between = close_of(2 * STEP + STEP // 2)
    # Bar 3 is of the next session: the close that counts is the one before, and so is the date.
    assert outcome(between) == [(0, 2, 1.0, 11.5)]
    assert int(between.fills[0]["booked"]) == 3


def test_oco_group_of_three():
    def group(sim):
        first = sim.submit(0, 1.0, Kind.LIMIT, limit=9.0)
        sim.submit(0, 1.0, Kind.LIMIT, limit=5.0, oco=first)
        sim.submit(0, 1.0, Kind.STOP, stop=15.0, oco=first)

    sim = run(bars_of(FLAT, (10.0, 16.0, 8.0, 10.0)), {0: [group]})
    assert outcome(sim) == [(0, 1, 1.0, 9.0)]
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.CANCELLED, Status.CANCELLED]
    # the latest in the queue is cancelled first
    cancelled = [int(e["order"]) for e in sim.events if e["status"] == Status.CANCELLED]
    assert cancelled == [2, 1]


def test_cancel_reaches_only_pending_orders():
    answers = []
    sim = run(
        bars_of(FLAT, FLAT, FLAT),
        {
            0: [order(1, Kind.LIMIT, limit=1.0), lambda s: answers.append(s.cancel(0))],
            1: [lambda s: answers.append(s.cancel(0)), lambda s: answers.append(s.cancel(0))],
        },
    )
    assert answers == [False, True, False]
    assert sim.open_orders == []


def test_opening_part_that_costs_more_than_the_cash_is_dropped():
    # Sell 10 held, then reverse to long with too little cash is impossible: the closing half of
    # a reversal trades, the opening half is refused with the inequality.
    bars = bars_of(FLAT, FLAT, (100.0, 100.0, 100.0, 100.0), FLAT)
    sim = run(
        bars,
        {0: [order(-10)], 1: [order(200)]},
        rules=Rules(cash_check="on_fill", short_cash="locked"),
        cash=1_000.0,
    )
    last = sim.orders[1]
    assert outcome(sim) == [(0, 1, -10.0, 10.0), (1, 2, 10.0, 100.0)]
    assert last["status"] == Status.MARGIN
    assert last["needed"] == 190 * 100.0
    assert last["available"] < last["needed"]


def test_without_a_cash_check_cash_goes_negative():
    sim = run(bars_of(FLAT, FLAT), {0: [order(1_000)]}, rules=Rules(cash_check="none"))
    assert sim.cash == -9_000.0
    assert sim.equity == 1_000.0


def test_futures_settle_daily_and_hold_margin():
    bars = bars_of(FLAT, FLAT, (12.0, 12.0, 12.0, 12.0), (11.0, 11.0, 11.0, 11.0))
    sim = run(
        bars,
        {0: [order(2)]},
        instruments=Instrument(multiplier=5.0, margin=100.0),
        commission=Commission("per_share", 1.5),
    )
    # 1000 - 200 margin - 3 commission; +2*5*2 on bar 2; -2*5*1 on bar 3
    assert sim.cash_curve().tolist() == [1_000.0, 797.0, 817.0, 807.0]
    assert sim.equity_curve().tolist() == [1_000.0, 997.0, 1_017.0, 1_007.0]


def test_commission_minimum_is_per_order_across_partial_fills():
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, volume=100.0)
    sim = run(
        bars,
        {0: [order(250)]},
        cash=10_000.0,
        commission=Commission("per_share", 0.02, minimum=3.0),
        slippage=Slippage(volume_limit=1.0),
    )
    # 2.00 is below the minimum: 3 paid; then 4.00 - 3; then 5.00 - 4
    assert sim.fills["size"].tolist() == [100.0, 100.0, 50.0]
    assert sim.fills["commission"].tolist() == [3.0, 1.0, 1.0]
    assert statuses(sim, 0)[2:] == [Status.PARTIAL, Status.PARTIAL, Status.FILLED]


def test_triggers_on_the_close_are_sticky_and_volume_limits_share_the_bar():
    rules = Rules(
        fill_time="next_close",
        trigger_on="close",
        cash_check="none",
        queue="by_asset",
        commission_time="end_of_bar",
        sizing="whole",
        no_volume="no_trade",
    )
    bars = bars_of(FLAT, (10, 10, 9, 9), (12, 12, 12, 12), volume=100.0)
    sim = run(
        bars,
        {0: [order(8, Kind.LIMIT, limit=9.5), order(5)]},
        rules=rules,
        slippage=Slippage("basis_points", 5.0, volume_limit=0.1),
    )
    price = 9 + 9 * (5 / 10_000)
    later = 12 + 12 * (5 / 10_000)
    # Ten shares of volume: 8 for the limit order, 2 for the market order, 3 at the next close.
    assert outcome(sim) == [(0, 1, 8.0, price), (1, 1, 2.0, price), (1, 2, 3.0, later)]


def test_split_adjusts_position_orders_and_pays_the_fraction():
    bars = bars_of(FLAT, FLAT, (30.0, 30.0, 30.0, 30.0))
    sim = run(bars, {0: [order(10)], 1: [order(9, Kind.LIMIT, limit=5.0)]})
    cash = sim.cash
    paid = sim.split(0, 3.0)  # 1-for-3 reverse split
    assert sim.position_size(0) == 3.0
    assert sim.position_price(0) == 30.0
    assert paid == 10.0  # a third of a share at the new cost basis
    assert sim.cash == cash + 10.0
    assert (sim.orders[1]["remaining"], sim.orders[1]["limit"]) == (3.0, 15.0)


def test_commission_after_a_split_counts_the_shares_after_it():
    bars = bars_of(FLAT, FLAT, FLAT, volume=100.0)
    rules = Rules(commission_time="end_of_bar", trigger_on="close", fill_time="next_close")
    for credit, refund in (("booked", 0.04), ("not_booked", 0.0)):
        sim = Simulation(
            bars,
            rules.replace(commission_credit=credit),
            cash=1_000.0,
            commission=Commission("per_share", 0.01),
            slippage=Slippage("basis_points", 0.0, volume_limit=0.1),
        )
        sim.step(0)
        order(30)(sim)
        sim.step(1)  # 10 of 30 shares, paid 0.10
        assert sim.cash == pytest.approx(1_000.0 - 100.0 - 0.10)
        sim.split(0, 5.0)  # 2 of 6 shares, which would have cost 0.02; 4 more: 0.06 in total
        cash = sim.cash
        sim.step(2)
        assert outcome(sim)[-1] == (0, 2, 4.0, 10.0)
        assert sim.orders[0]["commission"] == pytest.approx(0.06)
        assert sim.cash == pytest.approx(cash - 40.0 + refund)


def test_missing_bar_rules():
    nan = math.nan
    times = np.arange(3, dtype=np.int64) * STEP
    close = np.array([[10.0, 10.0], [nan, 10.0], [10.0, 10.0]])
    bars = Bars.from_arrays(times, close, close, close, close, close * 100, assets=("A", "B"))
    call = {0: [order(1, Kind.LIMIT, limit=10.0), order(1)]}
    held = run(bars, call)
    assert [f[1] for f in outcome(held)] == [2, 2]
    # The limit order meets the old bar again; the market order waits for a new one.
    again = run(bars, call, rules=Rules(missing_bar="last_bar"))
    assert [(f[0], f[1]) for f in outcome(again)] == [(0, 0), (1, 2)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 0.0), "size must be finite and not 0"),
        ((0, math.nan), "size must be finite"),
        ((0, math.inf), "size must be finite"),
        ((3, 1.0), "asset: 3 is not one of 1 assets"),
        ((0, 1.0, Kind.LIMIT), "limit: an order of kind LIMIT needs it"),
        ((0, 1.0, Kind.STOP_LIMIT), "limit: an order of kind STOP_LIMIT needs it"),
        ((0, 1.0, Kind.TRAIL), "trail_amount or trail_percent"),
    ],
)
def test_bad_orders_say_why(arguments, message):
    sim = Simulation(bars_of(FLAT, FLAT), cash=1.0)
    sim.step(0)
    with pytest.raises(OrderError, match=message):
        sim.submit(*arguments)
    assert len(sim.orders) == 0


def test_a_bar_cannot_come_twice():
    sim = Simulation(bars_of(FLAT, FLAT), cash=1.0)
    sim.step(1)
    with pytest.raises(OrderError, match="bar 0 is not after bar 1"):
        sim.step(0)


def test_unknown_rule_value_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"fill_time: 'later' is none of next_open, next_close"):
        Rules(fill_time="later")


def test_many_orders_grow_the_arrays():
    sim = Simulation(bars_of(*[FLAT] * 4), cash=1e9)
    sim.step(0)
    for _ in range(5_000):
        sim.submit(0, 1.0)
    sim.step(1)
    assert len(sim.fills) == 5_000
    assert sim.position_size(0) == 5_000.0
