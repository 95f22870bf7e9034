"""Windowed formulas against numpy on each day's window, changed as of that day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from fillproof.core import rolling, window_formulas, window_statistics
from fillproof.core.rolling import Adjustments, Input, over_windows

ASSETS, ROWS, LENGTH = 4, 60, 9


def weights(length: int, decay: float) -> np.ndarray:
    return np.full(length, decay) ** np.arange(length + 1, 1, -1)


def average(x: np.ndarray, w: np.ndarray) -> float:
    return float(np.average(x, weights=w))


def with_sum(w: np.ndarray) -> list[float]:
    return [*w, w.sum()]


def average_difference(x: np.ndarray) -> float:
    slow, fast = weights(6, 0.7), weights(3, 0.5)
    lines = [average(x[i + 3 : i + 6], fast) - average(x[i : i + 6], slow) for i in range(4)]
    return average(np.array(lines), weights(4, 0.6))


def drawdown(x: np.ndarray) -> Any:
    fall = np.fmax.accumulate(x) - x
    end = int(np.nanargmax(np.where(np.isnan(fall), -np.inf, fall)))
    return (np.nanmax(x[: end + 1]) - x[end]) / x[end] if not np.isnan(x).all() else np.nan


def strength(x: np.ndarray) -> Any:
    changes = np.diff(x)
    rise = np.nanmean(np.clip(changes, 0, None))
    return 100 - 100 / (1 + rise / abs(np.nanmean(np.clip(changes, None, 0))))


def slope(y: np.ndarray, x: np.ndarray) -> float:
    both = ~np.isnan(x) & ~np.isnan(y)
    if (~both).sum() > 2:
        return np.nan
    return np.cov(x[both], y[both], bias=True)[0, 1] / np.var(x[both])


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return np.corrcoef(a, b)[0, 1]


def ranks(x: np.ndarray) -> np.ndarray:
    return np.array([(x < v).sum() + ((x == v).sum() + 1) / 2 for v in x])


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    return np.nan if np.isnan([a, b]).any() else correlation(ranks(a), ranks(b))


def line(y: np.ndarray, x: np.ndarray) -> list[Any]:
    b = np.cov(x, y, bias=True)[0, 1] / np.var(x)
    r = correlation(x, y)
    error = np.sqrt((1 - r * r) * np.var(y) / np.var(x) / (len(x) - 2))
    return [y.mean() - b * x.mean(), b, r, np.nan, error]


def places(low: np.ndarray, high: np.ndarray) -> list[float]:
    last = (len(low) - 1) / 100
    return [np.nanargmin(low) / last, np.nanargmax(high) / last]


def middle(high: np.ndarray, low: np.ndarray, back: int) -> float:
    return (high[-back:].max() + low[-back:].min()) / 2


def cloud(high: np.ndarray, low: np.ndarray, close: np.ndarray) -> list[float]:
    a, b = middle(high, low, 3), middle(high, low, 5)
    return [a, b, (a + b) / 2, middle(high, low, LENGTH), close[4]]


def bands(x: np.ndarray) -> list[Any]:
    mean, width = np.nanmean(x), 2 * np.nanstd(x)
    return [mean - width, mean, mean + width]


def deviation_from_average(x: np.ndarray) -> float:
    w = weights(LENGTH, 0.8)
    variance = average((x - average(x, w)) ** 2, w)
    return np.sqrt(variance * w.sum() ** 2 / (w.sum() ** 2 - (w**2).sum()))


W = weights(LENGTH, 0.8)
CASES: dict[str, tuple[Callable, int, Sequence[float], int]] = {
    # name: what a window gives, inputs, arguments, window length
    "last": (lambda x: x[-1], 1, [], LENGTH),
    "mean": (np.nanmean, 1, [], LENGTH),
    "deviation": (lambda x: 3 * np.nanstd(x), 1, [3.0], LENGTH),
    "bands": (bands, 1, [2.0], LENGTH),
    "change": (lambda x: x[-1] / x[0] - 1, 1, [], LENGTH),
    "change_of_size": (lambda x: (x[-1] - x[0]) / abs(x[0]), 1, [], LENGTH),
    "change_in_percent": (lambda x: 100 * (x[-1] / x[0] - 1), 1, [], LENGTH),
    "weighted_value": (lambda x, w: np.nansum(x * w) / np.nansum(w), 2, [], LENGTH),
    "turnover": (lambda x, w: np.nansum(x * w) / LENGTH, 2, [], LENGTH),
    "linear_average": (lambda x: np.nansum(x * np.arange(1, 10)) / 45, 1, [], LENGTH),
    "weighted_average": (lambda x: average(x, W), 1, with_sum(W), LENGTH),
    "weighted_deviation": (
        deviation_from_average,
        1,
        [*with_sum(W), W.sum() ** 2 / (W.sum() ** 2 - (W**2).sum())],
        LENGTH,
    ),
    "average_difference": (
        average_difference,
        1,
        [
            *(3, 6, 4),
            *with_sum(weights(6, 0.7)),
            *with_sum(weights(3, 0.5)),
            *with_sum(weights(4, 0.6)),
        ],
        LENGTH,
    ),
    "drawdown": (drawdown, 1, [], LENGTH),
    "relative_strength": (strength, 1, [], LENGTH),
    "stochastic": (
        lambda c, lo, hi: 100 * (c[-1] - np.nanmin(lo)) / (np.nanmax(hi) - np.nanmin(lo)),
        3,
        [],
        LENGTH,
    ),
    "days_of_extremes": (places, 2, [], LENGTH),
    "true_range": (
        lambda hi, lo, c: np.nanmax([hi[1] - lo[1], abs(hi[1] - c[0]), abs(lo[1] - c[0])]),
        3,
        [],
        2,
    ),
    "cloud": (cloud, 3, [3, 5, 4], LENGTH),
    "slope": (slope, 2, [2], LENGTH),
    "correlation": (correlation, 2, [], LENGTH),
    "rank_correlation": (rank_correlation, 2, [], LENGTH),
    "regression": (line, 2, [], LENGTH),
}


def formula(name: str) -> Any:
    return getattr(window_formulas, name, None) or getattr(window_statistics, name)


def table(per_asset: list[list[tuple]]) -> Adjustments:
    """Entries (known, top, last, kind, value) of each asset."""
    flat = [entry for entries in per_asset for entry in entries]
    first = np.cumsum([0, *(len(entries) for entries in per_asset)])
    known, top, last, kind = (np.array([e[i] for e in flat], dtype=np.int64) for i in range(4))
    value = np.array([e[4] for e in flat], dtype=np.float64)
    return Adjustments(first, known, top, last, kind, value)


def as_of(column: np.ndarray, entries: list[tuple], row: int) -> np.ndarray:
    seen = column.copy()
    for known, first, last, kind, value in entries:
        if known <= row:
            change = [np.multiply, np.add, lambda old, new: np.full_like(old, new)][kind]
            seen[max(first, 0) : last + 1] = change(seen[max(first, 0) : last + 1], value)
    return seen


def market(rng: np.random.Generator, inputs: int, gaps: bool) -> tuple[np.ndarray, list[list]]:
    """Prices [inputs, assets, rows] and, for each input and asset, what changes them."""
    columns = np.round(rng.uniform(5, 15, (inputs, ASSETS, ROWS)), 1)
    if gaps:
        columns[rng.random(columns.shape) < 0.1] = np.nan
    changes = []
    for _ in range(inputs):
        per_asset = []
        for _ in range(ASSETS):
            days = sorted(rng.integers(0, ROWS, rng.integers(0, 5)).tolist())
            ratios = np.round(rng.uniform(0.4, 1.2, len(days)), 2)
            per_asset.append(
                [(d, 0, d, rolling.MULTIPLY, r) for d, r in zip(days, ratios, strict=True)]
            )
        changes.append(per_asset)
    row = ROWS // 2
    before = [entry for entry in changes[0][0] if entry[0] < row]
    changes[0][0] = [*before, (row, row - 9, row - 3, rolling.REPLACE, 7.5)]
    changes[-1][-1] = [(row - 5, -2, row + 4, rolling.ADD, 1.5)]
    return columns, changes


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore")
def test_formulas_see_each_day_what_was_known_then(name: str, gaps: bool) -> None:
    expected, inputs, arguments, length = CASES[name]
    rng = np.random.default_rng(len(name))
    columns, changes = market(rng, inputs, gaps)
    days = ROWS - length + 1
    wanted = rng.random((days, ASSETS)) < 0.8
    wanted[:20, 1] = False
    wanted[30:, 2] = False
    first = np.atleast_1d(expected(*columns[:, 0, :length]))
    out = np.full((len(first), days, ASSETS), -7.0)
    shown = [Input(columns[k], table(changes[k])) for k in range(inputs)]
    over_windows(formula(name), shown, length, wanted, out, arguments)
    for day, asset in np.ndindex(days, ASSETS):
        window = [
            as_of(columns[k, asset], changes[k][asset], day + length - 1)[day:][:length]
            for k in range(inputs)
        ]
        want = np.atleast_1d(expected(*window)) if wanted[day, asset] else np.full(len(first), -7.0)
        got = out[:, day, asset]
        if name == "regression" and wanted[day, asset]:  # its p-value: see the tests of special
            assert np.isnan(want[1]) == np.isnan(got[3])
            got[3] = np.nan
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9, err_msg=f"{day} {asset}")


@pytest.mark.parametrize("name", ["mean", "deviation", "correlation"])
def test_equal_values_do_not_vary(name: str) -> None:
    """Sums in numpy's order: the mean of equal values is off by the same last bit, or not."""
    length = 50
    inputs = [Input(np.full((1, length), 0.1))] * (2 if name == "correlation" else 1)
    out = np.empty((1, 1, 1))
    over_windows(formula(name), inputs, length, np.ones((1, 1), bool), out, [1.0])
    x = np.full(length, 0.1)
    mean = np.cumsum(x)[-1] / length  # one after the other
    pairs = x - x.mean()
    with np.errstate(invalid="ignore"):
        exact = {
            "mean": mean,
            "deviation": np.sqrt(np.cumsum((x - mean) ** 2)[-1] / length),
            "correlation": (pairs * pairs).mean() / np.sqrt((pairs**2).mean() * (pairs**2).mean()),
        }[name]
    np.testing.assert_array_equal(out[0, 0, 0], exact)


