"""Interest, borrow fees, rebates, funding, settlement and margin calls, worked out by hand."""

from __future__ import annotations

from functools import partial

import golden
import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Cause, Kind, Reason, Status
from fillproof.core.risk import MaxDrawdown
from fillproof.core.rules import Rules
from fillproof.core.simulation import OrderError, Simulation, Wallet

DAY = 86_400_000_000_000


def flat_bars(*closes, step=DAY, extra=None, gap=None) -> Bars:
    """Bars whose four prices are one. closes: float per bar, or a tuple with one per asset."""
    price = np.array(closes, dtype=float).reshape(len(closes), -1)
    times = np.arange(len(price), dtype=np.int64) * step
    if gap is not None:
        times = np.array(gap, dtype=np.int64)
    volume = np.where(np.isnan(price), np.nan, 1_000.0)
    names = tuple("ABCDEF"[: price.shape[1]])
    bars = Bars.from_arrays(times, price, price, price, price, volume, assets=names)
    for name, matrix in (extra or {}).items():
        bars = bars.with_extra(name, np.array(matrix, dtype=float).reshape(price.shape))
    return bars


run = partial(golden.run, cash=1_000.0)


def order(size: float, asset: int = 0, kind: Kind = Kind.MARKET, **more):
    return lambda sim: sim.submit(asset, size, kind, **more)


def kinds(sim: Simulation, wallet: int = 0) -> dict[str, float]:
    names = ("interest", "borrow", "rebate", "funding", "deposits")
    row = sim.book.account[wallet]
    return {name: float(row[name]) for name in names if row[name] != 0.0}


# Interest


def test_a_deposit_earns_interest_for_the_time_between_bars():
    # 36,500 x 5 % / 365 = 5 for a day; from Friday to Monday 3 days on 36,505
    bars = flat_bars(10, 10, 10, gap=[0, DAY, 4 * DAY])
    sim = run(bars, {}, cash=[Wallet(36_500.0, deposit_rate=0.05)])
    assert sim.cash_curve() == pytest.approx([36_500.0, 36_505.0, 36_505.0 * (1 + 0.15 / 365)])
    assert sim.equity_curve() == pytest.approx(sim.cash_curve(), rel=1e-15)
    assert kinds(sim) == {"interest": pytest.approx(sim.cash - 36_500.0)}
    assert sim.cash_flow == pytest.approx(sim.cash - 36_500.0)


