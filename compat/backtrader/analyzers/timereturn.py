"""The returns of periods."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np

from .curve import Returning


class TimeReturn(Returning):
    """The return of each period, of the portfolio or of a data."""

    _lastvalue: Any
    _value_start: Any

    def start(self) -> None:
        super().start()
        self._value_start = 0.0
        self._lastvalue = None
        if self.p.data is None:
            self._lastvalue = self._before = self._worth()

    def on_dt_over(self) -> None:
        data = self.p.data
        if data is None or self._lastvalue is not None:
            self._value_start = self._lastvalue
        else:
            self._value_start = data.open[0] if self.p.firstopen else data[0]

    def next(self) -> None:
        super().next()
        self.rets[self.dtkey] = self._value / self._value_start - 1.0
        self._lastvalue = self._value

    def _work_out(self, values: np.ndarray) -> None:
        keys, ends, before = self._ends(values)
        self._rets = OrderedDict()
        for key, after in zip(keys, ends, strict=True):
            self._rets[key] = after / before - 1.0
            before = after
