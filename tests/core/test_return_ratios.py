"""Ratios of returns against the formulas in NumPy, and windows against the ratio of each."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core import metrics
from fillproof.core import return_ratios as r

FACTOR = 252.0


def returns_with_gaps(rows=80, columns=4, seed=11):
    rng = np.random.default_rng(seed)
    out = rng.normal(0.001, 0.02, (rows, columns))
    out[rng.random(out.shape) < 0.1] = np.nan
    out[:3, 1] = np.nan
    out[:, 3] = np.abs(out[:, 3])
    return out


def growth(x):
    return np.nanprod(1 + x)


def by_numpy(number, x, b, p, q):
    with np.errstate(all="ignore"):
        known = x[~np.isnan(x)]
        level = 100 * np.cumprod(1 + np.nan_to_num(x))
        fall = level / np.maximum.accumulate(level) - 1
        yearly = growth(x) ** (FACTOR / len(x)) - 1
        short = np.minimum(known - p, 0)
        downside = np.sqrt(np.mean(short**2) * FACTOR)
        both = ~np.isnan(x) & ~np.isnan(b)
        slope = np.cov(x[both], b[both], ddof=0)[0, 1] / np.var(b[both])
        over = known - p - ((1 + q) ** (1 / FACTOR) - 1)
        up, down = b > 0, b < 0

        def caught(rows):
            n = rows.sum()
            return (growth(x[rows]) ** (FACTOR / n) - 1) / (growth(b[rows]) ** (FACTOR / n) - 1)

        return {
            r.TOTAL: lambda: growth(x) - 1 if p == 0 else growth(x) * p,
            r.ANNUALIZED: lambda: yearly,
            r.VOLATILITY: lambda: np.std(known, ddof=int(q)) * FACTOR ** (1 / p),
            r.MAX_DRAWDOWN: lambda: fall.min(),
            r.CALMAR: lambda: yearly / -fall.min() if fall.min() else np.nan,
            r.ULCER: lambda: np.sqrt(np.mean(fall**2)),
            r.MARTIN: lambda: (
                (yearly - (1 + p) ** FACTOR + 1) / np.sqrt(np.mean(fall**2))
                if fall.any()
                else np.nan
            ),
            r.OMEGA: lambda: over[over > 0].sum() / -over[over < 0].sum(),
            r.SHARPE: lambda: np.mean(known - p) / np.std(known, ddof=int(q)) * np.sqrt(FACTOR),
            r.DOWNSIDE: lambda: downside,
            r.SORTINO: lambda: np.mean(known - p) * FACTOR / downside,
            r.TAIL: lambda: abs(np.percentile(known, 95)) / abs(np.percentile(known, 5)),
            r.VALUE_AT_RISK: lambda: np.percentile(known, 100 * p),
            r.EXPECTED_SHORTFALL: lambda: np.sort(known)[: int((len(known) - 1) * p) + 1].mean(),
            r.INFORMATION: lambda: np.nanmean(x - b) / np.nanstd(x - b, ddof=int(q)),
            r.BETA: lambda: slope,
            r.ALPHA: lambda: (1 + np.nanmean(x - p - slope * (b - p))) ** FACTOR - 1,
            r.CAPTURE: lambda: yearly / (growth(b) ** (FACTOR / len(b)) - 1),
            r.UP_CAPTURE: lambda: caught(up),
            r.DOWN_CAPTURE: lambda: caught(down),
        }[number]()


PARAMETERS = {
    r.TOTAL: (0.0, 0.0),
    r.VOLATILITY: (1.7, 1.0),
    r.MARTIN: (0.0001, 0.0),
    r.OMEGA: (0.0003, 0.05),
    r.SHARPE: (0.0002, 1.0),
    r.DOWNSIDE: (0.0005, 0.0),
    r.SORTINO: (0.0005, 0.0),
    r.VALUE_AT_RISK: (0.07, 0.0),
    r.EXPECTED_SHORTFALL: (0.07, 0.0),
    r.INFORMATION: (0.0, 1.0),
    r.ALPHA: (0.0001, 0.0),
}


@pytest.mark.parametrize("number", range(20))
def test_every_ratio_is_its_formula(number):
    returns, benchmark = returns_with_gaps(), returns_with_gaps(seed=3)
    p, q = PARAMETERS.get(number, (0.0, 0.0))
    found = r.of_columns(number, returns, benchmark, FACTOR, p, q)
    pairs = zip(returns.T, benchmark.T, strict=True)
    with np.errstate(all="ignore"):
        expected = [by_numpy(number, x, b, p, q) for x, b in pairs]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert np.isfinite(found[:3]).all()
    # Windows are short series.
    rolled = r.rolling(number, returns, 12, 5, benchmark, FACTOR, p, q)
    for i in (3, 11, 12, 40, 79):
        first = max(0, i - 11)
        window = slice(first, i + 1)
        alone = r.of_columns(number, returns[window], benchmark[window], FACTOR, p, q)
        few = np.sum(~np.isnan(returns[window]), axis=0) < 5
        np.testing.assert_array_equal(rolled[i], np.where(few, np.nan, alone))


def test_running_sums_tell_the_same():
    returns = returns_with_gaps()
    sums = metrics.return_statistics(returns, 0.0005)
    for number, p, q, expected in (
        (r.SHARPE, 0.0, 1.0, metrics.sharpe_ratio(sums, FACTOR)),
        (r.SORTINO, 0.0005, 0.0, metrics.sortino_ratio(sums, FACTOR, 0.0005)),
        (r.MAX_DRAWDOWN, 0.0, 0.0, metrics.max_drawdown(sums)),
        (r.CALMAR, 0.0, 0.0, metrics.calmar_ratio(sums, FACTOR)),
        (r.ANNUALIZED, 0.0, 0.0, metrics.annualized_return(sums, FACTOR)),
    ):
        found = r.of_columns(number, returns, None, FACTOR, p, q)
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_growth_and_falls_by_row():
    returns = returns_with_gaps()
    level = np.cumprod(1 + np.nan_to_num(returns), axis=0)
    np.testing.assert_allclose(r.cumulative(returns), level - 1, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(r.cumulative(returns, 50.0), level * 50, rtol=1e-12)
    falls = r.drawdown(returns)
    np.testing.assert_array_equal(falls.min(axis=0), r.of_columns(r.MAX_DRAWDOWN, returns))


def test_series_that_say_little():
    nothing = np.full((4, 1), np.nan)
    still = np.zeros((4, 1))
    for number in range(20):
        p, q = PARAMETERS.get(number, (0.0, 0.0))
        for series in (nothing, still, still[:1], np.zeros((0, 1))):
            r.of_columns(number, series, still[: len(series)], FACTOR, p, q)
    assert np.isnan(r.of_columns(r.SHARPE, nothing, None, FACTOR, 0.0, 1.0)[0])
    assert r.of_columns(r.SHARPE, still, None, FACTOR, 0.0, 1.0)[0] == np.inf
    assert np.isnan(r.of_columns(r.CALMAR, still, None, FACTOR)[0])
    with pytest.raises(ValueError, match="window=0"):
        r.rolling(r.TOTAL, still, 0)
