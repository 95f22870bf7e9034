"""Averaged candles, and bars that stand out among their neighbours."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def averaged_candles(open_, high, low, close, first, start):
    """Heikin-Ashi candles: (open, high, low, close), four float64[T].

    The close is the mean of the bar's four prices, from index `start` on; the open is the middle of
    the previous averaged candle, high and low span both and the bar: from `first` on. Before
    `first` the open is the middle of the bar's own open and close, where the recursion begins.
    """
    n = len(close)
    opens = np.full(n, np.nan)
    highs = np.full(n, np.nan)
    lows = np.full(n, np.nan)
    closes = np.full(n, np.nan)
    for i in range(start, n):
        closes[i] = (open_[i] + high[i] + low[i] + close[i]) / 4.0
    for i in range(n):
        if i < first:
            opens[i] = (open_[i] + close[i]) / 2.0
            continue
        opens[i] = (opens[i - 1] + closes[i - 1]) / 2.0
        top = high[i]
        bottom = low[i]
        if opens[i] > top:
            top = opens[i]
        if closes[i] > top:
            top = closes[i]
        if opens[i] < bottom:
            bottom = opens[i]
        if closes[i] < bottom:
            bottom = closes[i]
        highs[i] = top
        lows[i] = bottom
    return opens, highs, lows, closes


@njit
def fractals(high, low, period, shift, margin, start):
    """Highs and lows that lead their window: (above, below), two float64[T], else NaN.

    Where the first highest high of the last `period` bars is number `shift` of them (from 0, the
    oldest), the value two bars ago is that high times (1 + margin); for lows times (1 - margin).
    """
    n = len(high)
    above = np.full(n, np.nan)
    below = np.full(n, np.nan)
    for i in range(start + period - 1, n):
        top = bottom = i - period + 1
        for k in range(i - period + 2, i + 1):
            if high[k] > high[top]:
                top = k
            if low[k] < low[bottom]:
                bottom = k
        if top - (i - period + 1) == shift:
            above[i - 2] = high[top] * (1.0 + margin)
        if bottom - (i - period + 1) == shift:
            below[i - 2] = low[bottom] * (1.0 - margin)
    return above, below
