"""Rounding and comparison of floats."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np

nanmean = np.nanmean
nanstd = np.nanstd
nansum = np.nansum
nanmax = np.nanmax
nanmin = np.nanmin
nanargmax = np.nanargmax
nanargmin = np.nanargmin
nanmedian = np.nanmedian


def tolerant_equals(a, b, atol=10e-7, rtol=10e-7, equal_nan=False) -> bool:
    """Whether two numbers are equal within 1e-6, absolute or relative."""
    if equal_nan and np.isnan(a) and np.isnan(b):
        return True
    return math.isclose(a, b, rel_tol=rtol, abs_tol=atol)


def round_if_near_integer(a, epsilon=1e-4):
    """The nearest integer when it is within `epsilon` of a, else a itself."""
    nearest = round(a)
    return nearest if abs(a - nearest) <= epsilon else a


def number_of_decimal_places(n) -> int:
    """Digits after the decimal point in the shortest text of n."""
    return -int(Decimal(str(n)).as_tuple().exponent)
