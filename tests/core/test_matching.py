"""The matching and accounting kernels against slow, readable calculations."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from fillproof.core import account, costs, matching
from fillproof.core.costs import Commission, Slippage
from fillproof.core.orders import ORDER, Kind
from fillproof.core.rules import Rules
from hypothesis import assume, given, settings
from hypothesis import strategies as st

prices = st.integers(4, 40).map(lambda n: n * 0.25)
quick = settings(max_examples=400, deadline=None, derandomize=True)


@st.composite
def bars(draw):
    a, b, c, d = sorted(draw(st.lists(prices, min_size=4, max_size=4)))
    open_, close = draw(st.sampled_from([(b, c), (c, b)]))
    return open_, d, a, close


def row(slippage: Slippage | None = None, commission: Commission | None = None):
    return costs.terms(1, slippage=slippage, commission=commission)


def outcome(kind: Kind, side: float, bar, limit=math.nan, stop=math.nan, rules=None):
    order = np.zeros(1, dtype=ORDER)
    order["kind"], order["size"], order["limit"], order["stop"] = kind, side, limit, stop
    rule = (rules or Rules()).to_record()
    price = matching.range_price(row()[0], rule[0], order[0], *bar, bar[1] if side > 0 else bar[2])
    return price, bool(order[0]["triggered"])


def same(left: float, right: float) -> bool:
    return left == right or (math.isnan(left) and math.isnan(right))


@quick
@given(bars(), prices, st.sampled_from([1.0, -1.0]))
def test_limit_trades_at_the_first_price_that_satisfies_it(bar, limit, side):
    open_, high, low, _ = bar
    # Looked at from the buyer's side: a sale at p is a purchase at -p.
    first, cheapest = side * open_, (low if side > 0 else -high)
    if first <= side * limit:
        expected = open_
    elif cheapest <= side * limit:
        expected = limit
    else:
        expected = math.nan
    assert same(outcome(Kind.LIMIT, side, bar, limit=limit)[0], expected)


@quick
@given(bars(), prices, st.sampled_from([1.0, -1.0]))
def test_stop_trades_at_the_first_price_that_reaches_it(bar, stop, side):
    open_, high, low, _ = bar
    first, dearest = side * open_, (high if side > 0 else -low)
    if first >= side * stop:
        expected = open_
    elif dearest >= side * stop:
        expected = stop
    else:
        expected = math.nan
    assert same(outcome(Kind.STOP, side, bar, stop=stop)[0], expected)


@quick
@given(bars(), prices, prices, st.sampled_from([1.0, -1.0]))
def test_stop_limit_never_trades_worse_than_its_limit_or_untriggered(bar, stop, limit, side):
    open_, high, low, close = bar
    price, triggered = outcome(Kind.STOP_LIMIT, side, bar, limit=limit, stop=stop)
    reached = (high >= stop) if side > 0 else (low <= stop)
    assert triggered == reached
    if math.isnan(price):
        return
    assert triggered
    assert low <= price <= high
    assert side * price <= side * limit
    through = side * open_ >= side * stop
    if not through and side * limit < side * stop:
        # Filled below the stop only when the bar is known to have come back to the limit.
        assert price == limit
        assert side * close <= side * limit


@quick
@given(bars(), prices, prices, st.sampled_from([1.0, -1.0]))
def test_stop_limit_of_the_next_bar_only_triggers(bar, stop, limit, side):
    open_ = bar[0]
    assume(side * open_ < side * stop)
    rules = Rules(stop_limit_path="next_bar")
    price, _ = outcome(Kind.STOP_LIMIT, side, bar, limit=limit, stop=stop, rules=rules)
    assert math.isnan(price)


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(
    ("slippage", "worse"),
    [
        (Slippage("percent", 0.01), lambda p, s: p * (1 + s * 0.01)),
        (Slippage("fixed", 0.3), lambda p, s: p + s * 0.3),
    ],
)
def test_slippage_moves_against_the_order_and_stays_in_the_bar(slippage, worse, side):
    term = row(slippage)[0]
    far, near = (100.0, 10.1) if side > 0 else (1.0, 9.9)
    assert costs.slipped(term, 10.0, side, far, True, False) == worse(10.0, side)
    assert costs.slipped(term, 10.0, side, near, True, False) in (near, worse(10.0, side))
    assert costs.slipped(term, 10.0, side, near, False, False) == 10.0


def test_slippage_flags():
    strict = row(Slippage("fixed", 1.0, within_bar=False, limit_within_bar=False))[0]
    assert math.isnan(costs.slipped(strict, 10.0, 1.0, 10.5, True, False))
    limits = row(Slippage("fixed", 1.0, within_bar=False))[0]
    assert costs.slipped(limits, 10.0, 1.0, 10.5, True, True) == 10.5
    outside = row(Slippage("fixed", 1.0, beyond_bar=True))[0]
    assert costs.slipped(outside, 10.0, 1.0, 10.5, True, False) == 11.0


sizes = st.integers(-20, 20).filter(bool)


@quick
@given(st.lists(st.tuples(sizes, prices), min_size=1, max_size=12))
def test_average_price_against_exact_fractions(fills):
    """Cost of what is held over its size, in exact arithmetic, through growth and reversal."""
    held, cost = Fraction(0), Fraction(0)
    size = price = 0.0
    for quantity, at in fills:
        before = held
        held += quantity
        if before == 0 or before * quantity > 0:
            cost += quantity * Fraction(at)
        elif before * held > 0:
            cost = cost / before * held
        else:
            cost = held * Fraction(at)
        closed = 0 if before * quantity >= 0 else max(-abs(before), -abs(quantity), key=lambda x: x)
        size, price, opened, done = account.position_after(size, price, float(quantity), at)
        assert size == held
        assert opened + done == quantity
        assert abs(done) == abs(closed)
        assert price == pytest.approx(float(cost / held) if held else 0.0, rel=1e-12)


@quick
@given(st.lists(st.integers(1, 500), min_size=1, max_size=8), st.sampled_from([0.0, 1.0, 7.5]))
def test_commission_minimum_is_what_the_whole_order_owes(parts, minimum):
    term = row(commission=Commission("per_share", 0.01, minimum=minimum))[0]
    accrued = paid = 0.0
    for part in parts:
        raw = costs.commission_raw(term, float(part), 10.0)
        paid += costs.commission_due(term, raw, accrued, paid)
        accrued += raw
    assert paid == pytest.approx(max(minimum, sum(parts) * 0.01))


def test_volume_share_price_and_cut():
    term = row(Slippage("volume_share", 0.1, volume_limit=0.025))[0]
    # 2.5 % of 1,000 is 25 shares: 20 traded, so 5 of 100 are left; the share is capped.
    price, units, exhausted = costs.share_of_volume(term, 10.0, 1.0, 100.0, 1_000.0, 20.0)
    assert (units, exhausted) == (5.0, False)
    assert price == 10.0 + 0.025**2 * 0.1 * 10.0
    assert costs.share_of_volume(term, 10.0, 1.0, 100.0, 1_000.0, 25.0)[2]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Commission("per_lot", 1.0), "Commission.kind: 'per_lot' is none of none, per_tr"),  # type: ignore
        (lambda: Commission("percent", math.nan), "Commission.rate must be finite"),
        (lambda: Slippage("volume_share", 0.1), "needs a volume_limit"),
        (lambda: costs.terms(3, commission=[Commission()] * 2), "commission: 2 given for 3"),
    ],
)
def test_bad_costs_say_why(make, message):
    with pytest.raises(ValueError, match=message):
        make()
