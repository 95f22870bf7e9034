"""Corporate actions: golden scenarios by hand, properties, and the sample's real splits."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import Any

import numba
import numpy as np
import pytest
from fillproof.core import native
from fillproof.core.account import Wallet
from fillproof.core.actions import Action, ActionError, ActionKind
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.data.sample import sample, sample_splits
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Cause, Kind, Reason, Status
from fillproof.core.risk import MaxDrawdown, StopLoss, TakeProfit, Trailing
from fillproof.core.rules import MarginCall, Rules, Sizing
from fillproof.core.simulation import Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

from .programs import Intent, any_rules, cases, play, relaxed

DAY = 86_400_000_000_000
FREE = Rules(cash_check="none")
WHOLE = Rules(cash_check="none", sizing="whole")
HEDGING = Rules(cash_check="none", positioning="hedging")
NAN = math.nan


def flat_bars(**closes: list[float]) -> Bars:
    """Bars whose four prices are one; NaN: no bar."""
    matrix = np.array(list(closes.values()), dtype=float).T
    times = np.arange(len(matrix), dtype=np.int64) * DAY
    volume = np.where(np.isnan(matrix), np.nan, 1_000.0)
    return Bars.from_arrays(times, matrix, matrix, matrix, matrix, volume, assets=tuple(closes))


def run(bars: Bars, actions, calls=None, rules: Rules = FREE, cash: Any = 1_000.0, **settings):
    """Step through all bars; `calls[t]` are functions of the simulation made after bar t."""
    sim = Simulation(bars, rules, cash=cash, actions=actions, **settings)
    for t in range(len(bars.times)):
        sim.step(t)
        for call in (calls or {}).get(t, []):
            call(sim)
    return sim


def order(size: float, kind: Kind = Kind.MARKET, asset: int = 0, **more):
    return lambda sim: sim.submit(asset, size, kind, **more)


def moved(sim: Simulation) -> list[tuple]:
    """What actions did: (kind, bar, before, after, cash, orders)."""
    names = ("bar", "size_before", "size_after", "cash", "orders")
    return [
        (ActionKind(row["kind"]).name, *(row[n].item() for n in names)) for row in sim.action_events
    ]


def caused(sim: Simulation) -> list[tuple]:
    """Fills of the engine's own: (cause, asset, bar, size, price)."""
    return [
        (Cause(f["cause"]).name, *(f[n].item() for n in ("asset", "bar", "size", "price")))
        for f in sim.fills
        if f["cause"]
    ]


# Splits


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_split_multiplies_units_and_divides_prices(sign):
    bars = flat_bars(A=[10, 10, 12, 6, 7])
    split = Action("split", 3 * DAY, "A", ratio=2.0)
    sim = run(bars, [split], {0: [order(sign * 10)]})
    assert sim.position_size(0) == sign * 20
    assert sim.position_price(0) == 5.0
    assert sim.equity_curve().tolist() == [1_000 + sign * gain for gain in (0, 0, 20, 20, 40)]
    assert sim.cash == 1_000 - sign * 100
    assert moved(sim) == [("SPLIT", 3, sign * 10, sign * 20, 0.0, 0)]
    assert caused(sim) == []


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_whole_shares_pay_the_fraction_at_the_new_price(sign):
    bars = flat_bars(A=[10, 10, 12, 18, 18])
    split = Action("split", 3 * DAY, "A", ratio=2.0, per=3.0)
    sim = run(bars, [split], {0: [order(sign * 10)]}, WHOLE)
    # 10 x 2 / 3 = 6.67 shares: 6 stay, two thirds of one are paid at 12 x 3 / 2 = 18.
    assert sim.position_size(0) == sign * 6
    assert sim.position_price(0) == 15.0
    assert sim.cash == pytest.approx(1_000 - sign * 100 + sign * 12, abs=1e-12)
    assert sim.equity == pytest.approx(1_000 + sign * 20, abs=1e-12)
    (cause, _, _, size, price) = caused(sim)[0]
    assert (cause, price) == ("CASH_IN_LIEU", 18.0)
    assert size == pytest.approx(-sign * 2 / 3)


def test_a_reverse_split_that_leaves_less_than_a_share_closes_the_position():
    bars = flat_bars(A=[1, 1, 1, 10, 11])
    split = Action("split", 3 * DAY, "A", ratio=1.0, per=10.0, price=9.5)
    sim = run(bars, [split], {0: [order(5)]}, WHOLE)
    assert sim.position_size(0) == 0.0
    assert sim.cash == 1_000 - 5 + 0.5 * 9.5
    trade = sim.result().trade_rows[0]
    assert not trade["open"]
    assert trade["pnl"] == pytest.approx(-0.25)


def test_a_ratio_given_as_two_numbers_is_exact():
    bars = flat_bars(A=[1, 1, 1, 49, 49])
    split = Action("split", 3 * DAY, "A", ratio=1.0, per=49.0)
    sim = run(bars, [split], {0: [order(49 * 3)]}, WHOLE)
    assert sim.position_size(0) == 3.0
    assert caused(sim) == []


def test_a_split_restates_pending_orders_of_every_kind():
    bars = flat_bars(A=[10, 10, 10, 5, 5])
    sends = [
        order(6, Kind.LIMIT, limit=8.0),
        order(6, Kind.STOP, stop=14.0),
        order(6, Kind.STOP_LIMIT, stop=14.0, limit=15.0),
        order(-6, Kind.TRAIL, trail_amount=3.0),
        order(-6, Kind.TRAIL_LIMIT, trail_amount=3.0, limit=6.0, stop=10.0),
        order(-6, Kind.TRAIL, trail_percent=0.5),
        order(6, Kind.LIMIT, asset=0, limit=8.0, transmit=False),
    ]
    sim = run(bars, [Action("split", 3 * DAY, "A", ratio=2.0)], {1: sends})
    rows = sim.orders
    assert rows["size"].tolist() == [12, 12, 12, -12, -12, -12, 12]
    assert rows["limit"][[0, 2, 6]].tolist() == [4.0, 7.5, 4.0]
    assert rows["stop"][1:6].tolist() == [7.0, 7.0, 3.5, 3.5, 2.5]
    assert rows["trail_amount"][3:5].tolist() == [1.5, 1.5]
    assert rows["trail_percent"][5] == 0.5
    assert rows["reference"][0] == 4.0
    assert moved(sim) == [("SPLIT", 3, 0.0, 0.0, 0.0, 7)]
    # Those that are in the market say so, as after a change.
    assert [e["order"] for e in sim.events if e["bar"] == 3] == [0, 1, 2, 3, 4, 5]


def test_an_order_of_which_nothing_is_left_ends_with_its_group():
    bars = flat_bars(A=[1, 1, 1, 10, 10])
    sends = [order(4, Kind.LIMIT, limit=0.5), order(40, Kind.LIMIT, limit=0.5, oco=0)]
    sim = run(bars, [Action("split", 3 * DAY, "A", ratio=1, per=10)], {1: sends}, WHOLE)
    assert [Status(s) for s in sim.orders["status"]] == [Status.CANCELLED] * 2
    assert [Reason(r) for r in sim.orders["reason"]] == [Reason.ACTION, Reason.GROUP]


