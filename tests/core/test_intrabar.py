"""What happens inside a bar: paths, priority, volume, latency, quotes, ambiguity, finer bars."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from fillproof.core import jit
from fillproof.core.bars import Bars
from fillproof.core.costs import Slippage
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Kind, TimeInForce
from fillproof.core.rules import ENUMS, PricePath, Rules
from fillproof.core.simulation import OrderError, Simulation
from fillproof.core.ticks import quotes_to_bars, resample, trades_to_bars
from golden import (
    DAY,
    FLAT,
    HOUR,
    bars_of,
    bracket,
    ended,
    modify,
    order,
    outcome,
    prices,
    run,
    statuses,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import Intent, _call, any_rules, cases, intents, play, random_bars

NAN = math.nan
PATHS = ["high_first", "low_first", "nearest_first", "body"]
quick = settings(max_examples=80, deadline=None, derandomize=True)


# Paths


@pytest.mark.parametrize(
    ("bar", "first"),
    [
        # open 10, stop at 8, target at 12: which extreme the path visits first
        ((10.0, 13.0, 7.5, 11.0), {"high_first": 12, "low_first": 8, "nearest_first": 8,
                                   "body": 8}),  # rises: low first; the low is nearer
        ((10.0, 12.0, 7.0, 9.0), {"high_first": 12, "low_first": 8, "nearest_first": 12,
                                  "body": 12}),  # falls: high first
        ((10.0, 12.0, 8.0, 10.0), {"high_first": 12, "low_first": 8, "nearest_first": 12,
                                   "body": 12}),  # ties: high first
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", PATHS)
def test_stop_and_target_in_one_bar(path, bar, first):
    sim = run(bars_of(FLAT, FLAT, bar), {0: [bracket()]}, Rules(price_path=path))
    assert prices(sim)[1:] == [first[path]]
    assert sim.fills["ambiguous"].tolist() == [False, True]
    assert sim.ambiguous_bars == 1


@pytest.mark.parametrize(
    ("queue", "price"),
    [("submission", 8.0), ("stops_first", 8.0), ("limits_first", 12.0), ("exits_first", 8.0)],
)
def test_without_a_path_the_queue_decides(queue, price):
    sim = run(bars_of(FLAT, FLAT, (10.0, 13.0, 7.0, 11.0)), {0: [bracket()]}, Rules(queue=queue))
    assert prices(sim)[1:] == [price]
    assert sim.ambiguous_bars == 1


def test_entry_and_its_stop_in_one_bar():
    """Bought at 9 on the way down; the stop at 8 lies on the same way. The high comes after."""
    bars = bars_of(FLAT, (10.0, 13.0, 7.0, 11.0), FLAT)
    entry = bracket(kind=Kind.LIMIT, limit=9.0)
    for path, expected in [
        ("low_first", [9.0, 8.0]),  # 10 -> 7: bought at 9, sold at 8
        ("high_first", [9.0, 8.0]),  # 10 -> 13: nothing held yet; 13 -> 7: both
    ]:
        rules = Rules(price_path=path, bracket_activation="same_bar")
        assert prices(run(bars, {0: [entry]}, rules)) == expected
    # a stop to buy at 11, then its target at 12

    def send(sim):
        parent = sim.submit(0, 10.0, Kind.STOP, stop=11.0, transmit=False)
        sim.submit(0, -10.0, Kind.STOP, stop=8.0, parent=parent, transmit=False)
        sim.submit(0, -10.0, Kind.LIMIT, limit=12.0, parent=parent)

    for path, expected in [
        ("high_first", [11.0, 12.0]),
        ("low_first", [11.0, 12.0]),  # 10 -> 7 -> 13: bought at 11 after the low
    ]:
        rules = Rules(price_path=path, bracket_activation="same_bar")
        assert prices(run(bars, {0: [send]}, rules)) == expected
    # children of the next bar are not in this one
    assert prices(run(bars, {0: [send]}, Rules(price_path="high_first"))) == [11.0]


@pytest.mark.parametrize(
    ("path", "rule", "expected"),
    [
        # 10 -> 12 -> 9 -> 10.5: triggered at 11, and 10.75 is met on the way down
        ("high_first", "intrabar", [10.75]),
        ("high_first", "next_bar", []),
        # 10 -> 9 -> 12 -> 10.5: triggered at 11 on the second leg, 10.75 met on the third
        ("low_first", "intrabar", [10.75]),
        ("low_first", "next_bar", []),
    ],
)
def test_a_stop_limit_along_the_path(path, rule, expected):
    bars = bars_of(FLAT, (10.0, 12.0, 9.0, 10.5))
    rules = Rules(price_path=path, stop_limit_path=rule)
    sim = run(bars, {0: [order(1, Kind.STOP_LIMIT, stop=11.0, limit=10.75)]}, rules)
    assert prices(sim) == expected
    assert sim.orders["triggered"][0]
    # the next bar takes it in either case
    bars = bars_of(FLAT, (10.0, 12.0, 9.0, 10.5), (10.5, 10.6, 10.4, 10.5))
    sim = run(bars, {0: [order(1, Kind.STOP_LIMIT, stop=11.0, limit=10.75)]}, rules)
    assert prices(sim) == (expected or [10.5])


def test_a_limit_if_touched_takes_its_turn_along_the_path():
    """Touched at 9.5, it buys at 9.0, after the plain limit at 9.25 that the price meets before."""
    sim = run(
        bars_of(FLAT, (10.0, 10.0, 8.5, 9.0)),
        {
            0: [
                order(1, Kind.LIMIT_IF_TOUCHED, stop=9.5, limit=9.0),
                order(1, Kind.LIMIT, limit=9.25),
            ]
        },
        Rules(price_path="low_first"),
    )
    assert outcome(sim) == [(1, 1, 1.0, 9.25), (0, 1, 1.0, 9.0)]


@pytest.mark.parametrize(
    ("path", "update", "expected"),
    [
        # sell stop 1 below: starts at 9. 10 -> 12: the stop goes to 11; 12 -> 9.5 meets it at 11
        ("high_first", "extreme", [11.0]),
        # 10 -> 9.5: not 9; -> 12: the stop goes to 11; 12 -> 10.5 meets it at 11
        ("low_first", "extreme", [11.0]),
        # from the close only: it stays at 9 in this bar
        ("high_first", "close", []),
    ],
)
def test_a_trailing_stop_follows_the_legs(path, update, expected):
    rules = Rules(price_path=path, trail_update=update)
    sim = run(
        bars_of(FLAT, (10.0, 12.0, 9.5, 10.5)),
        {0: [order(-1, Kind.TRAIL, trail_amount=1.0)]},
        rules,
    )
    assert prices(sim) == expected
    if not expected:
        assert sim.orders["stop"][0] == 9.5  # 10.5 - 1


@pytest.mark.parametrize("path", ["whole_bar", *PATHS])
@pytest.mark.parametrize(
    ("fill_time", "expected"),
    [
        ("next_open", 10.0),
        ("next_close", 10.5),
        ("this_close", 9.75),
        ("this_open", 10.0),
        ("next_worst", 12.0),  # a sale: 9
        ("next_mid", 10.5),  # (12 + 9) / 2
    ],
)
def test_market_orders_trade_at_their_time_along_any_path(path, fill_time, expected):
    bars = bars_of((10.0, 10.0, 9.5, 9.75), (10.0, 12.0, 9.0, 10.5), FLAT)
    rules = Rules(price_path=path, fill_time=fill_time)
    sim = run(bars, {0: [order(2), order(-2), order(1, Kind.CLOSE)]}, rules)
    sale = 9.0 if fill_time == "next_worst" else expected
    assert sorted(zip(sim.fills["order"].tolist(), prices(sim), strict=True)) == [
        (0, expected), (1, sale), (2, 10.5),
    ]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_an_immediate_order_has_the_whole_of_its_first_bar(path):
    bars = bars_of(FLAT, (10.0, 12.0, 9.0, 10.5), (10.5, 10.5, 8.0, 9.0))
    send = [
        order(1, Kind.LIMIT, limit=9.5, tif=TimeInForce.IOC),
        order(1, Kind.LIMIT, limit=8.5, tif=TimeInForce.IOC),
        order(1, Kind.STOP, stop=11.0, tif=TimeInForce.FOK),
    ]
    sim = run(bars, {0: send}, Rules(price_path=path))
    assert sorted(outcome(sim)) == [(0, 1, 1.0, 9.5), (2, 1, 1.0, 11.0)]
    assert ended(sim, 1) == ("CANCELLED", "IMMEDIATE")
    assert sim.orders["closed_bar"][1] == 1


def test_slippage_along_a_path_is_kept_within_the_whole_bar():
    """Slipped by 0.5: the open of the bar is no bound, nor is the end of a leg."""
    slip = Slippage("fixed", 0.5)
    for path in ("whole_bar", *PATHS):
        sim = run(
            bars_of(FLAT, (10.0, 12.0, 9.0, 10.0)),
            {0: [order(1), order(1, Kind.STOP, stop=11.75), order(-1, Kind.STOP, stop=9.25)]},
            Rules(price_path=path),
            slippage=slip,
        )
        # 10.5; 12.25 is above the high: 12; 8.75 is below the low: 9
        by_order = dict(zip(sim.fills["order"].tolist(), prices(sim), strict=True))
        assert by_order == {0: 10.5, 1: 12.0, 2: 9.0}


# Priority


def test_orders_at_one_price_by_the_rule_of_the_queue():
    """One unit of volume at a price that a stop and a limit share: who gets it."""

    def sent(sim):
        sim.submit(0, -1.0, Kind.STOP, stop=9.0)  # 1, an exit
        sim.submit(0, 1.0, Kind.LIMIT, limit=9.0)  # 2, adds
        sim.submit(0, -1.0, Kind.MARKET_IF_TOUCHED, stop=11.0)

    bars = bars_of(FLAT, FLAT, (10.0, 10.0, 8.0, 9.5), volume=[1.0, 5.0, 1.0])
    half = Slippage(volume_limit=1.0)
    found = {}
    for queue in ("submission", "exits_first", "stops_first", "limits_first"):
        for path in ("whole_bar", "low_first"):
            sim = run(bars, {0: [order(5)], 1: [sent]}, Rules(queue=queue, price_path=path),
                      slippage=half)  # fmt: skip
            found[queue, path] = sim.fills["order"].tolist()[1:]
    for path in ("whole_bar", "low_first"):
        assert found["submission", path] == [1]
        assert found["exits_first", path] == [1]
        assert found["stops_first", path] == [1]
        assert found["limits_first", path] == [2]


def test_after_sorting_by_kind_orders_stand_as_they_were_sent():
    """What was an exit once and is none now goes back to its place."""

    def sent(sim):
        sim.submit(0, 1.0, Kind.LIMIT, limit=5.0)  # 1
        sim.submit(0, -1.0, Kind.LIMIT, limit=20.0)  # 2: an exit while long

    bars = bars_of(*[FLAT] * 5)
    seen = []
    run(
        bars,
        {
            0: [order(2)],
            1: [sent],
            2: [lambda sim: seen.append(list(sim.open_orders)), order(-2)],
            3: [lambda sim: seen.append(list(sim.open_orders))],
            4: [lambda sim: seen.append(list(sim.open_orders))],
        },
        Rules(queue="exits_first"),
    )
    # Bar 2 met 2 before 1. From bar 4 on there is no position, and 1 was sent first.
    assert seen == [[2, 1], [2, 1], [1, 2]]


# Limits and volume


@pytest.mark.parametrize("path", ["whole_bar", *PATHS])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_limit_that_is_touched_but_not_passed(path, side):
    turn = (lambda p: p) if side > 0 else (lambda p: 20.0 - p)

    def bar(o, h, low, c):
        o, h, low, c = turn(o), turn(h), turn(low), turn(c)
        return o, max(h, low), min(h, low), c

    rules = Rules(limit_touch="through", price_path=path)
    touch = order(side, Kind.LIMIT, limit=turn(9.0))
    assert prices(run(bars_of(FLAT, bar(10, 11, 9, 10.5)), {0: [touch]}, rules)) == []
    assert prices(run(bars_of(FLAT, bar(10, 11, 9, 9)), {0: [touch]}, rules)) == []
    assert prices(run(bars_of(FLAT, bar(10, 11, 8.75, 10)), {0: [touch]}, rules)) == [turn(9.0)]
    # open at the limit: it is there first
    assert prices(run(bars_of(FLAT, bar(9, 11, 9, 10)), {0: [touch]}, rules)) == [turn(9.0)]


@pytest.mark.parametrize("path", ["whole_bar", *PATHS])
def test_participation_over_bars_and_over_the_legs_of_one(path):
    """A quarter of 20 units is 5 a bar, for all orders of the asset together."""
    bar = (10.0, 11.0, 9.0, 10.0)
    send = [order(4, Kind.LIMIT, limit=9.5), order(8, Kind.LIMIT, limit=9.25)]
    sim = run(
        bars_of(FLAT, bar, bar, bar, volume=20.0),
        {0: send},
        Rules(price_path=path),
        slippage=Slippage(volume_limit=0.25),
    )
    assert outcome(sim) == [
        (0, 1, 4.0, 9.5), (1, 1, 1.0, 9.25), (1, 2, 5.0, 9.25), (1, 3, 2.0, 9.25),
    ]  # fmt: skip


def test_a_part_of_a_volume_that_is_not_known_is_nothing():
    for rules in (Rules(), Rules(price_path="high_first"), Rules(trigger_on="close")):
        sim = run(
            bars_of(FLAT, FLAT, FLAT, volume=[1.0, NAN, 8.0]),
            {0: [order(1), order(2, Kind.LIMIT, limit=10.0)]},
            rules,
            slippage=Slippage(volume_limit=0.5),
        )
        assert sim.fills["bar"].tolist() == [2, 2]


def test_fractions_of_volume_trade_where_sizes_are_fractional():
    bars = bars_of(FLAT, FLAT, FLAT, volume=0.5)
    half = Slippage(volume_limit=0.5)
    assert run(bars, {0: [order(1)]}, slippage=half).fills["size"].tolist() == [0.25, 0.25]
    whole = Rules(sizing="whole")
    assert len(run(bars, {0: [order(1)]}, whole, slippage=half).fills) == 0


# Latency


@pytest.mark.parametrize(
    ("rules", "bar"),
    [
        (Rules(), 1),
        (Rules(latency_bars=1), 2),
        (Rules(latency_bars=3), 4),
        # Stamped with the open: bar 0 is hour 0, and 30 minutes later bar 1 has not begun.
        (Rules(latency=HOUR // 2), 1),
        (Rules(latency=HOUR), 1),
        (Rules(latency=HOUR + 1), 2),
        # Stamped with the close: bar 0 ends at hour 0, bar 1 begins then, too early.
        (Rules(latency=1, bar_stamp="close"), 2),
        (Rules(latency=HOUR, bar_stamp="close"), 2),
        (Rules(latency=HOUR + 1, bar_stamp="close"), 3),
        (Rules(latency=HOUR, latency_bars=3), 4),
    ],
)
def test_latency_in_bars_and_in_time(rules, bar):
    bars = bars_of(*[FLAT] * 6, step=HOUR)
    assert run(bars, {0: [order(1)]}, rules).fills["bar"].tolist() == [bar]


def test_an_order_sent_before_the_first_bar_has_its_latency_too():
    for stamp, bar in (("open", 1), ("close", 2)):
        sim = Simulation(
            bars_of(*[FLAT] * 6, step=HOUR), Rules(latency=HOUR, bar_stamp=stamp), cash=1e3
        )
        sim.submit(0, 1.0)
        for t in range(6):
            sim.step(t)
        assert sim.fills["bar"].tolist() == [bar]


def test_what_never_arrives_is_on_its_way_at_the_end():
    sim = run(bars_of(FLAT, FLAT), {0: [order(1)]}, Rules(latency_bars=2**31))
    assert statuses(sim, 0) == ["SUBMITTED"]


# Quotes


def quoted(*rows, bid, ask, **settings):
    return bars_of(*rows, bid=bid, ask=ask, **settings)


@pytest.mark.parametrize("path", ["whole_bar", *PATHS])
def test_buyers_pay_the_ask_and_sellers_get_the_bid(path):
    # Half the spread of 0.5 on either side of each price of the bar.
    bars = quoted(FLAT, (10.0, 12.0, 9.0, 11.0), bid=[9.75, 10.75], ask=[10.25, 11.25])
    rules = Rules(price_path=path)
    send = [
        order(1), order(-1), order(1, Kind.CLOSE), order(-1, Kind.CLOSE),
        # the ask reaches 12.25, the bid goes down to 8.75
        order(1, Kind.STOP, stop=12.25), order(-1, Kind.STOP, stop=8.75),
        # the ask goes down to 9.25, the bid up to 11.75
        order(1, Kind.LIMIT, limit=9.25), order(-1, Kind.LIMIT, limit=11.75),
        order(1, Kind.LIMIT, limit=9.0), order(-1, Kind.LIMIT, limit=12.0),
    ]  # fmt: skip
    sim = run(bars, {0: send}, rules)
    by_order = dict(zip(sim.fills["order"].tolist(), prices(sim), strict=True))
    assert by_order == {
        0: 10.25, 1: 9.75, 2: 11.25, 3: 10.75, 4: 12.25, 5: 8.75, 6: 9.25, 7: 11.75,
    }  # fmt: skip
    for fill_time, buy, sell in (("next_worst", 12.25, 8.75), ("next_mid", 10.75, 10.25)):
        sim = run(bars, {0: [order(1), order(-1)]}, rules.replace(fill_time=fill_time))
        assert prices(sim) == [buy, sell]


def test_one_side_alone_is_refused():
    with pytest.raises(OrderError, match='"bid" and "ask" are read together'):
        Simulation(bars_of(FLAT, bid=[9.0]), cash=1.0)


@pytest.mark.parametrize("path", ["whole_bar", *PATHS])
@quick
@given(seed=st.integers(0, 2**31))
def test_ticks_trade_at_their_own_price(path, seed):
    """Trades: at a price of a trade. Quotes: purchases at the ask, sales at the bid, to the bit."""
    rng = np.random.default_rng(seed)
    times = np.cumsum(rng.integers(1, 9, 40)).astype(np.int64) * HOUR
    price = np.round(20 + np.cumsum(rng.normal(0, 0.3, 40)), 2)
    spread = np.round(rng.uniform(0.01, 0.5, 40), 2)
    programs = [
        Intent(int(b), 0, float(s), Kind(k), lim, stp, 0.5, 0, "", -1)
        for b, s, k, lim, stp in zip(
            np.sort(rng.integers(0, 38, 12)), rng.choice([-3, 2, 5], 12), rng.integers(0, 9, 12),
            rng.normal(0, 0.5, 12), rng.normal(0, 0.5, 12), strict=True,
        )
    ]  # fmt: skip
    rules = Rules(price_path=path, cash_check="none")
    for bars in (trades_to_bars(times, price), quotes_to_bars(times, price - spread, price)):
        sim = Simulation(bars, rules, cash=1e6)
        todo = list(programs)
        for t in range(len(bars)):
            sim.step(t)
            while todo and todo[0].bar == t:
                _call(sim, bars, todo.pop(0), t)
        fills = sim.fills
        assert len(fills)
        at = fills["bar"]
        if "bid" in bars.extra:
            wanted = np.where(fills["size"] > 0, bars.extra["ask"][at, 0], bars.extra["bid"][at, 0])
        else:
            wanted = bars.close[at, 0]
        assert np.array_equal(fills["price"], wanted)


# Ambiguity


def test_a_bar_is_ambiguous_once_and_only_where_the_path_decides():
    bars = bars_of(FLAT, FLAT, (10.0, 13.0, 7.0, 11.0))
    two = run(bars, {0: [bracket(), bracket(size=5.0)]})
    assert two.fills["ambiguous"].tolist() == [False, False, True, True]
    assert two.ambiguous_bars == 1
    # opened at the target: that came first, whatever the path
    for path in ("whole_bar", *PATHS):
        gap = bars_of(FLAT, FLAT, (12.5, 13.0, 7.0, 11.0))
        sim = run(gap, {0: [bracket()]}, Rules(price_path=path, queue="limits_first"))
        assert prices(sim) == [10.0, 12.5]
        assert sim.ambiguous_bars == 0
    # one of them alone
    sim = run(bars_of(FLAT, FLAT, (10.0, 13.0, 9.0, 11.0)), {0: [bracket()]})
    assert (prices(sim), sim.ambiguous_bars) == ([10.0, 12.0], 0)

    # an OCO pair of entries
    def pair(sim):
        first = sim.submit(0, 1.0, Kind.STOP, stop=11.0)
        sim.submit(0, -1.0, Kind.STOP, stop=9.0, oco=first)

    sim = run(bars_of(FLAT, (10.0, 12.0, 8.0, 10.0)), {0: [pair]})
    assert sim.fills["ambiguous"].tolist() == [True]

    # children that leave each other alone do not compete
    def both(sim):
        parent = sim.submit(0, 2.0, transmit=False)
        sim.submit(0, -1.0, Kind.STOP, stop=8.0, parent=parent, independent=True, transmit=False)
        sim.submit(0, -1.0, Kind.LIMIT, limit=12.0, parent=parent, independent=True)

    sim = run(bars, {0: [both]})
    assert (prices(sim), sim.ambiguous_bars) == ([10.0, 8.0, 12.0], 0)


def test_hedged_sides_share_their_assets_bar():
    def exits(side, sign):
        def send(sim):
            entry = sim.submit(0, sign * 4.0, transmit=False, side=side)
            stop, target = (8.0, 12.0) if sign > 0 else (12.0, 8.0)
            more = {"parent": entry, "side": side}
            sim.submit(0, -sign * 4.0, Kind.STOP, stop=stop, transmit=False, **more)
            sim.submit(0, -sign * 4.0, Kind.LIMIT, limit=target, **more)

        return send

    bars = bars_of(FLAT, FLAT, (10.0, 13.0, 7.0, 11.0), volume=[1.0, 8.0, 5.0])
    sim = run(
        bars,
        {0: [exits("long", 1.0), exits("short", -1.0)]},
        Rules(positioning="hedging"),
        slippage=Slippage(volume_limit=1.0),
    )
    assert sim.ambiguous_bars == 1
    assert abs(sim.fills["size"][sim.fills["bar"] == 2]).sum() == 5.0


# Finer bars


def test_finer_bars_settle_what_the_bar_leaves_open():
    """Bars of two hours: hours 4 and 5 are the last one, 10.5 -> 13 first, then 12.5 -> 7."""
    fine = bars_of(*[FLAT] * 4, (10.0, 13.0, 9.5, 12.5), (12.5, 12.5, 7.0, 8.0), step=HOUR)
    bars = resample(fine, 2 * HOUR, label="left").bars
    assert bars.high[2, 0] == 13.0
    assert bars.low[2, 0] == 7.0
    alone = run(bars, {0: [bracket()]})
    assert (prices(alone), alone.ambiguous_bars) == ([10.0, 8.0], 1)
    sim = run(bars, {0: [bracket()]}, finer=fine)
    assert outcome(sim) == [(0, 1, 10.0, 10.0), (2, 2, -10.0, 12.0)]
    assert sim.fills["step"].tolist() == [2, 4]
    assert sim.ambiguous_bars == 0


def test_a_finer_bar_that_holds_both_is_ambiguous_itself():
    fine = bars_of(*[FLAT] * 4, (10.0, 13.0, 7.0, 11.0), FLAT, step=HOUR)
    bars = bars_of(FLAT, FLAT, (10.0, 13.0, 7.0, 10.0), step=2 * HOUR)
    sim = run(bars, {0: [bracket()]}, finer=fine)
    assert sim.fills["ambiguous"].tolist() == [False, True]
    assert sim.ambiguous_bars == 1


def test_finer_bars_are_laid_into_bars_by_the_stamps_of_both():
    fine = np.arange(1, 7, dtype=np.int64) * HOUR  # ends of hours 1 .. 6
    rows = [(float(n), float(n), float(n), float(n)) for n in range(1, 7)]
    inner = bars_of(*rows, step=HOUR, start=HOUR)
    assert inner.times.tolist() == fine.tolist()
    outer = bars_of(*rows[:3], step=2 * HOUR, start=2 * HOUR)  # ends of hours 2, 4, 6
    closes = Rules(bar_stamp="close")
    sim = run(outer, {0: [order(1)]}, closes, finer=inner, finer_label="right")
    assert prices(sim) == [3.0]  # bar 1 holds the hours that end at 3 and 4
    sim = run(outer, {0: [order(1)]}, finer=inner)  # stamped with the beginning
    assert prices(sim) == [4.0]
    with pytest.raises(OrderError, match="finer_label"):
        Simulation(outer, cash=1.0, finer=inner, finer_label="middle")


def test_finer_quotes_are_used():
    fine = bars_of(*[FLAT] * 4, step=HOUR, bid=[9.9] * 3 + [9.5], ask=[10.1] * 3 + [10.5])
    bars = bars_of(FLAT, FLAT, step=2 * HOUR, bid=[9.0, 9.0], ask=[11.0, 11.0])
    both = {0: [order(1), order(-1), order(1, Kind.CLOSE)]}
    assert prices(run(bars, both, finer=fine)) == [10.1, 9.9, 10.5]
    # without quotes of its own a finer bar has the spread of its bar
    plain = replace(fine, extra={})
    assert prices(run(bars, both, finer=plain)) == [11.0, 9.0, 11.0]


def test_orders_may_trade_in_each_finer_bar():
    """Many parts of many orders in one bar: there is room for all."""
    fine = bars_of(*[FLAT] * 200, step=HOUR, volume=[1.0] * 100 + [100.0] * 100)
    bars = bars_of(FLAT, FLAT, step=100 * HOUR)
    sim = run(
        bars, {0: [order(100)] * 90}, finer=fine, slippage=Slippage(volume_limit=1.0), cash=1e9
    )
    assert len(sim.fills) == 90
    fine = bars_of(*[FLAT] * 200, step=HOUR, volume=90.0)
    sim = run(
        bars, {0: [order(100)] * 90}, finer=fine, slippage=Slippage(volume_limit=1.0), cash=1e9
    )
    assert sim.fills["size"].sum() == 9_000.0
    assert sorted(set(sim.fills["step"].tolist())) == list(range(100, 200))


# What holds for every program


FINER = 4  # finer bars in a bar
_NO_LATENCY = {"latency": 0, "latency_bars": 0}


def _nested(seed: int, length: int):
    """Bars of four hours, stamped with their ends, and the hours that they are made of."""
    rough = random_bars(seed, length * FINER)
    fine = Bars.from_arrays(
        (np.arange(length * FINER, dtype=np.int64) + 1) * HOUR,
        *(rough.values[k, 0] for k in range(5)), assets=("A",),
    )  # fmt: skip
    coarse = resample(fine, FINER * HOUR, label="right", fine_label="right").bars
    assert len(coarse) == length
    return coarse, fine


@quick
@given(
    st.integers(0, 2**31),
    any_rules,
    st.lists(intents(12), min_size=1, max_size=14),
    st.sampled_from([Slippage(), Slippage(volume_limit=0.1), Slippage("fixed", 0.1)]),
    st.sampled_from([300.0, 10_000.0]),
    st.sampled_from([0, 4 * HOUR, 8 * HOUR]),
)
def test_finer_bars_inside_bars_are_as_good_as_finer_bars_alone(
    seed, rules, program, slippage, cash, latency
):
    """A program that acts at the ends of bars trades alike on bars with finer ones and on these.

    Where nothing is counted in bars: latency in time that ends with a bar, no market order for the
    next close, no CLOSE order (of which bar?). Nor may anything else happen between that bars
    would see later: margin at the closes. Without a path, orders that expire do so before the
    finer bars, alone each in its turn, so that groups of dated orders are left out.
    """
    rules = rules.replace(
        latency_bars=0, latency=latency, bar_stamp="close", buying_power="cash",
        margin_call="never",
        fill_time="next_open" if rules.fill_time.name == "NEXT_CLOSE" else rules.fill_time,
    )  # fmt: skip
    program = [i for i in sorted(program, key=lambda i: i.bar) if i.kind != Kind.CLOSE]
    if rules.price_path == PricePath.WHOLE_BAR:
        dated = (TimeInForce.DAY, TimeInForce.GTD)
        program = [
            replace(i, days=0, tif=TimeInForce.GTC if i.tif in dated else i.tif) for i in program
        ]
    coarse, fine = _nested(seed, 12)
    sessions = np.arange(12) // 3
    inside = Simulation(
        coarse, rules, cash=cash, slippage=slippage, sessions=sessions, finer=fine,
        finer_label="right",
    )  # fmt: skip
    alone = Simulation(
        fine, rules, cash=cash, slippage=slippage, sessions=np.repeat(sessions, FINER)
    )
    todo = list(program)
    for t in range(12):
        inside.step(t)
        for f in range(t * FINER, (t + 1) * FINER):
            alone.step(f)
        while todo and todo[0].bar == t:
            intent = todo.pop(0)
            _call(inside, coarse, intent, t)
            _call(alone, fine, intent, (t + 1) * FINER - 1)
    assert inside.fills[["order", "size", "price"]].tolist() == (
        alone.fills[["order", "size", "price"]].tolist()
    )
    same_close = rules.fill_time.name == "THIS_CLOSE"
    if not same_close:
        assert np.array_equal(inside.fills["step"], alone.fills["bar"])
    assert np.array_equal(inside.orders["status"], alone.orders["status"])
    assert inside.cash == alone.cash


def _straight(seed: int, length: int) -> Bars:
    """Bars whose price goes straight from the open to the close."""
    rng = np.random.default_rng(seed)
    open_ = np.maximum(20 + np.cumsum(rng.integers(-4, 5, length) * 0.25), 3.0)
    close = np.maximum(open_ + rng.integers(-6, 7, length) * 0.25, 1.0)
    return Bars.from_arrays(
        np.arange(length, dtype=np.int64) * DAY, open_, np.maximum(open_, close),
        np.minimum(open_, close), close, rng.integers(0, 4, length) * 100.0, assets=("A",),
    )  # fmt: skip


@quick
@given(
    st.integers(0, 2**31),
    any_rules,
    intents(12),
    st.sampled_from(["body", "nearest_first"]),
    st.sampled_from([Slippage(), Slippage(volume_limit=0.1), Slippage("percent", 0.02)]),
)
def test_a_path_that_goes_straight_changes_nothing_for_one_order(
    seed, rules, intent, path, slippage
):
    """Not for stops that trail the extreme: along a path the open's extreme comes first."""
    if rules.trail_update.name == "EXTREME" and intent.kind in (Kind.TRAIL, Kind.TRAIL_LIMIT):
        rules = rules.replace(trail_update="close")
    if intent.kind == Kind.TRAIL_LIMIT:
        # A whole bar moves it once more after it was triggered.
        intent = replace(intent, kind=Kind.STOP_LIMIT)
    intent = replace(intent, link="", cancel=-1, change=-1, bar=min(intent.bar, 4))
    found = []
    for way in ("whole_bar", path):
        case = {
            "bars": _straight(seed, 12), "rules": rules.replace(price_path=way), "cash": 1e6,
            "commission": None, "slippage": slippage, "instruments": None, "program": [intent],
        }  # fmt: skip
        sim = play(case)
        found.append((outcome(sim), sim.orders["status"].tolist()))
    assert found[0] == found[1]


