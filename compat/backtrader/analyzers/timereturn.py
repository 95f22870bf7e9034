"""The returns of periods."""

from __future__ import annotations

import math
from collections import OrderedDict

from .curve import Periods, start_value, values_of


class TimeReturn(Periods):
    """The return of each period, of the portfolio or of a data."""

    params = (("data", None), ("firstopen", True), ("fund", None))

    def _work_out(self):
        starts, keys = self._starts()
        if self.p.data is None:
            values = values_of(self)
            before = start_value(self)
        else:
            values = self.strategy.cerebro._closes_heard(self, self.p.data)
            first = self.p.data.open if self.p.firstopen else self.p.data.lines[0]
            before = first.array[0] if keys else math.nan
        rets = OrderedDict()
        ends = [*(starts[1:] - 1).tolist(), len(values) - 1]
        for key, end in zip(keys, ends, strict=False):
            after = float(values[end])
            rets[key] = after / before - 1.0
            before = after
        return rets
