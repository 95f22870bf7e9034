"""Statistics against a benchmark from running rows, over the bars that have both returns.

Rows, units and undefined values are as in `equity_statistics`; the rows must have been observed
with a benchmark, or all is NaN.
"""

from __future__ import annotations

import math

import numpy as np

from . import running as r
from .equity_statistics import grown, pair_correlation, quiet, return_over


@quiet
def _paired(rows: np.ndarray, values, least: int = 1) -> np.ndarray:
    return np.where(rows[:, r.MARKET] >= least, values, np.nan)


@quiet
def correlation(rows: np.ndarray) -> np.ndarray:
    """Pearson correlation of the returns with the benchmark's."""
    return pair_correlation(rows, r.MARKET)


@quiet
def r_squared(rows: np.ndarray) -> np.ndarray:
    """Squared `correlation`: the part of the variance that the benchmark explains."""
    return pair_correlation(rows, r.MARKET) ** 2


@quiet
def beta(rows: np.ndarray) -> np.ndarray:
    """Covariance with the benchmark over its variance (Sharpe 1964); NaN if it never moves."""
    variance = rows[:, r.MARKET + 3]
    ratio = rows[:, r.MARKET + 5] / np.where(variance > 0, variance, np.nan)
    return _paired(rows, ratio, 2)


@quiet
def alpha(
    rows: np.ndarray,
    annual_factor: float = 1.0,
    risk_free: float = 0.0,
    compounded: bool = True,
) -> np.ndarray:
    """Mean return that beta does not explain: a = (m - rf) - beta (b - rf), per year.

    Jensen, "The Performance of Mutual Funds", Journal of Finance 23(2), 1968. Per year it is
    (1 + a)^f - 1, or a f if not `compounded`.
    """
    excess = rows[:, r.MARKET + 2] - risk_free
    excess = excess - beta(rows) * (rows[:, r.MARKET + 1] - risk_free)
    return grown(1.0 + excess, annual_factor) if compounded else excess * annual_factor


@quiet
def treynor_ratio(
    rows: np.ndarray, risk_free: float = 0.0, annual_factor: float | None = None
) -> np.ndarray:
    """Return above `risk_free` (same period) over beta; the return annual, or over all bars.

    Treynor, "How to Rate Management of Investment Funds", Harvard Business Review 43, 1965.
    """
    return (return_over(rows, annual_factor) - risk_free) / beta(rows)


@quiet
def active_return(rows: np.ndarray, annual_factor: float = 1.0) -> np.ndarray:
    """Mean return above the benchmark's, per bar times `annual_factor`."""
    return _paired(rows, rows[:, r.ACTIVE_MEAN] * annual_factor)


@quiet
def tracking_error(rows: np.ndarray, annual_factor: float = 1.0, ddof: int = 1) -> np.ndarray:
    """Standard deviation of the return above the benchmark's, times √f."""
    left = rows[:, r.MARKET] - ddof
    deviation = np.sqrt(rows[:, r.ACTIVE_M2] / np.where(left > 0, left, np.nan))
    return deviation * math.sqrt(annual_factor)


@quiet
def information_ratio(rows: np.ndarray, annual_factor: float = 1.0, ddof: int = 1) -> np.ndarray:
    """Active return over tracking error, times √f.

    Grinold & Kahn, "Active Portfolio Management", 1999, ch. 5.
    """
    return (active_return(rows) / tracking_error(rows, ddof=ddof)) * math.sqrt(annual_factor)


@quiet
def m_squared(rows: np.ndarray, annual_factor: float = 1.0, risk_free: float = 0.0) -> np.ndarray:
    """Return of the strategy levered to the benchmark's volatility: rf + Sharpe · sd(b), per year.

    Modigliani & Modigliani, "Risk-Adjusted Performance", Journal of Portfolio Management 23(2),
    1997.
    """
    deviation = np.sqrt(rows[:, r.MARKET + 3] / (rows[:, r.MARKET] - 1.0))
    own = np.sqrt(rows[:, r.MARKET + 4] / (rows[:, r.MARKET] - 1.0))
    ratio = (rows[:, r.MARKET + 2] - risk_free) / own
    return _paired(rows, (risk_free + ratio * deviation) * annual_factor, 2)


@quiet
def capture(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """Annual return over the benchmark's annual return.

    Morningstar, "Upside/Downside Capture Ratio": here and in the two below with geometric means.
    """
    return _capture(rows, r.MARKET, r.OWN_GROWTH, r.MARKET_GROWTH, annual_factor)


@quiet
def up_capture(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """`capture` over the bars in which the benchmark rose."""
    return _capture(rows, r.UPS, r.UP_OWN, r.UP_MARKET, annual_factor)


@quiet
def down_capture(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """`capture` over the bars in which the benchmark fell; below 1 is less of the loss."""
    return _capture(rows, r.DOWNS, r.DOWN_OWN, r.DOWN_MARKET, annual_factor)


@quiet
def up_down_capture(rows: np.ndarray, annual_factor: float) -> np.ndarray:
    """Up capture over down capture."""
    return up_capture(rows, annual_factor) / down_capture(rows, annual_factor)


@quiet
def _capture(rows: np.ndarray, n: int, own: int, market: int, annual_factor: float):
    exponent = annual_factor / np.where(rows[:, n] > 0, rows[:, n], np.nan)
    return grown(rows[:, own], exponent) / grown(rows[:, market], exponent)


@quiet
def batting_average(rows: np.ndarray) -> np.ndarray:
    """Share of the bars with a return above the benchmark's."""
    return rows[:, r.AHEAD] / rows[:, r.MARKET]


@quiet
def up_batting_average(rows: np.ndarray) -> np.ndarray:
    """`batting_average` over the bars in which the benchmark did not fall."""
    return rows[:, r.NOT_DOWN_AHEAD] / rows[:, r.NOT_DOWNS]


@quiet
def down_batting_average(rows: np.ndarray) -> np.ndarray:
    """`batting_average` over the bars in which the benchmark fell."""
    return rows[:, r.DOWN_AHEAD] / rows[:, r.DOWNS]