@quick
@given(cases(any_rules, costs=False), st.sampled_from([0.05, 0.1, 0.333]))
def test_no_more_trades_in_a_bar_than_its_part_of_the_volume(case, limit):
    case = case | {"slippage": Slippage(volume_limit=limit), "cash": 1e9}
    sim = play(case)
    bars = case["bars"]
    traded = np.zeros(bars.close.shape)
    for fill in sim.fills:
        asset = fill["asset"]
        met = np.flatnonzero(bars.present[: fill["booked"] + 1, asset])[-1]
        traded[met, asset] += abs(fill["size"])
    volume = np.where(np.isnan(bars.volume), 0.0, bars.volume)
    assert (traded <= limit * volume * (1 + 1e-9)).all()


@quick
@given(cases(any_rules), st.integers(2, 40))
def test_later_data_changes_no_earlier_fill(case, cut):
    """The data itself is cut, not the run: no kernel looks ahead."""
    cut = min(cut, len(case["bars"]))
    whole = play(case)
    program = [intent for intent in case["program"] if intent.bar < cut]
    part = play(case | {"bars": case["bars"].until(cut), "program": program})
    earlier = whole.fills[whole.fills["booked"] < cut]
    assert earlier.tobytes() == part.fills.tobytes()


@quick
@given(cases(any_rules, costs=False), st.sampled_from([2.0**-34, 2.0**36]))
def test_tiny_and_huge_prices_trade_like_others(case, scale):
    """Times a power of two no bit of a mantissa changes: prices from 1e-9 to 1e12."""
    case = case | {"instruments": None}
    bars = case["bars"]
    values = bars.values * np.array([scale, scale, scale, scale, 1.0])[:, None, None]
    program = [
        replace(i, limit=i.limit * scale, stop=i.stop * scale, trail=i.trail * scale)
        for i in case["program"]
        # The program keeps prices above 0.25, which does not scale.
    ]
    sims = []
    for factor, one in ((1.0, bars), (scale, replace(bars, values=values))):
        chosen = case["program"] if factor == 1.0 else program
        sim = Simulation(one, case["rules"], cash=case["cash"] * factor)
        for t in range(len(one)):
            sim.step(t)
            for intent in chosen:
                if intent.bar == t and intent.cancel < 0 and intent.change < 0:
                    _send_scaled(sim, one, intent, t, factor)
        sims.append(sim)
    plain, scaled = sims
    assert len(plain.fills) == len(scaled.fills)
    assert np.array_equal(plain.fills["size"], scaled.fills["size"])
    assert np.array_equal(plain.fills["price"] * scale, scaled.fills["price"])
    assert np.array_equal(plain.orders["status"], scaled.orders["status"])
    assert plain.equity * scale == scaled.equity


