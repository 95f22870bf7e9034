"""Account forms: cash, margin, futures, perpetuals, currencies, venues, hedging."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission
from fillproof.core.instruments import Instrument
from fillproof.core.orders import Kind, Reason, Status
from fillproof.core.rules import CommissionTime, CostBasis, Rules
from fillproof.core.simulation import OrderError, Simulation, Wallet
from hypothesis import given
from hypothesis import strategies as st
from programs import random_bars, relaxed
from test_financing import flat_bars, order, run

# Futures, perpetuals, currency pairs


def test_a_future_is_marked_to_market_every_day():
    # 2 contracts of 50 a point with 300 margin each, in at 100. Cash after each close:
    # 10,000 - 600; +2 x 50 x 1; -2 x 50 x 3; out at 99, +2 x 50 x 1 and the margin
    future = Instrument.future(multiplier=50.0, margin=300.0)
    sim = run(
        flat_bars(100, 100, 101, 98, 99),
        {0: [order(2)], 3: [order(-2)]},
        cash=10_000.0,
        instruments=future,
    )
    assert sim.cash_curve().tolist() == [10_000.0, 9_400.0, 9_500.0, 9_200.0, 9_900.0]
    assert sim.equity_curve().tolist() == [10_000.0, 10_000.0, 10_100.0, 9_800.0, 9_900.0]
    assert sim.fills["pnl"].tolist() == [0.0, -100.0]


def test_adding_to_a_future_settles_what_was_held_to_the_new_price():
    # 1 in at 100, close 100; 1 more at 104: the first gains 40 at once, both move on from 104
    future = Instrument.future(multiplier=10.0, margin=50.0)
    sim = run(flat_bars(100, 100, 104, 105), {0: [order(1)], 1: [order(1)]}, instruments=future)
    assert sim.cash_curve().tolist() == [1_000.0, 950.0, 940.0, 960.0]
    assert sim.equity == 1_060.0
    assert sim.position_price(0) == 102.0


def test_a_commission_enters_the_average_price_of_a_future_in_points():
    # 3 at 100 for 3 of commission: 3 / 50 points, spread over 3 contracts
    rules = Rules(cost_basis=CostBasis.WITH_COMMISSION, commission_time=CommissionTime.END_OF_BAR)
    future = Instrument.future(multiplier=50.0, margin=0.0)
    fee = Commission("per_contract", 1.0)
    bars = flat_bars(100, 100, 101)
    sim = run(bars, {0: [order(3)]}, rules=rules, instruments=future, commission=fee)
    assert sim.position_price(0) == pytest.approx(100.0 + 3.0 / 50.0 / 3.0, rel=1e-15)
    assert sim.cash == 1_000.0 - 3.0 + 150.0


def test_a_look_before_the_step_can_settle_at_the_closes_of_its_bar():
    future = Instrument.future(multiplier=10.0, margin=0.0)
    sim = Simulation(flat_bars(100, 100, 104, 103), cash=1_000.0, instruments=future)
    for t, (early, late) in enumerate(
        [(1_000.0, 1_000.0), (1_000.0, 1_000.0), (1_080.0, 1_080.0), (1_060.0, 1_060.0)]
    ):
        sim.bar = t
        sim.settle()
        assert (sim.cash, sim.equity) == (early, early)
        sim.step(t)
        assert (sim.cash, sim.equity) == (late, late)
        if t == 0:
            sim.submit(0, 2.0)


def test_a_linear_perpetual_takes_its_value_over_leverage():
    # 3 contracts of 0.1 coins at 1,000 and 10 x leverage: 3 x 100 / 10 = 30 of margin
    perpetual = Instrument.perpetual(10.0, multiplier=0.1)
    sim = run(
        flat_bars(1_000, 1_000, 1_100, 900, 950),
        {0: [order(3)], 3: [order(-3)]},
        cash=100.0,
        instruments=perpetual,
    )
    assert sim.cash_curve() == pytest.approx([100.0, 70.0, 100.0, 40.0, 85.0])
    assert sim.equity_curve() == pytest.approx([100.0, 100.0, 130.0, 70.0, 85.0])


def test_an_inverse_perpetual_earns_coins():
    # 10,000 contracts of 1 dollar, in at 20,000: 0.5 coins, 0.1 of margin. At 25,000 they have
    # gained 10,000 x (1/20,000 - 1/25,000) = 0.1 coins; out at 16,000 they have lost 0.125.
    perpetual = Instrument.perpetual(5.0, inverse=True)
    sim = run(
        flat_bars(20_000, 20_000, 25_000, 16_000, 16_000),
        {0: [order(10_000)], 2: [order(-10_000)]},
        cash=1.0,
        instruments=perpetual,
    )
    assert sim.cash_curve() == pytest.approx([1.0, 0.9, 1.0, 0.875, 0.875])
    assert sim.equity_curve() == pytest.approx([1.0, 1.0, 1.1, 0.875, 0.875])
    assert sim.fills["pnl"].tolist() == [0.0, pytest.approx(-0.125)]


def test_an_inverse_entry_averages_harmonically():
    # 100 at 10 and 100 at 20 dollars: 15 coins for 200 dollars, 13.33 a coin
    perpetual = Instrument.perpetual(inverse=True)
    sim = run(
        flat_bars(10, 10, 20, 20), {0: [order(100)], 1: [order(100)]}, cash=100.0,
        instruments=perpetual,
    )  # fmt: skip
    assert sim.position_price(0) == pytest.approx(200.0 / 15.0)
    # profit of the first 100: 100 x (1/10 - 1/20) = 5 coins
    assert sim.equity == pytest.approx(105.0)


def test_a_currency_pair_on_margin():
    # 20,000 euros at 1.10 dollars, 20 x leverage: 1,100 dollars of margin; 100 pips are 200
    sim = run(
        flat_bars(1.10, 1.10, 1.11, 1.09),
        {0: [order(20_000)]},
        cash=2_000.0,
        instruments=Instrument.fx(leverage=20.0, lot=1_000.0),
    )
    assert sim.cash_curve() == pytest.approx([2_000.0, 900.0, 1_100.0, 700.0])
    assert sim.equity_curve() == pytest.approx([2_000.0, 2_000.0, 2_200.0, 1_800.0])


def test_the_margin_of_a_cash_account_is_needed_in_full():
    sim = run(
        flat_bars(1.10, 1.10), {0: [order(40_000)]}, cash=2_000.0,
        instruments=Instrument.fx(leverage=20.0),
    )  # fmt: skip
    assert sim.orders["status"].tolist() == [Status.MARGIN]
    assert sim.orders["needed"][0] == pytest.approx(2_200.0)
    assert sim.orders["available"][0] == 2_000.0


# Buying power


def test_buying_power_is_equity_over_initial_margin():
    half = Instrument(initial_margin=0.5)
    rules = Rules(buying_power="margin")
    bars = flat_bars(10, 10, 10, 12, 12)
    # 200 at 10 need 1,000 of equity 1,000; one more share is too much until equity has grown:
    # at 12 it is 1,400, and the initial margin of 230 is 1,380
    calls = {0: [order(200)], 1: [order(1)], 3: [order(30)]}
    sim = run(bars, calls, rules=rules, instruments=half)
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.MARGIN, Status.FILLED]
    refused = sim.orders[1]
    assert refused["reason"] == Reason.BUYING_POWER
    assert (refused["needed"], refused["available"]) == (1_005.0, 1_000.0)
    assert sim.cash == 1_000.0 - 2_000.0 - 360.0


def test_a_short_needs_its_margin_and_proceeds_do_not_help():
    half = Instrument(initial_margin=0.5)
    for size, expected in ((-200, Status.FILLED), (-201, Status.MARGIN)):
        sim = run(
            flat_bars(10, 10), {0: [order(size)]}, rules=Rules(buying_power="margin"),
            instruments=half,
        )  # fmt: skip
        assert sim.orders["status"].tolist() == [expected]


def test_a_reversal_that_margin_does_not_carry_closes_only():
    rules = Rules(buying_power="margin", cash_check="on_fill")
    sim = run(flat_bars(10, 10, 10), {0: [order(50)], 1: [order(-200)]}, rules=rules)
    assert sim.fills["size"].tolist() == [50.0, -50.0]
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.MARGIN]
    assert (sim.orders["needed"][1], sim.orders["available"][1]) == (1_500.0, 1_000.0)


def test_commission_counts_in_buying_power():
    for cash, expected in ((1_001.0, Status.FILLED), (1_000.99, Status.MARGIN)):
        sim = run(
            flat_bars(10, 10), {0: [order(100)]}, rules=Rules(buying_power="margin"), cash=cash,
            commission=Commission("per_trade", 1.0),
        )  # fmt: skip
        assert sim.orders["status"].tolist() == [expected]


def test_margin_counts_a_position_from_its_first_bar_on():
    """B has its first bar at 2: no later price decides what may be opened there."""
    price = np.array([[10, np.nan], [10, np.nan], [10, 5], [10, 100], [10, 100]])
    sim = run(
        flat_bars(*price),
        {1: [order(100, asset=1), order(60)]},
        rules=Rules(buying_power="margin", cash_check="on_fill"),
        instruments=Instrument(initial_margin=0.5),
    )
    # A is tried second: B counts at its entry of 5 (250 of margin), 60 of A at 10 need 300
    assert [(f["asset"], f["bar"]) for f in sim.fills] == [(1, 2), (0, 2)]


def test_an_inverse_position_counts_what_it_has_gained():
    # 100 dollars of coin at 10: 10 coins, 2 of margin on 3. At 20 the position is 5 coins and has
    # gained 5: 200 more need 15 / 5 = 3 of equity 8; at 5 it is 20 coins and has lost 10.
    perpetual = Instrument.perpetual(5.0, inverse=True)
    rules = Rules(buying_power="margin")
    for closes, expected in (((10, 10, 20, 20), Status.FILLED), ((10, 10, 5, 5), Status.MARGIN)):
        sim = run(
            flat_bars(*closes), {0: [order(100)], 2: [order(200)]}, cash=3.0, rules=rules,
            instruments=perpetual,
        )  # fmt: skip
        assert sim.orders["status"][1] == expected
    assert sim.orders["needed"][1] == pytest.approx(300 / 5 / 5)
    assert sim.orders["available"][1] == pytest.approx(3.0 - 10.0)


# Currencies and venues


def test_profits_are_made_in_their_currency_and_valued_at_the_rate_of_the_bar():
    # 10 at 100 euros; euros at 1.0, 1.1, 1.2 dollars
    euros = Wallet(2_000.0, "EUR", rate=np.array([1.0, 1.0, 1.1, 1.2]))
    sim = run(
        flat_bars(100, 100, 110, 120),
        {0: [order(10)]},
        cash=[Wallet(500.0, "USD"), euros],
        instruments=Instrument(currency="EUR"),
    )
    assert [sim.wallet_cash(n) for n in (0, 1)] == [500.0, 1_000.0]
    assert sim.cash_curve() == pytest.approx([2_500.0, 1_500.0, 1_600.0, 1_700.0])
    assert sim.equity_curve() == pytest.approx(
        [2_500.0, 2_500.0, 500 + 1.1 * 2_100.0, 500 + 1.2 * 2_200.0]
    )
    assert not sim.idle


def test_cash_of_another_venue_or_currency_pays_for_nothing():
    wallets = [Wallet(1_000.0, "USD", "X"), Wallet(0.0, "USD", "Y"), Wallet(5_000.0, "EUR", "X")]
    instruments = [Instrument(currency="USD", venue="X"), Instrument(currency="USD", venue="Y")]
    calls = {0: [order(1, asset=1), order(1)], 1: [lambda s: s.exchange(0, 1, 50.0)]}
    calls[1].append(order(5, asset=1))
    sim = run(flat_bars(*[(10, 10)] * 3), calls, cash=wallets, instruments=instruments)
    assert sim.orders["status"].tolist() == [Status.MARGIN, Status.FILLED, Status.FILLED]
    assert (sim.orders["needed"][0], sim.orders["available"][0]) == (10.0, 0.0)
    assert [sim.wallet_cash(n) for n in range(3)] == [940.0, 0.0, 5_000.0]


def test_equity_at_another_venue_carries_no_margin():
    wallets = [Wallet(100.0, venue="X"), Wallet(9_900.0, venue="Y")]
    instruments = [Instrument(venue=venue, initial_margin=0.5) for venue in "XY"]
    sim = run(
        flat_bars(*[(10, 10)] * 2),
        {0: [order(21), order(1_980, asset=1)]},
        cash=wallets,
        instruments=instruments,
        rules=Rules(buying_power="margin"),
    )
    assert sim.orders["status"].tolist() == [Status.MARGIN, Status.FILLED]
    assert (sim.orders["needed"][0], sim.orders["available"][0]) == (105.0, 100.0)


def test_an_asset_needs_a_wallet():
    with pytest.raises(OrderError, match=r"no wallet of currency 'GBP' at venue '' for A"):
        Simulation(flat_bars(10, 10), cash=100.0, instruments=Instrument(currency="GBP"))
    with pytest.raises(OrderError, match="there is no wallet 1"):
        Simulation(flat_bars(10, 10), cash=100.0).add_cash(1.0, wallet=1)
    with pytest.raises(OrderError, match="two wallets have one currency and venue"):
        Simulation(flat_bars(10, 10), cash=[Wallet(1.0), Wallet(2.0)])
    with pytest.raises(ValueError, match=r"Wallet.cash must be finite"):
        Wallet(float("nan"))


def test_deposits_go_to_their_wallet():
    wallets = [Wallet(0.0, "USD"), Wallet(0.0, "EUR", rate=2.0)]
    sim = Simulation(flat_bars(10, 10), cash=wallets, instruments=Instrument(currency="EUR"))
    sim.step(0)
    sim.add_cash(25.0, wallet=1)
    assert sim.cash == sim.equity == 50.0
    sim.submit(0, 2.0)
    sim.step(1)
    assert sim.wallet_cash(1) == 5.0
    table = sim.result().financing
    assert table["currency"].to_list() == ["USD", "EUR"]
    assert table["deposits"].to_list() == [0.0, 25.0]
    assert table["trading"].to_list() == [0.0, -20.0]
    assert table["flow"].to_list() == [0.0, 5.0]


# Zero and negative cash


@pytest.mark.parametrize("cash", [0.0, -500.0])
@pytest.mark.parametrize("check", ["on_submit", "on_fill", "both", "none"])
def test_without_cash_nothing_opens_unless_nothing_is_checked(cash, check):
    rules = Rules(cash_check=check)
    sim = run(flat_bars(10, 10, 11), {0: [order(10)]}, cash=cash, rules=rules)
    if check == "none":
        assert sim.equity_curve().tolist() == [cash, cash, cash + 10.0]
    else:
        assert sim.orders["status"].tolist() == [Status.MARGIN]
        assert (sim.orders["needed"][0], sim.orders["available"][0]) == (100.0, cash)
        assert sim.equity_curve().tolist() == [cash] * 3


@pytest.mark.parametrize("check", ["on_submit", "on_fill", "both"])
def test_what_reduces_a_position_is_never_refused_for_cash(check):
    # cash is taken out: a debt. The half that is sold does not pay it back, and is sold.
    calls = {0: [order(100)], 1: [lambda s: s.add_cash(-900.0), order(-50)], 2: [order(1)]}
    sim = run(flat_bars(*[10] * 4), calls, rules=Rules(cash_check=check))
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.FILLED, Status.MARGIN]
    assert sim.cash == -400.0
    checked = run(flat_bars(*[10] * 4), calls, rules=Rules(cash_check=check, exit_check="checked"))
    refused = Status.FILLED if check == "on_fill" else Status.MARGIN
    assert checked.orders["status"].tolist()[1] == refused


def test_an_order_for_an_asset_without_a_price_yet_is_judged_when_it_trades():
    price = np.array([[10, np.nan], [10, np.nan], [10, 10]])
    sim = run(flat_bars(*price), {0: [order(1_000, asset=1), order(1)]}, cash=100.0)
    # it neither passes for nothing nor spoils the check of the order behind it
    assert sim.orders["status"].tolist() == [Status.MARGIN, Status.FILLED]
    assert sim.orders["needed"][0] == 10_000.0


# Hedging


def test_long_and_short_side_by_side():
    calls = {
        0: [order(10, side="long"), order(-4, side="short")],
        1: [order(-10, side="long")],
        2: [order(5, side="short")],  # no more than the position: 4
    }
    sim = run(flat_bars(10, 10, 12, 11), calls, rules=Rules(positioning="hedging"))
    assert sim.fills["size"].tolist() == [10.0, -4.0, -10.0, 4.0]
    assert sim.fills["pnl"].tolist() == [0.0, 0.0, 20.0, -4.0]
    assert sim.cash == sim.equity == 1_016.0
    assert sim.fills["slot"].tolist() == [0, 1, 0, 1]


# Properties

STOCK = Instrument()
FORMS = {
    "cash": (Rules(), STOCK),
    "locked": (Rules(short_cash="locked"), STOCK),
    "held": (Rules(short_cash="held"), STOCK),
    "settled later": (Rules(settlement_sessions=2), STOCK),
    "levered": (Rules(), Instrument(leverage=3.0)),
    "levered and locked": (Rules(short_cash="locked"), Instrument(leverage=3.0)),
    "margin": (Rules(buying_power="margin"), Instrument(initial_margin=0.4)),
    "called": (
        Rules(buying_power="margin", margin_call="proportional", cash_check="on_fill"),
        Instrument(initial_margin=0.2, maintenance_margin=0.15),
    ),
    "called largest first": (
        Rules(buying_power="margin", margin_call="largest_first", cash_check="on_fill"),
        Instrument(initial_margin=0.2, maintenance_margin=0.15),
    ),
    "option": (Rules(), Instrument(multiplier=100.0, unit=100.0)),
    "future": (Rules(), Instrument.future(multiplier=5.0, margin=40.0)),
    "perpetual": (Rules(), Instrument.perpetual(4.0, multiplier=2.0)),
    "perpetual on margin": (
        Rules(buying_power="margin", margin_call="all"),
        Instrument.perpetual(4.0, multiplier=2.0, initial_margin=0.25, maintenance_margin=0.24),
    ),
    "inverse": (Rules(), Instrument.perpetual(4.0, inverse=True, multiplier=500.0)),
    "inverse on margin": (
        Rules(buying_power="margin", margin_call="largest_first"),
        Instrument.perpetual(4.0, inverse=True, multiplier=500.0),
    ),
}


@st.composite
def trades(draw, length: int, assets: int, long_only: bool = False) -> dict[int, list]:
    """Market orders by the bar in which they are sent: (asset, size, side)."""
    found: dict[int, list] = {}
    held = [0] * assets
    for t in range(length - 1):
        for _ in range(draw(st.integers(0, 2))):
            asset = draw(st.integers(0, assets - 1))
            size = draw(st.integers(-20, 20).filter(bool))
            if long_only:
                size = max(size, -held[asset])
                held[asset] += size
            if size:
                found.setdefault(t, []).append((asset, float(size)))
    return found


@st.composite
def accounts(draw, forms=tuple(FORMS), long_only: bool = False) -> dict:
    length, assets = draw(st.integers(5, 25)), draw(st.integers(1, 3))
    rules, instrument = FORMS[draw(st.sampled_from(forms))]
    if draw(st.booleans()) and not long_only:
        rules = rules.replace(positioning="hedging")
    return {
        "bars": random_bars(draw(st.integers(0, 2**31)), length, assets),
        "rules": rules,
        "instruments": instrument,
        "cash": draw(st.sampled_from([50.0, 300.0, 2_000.0])),
        "commission": draw(st.sampled_from([Commission(), Commission("per_share", 0.125)])),
        "program": draw(trades(length, assets, long_only)),
        "long_only": long_only,
    }


def play(case: dict, **changes) -> Simulation:
    case = case | changes
    hedged = case["rules"].positioning.name == "HEDGING"

    def call(asset, size):
        more: dict = {"reduce_only": size < 0.0} if case.get("long_only") else {}
        if hedged:
            more["side"] = "long" if asset == 0 or size > 0 else "short"
        return order(size, asset, **more)

    calls = {t: [call(*one) for one in many] for t, many in case["program"].items()}
    names = ("rules", "instruments", "cash", "commission")
    return run(case["bars"], calls, **{name: case[name] for name in names})


def profit_of(sim: Simulation, instrument: Instrument, last: int) -> float:
    """Profit after commission by the fills and the closes of bar `last` alone."""
    fills = sim.fills[sim.fills["booked"] <= last]
    count = len(sim.bars.assets)
    total = -fills["commission"].sum()
    for asset in range(count):
        mine = fills[fills["asset"] == asset]
        close = sim.bars.close[last, asset]
        if instrument.inverse:
            profit = (mine["size"] / mine["price"]).sum() - mine["size"].sum() / close
        else:
            profit = mine["size"].sum() * close - (mine["size"] * mine["price"]).sum()
        total += profit * instrument.multiplier
    return total


@relaxed
@given(accounts())
def test_equity_is_what_fills_have_earned_in_every_account_form(case):
    sim = play(case)
    curve = sim.equity_curve()
    for t in range(len(case["bars"].times)):
        earned = profit_of(sim, case["instruments"], t)
        assert curve[t] == pytest.approx(case["cash"] + earned, rel=1e-9, abs=1e-7)
    flow = sim.book.account["flow"][0]
    assert sim.cash == pytest.approx(case["cash"] + flow, rel=1e-9, abs=1e-7)


def test_the_account_forms_do_trade():
    """Each form fills orders, refuses some, and those with a policy call some positions."""
    seen = {name: [0, 0, 0] for name in FORMS}
    for name, (rules, instrument) in FORMS.items():
        rng = np.random.default_rng(5)
        for seed in range(12):
            bars = random_bars(seed, 25, 2)
            program = {
                t: [(int(rng.integers(2)), float(rng.integers(-20, 20) or 5))] for t in range(24)
            }
            case = {"bars": bars, "rules": rules, "instruments": instrument, "cash": 120.0,
                    "commission": Commission(), "program": program}  # fmt: skip
            sim = play(case)
            seen[name][0] += len(sim.fills)
            seen[name][1] += int((sim.orders["status"] == Status.MARGIN).sum())
            seen[name][2] += int(sim.book.account["margin_calls"][0])
    for name, (rules, _) in FORMS.items():
        assert min(seen[name][:2]) > 5, (name, seen[name])
        assert (seen[name][2] > 0) == (rules.margin_call.name != "NEVER"), (name, seen[name])


@relaxed
@given(st.floats(1.0, 1e5), st.floats(1.0, 1e5), st.integers(-1_000, 1_000).filter(bool))
def test_an_inverse_round_trip_earns_by_the_formula(entry, exit_price, size):
    sim = run(
        flat_bars(entry, entry, exit_price, exit_price),
        {0: [order(float(size))], 1: [order(-float(size))]},
        cash=1e6,
        instruments=Instrument.perpetual(2.0, inverse=True, multiplier=10.0),
    )
    expected = size * 10.0 * (1.0 / entry - 1.0 / exit_price)
    assert len(sim.fills) == 2
    assert sim.fills["pnl"][1] == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert sim.cash == sim.equity == pytest.approx(1e6 + expected, rel=1e-12)


@relaxed
@given(accounts(forms=("cash", "held", "margin", "future", "perpetual"), long_only=True))
def test_the_same_account_in_another_currency_is_worth_the_same(case):
    """Dollars and euros, reported in either: one report times the rate is the other."""
    length, count = len(case["bars"].times), len(case["bars"].assets)
    rate = 1.0 + np.arange(length) % 5 / 16.0
    instruments = [
        Instrument(**{**_fields(case["instruments"]), "currency": ("USD", "EUR")[n % 2]})
        for n in range(count)
    ]
    half = case["cash"] / 2.0
    dollars = play(case, instruments=instruments,
                   cash=[Wallet(half, "USD"), Wallet(half, "EUR", rate=rate)])  # fmt: skip
    euros = play(case, instruments=instruments,
                 cash=[Wallet(half, "USD", rate=1.0 / rate), Wallet(half, "EUR")])  # fmt: skip
    # Margin is compared in the account's currency; rates on a binary grid leave no rounding there
    if dollars.orders["status"].tolist() == euros.orders["status"].tolist():
        assert euros.equity_curve() * rate == pytest.approx(dollars.equity_curve(), rel=1e-9)
        assert euros.cash_curve() * rate == pytest.approx(dollars.cash_curve(), rel=1e-9, abs=1e-9)
    else:
        assert case["rules"].buying_power.name == "MARGIN"


def _fields(instrument: Instrument) -> dict:
    from dataclasses import fields

    return {field.name: getattr(instrument, field.name) for field in fields(instrument)}


@relaxed
@given(accounts(forms=("cash", "future", "perpetual", "inverse")), st.data())
def test_a_hedged_pair_is_worth_what_the_net_position_is(case, data):
    rules = case["rules"].replace(positioning="netting", cash_check="none")
    free = {"commission": Commission(), "cash": 1e4}
    net = play(case, rules=rules, **free)
    sides = {t: [(a, s) for a, s in many] for t, many in case["program"].items()}

    def call(asset, size):
        # purchases open the long side, sales the short one: nothing is ever reduced
        return order(size, asset, side="long" if size > 0 else "short")

    hedged = run(
        case["bars"],
        {t: [call(*one) for one in many] for t, many in sides.items()},
        rules=rules.replace(positioning="hedging"),
        instruments=case["instruments"],
        **free,
    )
    assert len(hedged.fills) == len(net.fills)
    assert hedged.equity_curve() == pytest.approx(net.equity_curve(), rel=1e-9)


@relaxed
@given(accounts(forms=("cash",), long_only=True))
def test_margin_without_leverage_refuses_what_cash_refuses(case):
    """Long only, and as orders fill: equity less the value of all positions is the cash.

    Not when they are sent: there a cash account counts the orders of one bar together, a margin
    account each alone.
    """
    cash = play(case, rules=Rules(cash_check="on_fill"))
    margin = play(case, rules=Rules(cash_check="on_fill", buying_power="margin"))
    assert margin.orders["status"].tolist() == cash.orders["status"].tolist()
    assert margin.fills["size"].tolist() == cash.fills["size"].tolist()
    assert margin.equity_curve() == pytest.approx(cash.equity_curve(), rel=1e-12)


@relaxed
@given(accounts(forms=("held", "settled later", "cash")), st.sampled_from([0, 1, 2, 3]))
def test_cash_that_is_held_or_unsettled_never_pays_for_a_purchase(case, sessions):
    """By a ledger of its own: after each purchase that opens, free cash is not negative."""
    rules = case["rules"].replace(settlement_sessions=sessions, positioning="netting")
    sim = play(case, rules=rules)
    held_rule = rules.short_cash.name == "HELD"
    late: list[tuple[int, float]] = []  # (session in which it arrives, amount)
    cash, sizes, shorts = case["cash"], {}, {}
    for fill in sim.fills:
        now = int(fill["booked"])  # a session a bar
        asset, price, size = int(fill["asset"]), fill["price"], fill["size"]
        amount = -size * price - fill["commission"]
        before = sizes.get(asset, 0.0)
        after = before + size
        sizes[asset] = after
        # entry value of the short part, at its average price
        short_before, value = max(-before, 0.0), shorts.get(asset, 0.0)
        short_after = max(-after, 0.0)
        if short_after < short_before:
            new_value = value * short_after / short_before
        else:
            new_value = value + (short_after - short_before) * price
        shorts[asset] = new_value
        cash += amount
        proceeds = amount - (max(new_value - value, 0.0) if held_rule else 0.0)
        if sessions and proceeds > 0.0:
            late.append((now + sessions, proceeds))
        late = [(due, x) for due, x in late if due > now]
        free = cash - sum(x for _, x in late) - (sum(shorts.values()) if held_rule else 0.0)
        if size > 0.0 and after > 0.0:
            assert free >= -1e-9
    row = sim.book.account[0]
    assert row["cash"] == pytest.approx(cash)
    last = len(case["bars"].times) - 1
    assert row["unsettled"] == pytest.approx(sum(x for due, x in late if due > last), abs=1e-9)
    assert row["held"] == pytest.approx(sum(shorts.values()) if held_rule else 0.0, abs=1e-9)
    assert row["unsettled"] == pytest.approx(row["due"].sum())


@relaxed
@given(accounts(forms=("called", "called largest first")), st.sampled_from(["on_fill", "none"]))
def test_a_margin_call_restores_the_initial_margin_at_the_prices_it_saw(case, check):
    """After the closes of a call: what its orders leave needs no more than equity."""
    rules = case["rules"].replace(cash_check=check)
    instrument = case["instruments"]
    case = case | {"rules": rules, "commission": Commission()}
    sim = play(case)
    bars = case["bars"]
    curve = sim.equity_curve()
    by_bar: dict[int, dict[int, float]] = {}
    for made in sim.orders[sim.orders["cause"] != 0]:
        slots = by_bar.setdefault(int(made["created_bar"]), {})
        assert int(made["slot"]) not in slots  # one order per position and call
        slots[int(made["slot"])] = float(made["size"])
        assert made["reduce_only"]
    count = len(bars.assets)
    for t, closing in by_bar.items():
        fills = sim.fills[sim.fills["booked"] <= t]
        sizes = np.zeros(len(sim.positions))
        np.add.at(sizes, fills["slot"], fills["size"])
        price = np.tile(bars.close[t], len(sizes) // count)
        value = np.abs(sizes) * price
        assert curve[t] < value.sum() * instrument.maintenance_margin
        left = sizes + [closing.get(slot, 0.0) for slot in range(len(sizes))]
        needed = (np.abs(left) * price).sum() * instrument.initial_margin
        if curve[t] > 0.0:
            assert needed <= curve[t] * (1 + 1e-9)
        else:
            assert not left.any()
        if rules.margin_call.name == "PROPORTIONAL" and curve[t] > 0.0:
            assert needed == pytest.approx(curve[t])


@relaxed
@given(accounts(forms=("cash", "locked", "margin")), st.integers(0, 2**31))
def test_what_time_costs_follows_from_the_curve_and_the_fills(case, seed):
    """Interest on the cash after each bar, fees on shorts at its close, funding at the open."""
    rng = np.random.default_rng(seed)
    bars = case["bars"]
    length, count = bars.close.shape
    times = np.cumsum(rng.integers(1, 4 * 10**14, length))
    columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
    bars = Bars.from_arrays(times, *columns, assets=bars.assets)
    lent = np.where(rng.random((length, count)) < 0.3, np.nan, 0.4 * rng.random((length, count)))
    funding = np.where(rng.random((length, count)) < 0.5, np.nan, rng.normal(0, 0.01, lent.shape))
    bars = bars.with_extra("borrow_rate", lent).with_extra("funding", funding)
    form = {"borrow_rate": 0.05, "short_rebate": 0.02}
    rules = case["rules"].replace(positioning="netting", day_count="actual_360")
    sim = play(
        case,
        bars=bars,
        rules=rules,
        instruments=Instrument(**{**_fields(case["instruments"]), **form}),
        cash=[Wallet(case["cash"], deposit_rate=0.03, loan_rate=0.09)],
    )
    years = np.diff(times) / (360 * 86_400e9)
    cash = sim.cash_curve()[:-1]
    interest = cash * np.where(cash < 0.0, 0.09, 0.03) * years
    sizes = np.zeros((length, count))
    np.add.at(sizes, (sim.fills["booked"], sim.fills["asset"]), sim.fills["size"])
    sizes = np.cumsum(sizes, axis=0)[:-1]
    value = np.maximum(-sizes, 0.0) * bars.close[:-1] * years[:, None]
    rates = np.where(np.isnan(lent), 0.05, lent)[:-1]
    paid = np.nan_to_num(funding[1:]) * sizes * bars.open[1:]
    row = sim.book.account[0]
    assert row["interest"] == pytest.approx(interest.sum(), rel=1e-9, abs=1e-9)
    assert row["borrow"] == pytest.approx(-(value * rates).sum(), rel=1e-9, abs=1e-9)
    assert row["rebate"] == pytest.approx(value.sum() * 0.02, rel=1e-9, abs=1e-9)
    assert row["funding"] == pytest.approx(-paid.sum(), rel=1e-9, abs=1e-9)
    table = sim.result().financing.row(0, named=True)
    parts = ("trading", "interest", "borrow", "rebate", "funding", "deposits")
    assert sum(table[part] for part in parts) == pytest.approx(sim.cash - case["cash"], abs=1e-7)
    earned = profit_of(sim, case["instruments"], length - 1)
    rest = sum(table[part] for part in parts[1:])
    assert sim.equity == pytest.approx(case["cash"] + earned + rest, rel=1e-9, abs=1e-7)


def test_bars_are_not_skipped_where_time_costs():
    column = {"funding": np.full((3, 1), 0.01)}
    for settings in (
        {"cash": [Wallet(100.0, deposit_rate=0.1)]},
        {"cash": [Wallet(100.0, loan_rate=0.1)]},
        {"instruments": Instrument(borrow_rate=0.1)},
        {"rules": Rules(settlement_sessions=1)},
        {"rules": Rules(margin_call="all")},
        {"cash": [Wallet(100.0, "USD"), Wallet(1.0, "EUR", rate=np.array([1.0, 2.0, 3.0]))],
         "instruments": Instrument(currency="USD")},
    ):  # fmt: skip
        assert not run(flat_bars(10, 10, 10), {}, **settings).idle
    assert not run(flat_bars(10, 10, 10, extra=column), {}).idle
    assert run(flat_bars(10, 10, 10), {}).idle


def test_a_limit_far_below_does_not_value_what_is_held():
    rules = Rules(buying_power="margin")
    calls = {0: [order(100)], 1: [order(10, kind=Kind.LIMIT, limit=1.0)]}
    sim = run(flat_bars(10, 10, 10), calls, rules=rules, instruments=Instrument(initial_margin=0.5))
    assert sim.orders["status"].tolist() == [Status.FILLED, Status.ACCEPTED]


def test_instruments_say_what_is_wrong_with_their_margins():
    with pytest.raises(ValueError, match=r"maintenance_margin: 0.6 is above initial_margin 0.5"):
        Instrument(initial_margin=0.5, maintenance_margin=0.6)
    with pytest.raises(ValueError, match="initial_margin must be finite and not negative"):
        Instrument(initial_margin=-0.1)
    with pytest.raises(ValueError, match=r"maintenance: 300.0 must lie between 0 and the margin"):
        Instrument.future(50.0, 200.0, maintenance=300.0)
    with pytest.raises(ValueError, match=r"maintenance: 1.0 must lie between 0 and the margin"):
        Instrument(maintenance=1.0)
    assert np.isnan(Instrument().initial_margin)
