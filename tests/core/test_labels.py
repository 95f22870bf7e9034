"""Labels by their definitions, on random prices."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from fillproof.core import labels

RISE, FALL = 0.03, 0.02


@pytest.fixture(scope="module")
def close():
    rng = np.random.default_rng(3)
    return 10 * np.exp(rng.normal(0, 0.02, (200, 2)).cumsum(axis=0))


@pytest.fixture(scope="module")
def extreme(close):
    return labels.extremes(close, RISE, FALL)


def swings(close, extreme):
    for col in range(close.shape[1]):
        rows = np.flatnonzero(extreme[:, col])
        for first, last in itertools.pairwise(rows):
            yield col, first, last


def test_extremes_alternate_and_are_far_apart(close, extreme):
    count = 0
    for col, first, last in swings(close, extreme):
        count += 1
        assert extreme[first, col] == -extreme[last, col]
        growth = close[last, col] / close[first, col] - 1
        assert growth >= RISE if extreme[last, col] == 1 else growth <= -FALL
        if first > 0:  # before the first move that is far enough, nothing is known
            between = close[first : last + 1, col]
            low, high = sorted((close[first, col], close[last, col]))
            assert (between.min(), between.max()) == (low, high)
    assert count > 10


def test_labels_between_extremes(close, extreme):
    trend = labels.trends(close, extreme)
    place = labels.place_in_swing(close, extreme)
    saturated = labels.saturated_place_in_swing(close, extreme, RISE, FALL)
    change = labels.change_to_extreme(close, extreme, False)
    of_high = labels.change_to_extreme(close, extreme, True)
    labelled = 0
    for col, first, last in swings(close, extreme):
        rows = slice(first, last)
        price, target = close[rows, col], close[last, col]
        labelled += len(price)
        up = target > close[first, col]
        assert np.all(trend[rows, col] == up)
        low, high = close[first : last + 1, col].min(), close[first : last + 1, col].max()
        assert np.allclose(place[rows, col], (high - price) / (high - low))
        ahead = high / price - 1 >= RISE if up else price / low - 1 >= FALL / (1 - FALL)
        assert np.array_equal(saturated[rows, col] == up, ahead)
        assert np.allclose(change[rows, col], target / price - 1)
        assert np.allclose(of_high[rows, col], 1 - price / target if up else target / price - 1)
    for made in (trend, place, saturated, change, of_high):
        assert np.count_nonzero(~np.isnan(made)) == labelled


@pytest.mark.parametrize("wait", [0, 1, 3])
def test_breakouts(close, wait):
    got = labels.breakouts(close, 5, RISE, FALL, wait)
    for (i, col), label in np.ndenumerate(got):
        ahead = close[i + wait : i + wait + 5, col] / close[i, col] - 1
        hits = [np.sign(x) for x in ahead if x >= RISE or x <= -FALL]
        assert label == (hits[0] if hits else 0)
    assert len(np.unique(got)) == 3
    assert not labels.breakouts(close, 5, 0.0, 0.0, wait).any()


def test_deviation_ahead(close):
    got = labels.deviation_ahead(close, 4, 1)
    expected = np.array([close[i : i + 4].std(axis=0, ddof=1) for i in range(len(close) - 3)])
    assert np.allclose(got[:-3], expected)
    assert np.isnan(got[-3:]).all()


def test_thresholds_of_rows_and_columns(close):
    each = np.full(close.shape, RISE), np.full((1, 2), FALL)
    assert np.array_equal(labels.extremes(close, *each), labels.extremes(close, RISE, FALL))
    with pytest.raises(ValueError, match="cannot be 0"):
        labels.extremes(close, RISE, 0.0)
    with pytest.raises(ValueError, match="unknown mode"):
        labels.trend_labels(close, RISE, FALL, 5)


def test_shares_that_undo_each_other():
    assert labels.rise_that_undoes(0.5) == 1.0
    assert labels.fall_that_undoes(labels.rise_that_undoes(0.2)) == pytest.approx(0.2)
