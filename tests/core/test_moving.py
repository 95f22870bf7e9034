"""Statistics of moving windows and formulas between lines against pandas and plain loops."""

import math

import numpy as np
import pandas as pd
import pytest
from fillproof.core.indicators import lines as between
from fillproof.core.indicators import moving
from fillproof.core.indicators.moving import (
    CUMULATIVE_MEAN,
    DEVIATION,
    EXPONENTIAL_DEVIATION,
    EXPONENTIAL_MEAN,
    HIGHEST,
    LOWEST,
    MEAN,
)


@pytest.fixture(params=["whole", "gaps"])
def lines(request):
    rng = np.random.default_rng(5)
    values = 50 + rng.normal(0, 3, (2, 60))
    if request.param == "gaps":
        values[rng.random(values.shape) < 0.15] = np.nan
    return values


WINDOWS = np.array([1, 2, 3, 7, 20, 70])

BY_PANDAS = {
    MEAN: lambda s, w, least: s.rolling(w, min_periods=least).mean(),
    CUMULATIVE_MEAN: lambda s, w, least: s.rolling(w, min_periods=least).mean(),
    DEVIATION: lambda s, w, least: s.rolling(w, min_periods=least).std(ddof=1),
    LOWEST: lambda s, w, least: s.rolling(w, min_periods=least).min(),
    HIGHEST: lambda s, w, least: s.rolling(w, min_periods=least).max(),
}


@pytest.mark.parametrize("formula", list(BY_PANDAS))
@pytest.mark.parametrize("share", [1.0, 0.5])
def test_windows_agree_with_pandas(lines, formula, share):
    least = np.maximum((WINDOWS * share).astype(int), 1)
    for n, line in enumerate(lines):
        source = np.full(len(WINDOWS), n)
        got = moving.moving(formula, lines, source, WINDOWS, least, freedom=1)
        for k, window in enumerate(WINDOWS):
            expected = BY_PANDAS[formula](pd.Series(line), window, least[k])
            np.testing.assert_allclose(got[k], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("adjust", [False, True])
def test_exponential_weights_agree_with_pandas(lines, adjust):
    if not adjust:
        lines = np.nan_to_num(lines, nan=50.0)  # pandas gives the value after a gap more weight
    source = np.zeros(len(WINDOWS), int)
    mean = moving.moving(EXPONENTIAL_MEAN, lines, source, WINDOWS, adjust=adjust)
    spread = moving.moving(EXPONENTIAL_DEVIATION, lines, source, WINDOWS, adjust=adjust, freedom=1)
    for k, window in enumerate(WINDOWS):
        weighted = pd.Series(lines[0]).ewm(span=window, min_periods=window, adjust=adjust)
        np.testing.assert_allclose(mean[k], weighted.mean(), rtol=1e-9)
        if window > 1:
            np.testing.assert_allclose(spread[k], weighted.std(), rtol=1e-9, atol=1e-12)


def test_the_weight_falls_over_rows_without_a_value():
    line = np.array([1.0, np.nan, 3.0, np.nan])
    out = moving.moving(EXPONENTIAL_MEAN, line[None], np.array([0]), np.array([3]), np.array([1]))
    mean = (0.25 * 1.0 + 0.5 * 3.0) / 0.75
    np.testing.assert_array_equal(out[0], [1.0, 1.0, mean, mean])


def test_a_window_gives_the_same_bits_whatever_stands_beside_it(lines):
    source = np.zeros(9, int)
    windows = np.arange(2, 11)
    together = moving.moving(MEAN, lines, source, windows)
    for k in range(9):
        alone = moving.moving(MEAN, lines, source[:1], windows[k : k + 1])
        np.testing.assert_array_equal(together[k], alone[0])


def test_tasks_may_have_formulas_and_lines_of_their_own(lines):
    got = moving.moving(np.array([LOWEST, HIGHEST]), lines, np.array([1, 0]), np.array([2, 3]))
    np.testing.assert_array_equal(got[0], pd.Series(lines[1]).rolling(2).min())
    np.testing.assert_array_equal(got[1], pd.Series(lines[0]).rolling(3).max())


def test_deviation_recovers_after_a_large_number():
    line = np.array([1.0, 2.0, 1e15, 3.0, 4.0, 6.0, 5.0])
    out = moving.moving(DEVIATION, line[None], np.array([0]), np.array([2]))[0]
    np.testing.assert_allclose(out[4:], [0.5, 1.0, 0.5], rtol=1e-12)


def test_relative_strength():
    change = between.rises_and_falls(np.array([[1.0, 3.0, 2.0, np.nan, 2.0]]))
    np.testing.assert_array_equal(change[0], [[np.nan, 2, 0, np.nan, np.nan]])
    np.testing.assert_array_equal(change[1], [[np.nan, 0, 1, np.nan, np.nan]])
    strength = between.relative_strength(
        np.array([[3.0, 1.0, 0.0]]), np.array([[1.0, 0.0, 0.0]]), np.array([0])
    )
    np.testing.assert_array_equal(strength, [[75.0, 100.0, np.nan]])


def test_bands_differences_and_stochastic():
    mean, deviation = np.array([[10.0]]), np.array([[2.0]])
    two = between.bands(mean, deviation, np.array([0, 0]), np.array([1.0, 3.0]))
    assert two.tolist() == [[[12.0], [16.0]], [[8.0], [4.0]]]
    assert between.differences(np.array([[5.0], [3.0]]), np.array([0]), np.array([1])) == 2.0
    place = between.stochastic(
        np.array([[4.0]]), np.array([[2.0]]), np.array([[10.0]]), np.array([0]), np.array([0])
    )
    assert place == 25.0


def test_true_range_leaves_out_what_is_not_known():
    high, low = np.array([[5.0, 6.0, 6.0]]), np.array([[4.0, 5.5, 5.0]])
    out = between.true_ranges(high, low, np.array([[4.5, np.nan, 1.0]]))
    np.testing.assert_array_equal(out, [[1.0, 1.5, 1.0]])


def test_on_balance_volume():
    close = np.array([[1.0, 2.0, 2.0, 1.0, np.nan, 3.0]])
    volume = np.array([[10.0, 20.0, 40.0, np.nan, 80.0, 160.0]])
    out = np.empty_like(volume)
    between.on_balance_volume(close, volume, -volume, out)
    np.testing.assert_array_equal(out, [[10, 30, 30, 30, 110, 270]])


def test_comparisons(lines):
    one = np.round(lines, 0)
    args = one, np.array([0, 1, 0]), one, np.array([1, 0, 0])
    np.testing.assert_array_equal(between.above(*args), one[[0, 1, 0]] > one[[1, 0, 0]])
    np.testing.assert_array_equal(between.equal(*args), one[[0, 1, 0]] == one[[1, 0, 0]])


def crossings(one, other, wait):
    below = False
    since = -1
    for a, b in zip(one, other, strict=True):
        crossed = False
        if math.isnan(a) or math.isnan(b):
            below, since = False, -1
        elif a > b:
            since += below
            crossed = below and since == wait
        else:
            since = -1
            below = below or a < b
        yield crossed


@pytest.mark.parametrize("wait", [0, 2])
def test_crossings(lines, wait):
    one = np.round(lines, 0)
    got = between.crossed_above(one, np.array([0, 1]), one, np.array([1, 0]), wait)
    assert got.any()
    for k, (a, b) in enumerate([(0, 1), (1, 0)]):
        assert got[k].tolist() == list(crossings(one[a], one[b], wait))
