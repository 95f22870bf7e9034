"""Ratios of simple returns per row: of one series, of every column, of every rolling window.

Returns are float64, NaN where there is none; a NaN is left out of means and products, a drawdown
goes on across it. `factor` is how many rows make a year. Each ratio is a function of one series
with parameters of its own; `ratio` reaches them by number, so that columns and windows need one
loop each. `core.metrics` has the common ones from running sums, in one pass over many columns.
"""

from __future__ import annotations

import math

import numpy as np

from .jit import njit, prange

# By number, with the parameters p and q of `ratio`.
(
    TOTAL,  # growth over all rows; p: value at the start, 0 for the growth less one
    ANNUALIZED,
    VOLATILITY,  # p: the exponent's denominator (2: square root of time), q: ddof
    MAX_DRAWDOWN,
    CALMAR,
    ULCER,
    MARTIN,  # p: risk-free return per row
    OMEGA,  # p: risk-free return per row, q: required return per year
    SHARPE,  # p: risk-free return per row, q: ddof
    DOWNSIDE,  # p: required return per row
    SORTINO,  # p: required return per row
    TAIL,
    VALUE_AT_RISK,  # p: the quantile
    EXPECTED_SHORTFALL,  # p: the quantile
    INFORMATION,  # against a benchmark; q: ddof
    BETA,
    ALPHA,  # p: risk-free return per row
    CAPTURE,
    UP_CAPTURE,
    DOWN_CAPTURE,
) = range(20)

#: The functions by their numbers.
NAMES = (
    "total", "annualized", "volatility", "max_drawdown", "calmar", "ulcer", "martin", "omega",
    "sharpe", "downside", "sortino", "tail", "value_at_risk", "expected_shortfall", "information",
    "beta", "alpha", "capture", "up_capture", "down_capture",
)  # fmt: skip
MIN_VARIANCE = 1e-30


@njit
def growth(returns):
    """Product of 1 + return."""
    out = 1.0
    for x in returns:
        if not math.isnan(x):
            out *= x + 1.0
    return out


@njit
def total(returns, start=0.0):
    """What `start` grows to; with a start of 0 the growth less one."""
    return growth(returns) - 1.0 if start == 0.0 else growth(returns) * start


@njit
def annualized(returns, factor):
    """Compound growth per year over all rows."""
    if len(returns) == 0:
        return math.nan
    return growth(returns) ** (factor / len(returns)) - 1.0


@njit
def mean_and_deviation(returns, less, benchmark, against, ddof):
    """Mean and standard deviation of the returns less a number (or, `against`, a benchmark)."""
    count = 0
    mean = 0.0
    for i in range(len(returns)):
        x = returns[i] - (benchmark[i] if against else less)
        if not math.isnan(x):
            count += 1
            mean += x
    mean = mean / count if count else math.nan
    squares = 0.0
    for i in range(len(returns)):
        x = returns[i] - (benchmark[i] if against else less)
        if not math.isnan(x):
            squares += (x - mean) * (x - mean)
    left = count - ddof
    return mean, math.sqrt(squares / left) if left > 0 else math.nan


@njit
def volatility(returns, factor, alpha=2.0, ddof=1):
    """Standard deviation times the `alpha`-th root of the factor."""
    if len(returns) < 2:
        return math.nan
    _, deviation = mean_and_deviation(returns, 0.0, returns, False, ddof)
    return deviation * factor ** (1.0 / alpha)


@njit
def max_drawdown(returns):
    """Deepest fall of the compounded returns below their peak, 0 or negative.

    The peak starts with the first row's growth. On a base of 100, as its rounding decides whether a
    tiny fall is one at all.
    """
    value, peak, deepest = 1.0, math.nan, math.nan
    for x in returns:
        if not math.isnan(x):
            value *= x + 1.0
        level = value * 100.0
        if not level <= peak:
            peak = level
        fall = level / peak - 1.0
        if not fall >= deepest:
            deepest = fall
    return deepest


@njit
def calmar(returns, factor):
    """Annualised return over the depth of the deepest drawdown; NaN without a drawdown."""
    depth = max_drawdown(returns)
    return math.nan if depth == 0.0 else annualized(returns, factor) / abs(depth)


@njit
def ulcer(returns):
    """Root mean square of the drawdowns of all rows: Martin & McCann, 1989."""
    if len(returns) == 0:
        return math.nan
    value, peak, squares = 1.0, math.nan, 0.0
    for x in returns:
        if not math.isnan(x):
            value *= x + 1.0
        level = value * 100.0
        if not level <= peak:
            peak = level
        fall = level / peak - 1.0
        squares += fall * fall
    return math.sqrt(squares / len(returns))


@njit
def martin(returns, factor, risk_free=0.0):
    """Annualised return above the risk-free one over the ulcer index; NaN where that is 0."""
    index = ulcer(returns)
    if math.isnan(index) or index == 0.0:
        return math.nan
    return (annualized(returns, factor) - ((1.0 + risk_free) ** factor - 1.0)) / index