def test_interest_counts_nanoseconds_and_the_days_of_its_year():
    # half an hour of 36,000 x 10 % / 360 = 10 a day
    bars = flat_bars(10, 10, step=DAY // 48)
    rules = Rules(day_count="actual_360")
    sim = run(bars, {}, cash=[Wallet(36_000.0, deposit_rate=0.1)], rules=rules)
    assert sim.cash == pytest.approx(36_000.0 + 10.0 / 48, rel=1e-14)


def test_a_loan_costs_interest():
    # 150 at 10 on 1,000 leaves a debt of 500: 500 x 7.3 % / 365 = 0.1 a day
    sim = run(
        flat_bars(10, 10, 10, 10),
        {0: [order(150)]},
        cash=[Wallet(1_000.0, deposit_rate=0.0, loan_rate=0.073)],
        rules=Rules(buying_power="margin"),
        instruments=Instrument(initial_margin=0.5),
    )
    assert sim.cash_curve() == pytest.approx([1_000.0, -500.0, -500.1, -500.1 * (1 + 2e-4)])
    assert sim.equity == pytest.approx(sim.cash + 1_500.0)


def test_a_debt_at_the_start_costs_interest_and_opens_nothing():
    sim = run(flat_bars(10, 10, 10), {0: [order(1)]}, cash=[Wallet(-365.0, loan_rate=0.1)])
    assert sim.orders["status"].tolist() == [Status.MARGIN]
    assert sim.orders["needed"][0] > sim.orders["available"][0]
    assert sim.cash == pytest.approx(-365.0 * (1 + 0.1 / 365) ** 2)


def test_negative_rates_are_paid_on_deposits():
    sim = run(flat_bars(10, 10), {}, cash=[Wallet(365.0, deposit_rate=-0.01)])
    assert sim.cash == pytest.approx(365.0 - 0.01)


def test_held_and_unsettled_proceeds_earn_no_interest():
    # a short of 100 at 10 puts 1,000 aside: 3,650 x 10 % / 365 = 1 a day, as before it
    sim = run(
        flat_bars(10, 10, 10),
        {0: [order(-100)]},
        cash=[Wallet(3_650.0, deposit_rate=0.1)],
        rules=Rules(short_cash="held"),
    )
    assert kinds(sim)["interest"] == pytest.approx(1.0 + 3_651.0 * 0.1 / 365)
    # all was spent at bar 1; the 110 of the sale at bar 2 are on their way at bar 3, there at 4
    sim = run(
        flat_bars(10, 10, 11, 11, 11, 11),
        {0: [order(10)], 1: [order(-10)]},
        cash=[Wallet(100.0, deposit_rate=3.65)],
        rules=Rules(settlement_sessions=2),
    )
    # 1 % a day: 1.0 on the first day; then on 1.0 alone, 0.01 and 0.0101; on all from bar 4 on
    small = 1.0
    for _ in range(3):
        small *= 1.01
    assert kinds(sim)["interest"] == pytest.approx(small + (110.0 + small) * 0.01)


# Shorts


def test_a_short_pays_for_what_it_borrowed_and_earns_a_rebate():
    # after bar 1: 100 x 12 x 3.65 % / 365 = 0.12, rebate half of it; after bar 2 at 8: 0.08, 0.04
    instrument = Instrument(borrow_rate=0.0365, short_rebate=0.01825)
    sim = run(flat_bars(10, 12, 8, 8), {0: [order(-100)]}, instruments=instrument)
    assert kinds(sim) == {"borrow": pytest.approx(-0.2), "rebate": pytest.approx(0.1)}
    assert sim.cash == pytest.approx(1_000.0 + 1_200.0 - 0.1)
    assert sim.equity == pytest.approx(sim.cash - 800.0)


def test_the_column_of_borrow_rates_comes_first():
    # bar 1: 7.3 % of the column, bar 2: NaN, the instrument's 3.65 %
    rates = [np.nan, 0.073, np.nan, 1.0]
    bars = flat_bars(10, 10, 10, 10, extra={"borrow_rate": rates})
    sim = run(bars, {0: [order(-100)]}, instruments=Instrument(borrow_rate=0.0365))
    assert kinds(sim) == {"borrow": pytest.approx(-0.2 - 0.1)}


def test_longs_and_futures_borrow_nothing():
    future = Instrument(margin=1.0, borrow_rate=0.5)
    for size, instrument in ((10, Instrument(borrow_rate=0.5)), (-10, future)):
        sim = run(flat_bars(10, 10, 10), {0: [order(size)]}, instruments=instrument)
        assert len(sim.fills) == 1
        assert kinds(sim) == {}


# Funding


@pytest.mark.parametrize("size", [2.0, -2.0])
def test_longs_pay_funding_to_shorts(size):
    # At the open of bar 2 the position is worth 220: 0.1 % is 0.22. Bar 1, whose open it trades
    # at, costs nothing; bar 3 is NaN; bar 4 has a negative rate: 2 x 100 x 0.05 % = 0.1 back.
    bars = flat_bars(100, 100, 110, 105, 100, extra={"funding": [1, 1, 1e-3, np.nan, -5e-4]})
    sim = run(bars, {0: [order(size)]}, instruments=Instrument.perpetual(leverage=10))
    sign = np.sign(size)
    assert kinds(sim) == {"funding": pytest.approx(sign * (-0.22 + 0.1))}
    assert sim.equity_curve() == pytest.approx(
        [1_000.0, 1_000.0, 1_000.0 + sign * (20 - 0.22), 1_000.0 + sign * (10 - 0.22),
         1_000.0 + sign * -0.12]
    )  # fmt: skip


def test_funding_of_an_inverse_contract_is_paid_in_coins():
    # 1,000 contracts of 1 dollar at 50 dollars a coin are 20 coins: 0.1 % is 0.02
    bars = flat_bars(40, 40, 50, extra={"funding": [np.nan, np.nan, 1e-3]})
    sim = run(
        bars,
        {0: [order(1_000)]},
        cash=30.0,
        instruments=Instrument.perpetual(leverage=5, inverse=True),
    )
    assert kinds(sim) == {"funding": pytest.approx(-0.02)}
    # profit: 1,000 x (1/40 - 1/50) = 5 coins
    assert sim.equity == pytest.approx(30.0 + 5.0 - 0.02)


def test_funding_on_a_time_without_a_bar_is_paid_at_the_latest_close():
    bars = flat_bars(100, 110, np.nan, 100, extra={"funding": [np.nan, np.nan, 1e-3, np.nan]})
    sim = run(bars, {0: [order(1)]}, instruments=Instrument.perpetual())
    assert kinds(sim) == {"funding": pytest.approx(-0.11)}


# Settlement


def test_proceeds_pay_for_purchases_two_sessions_later():
    # Bar 1: 100 at 10, no cash left. Bar 2: sold at 11, 1,100 that are there in session 4.
    bars = flat_bars(10, 10, 11, 11, 11, 11)
    rules = Rules(settlement_sessions=2)
    sim = run(
        bars,
        {0: [order(100)], 1: [order(-100)], 2: [order(50)], 3: [order(60)]},
        rules=rules,
    )
    assert [(f["order"], f["bar"]) for f in sim.fills] == [(0, 1), (1, 2), (3, 4)]
    refused = sim.orders[2]
    assert refused["status"] == Status.MARGIN
    assert refused["reason"] == Reason.CASH
    assert (refused["needed"], refused["available"]) == (550.0, 0.0)
    assert sim.cash == 1_100.0 - 660.0
    assert sim.book.account["unsettled"][0] == 0.0
    assert not sim.idle


@pytest.mark.parametrize("check", ["on_submit", "on_fill", "both"])
def test_a_sale_does_not_pay_for_a_purchase_sent_with_it(check):
    bars = flat_bars(*[(10, 10)] * 4)
    calls = {0: [order(100)], 1: [order(-100), order(50, asset=1)]}
    late = run(bars, calls, rules=Rules(cash_check=check, settlement_sessions=1))
    assert late.orders["status"].tolist() == [Status.FILLED, Status.FILLED, Status.MARGIN]
    at_once = run(bars, calls, rules=Rules(cash_check=check))
    assert at_once.orders["status"].tolist() == [Status.FILLED] * 3


def test_a_session_of_many_bars_counts_once_and_gaps_do_not_count():
    # Two bars a session; the numbers of sessions have a gap (a weekend). Sold in the first bar of
    # session 1; T + 2 is the second session after it, number 7, which begins at bar 6.
    sessions = np.array([0, 0, 1, 1, 4, 4, 7, 7])
    calls = {0: [order(100)], 1: [order(-100)]} | {t: [order(1)] for t in (3, 4, 5)}
    sim = run(
        flat_bars(*[10] * 8),
        calls,
        rules=Rules(settlement_sessions=2),
        sessions=sessions,
    )
    assert sim.orders["status"].tolist() == [Status.FILLED] * 2 + [Status.MARGIN] * 2 + [
        Status.FILLED
    ]
    assert sim.fills["bar"].tolist() == [1, 2, 6]


def test_the_margin_of_a_future_is_free_at_once():
    sim = run(
        flat_bars(10, 10, 12, 12),
        {0: [order(10)], 1: [order(-10)]},
        rules=Rules(settlement_sessions=2),
        instruments=Instrument(margin=100.0),
    )
    assert sim.book.account["unsettled"][0] == 0.0
    assert sim.cash == 1_020.0


# Held proceeds of shorts


def test_held_proceeds_pay_for_nothing():
    # The short of 100 at 10 brings 1,000, held. 150 at 10 are more than the 1,000 of one's own.
    bars = flat_bars(*[(10, 10)] * 4, (8, 10), (8, 10))
    calls = {0: [order(-100)], 1: [order(150, asset=1)], 2: [order(100, asset=1)]}
    calls[3] = [order(100)]
    sim = run(bars, calls, rules=Rules(short_cash="held"))
    assert sim.orders["status"].tolist() == [
        Status.FILLED,
        Status.MARGIN,
        Status.FILLED,
        Status.FILLED,
    ]
    assert (sim.orders["needed"][1], sim.orders["available"][1]) == (1_500.0, 1_000.0)
    # the cover at 8 releases what was held: 2,000 - 1,000 - 800
    assert sim.cash == 200.0
    assert sim.book.account["held"][0] == 0.0


def test_covering_a_held_short_at_a_loss_uses_what_was_held():
    # free cash is 100; the cover costs 1,050, of which 1,000 were held
    bars = flat_bars(10, 10, 10.5, 10.5)
    sim = run(bars, {0: [order(-100)], 1: [order(100)]}, cash=100.0, rules=Rules(short_cash="held"))
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.FILLED]
    assert sim.cash == 50.0


