"""Labels: what prices are going to do, from the rows that follow. For training, never for trading.

close: float64[rows, columns]. Thresholds are shares of the price, their sign is dropped; each may
be a number, a row, a column or a table (see `flexible`). A label is NaN where there is none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .flexible import flex_select_auto_nb
from .jit import njit

__all__ = [
    "Trend",
    "breakouts",
    "change_to_extreme",
    "deviation_ahead",
    "extremes",
    "fall_that_undoes",
    "place_in_swing",
    "rise_that_undoes",
    "saturated_place_in_swing",
    "trend_labels",
    "trends",
]


class Trend(NamedTuple):
    """What a trend's labels say."""

    DIRECTION: int = 0  #: 1 up, 0 down
    PLACE: int = 1  #: how far there is to go up, from 1 at the low to 0 at the high
    SATURATED: int = 2  #: the same, 1 or 0 wherever the threshold is still ahead
    CHANGE: int = 3  #: the return up to the next extreme
    CHANGE_OF_HIGH: int = 4  #: the same; of rises as a share of the high


_DIRECTION, _PLACE, _SATURATED, _CHANGE, _CHANGE_OF_HIGH = Trend()


@njit
def rise_that_undoes(fall):
    """The rise with which a fall by this share begins where it ends."""
    return fall / (1 - fall)


@njit
def fall_that_undoes(rise):
    """The fall that follows a rise by this share and ends where it began."""
    return rise / (1 + rise)


@njit
def deviation_ahead(close, window, freedom):
    """Standard deviation of this row and those that follow, `window` in all.

    By running sums of values and of squares, from the last row back: the new row in, then the old
    one out. Divided by the number of values less `freedom`; NaN unless the window is full.
    """
    rows, columns = close.shape
    out = np.full((rows, columns), np.nan)
    for col in range(columns):
        total = squares = 0.0
        count = 0
        for i in range(rows - 1, -1, -1):
            value = close[i, col]
            if value == value:
                total += value
                squares += value * value
                count += 1
            if i + window < rows:
                value = close[i + window, col]
                if value == value:
                    total -= value
                    squares -= value * value
                    count -= 1
            if count >= window and count > freedom:
                mean = total / count
                spread = squares - 2.0 * mean * total + count * mean * mean
                out[i, col] = np.sqrt(abs(spread) / (count - freedom))
    return out


@njit
def _threshold(value, i, col, flex_2d):
    """The threshold of a cell; one of 0 would make every row an extreme."""
    found = abs(flex_select_auto_nb(value, i, col, flex_2d))
    if found == 0:
        raise ValueError("a threshold cannot be 0: pos_th and neg_th are shares of the price")
    return found


@njit
def extremes(close, pos_th, neg_th, flex_2d=True):
    """1 at peaks, -1 at troughs, else 0: int64[rows, columns].

    Between neighbours the price rises by the share `pos_th` of the trough or more, or falls by
    the share `neg_th` of the peak or more. Thresholds are those of the row of the extreme.
    """
    rises, falls = np.asarray(pos_th), np.asarray(neg_th)
    rows, columns = close.shape
    out = np.zeros((rows, columns), np.int64)
    for col in range(columns):
        at = 0  # the row that will be an extreme unless a further one follows
        last = 0  # what the extreme before it is
        for i in range(1, rows):
            rise = _threshold(rises, at, col, flex_2d)
            fall = _threshold(falls, at, col, flex_2d)
            price, best = close[i, col], close[at, col]
            if (last == 1 and price < best) or (last == -1 and price > best):
                at = i
            elif last != -1 and price >= best * (1 + rise):
                out[at, col] = last = -1
                at = i
            elif last != 1 and price <= best * (1 - fall):
                out[at, col] = last = 1
                at = i
        if last != 0:
            out[at, col] = -last
    return out


@njit
def _extreme_from(extreme, i, col):
    """The row of the first extreme from row `i` on; the number of rows if there is none."""
    while i < extreme.shape[0] and extreme[i, col] == 0:
        i += 1
    return i


@njit
def _range(close, first, last, col):
    """The lowest and highest price of the rows `first` to `last`; NaN where one is missing."""
    low = high = close[first, col]
    for i in range(first + 1, last + 1):
        price = close[i, col]
        if np.isnan(price) or np.isnan(low):
            return np.nan, np.nan
        low, high = min(low, price), max(high, price)
    return low, high


