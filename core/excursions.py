"""How far trades went for and against: maximum favourable and adverse excursion, bars held.

The extremes between two bars come from a tree over blocks of bars, so that a million trades that
overlap over a long time cost a few steps each.
"""

from __future__ import annotations

import numpy as np

from .jit import njit
from .trade_rows import SEGMENT, worth

_OPEN, _HIGH, _LOW, _CLOSE = 0, 1, 2, 3
_BLOCK = 16


@njit
def _build(high, low, tops, bottoms):
    """Fill trees, float64[2 B]: leaves B to 2 B - 1 are blocks, node i is above 2 i and 2 i + 1."""
    count = len(tops) // 2
    for i in range(2 * count):
        tops[i] = -np.inf
        bottoms[i] = np.inf
    for t in range(len(high)):
        leaf = count + t // _BLOCK
        if high[t] > tops[leaf]:
            tops[leaf] = high[t]
        if low[t] < bottoms[leaf]:
            bottoms[leaf] = low[t]
    for i in range(count - 1, 0, -1):
        tops[i] = max(tops[2 * i], tops[2 * i + 1])
        bottoms[i] = min(bottoms[2 * i], bottoms[2 * i + 1])


@njit
def _widened(top, bottom, price):
    """(top, bottom) that hold a price too; a NaN changes nothing."""
    return (price if price > top else top), (price if price < bottom else bottom)


@njit
def _scan(values, asset, first, stop, top, bottom):
    for t in range(first, stop):
        if values[_HIGH, asset, t] > top:
            top = values[_HIGH, asset, t]
        if values[_LOW, asset, t] < bottom:
            bottom = values[_LOW, asset, t]
    return top, bottom


@njit
def _extremes(values, tops, bottoms, asset, first, stop):
    """(highest, lowest) of an asset's bars first to stop - 1; (-inf, inf) without any."""
    # Single bars up to a border of blocks, whole blocks by the tree, single bars again.
    left = (first + _BLOCK - 1) // _BLOCK
    right = stop // _BLOCK
    if right <= left:
        return _scan(values, asset, first, stop, -np.inf, np.inf)
    top, bottom = _scan(values, asset, first, left * _BLOCK, -np.inf, np.inf)
    top, bottom = _scan(values, asset, right * _BLOCK, stop, top, bottom)
    left += tops.shape[1] // 2
    right += tops.shape[1] // 2
    while left < right:
        if left % 2 == 1:
            top = max(top, tops[asset, left])
            bottom = min(bottom, bottoms[asset, left])
            left += 1
        if right % 2 == 1:
            right -= 1
            top = max(top, tops[asset, right])
            bottom = min(bottom, bottoms[asset, right])
        left //= 2
        right //= 2
    return top, bottom


@njit
def _bars_between(gone, asset, first, last):
    """Bars of an asset after `first` up to `last`; gone: int32[N, T], missing ones so far."""
    count = last - first
    if gone.shape[0]:
        count -= gone[asset, last] - gone[asset, first]
    return count


@njit
def _row_segments(trades, multiplier, inverse, end, out):
    """Write a segment for each trade: all its units from its entry to its exit or bar `end`."""
    for n in range(len(trades)):
        trade = trades[n]
        asset = trade["asset"]
        row = out[n]
        row["trade"] = n
        row["asset"] = asset
        row["first"] = trade["entry_bar"]
        row["last"] = trade["entry_bar"]
        row["units"] = trade["entered"] * multiplier[asset]
        row["flow"] = -row["units"] * worth(trade["entry_price"], inverse[asset])
        row["end_price"] = np.nan
        if trade["exit_fill"] >= 0:
            row["last"] = trade["exit_bar"]
            row["end_price"] = trade["exit_price"]
        elif trade["open"]:
            row["last"] = end