def test_partial_fills_go_on_in_new_units():
    bars = flat_bars(A=[10, 10, 10, 5, 5, 5])
    bars.values[4] = 100.0
    sim = run(
        bars,
        [Action("split", 3 * DAY, "A", ratio=2.0)],
        {1: [order(30)]},
        slippage=Slippage("fixed", 0.0, volume_limit=0.1),
    )
    # 10 of 30 before; then 40 new units are left, of which three bars give 10 each.
    assert sim.orders[0]["filled"] == 50.0
    assert sim.orders[0]["remaining"] == 10.0
    assert sim.orders[0]["average_price"] == 5.0
    assert sim.position_size(0) == 50.0


def test_a_split_waits_for_the_assets_own_bar():
    bars = flat_bars(A=[10, 10, NAN, 5], B=[1, 1, 1, 1])
    sim = run(bars, [Action("split", 2 * DAY, "A", ratio=2.0)], {0: [order(10)]})
    assert [row[1] for row in moved(sim)] == [3]
    assert sim.equity_curve().tolist() == [1_000.0] * 4


def test_a_split_of_a_future_moves_its_margin_not_its_equity():
    future = Instrument.future(5.0, 40.0)
    bars = flat_bars(A=[100, 100, 110, 55, 60])
    sim = run(bars, [Action("split", 3 * DAY, "A", ratio=2.0)], {0: [order(2)]}, instruments=future)
    assert sim.position_size(0) == 4.0
    assert sim.equity_curve().tolist() == [1_000, 1_000, 1_100, 1_100, 1_200]


def test_hedged_sides_split_each():
    bars = flat_bars(A=[10, 10, 10, 5, 6])
    calls = {0: [order(10, side="long"), order(-4, side="short")]}
    sim = run(bars, [Action("split", 3 * DAY, "A", ratio=2.0)], calls, HEDGING)
    assert sim.position_size(0, "long") == 20.0
    assert sim.position_size(0, "short") == -8.0
    assert sim.equity == 1_000 + 20 - 8
    assert len(moved(sim)) == 2


# Dividends


@pytest.mark.parametrize(
    ("sign", "paid"), [(1.0, 10 * 0.5 * 0.85), (-1.0, -10 * 0.5)], ids=["long", "short"]
)
def test_a_cash_dividend_is_earned_at_ex_and_paid_at_pay(sign, paid):
    bars = flat_bars(A=[10, 10, 9.5, 9.5, 9.5])
    dividend = Action("cash_dividend", 2 * DAY, "A", amount=0.5, pay=4 * DAY, withholding=0.15)
    # Closed after the ex date: paid all the same.
    sim = run(bars, [dividend], {0: [order(sign * 10)], 2: [order(-sign * 10)]})
    fall = -sign * 5.0
    assert sim.equity_curve().tolist() == [
        1_000, 1_000, 1_000 + fall, 1_000 + fall, 1_000 + fall + paid,
    ]  # fmt: skip
    assert moved(sim) == [
        ("CASH_DIVIDEND", 2, sign * 10, sign * 10, 0.0, 0),
        ("CASH_DIVIDEND", 4, sign * 10, sign * 10, paid, 0),
    ]


def test_who_buys_on_the_ex_date_earns_nothing():
    bars = flat_bars(A=[10, 10, 9.5, 9.5])
    sim = run(bars, [Action("cash_dividend", 2 * DAY, "A", amount=0.5)], {1: [order(10)]})
    assert moved(sim) == []
    assert sim.cash == 1_000 - 95


def test_a_dividend_without_pay_date_is_paid_at_once():
    bars = flat_bars(A=[10, 10, 9.5, 9.5])
    sim = run(bars, [Action("cash_dividend", 2 * DAY, "A", amount=0.5)], {0: [order(10)]})
    assert sim.equity_curve().tolist() == [1_000.0] * 4
    assert sim.cash == 1_000 - 100 + 5


def test_actions_of_one_time_apply_in_the_order_of_their_rows():
    bars = flat_bars(A=[10, 10, 4.5, 4.5])
    split = Action("split", 2 * DAY, "A", ratio=2.0)
    dividend = Action("cash_dividend", 2 * DAY, "A", amount=0.5)
    first = run(bars, [split, dividend], {0: [order(10)]})
    second = run(bars, [dividend, split], {0: [order(10)]})
    assert first.cash == 900 + 20 * 0.5
    assert second.cash == 900 + 10 * 0.5
    # An earlier time comes first, wherever its row stands.
    weekend = Action("cash_dividend", DAY + 1, "A", amount=0.5)
    third = run(bars, [split, weekend], {0: [order(10)]})
    assert third.cash == 900 + 10 * 0.5


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_stock_dividend_at_once_is_a_split(sign):
    bars = flat_bars(A=[11, 11, 11, 10, 12])
    bonus = Action("stock_dividend", 3 * DAY, "A", ratio=0.1)
    sim = run(bars, [bonus], {0: [order(sign * 10)]})
    assert sim.position_size(0) == pytest.approx(sign * 11)
    assert sim.position_price(0) == pytest.approx(10.0)
    assert sim.equity_curve() == pytest.approx([1_000 + sign * g for g in (0, 0, 0, 0, 22)])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_stock_dividend_can_come_later(sign):
    bars = flat_bars(A=[11, 11, 10, 10, 12])
    bonus = Action("stock_dividend", 2 * DAY, "A", ratio=1.0, per=4.0, pay=4 * DAY)
    sim = run(bars, [bonus], {0: [order(sign * 10)]}, WHOLE)
    # 2.5 further shares: two come, half a one is paid at the last close.
    assert caused(sim) == [
        ("STOCK_DIVIDEND", 0, 3, sign * 2.5, 0.0),
        ("CASH_IN_LIEU", 0, 3, -sign * 0.5, 10.0),
    ]
    assert sim.position_size(0) == sign * 12
    assert sim.cash == 1_000 - sign * 110 + sign * 5
    assert moved(sim)[-1] == ("STOCK_DIVIDEND", 4, sign * 10, sign * 12, sign * 5.0, 0)


def test_units_on_their_way_follow_a_split_and_a_new_symbol():
    bars = flat_bars(A=[10, 10, 5, 2.5, NAN, NAN], B=[NAN, NAN, NAN, NAN, 2.5, 2.5])
    rows = [
        Action("stock_dividend", 2 * DAY, "A", ratio=1.0, pay=5 * DAY),
        Action("split", 3 * DAY, "A", ratio=2.0),
        Action("symbol_change", 4 * DAY, "A", to="B"),
    ]
    sim = run(bars, rows, {0: [order(10)]})
    assert sim.position_size(0) == 0.0
    assert sim.position_size(1) == 40.0
    assert sim.equity == 1_000.0


