"""Data feeds: their lines, their settings, and how their bars come into the lines."""

from __future__ import annotations

import collections
import datetime as dt
import inspect
from typing import Any

import numpy as np

from . import dates
from .clock import FIELDS, Clock
from .dataseries import TimeFrame
from .dates import Localizer, date2num, num2date, time2num, tzparse
from .lines import MetaLineSeries
from .loading import Rows
from .unsupported import missing, unsupported


class MetaData(MetaLineSeries):
    """Brings the parameters of a feed into their final form."""

    def _before_init(cls, obj, args, kwargs):
        args, kwargs = super()._before_init(obj, args, kwargs)
        # One cursor for all lines: it moves once per bar.
        obj.cursor = obj.lines[0].cursor
        for line in obj.lines:
            line.cursor = obj.cursor
        obj._dataname = obj.p.dataname
        obj._name = ""
        obj.notifs = collections.deque()
        obj._ticks = {}
        return args, kwargs

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
        obj._reset_rows()
        obj._filters = []
        obj._ffilters = []
        for wanted in p.filters:
            maker: Any = wanted
            made: Any = maker(obj) if inspect.isclass(wanted) else maker
            obj._filters.append((made, (), {}))
            if made is not wanted and hasattr(made, "last"):
                obj._ffilters.append((made, (), {}))


def _time_of(value: Any, default: dt.time) -> dt.time:
    if value is None:
        return default
    return value.time() if isinstance(value, dt.datetime) else value


def _datetime_of(value: Any, time: dt.time) -> Any:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, time)
    return value


#: What a class may define to read its bars in its own way: then they come one after another.
_READING = ("_load", "_loadline", "load", "next", "_getnextline", "forward", "backwards")


