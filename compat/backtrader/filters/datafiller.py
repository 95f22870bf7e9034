"""A feed of another one's bars, and of bars for times of the session without any."""

from __future__ import annotations

import collections
from datetime import datetime
from typing import Any

from .datafilter import OverFeed
from .session import UNITS


class DataFiller(OverFeed):
    """Bars are filled in at the previous close, or at `fill_price`."""

    params: Any = (
        ("fill_price", None),
        ("fill_vol", float("NaN")),
        ("fill_oi", float("NaN")),
    )

    def start(self) -> None:
        super().start()
        self._fillbars: Any = collections.deque()
        self._dbar: Any = False

    def _fill(self) -> bool:
        when, price = self._fillbars.popleft()
        price = self.p.fill_price or price
        lines = self.lines
        lines.datetime[0] = self.p.dataname.date2num(when)
        lines.open[0] = lines.high[0] = lines.low[0] = lines.close[0] = price
        lines.volume[0] = self.p.fill_vol
        lines.openinterest[0] = self.p.fill_oi
        return True

    def _copy(self) -> bool:
        self._dbar = False
        return super()._copy()

    def _load(self):
        source = self.p.dataname
        if not len(source):
            source.start()
            self._take_length()
            self._tdunit = UNITS[self._timeframe] * self._compression
        if self._fillbars:
            return self._fill()
        self._dbar = self._dbar or source.next()
        if not self._dbar:
            return False
        if len(self) == 1:
            return self._copy()
        price = self.lines.close[-1]
        before = self.lines.datetime.datetime(-1)
        now = source.datetime.datetime(0)
        end = datetime.combine(before.date(), source.sessionend)
        start = now
        if now > end:
            start = datetime.combine(now.date(), source.sessionstart)
        else:
            end = now
        self._queue(before + self._tdunit, end, price)
        self._queue(start, now, price)
        if self._fillbars:
            self._dbar = True
            return self._fill()
        return self._copy()

    def _queue(self, when: datetime, end: datetime, price: float) -> None:
        while when < end:
            self._fillbars.append((when, price))
            when += self._tdunit