# Symbol change


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_symbol_change_leaves_everything_as_it_is(sign):
    bars = flat_bars(OLD=[10, 10, 12, NAN, NAN], NEW=[NAN, NAN, NAN, 12, 13])
    sends = [order(sign * 10)], [order(3, Kind.LIMIT, limit=5.0)]
    sim = run(bars, [Action("symbol_change", 3 * DAY, "OLD", to="NEW")], dict(enumerate(sends)))
    assert sim.positions["size"].tolist() == [0.0, sign * 10]
    assert sim.positions["price"].tolist() == [0.0, 10.0]
    assert sim.equity_curve().tolist() == [1_000 + sign * g for g in (0, 0, 20, 20, 30)]
    assert caused(sim) == []
    assert sim.orders["asset"].tolist() == [0, 1]
    assert sim.orders[1]["limit"] == 5.0
    assert sim.open_orders == [1]
    number = sim.submit(0, 1.0)
    assert Status(sim.orders[number]["status"]) == Status.DENIED
    assert Reason(sim.orders[number]["reason"]) == Reason.EXPIRED_ASSET


def test_a_merger_adds_to_what_is_held_already():
    bars = flat_bars(OLD=[10, 10, 10, NAN], NEW=[20, 20, 20, 24])
    calls = {0: [order(10), order(4, asset=1)]}
    change = Action("symbol_change", 3 * DAY, "OLD", to="NEW", ratio=1.0, per=2.0)
    sim = run(bars, [change], calls)
    assert sim.positions["size"].tolist() == [0.0, 9.0]
    assert sim.position_price(1) == 20.0
    assert sim.equity == 1_000 + 9 * 4


def test_a_merger_nets_a_long_with_a_short():
    bars = flat_bars(OLD=[10, 10, 10, NAN], NEW=[20, 20, 20, 24])
    calls = {0: [order(10), order(-8, asset=1)]}
    change = Action("symbol_change", 3 * DAY, "OLD", to="NEW", ratio=1.0, per=2.0)
    sim = run(bars, [change], calls)
    assert sim.positions["size"].tolist() == [0.0, -3.0]
    assert sim.equity == 1_000 - 3 * 4
    assert [row[0] for row in caused(sim)] == ["SYMBOL_CHANGE"] * 2


def test_futures_that_merge_are_settled_to_one_price():
    terms = Instrument.future(5.0, 40.0)
    bars = flat_bars(OLD=[100, 100, 110, NAN], NEW=[105, 105, 108, 112])
    calls = {0: [order(2), order(1, asset=1)]}
    change = Action("symbol_change", 3 * DAY, "OLD", to="NEW")
    sim = run(bars, [change], calls, instruments=terms)
    assert sim.position_size(1) == 3.0
    # 10 points and 2 on two contracts, 7 on the other.
    assert sim.equity == pytest.approx(1_000 + 5 * (2 * 12 + 7))


def test_orders_keep_their_sequence_by_asset():
    rules = FREE.replace(queue="by_asset")
    bars = flat_bars(A=[10, 10, 10, NAN], B=[10, 10, 10, 10], C=[10, 10, 10, 10])
    limits = [order(1, Kind.LIMIT, asset, limit=5.0) for asset in (0, 2, 1, 0)]
    sim = run(bars, [Action("symbol_change", 3 * DAY, "A", to="B")], {0: limits}, rules)
    assert sim.orders["asset"].tolist() == [1, 2, 1, 1]
    # C entered the book before B did, which A's orders now belong to.
    assert sim.open_orders == [1, 0, 3, 2]


# Ends


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("fields", "price"), [({}, 8.0), ({"rate": 0.25}, 2.0), ({"price": 3.0}, 3.0)]
)
def test_a_delisting_closes_at_last_price_recovery_or_given_price(sign, fields, price):
    bars = flat_bars(A=[10, 10, 8, NAN, NAN], B=[1, 1, 1, 1, 1])
    calls = {
        0: [order(sign * 10)],
        1: [order(5, Kind.LIMIT, limit=2.0)],
        3: [order(1)],
    }
    sim = run(bars, [Action("delisting", 3 * DAY, "A", **fields)], calls)
    assert caused(sim) == [("DELISTING", 0, 2, -sign * 10, price)]
    assert sim.cash == 1_000 + sign * 10 * (price - 10)
    assert sim.equity == sim.cash
    names = [(Status(o["status"]).name, Reason(o["reason"]).name) for o in sim.orders]
    assert names[1] == ("EXPIRED", "EXPIRED_ASSET")
    assert names[-1] == ("DENIED", "EXPIRED_ASSET")
    assert moved(sim) == [
        ("DELISTING", 3, sign * 10, 0.0, sign * 10 * price, 1),
    ]


def test_a_delisted_position_can_be_held():
    bars = flat_bars(A=[10, 10, 8, NAN, NAN], B=[1, 1, 1, 1, 1])
    sim = run(bars, [Action("delisting", 3 * DAY, "A", hold=True)], {0: [order(10)]})
    assert sim.position_size(0) == 10
    assert sim.equity == 980
    sim.submit(0, -10.0)
    assert Status(sim.orders[1]["status"]) == Status.DENIED


def test_the_orders_of_an_ended_asset_take_their_brackets_along():
    bars = flat_bars(A=[10, 10, 10, NAN], B=[1, 1, 1, 1])
    calls = {
        0: [order(5, Kind.LIMIT, limit=2.0, transmit=False)],
        1: [
            order(-5, Kind.STOP, stop=1.0, parent=0, transmit=False),
            order(-5, Kind.LIMIT, limit=30.0, parent=0),
            order(1, Kind.LIMIT, limit=0.5, asset=1),
            order(1, Kind.LIMIT, limit=2.0, oco=3),
        ],
    }
    sim = run(bars, [Action("delisting", 3 * DAY, "A")], calls)
    assert [Status(s).name for s in sim.orders["status"]] == [
        "EXPIRED", "EXPIRED", "EXPIRED", "CANCELLED", "EXPIRED",
    ]  # fmt: skip
    assert sim.open_orders == []


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_future_expires_at_the_close_of_its_last_day(sign):
    future = Instrument.future(5.0, 40.0, expiry=3 * DAY)
    bars = flat_bars(A=[100, 100, 103, 104, 200])
    calls = {0: [order(sign * 2)], 2: [order(1, Kind.LIMIT, limit=10.0)]}
    sim = run(bars, None, calls, instruments=future)
    assert caused(sim) == [("EXPIRY", 0, 3, -sign * 2, 104.0)]
    assert sim.cash == sim.equity == 1_000 + sign * 2 * 4 * 5
    assert Status(sim.orders[1]["status"]) == Status.EXPIRED
    assert moved(sim) == [("EXPIRY", 3, sign * 2, 0.0, 80.0 + sign * 2 * 5.0, 1)]


