"""Data feeds: their lines, their times, and the clock that several of them share."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from . import dates
from .dates import date2num, num2date, to_nanoseconds
from .lines import LineSeries, MetaLineSeries, _plotnames
from .unsupported import unsupported


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
    def getname(cls, tframe: int, compression: int = 1) -> str:
        name = cls.Names[tframe]
        return name if compression > 1 or name == cls.Names[-1] else name[:-1]

    @classmethod
    def TFrame(cls, name: str) -> int:
        return getattr(cls, name)

    @classmethod
    def TName(cls, tframe: int) -> str:
        return cls.Names[tframe]


class MetaData(MetaLineSeries):
    """Brings the parameters of a feed into their final form."""

    def _after_init(cls, obj):
        p = obj.p
        obj._name = obj._name or p.name
        if not obj._name and isinstance(p.dataname, str):
            obj._name = p.dataname
        obj._compression = p.compression
        obj._timeframe = p.timeframe
        p.sessionstart = _time_of(p.sessionstart, dt.time.min)
        p.sessionend = _time_of(p.sessionend, dates.TIME_MAX)
        p.fromdate = _datetime_of(p.fromdate, p.sessionstart)
        p.todate = _datetime_of(p.todate, p.sessionend)
        for name in ("tz", "tzinput", "calendar"):
            if getattr(p, name) is not None:
                raise unsupported(f"{cls.__name__}({name}=…)", "Convert the times beforehand.")
        if p.filters:
            raise unsupported(f"{cls.__name__}(filters=…)", "Filter the data beforehand.")
        # One cursor for all lines: it moves once per bar.
        for line in obj.lines:
            line.cursor = obj.cursor = obj.lines[0].cursor


def _time_of(value: Any, default: dt.time) -> dt.time:
    if value is None:
        return default
    return value.time() if isinstance(value, dt.datetime) else value


def _datetime_of(value: Any, time: dt.time) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, time)
    return value


class AbstractDataBase(LineSeries, metaclass=MetaData):
    """A feed: a subclass delivers its bars in `_load`."""

    lines = ("close", "low", "high", "open", "volume", "openinterest", "datetime")
    params = (
        ("dataname", None),
        ("name", ""),
        ("compression", 1),
        ("timeframe", TimeFrame.Days),
        ("fromdate", None),
        ("todate", None),
        ("sessionstart", None),
        ("sessionend", None),
        ("filters", []),
        ("tz", None),
        ("tzinput", None),
        ("qcheck", 0.0),
        ("calendar", None),
    )
    plotinfo = _plotnames(plotind=True, plotylimited=True)

    (
        CONNECTED,
        DISCONNECTED,
        CONNBROKEN,
        DELAYED,
        LIVE,
        NOTSUBSCRIBED,
        NOTSUPPORTED_TF,
        UNKNOWN,
    ) = range(8)

    _name = ""
    _id = 0
    _timeframe = TimeFrame.Days
    _compression = 1
    _tz = None
    _env: Any = None

    def __getattr__(self, name: str) -> Any:
        if name in _MISSING:
            raise unsupported(f"data.{name}", _MISSING[name])
        return super().__getattr__(name)

    def setenvironment(self, env: Any) -> None:
        self._env = env

    def getenvironment(self) -> Any:
        return self._env

    def islive(self) -> bool:
        return False

    def haslivedata(self) -> bool:
        return False

    def getfeed(self) -> None:
        return None

    def date2num(self, when: Any) -> float:
        return date2num(when)

    def num2date(self, num: float | None = None, tz: Any = None, naive: bool = True):
        return num2date(self.datetime[0] if num is None else num, tz, naive)

    # Loading

    def start(self) -> None:
        """Called before the bars are loaded."""

    def stop(self) -> None:
        """Called after the run."""

    def _load(self) -> dict[str, Any]:
        """All bars: a column or list per line name; lines that are left out are NaN."""
        raise unsupported(
            f"the feed class {type(self).__name__}", "Use feeds.PandasData or GenericCSVData."
        )

    def preload(self) -> None:
        """Read the bars between `fromdate` and `todate` into the lines."""
        self.start()
        columns = self._load()
        times = np.asarray(columns["datetime"], dtype=np.float64)
        keep = slice(None)
        if len(times):
            first = -np.inf if self.p.fromdate is None else date2num(self.p.fromdate)
            last = np.inf if self.p.todate is None else date2num(self.p.todate)
            # Reading stops at the first bar after `todate`.
            after = np.flatnonzero(times > last)
            stop = after[0] if len(after) else len(times)
            keep = np.flatnonzero(times[:stop] >= first)
        times = times[keep]
        if len(times) > 1 and not (times[1:] > times[:-1]).all():
            at = int(np.flatnonzero(~(times[1:] > times[:-1]))[0]) + 1
            raise unsupported(
                f"a feed whose times do not increase ({self._name or type(self).__name__}, "
                f"bar {at + 1}: {num2date(times[at])})",
                "Sort the data and drop bars with the same time.",
            )
        for name, line in zip(self.lines._names, self.lines, strict=True):
            values = columns.get(name)
            if values is None:
                line.set_column(np.full(len(times), np.nan))
            else:
                line.set_column(np.asarray(values, dtype=np.float64)[keep])
        if np.isnan(self.close.column()).any():
            at = int(np.flatnonzero(np.isnan(self.close.column()))[0])
            raise unsupported(
                f"a bar without a close ({self._name or type(self).__name__}, bar {at + 1}: "
                f"{num2date(times[at])})",
                "Drop or fill such bars.",
            )
        self.home()

    def home(self) -> None:
        for line in self.lines:
            line.cursor.idx = -1


_MISSING = {
    "resample": "Resample the frame beforehand.",
    "replay": "",
    "clone": "Make a second feed of the same data.",
    "copyas": "Make a second feed of the same data.",
    "addfilter": "Filter the data beforehand.",
    "addfilter_simple": "Filter the data beforehand.",
    "compensate": "",
    "tick_open": "",
    "tick_high": "",
    "tick_low": "",
    "tick_close": "",
    "tick_last": "",
}

DataBase = AbstractDataBase


class Clock:
    """The times at which any feed has a bar, and where each feed then stands.

    times: float64[T]; rows: int64[N, T] index of each feed's latest bar, -1 before its first.
    """

    def __init__(self, feeds: list[Any]) -> None:
        columns = [feed.datetime.column() for feed in feeds]
        if len(columns) == 1:
            self.times = columns[0]
        else:
            self.times = np.unique(np.concatenate(columns))
        self.rows = np.stack(
            [np.searchsorted(column, self.times, side="right") - 1 for column in columns]
        )

    def __len__(self) -> int:
        return len(self.times)

    def bars(self, feeds: list[Any]):
        """The feeds as `core.bars.Bars`: NaN where a feed has no bar."""
        from ...core.bars import Bars

        size = len(self.times)
        values = np.full((5, len(feeds), size), np.nan)
        for n, feed in enumerate(feeds):
            rows = self.rows[n]
            new = np.flatnonzero(np.diff(rows, prepend=-1))
            for k, name in enumerate(("open", "high", "low", "close", "volume")):
                values[k, n, new] = getattr(feed.lines, name).column()
        assets = tuple(f"{n}:{feed._name}" for n, feed in enumerate(feeds))
        return Bars(times=to_nanoseconds(self.times), assets=assets, values=values)


def names_of(feeds: Iterable[Any]) -> list[str]:
    """The names of feeds, numbered where they have none."""
    return [feed._name or f"Data{i}" for i, feed in zip(itertools.count(), feeds)]
