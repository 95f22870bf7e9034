"""Statistics of the returns up to and with each session.

Sums run from the first session to the last, one term after the other, and deviations are from the
mean of the sessions so far: so every statistic is the same to the last bit as if it were computed
anew for each session.
"""

from __future__ import annotations

import math

import numpy as np

from .....core.expanding import products, residuals, squares

_YEAR = 252
_NO_VARIANCE = 1e-30


def risk_columns(returns: np.ndarray, benchmark: np.ndarray) -> dict[str, np.ndarray]:
    """Columns of the performance frame from daily returns, float64[T] as fractions.

    What is not defined for a session is NaN; a statistic that is defined for none is a column of
    None.
    """
    import pandas as pd

    count = len(returns)
    counts = np.arange(1, count + 1)
    root = math.sqrt(_YEAR)
    means = np.add.accumulate(returns) / counts
    losses = np.add.accumulate(np.square(np.minimum(returns, 0.0))) / counts
    varies = np.maximum.accumulate(returns) != np.minimum.accumulate(returns)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.sqrt(squares(returns, means) / (counts - 1))
        sharpe = np.where(varies, means / deviation * root, np.nan)
        sortino = means * _YEAR / (np.sqrt(losses) * root)
    for undefined_at_first in (deviation, sharpe, sortino):
        undefined_at_first[:1] = np.nan
    alpha, beta = _alpha_beta(returns, benchmark, counts)
    volatility = pd.Series(benchmark).expanding(2).std(ddof=1) * root
    return {
        "algo_volatility": _or_none(deviation * root, np.isfinite),
        "sharpe": _or_none(sharpe, np.isfinite),
        "sortino": _or_none(sortino, np.isfinite),
        "max_drawdown": _drawdowns(returns),
        "alpha": _or_none(alpha, np.isfinite),
        "beta": _or_none(beta, _known),
        "benchmark_period_return": _or_none(np.cumprod(1.0 + benchmark) - 1.0, _known),
        "benchmark_volatility": _or_none(volatility.to_numpy(), _known),
    }


def _known(values: np.ndarray) -> np.ndarray:
    return values == values


def _drawdowns(returns: np.ndarray) -> np.ndarray:
    """The largest loss from a peak so far, the start included, as a negative fraction."""
    levels = np.r_[100.0, np.cumprod(1.0 + returns) * 100.0]
    peaks = np.maximum.accumulate(levels)
    return np.minimum.accumulate((levels - peaks) / peaks)[1:]


def _alpha_beta(
    returns: np.ndarray, benchmark: np.ndarray, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Against the benchmark: NaN in the first session, and while that does not vary."""
    if not benchmark.any():
        return np.full(len(returns), np.nan), np.full(len(returns), np.nan)
    means = np.add.accumulate(benchmark) / counts
    variance = squares(benchmark, means) / counts
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        beta = products(benchmark, means, returns) / counts / variance
        beta[variance < _NO_VARIANCE] = np.nan
        beta[:1] = np.nan
        rest = residuals(returns, beta, benchmark)
        alpha = np.power(rest / counts + 1.0, _YEAR) - 1.0
    return alpha, beta


def _or_none(values: np.ndarray, defined) -> np.ndarray:
    known = defined(values)
    if known.all():
        return values
    if not known.any():
        return np.full(len(values), None, dtype=object)
    return np.where(known, values, np.nan)


# The same of one series of returns, as its last session shows them; NaN where not defined


def _sum(values: np.ndarray) -> float:
    """The sum, term after term; `np.sum` adds in pairs, which rounds differently."""
    return float(np.add.accumulate(values)[-1])


def _moments(returns: np.ndarray) -> tuple[float, float]:
    """Mean and deviation (n - 1) of returns of which there are at least two."""
    mean = _sum(returns) / len(returns)
    return mean, math.sqrt(_sum(np.square(returns - mean)) / (len(returns) - 1))


def annual_volatility(returns: np.ndarray) -> float:
    """Deviation of daily returns per year."""
    return _moments(returns)[1] * math.sqrt(_YEAR) if len(returns) > 1 else math.nan


def sharpe_ratio(returns: np.ndarray) -> float:
    """Mean over deviation of daily returns, per year."""
    if len(returns) < 2:
        return math.nan
    mean, deviation = _moments(returns)
    if deviation == 0.0 or returns.max() == returns.min():
        return math.nan
    return mean / deviation * math.sqrt(_YEAR)


def sortino_ratio(returns: np.ndarray) -> float:
    """Mean of daily returns over the deviation of the negative ones from 0, per year."""
    if len(returns) < 2:
        return math.nan
    losses = _sum(np.square(np.minimum(returns, 0.0))) / len(returns)
    downside = math.sqrt(losses) * math.sqrt(_YEAR)
    mean = _sum(returns) / len(returns)
    return mean * _YEAR / downside if downside else math.nan


def max_drawdown(returns: np.ndarray) -> float:
    """The largest loss from a peak, as a negative fraction."""
    return float(_drawdowns(returns)[-1]) if len(returns) else math.nan


def alpha_beta(returns: np.ndarray, benchmark: np.ndarray) -> tuple[float, float]:
    """Alpha per year and beta against a benchmark's returns."""
    count = len(returns)
    if count < 2:
        return math.nan, math.nan
    centred = benchmark - _sum(benchmark) / count
    variance = _sum(np.square(centred)) / count
    if variance < _NO_VARIANCE:
        return math.nan, math.nan
    beta = _sum(centred * returns) / count / variance
    base = np.float64(_sum(returns - beta * benchmark) / count + 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.power(base, _YEAR) - 1.0), beta


def volatility_in_minutes(minutes, daily: np.ndarray):
    """Volatility per year of a benchmark up to each minute: of the days before and today so far.

    minutes: a Series of returns. daily: returns of the days, float64[sessions]; NaN in the first.
    """
    import pandas as pd

    days = np.asarray(minutes.index.normalize().as_unit("ns").asi8)
    out = np.full(len(days), np.nan)
    before, total, today = 0, 0.0, 1.0
    for n, change in enumerate(minutes.to_numpy()):
        if n and days[n] != days[n - 1]:
            total += daily[before]
            before += 1
            today = 1.0
        if before:
            today *= 1 + change
            mean = (total + today - 1) / (before + 1)
            others = daily[:before] - mean
            out[n] = math.sqrt(((today - 1 - mean) ** 2 + others.dot(others)) / before)
    return pd.Series(out * math.sqrt(_YEAR), index=minutes.index)
