"""The indicator kernels against slow calculations with exact sums, by hand and by properties."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from fillproof.core import indicators
from fillproof.core.indicators.moving_average import (
    EXPONENTIAL,
    SIMPLE,
    SMOOTHED,
    WEIGHTED,
    average,
)
from fillproof.core.indicators.sums import exact_sum, window_sums
from hypothesis import given, settings
from hypothesis import strategies as st

finite = st.floats(-1e15, 1e15, allow_nan=False)
prices = st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=40)
VALUES = np.array([4.0, 2.0, 8.0, 5.0, 5.0, 7.0])


def same(got, wanted):
    np.testing.assert_array_equal(got, np.array(wanted, dtype=float))


@settings(deadline=None)
@given(st.lists(finite, max_size=60))
def test_exact_sum_is_the_nearest_float(values):
    assert exact_sum(np.array(values, dtype=float), 0, len(values)) == math.fsum(values)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_exact_sum_where_addition_forgets():
    for values in ([1e100, 1.0, -1e100], [0.1] * 10, [1.0, 2.0**-53, 2.0**-106], [1e308, -1e308]):
        assert exact_sum(np.array(values), 0, len(values)) == math.fsum(values)
    assert exact_sum(np.array([1.0, np.inf]), 0, 2) == np.inf
    assert math.isnan(exact_sum(np.array([1.0, np.nan, np.inf]), 0, 3))
    assert math.isnan(exact_sum(np.array([-np.inf, np.inf]), 0, 2))


@settings(deadline=None)
@given(st.lists(finite, max_size=40), st.integers(1, 9), st.integers(0, 5))
def test_window_sums_are_sums_of_windows(values, period, start):
    got = window_sums(np.array(values, dtype=float), period, start)
    first = start + period - 1
    assert np.isnan(got[:first]).all()
    wanted = [math.fsum(values[i - period + 1 : i + 1]) for i in range(first, len(values))]
    assert got[first:].tolist() == wanted


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_window_sums_recover_after_nan():
    values = np.array([1.0, np.nan, 3.0, 4.0, np.inf, 6.0, 7.0])
    got = window_sums(values, 2, 0)
    same(got, [np.nan, np.nan, np.nan, 7.0, np.inf, np.inf, 13.0])


def test_averages_by_hand():
    nan = np.nan
    same(indicators.simple_average(VALUES, 2, 0), [nan, 3.0, 5.0, 6.5, 5.0, 6.0])
    same(indicators.exponential_average(VALUES, 3, 0)[2:], [14 / 3, (14 / 3 + 5) / 2, *_tail()])
    same(indicators.smoothed_average(VALUES, 2, 1), [nan, nan, 5.0, 5.0, 5.0, 6.0])
    weighted = indicators.weighted_average(VALUES, 3, 0)
    same(weighted, [nan, nan, *((a + 2 * b + 3 * c) / 6 for a, b, c in _threes())])


def _tail():
    fourth = (14 / 3 + 5) / 2
    return (fourth + 5) / 2, ((fourth + 5) / 2 + 7) / 2


def _threes():
    return zip(VALUES[:-2], VALUES[1:-1], VALUES[2:], strict=True)


@pytest.mark.parametrize("kind", [SIMPLE, EXPONENTIAL, SMOOTHED, WEIGHTED])
@settings(deadline=None, max_examples=40)
@given(values=prices, period=st.integers(1, 8), start=st.integers(0, 4))
def test_averages_lie_between_the_extremes(kind, values, period, start):
    got = average(kind, np.array(values), period, start)
    first = start + period - 1
    assert np.isnan(got[:first]).all()
    used = values[start:]
    for value in got[first:]:
        assert min(used) * (1 - 1e-12) <= value <= max(used) * (1 + 1e-12)
    if period == 1:
        np.testing.assert_allclose(got[start:], values[start:], rtol=1e-12)


@settings(deadline=None)
@given(prices, st.integers(1, 8), st.integers(0, 4))
def test_extremes(values, period, start):
    column = np.array(values)
    first = start + period - 1
    windows = [values[i - period + 1 : i + 1] for i in range(first, len(values))]
    high, low = (getattr(indicators, n)(column, period, start) for n in ("highest", "lowest"))
    assert np.isnan(high[:first]).all()
    assert high[first:].tolist() == list(map(max, windows))
    assert low[first:].tolist() == list(map(min, windows))


def test_true_range_by_hand():
    high, low = np.array([5.0, 6.0, 9.0]), np.array([3.0, 5.0, 8.0])
    close = np.array([4.0, 7.0, 8.5])
    same(indicators.true_high(high, close, 0), [np.nan, 6.0, 9.0])
    same(indicators.true_low(low, close, 0), [np.nan, 4.0, 7.0])
    same(indicators.true_range(high, low, close, 0), [np.nan, 2.0, 2.0])
    same(indicators.average_true_range(high, low, close, 2, SIMPLE, 0), [np.nan, np.nan, 2.0])


def test_rsi_by_hand():
    column = np.array([10.0, 12.0, 11.0, 14.0])
    got, divided = indicators.rsi(column, 3, 1, SIMPLE, 0, False, 0.0, 0.0)
    assert not divided
    # Rises 2, 0, 3; falls 0, 1, 0.
    assert got[3] == 100.0 - 100.0 / (1.0 + (5.0 / 3.0) / (1.0 / 3.0))
    assert np.isnan(got[:3]).all()


def test_rsi_where_nothing_falls():
    rising, flat = np.arange(5.0), np.full(5, 3.0)
    assert indicators.rsi(rising, 2, 1, SIMPLE, 0, False, 0.0, 0.0)[1]
    got, divided = indicators.rsi(rising, 2, 1, SIMPLE, 0, True, 1.0, np.inf)
    assert not divided
    same(got[2:], [100.0] * 3)
    got, divided = indicators.rsi(flat, 2, 1, SIMPLE, 0, True, 1.0, np.inf)
    same(got[2:], [50.0] * 3)


def test_macd_is_a_difference_of_averages():
    line, signal = indicators.macd(VALUES, 2, 3, 2, SIMPLE, 0)
    wanted = indicators.simple_average(VALUES, 2, 0) - indicators.simple_average(VALUES, 3, 0)
    same(line, wanted)
    same(signal, [np.nan] * 3 + [(a + b) / 2 for a, b in pairwise(wanted[2:])])


def test_bands_are_symmetric_around_the_mean():
    middle, top, bottom = indicators.bollinger_bands(VALUES, 3, 2.0, SIMPLE, 0)
    same(middle, indicators.simple_average(VALUES, 3, 0))
    deviations = [np.std(VALUES[i - 2 : i + 1]) for i in range(2, 6)]
    np.testing.assert_allclose(top[2:] - middle[2:], 2 * np.array(deviations), rtol=1e-9)
    np.testing.assert_allclose(middle[2:] - bottom[2:], 2 * np.array(deviations), rtol=1e-9)


def test_crossings_by_hand():
    first = np.array([1.0, 2.0, 3.0, 3.0, 2.0, 3.0])
    second = np.array([2.0, 2.0, 2.0, 3.0, 3.0, 3.0])
    nan = np.nan
    same(indicators.last_nonzero_difference(first, second, 0), [-1, -1, 1, 1, -1, -1])
    # Equal values in between are no crossing and hide none.
    same(indicators.cross_up(first, second, 0), [nan, 0, 1, 0, 0, 0])
    same(indicators.cross_down(first, second, 0), [nan, 0, 0, 0, 1, 0])
    same(indicators.cross_over(first, second, 0), [nan, 0, 1, 0, -1, 0])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=40))
def test_crossings_alternate(rows):
    first, second = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    over = indicators.cross_over(first, second, 0)[1:]
    turns = over[over != 0.0]
    assert (turns[1:] == -turns[:-1]).all()
    assert ((over == 1.0) <= (first > second)[1:]).all()
    assert ((over == -1.0) <= (first < second)[1:]).all()
