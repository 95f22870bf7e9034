"""Statistics of lists of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence


def average(x: Sequence[float], bessel: bool = False) -> float:
    """The mean; `bessel` divides by one less."""
    return math.fsum(x) / (len(x) - bessel)


def standarddev(x: Sequence[float], avgx: float | None = None, bessel: bool = False) -> float:
    """The standard deviation."""
    mean = average(x) if avgx is None else avgx
    return math.sqrt(average([(y - mean) ** 2.0 for y in x], bessel))