@njit
def omega(returns, factor, risk_free=0.0, required=0.0):
    """Sum of what lies above the threshold over the sum of what lies below; inf without any."""
    if factor == 1.0:
        threshold = required
    elif factor <= -1.0:
        return math.nan
    else:
        threshold = (1.0 + required) ** (1.0 / factor) - 1.0
    above = below = 0.0
    for x in returns:
        excess = x - risk_free - threshold
        if excess > 0.0:
            above += excess
        elif excess < 0.0:
            below -= excess
    return math.inf if below == 0.0 else above / below


@njit
def sharpe(returns, factor, risk_free=0.0, ddof=1):
    """Mean return above the risk-free one over its deviation, per year; inf without deviation."""
    if len(returns) < 2:
        return math.nan
    mean, deviation = mean_and_deviation(returns, risk_free, returns, False, ddof)
    return math.inf if deviation == 0.0 else mean / deviation * math.sqrt(factor)


@njit
def downside(returns, factor, required=0.0):
    """Root mean square of what lies below the required return, per year."""
    count = 0
    squares = 0.0
    for x in returns:
        short = x - required
        if not math.isnan(short):
            count += 1
            if short < 0.0:
                squares += short * short
    mean = squares / count if count else math.nan
    return math.sqrt(mean) * math.sqrt(factor)


@njit
def sortino(returns, factor, required=0.0):
    """Mean return above the required one, per year, over the downside; inf without any."""
    if len(returns) < 2:
        return math.nan
    mean, _ = mean_and_deviation(returns, required, returns, False, 0)
    risk = downside(returns, factor, required)
    return math.inf if risk == 0.0 else mean * factor / risk


@njit
def _known(returns):
    """What is not NaN, sorted."""
    out = np.empty(len(returns))
    n = 0
    for x in returns:
        if not math.isnan(x):
            out[n] = x
            n += 1
    return np.sort(out[:n])


@njit
def _quantile(known, q):
    """Between neighbours along a straight line; known: sorted."""
    place = q * (len(known) - 1)
    k = min(int(place), len(known) - 1)
    if k == len(known) - 1:
        return known[k]
    return known[k] + (known[k + 1] - known[k]) * (place - k)


@njit
def tail(returns):
    """Size of the 95 % quantile over that of the 5 % one; inf where that is 0."""
    known = _known(returns)
    if len(known) == 0:
        return math.nan
    low = abs(_quantile(known, 0.05))
    return math.inf if low == 0.0 else abs(_quantile(known, 0.95)) / low


@njit
def value_at_risk(returns, cutoff=0.05):
    """The quantile of the returns at the cutoff."""
    known = _known(returns)
    return _quantile(known, cutoff) if len(known) else math.nan


@njit
def expected_shortfall(returns, cutoff=0.05):
    """Mean of the returns up to the cutoff's place."""
    known = _known(returns)
    if len(known) == 0:
        return math.nan
    last = int((len(known) - 1) * cutoff)
    out = 0.0
    for k in range(last + 1):
        out += known[k]
    return out / (last + 1)


@njit
def information(returns, benchmark, ddof=1):
    """Mean of the returns above the benchmark over its deviation, per row."""
    if len(returns) < 2:
        return math.nan
    mean, deviation = mean_and_deviation(returns, 0.0, benchmark, True, ddof)
    return math.inf if deviation == 0.0 else mean / deviation


@njit
def beta(returns, benchmark):
    """Covariance with the benchmark over its variance, where both are known."""
    if len(benchmark) < 2:
        return math.nan
    count = 0
    mean = 0.0
    for i in range(len(returns)):
        if not (math.isnan(returns[i]) or math.isnan(benchmark[i])):
            count += 1
            mean += benchmark[i]
    if count == 0:
        return math.nan
    mean /= count
    together = variance = 0.0
    for i in range(len(returns)):
        if not (math.isnan(returns[i]) or math.isnan(benchmark[i])):
            distance = benchmark[i] - mean
            together += distance * returns[i]
            variance += distance * distance
    together /= count
    variance /= count
    return math.nan if variance < MIN_VARIANCE else together / variance


@njit
def alpha(returns, benchmark, factor, risk_free=0.0):
    """Mean return beyond what beta explains, compounded to a year."""
    if len(returns) < 2:
        return math.nan
    slope = beta(returns, benchmark)
    count = 0
    mean = 0.0
    for i in range(len(returns)):
        x = returns[i] - risk_free - slope * (benchmark[i] - risk_free)
        if not math.isnan(x):
            count += 1
            mean += x
    return (mean / count + 1.0) ** factor - 1.0 if count else math.nan


@njit
def capture(returns, benchmark, factor):
    """Annualised return over that of the benchmark."""
    there = annualized(benchmark, factor)
    return math.inf if there == 0.0 else annualized(returns, factor) / there


@njit
def _capture_where(returns, benchmark, factor, sign):
    count = 0
    here = there = 1.0
    for i in range(len(returns)):
        if benchmark[i] * sign > 0.0:
            count += 1
            if not math.isnan(returns[i]):
                here *= returns[i] + 1.0
            there *= benchmark[i] + 1.0
    if count == 0:
        return math.nan
    yearly = there ** (factor / count) - 1.0
    return math.inf if yearly == 0.0 else (here ** (factor / count) - 1.0) / yearly