class AbstractDataBase(Rows, metaclass=MetaData):
    """A feed: a subclass writes the next bar into its lines in `_load`.

    A class that can deliver all its bars at once does so in `_columns`; a subclass of it that
    reads bars in its own way is asked for them one by one.
    """

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

    _NOTIFNAMES = [  # noqa: RUF012
        "CONNECTED",
        "DISCONNECTED",
        "CONNBROKEN",
        "DELAYED",
        "LIVE",
        "NOTSUBSCRIBED",
        "NOTSUPPORTED_TIMEFRAME",
        "UNKNOWN",
    ]

    resampling: Any = 0
    replaying: Any = 0

    _id = 0
    _tz: Any = None
    _calendar: Any = None
    _env: Any = None
    _feed: Any = None
    _store: Any = None
    _compensate: Any = None
    _started = False
    _laststatus = CONNECTED
    _qcheck = 0.0
    _tmoffset = dt.timedelta()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("tick_"):
            return self._tick(name)
        return super().__getattr__(name)

    def _tick(self, name: str) -> Any:
        """The current bar's value, where no source's bar within it was kept."""
        if self._ticks:
            if name in self._ticks:
                return self._ticks[name]
        elif len(self):
            line = "close" if name == "tick_last" else name[5:]
            if line in self.lines._names and line != "datetime":
                return getattr(self.lines, line)[0]
        return getattr(self.lines, name)

    @classmethod
    def _getstatusname(cls, status: int) -> str:
        return cls._NOTIFNAMES[status]

    def setenvironment(self, env: Any) -> None:
        self._env = env

    def getenvironment(self) -> Any:
        return self._env

    def islive(self) -> bool:
        return False

    def haslivedata(self) -> bool:
        return False

    def do_qcheck(self, onoff: Any, qlapse: float) -> None:
        self._qcheck = max(0.0, (self.p.qcheck if onoff else 0.0) - qlapse)

    def getfeed(self) -> Any:
        return self._feed

    def put_notification(self, status: int, *args: Any, **kwargs: Any) -> None:
        """Queue a change of status for `notify_data`."""
        if self._laststatus != status:
            self.notifs.append((status, args, kwargs))
            self._laststatus = status

    def get_notifications(self) -> list[Any]:
        out = list(self.notifs)
        self.notifs.clear()
        return out

    def clone(self, **kwargs: Any) -> Any:
        """A feed with the bars of this one."""
        from .feed import DataClone

        return DataClone(dataname=self, **kwargs)

    def copyas(self, _dataname: Any, **kwargs: Any) -> Any:
        """The same under a name of its own."""
        made = self.clone(**kwargs)
        made._dataname = made._name = _dataname
        return made

    def compensate(self, other: Any) -> None:
        raise unsupported("data.compensate")

    # Times

    def _gettz(self) -> Any:
        return tzparse(self.p.tz)

    def _gettzinput(self) -> Any:
        return tzparse(self.p.tzinput)

    def _timeoffset(self) -> dt.timedelta:
        return self._tmoffset

    def date2num(self, dt: Any) -> float:
        """A time, in the feed's time zone where it has one, as a float."""
        return date2num(dt if self._tz is None else self._tz.localize(dt))

    def num2date(self, dt: float | None = None, tz: Any = None, naive: bool = True):
        """The time of a float (default: the current bar) in the feed's time zone."""
        return num2date(self.lines.datetime[0] if dt is None else dt, tz or self._tz, naive)

    def _session_end(self, time: float) -> tuple[dt.datetime, float]:
        """The end of the session of a time, as a time and as a float."""
        now = num2date(time)
        if self._calendar is not None:
            _, end = self._calendar.schedule(now, self._tz)
            return end, date2num(end)
        end = num2date(self.date2num(dt.datetime.combine(now, self.p.sessionend)))
        while now > end:
            end += dt.timedelta(days=1)
        return end, date2num(end)

    # Start and end

    def _start(self) -> None:
        self.start()
        if not self._started:
            self._start_finish()

    def _start_finish(self) -> None:
        """Bring dates and time zones into the form in which bars are compared with them."""
        p = self.p
        self._tz = self.lines.datetime._tz = self._gettz()
        self._tzinput = Localizer(self._gettzinput())
        self.fromdate = -float("inf") if p.fromdate is None else self.date2num(p.fromdate)
        self.todate = float("inf") if p.todate is None else self.date2num(p.todate)
        self.sessionstart = time2num(p.sessionstart)
        self.sessionend = time2num(p.sessionend)
        self._calendar = p.calendar
        if self._calendar is None:
            self._calendar = getattr(self._env, "_tradingcal", None)
        elif isinstance(self._calendar, str):
            gap = missing("", "PandasMarketCalendar")
            if not isinstance(gap, AttributeError):
                raise gap
            from .tradingcal import PandasMarketCalendar  # pyright: ignore

            self._calendar = PandasMarketCalendar(calendar=self._calendar)
        self._started = True

    def start(self) -> None:
        """Called before the bars are loaded."""
        self._reset_rows()
        self._outside = None
        self._rows_ahead = self._times_ahead = None
        self._ticks = {}
        self._block: np.ndarray | None = None
        self._taken = self._growing = False
        self._laststatus = self.CONNECTED

    def stop(self) -> None:
        """Called after the run."""

    # Loading

    def _columns(self) -> dict[str, Any] | None:
        """All bars: a column or list per line name; lines that are left out are NaN.

        "datetime" is an array or a list of its own.
        """
        return None

    def _read_again(self) -> None:
        """Go back to where `_columns` began to read."""

    def _begins_again(self) -> bool:
        """Whether `start` finds the bars again that were read."""
        return True

    def _columnar(self) -> bool:
        """Whether the rows can be taken as columns: nobody reads them one by one."""
        cls = type(self)
        home = next(base for base in cls.__mro__ if "_columns" in base.__dict__)
        return (
            home is not AbstractDataBase
            and not self.p.tzinput
            and all(getattr(cls, n, None) is getattr(home, n, None) for n in _READING)
        )

    def _has_columns(self) -> bool:
        """Whether the bars can be: nobody changes them one by one either."""
        return not self._filters and self._columnar()

    def _read_columns(self) -> dict[str, Any] | None:
        """The rows as columns, read now; None where they have to be read one by one."""
        if not self._columnar():
            return None
        try:
            return self._columns()
        except NotImplementedError:
            raise
        except Exception:
            # Read one by one, the row at fault tells its own error; after `todate` none does.
            self._read_again()
            return None

    def preload(self) -> None:
        """Read the bars between `fromdate` and `todate` into the lines."""
        columns = None if self._filters else self._read_columns()
        if columns is None:
            while self.load():
                pass
            self._last()
            for line in self.lines:
                line.settle()
        else:
            self._take(columns)
            self._taken = True
        self.home()

    def _take(self, columns: dict[str, Any]) -> None:
        times = np.asarray(columns["datetime"], dtype=np.float64)
        # Reading stops at the first bar after `todate`.
        after = times > self.todate
        keep: Any = slice(0, int(after.argmax()) if after.any() else len(times))
        begun = times[keep] >= self.fromdate
        if not begun.all():
            keep = np.flatnonzero(begun)
        kept = times[keep]
        size = len(kept)
        if size < len(times):
            self._leave_out(times[0], times[-1])
        # Where the engine reads them too: one copy of each price is enough.
        self._block = np.empty((len(FIELDS), size))
        rows: dict[str, np.ndarray] = dict(zip(FIELDS, self._block, strict=True))
        for name, line in zip(self.lines._names, self.lines, strict=True):
            values = kept if name == "datetime" else columns.get(name)
            row = rows.get(name)
            if values is None and row is None:
                line.set_column(np.broadcast_to(np.nan, size))
                continue
            if row is None:
                row = kept if name == "datetime" else np.empty(size)
            if row is not values:
                row[:] = np.nan if values is None else np.asarray(values, dtype=np.float64)[keep]
            line.set_column(row)

    def _prices(self) -> np.ndarray | None:
        """float64[5, T], open to volume: the columns of these lines, in one piece.

        None where they are not, or are not the same any more.
        """
        block = self._block
        if block is None:
            return None
        held = (self.lines._lines[self.lines._names.index(name)]._column for name in FIELDS)
        same = (column is not None and column.base is block for column in held)
        return block if all(same) else None


DataBase = AbstractDataBase

__all__ = ["AbstractDataBase", "Clock", "DataBase", "MetaData", "TimeFrame"]
