"""The variability-weighted return."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..mathsupport import standarddev
from .curve import Periods
from .returns import PERIODS_PER_YEAR, Returns


class VWR(Periods):
    """The annual return, less what the account strayed from growing evenly."""

    params = (("tann", None), ("tau", 0.2), ("sdev_max", 2.0), ("fund", None))

    _TANN = PERIODS_PER_YEAR

    def __init__(self) -> None:
        p = self.p
        self._returns: Any = Returns(timeframe=p.timeframe, compression=p.compression, tann=p.tann)

    def start(self) -> None:
        super().start()
        #: The values before and at the ends of the periods.
        self._pis: list[Any] = [self._worth()]
        self._pns: list[Any] = [None]

    def notify_fund(self, cash, value, fundvalue, shares):
        super().notify_fund(cash, value, fundvalue, shares)
        self._pns[-1] = self._value

    def on_dt_over(self) -> None:
        self._pis.append(self._pns[-1])
        self._pns.append(None)

    def _work_out(self, values: np.ndarray) -> None:
        # A period's first bar is heard before the period begins.
        at_starts = values[self._starts()].tolist()
        self._pis = [self._pis[0], *at_starts]
        self._pns = [*at_starts, None]
        if len(values) and self._starts()[-1] < len(values) - 1:
            self._pns[-1] = float(values[-1])

    def stop(self) -> None:
        super().stop()
        if self._pns[-1] is None:
            self._pis.pop()
            self._pns.pop()
        rets = self._returns.get_analysis()
        strayed = [
            end / (start * math.exp(rets["ravg"] * n)) - 1.0
            for n, (start, end) in enumerate(zip(self._pis, self._pns, strict=True), 1)
        ]
        deviation = standarddev(strayed, bessel=True)
        weight = 1.0 - pow(deviation / self.p.sdev_max, self.p.tau)
        result: Any = self.rets
        result["vwr"] = rets["rnorm100"] * weight


VariabilityWeightedReturn = VWR
