"""The kernels of the parabolic stop, the Laguerre filter, ranks, candles and the Hurst exponent."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core.indicators.candles import averaged_candles, fractals
from fillproof.core.indicators.hurst import hurst_exponent, hurst_exponents
from fillproof.core.indicators.laguerre import laguerre_filter, laguerre_strength
from fillproof.core.indicators.parabolic import parabolic_stop
from fillproof.core.indicators.ranks import percent_rank
from hypothesis import given, settings
from hypothesis import strategies as st

VALUES = np.array([4.0, 2.0, 8.0, 5.0, 5.0, 7.0])
prices = st.lists(st.floats(1.0, 1e4), min_size=2, max_size=40)


def same(got, wanted):
    np.testing.assert_array_equal(got, np.array(wanted, dtype=float))


def rising_bars(count):
    low = np.arange(10.0, 10.0 + count)
    return low + 2.0, low, low + 1.0


def test_parabolic_stop_follows_a_rise_ever_faster():
    high, low, close = rising_bars(30)
    stop = parabolic_stop(high, low, close, 0.02, 0.2, 1)
    # The second bar ends the fall that the recursion begins with: the stop is the first low.
    assert np.isnan(stop[0])
    assert stop[1] == low[0]
    # From there it moves by 0.02 + 0.02 of the way to the highest high, held under two lows.
    assert stop[2] == min(10.0 + 0.04 * (13.0 - 10.0), low[0], low[1])
    assert (stop[1:] <= low[1:]).all()
    assert (np.diff(stop[1:]) >= 0.0).all()
    # At last it moves by the limit: a fifth of the distance to the high.
    assert stop[29] - stop[28] == pytest.approx(0.2 * (high[28] - stop[28]))


def test_parabolic_stop_turns_where_it_is_crossed():
    high, low, close = rising_bars(12)
    high[8:], low[8:] = high[8:] - 30.0, low[8:] - 30.0
    stop = parabolic_stop(high, low, close, 0.02, 0.2, 1)
    assert stop[8] == high[:8].max()
    assert (stop[8:] >= high[8:]).all()
    assert np.isnan(parabolic_stop(high[:1], low[:1], close[:1], 0.02, 0.2, 1)).all()
    late = parabolic_stop(high, low, close, 0.02, 0.2, 5)
    assert np.isnan(late[:5]).all()
    same(late[5:], stop[5:])


@settings(deadline=None)
@given(prices)
def test_parabolic_stop_lies_outside_the_bar_or_on_an_extreme(closes):
    close = np.array(closes)
    high, low = close * 1.01, close * 0.99
    stop = parabolic_stop(high, low, close, 0.02, 0.2, 1)
    for i in range(1, len(close)):
        crossed = low[i] <= stop[i] <= high[i]
        # Where the bar crosses it, it is the extreme of the trend that ended.
        assert not crossed or stop[i] in high[:i] or stop[i] in low[:i]


def test_laguerre_filter_without_delay_is_the_weighted_last_values():
    line, stages = laguerre_filter(VALUES, 0.0, 1)
    same(stages[0], [np.nan, 2.0, 8.0, 5.0, 5.0, 7.0])
    same(stages[3], [np.nan, 0.0, 0.0, 0.0, 2.0, 8.0])
    assert line[5] == (7.0 + 2 * 5.0 + 2 * 5.0 + 8.0) / 6.0
    assert np.isnan(line[0])


def test_laguerre_strength_by_hand():
    line, _ = laguerre_strength(np.array([4.0, 1.0, 3.0]), 0.0, 0)
    # Stages: 4 0 0 0; 1 4 0 0; 3 1 4 0.
    same(line, [1.0, 4.0 / 7.0, 6.0 / 9.0])
    flat, _ = laguerre_strength(np.zeros(3), 0.5, 0)
    same(flat, [1.0, 1.0, 1.0])


@settings(deadline=None)
@given(prices, st.floats(0.0, 1.0))
def test_laguerre_strength_is_a_share(values, gamma):
    line, _ = laguerre_strength(np.array(values), gamma, 0)
    assert ((line >= 0.0) & (line <= 1.0)).all()


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 8), st.integers(0, 3))
def test_percent_rank_counts_the_lower_values(values, period, start):
    column = np.array(values, dtype=float)
    got = percent_rank(column, period, start)
    first = start + period - 1
    assert np.isnan(got[:first]).all()
    for i in range(first, len(values)):
        window = values[i - period + 1 : i + 1]
        assert got[i] == sum(value < values[i] for value in window) / period


def test_averaged_candles_by_hand():
    bars = np.array([[10.0, 14.0, 8.0, 12.0], [12.0, 16.0, 11.0, 13.0], [13.0, 13.0, 9.0, 9.0]])
    opens, highs, lows, closes = averaged_candles(*bars.T.copy(), 1, 0)
    same(closes, [11.0, 13.0, 11.0])
    same(opens, [11.0, 11.0, 12.0])
    same(highs, [np.nan, 16.0, 13.0])
    same(lows, [np.nan, 11.0, 9.0])


def test_fractals_are_marked_two_bars_back():
    high = np.array([1.0, 2.0, 5.0, 3.0, 2.0, 2.0, 2.0])
    above, below = fractals(high, -high, 5, 2, 0.5, 0)
    nan = np.nan
    same(above, [nan, nan, 7.5, nan, nan, nan, nan])
    same(below, [nan, nan, -2.5, nan, nan, nan, nan])
    # Of equal highs the first one counts.
    above, _ = fractals(np.full(6, 3.0), np.full(6, 3.0), 3, 0, 0.0, 0)
    same(above, [3.0, 3.0, 3.0, 3.0, nan, nan])


def test_hurst_exponent_of_a_walk_and_of_noise():
    rng = np.random.default_rng(3)
    steps = rng.normal(size=4000)
    lags = np.arange(2, 40)
    assert hurst_exponent(np.cumsum(steps), lags) == pytest.approx(0.5, abs=0.1)
    assert hurst_exponent(steps, lags) == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(("period", "begin", "stop"), [(20, 2, 10), (40, 2, 20), (9, 3, 8)])
def test_hurst_exponents_are_those_of_the_windows(period, begin, stop):
    values = np.cumsum(np.random.default_rng(period).normal(size=150))
    lags = np.arange(begin, stop)
    got = hurst_exponents(values, lags, period, period - 1)
    assert np.isnan(got[: period - 1]).all()
    wanted = [hurst_exponent(values[i - period + 1 : i + 1], lags) for i in range(period - 1, 150)]
    assert got[period - 1 :].tolist() == wanted


@pytest.mark.filterwarnings("ignore")
def test_hurst_exponents_of_odd_lags():
    values = VALUES.copy()
    assert np.isnan(hurst_exponents(values, np.arange(3, 9), 4, 3)).all()
    with pytest.raises(TypeError):
        hurst_exponents(values, np.arange(2, 2), 4, 3)
