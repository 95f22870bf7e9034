"""Commission, slippage and market impact against slow, readable formulas; their properties."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from fillproof.core import costs, jit
from fillproof.core.bars import Bars
from fillproof.core.costs import Commission, Slippage
from fillproof.core.instruments import Instrument
from hypothesis import given, settings
from hypothesis import strategies as st

quick = settings(max_examples=300, deadline=None, derandomize=True)
NAN = math.nan

parts = st.lists(st.integers(1, 4_000).map(float), min_size=1, max_size=8)
rates = st.sampled_from([0.005, 0.01, 0.35, -0.002, 0.0])
prices = st.integers(1, 4_000).map(lambda n: n * 0.125)
steps = st.lists(
    st.tuples(st.integers(1, 5_000), st.sampled_from([0.02, 0.01, 0.0035, 0.0, -0.001])),
    min_size=1,
    max_size=6,
)


def row(commission=None, slippage=None, instrument=None):
    return costs.terms(1, instrument, commission, slippage)[0]


def fees(term, units, price, makers=None, counted=0.0, of_value=False):
    """The fee of each fill of one order, the engine's way of keeping the books."""
    out, filled, accrued, paid = [], 0.0, 0.0, 0.0
    for i, part in enumerate(units):
        maker = bool(makers[i]) if makers else False
        fee, accrued = costs.commission_of_fill(
            term, part, price, maker, filled, accrued, paid, counted
        )
        out.append(fee)
        filled += part
        paid += fee
        counted += part * price if of_value else part
    return out


def tiers_of(given_steps):
    """Tiers from 0 with increasing beginnings, out of (width, rate)."""
    start, tiers = 0.0, []
    for width, rate in given_steps:
        tiers.append((start, rate))
        start += width
    return tuple(tiers)


def owed(tiers, start, amount):
    """What `amount` after `start` owes in marginal tiers, in exact arithmetic, unit by unit."""
    begins = [Fraction(begin) for begin, _ in tiers] + [Fraction(10**30)]
    end, total = Fraction(start) + Fraction(amount), Fraction(0)
    for i, (_, rate) in enumerate(tiers):
        inside = max(Fraction(0), min(end, begins[i + 1]) - max(Fraction(start), begins[i]))
        total += inside * Fraction(rate)
    return float(total)


# Commission


@quick
@given(
    parts,
    rates,
    prices,
    st.sampled_from(["per_trade", "per_share", "per_contract", "percent"]),
    st.sampled_from([0.0, 1.0, 20.0]),
    st.sampled_from([20.0, 45.5, math.inf]),
)
def test_partial_fills_pay_what_the_whole_order_owes(units, rate, price, kind, minimum, maximum):
    term = row(Commission(kind, rate, minimum=minimum, maximum=maximum))
    whole = sum(units)
    plain = {"per_trade": rate, "percent": whole * rate * price}.get(kind, whole * rate)
    expected = min(max(plain, minimum), maximum) if minimum else min(plain, maximum)
    assert sum(fees(term, units, price)) == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert fees(term, [whole], price) == [pytest.approx(expected, rel=1e-14)]


@quick
@given(parts, prices, st.sampled_from([0.0, 2.5]), st.sampled_from([30.0, math.inf]), st.data())
def test_after_each_fill_the_bounds_hold_for_what_was_paid(units, price, minimum, maximum, data):
    makers = data.draw(st.lists(st.booleans(), min_size=len(units), max_size=len(units)))
    commission = Commission("percent", 0.002, minimum=minimum, maximum=maximum, maker_rate=-0.0005)
    paid = np.cumsum(fees(row(commission), units, price, makers))
    plain = np.cumsum(
        [u * price * (-0.0005 if m else 0.002) for u, m in zip(units, makers, strict=True)]
    )
    low = minimum if minimum else -math.inf
    assert paid == pytest.approx(np.clip(plain, low, maximum), rel=1e-12, abs=1e-9)


@quick
@given(parts, prices, st.sampled_from(["per_share", "percent", "per_trade"]), st.data())
def test_makers_pay_the_makers_rate_and_takers_the_rate(units, price, kind, data):
    makers = data.draw(st.lists(st.booleans(), min_size=len(units), max_size=len(units)))
    term = row(Commission(kind, 0.004, maker_rate=0.001))
    size = {"percent": price}.get(kind, 1.0)
    expected = [
        (0.001 if m else 0.004) * (u * size if kind != "per_trade" else float(i == 0))
        for i, (u, m) in enumerate(zip(units, makers, strict=True))
    ]
    assert fees(term, units, price, makers) == pytest.approx(expected, rel=1e-12)


