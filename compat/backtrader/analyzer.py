"""`Analyzer`: the base of analyzers, and of those that count in periods."""

from __future__ import annotations

import datetime as dt
import sys
from collections import OrderedDict
from typing import Any

from .data import TimeFrame
from .lines import set_data_lines, set_datas
from .params import MetaParams
from .unsupported import unsupported

#: The analyzers whose `__init__` is running, innermost last.
_making: list[Any] = []

_EVENTS = ("notify_order", "notify_trade", "notify_cashvalue", "notify_fund")
_BARS = ("prenext", "nextstart", "next", "on_dt_over")


class MetaAnalyzer(MetaParams):
    """Gives an analyzer its strategy, its datas and its parent."""

    def __new__(mcs, name, bases, namespace, **kwargs):
        if "_on_dt_over" in namespace:
            namespace["on_dt_over"] = namespace.pop("_on_dt_over")
        return super().__new__(mcs, name, bases, namespace, **kwargs)

    def _before_init(cls, obj, args, kwargs):
        from .strategy import _strategies

        if not _strategies:
            raise unsupported("an analyzer outside Cerebro", "Use cerebro.addanalyzer().")
        obj._children = []
        obj.strategy = _strategies[-1]
        obj._parent = _making[-1] if _making else None
        obj.datas = obj.strategy.datas
        set_datas(obj, obj.datas)
        set_data_lines(obj, obj.datas)
        obj.create_analysis()
        _making.append(obj)
        return args, kwargs

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        depth = len(_making)
        try:
            return super().__call__(*args, **kwargs)
        finally:
            del _making[depth:]

    def _after_init(cls, obj):
        _making.pop()
        if obj._parent is not None:
            obj._parent._children.append(obj)


class Analyzer(metaclass=MetaAnalyzer):
    """Hears what the strategy hears and collects results in `rets`."""

    csv = True

    #: True for the built-in ones that read the account's curve instead of hearing each bar.
    _from_curve = False

    strategy: Any
    datas: list[Any]
    data: Any
    params: Any
    p: Any
    rets: Any
    _children: list[Any]
    _parent: Any

    def __len__(self) -> int:
        return len(self.strategy)

    # Which calls anybody wants

    def _family(self) -> list[Any]:
        """This analyzer after its children."""
        return [a for child in self._children for a in child._family()] + [self]

    def _hears(self, name: str) -> bool:
        return getattr(type(self), name) is not getattr(Analyzer, name)

    def _hears_bars(self) -> bool:
        return any(
            getattr(type(a), name, None) is not getattr(Analyzer, name, None)
            for a in self._family()
            if not a._from_curve
            for name in _BARS
        )

    def _check(self) -> None:
        if not self._from_curve:
            return
        for name in (*_BARS, *_EVENTS):
            method = getattr(type(self), name, None)
            if method is not None and not method.__module__.startswith(_PACKAGE):
                raise unsupported(f"{name}() in a subclass of the analyzer {self._builtin()}")

    def _builtin(self) -> str:
        return next(c.__name__ for c in type(self).__mro__ if c.__module__.startswith(_PACKAGE))

    # One bar, one run

    def _prenext(self) -> None:
        for child in self._children:
            child._prenext()
        self.prenext()

    def _nextstart(self) -> None:
        for child in self._children:
            child._nextstart()
        self.nextstart()

    def _next(self) -> None:
        for child in self._children:
            child._next()
        self.next()

    def _start(self) -> None:
        for child in self._children:
            child._start()
        self._check()
        self.start()

    def _stop(self) -> None:
        for child in self._children:
            child._stop()
        self.stop()

    # What a subclass overrides

    def notify_cashvalue(self, cash: float, value: float) -> None:
        pass

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        pass

    def notify_order(self, order: Any) -> None:
        pass

    def notify_trade(self, trade: Any) -> None:
        pass

    def next(self) -> None:
        pass

    def prenext(self) -> None:
        self.next()

    def nextstart(self) -> None:
        self.next()

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def create_analysis(self) -> None:
        self.rets = OrderedDict()

    def get_analysis(self) -> Any:
        return self.rets

    def print(self, *args: Any, **kwargs: Any) -> None:
        """Write the results as indented lines; arguments as for `WriterFile`."""
        from .writer import WriterFile

        writer = WriterFile(*args, **kwargs)
        writer.start()
        writer.writedict({type(self).__name__: self.get_analysis()})
        writer.stop()

    def pprint(self, *args: Any, **kwargs: Any) -> None:
        from pprint import pprint

        pprint(self.get_analysis(), *args, **kwargs)