@njit
def trends(close, local_extrema):
    """1 where the next extreme is higher than the last one, else 0."""
    out = np.full(close.shape, np.nan)
    for col in range(close.shape[1]):
        at = _extreme_from(local_extrema, 0, col)
        while at < close.shape[0]:
            following = _extreme_from(local_extrema, at + 1, col)
            if following < close.shape[0]:
                for i in range(at, following):
                    out[i, col] = 1.0 if close[following, col] > close[at, col] else 0.0
            at = following
    return out


@njit
def place_in_swing(close, local_extrema):
    """Where prices stand between the extremes around them: 1 at the lowest, 0 at the highest."""
    out = np.full(close.shape, np.nan)
    for col in range(close.shape[1]):
        at = _extreme_from(local_extrema, 0, col)
        while at < close.shape[0]:
            following = _extreme_from(local_extrema, at + 1, col)
            if following < close.shape[0]:
                low, high = _range(close, at, following, col)
                for i in range(at, following):
                    out[i, col] = 1 - (close[i, col] - low) / (high - low)
            at = following
    return out


@njit
def saturated_place_in_swing(close, local_extrema, pos_th, neg_th, flex_2d=True):
    """As `place_in_swing`, but 1 (0) as long as a rise (fall) by the threshold is still ahead."""
    rises, falls = np.asarray(pos_th), np.asarray(neg_th)
    out = np.full(close.shape, np.nan)
    for col in range(close.shape[1]):
        at = _extreme_from(local_extrema, 0, col)
        while at < close.shape[0]:
            following = _extreme_from(local_extrema, at + 1, col)
            if following < close.shape[0]:
                rise = _threshold(rises, at, col, flex_2d)
                fall = _threshold(falls, at, col, flex_2d)
                low, high = _range(close, at, following, col)
                if close[following, col] > close[at, col]:
                    saturated, bottom, top = 1.0, high / (1 + rise), high
                    wide = high >= low * (1 + rise)
                else:
                    saturated, bottom, top = 0.0, low, low / (1 - fall)
                    wide = low <= high * (1 - fall)
                for i in range(at, following):
                    price = close[i, col]
                    ahead = price <= bottom if saturated == 1.0 else price >= top
                    if wide and ahead:
                        out[i, col] = saturated
                    else:
                        out[i, col] = 1 - (price - bottom) / (top - bottom)
            at = following
    return out


@njit
def change_to_extreme(close, local_extrema, normalize):
    """The return from each row to the next extreme; `normalize`: of rises per the higher price."""
    out = np.full(close.shape, np.nan)
    for col in range(close.shape[1]):
        at = _extreme_from(local_extrema, 0, col)
        while at < close.shape[0]:
            following = _extreme_from(local_extrema, at + 1, col)
            if following < close.shape[0]:
                target = close[following, col]
                per_high = normalize and target > close[at, col]
                for i in range(at, following):
                    price = close[i, col]
                    out[i, col] = (target - price) / (target if per_high else price)
            at = following
    return out


@njit
def trend_labels(close, pos_th, neg_th, mode, flex_2d=True):
    """The labels that `mode` names (see `Trend`) between `extremes`."""
    local_extrema = extremes(close, pos_th, neg_th, flex_2d)
    if mode == _DIRECTION:
        return trends(close, local_extrema)
    if mode == _PLACE:
        return place_in_swing(close, local_extrema)
    if mode == _SATURATED:
        return saturated_place_in_swing(close, local_extrema, pos_th, neg_th, flex_2d)
    if mode in (_CHANGE, _CHANGE_OF_HIGH):
        return change_to_extreme(close, local_extrema, mode == _CHANGE_OF_HIGH)
    raise ValueError("an unknown mode of trend labels: there are 0 to 4")


@njit
def breakouts(close, window, pos_th, neg_th, wait=1, flex_2d=True):
    """1 where the price rises by `pos_th` first, -1 where it falls by `neg_th` first, else 0.

    It has `window` rows for it, of which the first is the one `wait` rows later. A threshold of 0
    is never reached.
    """
    rises, falls = np.asarray(pos_th), np.asarray(neg_th)
    rows, columns = close.shape
    out = np.zeros((rows, columns))
    for col in range(columns):
        for i in range(rows):
            rise = abs(flex_select_auto_nb(rises, i, col, flex_2d))
            fall = abs(flex_select_auto_nb(falls, i, col, flex_2d))
            for j in range(i + wait, min(i + window + wait, rows)):
                if rise > 0 and close[j, col] >= close[i, col] * (1 + rise):
                    out[i, col] = 1.0
                    break
                if fall > 0 and close[j, col] <= close[i, col] * (1 - fall):
                    out[i, col] = -1.0
                    break
    return out
