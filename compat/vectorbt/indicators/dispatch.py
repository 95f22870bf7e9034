"""The indicators of `basic` for plain tables, by one of the two ways in which the original rounds.

`engine`: "numba", "rust", or "auto" (None: as in the settings). Caches are dicts of tables by the
hash of their parameters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ....core.indicators import lines as between
from . import compute


def _tables(result) -> Any:
    return tuple(map(np.asarray, result)) if isinstance(result, tuple) else np.asarray(result)


def ma(a, window, ewm, adjust: bool = False, engine: str | None = None) -> np.ndarray:
    """Moving average of every column."""
    return _tables(compute.moving_average((a,), (), ([window], [ewm]), adjust, engine))


def mstd(
    a, window, ewm, adjust: bool = False, ddof: int = 0, engine: str | None = None
) -> np.ndarray:
    """Moving standard deviation of every column."""
    return _tables(compute.moving_deviation((a,), (), ([window], [ewm]), adjust, ddof, engine))


def ma_cache(close, windows, ewms, adjust, engine: str | None = None) -> dict:
    return compute.moving_average((close,), (), (windows, ewms), adjust, engine, return_cache=True)


def ma_apply(close, window, ewm, adjust, cache_dict, engine: str | None = None) -> np.ndarray:
    return cache_dict[hash((window, ewm))]


def mstd_cache(close, windows, ewms, adjust, ddof, engine: str | None = None) -> dict:
    return compute.moving_deviation(
        (close,), (), (windows, ewms), adjust, ddof, engine, return_cache=True
    )


def mstd_apply(
    close, window, ewm, adjust, ddof, cache_dict, engine: str | None = None
) -> np.ndarray:
    return cache_dict[hash((window, ewm))]


def bb_cache(close, windows, ewms, alphas, adjust, ddof, engine: str | None = None) -> tuple:
    return compute.bollinger_bands(
        (close,), (), (windows, ewms, alphas), adjust, ddof, engine, return_cache=True
    )


def bb_apply(
    close,
    window,
    ewm,
    alpha,
    adjust,
    ddof,
    ma_cache_dict,
    mstd_cache_dict,
    engine: str | None = None,
) -> tuple:
    caches = ma_cache_dict, mstd_cache_dict
    params = [window], [ewm], [alpha]
    return _tables(compute.bollinger_bands((close,), (), params, adjust, ddof, engine, caches))


def rsi_cache(close, windows, ewms, adjust, engine: str | None = None) -> dict:
    return compute.relative_strength(
        (close,), (), (windows, ewms), adjust, engine, return_cache=True
    )


def rsi_apply(close, window, ewm, adjust, cache_dict, engine: str | None = None) -> np.ndarray:
    params = [window], [ewm]
    return _tables(compute.relative_strength((close,), (), params, adjust, engine, cache_dict))


def stoch_cache(
    high, low, close, k_windows, d_windows, d_ewms, adjust, engine: str | None = None
) -> dict:
    return compute.stochastic_oscillator(
        (high, low, close), (), (k_windows, d_windows, d_ewms), adjust, engine, return_cache=True
    )


def stoch_apply(
    high, low, close, k_window, d_window, d_ewm, adjust, cache_dict, engine: str | None = None
) -> tuple:
    params = [k_window], [d_window], [d_ewm]
    return _tables(
        compute.stochastic_oscillator((high, low, close), (), params, adjust, engine, cache_dict)
    )


def macd_cache(
    close,
    fast_windows,
    slow_windows,
    signal_windows,
    macd_ewms,
    signal_ewms,
    adjust,
    engine: str | None = None,
) -> dict:
    params = fast_windows, slow_windows, signal_windows, macd_ewms, signal_ewms
    return compute.average_difference((close,), (), params, adjust, engine, return_cache=True)


def macd_apply(
    close,
    fast_window,
    slow_window,
    signal_window,
    macd_ewm,
    signal_ewm,
    adjust,
    cache_dict,
    engine: str | None = None,
) -> tuple:
    params = [fast_window], [slow_window], [signal_window], [macd_ewm], [signal_ewm]
    return _tables(compute.average_difference((close,), (), params, adjust, engine, cache_dict))


def true_range(high, low, close, engine: str | None = None) -> np.ndarray:
    """How far each bar reaches, the close before it included."""
    compute.uses_numba(engine, high, low, close)
    return between.true_ranges(*(compute.lines_of(one) for one in (high, low, close))).T


def atr_cache(high, low, close, windows, ewms, adjust, engine: str | None = None) -> tuple:
    return compute.average_true_range(
        (high, low, close), (), (windows, ewms), adjust, engine, return_cache=True
    )


def atr_apply(
    high, low, close, window, ewm, adjust, tr, cache_dict, engine: str | None = None
) -> tuple:
    return tr, cache_dict[hash((window, ewm))]


def obv_custom(close, volume_ts, engine: str | None = None) -> np.ndarray:
    """Volumes of rising bars added up, those of falling ones subtracted."""
    return compute.on_balance_volume(close, volume_ts, engine)