@pytest.mark.parametrize(("stamp", "bar", "price"), [("open", 3, 103.0), ("close", 3, 104.0)])
def test_an_expiry_between_two_bars_settles_at_what_was_known(stamp, bar, price):
    # Stamped with its open, bar 3 began after the contract had ended.
    future = Instrument.future(1.0, 10.0, expiry=2 * DAY + DAY // 2)
    bars = flat_bars(A=[100, 100, 103, 104, 200])
    rules = FREE.replace(bar_stamp=stamp)
    sim = run(bars, None, {0: [order(1)]}, rules, instruments=future)
    assert caused(sim)[0][4] == price
    assert sim.action_events[0]["bar"] == bar


def test_the_settlement_column_goes_before_the_close():
    future = Instrument.future(1.0, 10.0, expiry=3 * DAY)
    bars = flat_bars(A=[100, 100, 103, 104, 200])
    bars.extra["settlement"] = np.array([[100.0], [100.0], [103.0], [105.5], [NAN]])
    sim = run(bars, None, {0: [order(1)]}, instruments=future)
    assert caused(sim)[0][4] == 105.5
    assert sim.equity == 1_005.5


@pytest.mark.parametrize(
    ("right", "strike", "payoff"),
    [("call", 100.0, 8.0), ("call", 110.0, 0.0), ("put", 120.0, 12.0), ("put", 100.0, 0.0)],
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_option_is_settled_at_its_intrinsic_value(right, strike, payoff, sign):
    option = Instrument.option(right, strike, 3 * DAY, "S")
    bars = flat_bars(O=[5, 5, 6, 0.5, NAN], S=[100, 101, 105, 108, 90])
    sim = run(bars, None, {0: [order(sign * 2)]}, cash=5_000.0, instruments=[option, Instrument()])
    assert caused(sim) == [("EXPIRY", 0, 3, -sign * 2, payoff)]
    assert sim.cash == 5_000 + sign * 2 * 100 * (payoff - 5)


@pytest.mark.parametrize(
    ("right", "strike", "outcome"),
    [
        ("binary_call", 107.0, 1.0),
        ("binary_call", 108.0, 0.0),
        ("binary_put", 108.0, 1.0),
        ("binary_put", 107.0, 0.0),
    ],
)
def test_a_binary_contract_pays_by_its_underlying(right, strike, outcome):
    binary = Instrument.binary(3 * DAY, 10.0, right=right, strike=strike, underlying="S")
    bars = flat_bars(O=[0.5, 0.4, 0.6, 0.7, NAN], S=[100, 101, 105, 108, 90])
    sim = run(bars, None, {0: [order(5)]}, instruments=[binary, Instrument()])
    assert sim.cash == pytest.approx(1_000 - 5 * 4 + 5 * 10 * outcome)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_bet_is_settled_when_its_outcome_is_told(value):
    bars = flat_bars(O=[0.5, 0.4, 0.6, 0.7, NAN], S=[1, 1, 1, 1, 1])
    bars.extra["settlement"] = np.full((5, 2), NAN)
    bars.extra["settlement"][4, 0] = value
    binary = Instrument.binary(3 * DAY + 1)
    sim = run(bars, None, {0: [order(-5)]}, instruments=[binary, Instrument()])
    assert sim.cash == pytest.approx(1_000 + 5 * 0.4 - 5 * value)


def test_an_expiry_can_be_given_as_a_row():
    future = Instrument.future(1.0, 10.0, expiry=2 * DAY)
    bars = flat_bars(A=[100, 100, 103, 104, 200])
    row = Action("expiry", 3 * DAY, "A", price=50.0)
    sim = run(bars, [row], {0: [order(1)]}, instruments=future)
    assert caused(sim) == [("EXPIRY", 0, 3, -1.0, 50.0)]


# Rolls


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("at_close", [False, True])
def test_a_roll_closes_one_contract_and_opens_the_next(sign, at_close):
    future = Instrument.future(10.0, 50.0)
    bars = flat_bars(NEAR=[100, 100, 102, 103, 104], FAR=[110, 110, 111, 113, 115])
    roll = Action("roll", 3 * DAY, "NEAR", to="FAR", at_close=at_close)
    fee = Commission("per_contract", 1.0)
    calls = {0: [order(sign * 2)], 1: [order(1, Kind.LIMIT, limit=5.0)]}
    sim = run(bars, [roll], calls, instruments=future, commission=fee)
    near, far = (103.0, 113.0) if at_close else (102.0, 111.0)
    bar = 3 if at_close else 2
    assert caused(sim) == [
        ("ROLL", 0, bar, -sign * 2, near),
        ("ROLL", 1, bar, sign * 2, far),
    ]
    gain = sign * 2 * 10 * ((near - 100) + (115 - far))
    assert sim.equity == pytest.approx(1_000 + gain - 3 * 2)
    assert Status(sim.orders[1]["status"]) == Status.CANCELLED
    assert Reason(sim.orders[1]["reason"]) == Reason.ACTION


def test_a_free_roll_at_given_prices_moves_orders_by_the_difference():
    future = Instrument.future(10.0, 50.0)
    bars = flat_bars(NEAR=[100, 100, 102, 103, 104], FAR=[110, 110, 111, 113, 115])
    roll = Action(
        "roll", 3 * DAY, "NEAR", to="FAR", price=102.5, to_price=112.0, free=True, orders="move"
    )
    calls = {0: [order(2)], 1: [order(-2, Kind.STOP, stop=90.0), order(1, Kind.TRAIL,
             trail_amount=40.0, stop=101.0)]}  # fmt: skip
    fee = Commission("per_contract", 1.0)
    sim = run(bars, [roll], calls, instruments=future, commission=fee)
    assert sim.orders["asset"][[1, 2]].tolist() == [1, 1]
    assert sim.orders["stop"][1] == 99.5
    assert sim.orders["stop"][2] == 141.0 + 9.5
    assert sim.equity == pytest.approx(1_000 + 2 * 10 * (2.5 + 3.0) - 2)
    assert [row[4] for row in caused(sim)] == [102.5, 112.0]


def test_no_cash_check_stops_a_roll():
    rules = Rules()
    bars = flat_bars(NEAR=[100, 100, 100, 100], FAR=[150, 150, 150, 150])
    sim = run(bars, [Action("roll", 2 * DAY, "NEAR", to="FAR")], {0: [order(10)]}, rules)
    assert sim.positions["size"].tolist() == [0.0, 10.0]
    assert sim.cash == -500.0


def test_a_roll_between_wallets_moves_cash_in_both():
    wallets = [Wallet(1_000.0, "USD"), Wallet(500.0, "EUR", rate=2.0)]
    terms = [Instrument(currency="USD"), Instrument(currency="EUR")]
    bars = flat_bars(A=[10, 10, 10, 10], B=[5, 5, 5, 6])
    sim = run(
        bars,
        [Action("roll", 2 * DAY, "A", to="B")],
        {0: [order(10)]},
        cash=wallets,
        instruments=terms,
    )
    assert sim.wallet_cash(0) == 1_000
    assert sim.wallet_cash(1) == 450
    assert sim.equity == 1_000 + 2 * (450 + 60)
    assert sim.action_events["cash"].tolist() == [100.0, -50.0]
    for name in ("asset", "wallet", "slot"):
        assert sim.action_events[name].tolist() == [0, 1]


# Cash flows


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_funding_is_paid_by_longs_and_earned_by_shorts(sign):
    bars = flat_bars(A=[10, 10, 12, 12, 12])
    rows = [
        Action("funding", 3 * DAY, "A", rate=0.01),
        Action("funding", 4 * DAY, "A", amount=0.5),
        Action("interest", 4 * DAY, "A", amount=0.2),
    ]
    sim = run(bars, rows, {0: [order(sign * 10)]})
    flows = [-sign * 1.2, -sign * 5.0, sign * 2.0]
    assert sim.action_events["cash"].tolist() == pytest.approx(flows)
    assert sim.equity == pytest.approx(1_000 + sign * 20 + sum(flows))


def test_interest_of_a_wallet():
    wallets = [Wallet(1_000.0), Wallet(-200.0, "EUR")]
    rows = [
        Action("interest", DAY, rate=0.01),
        Action("interest", DAY, rate=0.02, currency="EUR"),
        Action("interest", 2 * DAY, amount=-3.0),
    ]
    sim = run(flat_bars(A=[10, 10, 12]), rows, cash=wallets)
    assert sim.wallet_cash(0) == 1_007.0
    assert sim.wallet_cash(1) == -204.0


# How rows are given


def test_rows_come_from_tables_too():
    import pandas as pd
    import polars as pl

    bars = flat_bars(A=[10, 10, 5, 4, 4])
    day = [dt.date(1970, 1, 3), dt.date(1970, 1, 4)]
    table = pl.DataFrame(
        {
            "date": day,
            "kind": ["split", "CASH_DIVIDEND"],
            "asset": ["A", "A"],
            "ratio": [2.0, None],
            "amount": [None, 1.0],
            "pay": [None, dt.date(1970, 1, 5)],
        }
    )
    rows = [
        Action("split", day[0], "A", ratio=2.0),
        Action("cash_dividend", "1970-01-04", "A", amount=1.0, pay=4 * DAY),
    ]
    expected = run(bars, rows, {0: [order(10)]}).action_events
    assert len(expected) == 3
    frame = pd.DataFrame(table.to_dict(as_series=False))
    for rows in (table, frame, frame.set_index("date"), table.to_arrow()):
        told = run(bars, rows, {0: [order(10)]}).action_events
        np.testing.assert_equal(told.tolist(), expected.tolist())


def test_the_result_shows_actions_as_a_table():
    bars = flat_bars(A=[10, 10, 5, 4, 4])
    rows = [Action("split", 2 * DAY, "A", ratio=2.0), Action("interest", 3 * DAY, amount=1.0)]
    table = run(bars, rows, {0: [order(10)]}).result().actions
    assert table["kind"].to_list() == ["SPLIT", "INTEREST"]
    assert table["asset"].to_list() == ["A", None]
    assert table["size_after"].to_list() == [20.0, 0.0]
    assert table["time"].to_list() == [dt.datetime(1970, 1, 3), dt.datetime(1970, 1, 4)]
    assert run(bars, None).result().actions.is_empty()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": "splitt", "time": 0, "asset": "A"}, "none of split"),
        ({"kind": "split", "time": 0, "asset": "A"}, "ratio"),
        ({"kind": "split", "time": 0, "asset": "A", "ratio": 0.0}, "ratio must be positive"),
        ({"kind": "split", "time": 0, "ratio": 2.0}, "asset"),
        ({"kind": "split", "time": 0, "asset": "A", "ratio": 2.0, "pay": 3}, "does not use it"),
        ({"kind": "cash_dividend", "time": 5, "asset": "A", "amount": 1.0, "pay": 3}, "before"),
        ({"kind": "cash_dividend", "time": 5, "asset": "A", "amount": -1.0}, "negative"),
        ({"kind": "funding", "time": 5, "asset": "A"}, "one of them"),
        ({"kind": "funding", "time": 5, "asset": "A", "rate": 1.0, "amount": 1.0}, "one of them"),
        ({"kind": "roll", "time": 5, "asset": "A"}, "to"),
        ({"kind": "delisting", "time": 5, "asset": "A", "rate": -1.0}, "recovery"),
    ],
)
def test_an_action_without_a_meaning_is_refused(fields, text):
    with pytest.raises(ActionError, match=text):
        Action(**fields)