def _send_scaled(sim, bars, intent, t, scale):
    if sim.rules.positioning.name == "HEDGING" or intent.kind in (Kind.TRAIL, Kind.TRAIL_LIMIT):
        return
    close = bars.close[: t + 1, intent.asset]
    price = close[~np.isnan(close)][-1]
    wanted = {}
    if intent.kind in (Kind.LIMIT, Kind.STOP_LIMIT, Kind.LIMIT_IF_TOUCHED):
        wanted["limit"] = max(price + intent.limit, 0.25 * scale)
    if intent.kind not in (Kind.MARKET, Kind.CLOSE, Kind.LIMIT):
        wanted["stop"] = max(price + intent.stop, 0.25 * scale)
    sim.submit(intent.asset, intent.size, intent.kind, **wanted)


@pytest.mark.parametrize("cash", [0.0, -500.0])
def test_without_cash_nothing_is_bought(cash):
    bars = bars_of(*[FLAT] * 4)
    for check in ("on_submit", "on_fill", "both"):
        sim = run(bars, {0: [order(1)], 1: [order(1, Kind.LIMIT, limit=10.0)]},
                  Rules(cash_check=check), cash=cash)  # fmt: skip
        assert len(sim.fills) == 0
        for number in (0, 1):
            assert ended(sim, number) == ("MARGIN", "CASH")
            assert sim.orders["needed"][number] > sim.orders["available"][number]
    sim = run(bars, {0: [order(1)]}, Rules(cash_check="none"), cash=cash)
    assert sim.cash == cash - 10.0


