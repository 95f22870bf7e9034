"""Labels as compiled functions under VectorBT's names: for scripts that call them from their own.

They round as Numba's engine of the original does; see `dispatch` for the other.
"""

from __future__ import annotations

from ....core import array_columns as columns
from ....core import labels
from ..compiled import njit, public

__all__ = [
    "bn_cont_sat_trend_labels_nb",
    "bn_cont_trend_labels_nb",
    "bn_trend_labels_nb",
    "breakout_labels_nb",
    "fixed_labels_apply_nb",
    "future_max_apply_nb",
    "future_mean_apply_nb",
    "future_min_apply_nb",
    "future_std_apply_nb",
    "get_symmetric_neg_th_nb",
    "get_symmetric_pos_th_nb",
    "local_extrema_apply_nb",
    "mean_labels_apply_nb",
    "pct_trend_labels_nb",
    "trend_labels_apply_nb",
]

_earlier = columns.earlier
_mean, _weighted_mean = columns.rolling_average, columns.weighted_average
_spread, _weighted_spread = columns.rolling_spread, columns.weighted_spread
_lowest, _highest = columns.rolling_lowest, columns.rolling_highest

get_symmetric_pos_th_nb = public(labels.rise_that_undoes)
get_symmetric_neg_th_nb = public(labels.fall_that_undoes)
local_extrema_apply_nb = public(labels.extremes)
bn_trend_labels_nb = public(labels.trends)
bn_cont_trend_labels_nb = public(labels.place_in_swing)
bn_cont_sat_trend_labels_nb = public(labels.saturated_place_in_swing)
pct_trend_labels_nb = public(labels.change_to_extreme)
trend_labels_apply_nb = public(labels.trend_labels)
breakout_labels_nb = public(labels.breakouts)


@njit
def _ahead(table, wait):
    """A table of windows over reversed rows, as those of the rows that follow."""
    if wait > 0:
        return _earlier(table[::-1], wait)
    return table[::-1]


@njit
def future_mean_apply_nb(close, window, ewm, wait=1, adjust=False):
    if ewm:
        return _ahead(_weighted_mean(close[::-1], window, window, adjust), wait)
    return _ahead(_mean(close[::-1], window, window), wait)


@njit
def future_std_apply_nb(close, window, ewm, wait=1, adjust=False, ddof=0):
    if ewm:
        return _ahead(_weighted_spread(close[::-1], window, window, adjust, ddof), wait)
    return _ahead(_spread(close[::-1], window, window, ddof), wait)


@njit
def future_min_apply_nb(close, window, wait=1):
    return _ahead(_lowest(close[::-1], window, window), wait)


@njit
def future_max_apply_nb(close, window, wait=1):
    return _ahead(_highest(close[::-1], window, window), wait)


@njit
def fixed_labels_apply_nb(close, n):
    return (_earlier(close, n) - close) / close


@njit
def mean_labels_apply_nb(close, window, ewm, wait=1, adjust=False):
    return (future_mean_apply_nb(close, window, ewm, wait, adjust) - close) / close
