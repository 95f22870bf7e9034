"""A feed that rolls from one future to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .chainer import Joined

_LINES = ("datetime", "open", "high", "low", "close", "volume", "openinterest")


class RollOver(Joined):
    """The bars of the first feed until it ends or its conditions to leave it are met.

    checkdate(time, feed): whether the feed may be left at the time. checkcondition(feed, next):
    whether it is left then (default: yes).
    """

    params = (("checkdate", None), ("checkcondition", None))

    def __init__(self, *args: Any) -> None:
        self._rolls = self._sources = args

    def start(self) -> None:
        super().start()
        self._dexp: Any = None
        self._dts = [datetime.min for _ in self._ds]

    def _checkdate(self, dt: datetime, d: Any) -> Any:
        return self.p.checkdate(dt, d) if self.p.checkdate is not None else False

    def _checkcondition(self, d0: Any, d1: Any) -> Any:
        return self.p.checkcondition(d0, d1) if self.p.checkcondition is not None else True

    def _leave(self) -> None:
        self._d = self._ds.pop(0)
        self._dts.pop(0)

    def _load(self):
        while self._d is not None:
            read = self._d.next()
            if read is None:
                continue
            if read is False:
                if self._ds:
                    self._leave()
                else:
                    self._d = None
                continue
            now = self._d.datetime.datetime()
            # The later feeds keep up with the current one.
            for i, feed in enumerate(self._ds):
                while self._dts[i] < now:
                    if feed.next() is not None:
                        self._dts[i] = feed.datetime.datetime()
            # What was left is played to its end.
            while self._dexp is not None:
                if not self._dexp.next():
                    self._dexp = None
            may_leave = self._dexp is None and self._checkdate(now, self._d)
            if may_leave and self._ds and self._checkcondition(self._d, self._ds[0]):
                self._dexp = self._d
                self._leave()
            for name in _LINES:
                getattr(self.lines, name)[0] = getattr(self._d.lines, name)[0]
            return True
        return False
