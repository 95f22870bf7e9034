"""Sizers: how many units an order without a size asks for."""

from __future__ import annotations

from typing import Any

from .params import ParamsBase


class Sizer(ParamsBase):
    """A subclass returns the size in `_getsizing`."""

    strategy: Any = None
    broker: Any = None

    def getsizing(self, data: Any, isbuy: bool) -> float:
        broker = self.broker
        return self._getsizing(broker.getcommissioninfo(data), broker.getcash(), data, isbuy)

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> float:
        raise NotImplementedError

    def set(self, strategy: Any, broker: Any) -> None:
        self.strategy = strategy
        self.broker = broker


SizerBase = Sizer


class FixedSize(Sizer):
    """`stake` units, or an equal part of them when in `tranches`."""

    params = (("stake", 1), ("tranches", 1))

    def _getsizing(self, comminfo, cash, data, isbuy):
        if self.p.tranches > 1:
            return abs(int(self.p.stake / self.p.tranches))
        return self.p.stake

    def setsizing(self, stake):
        parts = self.p.tranches
        self.p.stake = abs(int(self.p.stake / parts)) if parts > 1 else stake


SizerFix = FixedSize


class FixedReverser(Sizer):
    """`stake` units, twice as many when there is a position to reverse."""

    params = (("stake", 1),)

    def _getsizing(self, comminfo, cash, data, isbuy):
        reversing = self.strategy.getposition(data).size != 0
        return self.p.stake * (1 + reversing)


class FixedSizeTarget(Sizer):
    """For orders to a target: up to `stake` units, by tranches."""

    params = (("stake", 1), ("tranches", 1))

    def _next_target(self):
        part = abs(int(self.p.stake / self.p.tranches))
        return min(self.strategy.position.size + part, self.p.stake)

    def _getsizing(self, comminfo, cash, data, isbuy):
        return self._next_target() if self.p.tranches > 1 else self.p.stake

    def setsizing(self, stake):
        self.p.stake = self._next_target() if self.p.tranches > 1 else stake


class PercentSizer(Sizer):
    """`percents` of the cash; with a position, its whole size."""

    params = (("percents", 20), ("retint", False))

    def _getsizing(self, comminfo, cash, data, isbuy):
        position = self.broker.getposition(data)
        size = position.size or cash / data.close[0] * (self.p.percents / 100)
        return int(size) if self.p.retint else size


class AllInSizer(PercentSizer):
    """All of the cash."""

    params = (("percents", 100),)


class PercentSizerInt(PercentSizer):
    """Whole numbers of units."""

    params = (("retint", True),)


class AllInSizerInt(PercentSizerInt):
    """All of the cash, in whole numbers of units."""

    params = (("percents", 100),)
