"""Drawdowns of the account."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..autodict import AutoOrderedDict
from .curve import FromCurve, Periods


class DrawDown(FromCurve):
    """How far, and for how many bars, the value is below its highest."""

    params = (("fund", None),)

    def create_analysis(self) -> None:
        self.rets = rets = AutoOrderedDict()
        rets.len = 0
        rets.drawdown = 0.0
        rets.moneydown = 0.0
        rets.max.len = 0.0
        rets.max.drawdown = 0.0
        rets.max.moneydown = 0.0
        self._maxvalue = -math.inf

    def stop(self) -> None:
        self.rets._close()

    def notify_fund(self, cash, value, fundvalue, shares):
        super().notify_fund(cash, value, fundvalue, shares)
        self._maxvalue = max(self._maxvalue, self._value)

    def next(self) -> None:
        rets = self.rets
        rets.moneydown = self._maxvalue - self._value
        rets.drawdown = 100.0 * rets.moneydown / self._maxvalue
        rets.max.moneydown = max(rets.max.moneydown, rets.moneydown)
        rets.max.drawdown = max(rets.max.drawdown, rets.drawdown)
        rets.len = rets.len + 1 if rets.drawdown else 0
        rets.max.len = max(rets.max.len, rets.len)

    def _work_out(self, values: np.ndarray) -> None:
        self.create_analysis()
        if not len(values):
            return
        peak = np.maximum.accumulate(values)
        if not peak.all():
            raise ZeroDivisionError("float division by zero")
        money = peak - values
        down = 100.0 * money / peak
        bars = np.arange(1, len(values) + 1)
        lengths = bars - np.maximum.accumulate(np.where(down == 0.0, bars, 0))
        rets = self._rets
        rets.len = int(lengths[-1])
        rets.drawdown = float(down[-1])
        rets.moneydown = float(money[-1])
        rets.max.len = int(lengths.max()) or 0.0
        rets.max.drawdown = max(0.0, float(down.max()))
        rets.max.moneydown = max(0.0, float(money.max()))


class TimeDrawDown(Periods):
    """The drawdown of the values at which periods begin."""

    params = (("fund", None),)

    maxdd: float
    maxddlen: int

    def start(self) -> None:
        super().start()
        self._begin()

    def _begin(self) -> None:
        self.dd = self.maxdd = 0.0
        self.ddlen = self.maxddlen = 0
        self.peak = -math.inf

    def on_dt_over(self) -> None:
        self._see(self._worth())

    def _see(self, value: float) -> None:
        """A period begins at `value`."""
        if value > self.peak:
            self.peak, self.ddlen = value, 0
        self.dd = 100.0 * (self.peak - value) / self.peak
        self.ddlen += bool(self.dd)
        self.maxdd = max(self.maxdd, self.dd)
        self.maxddlen = max(self.maxddlen, self.ddlen)

    def _work_out(self, values: np.ndarray) -> None:
        self._begin()
        for value in values[self._starts()].tolist():
            self._see(value)

    def stop(self) -> None:
        rets: Any = self.rets
        rets["maxdrawdown"] = self.maxdd
        rets["maxdrawdownperiod"] = self.maxddlen


__all__ = ["DrawDown", "TimeDrawDown"]
