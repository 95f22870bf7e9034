"""How much of the account is in positions."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from ..dates import num2date
from .curve import FromCurve


class GrossLeverage(FromCurve):
    """The share of the value that is not cash, at each bar."""

    params = (("fund", None),)

    def notify_fund(self, cash, value, fundvalue, shares):
        super().notify_fund(cash, value, fundvalue, shares)
        self._cash = cash

    def next(self) -> None:
        leverage = (self._value - self._cash) / self._value
        self.rets[self.datas[0].datetime.datetime()] = leverage

    def _reads_curve(self) -> bool:
        return len(self.datas) == 1 and super()._reads_curve()

    def _work_out(self, values: np.ndarray) -> None:
        if not values.all():
            raise ZeroDivisionError("float division by zero")
        cash = self.strategy.broker.notified_curves()[0][: len(values)]
        tz = self.datas[0].datetime._tz
        times = [num2date(t, tz) for t in self.strategy.cerebro._times_heard(self).tolist()]
        self._rets = OrderedDict(zip(times, ((values - cash) / values).tolist(), strict=True))
