"""Several feeds one after another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..data import AbstractDataBase, MetaData
from ..dates import Localizer


class MetaJoined(MetaData):
    """A feed over feeds has the bar length of the first."""

    def _before_init(cls, obj, args, kwargs):
        args, kwargs = super()._before_init(obj, args, kwargs)
        if args:
            obj.p.timeframe = args[0]._timeframe
            obj.p.compression = args[0]._compression
        return args, kwargs


class Joined(AbstractDataBase, metaclass=MetaJoined):
    """A feed whose bars come from other feeds that are not themselves part of the run."""

    _sources: tuple[Any, ...]

    def islive(self) -> bool:
        # The whole run goes bar by bar with it.
        return True

    def start(self) -> None:
        super().start()
        for source in self._sources:
            source.setenvironment(self._env)
            # The real one begins where the feed was left in an earlier run, too.
            source._start()
        self._ds = list(self._sources)
        self._d = self._ds.pop(0) if self._ds else None

    def stop(self) -> None:
        super().stop()
        for source in self._sources:
            source.stop()

    def _gettz(self) -> Any:
        return self._sources[0]._gettz() if self._sources else Localizer(self.p.tz)


class Chainer(Joined):
    """The bars of the first feed, then those of the next that are later, and so on."""

    def __init__(self, *args: Any) -> None:
        self._args = self._sources = args

    def start(self) -> None:
        super().start()
        self._lastdt = datetime.min

    def get_notifications(self) -> list[Any]:
        return [] if self._d is None else self._d.get_notifications()

    def _load(self):
        while self._d is not None:
            if not self._d.next():
                self._d = self._ds.pop(0) if self._ds else None
                continue
            when = self._d.datetime.datetime()
            if when > self._lastdt:
                self._lastdt = when
                for line, other in zip(self.lines, self._d.lines, strict=False):
                    line[0] = other[0]
                return True
        return False
