"""The kinds of orders, how long they live, how they hang together, and how each of them ends."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fillproof.core import order_book
from fillproof.core.costs import Commission, Slippage
from fillproof.core.errors import FillproofError
from fillproof.core.instruments import Instrument
from fillproof.core.orders import FINAL, TRANSITIONS, Kind, Reason, Status, TimeInForce
from fillproof.core.rules import BracketActivation, LateMember, PartialParent, Positioning, Rules
from fillproof.core.simulation import OrderError, Simulation
from golden import (
    DAY,
    FLAT,
    HOUR,
    bars_of,
    bracket,
    cancel,
    ended,
    modify,
    order,
    outcome,
    run,
    statuses,
)
from golden import prices as prices_of
from hypothesis import given, settings
from hypothesis import strategies as st
from programs import any_rules, random_bars

NAN = math.nan

# Kinds. Worked out for purchases; a sale in the bar mirrored at 10 (p becomes 20 - p) is the same
# trade at the mirrored price. The bar before closes at 10.

UP = (10.0, 12.0, 9.0, 11.0)  # opens at 10, between 9 and 12
GAP_UP = (11.5, 13.0, 11.25, 12.0)
GAP_DOWN = (9.0, 11.0, 8.0, 10.0)

CASES = [
    (Kind.MARKET, {}, UP, 10.0),
    (Kind.CLOSE, {}, UP, 11.0),
    # limit: at the open when it opens there or better, else at the limit when that is touched
    (Kind.LIMIT, {"limit": 9.5}, UP, 9.5),
    (Kind.LIMIT, {"limit": 9.0}, UP, 9.0),
    (Kind.LIMIT, {"limit": 8.75}, UP, None),
    (Kind.LIMIT, {"limit": 10.0}, UP, 10.0),
    (Kind.LIMIT, {"limit": 9.5}, GAP_DOWN, 9.0),
    # stop
    (Kind.STOP, {"stop": 11.0}, UP, 11.0),
    (Kind.STOP, {"stop": 12.0}, UP, 12.0),
    (Kind.STOP, {"stop": 12.25}, UP, None),
    (Kind.STOP, {"stop": 11.0}, GAP_UP, 11.5),
    # stop-limit: trades at the stop when its limit is not below it; else only when the bar is
    # known to have come back, which one that closes above its open is not
    (Kind.STOP_LIMIT, {"stop": 11.0, "limit": 11.5}, UP, 11.0),
    (Kind.STOP_LIMIT, {"stop": 11.0, "limit": 10.5}, UP, None),
    (Kind.STOP_LIMIT, {"stop": 11.0, "limit": 10.5}, (10.75, 12.0, 9.0, 10.0), 10.5),
    (Kind.STOP_LIMIT, {"stop": 12.5, "limit": 13.0}, UP, None),
    (Kind.STOP_LIMIT, {"stop": 11.0, "limit": 11.25}, GAP_UP, 11.25),
    (Kind.STOP_LIMIT, {"stop": 11.0, "limit": 11.0}, GAP_UP, None),
    # trailing: the stop begins at 10 + 1, 10 + 2.5, 10 x 1.1
    (Kind.TRAIL, {"trail_amount": 1.0}, UP, 11.0),
    (Kind.TRAIL, {"trail_amount": 2.5}, UP, None),
    (Kind.TRAIL, {"trail_amount": 1.0}, GAP_UP, 11.5),
    (Kind.TRAIL, {"trail_percent": 0.1}, UP, 11.0),
    (Kind.TRAIL, {"trail_percent": 0.25}, UP, None),
    # its limit keeps the distance that it began with: stop 11, limit 11 - (10 - 10.5) = 11.5
    (Kind.TRAIL_LIMIT, {"trail_amount": 1.0, "stop": 10.0, "limit": 10.5}, UP, 11.0),
    (Kind.TRAIL_LIMIT, {"trail_amount": 1.0, "stop": 10.0, "limit": 10.25}, GAP_UP, 11.25),
    (Kind.TRAIL_LIMIT, {"trail_amount": 1.0, "stop": 10.0, "limit": 9.5}, UP, None),
    # if touched: the stop waits on the other side
    (Kind.MARKET_IF_TOUCHED, {"stop": 9.5}, UP, 9.5),
    (Kind.MARKET_IF_TOUCHED, {"stop": 9.0}, UP, 9.0),
    (Kind.MARKET_IF_TOUCHED, {"stop": 8.75}, UP, None),
    (Kind.MARKET_IF_TOUCHED, {"stop": 9.5}, GAP_DOWN, 9.0),
    (Kind.LIMIT_IF_TOUCHED, {"stop": 9.5, "limit": 9.25}, UP, 9.25),
    (Kind.LIMIT_IF_TOUCHED, {"stop": 9.5, "limit": 9.75}, UP, 9.5),
    (Kind.LIMIT_IF_TOUCHED, {"stop": 9.5, "limit": 8.75}, UP, None),
    (Kind.LIMIT_IF_TOUCHED, {"stop": 8.75, "limit": 9.5}, UP, None),
    (Kind.LIMIT_IF_TOUCHED, {"stop": 9.5, "limit": 9.25}, GAP_DOWN, 9.0),
    (Kind.LIMIT_IF_TOUCHED, {"stop": 9.5, "limit": 8.25}, GAP_DOWN, 8.25),
]


def mirrored(bar):
    open_, high, low, close = (20.0 - price for price in bar)
    return open_, low, high, close


def mirrored_prices(given_):
    return {k: 20.0 - v if k in ("limit", "stop") else v for k, v in given_.items()}


@pytest.mark.parametrize(("kind", "given_", "bar", "expected"), CASES)
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_each_kind_at_a_gap_at_its_level_and_not_reached(kind, given_, bar, expected, side):
    if side < 0:
        bar, given_ = mirrored(bar), mirrored_prices(given_)
        expected = None if expected is None else 20.0 - expected
    sim = run(bars_of(FLAT, bar), {0: [order(side * 5, kind, **given_)]})
    assert outcome(sim) == ([] if expected is None else [(0, 1, side * 5, expected)])


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_triggered_limit_works_on_as_a_limit_order(side):
    """The bar that triggers it does not fill it; a later one at the limit does."""
    turn = (lambda bar: bar) if side > 0 else mirrored
    price = (lambda p: p) if side > 0 else (lambda p: 20.0 - p)
    bars = bars_of(FLAT, turn(UP), turn((11.0, 11.5, 10.5, 11.0)), turn((11.0, 11.0, 9.0, 9.5)))
    stop = order(side * 5, Kind.STOP_LIMIT, stop=price(11.0), limit=price(10.25))
    touched = order(side * 5, Kind.LIMIT_IF_TOUCHED, stop=price(9.0), limit=price(8.75))
    sim = run(bars, {0: [stop, touched]})
    # 10.5 is above the limit of 10.25, the bar after reaches it; 8.75 is never reached
    assert outcome(sim) == [(0, 3, side * 5, price(10.25))]
    assert statuses(sim, 0) == ["SUBMITTED", "ACCEPTED", "TRIGGERED", "FILLED"]
    assert statuses(sim, 1) == ["SUBMITTED", "ACCEPTED", "TRIGGERED"]


def test_a_trailing_stop_follows_in_the_favourable_direction_only():
    bars = bars_of(
        FLAT,
        (10.0, 13.0, 10.0, 12.0),  # the stop was 8; it follows the close to 10, the high to 11
        (12.0, 12.0, 11.25, 11.25),  # a lower close (high) leaves it
        (11.25, 11.25, 9.0, 9.0),
    )
    for update, stop in (("close", 10.0), ("extreme", 11.0)):
        rules = Rules(trail_update=update)
        assert prices_of(run(bars, {0: [order(-1, Kind.TRAIL, trail_amount=2.0)]}, rules)) == [stop]
    # by 20 %: 12 x 0.8 = 9.6, 13 x 0.8 = 10.4
    for update, stop in (("close", 12.0 - 12.0 * 0.2), ("extreme", 13.0 - 13.0 * 0.2)):
        rules = Rules(trail_update=update)
        send = order(-1, Kind.TRAIL, trail_percent=0.2)
        assert prices_of(run(bars, {0: [send]}, rules)) == [stop]


def test_what_is_left_of_a_stop_that_traded_in_part_is_a_market_order():
    # 4 units of volume in each bar: the stop at 11 is reached in bar 1 and never again.
    bars = bars_of(FLAT, UP, (9.0, 9.5, 8.0, 9.0), (8.0, 8.5, 7.0, 8.0), volume=4.0)
    part = Slippage(volume_limit=1.0)
    for rules in (Rules(), Rules(trigger_status="silent")):
        sim = run(bars, {0: [order(10, Kind.STOP, stop=11.0)]}, rules, slippage=part)
        assert outcome(sim) == [(0, 1, 4.0, 11.0), (0, 2, 4.0, 9.0), (0, 3, 2.0, 8.0)]
        sim = run(bars, {0: [order(10, Kind.MARKET_IF_TOUCHED, stop=9.0)]}, rules, slippage=part)
        assert outcome(sim) == [(0, 1, 4.0, 9.0), (0, 2, 4.0, 9.0), (0, 3, 2.0, 8.0)]
    # a trailing stop no longer trails
    sim = run(bars, {0: [order(10, Kind.TRAIL, trail_amount=1.0)]}, slippage=part)
    assert outcome(sim) == [(0, 1, 4.0, 11.0), (0, 2, 4.0, 9.0), (0, 3, 2.0, 8.0)]


def test_trigger_status_says_that_a_stop_was_reached_or_does_not():
    kinds = [
        order(1, Kind.STOP, stop=11.0),
        order(1, Kind.STOP_LIMIT, stop=11.0, limit=11.0),
        order(1, Kind.MARKET_IF_TOUCHED, stop=9.0),
        order(1, Kind.LIMIT_IF_TOUCHED, stop=9.0, limit=8.0),
        order(1, Kind.LIMIT, limit=9.0),
    ]
    said = run(bars_of(FLAT, UP), {0: kinds})
    silent = run(bars_of(FLAT, UP), {0: kinds}, Rules(trigger_status="silent"))
    begins = ["SUBMITTED", "ACCEPTED"]
    assert [statuses(said, n)[2:] for n in range(5)] == [
        ["TRIGGERED", "FILLED"],
        ["TRIGGERED", "FILLED"],
        ["TRIGGERED", "FILLED"],
        ["TRIGGERED"],
        ["FILLED"],
    ]
    assert [statuses(silent, n) for n in range(5)] == [[*begins, "FILLED"]] * 3 + [
        begins,
        [*begins, "FILLED"],
    ]
    assert outcome(said) == outcome(silent)
    assert silent.orders["triggered"][3]
    assert said.orders["triggered"][3]


# Time in force: sessions of three bars each.


def sessions_of(count: int, each: int = 3) -> np.ndarray:
    return np.repeat(np.arange(count), each)


def intraday(*rows, each: int = 3, **settings):
    return bars_of(*rows, step=HOUR, **settings), {"sessions": sessions_of(len(rows) // each, each)}


def test_day_orders_live_through_the_session_of_the_first_bar_they_can_meet():
    bars, more = intraday(*[FLAT] * 9)
    far = order(1, Kind.LIMIT, limit=1.0, tif=TimeInForce.DAY)
    sim = run(bars, {0: [far], 2: [far], 5: [far]}, **more)
    # Sent in bar 0: session 0, over in bar 3. Sent in the last bar of a session: the next one.
    assert sim.orders["closed_bar"].tolist() == [3, 6, -1]
    assert ended(sim, 0) == ("EXPIRED", "TIME")
    # Latency of two bars: sent in bar 1, it reaches the market in bar 4, session 1.
    late = run(bars, {1: [far]}, Rules(latency_bars=2), **more)
    assert late.orders["closed_bar"].tolist() == [6]


def test_a_dated_order_expires_on_the_first_bar_after_its_date():
    bars = bars_of(*[FLAT] * 5)
    far = {"kind": Kind.LIMIT, "limit": 1.0, "tif": TimeInForce.GTD}
    send = [order(1, expires=2 * DAY, **far), order(1, expires=2 * DAY + 1, **far)]
    sim = run(bars, {0: send})
    assert sim.orders["closed_bar"].tolist() == [3, 3]
    # one that the bar after its date would have filled is over before
    near = order(1, Kind.LIMIT, limit=9.0, tif=TimeInForce.GTD, expires=DAY)
    assert outcome(run(bars_of(FLAT, FLAT, UP), {0: [near]})) == []


def test_immediate_or_cancel_takes_what_the_first_bar_gives():
    bars = bars_of(FLAT, UP, UP, volume=4.0)
    part = Slippage(volume_limit=1.0)
    ioc = {"tif": TimeInForce.IOC}
    sim = run(bars, {0: [order(10, **ioc)]}, slippage=part)
    assert outcome(sim) == [(0, 1, 4.0, 10.0)]
    assert ended(sim, 0) == ("CANCELLED", "IMMEDIATE")
    assert statuses(sim, 0)[2:] == ["PARTIAL", "CANCELLED"]
    sim = run(bars, {0: [order(4, **ioc), order(1, Kind.LIMIT, limit=8.0, **ioc)]}, slippage=part)
    assert ended(sim, 0) == ("FILLED", "NONE")
    assert ended(sim, 1) == ("CANCELLED", "IMMEDIATE")
    assert sim.orders["closed_bar"].tolist() == [1, 1]


def test_fill_or_kill_trades_whole_or_not_at_all():
    bars = bars_of(FLAT, UP, UP, volume=4.0)
    part = Slippage(volume_limit=1.0)
    fok = {"tif": TimeInForce.FOK}
    sim = run(bars, {0: [order(3, **fok), order(2, **fok), order(1, **fok)]}, slippage=part)
    # 3 of 4 units, then 1 is left for an order of 2: not whole; it is enough for one of 1.
    assert outcome(sim) == [(0, 1, 3.0, 10.0), (2, 1, 1.0, 10.0)]
    assert ended(sim, 1) == ("CANCELLED", "IMMEDIATE")


@pytest.mark.parametrize("tif", [TimeInForce.IOC, TimeInForce.FOK])
def test_a_bar_without_volume_ends_immediate_orders_where_it_does_not_trade(tif):
    bars = bars_of(FLAT, FLAT, FLAT, volume=[1.0, 0.0, 1.0])
    sim = run(bars, {0: [order(1, tif=tif), order(1)]}, Rules(no_volume="no_trade"))
    assert outcome(sim) == [(1, 2, 1.0, 10.0)]
    assert ended(sim, 0) == ("CANCELLED", "IMMEDIATE")


SESSION_ROWS = [
    (10.0, 10.5, 9.5, 10.0), (10.0, 11.0, 9.0, 10.5), (10.5, 11.0, 10.0, 10.25),
    (12.0, 12.5, 11.5, 12.0), (12.0, 13.0, 11.0, 12.5), (12.5, 12.75, 12.0, 12.25),
]  # fmt: skip


@pytest.mark.parametrize("path", ["whole_bar", "high_first", "low_first"])
@pytest.mark.parametrize("fill_time", ["next_open", "next_close", "this_close", "next_worst"])
def test_orders_for_the_open_and_for_the_close_of_a_session(path, fill_time):
    bars, more = intraday(*SESSION_ROWS)
    rules = Rules(price_path=path, fill_time=fill_time)
    at_open, at_close = {"tif": TimeInForce.AT_OPEN}, {"tif": TimeInForce.AT_CLOSE}
    sim = run(
        bars,
        {
            0: [
                order(1, **at_open),  # the open of bar 3
                order(1, **at_close),  # the close of bar 2
                order(1, Kind.LIMIT, limit=11.0, **at_open),  # 12 is above it
                order(1, Kind.LIMIT, limit=10.25, **at_close),  # exactly the close of bar 2
                order(-1, Kind.LIMIT, limit=11.0, **at_close),  # the close is below it
            ],
            2: [order(2, **at_close), order(2, **at_open)],  # bar 5, bar 3
        },
        rules,
        **more,
    )
    found = sorted(outcome(sim))
    assert found == [
        (0, 3, 1.0, 12.0),
        (1, 2, 1.0, 10.25),
        (3, 2, 1.0, 10.25),
        (5, 5, 2.0, 12.25),
        (6, 3, 2.0, 12.0),
    ]
    assert ended(sim, 2) == ended(sim, 4) == ("EXPIRED", "TIME")
    assert sim.orders["closed_bar"].tolist()[2] == 3
    assert sim.orders["closed_bar"].tolist()[4] == 2


def test_the_open_of_a_session_is_that_of_the_assets_own_first_bar():
    nan = (NAN, NAN, NAN, NAN)
    rows = [FLAT, FLAT, FLAT, nan, (12.0, 12.0, 12.0, 12.0), FLAT]
    bars, more = intraday(*rows)
    sim = run(bars, {0: [order(1, tif=TimeInForce.AT_OPEN)]}, **more)
    assert outcome(sim) == [(0, 4, 1.0, 12.0)]


def test_auction_orders_that_trade_in_part_expire_with_the_rest():
    bars, more = intraday(*SESSION_ROWS, volume=4.0)
    send = [order(10, tif=TimeInForce.AT_OPEN), order(10, tif=TimeInForce.AT_CLOSE)]
    sim = run(bars, {0: send}, slippage=Slippage(volume_limit=1.0), **more)
    assert outcome(sim) == [(1, 2, 4.0, 10.25), (0, 3, 4.0, 12.0)]
    assert ended(sim, 0) == ended(sim, 1) == ("EXPIRED", "TIME")


# The transition table


def test_no_step_is_made_that_the_table_does_not_allow():
    for before in Status:
        for after in Status:
            sim = run(bars_of(FLAT, FLAT), {0: [order(1, Kind.LIMIT, limit=1.0)]})
            book = sim.book
            sim.orders["status"][0] = before
            count = int(book.account["n_events"][0])
            order_book.enter.py_func(book, 0, int(after), -1)
            legal = bool(TRANSITIONS[before, after])
            assert sim.orders["status"][0] == (after if legal else before)
            assert book.account["n_events"][0] == count + legal
            assert (book.account["fault"][0] != 0) != legal
            if not legal:
                with pytest.raises(FillproofError, match="its status does not allow"):
                    sim._sync()


def test_final_states_lead_nowhere_and_every_state_can_be_reached():
    for status in Status:
        assert TRANSITIONS[status].any() == (status not in FINAL)
    assert TRANSITIONS[:, 1:].any(axis=0).all()


@st.composite
def instruments(draw) -> Instrument:
    lot = draw(st.sampled_from([0.0, 0.0, 1.0, 5.0]))
    tick = draw(st.sampled_from([0.0, 0.0, 0.5]))
    return Instrument(lot=lot, tick=tick, minimum_size=draw(st.sampled_from([0.0, 0.0, 7.0])))


def wild(seed: int, rules: Rules, instrument: Instrument, slippage: Slippage, cash: float):
    """A run with every kind of order, group, change and cancel at random."""
    rng = np.random.default_rng(seed)
    bars = random_bars(seed, 40, 2, missing=0.1 * (seed % 2))
    sim = Simulation(
        bars, rules, cash=cash, slippage=slippage, instruments=instrument,
        commission=Commission("percent", 0.001),
        sessions=np.arange(40) // 4,
    )  # fmt: skip
    hedging = rules.positioning == Positioning.HEDGING

    def send(asset, size, parent=-1, oco=-1, transmit=True) -> int:
        history = bars.close[: sim.bar + 1, asset]
        known = history[~np.isnan(history)]
        price = float(known[-1]) if len(known) else 20.0
        kind = Kind(rng.integers(len(Kind)))
        tif = TimeInForce(rng.integers(len(TimeInForce))) if rng.random() < 0.4 else TimeInForce.GTC
        if tif >= TimeInForce.AT_OPEN and kind not in (Kind.MARKET, Kind.LIMIT):
            kind = Kind.LIMIT
        offset = rng.integers(-6, 7, 2) * 0.25
        wanted: dict = {}
        if kind in (Kind.LIMIT, Kind.STOP_LIMIT, Kind.LIMIT_IF_TOUCHED):
            wanted["limit"] = max(price + offset[0], 0.5)
        if kind in (Kind.STOP, Kind.STOP_LIMIT, Kind.MARKET_IF_TOUCHED, Kind.LIMIT_IF_TOUCHED):
            wanted["stop"] = max(price + offset[1], 0.5)
        if kind in (Kind.TRAIL, Kind.TRAIL_LIMIT):
            wanted["trail_amount"] = float(rng.integers(1, 7)) * 0.25
        return sim.submit(
            asset, size, kind, tif=tif, parent=parent, oco=oco, transmit=transmit,
            expires=int(bars.times[sim.bar]) + 3 * DAY if tif == TimeInForce.GTD else 0,
            reduce_only=bool(rng.random() < 0.15),
            independent=bool(parent >= 0 and rng.random() < 0.2),
            side=("long" if rng.random() < 0.5 else "short") if hedging else "",
            **wanted,
        )  # fmt: skip

    for t in range(40):
        sim.step(t)
        for _ in range(rng.integers(0, 4)):
            n = len(sim.orders)
            asset = int(rng.integers(2))
            size = float(rng.integers(1, 40)) * (1.0 if rng.random() < 0.6 else -1.0)
            act = rng.random()
            if act < 0.35:
                send(asset, size)
            elif act < 0.55:
                parent = send(asset, size, transmit=False)
                children = int(rng.integers(1, 6))
                for k in range(children):
                    send(asset, -size, parent=parent, transmit=k == children - 1)
            elif act < 0.7:
                leader = send(asset, size)
                for _ in range(rng.integers(1, 5)):
                    send(asset, size, oco=leader)
            elif act < 0.75 and n:
                # late: to a group that may have traded
                leader = int(rng.integers(n))
                send(asset, size, oco=leader)
            elif act < 0.8 and n:
                parent = int(rng.integers(n))
                if sim.orders["parent"][parent] < 0:
                    send(asset, -size, parent=parent)
            elif act < 0.9 and n:
                sim.cancel(int(rng.integers(max(n - 12, 0), n)))
            elif n:
                number = int(rng.integers(max(n - 12, 0), n))
                row = sim.orders[number]
                changed: dict = {"size": float(rng.integers(1, 40)) * np.sign(row["size"])}
                if row["kind"] in (Kind.LIMIT, Kind.STOP_LIMIT) and rng.random() < 0.7:
                    changed["limit"] = max(float(row["limit"]) + 0.25, 0.5)
                if not changed["size"]:
                    continue
                sim.modify(number, **changed)
    return sim


_BY_NUMBER = (
    Reason.CASH, Reason.BUYING_POWER, Reason.SIZE, Reason.REDUCE_ONLY, Reason.NOT_SHORTABLE,
)  # fmt: skip
wildly = settings(max_examples=80, deadline=None, derandomize=True)
any_wild = (
    st.integers(0, 2**31),
    any_rules,
    instruments(),
    st.sampled_from([Slippage(), Slippage(volume_limit=0.05), Slippage("percent", 0.01)]),
    st.sampled_from([500.0, 5_000.0, 1e6]),
)


@wildly
@given(*any_wild)
def test_every_order_lives_by_the_table_and_ends_for_a_reason(
    seed, rules, instrument, slippage, cash
):
    sim = wild(seed, rules, instrument, slippage, cash)
    orders = sim.orders
    at = np.zeros(len(orders), dtype=np.int64)
    for event in sim.events:
        number = event["order"]
        if not orders["resent"][number]:
            assert TRANSITIONS[at[number], event["status"]]
        at[number] = event["status"]
    assert np.array_equal(at, orders["status"])
    for number, row in enumerate(orders):
        if row["resent"]:
            continue
        status, reason = Status(row["status"]), Reason(row["reason"])
        assert (row["closed_bar"] >= 0) == (status in FINAL)
        # An order ends filled, or for a reason; one that lives has none.
        assert (reason != Reason.NONE) == (status in FINAL and status != Status.FILLED)
        assert (status == Status.FILLED) == (row["remaining"] == 0.0) or status == Status.DENIED
        if reason in _BY_NUMBER:
            assert row["needed"] > row["available"], (number, reason)
        fills = sim.fills[sim.fills["order"] == number]
        assert row["filled"] == fills["size"].sum()
        assert row["filled"] + row["remaining"] == pytest.approx(row["size"])
        assert (fills["size"] * row["size"] > 0.0).all()
        if status in (Status.DENIED, Status.REJECTED) and reason != Reason.NOT_SHORTABLE:
            assert len(fills) == 0
        if row["reduce_only"]:
            assert (fills["opened"] == 0.0).all()
        if row["tif"] == TimeInForce.FOK and status != Status.MARGIN:
            assert len(fills) == (status == Status.FILLED)
        if row["tif"] in (TimeInForce.IOC, TimeInForce.FOK):
            assert len(set(fills["booked"].tolist())) <= 1
        assert (fills["booked"] >= max(row["arrives"], row["created_bar"] + 1)).all()


@wildly
@given(*any_wild)
def test_groups_trade_as_groups(seed, rules, instrument, slippage, cash):
    """Of an OCO group one order trades; children trade after their parent, one of them whole."""
    rules = rules.replace(late_member="joins", partial_parent="cancel")
    sim = wild(seed, rules, instrument, slippage, cash)
    orders, fills = sim.orders, sim.fills
    filled_at = {int(e["order"]): k for k, e in enumerate(sim.events) if e["status"] == 4}
    first_fill = {}
    for k, event in enumerate(sim.events):
        if event["fill"] >= 0:
            first_fill.setdefault(int(event["order"]), k)
    for leader in set(orders["oco"].tolist()):
        group = np.flatnonzero(orders["oco"] == leader)
        assert len(set(fills["order"][np.isin(fills["order"], group)].tolist())) <= 1
    for parent in set(orders["parent"].tolist()) - {-1}:
        children = np.flatnonzero(orders["parent"] == parent)
        for child in children.tolist():
            if child in first_fill:
                assert filled_at[parent] < first_fill[child]
        tied = [c for c in children.tolist() if not orders["independent"][c]]
        whole = [filled_at[c] for c in tied if c in filled_at]
        assert len(whole) <= 1
        for child in tied:
            if whole and child in first_fill:
                last = np.flatnonzero(sim.events["order"] == child)[-1]
                assert last <= whole[0] or sim.events["fill"][last] < 0
        if orders["status"][parent] in FINAL and orders["status"][parent] != Status.FILLED:
            # Whoever waits for it in vain has ended too. Not a child that is still on its way to
            # the market (latency) when the run ends: it hears of its parent's end on arrival.
            known = [c for c in children if orders["arrives"][c] <= sim.bar]
            alive = [c for c in known if orders["status"][c] not in (*FINAL, 0)]
            assert not alive


# Brackets and groups


def group_of(count: int, kinds="limit"):
    def send(sim):
        first = sim.submit(0, 1.0, Kind.LIMIT, limit=9.0)
        for n in range(1, count):
            sim.submit(0, 1.0, Kind.LIMIT, limit=9.0 - 0.25 * n, oco=first)

    return send


@pytest.mark.parametrize("count", [2, 3, 7, 20])
def test_oco_groups_of_any_size(count):
    sim = run(bars_of(FLAT, (10.0, 10.0, 1.0, 5.0), FLAT), {0: [group_of(count)]})
    assert outcome(sim) == [(0, 1, 1.0, 9.0)]
    assert [ended(sim, n) for n in range(1, count)] == [("CANCELLED", "GROUP")] * (count - 1)
    # a cancel of one ends all
    sim = run(bars_of(*[FLAT] * 3), {0: [group_of(count)], 1: [cancel(count // 2)]})
    reasons = [ended(sim, n) for n in range(count)]
    assert reasons.count(("CANCELLED", "USER")) == 1
    assert reasons.count(("CANCELLED", "GROUP")) == count - 1


@pytest.mark.parametrize("count", [1, 2, 5, 20])
@pytest.mark.parametrize("independent", [False, True])
def test_brackets_of_any_size(count, independent):
    """Children that cancel each other (a bracket), or not: one triggers others (OTO)."""

    def send(sim):
        parent = sim.submit(0, 20.0, transmit=False)
        for n in range(count):
            sim.submit(
                0, -1.0, Kind.LIMIT, limit=11.0 + 0.25 * n, parent=parent,
                transmit=n == count - 1, independent=independent,
            )  # fmt: skip

    bars = bars_of(FLAT, FLAT, (10.0, 11.5, 10.0, 11.0), (11.0, 30.0, 11.0, 20.0))
    sim = run(bars, {0: [send]})
    if not independent:
        assert outcome(sim) == [(0, 1, 20.0, 10.0), (1, 2, -1.0, 11.0)]
        assert [ended(sim, n) for n in range(2, count + 1)] == [("CANCELLED", "GROUP")] * (
            count - 1
        )
        return
    # 11, 11.25 and 11.5 in bar 2, the others in bar 3 at their limits
    expected = [(n + 1, 2 if n < 3 else 3, -1.0, 11.0 + 0.25 * n) for n in range(count)]
    assert outcome(sim)[1:] == expected


@pytest.mark.parametrize("rule", list(PartialParent))
def test_a_parent_that_ends_with_a_part_filled(rule):
    """4 of 10 units trade at once, the rest is cancelled; then the target is reached."""
    bars = bars_of(FLAT, FLAT, (10.0, 12.5, 10.0, 12.0), FLAT, volume=4.0)
    sim = run(
        bars,
        {0: [bracket(tif=TimeInForce.IOC)]},
        Rules(partial_parent=rule),
        slippage=Slippage(volume_limit=1.0),
    )
    if rule == PartialParent.CANCEL:
        assert outcome(sim) == [(0, 1, 4.0, 10.0)]
        assert ended(sim, 1) == ended(sim, 2) == ("CANCELLED", "GROUP")
    else:
        assert outcome(sim) == [(0, 1, 4.0, 10.0), (2, 2, -4.0, 12.0)]
        assert ended(sim, 1) == ("CANCELLED", "GROUP")
        assert sim.orders["size"].tolist() == [10.0, -4.0, -4.0]
        assert sim.position_size(0) == 0.0


def test_a_parent_filled_over_several_bars_activates_its_children_with_the_last_fill():
    bars = bars_of(FLAT, FLAT, (10.0, 13.0, 10.0, 10.0), (10.0, 13.0, 10.0, 10.0), volume=5.0)
    sim = run(bars, {0: [bracket()]}, slippage=Slippage(volume_limit=1.0))
    # 5 in bar 1, 5 in bar 2, whose high of 13 comes too early for the target; then 5 in bar 3
    assert outcome(sim) == [(0, 1, 5.0, 10.0), (0, 2, 5.0, 10.0), (2, 3, -5.0, 12.0)]


@pytest.mark.parametrize("rule", list(BracketActivation))
def test_children_trade_in_the_bar_of_their_parent_or_not(rule):
    bars = bars_of(FLAT, (10.0, 12.5, 9.0, 12.0), (9.0, 9.0, 9.0, 9.0))
    sim = run(bars, {0: [bracket()]}, Rules(bracket_activation=rule))
    same = [(2, 1, -10.0, 12.0)] if rule == BracketActivation.SAME_BAR else []
    assert outcome(sim)[1:] == same


def test_a_refused_or_cancelled_parent_takes_its_children_along():
    sim = run(bars_of(FLAT, FLAT), {0: [bracket(size=10_000_000.0)]})
    assert ended(sim, 0) == ("MARGIN", "CASH")
    assert (sim.orders["needed"][0], sim.orders["available"][0]) == (1e8, 1e5)
    assert ended(sim, 1) == ended(sim, 2) == ("REJECTED", "PARENT")
    sim = run(bars_of(*[FLAT] * 4), {0: [bracket(kind=Kind.LIMIT, limit=5.0)], 1: [cancel(0)]})
    assert ended(sim, 0) == ("CANCELLED", "USER")
    assert ended(sim, 1) == ended(sim, 2) == ("CANCELLED", "GROUP")


def test_a_bracket_is_sent_whole_or_not_at_all():
    def send(sim):
        entry = sim.submit(0, 10.0, transmit=False)
        sim.submit(0, -10.0, Kind.STOP, stop=8.0, parent=entry, transmit=False)
        sim.submit(0, -2.0, Kind.LIMIT, limit=12.0, parent=entry)

    sim = run(bars_of(FLAT, FLAT, FLAT), {0: [send]}, instruments=Instrument(minimum_size=5.0))
    assert ended(sim, 2) == ("DENIED", "SIZE")
    assert ended(sim, 0) == ended(sim, 1) == ("DENIED", "GROUP")
    assert outcome(sim) == []


def test_a_late_child_joins_its_bracket():
    """Sent with its parent transmitted, filled, ended; and what the other rule makes of it."""
    rows = [FLAT, FLAT, (10.0, 10.0, 7.0, 8.0), FLAT]
    child = order(-10, Kind.STOP, stop=8.0, parent=0)
    sim = run(bars_of(*rows), {0: [order(10), child]})
    assert outcome(sim) == [(0, 1, 10.0, 10.0), (1, 2, -10.0, 8.0)]
    sim = run(bars_of(*rows), {0: [order(10)], 1: [child]})
    assert outcome(sim) == [(0, 1, 10.0, 10.0), (1, 2, -10.0, 8.0)]
    limit = order(10, Kind.LIMIT, limit=5.0)
    sim = run(bars_of(*rows), {0: [limit], 1: [cancel(0), child]})
    assert ended(sim, 1) == ("REJECTED", "PARENT")
    again = Rules(late_member=LateMember.RESENDS)
    sim = run(bars_of(*rows), {0: [order(10)], 1: [child]}, again)
    assert outcome(sim) == [(0, 1, 10.0, 10.0)]  # it waits for ever


def test_an_order_for_an_oco_group_that_has_traded_is_refused():
    far = order(1, Kind.LIMIT, limit=1.0, oco=0)
    sim = run(bars_of(*[FLAT] * 3), {0: [order(1), far], 1: [far]})
    assert ended(sim, 1) == ("CANCELLED", "GROUP")
    assert ended(sim, 2) == ("REJECTED", "GROUP")
    # It was on its way when the group traded.
    sim = run(bars_of(*[FLAT] * 5), {0: [order(1)], 1: [far]}, Rules(latency_bars=1))
    assert outcome(sim) == [(0, 2, 1.0, 10.0)]
    assert ended(sim, 1) == ("CANCELLED", "GROUP")


def test_children_end_with_a_parent_that_its_oco_group_cancels():
    def send(sim):
        first = sim.submit(0, 1.0)
        entry = sim.submit(0, 10.0, Kind.LIMIT, limit=5.0, oco=first, transmit=False)
        sim.submit(0, -10.0, Kind.STOP, stop=4.0, parent=entry)

    sim = run(bars_of(*[FLAT] * 3), {0: [send]})
    assert ended(sim, 1) == ("CANCELLED", "GROUP")
    assert ended(sim, 2) == ("CANCELLED", "PARENT")


# Changes and cancels


def test_changes_of_size_and_price():
    rows = [FLAT, FLAT, UP, UP]
    limit = order(10, Kind.LIMIT, limit=5.0)
    sim = run(bars_of(*rows), {0: [limit], 1: [modify(0, size=4.0, limit=9.5)]})
    assert outcome(sim) == [(0, 2, 4.0, 9.5)]
    assert statuses(sim, 0) == ["SUBMITTED", "ACCEPTED", "ACCEPTED", "FILLED"]
    # larger, after a part has filled: the whole order's size counts
    part = Slippage(volume_limit=1.0)
    grown = {0: [order(6)], 1: [modify(0, size=9.0)]}
    sim = run(bars_of(*rows, volume=4.0), grown, slippage=part)
    assert sim.fills["size"].tolist() == [4.0, 4.0, 1.0]
    # to what has been filled, or less: nothing is left
    for size in (4.0, 3.0, -2.0):
        sim = run(bars_of(*rows, volume=4.0), {0: [order(6)], 1: [modify(0, size=size)]},
                  slippage=part)  # fmt: skip
        assert sim.fills["size"].tolist() == [4.0]
        assert ended(sim, 0) == ("CANCELLED", "MODIFIED")


def test_a_change_of_a_trailing_stop_limit_keeps_stop_and_limit_together():
    trailing = order(-1, Kind.TRAIL_LIMIT, trail_amount=2.0, stop=10.0, limit=9.5)
    sim = run(bars_of(*[FLAT] * 3), {0: [trailing], 1: [modify(0, stop=9.0)]})
    # stop 8, limit 8 - 0.5; moved to 9, the limit to 8.5
    assert (sim.orders["stop"][0], sim.orders["limit"][0]) == (9.0, 8.5)
    sim = run(bars_of(*[FLAT] * 3), {0: [trailing], 1: [modify(0, limit=7.0)]})
    assert (sim.orders["limit"][0], sim.orders["limit_offset"][0]) == (7.0, 1.0)


def test_a_change_answers_whether_it_was_made():
    answers = []

    def ask(**changes):
        return lambda sim: answers.append(sim.modify(0, **changes))

    limit = order(10, Kind.LIMIT, limit=9.0)
    run(bars_of(FLAT, FLAT, UP, FLAT), {
        0: [limit, ask(size=5.0)],  # waits for its cash check: not pending yet
        1: [ask(size=1e9), ask(size=5.0)],  # dearer than the cash there is
        2: [ask(size=2.0)],  # filled
    })  # fmt: skip
    assert answers == [False, False, True, False]


@pytest.mark.parametrize(
    ("rule", "change", "first"),
    [
        ("lose", {"limit": 9.25}, 1),
        ("keep", {"limit": 9.25}, 0),
        ("lose", {"size": 6.0}, 1),
        ("keep", {"size": 6.0}, 0),
        ("lose", {"size": 4.0}, 0),  # smaller keeps its place
    ],
)
def test_the_place_in_the_queue_of_a_changed_order(rule, change, first):
    same = order(5, Kind.LIMIT, limit=9.5)
    bars = bars_of(FLAT, FLAT, UP, volume=2.0)
    sim = run(
        bars,
        {0: [same, same], 1: [modify(0, **change)]},
        Rules(change_priority=rule),
        slippage=Slippage(volume_limit=1.0),
    )
    assert sim.fills["order"].tolist() == [first]


def test_a_cancel_under_latency_lets_the_order_trade_until_it_arrives():
    answers = []
    ask = lambda sim: answers.append(sim.cancel(0))  # noqa: E731
    limit = order(10, Kind.LIMIT, limit=9.5)
    rules = Rules(latency_bars=1)
    # Sent in bar 0, there in bar 2. Cancelled in bar 2, the cancel is there in bar 4.
    quiet = run(bars_of(*[FLAT] * 6), {0: [limit], 2: [ask, ask], 3: [ask]}, rules)
    assert answers == [True, False, False]
    assert statuses(quiet, 0) == ["SUBMITTED", "ACCEPTED", "PENDING_CANCEL", "CANCELLED"]
    assert quiet.orders["closed_bar"][0] == 4
    between = run(bars_of(FLAT, FLAT, FLAT, UP, UP, FLAT), {0: [limit], 2: [cancel(0)]}, rules)
    assert outcome(between) == [(0, 3, 10.0, 9.5)]
    assert statuses(between, 0)[2:] == ["PENDING_CANCEL", "FILLED"]
    # In part: it is still about to be cancelled, and a second call does not put that off.
    part = run(
        bars_of(FLAT, FLAT, FLAT, UP, UP, UP, volume=4.0),
        {0: [limit], 2: [cancel(0)], 3: [cancel(0)]},
        rules,
        slippage=Slippage(volume_limit=1.0),
    )
    assert outcome(part) == [(0, 3, 4.0, 9.5)]
    assert statuses(part, 0)[2:] == ["PENDING_CANCEL", "PARTIAL", "PENDING_CANCEL", "CANCELLED"]


def test_messages_arrive_in_the_sequence_in_which_they_were_sent():
    rules = Rules(latency_bars=1)
    # order and cancel, sent together, arrive together: nothing trades
    sim = run(bars_of(*[FLAT] * 4), {0: [order(1), cancel(0)]}, rules)
    assert outcome(sim) == []
    assert ended(sim, 0) == ("CANCELLED", "USER")
    # order and two changes
    limit = order(10, Kind.LIMIT, limit=5.0)
    both = {0: [limit, modify(0, limit=9.5), modify(0, size=3.0)]}
    assert outcome(run(bars_of(FLAT, FLAT, UP), both, rules)) == [(0, 2, 3.0, 9.5)]


def test_a_second_change_waits_for_the_first_to_arrive():
    answers = []

    def ask(**changes):
        return lambda sim: answers.append(sim.modify(0, **changes))

    limit = order(10, Kind.LIMIT, limit=5.0)
    sim = run(
        bars_of(*[FLAT] * 6),
        {0: [limit], 2: [ask(limit=6.0)], 3: [ask(limit=7.0)], 4: [ask(limit=8.0)]},
        Rules(latency_bars=1),
    )
    assert answers == [True, False, True]
    assert sim.orders["limit"][0] == 6.0  # the third is still on its way


# Reduce-only, lots, ticks, sizes, sides


def test_reduce_only_is_cut_to_the_position():
    sell = order(-8, Kind.LIMIT, limit=9.0, reduce_only=True)
    sim = run(bars_of(*[FLAT] * 4), {0: [order(5)], 1: [sell, sell]})
    assert outcome(sim) == [(0, 1, 5.0, 10.0), (1, 2, -5.0, 10.0)]
    assert ended(sim, 1) == ("FILLED", "NONE")
    assert ended(sim, 2) == ("CANCELLED", "REDUCE_ONLY")
    assert (sim.orders["needed"][2], sim.orders["available"][2]) == (8.0, 0.0)
    assert sim.position_size(0) == 0.0


def test_reduce_only_with_partial_fills_never_turns_the_position():
    bars = bars_of(*[FLAT] * 6, volume=3.0)
    sell = order(-7, reduce_only=True)
    sim = run(bars, {0: [order(5)], 2: [sell], 3: [order(-1)]},
              slippage=Slippage(volume_limit=1.0))  # fmt: skip
    # Bought 3 and 2. Of 7 to sell 5 are held: 3 in bar 3; the next bar sells 2 of them ...
    assert sim.fills["size"].tolist() == [3.0, 2.0, -3.0, -2.0, -1.0]
    assert sim.orders["size"][1] == -5.0
    assert sim.position_size(0) == -1.0  # ... and the last order is an ordinary sale


@pytest.mark.parametrize("size", [3.0, -3.0])
def test_reduce_only_without_a_position_or_on_its_side_is_cancelled(size):
    sim = run(bars_of(*[FLAT] * 4), {0: [order(5)], 1: [order(abs(size), reduce_only=True)]})
    assert ended(sim, 1) == ("CANCELLED", "REDUCE_ONLY")
    sim = run(bars_of(FLAT, FLAT), {0: [order(size, reduce_only=True)]})
    assert ended(sim, 0) == ("CANCELLED", "REDUCE_ONLY")


def test_sizes_are_cut_to_lots_and_too_small_ones_denied():
    lots = Instrument(lot=10.0, minimum_size=20.0)
    sim = run(bars_of(FLAT, FLAT), {0: [order(39), order(-25), order(19), order(4)]},
              instruments=lots)  # fmt: skip
    assert sim.fills["size"].tolist() == [30.0, -20.0]
    assert ended(sim, 2) == ended(sim, 3) == ("DENIED", "SIZE")
    assert sim.orders["needed"].tolist()[2:] == [20.0, 20.0]
    assert sim.orders["available"].tolist()[2:] == [10.0, 0.0]
    assert statuses(sim, 2) == ["DENIED"]
    # without a minimum the lot is one
    sim = run(bars_of(FLAT, FLAT), {0: [order(4)]}, instruments=Instrument(lot=10.0))
    assert (sim.orders["needed"][0], sim.orders["available"][0]) == (10.0, 0.0)
    # what the volume leaves is cut to lots too: 25 of 60, so 20, 20, 20
    sim = run(bars_of(*[FLAT] * 4, volume=25.0), {0: [order(60)]},
              instruments=Instrument(lot=10.0), slippage=Slippage(volume_limit=1.0))  # fmt: skip
    assert sim.fills["size"].tolist() == [20.0, 20.0, 20.0]
    # 0.3 is three lots of 0.1, whatever the last bits say
    sim = run(bars_of(FLAT, FLAT), {0: [order(0.1 + 0.2)]}, instruments=Instrument(lot=0.1))
    assert sim.fills["size"].tolist() == [3 * 0.1]


@pytest.mark.parametrize(
    ("side", "kind", "name", "expected"),
    [
        # never earlier than asked: what waits below rounds down, what waits above rounds up
        (1, Kind.LIMIT, "limit", 9.0),
        (-1, Kind.LIMIT, "limit", 9.5),
        (1, Kind.STOP, "stop", 9.5),
        (-1, Kind.STOP, "stop", 9.0),
        (1, Kind.MARKET_IF_TOUCHED, "stop", 9.0),
        (-1, Kind.MARKET_IF_TOUCHED, "stop", 9.5),
    ],
)
def test_prices_are_rounded_to_ticks_away_from_trading(side, kind, name, expected):
    sim = Simulation(bars_of(FLAT, FLAT), cash=1e5, instruments=Instrument(tick=0.5))
    sim.step(0)
    sim.submit(0, side * 1.0, kind, **{name: 9.3})
    sim.submit(0, side * 1.0, kind, **{name: 9.5})
    assert sim.orders[name].tolist() == [expected, 9.5]


def test_two_prices_of_one_order_are_rounded_each_its_own_way():
    sim = Simulation(bars_of(FLAT, FLAT), cash=1e5, instruments=Instrument(tick=0.5))
    sim.step(0)
    for side in (1.0, -1.0):
        sim.submit(0, side, Kind.STOP_LIMIT, stop=9.3, limit=9.3)
        sim.submit(0, side, Kind.LIMIT_IF_TOUCHED, stop=9.3, limit=9.3)
        sim.submit(0, side, Kind.TRAIL, trail_amount=1.2)
        sim.submit(0, side, Kind.TRAIL_LIMIT, trail_amount=1.2, stop=10.0, limit=10.0)
    assert sim.orders["stop"].tolist() == [9.5, 9.0, 11.5, 11.5, 9.0, 9.5, 8.5, 8.5]
    assert sim.orders["limit"].tolist()[0:2] == [9.0, 9.0]
    assert sim.orders["limit"].tolist()[4:6] == [9.5, 9.5]


@given(st.floats(1e-6, 1e12), st.sampled_from([1e-6, 0.01, 0.25, 1.0, 5.0]), st.booleans())
def test_a_rounded_price_is_on_the_grid_and_not_a_tick_away(price, tick, up):
    from fillproof.core.matching import to_tick

    rounded = to_tick.py_func(price, tick, up)
    slack = 1e-9 * tick + 4e-15 * price
    if up:
        assert price - slack <= rounded <= price + tick + slack
    else:
        assert price - tick - slack <= rounded <= price + slack
    assert abs(rounded / tick - np.rint(rounded / tick)) <= 1e-9 + 1e-15 * rounded / tick


def test_hedging_keeps_a_long_and_a_short_position():
    rules = Rules(positioning="hedging")
    sim = run(
        bars_of(*[FLAT] * 5),
        {
            0: [order(5, side="long"), order(-3, side="short")],
            1: [order(-9, side="long"), order(1, side="short")],
            2: [order(-1, side="long")],
        },
        rules,
    )
    # a sale from the long side is cut to it, and refused where there is nothing to sell
    assert sim.fills["size"].tolist() == [5.0, -3.0, -5.0, 1.0]
    assert sim.position_size(0, "long") == 0.0
    assert sim.position_size(0, "short") == -2.0
    assert sim.position_size(0) == -2.0
    assert ended(sim, 4) == ("CANCELLED", "REDUCE_ONLY")


# Wrong arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 0.0}, "size must be finite and not 0"),
        ({"size": math.inf}, "size must be finite"),
        ({"asset": 1}, "asset: 1 is not one of 1 assets"),
        ({"asset": 0.5}, "asset must be a whole number"),
        ({"asset": -1}, "asset: -1 is not one"),
        ({"kind": 17}, "kind: 17 is none of MARKET"),
        ({"tif": 17}, "tif: 17 is none of GTC"),
        ({"limit": 9.0}, "limit: an order of kind MARKET has none"),
        ({"stop": 9.0}, "stop: an order of kind MARKET has none"),
        ({"kind": Kind.LIMIT}, "limit: an order of kind LIMIT needs it"),
        ({"kind": Kind.LIMIT, "limit": math.inf}, "limit must be finite"),
        ({"kind": Kind.LIMIT, "limit": 9.0, "stop": 8.0}, "stop: an order of kind LIMIT has none"),
        ({"kind": Kind.STOP, "stop": 9.0, "limit": 8.0}, "limit: an order of kind STOP has none"),
        ({"kind": Kind.MARKET_IF_TOUCHED}, "stop: an order of kind MARKET_IF_TOUCHED needs it"),
        ({"kind": Kind.LIMIT_IF_TOUCHED, "stop": 9.0}, "limit: an order of kind LIMIT_IF_TOUCHED"),
        ({"kind": Kind.TRAIL}, "trail_amount or trail_percent"),
        ({"kind": Kind.TRAIL, "trail_amount": math.inf}, "trail_amount must be finite"),
        ({"parent": 3}, "parent: there is no order 3"),
        ({"oco": 3}, "oco: there is no order 3"),
        ({"parent": -2}, "parent: there is no order -2"),
        ({"tif": TimeInForce.GTD}, "expires: time in force GTD needs it"),
        (
            {"kind": Kind.STOP, "stop": 9.0, "tif": TimeInForce.AT_OPEN},
            "tif: AT_OPEN is for MARKET and LIMIT orders, not STOP",
        ),
        ({"side": "long"}, 'side: "long" or "short" under Positioning.HEDGING'),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    sim = Simulation(bars_of(FLAT, FLAT), cash=1.0)
    sim.step(0)
    with pytest.raises(OrderError, match=message):
        sim.submit(**({"asset": 0, "size": 1.0} | arguments))
    assert len(sim.orders) == 0


def test_wrong_calls_about_orders_are_named():
    sim = Simulation(bars_of(FLAT, FLAT), cash=100.0)
    sim.step(0)
    sim.submit(0, 1.0)
    sim.submit(0, -1.0, Kind.STOP, stop=5.0, parent=0)
    for call, message in [
        (lambda: sim.cancel(2), "order: there is no order 2"),
        (lambda: sim.cancel(-1), "order: there is no order -1"),
        (lambda: sim.modify(0), "a change needs at least one"),
        (lambda: sim.modify(0, limit=5.0), "limit: an order of kind MARKET has none"),
        (lambda: sim.modify(1, limit=5.0), "limit: an order of kind STOP has none"),
        (lambda: sim.modify(0, size=math.inf), "size must be finite"),
        (lambda: sim.submit(0, 1.0, parent=1), "order 1 is itself a child, of order 0"),
    ]:
        with pytest.raises(OrderError, match=message):
            call()


def test_fill_or_kill_does_not_trade_the_closing_part_alone():
    """Long 10 with 50 in cash, a sale of 30 for locked proceeds: 20 x 10 are not there."""
    locked = Rules(cash_check="on_fill", short_cash="locked")
    bars = bars_of(*[FLAT] * 4)
    sim = run(bars, {0: [order(10)], 1: [order(-30, tif=TimeInForce.FOK)]}, locked, cash=150.0)
    assert outcome(sim) == [(0, 1, 10.0, 10.0)]
    assert ended(sim, 1) == ("MARGIN", "CASH")
    # 50 + 100 of the position closed
    assert (sim.orders["needed"][1], sim.orders["available"][1]) == (200.0, 150.0)
    sim = run(bars, {0: [order(10)], 1: [order(-25, tif=TimeInForce.FOK)]}, locked, cash=150.0)
    assert outcome(sim)[1:] == [(1, 2, -25.0, 10.0)]


def test_units_that_cannot_be_borrowed_are_not_sold():
    """5 may be sold short at a time: what reduces a long position needs none."""
    bars = bars_of(*[FLAT] * 6, available=[5.0] * 6)
    sim = run(bars, {0: [order(-8)], 1: [order(-3)], 2: [order(-3)], 3: [order(6)], 4: [order(-4)]})
    assert sim.fills["size"].tolist() == [-3.0, 6.0, -4.0]
    assert ended(sim, 0) == ended(sim, 2) == ("REJECTED", "NOT_SHORTABLE")
    assert (sim.orders["needed"][0], sim.orders["available"][0]) == (8.0, 5.0)
    assert (sim.orders["needed"][2], sim.orders["available"][2]) == (6.0, 5.0)


def test_brackets_by_the_thousand_leave_no_room_reserved_behind():
    bars = bars_of(FLAT, FLAT, (10.0, 12.0, 10.0, 12.0), FLAT)
    sim = Simulation(bars, cash=1e9)
    for t in range(4):
        sim.step(t)
        if t == 0:
            for _ in range(1_000):
                bracket(size=1.0)(sim)
    assert (sim.orders["status"] == Status.FILLED).sum() == 2_000
    assert sim._parked == 0
