"""Sums over all values of a series so far, with a term that changes with every value.

A deviation from the mean so far is from another mean for each value, so that all terms before it
change: n values take n²/2 terms. Each sum adds its terms from the first value to the last, one
after the other, whichever way it is computed: by a kernel where those are compiled, else column by
column.
"""

from __future__ import annotations

import numpy as np

from . import jit
from .jit import njit

__all__ = ["products", "residuals", "squares"]


def _own(*columns: np.ndarray) -> list[np.ndarray]:
    """Copies: of columns that may be read-only the compiler would make kernels of their own."""
    return [np.array(column, dtype=np.float64) for column in columns]


def squares(values: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """float64[T]: for each n the sum over i <= n of (values[i] - levels[n])².

    values, levels: float64[T].
    """
    out = np.zeros(len(values))
    if not (values.any() or levels.any()):
        return out
    if jit.compiled():
        _squares(*_own(values, levels), out)
        return out
    parts = np.empty(len(values))
    for n, value in enumerate(values.tolist()):
        part, total = parts[n:], out[n:]
        np.subtract(value, levels[n:], out=part)
        np.multiply(part, part, out=part)
        np.add(total, part, out=total)
    return out


@njit
def _squares(values, levels, out):
    """See `squares`: added to `out`."""
    for i in range(len(values)):
        value = values[i]
        for n in range(i, len(values)):
            distance = value - levels[n]
            out[n] += distance * distance


def products(values: np.ndarray, levels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float64[T]: for each n the sum over i <= n of (values[i] - levels[n]) weights[i].

    values, levels, weights: float64[T].
    """
    out = np.zeros(len(values))
    if jit.compiled():
        _products(*_own(values, levels, weights), out)
        return out
    for n, (value, weight) in enumerate(zip(values.tolist(), weights.tolist(), strict=True)):
        out[n:] += (value - levels[n:]) * weight
    return out


@njit
def _products(values, levels, weights, out):
    """See `products`: added to `out`."""
    for i in range(len(values)):
        value, weight = values[i], weights[i]
        for n in range(i, len(values)):
            out[n] += (value - levels[n]) * weight


def residuals(values: np.ndarray, slopes: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """float64[T]: for each n the sum over i <= n of values[i] - slopes[n] factors[i].

    values, slopes, factors: float64[T].
    """
    out = np.zeros(len(values))
    if jit.compiled():
        _residuals(*_own(values, slopes, factors), out)
        return out
    for n, (value, factor) in enumerate(zip(values.tolist(), factors.tolist(), strict=True)):
        out[n:] += value - slopes[n:] * factor
    return out


@njit
def _residuals(values, slopes, factors, out):
    """See `residuals`: added to `out`."""
    for i in range(len(values)):
        value, factor = values[i], factors[i]
        for n in range(i, len(values)):
            out[n] += value - slopes[n] * factor