@njit
def _measure(trades, segments, values, inverse, whole_bars, wanted, tops, bottoms, gone):
    """See `measure`. wanted: bool[N], assets with segments; tops, bottoms: float64[N, 2 B]."""
    length = values.shape[2]
    for asset in range(values.shape[1]):
        if wanted[asset]:
            _build(values[_HIGH, asset], values[_LOW, asset], tops[asset], bottoms[asset])
    for trade in trades:
        trade["mfe"] = 0.0
        trade["mae"] = 0.0
    for segment in segments:
        asset = segment["asset"]
        first = segment["first"]
        last = segment["last"]
        top = -np.inf
        bottom = np.inf
        if whole_bars:
            if first <= last:
                top, bottom = _extremes(values, tops, bottoms, asset, first, min(last + 1, length))
        elif first < last:
            top, bottom = _extremes(values, tops, bottoms, asset, first + 1, last)
            top, bottom = _widened(top, bottom, values[_CLOSE, asset, first])
            if last < length:
                top, bottom = _widened(top, bottom, values[_OPEN, asset, last])
        top, bottom = _widened(top, bottom, segment["end_price"])
        if bottom <= top:
            one = segment["flow"] + segment["units"] * worth(top, inverse[asset])
            two = segment["flow"] + segment["units"] * worth(bottom, inverse[asset])
            trade = trades[segment["trade"]]
            trade["mfe"] = max(trade["mfe"], one, two)
            trade["mae"] = min(trade["mae"], one, two)
    for trade in trades:
        # What was realised counts as seen, also where it is an average of several exits.
        profit = trade["pnl"] + trade["unrealised"]
        if profit > trade["mfe"]:
            trade["mfe"] = profit
        if profit < trade["mae"]:
            trade["mae"] = profit
        if trade["restated"]:
            trade["mfe"] = np.nan
            trade["mae"] = np.nan
        trade["mfe_return"] = trade["mfe"] / trade["entry_value"]
        trade["mae_return"] = trade["mae"] / trade["entry_value"]
        if trade["exit_fill"] >= 0:
            last = trade["exit_bar"]
        elif trade["open"]:
            last = length - 1
        else:
            continue
        trade["holding_bars"] = _bars_between(gone, trade["asset"], trade["entry_bar"], last)


@np.errstate(divide="ignore", invalid="ignore")
def measure(
    trades: np.ndarray,
    segments: np.ndarray | None,
    values: np.ndarray,
    multiplier: np.ndarray,
    inverse: np.ndarray,
    whole_bars: bool,
) -> None:
    """Write `mfe`, `mae`, the same as returns, and `holding_bars` of `TRADE[·]`.

    `mfe` and `mae` are the best (0 or more) and the worst (0 or less) profit before commission, in
    money, that the trade showed at any price known to be of its time. Known are the prices of its
    fills, and between two of its fills the close of the first one's bar, the open of the second
    one's, and high and low of the bars between; to the end of the data for an open trade. What
    the rest of a fill's bar was before the fill and what after, nobody knows: left out, the
    excursions are what the trade has certainly seen. whole_bars=True counts these bars whole: the
    true excursions lie between the two. NaN prices are passed over; the excursions of a trade
    whose units a split changed are NaN, since its bars cannot be compared.

    segments: `SEGMENT[·]` of stretches with constant units; None: each trade is one, with all its
    units. values: float64[5, N, T]; multiplier: float64[N]; inverse: bool[N].
    `holding_bars` counts bars of the asset after the entry's, up to the exit's or the last one.
    """
    _, count, length = values.shape
    if segments is None:
        segments = np.empty(len(trades), dtype=SEGMENT)
        _row_segments(trades, multiplier, inverse, length, segments)
    wanted = np.bincount(segments["asset"], minlength=count) > 0
    missing = np.isnan(values[_CLOSE])
    gone = np.zeros((0, 0), dtype=np.int32)
    if missing.any():
        gone = np.cumsum(missing, axis=1, dtype=np.int32)
    nodes = 2 * ((length + _BLOCK - 1) // _BLOCK)
    tops = np.empty((count, nodes))
    bottoms = np.empty((count, nodes))
    _measure(trades, segments, values, inverse, whole_bars, wanted, tops, bottoms, gone)
