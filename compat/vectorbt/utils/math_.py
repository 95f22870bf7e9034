"""Comparisons and sums with a tolerance, for compiled functions of scripts.

The same formulas as the engine's own (see `core.execution`), with the tolerances as arguments.
"""

from __future__ import annotations

import numpy as np

from ..compiled import njit

rel_tol = 1e-9
abs_tol = 1e-12


@njit
def is_close_nb(a, b, rel_tol=rel_tol, abs_tol=abs_tol):
    """Whether two numbers are equal or nearly so; NaN and infinities never are."""
    if np.isnan(a) or np.isnan(b) or np.isinf(a) or np.isinf(b):
        return False
    return a == b or abs(a - b) <= max(rel_tol * max(abs(a), abs(b)), abs_tol)


@njit
def is_close_or_less_nb(a, b, rel_tol=rel_tol, abs_tol=abs_tol):
    """Whether `a` is less than `b` or close to it."""
    return is_close_nb(a, b, rel_tol, abs_tol) or a < b


@njit
def is_less_nb(a, b, rel_tol=rel_tol, abs_tol=abs_tol):
    """Whether `a` is less than `b` and not close to it."""
    return not is_close_nb(a, b, rel_tol, abs_tol) and a < b


@njit
def is_addition_zero_nb(a, b, rel_tol=rel_tol, abs_tol=abs_tol):
    """Whether a + b counts as 0."""
    if np.sign(a) != np.sign(b):
        return is_close_nb(abs(a), abs(b), rel_tol, abs_tol)
    return is_close_nb(a + b, 0.0, rel_tol, abs_tol)


@njit
def add_nb(a, b, rel_tol=rel_tol, abs_tol=abs_tol):
    """a + b, or 0 where it counts as that."""
    if is_addition_zero_nb(a, b, rel_tol, abs_tol):
        return 0.0
    return a + b
