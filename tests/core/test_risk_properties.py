"""What must hold for every order program under every set of risk rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from fillproof.core.bars import Bars
from fillproof.core.orders import TRANSITIONS, Cause, Kind, Status
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
from fillproof.core.rules import GapFill, NoVolume, Rules, Sizing, TriggerOn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from programs import any_rules, cases, exposures, finer_of, losses, play, protective, relaxed

guarded = cases(any_rules, risk=True)


def living(sim) -> np.ndarray:
    status = sim.orders["status"]
    return ((status >= Status.SUBMITTED) & (status <= Status.PARTIAL)) | (
        status >= Status.TRIGGERED
    )


def by_rules(rows: np.ndarray) -> np.ndarray:
    """Which orders or fills risk rules caused: not margin calls, nor corporate actions."""
    return (rows["cause"] >= Cause.STOP_LOSS) & (rows["cause"] <= Cause.DAILY_LOSS)


@relaxed
@given(guarded)
def test_orders_of_rules_fit_their_position(case):
    """One of each kind at most, reduce-only, never beyond the position, none without one."""

    def watch(sim, t):
        own = living(sim) & by_rules(sim.orders)
        for slot, position in enumerate(sim.positions):
            found = sim.orders[own & (sim.orders["slot"] == slot)]
            assert len(set(found["kind"])) == len(found)
            for order in found:
                assert order["reduce_only"]
                assert order["remaining"] * position["size"] < 0.0
                assert abs(order["remaining"]) <= abs(position["size"])
                assert order["kind"] in (Kind.STOP, Kind.LIMIT, Kind.MARKET)

    sim = play(case, watch=watch)
    caused = sim.fills[by_rules(sim.fills)]
    assert not caused["opened"].any()


@relaxed
@given(guarded)
def test_orders_live_and_end_by_the_rules_of_orders(case):
    sim = play(case)
    status = np.zeros(len(sim.orders), dtype=np.int64)
    for event in sim.events:
        number = event["order"]
        resent = sim.orders[number]["resent"]
        assert resent or TRANSITIONS[status[number], event["status"]]
        status[number] = event["status"]
    assert np.array_equal(status, sim.orders["status"])
    for number, order in enumerate(sim.orders):
        fills = sim.fills[sim.fills["order"] == number]
        assert order["filled"] == fills["size"].sum()
        assert (fills["cause"] == order["cause"]).all()
        if order["status"] == Status.DENIED:
            assert order["reason"] != 0
            assert len(fills) == 0
            if order["needed"] == order["needed"]:
                assert order["needed"] > order["available"]
    for slot, position in enumerate(sim.positions):
        assert position["size"] == sim.fills[sim.fills["slot"] == slot]["size"].sum()


@relaxed
@given(guarded, st.integers(1, 40))
def test_a_prefix_of_the_data_gives_a_prefix_of_the_fills(case, cut):
    cut = min(cut, len(case["bars"].times))
    case.pop("finer", None)
    whole, part = play(case), play(case, until=cut)
    count = len(part.fills)
    assert whole.fills[:count].tobytes() == part.fills.tobytes()
    assert not np.any(whole.fills[count:]["booked"] < cut)


@relaxed
@given(cases(any_rules, costs=False, risk=True), st.sampled_from([0.02, 0.05, 0.1]), st.booleans())
def test_no_position_lives_through_a_bar_that_crosses_its_stop(case, fraction, finer):
    rules = case["rules"].replace(
        trigger_on=TriggerOn.BAR_RANGE, no_volume=NoVolume.TRADES, sizing=Sizing.FRACTIONAL
    )
    bars = case["bars"]
    case |= {"rules": rules, "risk": [StopLoss(fraction)]}
    case["finer"] = finer_of(bars, 1, rules) if finer else None
    before: list = []

    def watch(sim, t):
        for slot, (size, price) in enumerate(before):
            asset = slot % len(bars.assets)
            if size == 0.0 or not bars.present[t, asset]:
                continue
            side = np.sign(size)
            level = price - side * fraction * abs(price)
            worst = bars.low[t, asset] if size > 0.0 else bars.high[t, asset]
            fills = sim.fills[(sim.fills["slot"] == slot) & (sim.fills["booked"] == t)]
            grew = (fills["opened"] * side > 0.0).any()
            if side * (worst - level) <= 0.0 and not grew:
                assert sim.positions[slot]["size"] * side <= 0.0
        before[:] = [(float(p["size"]), float(p["price"])) for p in sim.positions]

    play(case, watch=watch)


@relaxed
@given(
    cases(any_rules, risk=True),
    st.lists(losses, min_size=1, max_size=2),
    st.lists(protective, max_size=1),
)
def test_a_halted_account_opens_nothing(case, rules, more):
    case["risk"] = rules + more
    halted = {-1: False}

    def watch(sim, t):
        halted[t] = bool(sim.book.account["halted"][0])

    sim = play(case, watch=watch)
    for fill in sim.fills:
        if halted[int(fill["booked"]) - 1]:
            assert fill["opened"] == 0.0
    for order in sim.orders:
        if halted.get(int(order["created_bar"])) and order["status"] != Status.DENIED:
            assert order["reduce_only"] or order["filled"] == 0.0


@relaxed
@given(
    cases(any_rules, costs=False, missing=False, risk=True),
    st.lists(exposures, min_size=1, max_size=3),
    st.sampled_from([0, 0, 5]),
)
def test_orders_never_take_positions_beyond_a_limit(case, rules, more):
    """On prices that stand still nothing but orders moves exposure."""
    bars = case["bars"]
    flat = [np.full(bars.close.shape, 10.0) for _ in range(4)]
    case["bars"] = Bars.from_arrays(bars.times, *flat, bars.volume, assets=bars.assets)
    if case["cash"] < 1_000.0:
        case["cash"] = 1_000.0
    case["program"] = sorted(
        [*case["program"], *(replace(i, bar=i.bar // 2) for i in case["program"][:more])],
        key=lambda i: i.bar,
    )
    # Nor does an order fill at another price.
    level = case["rules"].replace(gap_fill=GapFill.AT_OPEN)
    case |= {"risk": rules, "finer": None, "rules": level}
    unit = 10.0 * (1.0 if case["instruments"].stock_like else case["instruments"].multiplier)

    def watch(sim, t):
        sizes = sim.positions["size"]
        for rule in rules:
            if isinstance(rule, PositionLimit):
                limit = min(rule.units, rule.fraction * sim.equity / unit)
                assert (np.abs(sizes) <= limit * (1.0 + 1e-9)).all()
            elif isinstance(rule, NetExposure):
                assert abs(sizes.sum()) * unit <= rule.limit * sim.equity * (1.0 + 1e-9)
            elif isinstance(rule, GrossExposure):
                assert np.abs(sizes).sum() * unit <= rule.limit * sim.equity * (1.0 + 1e-9)

    play(case, watch=watch)


def test_programs_meet_every_rule():
    """The cases are worth their name: each rule causes fills or refusals in some of them."""
    rules = {
        Cause.STOP_LOSS: StopLoss(0.05),
        Cause.TAKE_PROFIT: TakeProfit(0.05),
        Cause.TRAILING_STOP: Trailing(0.05),
        Cause.TIME_STOP: TimeStop(bars=2),
        Cause.BREAK_EVEN: BreakEven(0.02),
        Cause.MAX_DRAWDOWN: MaxDrawdown(0.01, then="flatten"),
        Cause.DAILY_LOSS: DailyLoss(0.01, then="flatten"),
        Cause.EXPOSURE: GrossExposure(0.3),
        Cause.POSITION_LIMIT: PositionLimit(units=10.0),
        Cause.ORDER_LIMIT: OrderLimit(units=10.0),
        Cause.VOLATILITY_TARGET: VolatilityTarget(0.2, window=3),
    }
    met = dict.fromkeys(rules, 0)

    @settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate],
              database=None, suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(cases(st.just(Rules()), risk=True))
    def collect(case):
        for cause, rule in rules.items():
            met[cause] += (play(case | {"risk": [rule]}).orders["cause"] == cause).sum()

    collect()
    assert all(met.values()), met
