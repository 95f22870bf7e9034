"""Small operations on arrays; those that end in `_nb` are for compiled functions."""

from __future__ import annotations

import numpy as np

from ....core import signal_generation
from ..compiled import njit, public


def is_sorted(a: np.ndarray) -> np.bool_:
    """Whether no element is less than the one before."""
    return np.all(a[:-1] <= a[1:])


@njit
def is_sorted_nb(a):
    """Whether no element is less than the one before."""
    for n in range(a.size - 1):  # noqa: SIM110 - for the compiler
        if not a[n] <= a[n + 1]:
            return False
    return True


@njit
def insert_argsort_nb(A, I):  # noqa: E741 - public name
    """Sort A in place, smallest first and NaN last, and move the elements of I with it."""
    for n in range(1, len(A)):
        value, place = A[n], I[n]
        m = n
        while m > 0 and (A[m - 1] > value or np.isnan(A[m - 1])):
            A[m] = A[m - 1]
            I[m] = I[m - 1]
            m -= 1
        A[m] = value
        I[m] = place


def get_ranges_arr(starts, ends) -> np.ndarray:
    """All numbers from each start up to (not with) its end, one range after the other."""
    starts, ends = np.broadcast_arrays(np.atleast_1d(starts), np.atleast_1d(ends))
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


# Random parts, drawn from the generator that scripts seed.
uniform_summing_to_one_nb = public(signal_generation.uniform_parts)
rescale_float_to_int_nb = public(signal_generation.whole_numbers)


def renormalize(a, from_range, to_range):
    """`a` moved and stretched so that `from_range` becomes `to_range`."""
    from_delta = from_range[1] - from_range[0]
    to_delta = to_range[1] - to_range[0]
    return (to_delta * (a - from_range[0]) / from_delta) + to_range[0]


renormalize_nb = njit(renormalize)


def _rescale(a: np.ndarray, to_range, by_minimum: bool) -> np.ndarray:
    low, high = np.min(a), np.max(a)
    if high - low == 0:
        return np.full(a.shape, to_range[0 if by_minimum else 1])
    ratio = np.inf if low == 0 else high / low
    if ratio < to_range[1] / to_range[0]:
        if by_minimum:
            to_range = (to_range[0], to_range[0] * ratio)
        else:
            to_range = (to_range[1] / ratio, to_range[1])
    return renormalize(a, (low, high), to_range)


def min_rel_rescale(a: np.ndarray, to_range) -> np.ndarray:
    """Into `to_range`, its lower end for the minimum, and no more than in proportion."""
    return _rescale(a, to_range, True)


def max_rel_rescale(a: np.ndarray, to_range) -> np.ndarray:
    """Into `to_range`, its upper end for the maximum, and no more than in proportion."""
    return _rescale(a, to_range, False)
