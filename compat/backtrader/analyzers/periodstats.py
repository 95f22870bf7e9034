"""Statistics of the returns of periods."""

from __future__ import annotations

from ..analyzer import Analyzer
from ..data import TimeFrame
from ..mathsupport import average, standarddev
from .timereturn import TimeReturn


class PeriodStats(Analyzer):
    """Mean, deviation, best and worst of the returns of periods."""

    params = (
        ("timeframe", TimeFrame.Years),
        ("compression", 1),
        ("zeroispos", False),
        ("fund", None),
    )

    def __init__(self):
        p = self.p
        self._tr = TimeReturn(timeframe=p.timeframe, compression=p.compression, fund=p.fund)

    def stop(self):
        returns = list(self._tr.get_analysis().values())
        none = sum(r == 0.0 for r in returns)
        rets = self.rets
        rets["average"] = mean = average(returns)
        rets["stddev"] = standarddev(returns, mean)
        rets["positive"] = sum(r > 0.0 for r in returns) + (none if self.p.zeroispos else 0)
        rets["negative"] = sum(r < 0.0 for r in returns)
        rets["nochange"] = 0 if self.p.zeroispos else none
        rets["best"] = max(returns)
        rets["worst"] = min(returns)
