"""Logarithmic returns over a window of periods."""

from __future__ import annotations

import math
from collections import OrderedDict, deque

import numpy as np

from .curve import Returning


class LogReturnsRolling(Returning):
    """The logarithmic return over the last `compression` periods, of the portfolio or of a data."""

    def start(self) -> None:
        super().start()
        self._values = self._window()
        if self.p.data is None:
            self._lastvalue = self._before = self._worth()

    def _window(self) -> deque[float]:
        """The values before the latest periods; NaN where there were none yet."""
        return deque([math.nan] * self.compression, maxlen=self.compression)

    def on_dt_over(self) -> None:
        data = self.p.data
        if data is None or len(data) > 1:
            before = self._lastvalue
        else:
            before = data.open[0] if self.p.firstopen else data[0]
        self._values.append(before)

    def next(self) -> None:
        super().next()
        self.rets[self.dtkey] = math.log(self._value / self._values[0])
        self._lastvalue = self._value

    def _work_out(self, values: np.ndarray) -> None:
        keys, ends, before = self._ends(values)
        self._rets = OrderedDict()
        self._values = self._window()
        for key, after in zip(keys, ends, strict=True):
            self._values.append(before)
            self._rets[key] = math.log(after / self._values[0])
            before = after


__all__ = ["LogReturnsRolling"]
