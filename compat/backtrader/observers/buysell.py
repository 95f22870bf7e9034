"""Where orders were executed."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from ..observer import Observer


def _mark(marker: str, color: str) -> dict[str, Any]:
    return {"marker": marker, "markersize": 8.0, "color": color, "fillstyle": "full", "ls": ""}


class BuySell(Observer):
    """The average price of a bar's purchases and sales of one data.

    barplot: below the low and above the high instead, by `bardist` as a fraction.
    """

    lines = ("buy", "sell")
    params = (("barplot", False), ("bardist", 0.015))
    plotinfo: ClassVar[Any] = {"plot": True, "subplot": False, "plotlinelabels": True}
    plotlines: ClassVar[Any] = {"buy": _mark("^", "lime"), "sell": _mark("v", "red")}

    curbuylen = 0
    curselllen = 0

    def next(self) -> None:
        mine = [
            order
            for order in self._owner._orderspending
            if order.data is self.data and order.executed.size
        ]
        buys = [order.executed.price for order in mine if order.isbuy()]
        sells = [order.executed.price for order in mine if not order.isbuy()]
        self.curbuylen = self._note(self.lines.buy, buys, self.curbuylen, True)
        # The original counts sales under a name with one more letter, to the same effect.
        self.curselllen = self._note(self.lines.sell, sells, self.curselllen, False)

    def _note(self, line: Any, prices: list[float], count: int, buying: bool) -> int:
        """Write the average of `prices` and of those noted before at this bar; how many."""
        before = line[0]
        if before != before:
            before, count = 0.0, 0
        total = before + math.fsum(prices)
        count += len(prices)
        if not self.p.barplot:
            line[0] = total / count if count else math.nan
        elif count:
            line[0] = self._beside(self.data.low[0] if buying else self.data.high[0], buying)
        return count

    def _beside(self, price: float, buying: bool) -> float:
        return price * (1 - self.p.bardist if buying else 1 + self.p.bardist)

    def _reads_account(self) -> bool:
        # Bar by bar it follows its data, and notes more than once in a bar of a slow one.
        return self._once_only or len(self._owner.datas) == 1

    def _columns(self, bars: int) -> list[list[float]]:
        owner = self._owner
        lines = [math.nan] * bars, [math.nan] * bars
        # Not `index()`: lines answer `==` with their values.
        place = [data is self.data for data in owner.cerebro.datas].index(True)
        rows = owner.cerebro._clock.rows[place]
        for tick, orders in owner._orders_by_tick():
            if tick >= bars:
                break
            mine = [o for o in orders if o.data is self.data and o.executed.size]
            for line, buying in zip(lines, (True, False), strict=True):
                prices = [o.executed.price for o in mine if o.isbuy() is buying]
                if not prices:
                    continue
                if self.p.barplot:
                    prices_of = self.data.low if buying else self.data.high
                    line[tick] = self._beside(prices_of.array[rows[tick]], buying)
                else:
                    line[tick] = (0.0 + math.fsum(prices)) / len(prices)
        return list(lines)