def test_an_order_for_an_asset_without_a_bar_hinders_no_other():
    close = np.array([[10.0, NAN], [10.0, NAN], [10.0, 5.0]])
    bars = Bars.from_arrays(
        np.arange(3) * DAY, close, close, close, close, close, assets=("A", "B")
    )
    send = [lambda sim: sim.submit(1, 1.0), lambda sim: sim.submit(0, 1.0)]
    sim = run(bars, {0: send})
    assert outcome(sim) == [(1, 1, 1.0, 10.0), (0, 2, 1.0, 5.0)]


@pytest.mark.parametrize("path", ["whole_bar", "high_first"])
def test_thousands_of_orders_in_one_bar(path):
    """Room grows in mid-run; every order is met, in groups and alone."""
    bars = bars_of(FLAT, FLAT, (10.0, 12.0, 8.0, 10.0), FLAT)
    sim = Simulation(bars, Rules(price_path=path), cash=1e9)
    count = 300 if sim._interpreted else 3_000
    sim.step(0)
    sim.step(1)
    for n in range(count):
        sim.submit(0, 1.0, Kind.LIMIT, limit=9.0 + 0.5 * n / count)
        sim.submit(0, -1.0, Kind.STOP, stop=8.5, oco=len(sim.orders) - 1)
        bracket(size=1.0, stop=1.0, target=100.0)(sim)
    sim.step(2)
    sim.step(3)
    assert len(sim.fills) == 2 * count
    assert sim.position_size(0) == 2.0 * count
    assert len(sim.open_orders) == 2 * count