_PACKAGE = __name__.rpartition(".")[0]


class TimeFrameAnalyzerBase(Analyzer):
    """Calls `on_dt_over` on the first bar of each period."""

    params = (("timeframe", None), ("compression", None), ("_doprenext", True))

    timeframe: int
    compression: int

    def _start(self) -> None:
        self.timeframe = self.p.timeframe or self.data._timeframe
        self.compression = self.p.compression or self.data._compression
        self.dtcmp, self.dtkey = self._get_dt_cmpkey(dt.datetime.min)
        super()._start()

    def _prenext(self) -> None:
        for child in self._children:
            child._prenext()
        if self._dt_over():
            self.on_dt_over()
        if self.p._doprenext:
            self.prenext()

    def _nextstart(self) -> None:
        for child in self._children:
            child._nextstart()
        if self._dt_over() or not self.p._doprenext:
            self.on_dt_over()
        self.nextstart()

    def _next(self) -> None:
        for child in self._children:
            child._next()
        if self._dt_over():
            self.on_dt_over()
        self.next()

    def on_dt_over(self) -> None:
        pass

    def _dt_over(self) -> bool:
        if self.timeframe == TimeFrame.NoTimeFrame:
            dtcmp, dtkey = sys.maxsize, dt.datetime.max
        else:
            dtcmp, dtkey = self._get_dt_cmpkey(self.strategy.datetime.datetime())
        if self.dtcmp is not None and not dtcmp > self.dtcmp:
            return False
        self.dtkey, self.dtkey1 = dtkey, self.dtkey
        self.dtcmp, self.dtcmp1 = dtcmp, self.dtcmp
        return True

    def _get_dt_cmpkey(self, when: dt.datetime) -> tuple[Any, Any]:
        """The period of a time: a value to compare, and the key of its result."""
        frame = self.timeframe
        if frame == TimeFrame.NoTimeFrame:
            return None, None
        if frame == TimeFrame.Years:
            return when.year, dt.date(when.year, 12, 31)
        if frame == TimeFrame.Months:
            from calendar import monthrange

            last = monthrange(when.year, when.month)[1]
            return when.year * 100 + when.month, dt.datetime(when.year, when.month, last)
        if frame == TimeFrame.Weeks:
            year, week, weekday = when.isocalendar()
            sunday = when + dt.timedelta(days=7 - weekday)
            return year * 100 + week, dt.datetime(sunday.year, sunday.month, sunday.day)
        if frame == TimeFrame.Days:
            number = when.year * 10000 + when.month * 100 + when.day
            return number, dt.datetime(when.year, when.month, when.day)
        return self._intraday(when)

    def _intraday(self, when: dt.datetime) -> tuple[Any, Any]:
        """The end of the intraday period."""
        frame = self.timeframe
        point: Any = when.hour * 60 + when.minute
        if frame < TimeFrame.Minutes:
            point = point * 60 + when.second
        if frame < TimeFrame.Seconds:
            point = point * 1e6 + when.microsecond
        point = (point // self.compression + 1) * self.compression
        hour = minute = second = micro = 0
        if frame == TimeFrame.Minutes:
            hour, minute = divmod(point, 60)
        elif frame == TimeFrame.Seconds:
            hour, rest = divmod(point, 3600)
            minute, second = divmod(rest, 60)
        else:
            raise unsupported("analyzers with a timeframe below seconds")
        if hour > 23:
            when += dt.timedelta(days=hour // 24)
            hour %= 24
        end = when.replace(hour=hour, minute=minute, second=second, microsecond=micro)
        end -= dt.timedelta(minutes=frame == TimeFrame.Minutes, seconds=frame == TimeFrame.Seconds)
        return end, end
