"""The labels of plain tables, by one of the two ways in which the original rounds.

engine: "numba", "rust", or "auto" (None: as in the settings).
"""

from __future__ import annotations

import numpy as np

from ....core import array_columns as columns
from ....core import labels
from ....core.indicators.moving import HIGHEST, LOWEST, moving
from ..indicators import compute
from ..indicators import dispatch as indicators
from ..signals.dispatch import cells

__all__ = [
    "bn_cont_sat_trend_labels",
    "bn_cont_trend_labels",
    "bn_trend_labels",
    "breakout_labels",
    "fixed_labels_apply",
    "future_max_apply",
    "future_mean_apply",
    "future_min_apply",
    "future_std_apply",
    "local_extrema_apply",
    "mean_labels_apply",
    "pct_trend_labels",
    "trend_labels_apply",
]


def _ahead(reversed_table: np.ndarray, wait: int) -> np.ndarray:
    """A table of moving windows over reversed rows, as those of the rows that follow."""
    table = np.ascontiguousarray(reversed_table[::-1])
    return columns.earlier(table, wait, np.nan) if wait > 0 else table


def future_mean_apply(close, window, ewm, wait=1, adjust=False, engine=None):
    """The mean of the next `window` rows, the first of them `wait` rows later."""
    return _ahead(indicators.ma(close[::-1], window, ewm, adjust, engine), wait)


def future_std_apply(close, window, ewm, wait=1, adjust=False, ddof=0, engine=None):
    """The standard deviation of the next `window` rows."""
    by_rows = isinstance(close, np.ndarray) and close.flags.c_contiguous
    if by_rows and not ewm and not compute.uses_numba(engine, close):
        # The Rust engine has a way of its own for tables that lie row by row.
        close = np.ascontiguousarray(close, np.float64)
        out = labels.deviation_ahead(close, int(window), int(ddof))
        return columns.earlier(out, wait, np.nan) if wait > 0 else out
    return _ahead(indicators.mstd(close[::-1], window, ewm, adjust, ddof, engine), wait)


def _future_extreme(close, window, wait, formula, engine) -> np.ndarray:
    compute.uses_numba(engine, close)
    lines = compute.lines_of(close[::-1])
    every = np.arange(len(lines))
    windows = np.full(len(lines), window)
    out = moving(np.full(len(lines), formula), lines, every, windows)
    return _ahead(out.T, wait)


def future_min_apply(close, window, wait=1, engine=None):
    """The lowest of the next `window` rows."""
    return _future_extreme(close, window, wait, LOWEST, engine)


def future_max_apply(close, window, wait=1, engine=None):
    """The highest of the next `window` rows."""
    return _future_extreme(close, window, wait, HIGHEST, engine)


def _floats(close, engine) -> np.ndarray:
    compute.uses_numba(engine, close)
    return np.ascontiguousarray(close, np.float64)


def fixed_labels_apply(close, n, engine=None):
    """The return of the next `n` rows."""
    close = _floats(close, engine)
    return (columns.earlier(close, n, np.nan) - close) / close


def mean_labels_apply(close, window, ewm, wait=1, adjust=False, engine=None):
    """The return up to the mean of the next `window` rows."""
    return (future_mean_apply(close, window, ewm, wait, adjust, engine) - close) / close


def local_extrema_apply(close, pos_th, neg_th, flex_2d=True, engine=None):
    """1 at peaks, -1 at troughs, else 0."""
    return labels.extremes(*_cells(close, pos_th, neg_th, flex_2d, engine))


def bn_trend_labels(close, local_extrema, engine=None):
    return labels.trends(*_of_extremes(close, local_extrema, engine))


def bn_cont_trend_labels(close, local_extrema, engine=None):
    return labels.place_in_swing(*_of_extremes(close, local_extrema, engine))


def bn_cont_sat_trend_labels(close, local_extrema, pos_th, neg_th, flex_2d=True, engine=None):
    close, local_extrema = _of_extremes(close, local_extrema, engine)
    _, rise, fall = _cells(close, pos_th, neg_th, flex_2d, engine)
    return labels.saturated_place_in_swing(close, local_extrema, rise, fall)


def pct_trend_labels(close, local_extrema, normalize, engine=None):
    return labels.change_to_extreme(*_of_extremes(close, local_extrema, engine), bool(normalize))


def trend_labels_apply(close, pos_th, neg_th, mode, flex_2d=True, engine=None):
    """Labels between extremes, as `mode` says."""
    return labels.trend_labels(*_cells(close, pos_th, neg_th, flex_2d, engine), int(mode))


def breakout_labels(close, window, pos_th, neg_th, wait=1, flex_2d=True, engine=None):
    """1 where a rise comes first, -1 where a fall does, 0 where neither does."""
    close, rise, fall = _cells(close, pos_th, neg_th, flex_2d, engine)
    return labels.breakouts(close, int(window), rise, fall, int(wait))


def _cells(close, pos_th, neg_th, flex_2d, engine) -> tuple[np.ndarray, ...]:
    """Prices, and tables of thresholds that stand for one of their shape."""
    close = _floats(close, engine)
    return close, *(cells(one, close.shape, np.float64, flex_2d) for one in (pos_th, neg_th))


def _of_extremes(close, local_extrema, engine) -> tuple[np.ndarray, np.ndarray]:
    return _floats(close, engine), np.ascontiguousarray(local_extrema, np.int64)
