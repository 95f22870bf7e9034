"""Fillers: how many units of an order a bar fills. Any callable (order, price, ago) is one."""

from __future__ import annotations

import sys
from typing import Any

from .params import ParamsBase

__all__ = ["MAXINT", "BarPointPerc", "FixedBarPerc", "FixedSize", "MetaParams"]

from .params import MetaParams

MAXINT = sys.maxsize


def _wanted(order: Any) -> float:
    return abs(order.executed.remsize)


class FixedSize(ParamsBase):
    """At most `size` units (None: any number), and not more than the bar's volume."""

    params = (("size", None),)

    def __call__(self, order: Any, price: float, ago: int) -> float:
        return min((order.data.volume[ago], _wanted(order), self.p.size or MAXINT))


class FixedBarPerc(ParamsBase):
    """At most `perc` percent of the bar's volume."""

    params = (("perc", 100.0),)

    def __call__(self, order: Any, price: float, ago: int) -> float:
        return min(order.data.volume[ago] * self.p.perc // 100, _wanted(order))


class BarPointPerc(ParamsBase):
    """At most `perc` percent of the volume at one price, all prices of the bar having the same.

    Prices of a bar lie `minmov` apart; without it, all its volume is at one price.
    """

    params = (("minmov", None), ("perc", 100.0))

    def __call__(self, order: Any, price: float, ago: int) -> float:
        data, step = order.data, self.p.minmov
        prices = (data.high[ago] - data.low[ago] + step) // step if step else 1
        return min(data.volume[ago] / prices * self.p.perc // 100.0, _wanted(order))
