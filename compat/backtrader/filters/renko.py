"""Bars as Renko bricks."""

from __future__ import annotations

from typing import Any

from ..flt import Filter


class Renko(Filter):
    """A bar becomes a brick where the price has moved by one; other bars are left out.

    hilo: look at high and low, not at the close. size: the height; None: the first open divided by
    `autosize`, with `dynamic` the close at each brick. align: the first open is brought to a
    multiple; roundstart: and to a whole number.
    """

    params = (
        ("hilo", False),
        ("size", None),
        ("autosize", 20.0),
        ("dynamic", False),
        ("align", 1.0),
        ("roundstart", True),
    )

    def nextstart(self, data: Any) -> None:
        p = self.p
        start = round(data.open[0] / p.align, 0) * p.align
        self._size = p.size or float(start // p.autosize)
        if p.roundstart:
            start = int(start)
        self._top = start + self._size
        self._bot = start - self._size

    def next(self, data: Any) -> bool:
        high, low = (data.high[0], data.low[0]) if self.p.hilo else [data.close[0]] * 2
        if high >= self._top:
            self._bot = self._top
            self._top = end = self._step(data, self._bot, 1)
            self._brick(data, self._bot, end)
        elif low <= self._bot:
            self._top = self._bot
            self._bot = end = self._step(data, self._top, -1)
            self._brick(data, self._top, end)
        else:
            data.backwards()
            return True
        return False

    def _step(self, data: Any, start: float, way: int) -> float:
        """The other end of a brick that begins at `start`."""
        p = self.p
        if p.size is not None or not p.dynamic:
            return start + way * self._size
        self._size = float(data.close[0] // p.autosize)
        return round((start + way * self._size) / p.align, 0) * p.align

    def _brick(self, data: Any, start: float, end: float) -> None:
        # The low is where it begins, of falling ones too.
        data.open[0] = data.low[0] = start
        data.high[0] = data.close[0] = end
        data.volume[0] = data.openinterest[0] = 0.0


__all__ = ["Renko"]
