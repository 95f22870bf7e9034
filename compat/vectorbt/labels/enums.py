"""Enumerations of labels."""

from __future__ import annotations

from typing import NamedTuple

from ....core.labels import Trend

__all__ = ["TrendMode"]

_TREND = Trend()


class TrendModeT(NamedTuple):
    Binary: int = _TREND.DIRECTION
    BinaryCont: int = _TREND.PLACE
    BinaryContSat: int = _TREND.SATURATED
    PctChange: int = _TREND.CHANGE
    PctChangeNorm: int = _TREND.CHANGE_OF_HIGH


TrendMode = TrendModeT()