@pytest.mark.parametrize("length", [5, 100, 252, 700])
def test_long_sums_add_in_the_order_of_numpy(length: int) -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=length)
    w = rng.random(length)
    out = np.empty((1, 1, 1))
    over_windows(
        formula("weighted_average"),
        [Input(values[None])],
        length,
        np.ones((1, 1), bool),
        out,
        with_sum(w),
    )
    assert out[0, 0, 0] == np.average(values, weights=w)


def test_a_window_without_an_answer_says_so() -> None:
    wanted = np.ones((6, 1), bool)
    sides = [Input(np.arange(10.0)[None]), Input(np.full((1, 10), 3.0))]
    with pytest.raises(ValueError, match="identical"):
        over_windows(formula("regression"), sides, 5, wanted, np.empty((5, 6, 1)))
    empty = [Input(np.full((1, 10), np.nan))] * 2
    with pytest.raises(ValueError, match="All-NaN"):
        over_windows(formula("days_of_extremes"), empty, 5, wanted, np.empty((2, 6, 1)))
    out = np.full((2, 6, 1), -1.0)
    over_windows(formula("days_of_extremes"), empty, 5, ~wanted, out)
    assert (out == -1.0).all()


def test_one_column_for_all_assets() -> None:
    rng = np.random.default_rng(8)
    values, against = rng.random((ASSETS, ROWS)), rng.random((1, ROWS))
    wanted = np.ones((ROWS - LENGTH + 1, ASSETS), bool)
    out = np.empty((2, 1, *wanted.shape))
    for k, other in enumerate((against, np.repeat(against, ASSETS, axis=0))):
        over_windows(formula("slope"), [Input(values), Input(other)], LENGTH, wanted, out[k], [0])
    np.testing.assert_array_equal(out[0], out[1])


def test_no_assets_are_fine() -> None:
    wanted = np.ones((5, 0), bool)
    over_windows(formula("mean"), [Input(np.empty((0, 9)))], 5, wanted, np.empty((1, 5, 0)))
