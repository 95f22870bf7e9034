"""Comparisons within rows against pandas and numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from fillproof.core import ranking
from hypothesis import given, settings
from hypothesis import strategies as st

METHODS = {"average": 0, "min": 1, "max": 2, "dense": 3, "first": 4}


def block(seed: int, rows: int = 20, columns: int = 70, gaps: float = 0.15) -> np.ndarray:
    """Few different values, so that many are equal; rows without gaps, with some, empty ones."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(size=(rows, columns)), 1)
    values[rng.random(values.shape) < gaps] = np.nan
    values[:5] = np.round(rng.normal(size=(5, columns)), 1)
    values[5] = np.nan
    values[6] = 2.5
    return values


def groups_of(values: np.ndarray, groups: int) -> np.ndarray:
    rng = np.random.default_rng(groups)
    return rng.integers(-1, groups, values.shape)


@settings(deadline=None)  # the first call may compile
@given(st.lists(st.one_of(st.integers(-3, 3).map(float), st.just(np.nan)), max_size=90))
def test_sorting_is_stable_with_missing_values_last(values: list[float]) -> None:
    array = np.array(values, dtype=np.float64)
    array[::7] *= -1e300  # all digits differ, and zeros have two signs
    order = np.empty(len(array), np.int64)
    there = ranking.sort_order(array, len(array), order)
    assert there == np.count_nonzero(~np.isnan(array))
    np.testing.assert_array_equal(order, np.argsort(array, kind="stable"))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_ranks(method: Any, descending: bool) -> None:
    values = block(1)
    left_out = np.isnan(values)
    out = np.empty_like(values)
    ranking.rank_rows(values, left_out, METHODS[method], descending, out)
    sign = -1 if descending else 1
    expected = pd.DataFrame(sign * values).rank(axis=1, method=method).to_numpy(copy=True)
    if method != "first":
        expected[left_out.any(axis=1)] = np.nan
    np.testing.assert_array_equal(out, expected)


def by_groups(values: np.ndarray, codes: np.ndarray, function: Any) -> np.ndarray:
    out = np.full(values.shape, -99.0)
    for row, labels, result in zip(values, codes, out, strict=True):
        for label in set(labels.tolist()) - {-1}:
            result[labels == label] = function(row[labels == label])
    return out


def standardize(x: np.ndarray) -> np.ndarray:
    return (x - np.nanmean(x)) / np.nanstd(x)


def winsorize(x: np.ndarray) -> np.ndarray:
    ordered = np.sort(x[~np.isnan(x)])
    if not len(ordered):
        return x
    low = ordered[int(0.2 * len(ordered))]
    high = ordered[int(np.ceil(0.7 * len(ordered))) - 1]
    return np.clip(x, low, high)


def lowest_ranks(x: np.ndarray) -> np.ndarray:
    ranks = pd.Series(-x).rank(method="min").to_numpy()
    return ranks if not np.isnan(x).any() else np.full(len(x), np.nan)


@pytest.mark.parametrize("groups", [1, 4, 30])
@pytest.mark.parametrize(
    ("transform", "first", "second", "function"),
    [
        (ranking.DEMEAN, 0.0, 0.0, lambda x: x - np.nanmean(x)),
        (ranking.STANDARDIZE, 0.0, 0.0, standardize),
        (ranking.WINSORIZE, 0.2, 0.7, winsorize),
        (ranking.WINSORIZE, 0.0, 1.0, lambda x: x),
        (ranking.RANK, ranking.LOWEST, 1.0, lowest_ranks),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_values_against_their_group(
    transform: int, first: float, second: float, function: Any, groups: int
) -> None:
    values = block(2)
    codes = groups_of(values, groups)
    out = np.empty_like(values)
    ranking.transform_groups(values, codes, groups, transform, first, second, -99.0, out)
    expected = by_groups(values, codes, function)
    if transform == ranking.STANDARDIZE:  # equal values: 0 / 0 or one last bit by another
        keep = np.arange(len(values)) != 6
        out, expected = out[keep], expected[keep]
    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("pieces", [1, 2, 4, 10])
def test_quantiles_are_those_of_pandas(pieces: int) -> None:
    rng = np.random.default_rng(pieces)
    rows = np.vstack([rng.normal(size=(30, 41)), np.tile(np.arange(41.0), (3, 1))])
    rows[::2][rng.random((17, 41)) < 0.3] = np.nan
    out = np.empty(rows.shape, np.int64)
    shares = np.linspace(0, 1, pieces + 1)
    assert ranking.label_quantiles(rows, shares, -1, out) == -1
    for row, labels in zip(rows, out, strict=True):
        expected = pd.Series(pd.qcut(row, pieces, labels=False)).fillna(-1)
        np.testing.assert_array_equal(labels, expected)


def test_rows_without_quantiles_are_named() -> None:
    rows = np.random.default_rng(0).normal(size=(4, 9))
    out = np.empty(rows.shape, np.int64)
    halves = np.array([0.0, 0.5, 1.0])
    rows[2] = np.nan
    assert ranking.label_quantiles(rows, halves, -1, out) == 2
    rows[1] = 5.0
    assert ranking.label_quantiles(rows, halves, -1, out) == 1


@pytest.mark.parametrize("bounds", [(0.0, 100.0), (10.0, 35.0), (33.3, 90.0)])
@pytest.mark.filterwarnings("ignore:All-NaN")
def test_percentiles_are_those_of_numpy(bounds: tuple[float, float]) -> None:
    values = block(4)
    out = np.empty(values.shape, bool)
    ranking.mark_between(values, bounds[0] / 100, bounds[1] / 100, out)
    low, high = np.nanpercentile(values, bounds, axis=1, keepdims=True)
    np.testing.assert_array_equal(out, (low <= values) & (values <= high))


def test_maxima_and_peers_of_groups() -> None:
    values = block(5, gaps=0.0)
    values[5] = 0.0
    codes = groups_of(values, 6)
    best = np.empty(values.shape, bool)
    whole = (values * 10).astype(np.int64)
    ranking.mark_maxima(whole, codes, 6, best)
    peers = np.empty_like(values)
    ranking.count_peers(codes, 6, peers)
    for row, labels, marked, counted in zip(whole, codes, best, peers, strict=True):
        firsts = pd.Series(row)[labels >= 0].groupby(labels[labels >= 0]).idxmax()
        assert np.flatnonzero(marked).tolist() == sorted(firsts)
        expected = [np.nan if g < 0 else (labels == g).sum() for g in labels]
        np.testing.assert_array_equal(counted, expected)


@pytest.mark.parametrize(
    ("statistic", "function"),
    [
        (ranking.MEAN, np.nanmean),
        (ranking.DEVIATION, np.nanstd),
        (ranking.MAXIMUM, np.nanmax),
        (ranking.MINIMUM, np.nanmin),
        (ranking.MEDIAN, np.nanmedian),
        (ranking.TOTAL, np.nansum),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_one_number_for_a_row(statistic: int, function: Any) -> None:
    values = block(6)
    out = np.empty(len(values))
    ranking.summarize_rows(values, statistic, out)
    np.testing.assert_allclose(out, function(values, axis=1), rtol=1e-12, atol=1e-14)
