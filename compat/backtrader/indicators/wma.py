"""The weighted moving average."""

from __future__ import annotations

from .mabase import MovingAverageBase


class WeightedMovingAverage(MovingAverageBase):
    """Weights 1, 2, … period, the newest value the heaviest."""

    alias = ("WMA", "MovingAverageWeighted")
    lines = ("wma",)
    _kind = 3