@pytest.mark.parametrize(
    ("action", "terms", "text"),
    [
        (Action("split", 0, "X", ratio=2.0), Instrument(), "row 1.*'X' is not among"),
        (Action("roll", 0, "A", to="X"), Instrument(), "'X' is not"),
        (Action("roll", 0, "A", to="A"), Instrument(), "same asset"),
        (
            Action("symbol_change", 0, "A", to="B"),
            [Instrument(), Instrument(multiplier=5.0)],
            "multiplier",
        ),
        (
            Action("split", 0, "A", ratio=2.0),
            Instrument.perpetual(10.0, inverse=True),
            "inverse",
        ),
        (Action("interest", 0, rate=0.1, currency="EUR"), Instrument(), "no wallet"),
    ],
)
def test_what_the_bars_do_not_know_is_refused(action, terms, text):
    with pytest.raises(ActionError, match=text):
        Simulation(flat_bars(A=[1, 1], B=[1, 1]), cash=1.0, actions=[action], instruments=terms)


def test_actions_after_the_data_do_nothing():
    bars = flat_bars(A=[10, 10, 10])
    sim = run(bars, [Action("split", 9 * DAY, "A", ratio=2.0)], {0: [order(1)]})
    assert moved(sim) == []
    assert len(sim.book.actions) == 0


def test_a_compiled_strategy_meets_the_same_actions():
    rng = np.random.default_rng(1)
    closes = np.round(50.0 + np.cumsum(rng.normal(0.0, 1.0, (2, 200)), axis=1), 2)
    bars = flat_bars(A=closes[0].tolist(), B=closes[1].tolist())
    rows = [
        Action("split", 50 * DAY, "A", ratio=2.0),
        Action("cash_dividend", 60 * DAY, "B", amount=0.5, pay=70 * DAY),
        Action("roll", 100 * DAY, "A", to="B"),
        Action("delisting", 150 * DAY, "B"),
    ]

    def strategy(now):
        if now.t % 7 == 0:
            if now.t % 14 == 0:
                now.target_size(0, float(now.t))
            else:
                now.target_size(1, -3.0)

    plain = native.run(bars, strategy, FREE, actions=rows)
    jitted = native.run(bars, numba.njit(strategy), FREE, actions=rows)
    assert plain.actions.height == 6
    assert jitted.actions.equals(plain.actions)
    assert jitted.equity.tolist() == plain.equity.tolist()