def test_a_million_orders():
    length = 5_001
    times = np.arange(length, dtype=np.int64) * DAY
    price = np.full(length, 10.0)
    bars = Bars.from_arrays(times, price, price, price, price, price, assets=("A",))
    sim = Simulation(bars, Rules(), cash=1e9)
    each = 1 if sim._interpreted else 200
    for t in range(length):
        sim.step(t)
        side = 1.0 if t % 2 else -1.0
        for _ in range(each):
            sim.submit(0, side)
    assert len(sim.orders) == length * each
    assert len(sim.fills) == (length - 1) * each
    assert (sim.orders["filled"] != 0.0).sum() == (length - 1) * each


def test_changes_of_one_order_in_every_bar_leave_no_trace_in_others():
    bars = bars_of(*[FLAT] * 50)
    far = order(1, Kind.LIMIT, limit=1.0)
    calls = {t: [modify(0, limit=1.0 + t / 100)] for t in range(1, 49)}
    sim = run(bars, {0: [far, order(1, Kind.LIMIT, limit=2.0)], **calls})
    assert len(sim.events) == 2 + 2 + 48
    assert sim.open_orders == [1, 0]


@quick
@given(
    st.integers(0, 2**31),
    any_rules,
    st.lists(intents(12), min_size=1, max_size=14),
    st.sampled_from([Slippage(), Slippage(volume_limit=0.1)]),
    st.booleans(),
)
def test_fills_lie_in_the_range_of_their_finer_bar(seed, rules, program, slippage, quotes):
    """With quotes: of the bar as its buyers or sellers see it, half the spread away."""
    rules = rules.replace(gap_fill="at_open")
    coarse, fine = _nested(seed, 12)
    if rules.fill_time.name == "THIS_CLOSE":
        rules = rules.replace(fill_time="next_open")  # the price of a bar that is over
    half = 0.125 if quotes else 0.0
    if quotes:
        fine = fine.with_extra("bid", fine.close - half).with_extra("ask", fine.close + half)
    rules = rules.replace(bar_stamp="close")
    sim = Simulation(coarse, rules, cash=1e5, slippage=slippage, finer=fine, finer_label="right")
    todo = sorted(program, key=lambda i: i.bar)
    for t in range(12):
        sim.step(t)
        while todo and todo[0].bar == t:
            _call(sim, coarse, todo.pop(0), t)
    for fill in sim.fills:
        if sim.orders["kind"][fill["order"]] == Kind.CLOSE and fill["step"] < 0:
            continue
        shift = half if fill["size"] > 0 else -half
        low, high = fine.low[fill["step"], 0] + shift, fine.high[fill["step"], 0] + shift
        assert low <= fill["price"] <= high
        assert coarse.times[fill["bar"]] - 4 * HOUR < fine.times[fill["step"]]
        assert fine.times[fill["step"]] <= coarse.times[fill["bar"]]


