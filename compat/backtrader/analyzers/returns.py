"""Total, average and annual returns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..data import TimeFrame
from .curve import Periods

#: How many periods of a length a year has.
PERIODS_PER_YEAR = {
    TimeFrame.Days: 252.0,
    TimeFrame.Weeks: 52.0,
    TimeFrame.Months: 12.0,
    TimeFrame.Years: 1.0,
}


class Returns(Periods):
    """Total, average and annual return (logarithmic, and as a percentage)."""

    params = (("tann", None), ("fund", None))

    _TANN = PERIODS_PER_YEAR

    def start(self) -> None:
        super().start()
        self._value_start = self._worth()
        self._tcount = 0

    def on_dt_over(self) -> None:
        self._tcount += 1

    def _work_out(self, values: np.ndarray) -> None:
        self._tcount = len(self._starts())

    def stop(self) -> None:
        super().stop()
        end = self._value_end = self._worth()
        start = self._value_start
        total = -math.inf
        if start and end / start >= 0.0:
            # A ratio of exactly 0 has no logarithm, there as here.
            total = math.log(end / start)
        rets: Any = self.rets
        rets["rtot"] = total
        rets["ravg"] = mean = total / self._tcount
        tann = self.p.tann or self._TANN.get(self.timeframe)
        if tann is None:
            tann = self._TANN.get(self.data._timeframe, 1.0)
        rets["rnorm"] = math.expm1(mean * tann) if mean > -math.inf else mean
        rets["rnorm100"] = rets["rnorm"] * 100.0
