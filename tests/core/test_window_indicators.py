"""The kernels of windows and of adaptive averages against slow calculations, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from fillproof.core import indicators
from hypothesis import given, settings
from hypothesis import strategies as st

values_of = st.lists(st.sampled_from([0.0, -1.0, 1.0, 2.5, 1e-3, 7.0]), min_size=1, max_size=40)
periods = st.integers(1, 9)
starts = st.integers(0, 5)
VALUES = np.array([4.0, 2.0, 8.0, 5.0, 8.0, 0.0])


def same(got, wanted):
    np.testing.assert_array_equal(got, np.array(wanted, dtype=float))


def windows(values, period, start):
    """Each window that is complete, or None."""
    first = start + period - 1
    return [values[i - period + 1 : i + 1] if i >= first else None for i in range(len(values))]


def of_windows(function, values, period, start):
    return [math.nan if w is None else float(function(w)) for w in windows(values, period, start)]


@settings(deadline=None)
@given(values_of, periods, starts)
def test_any_and_all_of_a_window(values, period, start):
    column = np.array(values)
    same(
        indicators.any_nonzero(column, period, start),
        of_windows(any, values, period, start),
    )
    same(
        indicators.all_nonzero(column, period, start),
        of_windows(all, values, period, start),
    )


@settings(deadline=None)
@given(values_of, periods, starts, st.booleans(), st.booleans())
def test_bars_since_the_extreme(values, period, start, high, oldest):
    def since(window):
        best = max(window) if high else min(window)
        if oldest:
            return len(window) - 1 - window.index(best)
        return window[::-1].index(best)

    got, found = indicators.bars_since_extreme(np.array(values), period, start, high, oldest)
    assert found
    same(got, of_windows(since, values, period, start))


def test_bars_since_the_extreme_by_hand():
    since = indicators.bars_since_extreme
    same(since(VALUES, 3, 0, True, False)[0], [math.nan, math.nan, 0, 1, 0, 1])
    same(since(VALUES, 3, 0, True, True)[0], [math.nan, math.nan, 0, 1, 2, 1])
    same(since(VALUES, 3, 0, False, True)[0], [math.nan, math.nan, 1, 2, 1, 0])


def test_a_window_that_begins_with_nan_has_no_extreme():
    column = np.array([1.0, math.nan, 3.0, 2.0])
    got, found = indicators.bars_since_extreme(column, 2, 0, True, False)
    assert not found
    same(got, [math.nan, 1, math.nan, math.nan])


def test_running_sum():
    same(indicators.running_sum(VALUES, 10.0, 1), [math.nan, 12, 20, 25, 33, 33])
    same(indicators.running_sum(VALUES, 0.0, 9), [math.nan] * 6)
    tenths = np.full(10, 0.1)
    assert indicators.running_sum(tenths, 0.0, 0)[-1] == sum([0.1] * 10) != 1.0


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    st.lists(st.floats(-3, 3), min_size=1, max_size=6),
    starts,
)
def test_weighted_sum_is_rounded_once(values, weights, start):
    def slow(window):
        return 0.5 * math.fsum(x * w for x, w in zip(window, weights, strict=True))

    period = len(weights)
    got = indicators.weighted_sum(np.array(values), np.array(weights), 0.5, period, start)
    same(got, of_windows(slow, values, period, start))


def test_values_without_a_weight_do_not_count():
    got = indicators.weighted_sum(VALUES, np.array([1.0, 0.5]), 2.0, 3, 0)
    same(got, [math.nan, math.nan, 10.0, 12.0, 21.0, 18.0])


def test_smoothing_by_changing_weights():
    weights = np.array([9.0, 9.0, 0.5, 1.0, 0.0, 0.25])
    got = indicators.smooth_by(VALUES, weights, 1.0 - weights, 2, 1)
    same(got, [math.nan, 3.0, 5.5, 5.0, 5.0, 3.75])
    same(indicators.smooth_by(VALUES, weights, 1.0 - weights, 9, 8), [math.nan] * 6)


def test_smoothing_by_one_weight_is_the_exponential_average():
    rng = np.random.default_rng(3)
    values = rng.normal(size=50)
    alpha = np.full(50, 2.0 / (1.0 + 7))
    got = indicators.smooth_by(values, alpha, 1.0 - alpha, 7, 10)
    same(got, indicators.exponential_average(values, 7, 4))


def slow_error_correction(values, average, alpha, limit, first):
    out, last = [math.nan] * len(values), math.nan
    for i in range(first, len(values)):
        tried = [
            alpha * (average[i] + step / 10 * (values[i] - last)) + (1.0 - alpha) * last
            for step in range(-limit, limit + 1)
        ]
        errors = [(abs(values[i] - x), k) for k, x in enumerate(tried) if x == x]
        out[i] = last = tried[min(errors)[1]] if errors else average[i]
    return out


@pytest.mark.parametrize("limit", [0, 3, 50])
def test_error_correction_takes_the_gain_that_misses_least(limit):
    values = np.round(np.cumsum(np.random.default_rng(4).normal(size=60)), 1) + 20.0
    alpha = 2.0 / (1.0 + 5)
    average = indicators.exponential_average(values, 5, 0)
    got = indicators.error_correcting_average(values, average, alpha, limit, 4)
    same(got, slow_error_correction(values.tolist(), average.tolist(), alpha, limit, 4))
    assert got[4] == average[4]


def test_without_gains_the_average_stands():
    average = np.array([math.nan, 3.0, 5.0, 4.0, 6.0, 2.0])
    same(indicators.error_correcting_average(VALUES, average, 0.5, -1, 1), average)


@settings(deadline=None)
@given(values_of, periods, starts)
def test_extremes_of_windows(values, period, start):
    column = np.array(values)
    same(indicators.highest(column, period, start), of_windows(max, values, period, start))
    same(indicators.lowest(column, period, start), of_windows(min, values, period, start))