def test_a_short_future_holds_no_proceeds():
    sim = run(
        flat_bars(10, 10, 10),
        {0: [order(-10)]},
        rules=Rules(short_cash="held"),
        instruments=Instrument(margin=5.0),
    )
    assert sim.book.account["held"][0] == 0.0
    assert sim.cash == 950.0


# Margin calls

#: 100 A and 80 B at 10 on 1,000: a debt of 800. At bar 3 (6 and 5.5) they are worth 1,040, equity
#: is 240, the maintenance margin a quarter, 260, the initial margin half, 520.
CALLED = ((10, 10), (10, 10), (7, 6), (6, 5.5), (6, 5.5), (6, 5.5))
HALF = Instrument(initial_margin=0.5, maintenance_margin=0.25)


def called(policy: str, *, calls=None, closes=CALLED, rules=None, **settings) -> Simulation:
    rules = (rules or Rules()).replace(buying_power="margin", margin_call=policy)
    settings.setdefault("instruments", HALF)
    todo = {0: [order(100), order(80, asset=1)]} | (calls or {})
    return run(flat_bars(*closes), todo, rules=rules, **settings)


def sales(sim: Simulation) -> list[tuple[int, int, float]]:
    return [
        (int(f["bar"]), int(f["asset"]), float(f["size"]))
        for f in sim.fills
        if f["cause"] == Cause.MARGIN_CALL
    ]


