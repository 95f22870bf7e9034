"""The Hurst exponent: how the spread of differences grows with their lag."""

from __future__ import annotations

import numpy as np

#: So many windows at a time: their differences are held as one array.
_WINDOWS = 4096


def _exponent(lags, spreads):
    """Twice the slope of log10 of the root of each spread over log10 of its lag."""
    return np.polyfit(np.log10(lags), np.log10(spreads), 1)[0] * 2.0


def hurst_exponent(window, lags):
    """The exponent of one window of values (float64[P]) by the differences at `lags` (int[K])."""
    spreads = [np.sqrt(np.std(np.subtract(window[lag:], window[:-lag]))) for lag in lags]
    return _exponent(lags, spreads)


def hurst_exponents(values, lags, period, first):
    """The exponent of the last `period` values at each bar: float64[T], NaN before `first`.

    values: float64[T]; lags: int[K], of which those from 1 to `period - 1` have differences.
    Each value equals `hurst_exponent` of its window to the last bit.
    """
    out = np.full(len(values), np.nan)
    if not len(lags) or min(lags) < 1 or max(lags) >= period:
        for i in range(first, len(values)):
            out[i] = hurst_exponent(values[i - period + 1 : i + 1], lags)
        return out
    for begin in range(first, len(values), _WINDOWS):
        end = min(begin + _WINDOWS, len(values))
        spreads = np.empty((end - begin, len(lags)))
        for k, lag in enumerate(lags):
            part = values[begin - period + 1 : end]
            differences = np.lib.stride_tricks.sliding_window_view(
                part[lag:] - part[:-lag], period - lag
            )
            spreads[:, k] = np.sqrt(np.std(np.ascontiguousarray(differences), axis=1))
        out[begin:end] = _slopes(np.log10(lags), np.log10(spreads)) * 2.0
    return out


def _slopes(x, rows):
    """The slope of the line of least squares through each row of `rows` over `x`.

    The arithmetic is that of `numpy.polyfit`; what depends on `x` alone is done once.
    """
    design = np.vander(x, 2)
    scale = np.sqrt((design * design).sum(axis=0))
    design = design / scale
    tolerance = len(x) * np.finfo(np.float64).eps
    slopes = np.empty(len(rows))
    for i, row in enumerate(rows):
        slopes[i] = np.linalg.lstsq(design, row, tolerance)[0][0] / scale[0]
    return slopes