def _wild_tables(seed: int, rules: Rules) -> list[bytes]:
    from test_order_life import wild

    slippage = (Slippage(), Slippage(volume_limit=0.05), Slippage("percent", 0.01))[seed % 3]
    instrument = (Instrument(), Instrument(lot=5.0, tick=0.5, minimum_size=7.0))[seed % 2]
    sim = wild(seed, rules, instrument, slippage, 5_000.0)
    coarse, fine = _nested(seed, 30)
    half = 0.125 * (seed % 2)
    fine = fine.with_extra("bid", fine.close - half).with_extra("ask", fine.close + half)
    inside = Simulation(
        coarse, rules, cash=5_000.0, slippage=slippage, finer=fine, finer_label="right"
    )
    side = {"side": "long"} if rules.positioning.name == "HEDGING" else {}
    for t in range(30):
        inside.step(t)
        price = coarse.close[t, 0]
        inside.submit(0, 3.0, Kind.LIMIT, limit=price - 0.5, **side)
        entry = inside.submit(0, 5.0, Kind.STOP, stop=price + 0.5, transmit=False, **side)
        inside.submit(0, -5.0, Kind.TRAIL, trail_amount=1.0, parent=entry, transmit=False, **side)
        inside.submit(0, -5.0, Kind.LIMIT, limit=price + 1.5, parent=entry, **side)
        inside.cancel(max(len(inside.orders) - 9, 0))
    tables = []
    for one in (sim, inside):
        tables += [one.orders, one.fills, one.events, one.equity_curve(), one.positions]
    return [table.tobytes() for table in tables]