@quick
@given(parts, steps, prices, st.integers(0, 6_000).map(float))
def test_tiers_are_marginal(units, given_steps, price, before):
    tiers = tiers_of(given_steps)
    whole = sum(units)
    # The order's own units: from its first, whatever was traded before.
    term = row(Commission("tiered", tiers=tiers, tier_on="order"))
    expected = owed(tiers, 0.0, whole)
    assert sum(fees(term, units, price, counted=before)) == pytest.approx(expected, abs=1e-9)
    # The month's: from what the month has counted.
    term = row(Commission("tiered", tiers=tiers, tier_on="month_units"))
    expected = owed(tiers, before, whole)
    assert sum(fees(term, units, price, counted=before)) == pytest.approx(expected, abs=1e-9)
    assert fees(term, [whole], price, counted=before) == [pytest.approx(expected, abs=1e-9)]
    term = row(Commission("tiered", tiers=tiers, tier_on="month_value"))
    expected = owed(tiers, before, whole * price)
    paid = sum(fees(term, units, price, counted=before, of_value=True))
    assert paid == pytest.approx(expected, rel=1e-11, abs=1e-8)


@quick
@given(steps, st.integers(1, 5))
def test_tiers_are_continuous(given_steps, which):
    """Just above a step costs just more than just below: no jump of the whole order."""
    tiers = tiers_of(given_steps)
    step = tiers[which % len(tiers)][0]
    term = row(Commission("tiered", tiers=tiers))
    below, above = (fees(term, [step + d], 1.0)[0] for d in (1e-6, 2e-6))
    assert abs(above - below) <= 0.021 * 1e-6 + 1e-9


def test_one_tier_gives_the_bits_of_the_flat_rate():
    term = row(Commission("tiered", tiers=((0, 0.0035), (1e9, 0.1)), tier_on="month_units"))
    flat = row(Commission("per_share", 0.0035))
    rng = np.random.default_rng(5)
    for units, before in rng.uniform(0.1, 1e6, (200, 2)).tolist():
        fee, _ = costs.commission_of_fill(term, units, 7.0, False, 0.0, 0.0, 0.0, before)
        assert fee == costs.commission_raw(flat, units, 7.0)


def test_tiers_with_makers_rates():
    tiers = ((0, 0.001, 0.0005), (100, 0.0008))
    term = row(Commission("tiered", tiers=tiers, tier_on="month_value", maker_rate=0.0001))
    args = (15.0, 10.0, True, 0.0, 0.0, 0.0, 0.0)
    assert costs.commission_of_fill(term, *args)[0] == pytest.approx(100 * 0.0005 + 50 * 0.0001)
    taker = row(Commission("tiered", tiers=((0, 0.001), (100, 0.0008)), tier_on="month_value"))
    assert costs.commission_of_fill(taker, *args)[0] == pytest.approx(100 * 0.001 + 50 * 0.0008)


def test_notional_is_the_exposure_that_trades():
    future = Instrument(multiplier=50.0, margin=1_000.0)
    percent = Commission("percent", 0.001)
    notional = replace(percent, notional=True)
    assert fees(row(notional, None, future), [2.0], 10.0) == [1.0]
    assert fees(row(percent, None, future), [2.0], 10.0) == [0.02]
    option = Instrument(multiplier=100.0, unit=100.0)
    assert fees(row(notional, None, option), [2.0], 10.0) == [2.0]
    inverse = Instrument(multiplier=100.0, margin_rate=0.1, inverse=True)
    for commission in (percent, notional):
        assert not row(commission, None, inverse)["commission_plain"]
        assert fees(row(commission, None, inverse), [5.0], 1_000.0) == [pytest.approx(0.0005)]
    tiers = Commission("tiered", tiers=((0, 0.01), (400, 0.001)), tier_on="month_value")
    term = row(replace(tiers, notional=True), None, future)
    assert fees(term, [1.0], 10.0) == [pytest.approx(400 * 0.01 + 100 * 0.001)]
    assert costs.tier_amount(term, 1.0, 10.0) == 500.0
    assert costs.tier_amount(row(tiers, None, future), 3.0, 10.0) == 30.0
    assert costs.tier_amount(row(replace(tiers, tier_on="month_units")), 3.0, 10.0) == 3.0


