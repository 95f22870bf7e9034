"""Enumerations of signals."""

from __future__ import annotations

from typing import NamedTuple

from ....core.signal_generation import STOP_LOSS, TAKE_PROFIT, TRAILING_STOP

__all__ = ["FactoryMode", "StopType"]


class StopTypeT(NamedTuple):
    StopLoss: int = STOP_LOSS
    TrailStop: int = TRAILING_STOP
    TakeProfit: int = TAKE_PROFIT


class FactoryModeT(NamedTuple):
    Entries: int = 0
    Exits: int = 1
    Both: int = 2
    Chain: int = 3


StopType = StopTypeT()
FactoryMode = FactoryModeT()
