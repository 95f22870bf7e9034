"""The Sharpe ratio."""

from __future__ import annotations

import math

from ..analyzer import Analyzer
from ..data import TimeFrame
from ..mathsupport import average, standarddev
from .annualreturn import AnnualReturn
from .timereturn import TimeReturn


class SharpeRatio(Analyzer):
    """Mean excess return over its standard deviation."""

    params = (
        ("timeframe", TimeFrame.Years),
        ("compression", 1),
        ("riskfreerate", 0.01),
        ("factor", None),
        ("convertrate", True),
        ("annualize", False),
        ("stddev_sample", False),
        ("daysfactor", None),
        ("legacyannual", False),
        ("fund", None),
    )

    RATEFACTORS = {  # noqa: RUF012
        TimeFrame.Days: 252,
        TimeFrame.Weeks: 52,
        TimeFrame.Months: 12,
        TimeFrame.Years: 1,
    }

    def __init__(self):
        p = self.p
        if p.legacyannual:
            self.anret = AnnualReturn()
        else:
            self.timereturn = TimeReturn(
                timeframe=p.timeframe, compression=p.compression, fund=p.fund
            )

    def _factor(self):
        p = self.p
        if p.timeframe == TimeFrame.Days and p.daysfactor is not None:
            return p.daysfactor
        if p.factor is not None:
            return p.factor
        return self.RATEFACTORS.get(p.timeframe)

    def stop(self):
        if self.p.legacyannual:
            returns = self.anret.rets
            mean = average([r - self.p.riskfreerate for r in returns])
            self.ratio = mean / standarddev(returns)
        else:
            self.ratio = self._ratio(list(self.timereturn.get_analysis().values()))
        self.rets["sharperatio"] = self.ratio

    def _ratio(self, returns):
        p = self.p
        rate, factor = p.riskfreerate, self._factor()
        if factor is not None:
            if p.convertrate:
                rate = pow(1.0 + rate, 1.0 / factor) - 1.0
            else:
                returns = [pow(1.0 + r, factor) - 1.0 for r in returns]
        if not len(returns) - p.stddev_sample:
            return None
        excess = [r - rate for r in returns]
        mean = average(excess)
        deviation = standarddev(excess, avgx=mean, bessel=p.stddev_sample)
        try:
            ratio = mean / deviation
            if factor is not None and p.convertrate and p.annualize:
                ratio = math.sqrt(factor) * ratio
        except (ValueError, TypeError, ZeroDivisionError):
            return None
        return ratio


class SharpeRatio_A(SharpeRatio):
    """The same, annualised."""

    params = (("annualize", True),)