def test_no_call_while_equity_covers_maintenance():
    sim = called("all", closes=CALLED[:3] * 2)
    assert sales(sim) == []
    assert called("never").fills["cause"].tolist() == [0, 0]


def test_margin_call_closes_all():
    sim = called("all")
    assert sales(sim) == [(4, 0, -100.0), (4, 1, -80.0)]
    assert sim.cash == 240.0
    assert sim.book.account["margin_calls"][0] == 1
    assert len(sim.orders) == 4
    assert sim.orders["created_bar"].tolist() == [0, 0, 3, 3]


def test_margin_call_closes_the_largest_first():
    # the initial margin of A is 300, of B 220: without A equity covers the rest
    sim = called("largest_first")
    assert sales(sim) == [(4, 0, -100.0)]
    assert sim.position_size(1) == 80.0


def test_margin_call_closes_the_same_part_of_each():
    sim = called("proportional")
    part = 1.0 - 240.0 / 520.0
    assert sales(sim) == [
        (4, 0, pytest.approx(-100.0 * part)),
        (4, 1, pytest.approx(-80.0 * part)),
    ]
    # what is left needs an initial margin of just the equity
    left = sim.position_size(0) * 6 * 0.5 + sim.position_size(1) * 5.5 * 0.5
    assert left == pytest.approx(sim.equity) == pytest.approx(240.0)


