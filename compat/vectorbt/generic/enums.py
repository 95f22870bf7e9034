"""Enumerations and record types of ranges and drawdowns."""

from __future__ import annotations

from typing import NamedTuple

from ....core.ranges import RANGE_RECORD as range_dt
from ....core.records import DRAWDOWN_RECORD as drawdown_dt

__all__ = ["DrawdownStatus", "RangeStatus", "drawdown_dt", "range_dt"]


class RangeStatusT(NamedTuple):
    Open: int = 0
    Closed: int = 1


class DrawdownStatusT(NamedTuple):
    Active: int = 0
    Recovered: int = 1


RangeStatus = RangeStatusT()
DrawdownStatus = DrawdownStatusT()
