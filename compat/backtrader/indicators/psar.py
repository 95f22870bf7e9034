"""The parabolic stop and reverse."""

from __future__ import annotations

import math
from typing import ClassVar

from .stepped import Stepped


class ParabolicSAR(Stepped):
    """A level that follows the trend ever faster until prices cross it."""

    alias = ("PSAR",)
    lines = ("psar",)
    params = (("period", 2), ("af", 0.02), ("afmax", 0.2))
    plotinfo: ClassVar = {"subplot": False}
    plotlines: ClassVar = {
        "psar": {
            "marker": ".",
            "markersize": 4.0,
            "color": "black",
            "fillstyle": "full",
            "ls": "",
        }
    }

    def _columns(self):
        from ....core.indicators.parabolic import parabolic_stop

        data, p = self.data, self.p
        columns = (line.column() for line in (data.high, data.low, data.close))
        return (parabolic_stop(*columns, float(p.af), float(p.afmax), self._minperiod - 1),)

    def _follows_kernel(self, size):
        # With a minimum period of 1 there is no bar to begin from: `next` says so.
        return self._minperiod > 1 and super()._follows_kernel(size)

    def prenext(self) -> None:
        bar = len(self)
        if bar == 1:
            # (level, rising, acceleration, extreme), for even and for odd bars.
            self._status = []
            return
        if bar == 2:
            self.nextstart()
        else:
            self.next()
        self.lines.psar[0] = math.nan

    def nextstart(self) -> None:
        if not self._status:
            data = self.data
            rising = not data.close[0] >= data.close[-1]
            extreme = data.high[-1] if rising else data.low[-1]
            begin = (data.high[0] + data.low[0]) / 2.0, rising, self.p.af, extreme
            self._status = [begin, begin]
        self.next()

    def next(self) -> None:
        data, turn = self.data, (len(self) - 1) % 2
        top, bottom = data.high[0], data.low[0]
        level, rising, acceleration, extreme = self._status[turn]
        if level >= bottom if rising else level <= top:
            rising = not rising
            level, acceleration = extreme, self.p.af
            extreme = top if rising else bottom
        self.lines.psar[0] = level
        if top > extreme if rising else bottom < extreme:
            extreme = top if rising else bottom
            acceleration = min(acceleration + self.p.af, self.p.afmax)
        level = level + acceleration * (extreme - level)
        if rising:
            before = data.low[-1]
            if level > bottom or level > before:
                level = min(bottom, before)
        else:
            before = data.high[-1]
            if level < top or level < before:
                level = max(top, before)
        self._status[1 - turn] = level, rising, acceleration, extreme


ParabolicSAR._kernel_class = ParabolicSAR