def test_which_rows_the_plain_functions_serve():
    plain = [
        Commission(),
        Commission("per_trade", 5.0),
        Commission("per_share", 0.01, minimum=1.0),
        Commission("per_contract", 2.5),
        Commission("percent", 0.001, maker_rate=0.001),
    ]
    others = [
        Commission("percent", 0.001, maker_rate=0.0),
        Commission("per_share", 0.01, maximum=9.0),
        Commission("percent", 0.001, notional=True),
        Commission("tiered", tiers=((0.0, 0.1),)),
    ]
    rows = costs.terms(len(plain + others), commission=plain + others)
    assert rows["commission_plain"].tolist() == [True] * len(plain) + [False] * len(others)
    assert rows["commission_kind"][2] == rows["commission_kind"][3] == costs.PER_SHARE
    slippages = [Slippage(), Slippage("volume_share", 0.1, 0.02), Slippage("square_root", 0.1)]
    assert costs.terms(3, slippage=slippages)["slippage_plain"].tolist() == [True, True, False]


@quick
@given(parts, rates, prices, st.sampled_from(["per_trade", "per_share", "percent"]))
def test_the_new_function_agrees_with_the_plain_ones(units, rate, price, kind):
    term = row(Commission(kind, rate, minimum=1.5))
    accrued = paid = 0.0
    for part in units:
        raw = costs.commission_raw(term, part, price)
        paid += costs.commission_due(term, raw, accrued, paid)
        accrued += raw
    if kind == "per_trade":  # the plain functions put no minimum on it
        term = row(Commission(kind, rate))
    if rate >= 0.0:
        assert sum(fees(term, units, price)) == pytest.approx(paid, rel=1e-12, abs=1e-12)


def test_costs_are_values():
    one = Commission("tiered", tiers=[[0, 0.01], [10, 0.02]], tier_on="month_units")  # type: ignore
    two = Commission("tiered", tiers=((0.0, 0.01), (10.0, 0.02)), tier_on="month_units")
    assert one.tiers == two.tiers
    assert hash(one.tiers) == hash(two.tiers)
    assert {Commission(function=max): 1}
    assert Commission(function=max).kind == Slippage(function=max).kind == "call"


# Slippage and impact


def formula(slip: Slippage, price, direction, units, volume, sigma):
    """(price, shift) before any bound."""
    share = units / volume
    lasting = slip.permanent * sigma * share
    cost = {
        "volatility_volume": lambda: slip.rate * sigma * share,
        "square_root": lambda: slip.rate * sigma * share**0.5,
        "almgren_chriss": lambda: slip.rate * sigma * share**slip.exponent + lasting / 2,
    }[slip.kind]()
    return price + direction * price * cost, direction * price * lasting


impacts = st.sampled_from(
    [
        Slippage("volatility_volume", 0.8),
        Slippage("square_root", 1.1),
        Slippage("almgren_chriss", 0.142, permanent=0.314),
        Slippage("almgren_chriss", 0.3, permanent=0.1, exponent=1.0),
    ]
)
sides = st.sampled_from([1.0, -1.0])
sizes = st.integers(1, 100_000).map(lambda n: n * 0.5)
sigmas = st.integers(0, 50).map(lambda n: n * 0.001)


@quick
@given(impacts, prices, sides, sizes, st.integers(1_000, 10**6).map(float), sigmas)
def test_impact_by_the_formula(slip, price, side, units, volume, sigma):
    got = costs.impact(row(slippage=slip), price, side, units, volume, sigma, 0.0, math.inf)
    expected = formula(slip, price, side, units, volume, sigma)
    if expected[0] <= 0.0:
        assert math.isnan(got[0])
        assert got[1] == 0.0
    else:
        assert got == pytest.approx(expected, rel=1e-11)


@quick
@given(impacts, prices, sizes, sizes, sigmas)
def test_impact_grows_with_size_and_is_symmetric(slip, price, one, two, sigma):
    term = row(slippage=slip)
    small, large = sorted((one, two))

    def costs_of(units):
        buy, up = costs.impact(term, price, 1.0, units, 1e6, sigma, 0.0, math.inf)
        sell, down = costs.impact(term, price, -1.0, units, 1e6, sigma, 0.0, math.inf)
        assert up == -down
        assert buy - price == pytest.approx(price - sell, rel=1e-6, abs=1e-12)
        return buy - price, up

    assert costs_of(small) <= costs_of(large)
    assert costs_of(small) >= (0.0, 0.0)