def test_a_part_is_rounded_up_to_lots():
    lots = Instrument(initial_margin=0.5, maintenance_margin=0.25, lot=10.0)
    assert sales(called("proportional", instruments=lots)) == [(4, 0, -60.0), (4, 1, -50.0)]
    whole = called("proportional", rules=Rules(sizing="whole"))
    assert sales(whole) == [(4, 0, -54.0), (4, 1, -44.0)]


def test_a_call_is_made_once_while_its_orders_are_pending():
    # A has no bar at 4 and 5: the order waits, and no second one is sent
    gone = (*CALLED[:4], (np.nan, 5.5), (np.nan, 5.5), (6, 5.5))
    sim = called("all", closes=gone)
    assert sales(sim) == [(4, 1, -80.0), (6, 0, -100.0)]
    assert sim.book.account["margin_calls"][0] == 1


def test_what_a_call_leaves_is_called_again():
    # B alone falls from 5.5 to 4: equity 240 - 120 = 120 of 320, above its maintenance 80; at 2.8
    # equity is 24 and the maintenance margin 56
    sim = called("largest_first", closes=(*CALLED[:5], (6, 4), (6, 2.8), (6, 2.8)))
    assert sales(sim) == [(4, 0, -100.0), (7, 1, -80.0)]
    assert sim.book.account["margin_calls"][0] == 2


def test_a_call_takes_back_openings_and_keeps_exits():
    calls = {
        1: [
            order(10, kind=Kind.LIMIT, limit=1.0),  # 2: would open
            order(-100, kind=Kind.STOP, stop=1.0),  # 3: protects A
            order(-80, asset=1, kind=Kind.STOP, stop=1.0),  # 4: protects B
        ]
    }
    sim = called("largest_first", calls=calls)
    assert sim.orders["reason"][2] == Reason.MARGIN_CALL
    assert sim.orders["status"][2] == Status.CANCELLED
    assert sim.orders["reduce_only"].tolist()[3:5] == [True, True]
    assert sim.orders["status"][4] == Status.ACCEPTED
    # A is gone: its stop has nothing to reduce when a bar reaches it
    assert sim.position_size(0) == 0.0


def test_a_call_of_one_venue_leaves_the_other_alone():
    instruments = [
        Instrument(initial_margin=0.5, maintenance_margin=0.25, venue=venue) for venue in "XY"
    ]
    # X: 100 A on 600, a debt of 400; at 6 equity is 200 of 600: 150 needed; at 5 100 of 125
    closes = ((10, 10), (10, 10), (6, 10), (5, 10), (5, 10))
    sim = called(
        "all",
        closes=closes,
        instruments=instruments,
        cash=[Wallet(600.0, venue="X"), Wallet(1_000.0, venue="Y")],
    )
    assert sales(sim) == [(4, 0, -100.0)]
    assert sim.book.account["margin_calls"].tolist() == [1, 0]
    assert sim.position_size(1) == 80.0
    assert [sim.wallet_cash(n) for n in (0, 1)] == [100.0, 200.0]


def test_a_short_is_called_when_it_rises():
    # 100 short at 10: cash 2,000. At 16.25 equity is 375, a quarter of 1,625 is 406.25
    sim = called("all", calls={0: [order(-100)]}, closes=((10,), (10,), (15,), (16.25,), (17,)))
    assert sales(sim) == [(4, 0, 100.0)]
    assert sim.cash == pytest.approx(300.0)


def test_a_future_is_called_on_its_margin():
    # 2 contracts of 50 a point with 200 margin each, on 500. Maintenance by default the margin:
    # at 98 equity is 500 - 200 = 300 < 400
    future = Instrument.future(multiplier=50.0, margin=200.0)
    sim = called(
        "all",
        calls={0: [order(2)]},
        closes=((100,), (100,), (99,), (98,), (98,)),
        instruments=future,
        cash=500.0,
    )
    assert sales(sim) == [(4, 0, -2.0)]
    assert sim.cash == 300.0


