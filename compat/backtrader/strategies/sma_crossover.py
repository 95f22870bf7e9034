"""Long while a fast average is above a slow one."""

from __future__ import annotations

from typing import Any

from ..indicators import CrossOver, MovAv
from ..strategy import Strategy


class MA_CrossOver(Strategy):
    """Buys when the fast average crosses above the slow one, sells when it crosses below."""

    alias = ("SMA_CrossOver",)
    params = (("fast", 10), ("slow", 30), ("_movav", MovAv.SMA))

    def __init__(self) -> None:
        average: Any = self.p._movav
        fast = average(period=self.p.fast)
        slow = average(period=self.p.slow)
        self.buysig: Any = CrossOver(fast, slow)

    def next(self) -> None:
        if self.position.size:
            if self.buysig < 0:
                self.sell()
        elif self.buysig > 0:
            self.buy()
