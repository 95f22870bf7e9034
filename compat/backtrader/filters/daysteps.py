"""A bar in two steps: its open, then the whole."""

from __future__ import annotations

from typing import Any


class BarReplayer_Open:
    """Shows a bar of the open alone first, then the bar."""

    def __init__(self, data: Any) -> None:
        self.pendingbar: list[float] | None = None
        data.resampling = 1
        data.replaying = True

    def __call__(self, data: Any) -> bool:
        bar = [line[0] for line in data.lines]
        data.backwards()
        opened = bar[:]
        for k in (data.High, data.Low, data.Close):
            opened[k] = bar[data.Open]
        opened[data.Volume] = opened[data.OpenInterest] = 0.0
        gone = self.pendingbar is None
        if self.pendingbar is not None:
            data._updatebar(self.pendingbar)
        self.pendingbar = bar
        data._add2stack(opened)
        return gone

    def last(self, data: Any) -> bool:
        if self.pendingbar is None:
            return False
        data.backwards()
        data._add2stack(self.pendingbar)
        self.pendingbar = None
        return True


DayStepsFilter = BarReplayer_Open
