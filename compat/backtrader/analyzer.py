"""`Analyzer`: the base of analyzers, and of those that count in periods."""

from __future__ import annotations

import datetime as dt
import sys
from collections import OrderedDict
from typing import Any

from .data import TimeFrame
from .lines import current_owner, set_data_lines, set_datas
from .naming import shown
from .params import MetaParams
from .unsupported import UnsupportedFeature, unsupported

#: The analyzers whose `__init__` is running, innermost last.
_making: list[Any] = []

_EVENTS = ("notify_order", "notify_trade", "notify_cashvalue", "notify_fund")
_BARS = ("prenext", "nextstart", "next", "on_dt_over", "_prenext", "_nextstart", "_next")

_PACKAGE = __name__.rpartition(".")[0]


def _strategy_of_caller() -> Any:
    """Whose analyzer it becomes. One that a strategy makes by itself is never called."""
    from .strategy import _strategies

    if _strategies:
        return _strategies[-1]
    try:
        owner = current_owner()
    except UnsupportedFeature:
        raise unsupported("an analyzer outside Cerebro", "Use cerebro.addanalyzer().") from None
    while not owner._is_strategy:
        owner = owner._owner
    return owner


class MetaAnalyzer(MetaParams):
    """Gives an analyzer its strategy, its datas and its parent."""

    def __new__(mcs, name, bases, namespace, **kwargs):
        if "_on_dt_over" in namespace:
            namespace["on_dt_over"] = namespace.pop("_on_dt_over")
        return super().__new__(mcs, name, bases, namespace, **kwargs)

    def _before_init(cls, obj, args, kwargs):
        obj._children = []
        obj.strategy = _strategy_of_caller()
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
            obj._parent._register(obj)


class Analyzer(metaclass=MetaAnalyzer):
    """Hears what the strategy hears and collects results in `rets`."""

    csv = True

    #: True while its results come from the account's curve, see `analyzers.curve`.
    _quiet = False

    strategy: Any
    datas: list[Any]
    data: Any
    params: Any
    p: Any
    rets: Any
    _children: list[Any]
    _parent: Any

    __repr__ = shown

    def __len__(self) -> int:
        return len(self.strategy)

    def _register(self, child: Any) -> None:
        self._children.append(child)

    # Which calls anybody wants

    def _family(self) -> list[Any]:
        """This analyzer after its children."""
        return [a for child in self._children for a in child._family()] + [self]

    def _choose_lane(self, heard: bool = False) -> None:
        """Decide who of the family hears bars and who reads the account's curve when asked.

        heard: the parent has methods of the user's that may read this analyzer at each bar.
        """
        self._quiet = not heard and self._reads_curve()
        heard = heard or self._has_own(*_BARS, *_EVENTS)
        for child in self._children:
            child._choose_lane(heard)

    def _reads_curve(self) -> bool:
        """Whether the results can come from the account's curve."""
        return False

    def _has_own(self, *names: str) -> bool:
        """Whether a class of the user's defines any of the names."""
        return any(
            name in vars(cls)
            for cls in type(self).__mro__[:-1]
            if not cls.__module__.startswith(_PACKAGE)
            for name in names
        )

    def _hears(self, name: str) -> bool:
        return not self._quiet and getattr(type(self), name) is not getattr(Analyzer, name)

    def _hears_bars(self) -> bool:
        return any(
            getattr(type(a), name, None) is not getattr(Analyzer, name, None)
            for a in self._family()
            if not a._quiet
            for name in _BARS
        )

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
        self.start()

    def _stop(self) -> None:
        for child in self._children:
            child._stop()
        self.stop()

    def _notify_order(self, order: Any) -> None:
        for child in self._children:
            child._notify_order(order)
        self.notify_order(order)

    def _notify_trade(self, trade: Any) -> None:
        for child in self._children:
            child._notify_trade(trade)
        self.notify_trade(trade)

    def _notify_cashvalue(self, cash: float, value: float) -> None:
        for child in self._children:
            child._notify_cashvalue(cash, value)
        self.notify_cashvalue(cash, value)

    def _notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        for child in self._children:
            child._notify_fund(cash, value, fundvalue, shares)
        self.notify_fund(cash, value, fundvalue, shares)

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
        return self._get_subday_cmpkey(when)

    def _get_subday_cmpkey(self, when: dt.datetime) -> tuple[Any, Any]:
        """The end of the intraday period."""
        frame = self.timeframe
        if frame < TimeFrame.Seconds:
            raise unsupported(
                "analyzers with a timeframe below seconds", "Use Seconds.", "reference cannot"
            )
        point = when.hour * 60 + when.minute
        if frame == TimeFrame.Seconds:
            point = point * 60 + when.second
        point = (point // self.compression + 1) * self.compression
        second = 0
        if frame == TimeFrame.Seconds:
            point, second = divmod(point, 60)
        days, point = divmod(point, 24 * 60)
        hour, minute = divmod(point, 60)
        end = when + dt.timedelta(days=days)
        end = end.replace(hour=hour, minute=minute, second=second, microsecond=0)
        end -= dt.timedelta(minutes=1) if frame == TimeFrame.Minutes else dt.timedelta(seconds=1)
        return end, end
