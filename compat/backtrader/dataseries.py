"""Series of bars: the units of their lengths, their lines, and a bar that grows."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from .lines import LineSeries, _plotnames

NAN = float("nan")


class TimeFrame:
    """The units of bar lengths."""

    Ticks, MicroSeconds, Seconds, Minutes, Days, Weeks, Months, Years, NoTimeFrame = range(1, 10)

    Names = [  # noqa: RUF012
        "",
        "Ticks",
        "MicroSeconds",
        "Seconds",
        "Minutes",
        "Days",
        "Weeks",
        "Months",
        "Years",
        "NoTimeFrame",
    ]
    names = Names

    @classmethod
    def getname(cls, tframe: int, compression: Any = None) -> str:
        name = cls.Names[tframe]
        return name if compression > 1 or name == cls.Names[-1] else name[:-1]

    @classmethod
    def TFrame(cls, name: str) -> int:
        return getattr(cls, name)

    @classmethod
    def TName(cls, tframe: int) -> str:
        return cls.Names[tframe]


class DataSeries(LineSeries):
    """Lines of bars, with a name and a bar length."""

    plotinfo: Any = _plotnames(plotind=True, plotylimited=True)

    _name: Any = ""
    _compression = 1
    _timeframe = TimeFrame.Days

    Close, Low, High, Open, Volume, OpenInterest, DateTime = range(7)
    LineOrder = [DateTime, Open, High, Low, Close, Volume, OpenInterest]  # noqa: RUF012

    def getwriterheaders(self) -> list[Any]:
        """Column names of a writer: name, length, then the lines in `LineOrder` and the others."""
        names = self.getlinealiases()
        ordered = [names[i] for i in self.LineOrder]
        return [self._name, "len", *ordered, *names[len(self.LineOrder) :]]

    def getwritervalues(self) -> list[Any]:
        """The current bar's values under those names; empty texts before the first bar."""
        size = len(self)
        count = self.lines.size()
        if not size:
            return [self._name, size, *[""] * count]
        rest = [*self.LineOrder[1:], *range(len(self.LineOrder), count)]
        values = [self.lines[i][0] for i in rest]
        return [self._name, size, self.lines[self.DateTime].datetime(0), *values]

    def getwriterinfo(self) -> OrderedDict[str, Any]:
        """Name and bar length."""
        return OrderedDict(
            Name=self._name,
            Timeframe=TimeFrame.TName(self._timeframe),
            Compression=self._compression,
        )


class OHLC(DataSeries):
    """Prices, volume and open interest."""

    lines = ("close", "low", "high", "open", "volume", "openinterest")


class OHLCDateTime(OHLC):
    """The same with times."""

    lines = ("datetime",)


class SimpleFilterWrapper:
    """A filter that only says whether the current bar is to be taken out."""

    def __init__(self, data: Any, ffilter: Any, *args: Any, **kwargs: Any) -> None:
        if inspect.isclass(ffilter):
            made: Any = ffilter
            ffilter, args, kwargs = made(data, *args, **kwargs), (), {}
        self.ffilter, self.args, self.kwargs = ffilter, args, kwargs

    def __call__(self, data: Any) -> bool:
        out = bool(self.ffilter(data, *self.args, **self.kwargs))
        if out:
            data.backwards()
        return out


#: The time of a bar that has none yet.
LAST_TIME = 3652058.0


class GrowingBar:
    """A bar that several bars of a data are put into.

    datetime is a float; open NaN means that nothing was put in yet.
    """

    __slots__ = ("close", "datetime", "high", "low", "open", "openinterest", "volume")

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Empty it."""
        self.close = self.open = NAN
        self.low, self.high = float("inf"), float("-inf")
        self.volume = self.openinterest = 0.0
        self.datetime = LAST_TIME

    @property
    def filled(self) -> bool:
        return self.open == self.open

    def add(self, row: Sequence[float]) -> None:
        """Put a bar in: its values in the order of a data's lines."""
        self.close, low, high, opened, volume, self.openinterest, self.datetime = row[:7]
        if high > self.high:
            self.high = high
        if low < self.low:
            self.low = low
        self.volume += volume
        if self.open != self.open:
            self.open = opened

    def values(self) -> list[float]:
        """In the order of a data's lines."""
        return [
            self.close,
            self.low,
            self.high,
            self.open,
            self.volume,
            self.openinterest,
            self.datetime,
        ]


__all__ = ["OHLC", "DataSeries", "OHLCDateTime", "SimpleFilterWrapper", "TimeFrame"]
