"""The simple moving average."""

from __future__ import annotations

from .mabase import MovingAverageBase


class MovingAverageSimple(MovingAverageBase):
    """The mean of the last `period` values."""

    alias = ("SMA", "SimpleMovingAverage")
    lines = ("sma",)
    _kind = 0
