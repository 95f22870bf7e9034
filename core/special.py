"""The tail probability of Student's t, by an incomplete beta function."""

from __future__ import annotations

import math

from .jit import njit

_TINY = 1e-300
_ENOUGH = 1e-16


@njit
def incomplete_beta(a, b, x, rest):
    """The regularized incomplete beta function I_x(a, b), relative error about 1e-13.

    a, b: > 0. x: 0 to 1. rest: 1 - x, given apart since the caller may know it without rounding.
    NaN where x is.
    """
    if x != x:
        return x
    if x <= 0.0:
        return 0.0
    if rest <= 0.0:
        return 1.0
    if x > (a + 1.0) / (a + b + 2.0):  # where the fraction converges slowly: the other tail
        return 1.0 - _leading(b, a, rest, x) * _fraction(b, a, rest) / b
    return _leading(a, b, x, rest) * _fraction(a, b, x) / a


@njit
def _leading(a, b, x, rest):
    """x^a (1 - x)^b / B(a, b)."""
    larger = max(a, b)
    smaller = min(a, b)
    scale = _log_gamma_ratio(larger, smaller) - math.lgamma(smaller)
    # log1p where x is close to 1, so that a large power of it keeps its digits.
    log_x = math.log(x) if x < 0.5 else math.log1p(-rest)
    log_rest = math.log(rest) if rest < 0.5 else math.log1p(-x)
    return math.exp(scale + a * log_x + b * log_rest)


@njit
def _log_gamma_ratio(a, b):
    """log(gamma(a + b) / gamma(a)), for a >= b.

    By Stirling's series where a is large: two logarithms of large values would lose the digits.
    """
    if a < 10.0:
        return math.lgamma(a + b) - math.lgamma(a)
    rise = (a + b - 0.5) * math.log1p(b / a) + b * (math.log(a) - 1.0)
    return rise + _stirling(a + b) - _stirling(a)


@njit
def _stirling(a):
    """What Stirling's formula lacks of log(gamma(a)), for a >= 10."""
    square = 1.0 / (a * a)
    series = -691.0 / 360360.0 * square + 1.0 / 1188.0
    series = -series * square + 1.0 / 1680.0
    series = -series * square + 1.0 / 1260.0
    series = series * square - 1.0 / 360.0
    return (series * square + 1.0 / 12.0) / a


@njit
def _fraction(a, b, x):
    """The continued fraction of I_x(a, b), by Lentz's method."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, 10_000):
        for even in range(2):
            if even == 0:
                term = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
            else:
                term = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + term / c
            c = c if abs(c) > _TINY else _TINY
            value *= d * c
        if abs(d * c - 1.0) < _ENOUGH:
            break
    return value


@njit
def two_sided_t(t, degrees):
    """The probability that Student's t with `degrees` of freedom is at least |t| from 0."""
    if math.isinf(t):
        return 0.0
    square = t * t
    return incomplete_beta(
        0.5 * degrees, 0.5, degrees / (degrees + square), square / (degrees + square)
    )