def test_there_is_room_for_what_many_rows_at_one_bar_do():
    count = 70
    names = [f"F{n}" for n in range(count)]
    bars = flat_bars(**{name: [10.0, 10, 10, 10, 10] for name in names})
    future = Instrument.future(1.0, 1.0, expiry=3 * DAY)
    rows = [Action("split", 2 * DAY, names[n % 2], ratio=1.0 + n % 2, per=1.0) for n in range(60)]
    sends = [order(1, asset=n) for n in range(count)]
    limits = [order(1, Kind.LIMIT, asset=n % 2, limit=1.0) for n in range(150)]
    sim = run(bars, rows, {0: sends, 1: limits}, cash=1e6, instruments=future)
    assert len(caused(sim)) == count
    assert not sim.positions["size"].any()
    assert sim.action_events["orders"].sum() == 60 * 75 + 150
    assert [Status(s) for s in sim.orders["status"][count : count + 150]] == [Status.EXPIRED] * 150


def test_bars_that_are_passed_over_catch_up():
    bars = flat_bars(A=[10, 10, 10, 5, 2.5, 2.5])
    rows = [Action("split", t * DAY, "A", ratio=2.0, per=1.0) for t in (3, 4)]
    sim = Simulation(bars, FREE, cash=1_000.0, actions=rows)
    sim.step(0)
    sim.submit(0, 10.0)
    sim.step(1)
    assert not sim.idle
    sim.step(5)
    assert sim.position_size(0) == 40.0
    assert sim.equity == 1_000.0


# Trades


@pytest.mark.parametrize("method", ["flat", "fifo", "lifo", "round_trip", "exit", "entry"])
@pytest.mark.parametrize("rules", [FREE, WHOLE], ids=["fractional", "whole"])
def test_the_profit_of_trades_is_right_across_actions(method, rules):
    bars = flat_bars(A=[10, 10, 12, 8, 9, 9, 9, NAN, NAN], B=[20, 20, 20, 20, 30, 30, 31, 31, 32])
    rows = [
        Action("split", 3 * DAY, "A", ratio=3.0, per=2.0),
        Action("stock_dividend", 4 * DAY, "A", ratio=1.0, per=10.0, pay=5 * DAY),
        Action("roll", 6 * DAY, "A", to="B", ratio=1.0, per=3.0),
        Action("delisting", 8 * DAY, "B", rate=0.5),
    ]
    calls = {0: [order(11)], 1: [order(4)], 3: [order(-5)], 4: [order(2)]}
    fee = Commission("percent", 0.001)
    sim = run(bars, rows, calls, rules, commission=fee)
    trades = sim.result().trades_by(method)
    assert not trades["open"].any()
    profit = trades["pnl"].sum() - trades["commission"].sum()
    assert sim.cash == sim.equity == pytest.approx(1_000 + profit, abs=1e-9)


@pytest.mark.parametrize("method", ["flat", "fifo", "lifo", "round_trip", "exit", "entry"])
@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_trades_go_through_a_change_of_symbol(method, ratio):
    bars = flat_bars(
        OLD=[10, 11, 12, 9, NAN, NAN, NAN],
        NEW=[NAN, NAN, NAN, NAN, *(np.array([13, 14, 15]) / ratio)],
    )
    change = Action("symbol_change", 4 * DAY, "OLD", to="NEW", ratio=ratio)
    # A trade that ends before the change keeps the old name.
    calls = {
        0: [order(3), order(-3)],
        1: [order(10)],
        2: [order(-4)],
        4: [order(-6 * ratio, asset=1)],
    }
    sim = run(bars, [change], calls)
    trades = sim.result().trades_by(method)
    assert not trades["open"].any()
    assert sim.cash == sim.equity == pytest.approx(1_000 + trades["pnl"].sum())
    assert trades["pnl"].sum() == pytest.approx(4 * -3 + 6 * 2)
    assert set(trades["asset"].tolist()) == {0, 1}
    moved_on = trades[trades["asset"] == 1]
    assert moved_on["entry_bar"].tolist() == [2] * len(moved_on)
    assert moved_on["entry_price"] == pytest.approx(12 / np.where(moved_on["restated"], ratio, 1.0))
    if ratio == 1.0 and method == "flat":
        assert moved_on["mae"][0] == pytest.approx(10 * -3)
    whole = run(bars, [change], {1: [order(10)]}).result().trades_by(method)
    assert whole["open"].all()
    assert whole["unrealised"].sum() == pytest.approx(10 * 3)


# Properties


@relaxed
@given(cases(any_rules, actions=True))
def test_any_actions_keep_the_account_consistent(case):
    """Random rows over random orders under any rules: the sums hold and nothing breaks."""
    sim = play(case)
    assert math.isfinite(sim.equity)
    assert sim.cash == pytest.approx(case["cash"] + sim.cash_flow, abs=1e-6)
    for number in sim.open_orders:
        assert sim.orders[number]["remaining"] != 0.0
        assert not sim.positions[sim.orders[number]["slot"]]["ended"]
    result = sim.result()
    plain = case["instruments"].stock_like and case["rules"].short_cash.name == "CREDITED"
    if plain:
        # What moved is what was traded, and what actions paid without a trade.
        paid = [ActionKind[name] for name in ("CASH_DIVIDEND", "FUNDING", "INTEREST")]
        events = sim.action_events[np.isin(sim.action_events["kind"], paid)]
        fills = sim.fills
        flow = -(fills["size"] * fills["price"]).sum() - fills["commission"].sum()
        assert sim.cash_flow == pytest.approx(flow + events["cash"].sum(), abs=1e-6)
    assert np.isfinite(result.trades_by("fifo")["pnl"]).all()
    assert result.executions.height == len(sim.orders)
    assert result.actions.height == len(sim.action_events)


def test_random_actions_are_of_every_kind():
    """The property above is worth its name."""
    seen: set[int] = set()
    causes: set[int] = set()

    # The same draws every time: whether rare kinds are reached must not be luck.
    @settings(relaxed, max_examples=600, derandomize=True, database=None)
    @given(cases(any_rules, actions=True))
    def collect(case):
        sim = play(case)
        seen.update(sim.action_events["kind"].tolist())
        causes.update(sim.fills["cause"].tolist())

    collect()
    assert seen == {int(kind) for kind in ActionKind}
    assert causes >= {
        int(cause)
        for cause in (
            Cause.EXPIRY,
            Cause.DELISTING,
            Cause.ROLL,
            Cause.CASH_IN_LIEU,
            Cause.STOCK_DIVIDEND,
            Cause.SYMBOL_CHANGE,
        )
    }


def restated(bars: Bars, at: int, ratio: float) -> Bars:
    """The bars as they are printed when each unit becomes `ratio` from bar `at` on."""
    values = bars.values.copy()
    values[:4, :, at:] /= ratio
    values[4, :, at:] *= ratio
    return Bars(bars.times, bars.assets, values)


def in_new_units(intent: Intent, ratio: float) -> Intent:
    return replace(
        intent,
        size=intent.size * ratio,
        limit=intent.limit / ratio,
        stop=intent.stop / ratio,
        trail=intent.trail / ratio,
    )


