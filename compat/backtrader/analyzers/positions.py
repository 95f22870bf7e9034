"""What the position of each data is worth."""

from __future__ import annotations

from ..analyzer import Analyzer
from ..data import TimeFrame


class PositionsValue(Analyzer):
    """The values of the positions, and the cash, at each bar."""

    params = (("headers", False), ("cash", False))

    def start(self) -> None:
        if self.p.headers:
            names = [data._name or f"Data{i}" for i, data in enumerate(self.datas)]
            self.rets["Datetime"] = names + ["cash"] * self.p.cash
        self._usedate = min(data._timeframe for data in self.datas) >= TimeFrame.Days

    def next(self) -> None:
        broker = self.strategy.broker
        values = [broker.get_value([data]) for data in self.datas]
        if self.p.cash:
            values.append(broker.get_cash())
        time = self.strategy.datetime
        self.rets[time.date() if self._usedate else time.datetime()] = values
