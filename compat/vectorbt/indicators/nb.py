"""The indicators of `basic` as compiled functions, for scripts that call them from their own.

Tables are [rows, columns]; caches are dicts of tables by the hash of their parameters. Means are
differences of sums from the first row on, as Numba computes them in the original; the classes of
`basic` do so only where the engine is Numba.
"""

from __future__ import annotations

import numpy as np

from ....core.indicators import lines as between
from ....core.indicators import moving
from ....core.jit import njit

__all__ = [
    "atr_apply_nb",
    "atr_cache_nb",
    "bb_apply_nb",
    "bb_cache_nb",
    "ma_apply_nb",
    "ma_cache_nb",
    "ma_nb",
    "macd_apply_nb",
    "macd_cache_nb",
    "mstd_apply_nb",
    "mstd_cache_nb",
    "mstd_nb",
    "obv_custom_nb",
    "rsi_apply_nb",
    "rsi_cache_nb",
    "stoch_apply_nb",
    "stoch_cache_nb",
    "true_range_nb",
]

_exponential_mean = moving.exponential_mean
_cumulative_mean = moving.cumulative_mean
_exponential_deviation = moving.exponential_deviation
_rolling_deviation = moving.rolling_deviation
_rolling_extreme = moving.rolling_extreme
_rises_and_falls = between.rises_and_falls
_true_ranges = between.true_ranges
_on_balance_volume = between.on_balance_volume


@njit
def _lines(a):
    """The columns, each contiguous: float64[columns, rows]."""
    rows, columns = a.shape
    out = np.empty((columns, rows))
    for col in range(columns):
        for i in range(rows):
            out[col, i] = a[i, col]
    return out


@njit
def ma_nb(a, window, ewm, adjust=False):
    """Moving average of every column, with exponential weights where `ewm`."""
    lines = _lines(a)
    out = np.empty_like(lines)
    for col in range(len(lines)):
        if ewm:
            _exponential_mean(lines[col], window, window, adjust, out[col])
        else:
            _cumulative_mean(lines[col], window, window, out[col])
    return out.T


@njit
def mstd_nb(a, window, ewm, adjust=False, ddof=0):
    """Moving standard deviation of every column, with exponential weights where `ewm`."""
    lines = _lines(a)
    out = np.empty_like(lines)
    for col in range(len(lines)):
        if ewm:
            _exponential_deviation(lines[col], window, window, adjust, ddof, out[col])
        else:
            _rolling_deviation(lines[col], window, window, ddof, out[col])
    return out.T


@njit
def _extreme(a, window, high):
    lines = _lines(a)
    out = np.empty_like(lines)
    for col in range(len(lines)):
        _rolling_extreme(lines[col], window, window, high, out[col])
    return out.T


@njit
def ma_cache_nb(close, windows, ewms, adjust):
    """`ma_nb` for each different (window, ewm)."""
    cache = dict()  # noqa: C408 - the compiler infers the types of this form
    for k in range(len(windows)):
        key = hash((windows[k], ewms[k]))
        if key not in cache:
            cache[key] = ma_nb(close, windows[k], ewms[k], adjust)
    return cache


@njit
def ma_apply_nb(close, window, ewm, adjust, cache_dict):
    """Out of the cache."""
    return cache_dict[hash((window, ewm))]


@njit
def mstd_cache_nb(close, windows, ewms, adjust, ddof):
    """`mstd_nb` for each different (window, ewm)."""
    cache = dict()  # noqa: C408
    for k in range(len(windows)):
        key = hash((windows[k], ewms[k]))
        if key not in cache:
            cache[key] = mstd_nb(close, windows[k], ewms[k], adjust, ddof)
    return cache


@njit
def mstd_apply_nb(close, window, ewm, adjust, ddof, cache_dict):
    """Out of the cache."""
    return cache_dict[hash((window, ewm))]