@relaxed
@given(cases(any_rules, costs=False, missing=False), st.data())
def test_orders_trade_at_the_same_real_price_through_a_split(case, data):
    """A split at any bar, of bars restated for it, changes no equity and no fill.

    Orders sent before it are in old units and prices, those after it in new ones. The ratios are
    powers of two, so that the restated numbers are exact. Without margin calls where fills are
    whole units: a call sells what it must, rounded up to one unit, and after a split that is half
    or a quarter of what it was.
    """
    ratio = data.draw(st.sampled_from([2.0, 4.0]))
    bars = case["bars"]
    bars.values[:4] += 80.0  # no price of a program comes near its floor
    at = data.draw(st.integers(1, len(bars.times) - 1))
    rules = case["rules"]
    if rules.sizing == Sizing.WHOLE:
        rules = replace(rules, margin_call=MarginCall.NEVER)
    case = case | {"instruments": Instrument(), "rules": rules}
    plain = play(case)
    program = [i if i.bar < at else in_new_units(i, ratio) for i in case["program"]]
    rows = [Action("split", int(bars.times[at]), name, ratio=ratio) for name in bars.assets]
    split = play(case | {"bars": restated(bars, at, ratio), "program": program, "actions": rows})
    factor = np.where(split.fills["bar"] < at, 1.0, ratio)
    assert (split.fills["size"] / factor).tolist() == plain.fills["size"].tolist()
    assert (split.fills["price"] * factor).tolist() == plain.fills["price"].tolist()
    assert split.equity_curve() == pytest.approx(plain.equity_curve(), rel=1e-12)
    alike = [order["status"] for order in split.orders]
    assert alike == [order["status"] for order in plain.orders]


@relaxed
@given(cases(any_rules, missing=False), st.data())
def test_a_split_leaves_equity_but_for_cash_in_lieu(case, data):
    """Fractional units: at the bar of a split equity is what it is without one."""
    at = data.draw(st.integers(1, len(case["bars"].times) - 1))
    ratio, per = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 9)))
    bars = case["bars"]
    case = case | {"program": [i for i in case["program"] if i.bar < at - 1]}
    rows = [
        Action("split", int(bars.times[at]), name, ratio=float(ratio), per=float(per))
        for name in bars.assets
    ]
    # The bar of the split repeats the one before it, without trading.
    bars.values[:, :, at] = bars.values[3, :, at - 1][None]
    bars.values[4, :, at] = 0.0
    plain = play(case, until=at)
    sim = play(
        case
        | {"bars": restated(bars, at, ratio / per), "program": case["program"]}
        | {"actions": rows},
        until=at,
    )
    held = sim.positions["size"].tolist()
    for order_number in sim.open_orders:
        sim.cancel(order_number)
    cash = sim.cash
    sim.step(at)
    assert plain.equity_curve()[at - 1] == pytest.approx(sim.equity_curve()[at - 1], rel=1e-12)
    if case["rules"].settlement_sessions == 0 and len(sim.fills) == len(plain.fills):
        assert sim.equity == pytest.approx(plain.equity_curve()[at - 1], rel=1e-9)
        if case["rules"].sizing.name == "FRACTIONAL" and case["instruments"].stock_like:
            assert sim.cash == cash
            assert sim.positions["size"] == pytest.approx(np.array(held) * ratio / per)


# Risk rules


@pytest.mark.parametrize("ratio", [2.0, 0.5])
def test_what_protects_a_position_follows_a_split(ratio):
    closes = np.array([10.0, 10, 12, 11, 10.5, 9.5, 9, 9])
    after = closes.copy()
    after[3:] /= ratio
    risk = [StopLoss(amount=3.0), Trailing(fraction=0.2), TakeProfit(fraction=0.5)]
    plain = run(flat_bars(A=closes.tolist()), None, {0: [order(8)]}, risk=risk)
    split = run(
        flat_bars(A=after.tolist()),
        [Action("split", 3 * DAY, "A", ratio=ratio)],
        {0: [order(8)]},
        risk=risk,
    )
    assert len(plain.fills) == len(split.fills) == 2
    assert split.fills["bar"].tolist() == plain.fills["bar"].tolist()
    assert split.fills[1]["price"] * ratio == plain.fills[1]["price"]
    assert split.equity_curve() == pytest.approx(plain.equity_curve())


def test_what_protects_a_position_follows_it_to_a_new_symbol():
    bars = flat_bars(
        OLD=[10, 10, 12, NAN, NAN, NAN, NAN, NAN], NEW=[NAN, NAN, NAN, 11, 10.5, 9.5, 9, 9]
    )
    whole = flat_bars(A=[10, 10, 12, 11, 10.5, 9.5, 9, 9])
    risk = [StopLoss(amount=3.0), Trailing(fraction=0.2), MaxDrawdown(amount=1e6)]
    plain = run(whole, None, {0: [order(8)]}, risk=risk)
    change = Action("symbol_change", 3 * DAY, "OLD", to="NEW")
    sim = run(bars, [change], {0: [order(8)]}, risk=risk)
    assert sim.positions["size"].tolist() == [0.0, 0.0]
    assert sim.fills[1]["asset"] == 1
    assert sim.fills["price"].tolist() == plain.fills["price"].tolist()
    assert sim.equity == plain.equity


def test_what_protects_a_position_is_sent_anew_after_a_roll_and_ends_with_its_asset():
    bars = flat_bars(NEAR=[10, 10, 10, 10, 10, 10], FAR=[20, 20, 20, 20, 20, 20])
    roll = Action("roll", 2 * DAY, "NEAR", to="FAR")
    delisting = Action("delisting", 4 * DAY, "FAR")
    sim = run(bars, [roll, delisting], {0: [order(8)]}, risk=[StopLoss(fraction=0.1)])
    stops = sim.orders[sim.orders["kind"] == Kind.STOP]
    assert stops["stop"].tolist() == [9.0, 18.0]
    assert [Status(s).name for s in stops["status"]] == ["CANCELLED", "EXPIRED"]
    assert sim.open_orders == []


# The sample's real splits


def adjusted(bars: Bars, splits) -> Bars:
    """The bars in the units of the last day: what a vendor calls split-adjusted."""
    values = bars.values.copy()
    for split in splits:
        column = bars.assets.index(split.asset)
        before = bars.times < split.time
        values[:4, column, before] /= split.ratio
        values[4, column, before] *= split.ratio
    return Bars(bars.times, bars.assets, values)


def units_of(bars: Bars, splits, column: int) -> np.ndarray:
    """Units of the last day that a unit of each day is."""
    units = np.ones(len(bars.times))
    for split in splits:
        if split.asset == bars.assets[column]:
            units[bars.times < split.time] *= split.ratio
    return units


