"""`Sizer`: how many units an order without a size asks for."""

from __future__ import annotations

from typing import Any

from .params import ParamsBase


class Sizer(ParamsBase):
    """A subclass returns the size in `_getsizing`."""

    strategy: Any = None
    broker: Any = None

    def getsizing(self, data: Any, isbuy: bool) -> float:
        broker = self.broker
        return self._getsizing(broker.getcommissioninfo(data), broker.getcash(), data, isbuy)

    def _getsizing(self, comminfo: Any, cash: float, data: Any, isbuy: bool) -> float:
        raise NotImplementedError

    def set(self, strategy: Any, broker: Any) -> None:
        self.strategy = strategy
        self.broker = broker


SizerBase = Sizer
