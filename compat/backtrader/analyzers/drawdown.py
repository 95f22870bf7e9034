"""Drawdowns of the account."""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np

from ..autodict import AutoOrderedDict
from .curve import FromCurve, Periods, values_of


class DrawDown(FromCurve):
    """How far, and for how many bars, the value is below its highest."""

    params = (("fund", None),)

    def _work_out(self):
        rets = AutoOrderedDict()
        rets.len = 0
        rets.drawdown = 0.0
        rets.moneydown = 0.0
        rets.max.len = 0.0
        rets.max.drawdown = 0.0
        rets.max.moneydown = 0.0
        values = values_of(self)
        if len(values):
            peak = np.maximum.accumulate(values)
            if not peak.all():
                raise ZeroDivisionError("float division by zero")
            money = peak - values
            down = 100.0 * money / peak
            bars = np.arange(1, len(values) + 1)
            lengths = bars - np.maximum.accumulate(np.where(down == 0.0, bars, 0))
            rets.len = int(lengths[-1])
            rets.drawdown = float(down[-1])
            rets.moneydown = float(money[-1])
            rets.max.len = int(lengths.max()) or 0.0
            rets.max.drawdown = max(0.0, float(down.max()))
            rets.max.moneydown = max(0.0, float(money.max()))
        return rets

    def stop(self):
        super().stop()
        self._final._close()


class TimeDrawDown(Periods):
    """The drawdown of the values at which periods begin."""

    params = (("fund", None),)

    @property
    def rets(self):
        return OrderedDict() if self._final is None else self._final

    def _work_out(self):
        starts, _ = self._starts()
        peak, worst, longest, length = -math.inf, 0.0, 0, 0
        for value in values_of(self)[starts].tolist():
            if value > peak:
                peak, length = value, 0
            down = 100.0 * (peak - value) / peak
            length += bool(down)
            worst = max(worst, down)
            longest = max(longest, length)
        self.maxdd, self.maxddlen = worst, longest
        return OrderedDict(maxdrawdown=worst, maxdrawdownperiod=longest)