@quick
@given(impacts, prices, sides, sizes, sigmas, st.integers(0, 40), st.booleans(), st.booleans())
def test_impact_stays_in_the_bar_as_the_flags_say(
    slip, price, side, units, sigma, room, inside, out
):
    term = row(slippage=replace(slip, within_bar=inside, beyond_bar=out))
    low, high = price * (1 - room * 0.001), price * (1 + room * 0.001)
    free = formula(slip, price, side, units, 50_000.0, sigma)
    got, shift = costs.impact(term, price, side, units, 50_000.0, sigma, low, high)
    beyond = free[0] > high if side > 0 else free[0] < low
    if abs(free[0] - (high if side > 0 else low)) <= 1e-9 * price:
        return  # the last bit decides
    if not beyond or (out and free[0] > 0.0):
        assert (got, shift) == pytest.approx(free, rel=1e-11)
    elif inside and not out:
        assert got == (high if side > 0 else low)
        assert shift == pytest.approx(free[1], rel=1e-11)
    else:
        assert math.isnan(got)
        assert shift == 0.0


@pytest.mark.parametrize("kind", costs.IMPACT_KINDS)
@pytest.mark.parametrize(
    ("volume", "sigma"),
    [(0.0, 0.02), (NAN, 0.02), (-5.0, 0.02), (1e4, NAN), (1e4, -0.01), (1e4, math.inf)],
)
def test_unknown_impact_is_no_fill(kind, volume, sigma):
    term = row(slippage=Slippage(kind, 0.1))
    price, shift = costs.impact(term, 10.0, 1.0, 5.0, volume, sigma, 9.0, 11.0)
    assert math.isnan(price)
    assert shift == 0.0


def test_no_volatility_or_no_rate_is_no_impact():
    for slip, sigma in [(Slippage("square_root", 0.5), 0.0), (Slippage("square_root"), 0.3)]:
        assert costs.impact(row(slippage=slip), 9.7, -1.0, 5.0, 1e4, sigma, 9.0, 11.0) == (9.7, 0.0)


def test_impact_is_adverse_at_negative_prices():
    term = row(slippage=Slippage("almgren_chriss", 0.5, permanent=0.2))
    buy, up = costs.impact(term, -20.0, 1.0, 100.0, 1e4, 0.05, -30.0, -10.0)
    sell, down = costs.impact(term, -20.0, -1.0, 100.0, 1e4, 0.05, -30.0, -10.0)
    assert sell < -20.0 < buy
    assert down < 0.0 < up


def test_a_sale_never_gets_to_zero_or_below():
    free = Slippage("square_root", 1.0, beyond_bar=True)
    assert costs.impact(row(slippage=free), 10.0, -1.0, 400.0, 100.0, 0.4, 1.0, 20.0)[0] > 0.0
    price, shift = costs.impact(row(slippage=free), 10.0, -1.0, 400.0, 100.0, 0.5, 1.0, 20.0)
    assert math.isnan(price)
    assert shift == 0.0


def test_volume_limits_the_units_of_an_impact_too():
    term = row(slippage=Slippage("square_root", 0.1, volume_limit=0.1))
    assert costs.share_of_volume(term, 10.0, 1.0, 500.0, 1_000.0, 20.0) == (10.0, 80.0, False)
    assert costs.slipped(term, 10.0, 1.0, 11.0, True, False) == 10.0


@pytest.mark.parametrize(
    ("slip", "price"),
    [
        (Slippage("percent", 0.01), 10.1),
        (Slippage("fixed", 0.2), 10.2),
        (Slippage("basis_points", 50.0), 10.05),
        (Slippage("spread", 0.3), 10.15),
    ],
)
def test_plain_kinds_by_their_formulas(slip, price):
    term = row(slippage=slip)
    assert costs.slipped(term, 10.0, 1.0, 20.0, True, False) == pytest.approx(price, rel=1e-15)
    sale = costs.slipped(term, 10.0, -1.0, 1.0, True, False)
    assert sale == pytest.approx(20.0 - price, rel=1e-15)
    filled = costs.share_of_volume(term, 10.0, 1.0, 7.0, 1e6, 0.0)
    assert filled == (pytest.approx(price, rel=1e-15), 7.0, False)


# Columns