def test_compiled_and_interpreted_give_the_same_bits_in_every_mode(monkeypatch):
    """All rules at random, groups, changes, latency, lots, finer bars with quotes."""
    rng = np.random.default_rng(20)
    rules = [
        Rules(
            **{name: rng.choice(list(enum)) for name, enum in ENUMS.items()},
            latency_bars=int(rng.integers(0, 3)) * int(rng.integers(0, 2)),
        )
        for _ in range(40)
    ]
    found = {}
    for way in ("0", "1"):
        monkeypatch.setenv("FILLPROOF_JIT", way)
        jit.prefer(0)
        found[way] = [_wild_tables(seed, one) for seed, one in enumerate(rules)]
    monkeypatch.undo()
    jit.prefer(0)
    assert found["0"] == found["1"]


def _ticks_along(bars: Bars, path: str, grid: float = 0.25) -> Bars:
    """The prices that a bar's path visits on a grid, as ticks inside the bars."""
    times, price = [], []
    for t, (open_, high, low, close) in enumerate(bars.values[:4, 0].T.tolist()):
        up = path == "high_first"
        if path == "nearest_first":
            up = high - open_ <= open_ - low
        elif path == "body":
            up = close <= open_
        here, visited = open_, [open_]
        for to in (high, low, close) if up else (low, high, close):
            while here != to:
                here += grid if to > here else -grid
                visited.append(here)
        times += [int(bars.times[t]) + k for k in range(len(visited))]
        price += visited
    return trades_to_bars(np.array(times), np.array(price), np.full(len(price), 1.0), assets="A0")


