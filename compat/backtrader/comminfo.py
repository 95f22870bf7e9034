"""Commission infos: what a script asks about costs.

The engine prices with what `rules` tells it, methods of a script's own class included: `own_costs`.
"""

from __future__ import annotations

from typing import Any

from .params import ParamsBase


class CommInfoBase(ParamsBase):
    """Commission, margin and multiplier of an asset."""

    COMM_PERC, COMM_FIXED = range(2)

    params = (
        ("commission", 0.0),
        ("mult", 1.0),
        ("margin", None),
        ("commtype", None),
        ("stocklike", False),
        ("percabs", False),
        ("interest", 0.0),
        ("interest_long", False),
        ("leverage", 1.0),
        ("automargin", False),
    )

    def __init__(self) -> None:
        p = self.p
        self._stocklike = p.stocklike
        self._commtype = p.commtype
        if p.commtype is None:
            self._stocklike = not p.margin
            self._commtype = self.COMM_FIXED if p.margin else self.COMM_PERC
        if not self._stocklike and not p.margin:
            p.margin = 1.0
        if self._commtype == self.COMM_PERC and not p.percabs:
            p.commission /= 100.0
        self._creditrate = p.interest / 365.0

    @property
    def margin(self) -> Any:
        return self.p.margin

    @property
    def stocklike(self) -> bool:
        return self._stocklike

    def get_margin(self, price: float) -> Any:
        if not self.p.automargin:
            return self.p.margin
        return price * (self.p.mult if self.p.automargin < 0 else self.p.automargin)

    def get_leverage(self) -> float:
        return self.p.leverage

    def getsize(self, price: float, cash: float) -> int:
        """The whole number of units that `cash` pays for."""
        unit = price if self._stocklike else self.get_margin(price)
        return int(self.p.leverage * (cash // unit))

    def getoperationcost(self, size: float, price: float) -> float:
        """The cash that an operation takes."""
        return abs(size) * (price if self._stocklike else self.get_margin(price))

    def getvaluesize(self, size: float, price: float) -> float:
        """The value of `size` units; negative for a short stock."""
        if self._stocklike:
            return size * price
        return abs(size) * self.get_margin(price)

    def getvalue(self, position: Any, price: float) -> float:
        """The value of a position whose short proceeds are not in cash."""
        size = position.size
        if not self._stocklike:
            return abs(size) * self.get_margin(price)
        if size >= 0:
            return size * price
        return position.price * size + (position.price - price) * size

    def _getcommission(self, size: float, price: float, pseudoexec: bool) -> float:
        rate = abs(size) * self.p.commission
        return rate * price if self._commtype == self.COMM_PERC else rate

    def getcommission(self, size: float, price: float) -> float:
        return self._getcommission(size, price, True)

    def confirmexec(self, size: float, price: float) -> float:
        return self._getcommission(size, price, False)

    def profitandloss(self, size: float, price: float, newprice: float) -> float:
        return size * (newprice - price) * self.p.mult

    def cashadjust(self, size: float, price: float, newprice: float) -> float:
        return 0.0 if self._stocklike else size * (newprice - price) * self.p.mult

    def get_credit_interest(self, data: Any, pos: Any, dt: Any) -> float:
        """What is charged for a position since its last charge (`pos.datetime`) up to `dt`."""
        if pos.size > 0 and not self.p.interest_long:
            return 0.0
        today, before = dt.date(), pos.datetime.date()
        if today <= before:
            return 0.0
        days = (today - before).days
        return self._get_credit_interest(data, pos.size, pos.price, days, today, before)

    def _get_credit_interest(
        self, data: Any, size: float, price: float, days: int, dt0: Any, dt1: Any
    ) -> float:
        return days * self._creditrate * abs(size) * price


class CommissionInfo(CommInfoBase):
    """The same; 0.01 means 1 %."""

    params = (("percabs", True),)
