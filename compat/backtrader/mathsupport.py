"""Statistics of lists of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence


def average(x: Sequence[float], bessel: bool = False) -> float:
    """The mean; `bessel` divides by one less."""
    return math.fsum(x) / (len(x) - bessel)


def variance(x: Sequence[float], avgx: float | None = None) -> list[float]:
    """The squared distance of each value from the mean."""
    mean = average(x) if avgx is None else avgx
    return [(y - mean) ** 2.0 for y in x]


def standarddev(x: Sequence[float], avgx: float | None = None, bessel: bool = False) -> float:
    """The standard deviation."""
    return math.sqrt(average(variance(x, avgx), bessel))
