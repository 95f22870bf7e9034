"""Total, average and annual returns."""

from __future__ import annotations

import math
from collections import OrderedDict

from ..data import TimeFrame
from .curve import Periods, start_value


class Returns(Periods):
    """Total, average and annual return (logarithmic, and as a percentage)."""

    params = (("tann", None), ("fund", None))

    _TANN = {  # noqa: RUF012
        TimeFrame.Days: 252.0,
        TimeFrame.Weeks: 52.0,
        TimeFrame.Months: 12.0,
        TimeFrame.Years: 1.0,
    }

    @property
    def rets(self):
        return OrderedDict() if self._final is None else self._final

    def _work_out(self):
        starts, _ = self._starts()
        broker = self.strategy.broker
        end = broker.fundvalue if self.p.fund else broker.getvalue()
        start = start_value(self)
        total = -math.inf
        if start and end / start >= 0.0:
            # A ratio of exactly 0 has no logarithm, there as here.
            total = math.log(end / start)
        rets = OrderedDict()
        rets["rtot"] = total
        rets["ravg"] = mean = total / len(starts)
        tann = self.p.tann or self._TANN.get(self.timeframe)
        if tann is None:
            tann = self._TANN.get(self.data._timeframe, 1.0)
        rets["rnorm"] = math.expm1(mean * tann) if mean > -math.inf else mean
        rets["rnorm100"] = rets["rnorm"] * 100.0
        return rets