def walk(length=90, count=3, seed=2) -> Bars:
    """A random walk of up to three assets, two of which miss bars and one a volume."""
    rng = np.random.default_rng(seed)
    close = 50.0 * np.exp(np.cumsum(rng.normal(0.0, 0.02, (length, 3)), axis=0))
    volume = rng.integers(1_000, 9_000, (length, 3)).astype(float)
    close[[3, 20, 21, 22, 60], 1] = NAN
    close[:10, 2] = NAN
    volume[np.isnan(close)] = NAN
    volume[40, 0] = NAN
    times = np.arange(length) * 86_400_000_000_000
    values = np.stack([close.T] * 4 + [volume.T])[:, :count]
    return Bars(times, ("A", "B", "C")[:count], np.ascontiguousarray(values))


def slow_statistics(bars: Bars, t: int, j: int, window: int):
    """Of the asset's bars up to t, one at a time."""
    rows = [i for i in range(t + 1) if not math.isnan(bars.close[i, j])]
    closes = [bars.close[i, j] for i in rows]
    changes = [b / a - 1.0 for a, b in pairwise(closes)][-window:]
    sigma = NAN
    if len(changes) == window:
        mean = sum(changes) / window
        sigma = math.sqrt(sum((c - mean) ** 2 for c in changes) / (window - 1))
    volumes = [bars.volume[i, j] for i in rows][-window:]
    return sigma, sum(volumes) / window if len(volumes) == window else NAN