@njit
def bb_cache_nb(close, windows, ewms, alphas, adjust, ddof):
    """Averages and standard deviations for each different (window, ewm)."""
    return (
        ma_cache_nb(close, windows, ewms, adjust),
        mstd_cache_nb(close, windows, ewms, adjust, ddof),
    )


@njit
def bb_apply_nb(close, window, ewm, alpha, adjust, ddof, ma_cache_dict, mstd_cache_dict):
    """Average, upper band, lower band."""
    key = hash((window, ewm))
    middle = np.copy(ma_cache_dict[key])
    width = alpha * mstd_cache_dict[key]
    return middle, middle + width, middle - width


@njit
def rsi_cache_nb(close, windows, ewms, adjust):
    """Average rises and falls for each different (window, ewm)."""
    changes = _rises_and_falls(_lines(close))
    rises = changes[0].T
    falls = changes[1].T
    cache = dict()  # noqa: C408
    for k in range(len(windows)):
        key = hash((windows[k], ewms[k]))
        if key not in cache:
            up = ma_nb(rises, windows[k], ewms[k], adjust)
            down = ma_nb(falls, windows[k], ewms[k], adjust)
            cache[key] = up, down
    return cache


@njit
def rsi_apply_nb(close, window, ewm, adjust, cache_dict):
    """Relative strength index."""
    up, down = cache_dict[hash((window, ewm))]
    return 100 - 100 / (1 + up / down)


@njit
def stoch_cache_nb(high, low, close, k_windows, d_windows, d_ewms, adjust):
    """Lowest low and highest high for each different window."""
    cache = dict()  # noqa: C408
    for k in range(len(k_windows)):
        key = hash(k_windows[k])
        if key not in cache:
            cache[key] = _extreme(low, k_windows[k], False), _extreme(high, k_windows[k], True)
    return cache


@njit
def stoch_apply_nb(high, low, close, k_window, d_window, d_ewm, adjust, cache_dict):
    """%K and its average %D."""
    lowest, highest = cache_dict[hash(k_window)]
    percent_k = 100 * (close - lowest) / (highest - lowest)
    return percent_k, ma_nb(percent_k, d_window, d_ewm, adjust)


@njit
def macd_cache_nb(
    close, fast_windows, slow_windows, signal_windows, macd_ewms, signal_ewms, adjust
):
    """`ma_nb` for each different window, fast and slow."""
    cache = ma_cache_nb(close, fast_windows, macd_ewms, adjust)
    for k in range(len(slow_windows)):
        key = hash((slow_windows[k], macd_ewms[k]))
        if key not in cache:
            cache[key] = ma_nb(close, slow_windows[k], macd_ewms[k], adjust)
    return cache


@njit
def macd_apply_nb(
    close, fast_window, slow_window, signal_window, macd_ewm, signal_ewm, adjust, cache_dict
):
    """Fast less slow average, and the average of that."""
    macd = cache_dict[hash((fast_window, macd_ewm))] - cache_dict[hash((slow_window, macd_ewm))]
    return macd, ma_nb(macd, signal_window, signal_ewm, adjust)


@njit
def true_range_nb(high, low, close):
    """How far each bar reaches, the close before it included."""
    return _true_ranges(_lines(high), _lines(low), _lines(close)).T


@njit
def atr_cache_nb(high, low, close, windows, ewms, adjust):
    """True range, and its average for each different (window, ewm)."""
    true_range = true_range_nb(high, low, close)
    return true_range, ma_cache_nb(true_range, windows, ewms, adjust)


@njit
def atr_apply_nb(high, low, close, window, ewm, adjust, tr, cache_dict):
    """True range and its average."""
    return tr, cache_dict[hash((window, ewm))]


@njit
def obv_custom_nb(close, volume_ts):
    """Volumes of rising bars added up, those of falling ones subtracted."""
    volume = _lines(volume_ts)
    out = np.empty_like(volume)
    _on_balance_volume(_lines(close), volume, -volume, out)
    return out.T
