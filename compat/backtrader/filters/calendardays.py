"""Bars for days without any."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from ..params import ParamsBase


def filled_bar(data: Any, when: datetime, price: float, volume: float, interest: float) -> list:
    """A bar at one price; further lines have the values of the data's current bar."""
    bar = [line[0] for line in data.lines]
    for k in (data.Open, data.High, data.Low, data.Close):
        bar[k] = price
    bar[data.Volume] = volume
    bar[data.OpenInterest] = interest
    bar[data.DateTime] = data.date2num(when)
    return bar


class CalendarDays(ParamsBase):
    """Every calendar day gets a bar.

    fill_price: above 0 the price; 0 the previous close; -1 the middle of the previous bar.
    """

    params = (("fill_price", None), ("fill_vol", float("NaN")), ("fill_oi", float("NaN")))

    ONEDAY = timedelta(days=1)
    lastdt = date.max

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> bool:
        day = data.datetime.date()
        if day - self.lastdt > self.ONEDAY:
            self._fillbars(data, day, self.lastdt)
        self.lastdt = day
        return False

    def _fillbars(self, data: Any, dt: date, lastdt: date) -> None:
        time = data.datetime.time(0)
        p = self.p
        if p.fill_price > 0:
            price = p.fill_price
        elif not p.fill_price:
            price = data.close[-1]
        elif p.fill_price == -1:
            price = (data.high[-1] + data.low[-1]) / 2.0
        else:
            raise UnboundLocalError("fill_price is a price, 0 or -1")
        while lastdt < dt:
            # The day itself gets such a bar, too, before its own.
            lastdt += self.ONEDAY
            when = datetime.combine(lastdt, time)
            data._add2stack(filled_bar(data, when, price, p.fill_vol, p.fill_oi))
        data._save2stack(erase=True)
