"""The returns of calendar years."""

from __future__ import annotations

from collections import OrderedDict

from ..analyzer import Analyzer
from ..dates import num2date


class AnnualReturn(Analyzer):
    """The return of each calendar year."""

    def stop(self):
        if not self.strategy.cerebro.p.stdstats and "broker" not in vars(self.strategy.stats):
            # The original reads the observer, which the standard statistics add.
            raise AttributeError("'ItemCollection' object has no attribute 'broker'")
        values = self.strategy.cerebro._curve(self)
        times, tz = self.data.datetime.column(), self.data.datetime._tz
        values = values[-len(times) :]
        year, first, last = -1, 0.0, 0.0
        self.rets = []
        self.ret = OrderedDict()
        for time, value in zip(times.tolist(), values.tolist(), strict=True):
            current = num2date(time, tz).year
            if current > year:
                if year >= 0:
                    self.rets.append(last / first - 1.0)
                    self.ret[year] = self.rets[-1]
                    first = last
                else:
                    first = value
                year = current
            last = value
        if year not in self.ret:
            self.rets.append(last / first - 1.0)
            self.ret[year] = self.rets[-1]

    def get_analysis(self):
        return self.ret