def test_a_future_is_called_on_its_maintenance_margin():
    # the same with a maintenance margin of 140: 300 at 98 suffices, 260 at 97.6 does not; what is
    # then left, 1 contract, needs 200 of it
    future = Instrument.future(multiplier=50.0, margin=200.0, maintenance=140.0)
    sim = called(
        "proportional",
        calls={0: [order(2)]},
        closes=((100,), (100,), (98,), (97.6,), (97.6,)),
        instruments=future,
        cash=500.0,
        rules=Rules(sizing="whole"),
    )
    assert sales(sim) == [(4, 0, -1.0)]
    assert sim.equity == pytest.approx(260.0)


def test_both_sides_of_a_hedge_are_called():
    rules = Rules(positioning="hedging")
    sides = {0: [order(50, side="long"), order(-100, side="short")]}
    # at 14: 750 + 200 - 400 = 550, a quarter of 700 and 1,400 is 525; at 15: 500 and 562.5
    closes = ((10,), (10,), (14,), (15,), (15,))
    sim = called("all", calls=sides, closes=closes, rules=rules, cash=750.0)
    assert sales(sim) == [(4, 0, -50.0), (4, 0, 100.0)]
    assert sim.cash == 500.0
    assert sim.position_size(0, "long") == sim.position_size(0, "short") == 0.0


def test_a_call_has_room_however_many_positions_there_are():
    count = 300
    price = np.full((5, count), 10.0)
    price[3:] = 1.0
    times = np.arange(5, dtype=np.int64) * DAY
    names = tuple(f"A{n}" for n in range(count))
    bars = Bars.from_arrays(times, price, price, price, price, price * 100, assets=names)
    rules = Rules(buying_power="margin", margin_call="all", cash_check="none")
    sim = run(bars, {0: [order(10, asset=n) for n in range(count)]}, cash=100.0, rules=rules)
    assert len(sales(sim)) == count
    assert not sim.positions["size"].any()


def test_a_call_sends_nothing_where_a_risk_rule_closes_already():
    # equity of 240 at bar 3 is a drawdown of 76 %, and below the maintenance margin
    sim = called("all", risk=[MaxDrawdown(0.7, then="flatten")])
    assert sim.fills["cause"].tolist() == [0, 0, Cause.MAX_DRAWDOWN, Cause.MAX_DRAWDOWN]
    assert len(sim.orders) == 4
    assert sim.book.account["margin_calls"][0] == 0


def test_a_position_that_cannot_be_traded_is_left():
    # below the minimum size: no order that would be denied, bar after bar
    tiny = Instrument(initial_margin=0.5, maintenance_margin=0.25, minimum_size=90.0)
    sim = called("all", instruments=[tiny, HALF], calls={1: [order(-50)]})
    assert sim.position_size(0) == 100.0 or sim.orders["status"][2] == Status.DENIED
    assert Status.DENIED not in sim.orders["status"][3:].tolist()


# Moving cash


def test_exchange_moves_cash_between_wallets_and_is_recorded():
    wallets = [Wallet(1_000.0, "USD"), Wallet(0.0, "EUR", rate=np.array([1.25, 1.25, 1.5]))]
    usd, eur = Instrument(currency="USD"), Instrument(currency="EUR")
    sim = Simulation(flat_bars(*[(10, 10)] * 3), cash=wallets, instruments=[usd, eur])
    sim.step(0)
    assert sim.exchange(0, 1, 500.0) == 400.0
    assert [sim.wallet_cash(n) for n in (0, 1)] == [500.0, 400.0]
    assert sim.cash == 1_000.0
    assert sim.exchange(1, 0, 100.0, rate=1.2) == 120.0
    assert sim.exchanges == [
        {"bar": 0, "source": 0, "target": 1, "amount": 500.0, "rate": 0.8, "received": 400.0},
        {"bar": 0, "source": 1, "target": 0, "amount": 100.0, "rate": 1.2, "received": 120.0},
    ]
    sim.step(2)
    # 620 dollars, 300 euros at 1.5
    assert sim.cash == sim.equity == 620.0 + 450.0
    assert kinds(sim) == {"deposits": -380.0}
    assert kinds(sim, 1) == {"deposits": 300.0}