@njit
def up_capture(returns, benchmark, factor):
    """`capture` over the rows in which the benchmark rose."""
    return _capture_where(returns, benchmark, factor, 1.0)


@njit
def down_capture(returns, benchmark, factor):
    """`capture` over the rows in which the benchmark fell."""
    return _capture_where(returns, benchmark, factor, -1.0)


@njit
def ratio(number, returns, benchmark, factor, p, q):
    """One of the ratios by its number; see the list above for p and q."""
    if number == TOTAL:
        return total(returns, p)
    if number == ANNUALIZED:
        return annualized(returns, factor)
    if number == VOLATILITY:
        return volatility(returns, factor, p, int(q))
    if number == MAX_DRAWDOWN:
        return max_drawdown(returns)
    if number == CALMAR:
        return calmar(returns, factor)
    if number == ULCER:
        return ulcer(returns)
    if number == MARTIN:
        return martin(returns, factor, p)
    if number == OMEGA:
        return omega(returns, factor, p, q)
    if number == SHARPE:
        return sharpe(returns, factor, p, int(q))
    if number == DOWNSIDE:
        return downside(returns, factor, p)
    if number == SORTINO:
        return sortino(returns, factor, p)
    if number == TAIL:
        return tail(returns)
    if number == VALUE_AT_RISK:
        return value_at_risk(returns, p)
    if number == EXPECTED_SHORTFALL:
        return expected_shortfall(returns, p)
    if number == INFORMATION:
        return information(returns, benchmark, int(q))
    if number == BETA:
        return beta(returns, benchmark)
    if number == ALPHA:
        return alpha(returns, benchmark, factor, p)
    if number == CAPTURE:
        return capture(returns, benchmark, factor)
    if number == UP_CAPTURE:
        return up_capture(returns, benchmark, factor)
    return down_capture(returns, benchmark, factor)


@njit(parallel=True)
def _of_columns(number, returns, benchmark, factor, p, q, out):
    for k in prange(returns.shape[0]):
        out[k] = ratio(number, returns[k], benchmark[k], factor, p, q)


@njit
def roll(number, series, benchmark, window, least, factor, p, q, out):
    """Write a ratio of the last `window` rows at each row to `out`; see `rolling`."""
    known = 0
    for i in range(len(series)):
        known += not math.isnan(series[i])
        first = max(0, i + 1 - window)
        if i >= window:
            known -= not math.isnan(series[i - window])
        if known < least:
            out[i] = math.nan
        else:
            out[i] = ratio(number, series[first : i + 1], benchmark[first : i + 1], factor, p, q)


@njit(parallel=True)
def _rolling(number, returns, benchmark, window, least, factor, p, q, out):
    for k in prange(returns.shape[0]):
        roll(number, returns[k], benchmark[k], window, least, factor, p, q, out[k])


def _by_column(values):
    return np.ascontiguousarray(np.asarray(values, np.float64).T)


def of_columns(number, returns, benchmark=None, factor=1.0, p=0.0, q=0.0) -> np.ndarray:
    """A ratio of each column: float64[N] from returns and benchmark, float64[T, N] each."""
    own = _by_column(returns)
    out = np.empty(len(own))
    against = own if benchmark is None else _by_column(benchmark)
    _of_columns(number, own, against, float(factor), float(p), float(q), out)
    return out


def rolling(
    number, returns, window, least=None, benchmark=None, factor=1.0, p=0.0, q=0.0
) -> np.ndarray:
    """A ratio of the last `window` rows at each row: float64[T, N].

    least: how many returns of a window must be known, by default all; NaN where they are not. The
    first windows are shorter.
    """
    if window < 1:
        raise ValueError(f"window={window} must be 1 or more")
    own = _by_column(returns)
    out = np.empty(own.shape)
    against = own if benchmark is None else _by_column(benchmark)
    least = window if least is None else least
    _rolling(number, own, against, int(window), int(least), float(factor), float(p), float(q), out)
    return out.T


@njit
def grown(returns, start):
    """What `start` has grown to at each row; with a start of 0 the growth less one: [T, N]."""
    out = np.empty(returns.shape)
    for k in range(returns.shape[1]):
        value = 1.0
        for i in range(returns.shape[0]):
            if not math.isnan(returns[i, k]):
                value *= returns[i, k] + 1.0
            out[i, k] = value - 1.0 if start == 0.0 else value * start
    return out


def cumulative(returns, start=0.0) -> np.ndarray:
    """`grown` of anything that is a matrix of numbers."""
    return grown(np.asarray(returns, np.float64), float(start))


def drawdown(returns) -> np.ndarray:
    """How far the compounded returns are below their peak at each row, 0 or negative: [T, N]."""
    level = cumulative(returns, 100.0)
    return level / np.fmax.accumulate(level, axis=0) - 1.0
