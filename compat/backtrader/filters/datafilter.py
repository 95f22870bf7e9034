"""A feed of some bars of another one."""

from __future__ import annotations

from typing import Any

from ..data import AbstractDataBase


class OverFeed(AbstractDataBase):
    """A feed that reads another feed, `dataname`."""

    def preload(self) -> None:
        source = self.p.dataname
        if len(source) == source.buflen():
            source.start()
            source.preload()
            source.home()
        self._take_length()
        super().preload()

    def _take_length(self) -> None:
        source = self.p.dataname
        self.p.timeframe = self._timeframe = source._timeframe
        self.p.compression = self._compression = source._compression

    def _copy(self) -> bool:
        for line, other in zip(self.lines, self.p.dataname.lines, strict=False):
            line[0] = other[0]
        return True


class DataFilter(OverFeed):
    """The bars for which `funcfilter(data)` is true."""

    params: Any = (("funcfilter", None),)

    def _load(self):
        source = self.p.dataname
        if not len(source):
            source.start()
        while source.next():
            if self.p.funcfilter(source):
                return self._copy()
        return False
