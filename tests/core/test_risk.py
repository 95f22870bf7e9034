"""Risk rules: golden scenarios worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fillproof.core import native
from fillproof.core.bars import Bars
from fillproof.core.costs import Slippage
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Cause, Kind, Reason, Status
from fillproof.core.risk import (
    BreakEven,
    DailyLoss,
    GrossExposure,
    MaxDrawdown,
    NetExposure,
    OrderLimit,
    PositionLimit,
    StopLoss,
    TakeProfit,
    TimeStop,
    Trailing,
    VolatilityTarget,
)
from fillproof.core.rules import Rules
from fillproof.core.simulation import Simulation

DAY = 86_400_000_000_000
FLAT = (10.0, 10.0, 10.0, 10.0)
BUY, SELL = 10.0, -10.0


def bars_of(*rows, volume=1_000.0, step=DAY, extra=None, assets=1) -> Bars:
    """Each row is (open, high, low, close); all assets have the same."""
    columns = np.array(rows, dtype=float).T
    shaped = [np.repeat(c[:, None], assets, axis=1) for c in columns]
    times = np.arange(len(rows), dtype=np.int64) * step
    names = tuple("ABCDEF"[:assets])
    full = np.full(shaped[0].shape, volume)
    extra = {name: np.array(x, dtype=float)[:, None] for name, x in (extra or {}).items()}
    return Bars.from_arrays(times, *shaped, full, assets=names, extra=extra)


def halves(t, *rows) -> Bars:
    """Finer bars: the two halves of bar t."""
    inside = bars_of(*rows, step=DAY // 2)
    columns = (inside.open, inside.high, inside.low, inside.close, inside.volume)
    return Bars.from_arrays(inside.times + t * DAY, *columns, assets=("A",))


def mirrored(bars: Bars, about: float = 20.0) -> Bars:
    """The same prices upside down: what a long lives through becomes what a short does."""
    return Bars.from_arrays(
        bars.times, about - bars.open, about - bars.low, about - bars.high, about - bars.close,
        bars.volume, assets=bars.assets, extra=bars.extra,
    )  # fmt: skip


def run(bars: Bars, calls: dict, *risk, **settings) -> Simulation:
    """`calls[t]`: functions of the simulation, made after bar t."""
    settings.setdefault("cash", 10_000.0)
    sim = Simulation(bars, settings.pop("rules", Rules()), risk=risk, **settings)
    for t in range(len(bars.times)):
        sim.step(t)
        for call in calls.get(t, []):
            call(sim)
    return sim


def send(size, kind=Kind.MARKET, asset=0, **more):
    return lambda sim: sim.submit(asset, size, kind, **more)


def exits(sim: Simulation) -> list[tuple[int, float, float, str]]:
    """Fills that a rule caused: (bar, size, price, cause)."""
    return [
        (int(f["bar"]), float(f["size"]), float(f["price"]), Cause(f["cause"]).name)
        for f in sim.fills
        if f["cause"] != Cause.STRATEGY
    ]


def guards_of(sim: Simulation) -> list[tuple[str, float, float]]:
    """Pending orders of rules: (cause, size, level)."""
    found = []
    for n in sim.open_orders:
        order = sim.orders[n]
        if order["cause"] != 0:
            level = order["limit"] if order["kind"] == Kind.LIMIT else order["stop"]
            found.append((Cause(order["cause"]).name, float(order["remaining"]), float(level)))
    return found


def check(bars, calls, expected, *risk, **settings):
    """A scenario for a long, and upside down for a short."""
    assert exits(run(bars, calls(1.0), *risk, **settings)) == expected
    short = exits(run(mirrored(bars), calls(-1.0), *risk, **settings))
    assert short == [(bar, -size, 20.0 - price, cause) for bar, size, price, cause in expected]


def enter_at(t, size=BUY):
    return lambda side: {t: [send(side * size)]}


# Protective orders


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        ((10.0, 10.5, 9.6, 10.0), []),
        ((10.0, 10.5, 9.5, 10.0), [(2, -10.0, 9.5, "STOP_LOSS")]),
        ((9.2, 9.4, 9.0, 9.3), [(2, -10.0, 9.2, "STOP_LOSS")]),  # a gap through the stop
    ],
)
def test_stop_loss(bar, expected):
    rule = StopLoss(amount=0.5)
    check(bars_of(FLAT, FLAT, bar), enter_at(0), expected, rule)


@pytest.mark.parametrize(
    ("bar", "expected"),
    [
        ((10.0, 10.9, 9.0, 10.0), []),
        ((10.0, 11.0, 9.0, 10.0), [(2, -10.0, 11.0, "TAKE_PROFIT")]),
        ((11.5, 11.8, 11.0, 11.2), [(2, -10.0, 11.5, "TAKE_PROFIT")]),
    ],
)
def test_take_profit(bar, expected):
    check(bars_of(FLAT, FLAT, bar), enter_at(0), expected, TakeProfit(amount=1.0))


def test_distances_as_fractions_of_the_entry_price():
    bars = bars_of(FLAT, (20.0, 20.0, 20.0, 20.0), (20.0, 20.5, 19.5, 20.0))
    sim = run(bars, {0: [send(BUY)]}, StopLoss(0.05), TakeProfit(0.1))
    assert guards_of(sim) == [("STOP_LOSS", -10.0, 19.0), ("TAKE_PROFIT", -10.0, 22.0)]
    sim = run(bars, {0: [send(SELL)]}, StopLoss(0.05), TakeProfit(0.1))
    assert guards_of(sim) == [("STOP_LOSS", 10.0, 21.0), ("TAKE_PROFIT", 10.0, 18.0)]


def test_distances_as_multiples_of_a_column_in_the_bar_of_the_entry():
    extra = {"atr": [9.0, 0.5, 7.0], "volatility": [0.9, 0.02, 0.5]}
    bars = bars_of(FLAT, FLAT, FLAT, extra=extra)
    sim = run(
        bars,
        {0: [send(BUY)]},
        StopLoss(amount=3.0, column="atr"),
        TakeProfit(2.0, column="volatility"),
    )
    assert guards_of(sim) == [("STOP_LOSS", -10.0, 8.5), ("TAKE_PROFIT", -10.0, 10.4)]


def test_a_column_that_is_not_known_yet_protects_once_it_is():
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, extra={"atr": [1.0, math.nan, 0.5, 1.0]})
    sim = run(bars, {0: [send(BUY)]}, StopLoss(amount=1.0, column="atr"))
    assert guards_of(sim) == [("STOP_LOSS", -10.0, 9.5)]
    assert sim.orders["created_bar"].tolist() == [0, 2]


def test_not_in_the_bar_of_the_entry():
    bars = bars_of(FLAT, (10.0, 12.0, 8.0, 10.0), (10.0, 10.4, 9.6, 10.0))
    check(bars, enter_at(0), [], StopLoss(0.05), TakeProfit(0.05))


def test_in_the_bar_of_the_entry_where_brackets_are_active_at_once():
    bars = bars_of(FLAT, (10.0, 10.4, 8.0, 10.0), FLAT)
    rules = Rules(bracket_activation="same_bar")
    check(
        bars, enter_at(0), [(1, -10.0, 9.5, "STOP_LOSS")],
        StopLoss(amount=0.5), TakeProfit(amount=0.5), rules=rules,
    )  # fmt: skip


def test_what_came_before_the_entry_does_not_fill_at_the_open():
    # A buy stop at 11 in a bar that opened at 10: the stop at 10.5 is met at its level.
    bars = bars_of(FLAT, (10.0, 11.2, 9.8, 11.0), FLAT)
    sim = run(
        bars,
        {0: [send(BUY, Kind.STOP, stop=11.0)]},
        StopLoss(amount=0.5),
        rules=Rules(bracket_activation="same_bar"),
    )
    assert exits(sim) == [(1, -10.0, 10.5, "STOP_LOSS")]


def test_nothing_is_left_of_the_bar_after_an_entry_at_its_close():
    bars = bars_of(FLAT, (10.0, 12.0, 8.0, 10.0), (10.0, 10.4, 9.6, 10.0))
    rules = Rules(bracket_activation="same_bar", fill_time="next_close")
    check(bars, enter_at(0), [], StopLoss(0.05), TakeProfit(0.05), rules=rules)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        # After the buy at 11 on the way up, the low comes later, or not at all.
        ("high_first", [(1, -10.0, 9.9, "STOP_LOSS")]),
        ("low_first", []),
    ],
)
def test_a_path_tells_what_came_after_the_entry(path, expected):
    bars = bars_of(FLAT, (10.0, 11.2, 9.8, 11.0), (11.0, 11.0, 11.0, 11.0))
    sim = run(
        bars,
        {0: [send(BUY, Kind.STOP, stop=11.0)]},
        StopLoss(0.1),
        rules=Rules(bracket_activation="same_bar", price_path=path),
    )
    assert exits(sim) == expected


def test_stop_and_target_in_one_bar_are_ambiguous_and_the_stop_comes_first():
    bars = bars_of(FLAT, FLAT, (10.0, 11.0, 9.0, 10.0), FLAT)
    both = (StopLoss(amount=0.5), TakeProfit(amount=0.5))
    sim = run(bars, {0: [send(BUY)]}, *both)
    assert exits(sim) == [(2, -10.0, 9.5, "STOP_LOSS")]
    assert sim.fills["ambiguous"].tolist() == [False, True]
    assert sim.ambiguous_bars == 1
    assert sim.open_orders == []
    target = sim.orders[sim.orders["cause"] == Cause.TAKE_PROFIT][0]
    assert (target["status"], target["reason"]) == (Status.CANCELLED, Reason.GROUP)
    sim = run(bars, {0: [send(BUY)]}, *both, rules=Rules(queue="limits_first"))
    assert exits(sim) == [(2, -10.0, 10.5, "TAKE_PROFIT")]
    sim = run(bars, {0: [send(BUY)]}, *both, rules=Rules(price_path="high_first"))
    assert exits(sim) == [(2, -10.0, 10.5, "TAKE_PROFIT")]


def test_finer_bars_settle_it():
    bars = bars_of(FLAT, FLAT, (10.0, 11.0, 9.0, 10.0))
    times = np.array([2 * DAY, 2 * DAY + DAY // 2], dtype=np.int64)
    o, h, low, c = (
        np.array(x)[:, None] for x in ([10.0, 10.9], [11.0, 10.9], [9.8, 9.0], [10.9, 10])
    )
    finer = Bars.from_arrays(times, o, h, low, c, np.full((2, 1), 1.0), assets=("A",))
    both = (StopLoss(amount=0.5), TakeProfit(amount=0.5))
    sim = run(bars, {0: [send(BUY)]}, *both, finer=finer)
    assert exits(sim) == [(2, -10.0, 10.5, "TAKE_PROFIT")]
    assert sim.ambiguous_bars == 0


def test_a_finer_bar_protects_what_the_one_before_opened():
    bars = bars_of(FLAT, (10.0, 10.5, 9.0, 9.2), FLAT)
    times = np.array([DAY, DAY + DAY // 2], dtype=np.int64)
    o, h, low, c = (
        np.array(x)[:, None] for x in ([10.0, 10.0], [10.5, 10.0], [9.9, 9.0], [10.0, 9.2])
    )
    finer = Bars.from_arrays(times, o, h, low, c, np.full((2, 1), 1.0), assets=("A",))
    sim = run(bars, {0: [send(BUY)]}, StopLoss(0.05), finer=finer)
    assert exits(sim) == [(1, -10.0, 9.5, "STOP_LOSS")]
    assert sim.fills["step"].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("close", [(4, -10.0, 11.0, "TRAILING_STOP")]),  # best close 12
        ("extreme", [(4, -10.0, 12.0, "TRAILING_STOP")]),  # best high 13
    ],
)
def test_trailing(update, expected):
    bars = bars_of(
        FLAT,
        (10.0, 15.0, 10.0, 10.0),  # the high of the entry's bar may have come before it
        (10.0, 11.0, 10.0, 11.0),
        (11.0, 13.0, 12.0 - 1.0, 12.0),
        (12.5, 12.5, 10.5, 11.0),
        FLAT,
    )
    check(bars, enter_at(0), expected, Trailing(amount=1.0), rules=Rules(trail_update=update))


def test_trailing_starts_from_the_entry_price():
    bars = bars_of(FLAT, (10.0, 10.0, 9.5, 9.5), (9.5, 9.5, 9.0, 9.2))
    check(bars, enter_at(0), [(2, -10.0, 9.0, "TRAILING_STOP")], Trailing(amount=1.0))


def test_trailing_waits_for_its_profit():
    bars = bars_of(
        FLAT,
        FLAT,
        (10.0, 11.0, 8.0, 10.9),  # no stop yet
        (10.9, 11.1, 10.9, 11.0),  # the profit of 1 is reached at the close
        (11.0, 11.0, 10.6, 10.8),
        (10.8, 10.8, 10.4, 10.8),
    )
    rule = Trailing(amount=0.5, activation=1.0)
    check(bars, enter_at(0), [(5, -10.0, 10.5, "TRAILING_STOP")], rule)


def test_trailing_by_a_fraction_of_the_best_price():
    bars = bars_of(FLAT, FLAT, (10.0, 20.0, 10.0, 20.0), (20.0, 20.0, 17.0, 18.0))
    sim = run(bars, {0: [send(BUY)]}, Trailing(0.1))
    assert exits(sim) == [(3, -10.0, 18.0, "TRAILING_STOP")]


def test_trailing_follows_along_the_path_of_a_bar():
    bars = bars_of(FLAT, FLAT, (10.0, 12.0, 9.6, 10.0))
    rules = Rules(trail_update="extreme", price_path="high_first")
    sim = run(bars, {0: [send(BUY)]}, Trailing(amount=0.5), rules=rules)
    assert exits(sim) == [(2, -10.0, 11.5, "TRAILING_STOP")]


def test_break_even_moves_the_stop_to_the_entry():
    bars = bars_of(
        FLAT,
        FLAT,
        (10.0, 10.9, 9.6, 10.9),
        (10.9, 11.0, 10.5, 11.0),  # a profit of 1: from now on the entry price
        (10.5, 10.5, 9.0, 9.2),  # through both levels: the nearer is met first
    )
    rules = (StopLoss(amount=0.5), BreakEven(amount=1.0))
    check(bars, enter_at(0), [(4, -10.0, 10.0, "BREAK_EVEN")], *rules)
    check(
        bars, enter_at(0), [(4, -10.0, 10.25, "BREAK_EVEN")],
        StopLoss(amount=0.5), BreakEven(amount=1.0, offset=0.25),
    )  # fmt: skip


def test_one_stop_order_moves_and_takes_the_name_of_the_rule():
    bars = bars_of(FLAT, FLAT, (10.0, 11.0, 10.0, 11.0), (11.0, 11.0, 11.0, 11.0))
    sim = run(bars, {0: [send(BUY)]}, StopLoss(amount=0.5), BreakEven(amount=1.0))
    assert guards_of(sim) == [("BREAK_EVEN", -10.0, 10.0)]
    assert len(sim.orders) == 2


@pytest.mark.parametrize("rule", [TimeStop(bars=2), TimeStop(time=2 * DAY)])
def test_time_stop(rule):
    # Filled in bar 1, two bars old at the close of bar 3, closed at the open of bar 4.
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, (11.0, 12.0, 9.0, 10.0), FLAT)
    check(bars, enter_at(0), [(4, -10.0, 11.0, "TIME_STOP")], rule)


def test_growth_moves_level_and_size():
    bars = bars_of(FLAT, FLAT, (12.0, 12.0, 12.0, 12.0), (12.0, 12.0, 12.0, 12.0))
    sim = run(bars, {0: [send(BUY)], 1: [send(30.0)]}, StopLoss(amount=1.0), TakeProfit(amount=3.0))
    assert sim.position_price(0) == 11.5
    assert guards_of(sim) == [("STOP_LOSS", -40.0, 10.5), ("TAKE_PROFIT", -40.0, 14.5)]
    assert (sim.orders["cause"] != 0).sum() == 2


def test_growth_is_protected_from_the_next_bar():
    # In bar 2 ten units are added at 10 and the stop of the first ten is met.
    bars = bars_of(FLAT, FLAT, (10.0, 10.0, 9.0, 10.0), (10.0, 10.0, 9.4, 10.0))
    sim = run(bars, {0: [send(BUY)], 1: [send(BUY)]}, StopLoss(0.05))
    assert exits(sim) == [(2, -10.0, 9.5, "STOP_LOSS"), (3, -10.0, 9.5, "STOP_LOSS")]


def test_a_partial_entry_is_protected_as_it_grows():
    bars = bars_of(FLAT, FLAT, FLAT, (10.0, 10.0, 9.0, 9.0), volume=40.0)
    sim = Simulation(
        bars, cash=10_000.0, slippage=Slippage(volume_limit=0.1), risk=[StopLoss(0.05)]
    )
    seen = []
    for t in range(4):
        sim.step(t)
        if t == 0:
            sim.submit(0, 10.0)
        seen.append(guards_of(sim))
    assert seen[:3] == [[], [("STOP_LOSS", -4.0, 9.5)], [("STOP_LOSS", -8.0, 9.5)]]
    # Bar 3 has volume for four: the entry's last two come first, then two of the exit.
    assert exits(sim) == [(3, -2.0, 9.5, "STOP_LOSS")]
    assert sum(size for _, size, _ in seen[3]) == -8.0 == -sim.position_size(0)


def test_a_partial_exit_keeps_stop_and_target_for_the_rest():
    bars = bars_of(FLAT, FLAT, (11.0, 11.0, 11.0, 11.0), FLAT, volume=40.0)
    sim = run(
        bars, {0: [send(4.0)]}, StopLoss(0.05), TakeProfit(0.1),
        slippage=Slippage(volume_limit=0.1),
    )  # fmt: skip
    assert exits(sim) == [(2, -4.0, 11.0, "TAKE_PROFIT")]
    bars.volume[2] = 20.0
    sim = run(
        bars, {0: [send(4.0)]}, StopLoss(0.05), TakeProfit(0.1),
        slippage=Slippage(volume_limit=0.1),
    )  # fmt: skip
    assert exits(sim)[0] == (2, -2.0, 11.0, "TAKE_PROFIT")
    assert guards_of(sim) == [("STOP_LOSS", -2.0, 9.5), ("TAKE_PROFIT", -2.0, 11.0)]


def test_a_strategy_exit_takes_the_orders_along():
    sim = run(
        bars_of(FLAT, FLAT, FLAT, FLAT), {0: [send(BUY)], 1: [send(-4.0)]},
        StopLoss(0.05), TakeProfit(0.05),
    )  # fmt: skip
    assert guards_of(sim) == [("STOP_LOSS", -6.0, 9.5), ("TAKE_PROFIT", -6.0, 10.5)]
    sim = run(
        bars_of(FLAT, FLAT, FLAT, FLAT), {0: [send(BUY)], 1: [send(SELL)]},
        StopLoss(0.05), TakeProfit(0.05),
    )  # fmt: skip
    assert guards_of(sim) == []
    ended = sim.orders[sim.orders["cause"] != 0]
    assert set(ended["reason"]) == {Reason.GROUP}


def test_reversal():
    bars = bars_of(FLAT, FLAT, (12.0, 12.0, 12.0, 12.0), (12.0, 13.0, 12.0, 12.0))
    sim = run(bars, {0: [send(BUY)], 1: [send(-25.0)]}, StopLoss(amount=1.0))
    assert exits(sim) == [(3, 15.0, 13.0, "STOP_LOSS")]
    assert [Status(s) for s in sim.orders["status"][sim.orders["cause"] != 0]] == [
        Status.CANCELLED,
        Status.FILLED,
    ]


def test_closed_and_opened_again_in_one_bar():
    # The stop closes at 9.5, a waiting buy opens again at 9: the old target is gone.
    bars = bars_of(FLAT, FLAT, (10.0, 10.6, 8.9, 10.0), FLAT)
    sim = run(
        bars, {0: [send(BUY)], 1: [send(5.0, Kind.LIMIT, limit=9.0)]},
        StopLoss(amount=0.5), TakeProfit(amount=0.5), rules=Rules(queue="stops_first"),
    )  # fmt: skip
    assert exits(sim) == [
        (2, -10.0, 9.5, "STOP_LOSS"),
        (3, -5.0, 10.0, "TAKE_PROFIT"),  # the new one, at 9.5, met by a gap
    ]


def test_a_rule_for_one_asset():
    sim = run(
        bars_of(FLAT, FLAT, FLAT, assets=2), {0: [send(BUY), send(BUY, asset=1)]},
        StopLoss(0.05, asset="B"),
    )  # fmt: skip
    assert [int(sim.orders[n]["asset"]) for n in sim.open_orders] == [1]


def test_the_tightest_of_two_rules_counts():
    sim = run(bars_of(FLAT, FLAT, FLAT), {0: [send(BUY)]}, StopLoss(0.1), StopLoss(0.05))
    assert guards_of(sim) == [("STOP_LOSS", -10.0, 9.5)]


def test_hedging_guards_both_sides():
    bars = bars_of(FLAT, FLAT, (10.0, 10.0, 9.4, 9.5), (9.5, 10.6, 9.5, 10.0))
    sim = run(
        bars, {0: [send(BUY, side="long"), send(-4.0, side="short")]},
        StopLoss(0.05), rules=Rules(positioning="hedging"),
    )  # fmt: skip
    assert exits(sim) == [(2, -10.0, 9.5, "STOP_LOSS"), (3, 4.0, 10.5, "STOP_LOSS")]


def test_missing_bars_wait():
    bars = bars_of(FLAT, FLAT, FLAT, (9.0, 9.0, 9.0, 9.0))
    for column in (bars.open, bars.high, bars.low, bars.close, bars.volume):
        column[2] = math.nan
    bars = Bars.from_arrays(
        bars.times, bars.open, bars.high, bars.low, bars.close, bars.volume, assets=("A",)
    )
    sim = run(bars, {0: [send(BUY)]}, StopLoss(0.05), Trailing(0.3))
    assert exits(sim) == [(3, -10.0, 9.0, "STOP_LOSS")]


def test_a_split_moves_the_levels():
    bars = bars_of(FLAT, FLAT, (10.0, 12.0, 10.0, 12.0), *[(6.0, 6.0, 6.0, 6.0)] * 2)
    split = {0: [send(BUY)], 2: [lambda sim: sim.split(0, 0.5)]}
    sim = run(bars, split, Trailing(amount=3.0))
    assert exits(sim) == []
    assert guards_of(sim) == [("TRAILING_STOP", -20.0, 4.5)]  # (12 - 3) / 2
    sim = run(bars, split, StopLoss(amount=2.0), TakeProfit(0.5))
    assert guards_of(sim) == [("STOP_LOSS", -20.0, 4.0), ("TAKE_PROFIT", -20.0, 7.5)]


def test_odd_lots_are_closed_too():
    lots = Instrument(lot=10.0, minimum_size=10.0)
    bars = bars_of(FLAT, FLAT, FLAT, (3.0, 3.0, 3.0, 3.0), (3.0, 3.0, 3.0, 3.0))
    split = {0: [send(BUY)], 2: [lambda sim: sim.split(0, 0.4)]}
    sim = run(bars, split, StopLoss(0.2), instruments=lots)
    assert exits(sim) == [(3, -25.0, 3.0, "STOP_LOSS")]


def test_rules_stand_at_the_broker():
    """Latency is for what the strategy sends; cash checks do not refuse an exit."""
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, (10.0, 10.0, 9.0, 9.0))
    sim = run(bars, {0: [send(BUY)]}, StopLoss(0.05), rules=Rules(latency_bars=2))
    assert exits(sim) == [(4, -10.0, 9.5, "STOP_LOSS")]
    stop = int(np.flatnonzero(sim.orders["cause"])[0])
    sent = [Status(e["status"]) for e in sim.events if e["order"] == stop]
    assert sent == [Status.ACCEPTED, Status.TRIGGERED, Status.FILLED]


def test_the_strategy_cannot_cancel_or_change_them():
    answers = []

    def meddle(sim):
        answers.append(sim.cancel(sim.open_orders[0]))
        answers.append(sim.modify(sim.open_orders[0], stop=1.0))

    sim = run(bars_of(FLAT, FLAT, FLAT), {0: [send(BUY)], 1: [meddle]}, StopLoss(0.05))
    assert answers == [False, False]
    assert guards_of(sim) == [("STOP_LOSS", -10.0, 9.5)]


# Losses of the account

FALL = [FLAT, FLAT, (8.0, 8.0, 8.0, 8.0), *[(8.0, 9.0, 7.0, 8.0)] * 5]


def test_drawdown_halts_for_good():
    later = {
        0: [send(500.0)],
        1: [send(5.0, Kind.LIMIT, limit=7.0), send(-5.0, Kind.STOP, stop=7.0)],
        2: [send(1.0)],
        4: [send(1.0)],
        5: [send(-100.0)],
    }
    sim = run(bars_of(*FALL), later, MaxDrawdown(0.1))
    assert sim.orders["status"].tolist() == [
        Status.FILLED,
        Status.CANCELLED,  # the waiting purchase
        Status.FILLED,  # the stop stays, as reduce-only
        Status.DENIED,
        Status.DENIED,
        Status.FILLED,  # what reduces may go on
    ]
    assert sim.orders["reason"].tolist() == [0, Reason.HALTED, 0, Reason.HALTED, Reason.HALTED, 0]
    assert sim.orders["cause"][3] == Cause.MAX_DRAWDOWN
    assert sim.orders["reduce_only"].tolist() == [False, False, True, False, False, True]


def test_no_drawdown_no_halt():
    sim = run(bars_of(*FALL), {0: [send(500.0)], 2: [send(1.0)]}, MaxDrawdown(0.1001))
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.FILLED]


def test_drawdown_with_a_cooldown():
    later = {0: [send(500.0)], **{t: [send(1.0)] for t in range(2, 7)}}
    sim = run(bars_of(*FALL), later, MaxDrawdown(amount=1_000.0, cooldown=3))
    denied, filled = Status.DENIED, Status.FILLED
    assert sim.orders["status"].tolist() == [filled, denied, denied, denied, filled, filled]


def test_drawdown_flattens():
    bars = bars_of(*FALL, assets=2)
    sim = run(
        bars, {0: [send(300.0), send(-10.0, asset=1)], 2: [send(5.0)]},
        MaxDrawdown(0.05, then="flatten"), StopLoss(0.5), TakeProfit(0.5),
    )  # fmt: skip
    assert exits(sim) == [(3, -300.0, 8.0, "MAX_DRAWDOWN"), (3, 10.0, 8.0, "MAX_DRAWDOWN")]
    assert sim.open_orders == []
    assert not sim.positions["size"].any()


def test_daily_loss_lasts_for_the_session():
    sessions = np.array([0, 0, 0, 0, 1, 1, 1, 1])
    later = {0: [send(500.0)], 2: [send(1.0)], 3: [send(1.0)], 4: [send(1.0)], 5: [send(1.0)]}
    sim = run(bars_of(*FALL), later, DailyLoss(0.1), sessions=sessions)
    denied, filled = Status.DENIED, Status.FILLED
    assert sim.orders["status"].tolist() == [filled, denied, denied, filled, filled]
    assert sim.orders["cause"][1] == Cause.DAILY_LOSS


def test_daily_loss_counts_from_the_session_before():
    # The gap of 2 over night is a loss of the new session.
    sessions = np.array([0, 0, 1, 1, 1, 2, 2, 2])
    sim = run(
        bars_of(*FALL), {0: [send(500.0)]}, DailyLoss(amount=1_000.0, then="flatten"),
        sessions=sessions,
    )  # fmt: skip
    assert exits(sim) == [(3, -500.0, 8.0, "DAILY_LOSS")]


@pytest.mark.parametrize("rules", [Rules(), Rules(latency_bars=2), Rules(cash_check="none")])
def test_a_halt_reaches_what_is_on_its_way(rules):
    def bracket(sim):
        parent = sim.submit(0, 5.0, Kind.LIMIT, limit=7.5, transmit=False)
        sim.submit(0, -5.0, Kind.STOP, stop=6.0, parent=parent, transmit=False)
        sim.parked = parent

    def transmit(sim):
        sim.submit(0, -5.0, Kind.LIMIT, limit=9.0, parent=sim.parked)

    start = {0: [send(500.0)]} if not rules.latency_bars else {}
    late = rules.latency_bars
    bars = bars_of(*[FLAT] * late, *FALL)
    calls = {
        0: [send(500.0)],
        1 + late: [send(5.0, Kind.LIMIT, limit=7.5), bracket],
        2 + late: [transmit, send(3.0)],
        4 + late: [lambda sim: sim.modify(1, size=50.0)],
    }
    sim = run(bars, calls | start, MaxDrawdown(0.05), rules=rules)
    assert sim.fills["size"].tolist() == [500.0]
    assert sim.orders["reason"][1] == Reason.HALTED
    assert {int(s) for s in sim.orders["status"][1:]} <= {
        Status.CANCELLED,
        Status.DENIED,
        Status.REJECTED,
    }


def test_a_halt_keeps_the_exits_of_a_bracket():
    def bracket(sim):
        parent = sim.submit(0, 500.0, transmit=False)
        sim.submit(0, -500.0, Kind.STOP, stop=7.5, parent=parent, transmit=False)
        sim.submit(0, -500.0, Kind.LIMIT, limit=12.0, parent=parent)

    sim = run(bars_of(*FALL), {0: [bracket]}, MaxDrawdown(0.05))
    assert [(int(f["bar"]), float(f["size"])) for f in sim.fills] == [(1, 500.0), (3, -500.0)]


# Limits


def denied(sim, n=-1):
    order = sim.orders[n]
    assert order["status"] == Status.DENIED
    return Reason(order["reason"]), float(order["needed"]), float(order["available"])


def test_gross_exposure():
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, assets=2)
    rule = GrossExposure(1.0)
    calls = {0: [send(600.0), send(-400.0, asset=1)], 1: [send(1.0)]}
    sim = run(bars, calls, rule, rules=Rules(cash_check="none"))
    assert sim.position_size(0) == 600.0
    assert sim.position_size(1) == -400.0
    assert denied(sim) == (Reason.EXPOSURE_LIMIT, 10_010.0, 10_000.0)
    assert sim.orders["cause"][-1] == Cause.EXPOSURE
    # What is pending counts as traded; what reduces passes.
    calls = {0: [send(600.0), send(-600.0, asset=1)], 1: [send(-600.0)]}
    sim = run(bars, calls, rule, rules=Rules(cash_check="none"))
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.DENIED, Status.FILLED]


def test_gross_exposure_cuts():
    bars = bars_of(FLAT, FLAT, FLAT, assets=2)
    calls = {0: [send(600.0), send(-600.0, asset=1)], 1: [send(-1_500.0)]}
    sim = run(bars, calls, GrossExposure(1.0, cut=True), rules=Rules(cash_check="none"))
    cut = sim.orders[1]
    assert (cut["asked"], cut["size"], cut["status"]) == (-600.0, -400.0, Status.FILLED)
    assert (cut["reason"], cut["needed"], cut["available"]) == (
        Reason.EXPOSURE_LIMIT,
        12_000.0,
        10_000.0,
    )
    assert cut["cause"] == Cause.STRATEGY
    assert sim.orders["size"][2] == -1_200.0  # from 600 to -600


def test_net_exposure():
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, assets=2)
    calls = {0: [send(-900.0, asset=1), send(500.0)], 1: [send(901.0)]}
    sim = run(bars, calls, NetExposure(0.5), rules=Rules(cash_check="none"))
    assert denied(sim, 0) == (Reason.EXPOSURE_LIMIT, 9_000.0, 5_000.0)
    assert denied(sim, 2) == (Reason.EXPOSURE_LIMIT, 14_010.0, 5_000.0)
    calls = {0: [send(-500.0, asset=1)], 1: [send(1_000.0)], 2: [send(1.0)]}
    sim = run(bars, calls, NetExposure(0.5), rules=Rules(cash_check="none"))
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.FILLED, Status.DENIED]


@pytest.mark.parametrize(
    ("rule", "needed", "available"),
    [
        (PositionLimit(units=20.0), 25.0, 20.0),
        (PositionLimit(value=200.0), 25.0, 20.0),
        (PositionLimit(fraction=0.02), 25.0, 20.0),
        (PositionLimit(units=20.0, asset="A"), 25.0, 20.0),
    ],
)
def test_position_limit(rule, needed, available):
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, assets=2)
    calls = {0: [send(15.0), send(5.0, asset=1)], 1: [send(10.0)], 2: [send(5.0)]}
    sim = run(bars, calls, rule)
    assert denied(sim, 2) == (Reason.POSITION_LIMIT, needed, available)
    assert sim.position_size(0) == 20.0
    assert sim.position_size(1) == 5.0


def test_position_limit_and_the_other_side():
    bars = bars_of(FLAT, FLAT, FLAT, FLAT)
    sim = run(
        bars, {0: [send(15.0)], 1: [send(-36.0)], 2: [send(-35.0)]}, PositionLimit(units=20.0)
    )
    assert denied(sim, 1) == (Reason.POSITION_LIMIT, 21.0, 20.0)
    assert sim.position_size(0) == -20.0


def test_pending_orders_of_one_group_count_once():
    bars = bars_of(FLAT, FLAT, FLAT)

    def pair(sim):
        sim.submit(0, 20.0, Kind.LIMIT, limit=9.0)
        sim.submit(0, 20.0, Kind.STOP, stop=11.0, oco=0)
        sim.submit(0, 1.0, Kind.LIMIT, limit=9.0)

    sim = run(bars, {0: [pair]}, PositionLimit(units=20.0))
    assert [Status(s).name for s in sim.orders["status"]] == ["ACCEPTED", "ACCEPTED", "DENIED"]


def test_a_bracket_is_judged_whole():
    bars = bars_of(FLAT, FLAT, FLAT, (11.0, 12.0, 11.0, 12.0))

    def bracket(size, child):
        def call(sim):
            parent = sim.submit(0, size, transmit=False)
            sim.submit(0, -child, Kind.STOP, stop=9.0, parent=parent, transmit=False)
            sim.submit(0, -child, Kind.LIMIT, limit=11.0, parent=parent)

        return call

    limit = PositionLimit(units=20.0)
    sim = run(bars, {0: [bracket(20.0, 20.0)]}, limit)
    assert [Status(s).name for s in sim.orders["status"]] == ["FILLED", "CANCELLED", "FILLED"]
    sim = run(bars, {0: [bracket(21.0, 21.0)]}, limit)
    assert set(sim.orders["status"]) == {Status.DENIED}
    # Cut, the children with their parent.
    sim = run(bars, {0: [bracket(30.0, 30.0)]}, PositionLimit(units=20.0, cut=True))
    assert sim.orders["size"].tolist() == [20.0, -20.0, -20.0]
    assert sim.position_size(0) == 0.0


def test_parked_orders_are_judged_when_they_are_sent():
    bars = bars_of(FLAT, FLAT, FLAT)

    def park(sim):
        first = sim.submit(0, 15.0, transmit=False)
        second = sim.submit(0, 15.0, transmit=False)
        for parent in (first, second):
            sim.submit(0, -15.0, Kind.STOP, stop=9.0, parent=parent)

    sim = run(bars, {0: [park]}, PositionLimit(units=20.0))
    assert sim.position_size(0) == 15.0
    assert [Status(s).name for s in sim.orders["status"]] == [
        "FILLED",
        "DENIED",
        "ACCEPTED",
        "DENIED",
    ]


def test_a_change_does_not_pass_a_limit():
    bars = bars_of(FLAT, FLAT, FLAT)
    answers = []

    def change(sim):
        answers.extend(sim.modify(0, size=size) for size in (21.0, 20.0))

    sim = run(
        bars, {0: [send(15.0, Kind.LIMIT, limit=9.0)], 1: [change]}, PositionLimit(units=20.0)
    )
    assert answers == [False, True]
    assert sim.orders["size"][0] == 20.0
    assert sim.orders["reason"][0] == 0


def test_order_limit():
    bars = bars_of(FLAT, FLAT, FLAT, FLAT, step=DAY // 2)
    sim = run(bars, {0: [send(11.0)], 1: [send(10.0)]}, OrderLimit(units=10.0))
    assert denied(sim, 0) == (Reason.ORDER_LIMIT, 11.0, 10.0)
    assert sim.orders["cause"][0] == Cause.ORDER_LIMIT
    sim = run(bars, {0: [send(11.0)], 1: [send(10.0)]}, OrderLimit(value=100.0))
    assert denied(sim, 0) == (Reason.ORDER_LIMIT, 110.0, 100.0)
    sim = run(bars, {t: [send(1.0), send(1.0)] for t in range(3)}, OrderLimit(per_session=3))
    assert denied(sim, 3) == (Reason.ORDER_LIMIT, 4.0, 3.0)
    assert sim.orders["status"].tolist().count(Status.DENIED) == 1
    waiting = send(1.0, Kind.LIMIT, limit=1.0)
    sim = run(bars, {0: [waiting] * 3}, OrderLimit(pending=2))
    assert denied(sim, 2) == (Reason.ORDER_LIMIT, 3.0, 2.0)
    # What only reduces is counted and never denied.
    sim = run(
        bars, {0: [send(5.0)], 1: [send(-5.0, reduce_only=True), send(1.0)]},
        OrderLimit(per_session=1),
    )  # fmt: skip
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.FILLED, Status.DENIED]


def test_volatility_target():
    closes = [10.0, 11.0, 10.0, 11.0, 10.0, 10.0]
    bars = bars_of(*[(c, c, c, c) for c in closes])
    returns = np.diff(closes) / closes[:-1]
    realised = returns[:4].std(ddof=1) * math.sqrt(252.0)
    rule = VolatilityTarget(0.2, window=4)
    sim = run(bars, {3: [send(100.0)], 4: [send(100.0)]}, rule)
    reason, needed, available = denied(sim, 0)  # three returns are known
    assert reason == Reason.VOLATILITY
    assert math.isnan(needed)
    assert available == 0.2
    cut = sim.orders[1]
    assert cut["size"] == pytest.approx(100.0 * 0.2 / realised, rel=1e-12)
    assert cut["asked"] == 100.0
    assert cut["needed"] == pytest.approx(realised, rel=1e-12)
    assert cut["reason"] == Reason.VOLATILITY
    assert sim.position_size(0) == cut["size"]
    # What closes is not scaled, the cap holds, and a calm market is not levered beyond it.
    sim = run(bars, {4: [send(100.0)]}, VolatilityTarget(100.0, window=4, cap=1.5))
    assert sim.orders["size"][0] == 150.0


def test_volatility_scales_only_what_opens():
    bars = bars_of(*[(c, c, c, c) for c in [10.0, 11.0, 10.0, 11.0, 10.0, 10.0, 10.0]])
    rule = VolatilityTarget(0.2, window=2)
    part = 0.2 / (np.array([-1 / 11, 0.0]).std(ddof=1) * math.sqrt(252.0))
    sim = run(bars, {2: [send(100.0)], 5: [send(-200.0)]}, rule)
    held = sim.orders["size"][0]
    assert sim.orders["size"][1] == pytest.approx(-(held + (200.0 - held) * part), rel=1e-12)


def test_what_cannot_be_valued_is_denied():
    bars = bars_of(FLAT, FLAT, FLAT, assets=2)
    columns = [x.copy() for x in (bars.open, bars.high, bars.low, bars.close, bars.volume)]
    for column in columns:
        column[0, 1] = math.nan
    bars = Bars.from_arrays(bars.times, *columns, assets=bars.assets)
    sim = run(bars, {0: [send(1.0, asset=1)]}, GrossExposure(1.0))
    assert sim.orders["reason"][0] == Reason.EXPOSURE_LIMIT
    sim = run(bars, {0: [send(1.0, asset=1)]}, PositionLimit(units=1.0))
    assert sim.orders["status"][0] == Status.FILLED


# Faces


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: StopLoss(), "either"),
        (lambda: StopLoss(0.1, 2.0), "either"),
        (lambda: TakeProfit(-0.1), "not negative"),
        (lambda: TimeStop(), "either"),
        (lambda: MaxDrawdown(0.1, then="panic"), "panic"),
        (lambda: MaxDrawdown(0.0), "positive"),
    ],
)
def test_errors_of_rules(make, text):
    with pytest.raises(ValueError, match=text):
        make()


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (StopLoss(0.1, asset="Z"), "'Z'"),
        (StopLoss(0.1, column="atr"), "'atr'"),
        (Trailing(0.1, activation=-1.0), "activation"),
        (GrossExposure(-1.0), "limit"),
        (VolatilityTarget(0.1, window=1), "window"),
        (OrderLimit(units=math.nan), "units"),
    ],
)
def test_errors_of_the_simulation(rule, text):
    with pytest.raises(ValueError, match=text):
        Simulation(bars_of(FLAT), cash=1.0, risk=[rule])


def test_what_is_no_rule():
    with pytest.raises(TypeError, match="no risk rule"):
        Simulation(bars_of(FLAT), cash=1.0, risk=[0.05])  # type: ignore[list-item]


# Room


@pytest.mark.parametrize("limit", [math.nan, 0.5])
def test_many_entries_inside_one_bar_find_room(limit):
    """Finer bars in which purchases fill bit by bit, and each bit is stopped out again."""
    parts, orders = 40, 30
    bars = bars_of(FLAT, *[(10.0, 10.0, 9.0, 10.0)] * 3)
    step = DAY // parts
    times = np.concatenate([t * DAY + np.arange(parts) * step for t in range(4)]).astype(np.int64)
    turns = np.where(np.arange(len(times)) % 2, 9.0, 10.0)
    finer = Bars.from_arrays(
        times, *[turns[:, None]] * 4, np.full((len(times), 1), 2.0), assets=("A",)
    )
    entries = {0: [send(5.0, Kind.LIMIT, limit=10.0) for _ in range(orders)]}
    sim = run(
        bars, entries, StopLoss(0.01), TakeProfit(0.5), finer=finer,
        slippage=Slippage("fixed", 0.0, volume_limit=limit), rules=Rules(queue="stops_first"),
    )  # fmt: skip
    stopped = sim.fills["cause"] == Cause.STOP_LOSS
    assert stopped.any()
    assert sim.fills["size"][~stopped].sum() + sim.fills["size"][stopped].sum() == (
        sim.position_size(0)
    )
    assert np.array_equal(np.unique(sim.events["order"]), np.arange(len(sim.orders)))


# Strategies in the loop


@pytest.mark.parametrize(
    "rules",
    [Rules(), Rules(bracket_activation="same_bar", price_path="body")],
    ids=["plain", "walk"],
)
def test_a_compiled_strategy_under_rules_trades_as_a_plain_one(rules):
    from numba import njit
    from programs import random_bars

    def strategy(now):
        for asset in range(2):
            if now.t % 7 == asset:
                now.order(asset, 10.0 if now.t % 2 else -10.0)
            if now.t % 11 == asset:
                now.order_percent(asset, 0.4)

    bars = random_bars(5, 200, 2, missing=0.1)
    risk = [
        StopLoss(0.05),
        TakeProfit(0.08),
        Trailing(0.04, activation=0.02),
        TimeStop(bars=9),
        GrossExposure(0.8, cut=True),
        MaxDrawdown(0.3, then="flatten", cooldown=20),
    ]
    plain = native.run(bars, strategy, rules, cash=5_000.0, risk=risk)
    compiled = native.run(bars, njit(strategy), rules, cash=5_000.0, risk=risk)
    assert compiled.order_rows.tobytes() == plain.order_rows.tobytes()
    assert compiled.fill_rows.tobytes() == plain.fill_rows.tobytes()
    assert compiled.equity.tobytes() == plain.equity.tobytes()
    assert set(plain.fills["cause"]) >= {"STRATEGY", "STOP_LOSS", "TAKE_PROFIT", "TRAILING_STOP"}


def test_a_stop_sent_inside_a_bar_takes_the_turn_of_its_asset():
    # Under by_asset: it comes before what waits of the third asset, whatever the gap is of that
    # the third asset's own entry left in the queue earlier in the bar.
    bars = bars_of(FLAT, (10.0, 10.5, 9.5, 10.0), FLAT, assets=3)
    sent = [
        send(BUY, Kind.LIMIT, limit=1.0),
        send(BUY, Kind.LIMIT, limit=9.6, asset=1),
        send(BUY, Kind.LIMIT, limit=1.0, asset=2),
        send(BUY, asset=2),
    ]
    rules = Rules(queue="by_asset", bracket_activation="same_bar", price_path="high_first")
    sim = run(bars, {0: sent}, StopLoss(0.2, asset="B"), rules=rules)
    assert sim.orders["asset"].tolist() == [0, 1, 2, 2, 1]
    assert sim.open_orders == [0, 4, 2]
