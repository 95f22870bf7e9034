"""The Calmar ratio."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from typing import Any

import numpy as np

from ..data import TimeFrame
from .curve import Periods
from .drawdown import TimeDrawDown


class Calmar(Periods):
    """The mean logarithmic return of the last `period` periods over the worst drawdown so far."""

    params = (("timeframe", TimeFrame.Months), ("period", 36), ("fund", None))

    calmar: float

    def __init__(self) -> None:
        self._maxdd: Any = TimeDrawDown(timeframe=self.p.timeframe, compression=self.p.compression)

    def start(self) -> None:
        super().start()
        self._first = self._worth()
        self._begin()

    def _begin(self) -> None:
        self._mdd = -math.inf
        self._values = deque([math.nan] * self.p.period, maxlen=self.p.period)
        self._values.append(self._first)

    def on_dt_over(self) -> None:
        self._see(self._worth())

    def _see(self, value: float) -> None:
        """A period begins at `value`, and the drawdown has been told."""
        self._mdd = max(self._mdd, self._maxdd.maxdd)
        self._values.append(value)
        mean = math.log(self._values[-1] / self._values[0]) / len(self._values)
        self.calmar = mean / (self._mdd or math.inf)
        self._rets[self.dtkey] = self.calmar

    def _work_out(self, values: np.ndarray) -> None:
        starts = self._starts()
        self._rets = OrderedDict()
        self._begin()
        self._maxdd._begin()
        for key, value in zip(self._keys(starts), values[starts].tolist(), strict=True):
            self.dtkey = key
            self._maxdd._see(value)
            self._see(value)

    def stop(self) -> None:
        self.on_dt_over()


__all__ = ["Calmar"]