@pytest.mark.parametrize("window", [2, 5, 21])
def test_rolling_columns_against_a_slow_loop(window):
    bars = walk()
    sigma, volume = costs.rolling_volatility(bars, window), costs.rolling_volume(bars, window)
    assert sigma.shape == volume.shape == (90, 3)
    for t in range(90):
        for j in range(3):
            slow = slow_statistics(bars, t, j, window)
            assert (sigma[t, j], volume[t, j]) == pytest.approx(slow, rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("make", [costs.rolling_volatility, costs.rolling_volume])
def test_rolling_columns_do_not_look_ahead(make):
    bars = walk()
    whole = make(bars, 7)
    for t in (0, 7, 21, 45, 88):
        assert np.array_equal(
            make(bars.view(int(bars.times[t])), 7), whole[: t + 1], equal_nan=True
        )


def test_rolling_columns_in_blocks_and_without_bars():
    long = walk(length=5_000, count=1)
    whole = costs.rolling_volatility(long, 2_000)  # several blocks
    assert whole[-1, 0] == pytest.approx(slow_statistics(long, 4_999, 0, 2_000)[0], rel=1e-9)
    assert whole[2_700, 0] == pytest.approx(slow_statistics(long, 2_700, 0, 2_000)[0], rel=1e-9)
    empty = replace(long, values=long.values * NAN)
    assert np.isnan(costs.rolling_volatility(empty, 5)).all()
    assert costs.rolling_volume(long.view(-1), 5).shape == (0, 1)
    for make, window in [(costs.rolling_volatility, 1), (costs.rolling_volume, 0)]:
        with pytest.raises(ValueError, match="window must be"):
            make(long, window)


def test_impact_columns_know_only_what_was_known_before_the_bar():
    bars = walk()
    assert costs.impact_columns(bars, Slippage("percent", 0.1)) is None
    slippages = [
        Slippage("square_root", 0.1),
        Slippage("volatility_volume", 0.1, volume="average"),
        Slippage(),
    ]
    with pytest.raises(ValueError, match=r"'square_root' of A needs the column 'volatility'.*add"):
        costs.impact_columns(bars, slippages)
    bars = bars.with_extra("volatility", costs.rolling_volatility(bars, 5))
    with pytest.raises(ValueError, match="of B needs the column 'average'"):
        costs.impact_columns(bars, slippages)
    bars = bars.with_extra("average", costs.rolling_volume(bars, 5))
    columns = costs.impact_columns(bars, slippages)
    assert columns is not None
    sigma, volume = columns
    assert np.array_equal(sigma[1:, :2], bars.extra["volatility"][:-1, :2], equal_nan=True)
    assert np.array_equal(volume[:, 0], bars.volume[:, 0], equal_nan=True)
    assert np.array_equal(volume[1:, 1], bars.extra["average"][:-1, 1], equal_nan=True)
    assert np.isnan(sigma[0]).all()
    assert np.isnan(sigma[:, 2]).all()
    assert np.isnan(volume[:, 2]).all()
    # A function does without a volatility.
    columns = costs.impact_columns(walk(), Slippage(function=lambda p, d, u, v, s: p))
    assert columns is not None
    assert np.isnan(columns[0]).all()


# Both ways of running; errors

SAMPLE = """
import itertools, struct
from fillproof.core import costs, jit
from fillproof.core.costs import Commission, Slippage
jit.prefer(1)
out = []
tiers = ((0, 0.0035), (300, 0.002, 0.001), (900, 0.0015))
for fee in (
    Commission("percent", 0.0013, minimum=1.1, maximum=7.7, maker_rate=-0.0002),
    Commission("per_contract", 0.65, maximum=30.0),
    Commission("per_trade", 4.95, maker_rate=1.0),
    *(Commission("tiered", tiers=tiers, tier_on=on) for on in costs.TIER_COUNTS),
):
    term = costs.terms(1, commission=fee)[0]
    accrued = paid = filled = counted = 0.0
    for units, maker in itertools.product((3.3, 71.0, 250.1), (False, True)):
        got = costs.commission_of_fill(term, units, 9.87, maker, filled, accrued, paid, counted)
        accrued, paid, filled, counted = got[1], paid + got[0], filled + units, counted + units
        out += got
for kind in costs.IMPACT_KINDS:
    slip = Slippage(kind, 0.7, permanent=0.3 if kind == "almgren_chriss" else 0.0)
    term = costs.terms(1, slippage=slip)[0]
    for d, units, sigma in itertools.product((1.0, -1.0), (1.0, 33.3, 7e4), (0.0, 0.013, 0.4)):
        out += costs.impact(term, 98.7, d, units, 54_321.0, sigma, 97.1, 99.9)
print(struct.pack(f"{len(out)}d", *out).hex())
"""


def test_interpreted_gives_the_bits_of_compiled():
    def bits(wish: str) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", SAMPLE],
            env=os.environ | {"FILLPROOF_JIT": wish},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    assert len(bits("1")) > 1_000
    assert bits("1") == bits("0")
    assert jit.compiled()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Commission("per_lot", 1.0), "kind: 'per_lot' is none of none, per_trade, per_"),  # type: ignore
        (lambda: Commission("percent", 0.1, minimum=2.0, maximum=1.0), "1.0 is less than the min"),
        (lambda: Commission("percent", 0.1, maximum=NAN), "Commission.maximum"),
        (lambda: Commission("percent", 0.1, maker_rate=math.inf), "maker_rate must be finite"),
        (lambda: Commission(maker_rate=0.1), "maker_rate has no meaning for kind 'none'"),
        (lambda: Commission("tiered"), "tiers: 0 given, 1 to 12 are needed"),
        (lambda: Commission("tiered", tiers=((0, 1),) * 13), "13 given"),
        (lambda: Commission("tiered", tiers=((1, 1),)), r"tiers\[0\] must begin at 0, not at 1"),
        (lambda: Commission("tiered", tiers=((0, 1), (0, 2))), r"tiers\[1\] begins at 0.0, which"),
        (lambda: Commission("tiered", tiers=((0, 1), (3,))), r"tiers\[1\]: \(3.0,\) is neither"),
        (lambda: Commission("tiered", tiers=((0, NAN),)), "with finite numbers"),
        (lambda: Commission("tiered", 0.1, tiers=((0, 1),)), "rate has no meaning"),
        (lambda: Commission("percent", 0.1, tiers=((0, 1),)), "tiers have no meaning for kind"),
        (lambda: Commission("tiered", tiers=((0, 1),), tier_on="year"), "tier_on: 'year' is none"),  # type: ignore
        (lambda: Commission("call"), "kind 'call' needs a function; it is to be Commission.fun"),
        (lambda: Commission("percent", 0.1, function=max), "function: the kind is 'percent'"),
        (lambda: Commission(minimum=1.0, function=max), "rate, minimum and maximum have no mean"),
        (lambda: Slippage("call"), "kind 'call' needs a function"),
        (lambda: Slippage(rate=0.1, function=max), "Slippage.rate has no meaning"),
        (lambda: Slippage("square_root", -0.1), "cannot be negative"),
        (lambda: Slippage("square_root", permanent=0.1), "permanent has no meaning"),
        (lambda: Slippage("almgren_chriss", exponent=0.0), "exponent must be positive"),
        (lambda: Slippage("almgren_chriss", permanent=NAN), "permanent must be finite"),
    ],
)
def test_bad_costs_say_why(make, message):
    with pytest.raises(ValueError, match=message):
        make()
