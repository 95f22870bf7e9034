"""What was bought and sold."""

from __future__ import annotations

import math
from collections import OrderedDict, defaultdict
from typing import Any

from ..analyzer import Analyzer
from ..dates import num2date
from ..order import Order
from ..position import Position


class Transactions(Analyzer):
    """What was bought and sold at which time."""

    params = (
        ("headers", False),
        ("_pfheaders", ("date", "amount", "price", "sid", "symbol", "value")),
    )

    #: The bar of the latest trades.
    _bar: float = math.inf

    def start(self):
        if self.p.headers:
            self._rets[self.p._pfheaders[0]] = [list(self.p._pfheaders[1:])]
        self._positions: Any = defaultdict(Position)
        self._tz = self.strategy.lines.datetime._tz
        self._names = list(enumerate(self.strategy.getdatanames()))
        #: The bar of the latest trades; nothing is entered before there is one.
        self._time = math.nan
        self._bar = 0

    def create_analysis(self):
        self._rets = OrderedDict()

    @property
    def rets(self):
        if not self._ended and self._bar < self.strategy.cerebro._bars_heard(self):
            self._enter()
        return self._rets

    #: Whether the run has ended: the strategy may be gone then.
    _ended = False

    def _stop(self):
        super()._stop()
        self._enter()
        self._ended = True

    def notify_order(self, order):
        if order.status not in (Order.Partial, Order.Completed):
            return
        time = self.strategy.datetime[0]
        if time != self._time:
            self._enter()
            self._positions.clear()
            self._time = time
            self._bar = self.strategy.cerebro._cursor.idx
        traded = self._positions[order.data._name]
        for bit in order.executed.iterpending():
            _add(traded, bit.size, bit.price)

    def _enter(self):
        """Enter what was traded in the latest bar that had trades."""
        entries = []
        for number, name in self._names:
            traded = self._positions.get(name)
            if traded is not None and traded.size:
                size, price = traded.size, traded.price
                entries.append([size, price, number, name, -size * price])
        if entries:
            self._rets[num2date(self._time, self._tz)] = entries


def _add(position, size, price):
    """What was traded in one bar, as an average-price position of its own."""
    before = position.size
    after = position.size = before + size
    if not after:
        position.price = 0.0
    elif not before or (before > 0) != (after > 0):
        position.price = price
    elif (before > 0) == (size > 0):
        position.price = (position.price * before + size * price) / after