def traded_through(bars: Bars, units: np.ndarray, rules: Rules, actions) -> Simulation:
    """A strategy with market, limit, stop and trailing orders that rest for months.

    units: float64[N, T], units of the last day for each unit of a day. Its sizes and prices are
    decided in those of the last day and sent in those of the day.
    """
    sim = Simulation(
        bars, rules, cash=100_000.0, commission=Commission("percent", 0.001), actions=actions
    )
    waiting: dict[int, list[int]] = {n: [] for n in range(len(bars.assets))}
    for t in range(len(bars.times)):
        sim.step(t)
        for n in range(len(bars.assets)):
            unit = units[n, t]
            close = bars.values[3, n, t] * unit
            real = {
                "buy": lambda price, u=unit: {"limit": price / u},
                "stop": lambda price, u=unit: {"stop": price / u},
            }
            step = (t + 17 * n) % 60
            if step == 0:
                sim.submit(n, 40.0 / unit)
            elif step == 10:
                waiting[n] = [
                    sim.submit(n, 30.0 / unit, Kind.LIMIT, **real["buy"](close * 0.93)),
                    sim.submit(n, -25.0 / unit, Kind.STOP, **real["stop"](close * 0.9)),
                    sim.submit(n, -20.0 / unit, Kind.TRAIL, trail_percent=0.15),
                    sim.submit(
                        n,
                        15.0 / unit,
                        Kind.STOP_LIMIT,
                        stop=close * 1.05 / unit,
                        limit=close * 1.06 / unit,
                    ),
                    sim.submit(n, -15.0 / unit, Kind.TRAIL, trail_amount=close * 0.2 / unit),
                ]
            elif step == 50:
                held = sim.position_size(n)
                if held:
                    sim.submit(n, -0.5 * held)
                for number in waiting[n][:2]:
                    sim.cancel(number)
    return sim


@pytest.mark.parametrize("price_path", ["whole_bar", "nearest_first"])
def test_adjusted_and_unadjusted_data_of_real_shares_give_the_same_equity(price_path):
    bars = sample(["AAPL", "MSFT"]).between(None, "2006-12-29")
    splits = sample_splits(["AAPL", "MSFT"])
    assert len(splits) == 3
    rules = Rules(price_path=price_path)
    units = np.array([units_of(bars, splits, n) for n in range(2)])
    rows = [Action("split", split.date, split.asset, ratio=split.ratio) for split in splits]
    raw = traded_through(bars, units, rules, rows)
    smooth = traded_through(adjusted(bars, splits), np.ones_like(units), rules, None)
    assert len(smooth.fills) > 150
    kinds = {Kind(smooth.orders[int(f["order"])]["kind"]) for f in smooth.fills}
    assert {Kind.MARKET, Kind.LIMIT, Kind.STOP, Kind.TRAIL} <= kinds
    assert raw.equity_curve() == pytest.approx(smooth.equity_curve(), rel=1e-9)
    for name in ("order", "bar", "asset"):
        assert raw.fills[name].tolist() == smooth.fills[name].tolist()
    assert len(raw.action_events) == 3
    assert raw.action_events["orders"].sum() > 0
    pnl = [sim.result().trade_rows["pnl"].sum() for sim in (raw, smooth)]
    assert pnl[0] == pytest.approx(pnl[1], rel=1e-9)


def test_whole_shares_through_real_splits_differ_by_fractions_only():
    bars = sample(["AAPL", "MSFT"])
    splits = sample_splits(["AAPL", "MSFT"])
    rows = [Action("split", split.date, split.asset, ratio=split.ratio) for split in splits]
    for rules in (Rules(), Rules(sizing="whole")):
        sim = Simulation(bars, rules, cash=100_000.0, actions=rows)
        for t in range(len(bars.times)):
            sim.step(t)
            if t == 0:
                sim.submit(0, 101.0)
                sim.submit(1, 51.0)
        # Both ratios are whole, so nothing is ever paid for a fraction.
        assert [sim.position_size(n) for n in range(2)] == [404.0, 102.0]
        assert caused(sim) == []
    # A 3-for-2 in place of the real 2-for-1 leaves halves.
    odd = [Action("split", s.date, s.asset, ratio=3.0, per=2.0) for s in splits[1:2]]
    sims = []
    for rules in (Rules(), Rules(sizing="whole")):
        sim = Simulation(bars, rules, cash=100_000.0, actions=odd)
        for t in range(len(bars.times)):
            sim.step(t)
            if t == 0:
                sim.submit(1, 51.0)
        sims.append(sim)
    at = int(np.searchsorted(bars.times, splits[1].time))
    before, paid = (sim.equity_curve() for sim in sims)
    assert before[:at].tolist() == paid[:at].tolist()
    assert sims[1].position_size(1) == 76.0
    close = bars.values[3, 1]
    # Half a new share was sold at the restated close before, and does not move any more.
    lieu = 0.5 * (close[at - 1] * 2 / 3 - close[at])
    assert paid[at] - before[at] == pytest.approx(lieu, abs=1e-9)


def dividends_of(bars: Bars, splits) -> dict[int, float]:
    """Dollars per share by ex date, as the source's adjusted close implies them.

    Its factor for a dividend D is C / (C + D), C the close of the ex date.
    """
    close = bars.close[:, 0]
    step = bars.extra["adj_close"][:, 0] / close
    step = step[:-1] / step[1:]
    for split in splits:
        step[np.searchsorted(bars.times, split.time) - 1] *= split.ratio
    paid = close[1:] * (1.0 / step - 1.0)
    return {int(n) + 1: float(paid[n]) for n in np.flatnonzero(np.abs(step - 1.0) > 2e-4)}


@pytest.mark.parametrize(("symbol", "count"), [("MSFT", 37), ("IBM", 52), ("AAPL", 3)])
def test_splits_and_dividends_reinvested_make_the_adjusted_close(symbol, count):
    """Unadjusted prices of a real share, its splits and its dividends: its total return."""
    bars = sample([symbol])
    splits = sample_splits(symbol)
    dividends = dividends_of(bars, splits)
    assert len(dividends) == count
    if symbol == "MSFT":  # the special dividend of 3 dollars, with the regular one of 8 cents
        special = int(np.searchsorted(bars.datetimes, np.datetime64("2004-11-15")))
        assert dividends[special] == pytest.approx(3.08, abs=0.005)
    rows = [Action("split", split.date, symbol, ratio=split.ratio) for split in splits]
    rows += [
        Action("cash_dividend", int(bars.times[t]), symbol, amount=amount)
        for t, amount in dividends.items()
    ]
    rules = Rules(fill_time="this_close", cash_check="none")  # type: ignore[arg-type]
    sim = Simulation(bars, rules, cash=1_000.0, actions=rows)
    close = bars.close[:, 0]
    for t in range(len(bars.times)):
        sim.step(t)
        if t == 0:
            sim.submit(0, sim.cash / close[0])
        elif t in dividends:
            sim.submit(0, sim.cash / close[t])
    adjusted = bars.extra["adj_close"][:, 0]
    # What is too small for a dividend is rounding of the source's factors.
    assert sim.equity_curve() == pytest.approx(1_000.0 * adjusted / adjusted[0], rel=3e-4)
    assert len(sim.action_events) == count + len(splits)
    received = [e["cash"] / e["size_before"] for e in sim.action_events if e["cash"]]
    assert received == pytest.approx(list(dividends.values()), rel=1e-12)