def _dense(rng: np.random.Generator) -> list[Intent]:
    """A few calls after each bar: orders of every kind, groups, changes, cancels."""

    def level() -> float:
        return float(rng.integers(-8, 9)) * 0.25

    return [
        Intent(
            bar=t, asset=0, size=float(rng.integers(1, 50)) * float(rng.choice([-1.0, 1.0])),
            kind=Kind(int(rng.integers(len(Kind)))), limit=level(), stop=level(),
            trail=float(rng.integers(1, 9)) * 0.25, days=int(rng.integers(0, 4)),
            link=["", "", "oco", "bracket"][rng.integers(4)],
            cancel=int(rng.choice([-1] * 6 + [0, 1, 2, 5, 9])),
            change=int(rng.choice([-1] * 6 + [0, 1, 2, 5, 9])),
            tif=TimeInForce(int(rng.choice([0] * 6 + [1, 2, 5, 6]))),
        )
        for t in range(9)
        for _ in range(rng.integers(0, 5))
    ]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_the_ticks_along_it(path):
    """Many orders and groups along a path trade as against each price that it visits, in turn.

    Levels lie on the grid. Left out is what looks at a bar as a whole: immediate orders, market
    orders at its extremes or middle, a limit that must be passed, a trailing stop that follows the
    close, levels that wait for the next bar; and what ends when it is tried without a position to
    reduce. Children stand behind their parent in the queue; orders for the close trade after those
    that reach their level there.
    """
    traded = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        names = ("partial_parent", "late_member", "trigger_status")
        rules = Rules(
            bracket_activation="same_bar", trail_update="extreme", cash_check="none",
            change_priority="keep", fill_time=("next_open", "next_close")[rng.integers(2)],
            latency_bars=int(rng.integers(0, 2)),
            **{name: rng.choice(list(ENUMS[name])) for name in names},
        )  # fmt: skip
        program = _dense(rng)
        bars = random_bars(seed, 10)
        ticks = _ticks_along(bars, path)
        found = []
        for one, more in ((rules.replace(price_path=path), {}), (rules, {"finer": ticks})):
            sim = Simulation(bars, one, cash=1e6, **more)
            todo = list(program)
            for t in range(10):
                sim.step(t)
                while todo and todo[0].bar == t:
                    _call(sim, bars, todo.pop(0), t)
            found.append((sorted(outcome(sim)), sim.orders["status"].tolist()))
        assert found[0] == found[1], f"seed {seed}"
        traded += len(found[0][0])
    assert traded > 100