def test_exchange_says_what_is_wrong():
    wallets = [Wallet(1_000.0, "USD"), Wallet(0.0, "EUR")]
    instruments = Instrument(currency="USD")
    sim = Simulation(flat_bars(10, 10), cash=wallets, instruments=instruments)
    sim.step(0)
    for arguments, words in (
        ((0, 0, 1.0), "is the source too"),
        ((0, 2, 1.0), "target: there is no wallet 2"),
        ((0, 1, -1.0), "positive"),
        ((0, 1, 1.0, 0.0), "rate must be positive"),
        ((0, 1, 2_000.0), "more than wallet 0 has free, 1000.0"),
    ):
        with pytest.raises(OrderError, match=words):
            sim.exchange(*arguments)
    assert sim.exchanges == []


def test_deposits_count_at_skipped_bars():
    """After a deposit no bar is idle: the curve knows the cash from the next bar on."""
    sim = Simulation(flat_bars(10, 10, 10, 10), cash=100.0)
    sim.step(0)
    assert sim.idle
    sim.add_cash(50.0)
    assert not sim.idle
    for t in (1, 2, 3):
        sim.step(t)
    assert sim.equity_curve().tolist() == [100.0, 150.0, 150.0, 150.0]


def test_liquidate_pays_what_each_account_form_owes():
    future = Instrument(multiplier=5.0, margin=40.0)
    for rules, instrument, size in (
        (Rules(), Instrument(), 10.0),
        (Rules(), Instrument(), -10.0),
        (Rules(short_cash="locked"), Instrument(), -10.0),
        (Rules(short_cash="held"), Instrument(), -10.0),
        (Rules(), Instrument(leverage=2.0), 10.0),
        (Rules(), Instrument(unit=100.0, multiplier=100.0), 0.5),
        (Rules(), future, 3.0),
        (Rules(), Instrument.perpetual(5.0), -3.0),
        (Rules(), Instrument.perpetual(5.0, inverse=True, multiplier=100.0), 3.0),
    ):
        sim = run(flat_bars(10, 10, 12), {0: [order(size)]}, rules=rules, instruments=instrument)
        assert len(sim.fills) == 1
        worth = sim.equity
        flow = sim.liquidate(0, 12.0)
        assert sim.cash == pytest.approx(worth, rel=1e-12), instrument
        assert sim.cash == sim.equity
        assert sim.book.account["held"][0] == 0.0
        assert flow != 0.0
        assert sim.liquidate(0, 12.0) == 0.0
        assert sim.book.account["n_marked"][0] == 0


def test_all_kinds_together_are_the_change_of_cash():
    rates = np.full(8, 0.02)
    bars = flat_bars(10, 11, 10, 12, 13, 9, 10, 11, extra={"borrow_rate": rates, "funding": rates})
    sim = run(
        bars,
        {0: [order(-20)], 3: [order(60), lambda s: s.add_cash(77.0)], 5: [order(-10)]},
        cash=[Wallet(1_000.0, deposit_rate=0.03, loan_rate=0.08)],
        commission=Commission("percent", 0.001),
        instruments=Instrument(short_rebate=0.01),
        rules=Rules(settlement_sessions=1),
    )
    row = sim.book.account[0]
    fills = -(sim.fills["size"] * sim.fills["price"]).sum() - sim.fills["commission"].sum()
    other = sum(kinds(sim).values())
    assert set(kinds(sim)) == {"interest", "borrow", "rebate", "funding", "deposits"}
    assert sim.cash == pytest.approx(1_000.0 + fills + other, rel=1e-12)
    assert row["flow"] == pytest.approx(fills + other, rel=1e-10)
    assert sim.cash_curve()[-1] == sim.cash
