"""Bars as Heikin Ashi."""

from __future__ import annotations

from typing import Any


class HeikinAshi:
    """The close is the bar's mean; the open the middle of the body before."""

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> bool:
        o, h, low, c = data.open[0], data.high[0], data.low[0], data.close[0]
        close = data.close[0] = (o + h + low + c) / 4.0
        if len(data) > 1:
            opened = data.open[0] = (data.open[-1] + data.close[-1]) / 2.0
            data.high[0] = max(opened, close, h)
            data.low[0] = min(opened, close, low)
        else:
            data.open[0] = (o + c) / 2.0
        return False


__all__ = ["HeikinAshi"]
