"""Objects that are computed from datas: the common base of indicators and strategies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .lines import (
    Behind,
    Line,
    LineRoot,
    LineSeries,
    MetaLineSeries,
    _building,
    _plotnames,
    as_series,
    bar_by_bar,
    current_owner,
    is_running,
    set_data_lines,
    set_datas,
    set_running,
)
from .operations import LineNumber
from .ticks import Ticks, fold, ticks
from .unsupported import unsupported


class MetaLineIterator(MetaLineSeries):
    """Takes the datas out of the arguments and works out the minimum period."""

    _mindatas: int
    _is_strategy: bool
    _nextforce: bool

    def _before_init(cls, obj, args, kwargs):
        args, kwargs = super()._before_init(obj, args, kwargs)
        owner = cls._find_owner(obj)
        obj._owner = owner
        obj._indicators = []
        wanted = cls._mindatas
        datas: list[Any] = []
        used = 0
        for arg in args:
            if isinstance(arg, LineRoot):
                datas.append(as_series(arg))
            elif not wanted:
                break
            else:
                # A plain value where a data must be: a line that always has this value.
                datas.append(as_series(LineNumber(arg, obj)))
            wanted = max(0, wanted - 1)
            used += 1
        if not datas and not cls._is_strategy:
            datas = owner.datas[0:wanted]
        obj.datas = datas
        obj.ddatas = dict.fromkeys(datas)
        set_datas(obj, datas)
        obj._set_up()
        if not obj.datas:
            obj.datas = [owner]
        obj._clock = obj.datas[0]
        obj._minperiod = max(data._minperiod for data in obj.datas)
        for line in obj.lines:
            line.addminperiod(obj._minperiod)
        _building.append(obj)
        return args[used:], kwargs

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        depth = len(_building)
        running = is_running()
        set_running(False)
        try:
            return super().__call__(*args, **kwargs)
        finally:
            set_running(running)
            del _building[depth:]

    def _after_init(cls, obj):
        _building.pop()
        obj._minperiod = max(line._minperiod for line in obj.lines)
        if obj._indicators:
            obj.updateminperiod(max(child._minperiod for child in obj._indicators))
        if obj._owner is not None:
            obj._owner.addindicator(obj)
            if cls._nextforce:
                _go_bar_by_bar(obj._owner)

    def _find_owner(cls, obj) -> Any:
        return current_owner()


def _go_bar_by_bar(owner: Any) -> None:
    """Make the run of the strategy that owns this go bar by bar."""
    while owner is not None:
        if owner._is_strategy:
            owner.cerebro._disable_runonce()
            return
        owner = owner._owner


class LineIterator(LineSeries, metaclass=MetaLineIterator):
    """Lines computed from `datas`, with children that are computed before it."""

    _mindatas = 1
    _is_strategy = False
    #: Whether it makes the whole run go bar by bar, as `Cerebro(runonce=False)` does.
    _nextforce = False
    _ltype = LineRoot.IndType
    #: Called when its lines have their values: couplers that were made before it.
    _followers: Any = ()

    PriceClose, PriceLow, PriceHigh, PriceOpen, PriceVolume, PriceOpenInteres, PriceDateTime = (
        range(7)
    )

    plotinfo: Any = _plotnames(
        subplot=True,
        plotname="",
        plotskip=False,
        plotabove=False,
        plotlinelabels=False,
        plotlinevalues=True,
        plotvaluetags=True,
        plotymargin=0.0,
        plotyhlines=[],
        plotyticks=[],
        plothlines=[],
        plotforce=False,
    )

    datas: list[Any]
    data: Any
    _indicators: list[Any]

    def __getattr__(self, name: str) -> Any:
        # Rarely used in indicators, so set on demand.
        if name.startswith("data") and "_" in name and "datas" in self.__dict__:
            set_data_lines(self, self.datas)
            if name in self.__dict__:
                return self.__dict__[name]
        return super().__getattr__(name)

    def _set_up(self) -> None:
        """What a subclass needs before the minimum period is worked out."""

    #: In the bar loop: the cursor of the strategy.
    _standing: Any = None
    cerebro: Any

    def addindicator(self, indicator: Any) -> None:
        self._indicators.append(indicator)
        if self._standing is not None:
            _made_late(indicator, self._standing, self.cerebro._looping)

    def getindicators(self) -> list[Any]:
        return self._indicators

    def getindicators_lines(self) -> list[Any]:
        """The indicators that are objects with lines, not single lines."""
        return [child for child in self._indicators if isinstance(child, LineSeries)]

    def getobservers(self) -> list[Any]:
        return []

    def _plotinit(self) -> None:
        """Called before it is plotted."""

    def bindlines(self, owner: Any = None, own: Any = None) -> LineIterator:
        """Give this object's lines (`own`) to lines of the owner."""
        theirs = [owner or 0] if isinstance(owner or 0, int | str) else list(owner)
        mine = own or range(len(theirs))
        mine = [mine] if isinstance(mine, int | str) else list(mine)
        for target, source in zip(theirs, mine, strict=False):
            _named(self.lines, source).addbinding(_named(self._owner.lines, target))
        return self

    bind2lines = bindlines
    bind2line = bindlines

    # Evaluation before the bar loop

    def _once(self) -> None:
        now = ticks()
        size = now.size if now is not None and self._is_strategy else self._clock.buflen()
        for line in self.lines:
            if line.buflen():
                # Bound to a line of another owner, which was evaluated before: its values stay,
                # and room is made behind them.
                if bar_by_bar():
                    _bound_too_early(line)
                line.set_column(np.concatenate((line.column(), np.full(size, np.nan))))
            else:
                line.allocate(size)
            line._seen = None
            line.cursor.idx += size
        for child in self._indicators:
            if now is None or not now.mixed or hasattr(child, "lines"):
                child._once()
            else:
                now.fill(self, child)
        for data in self.datas:
            data.home()
        for child in self._indicators:
            child.home()
        self.home()
        self._once_own(size)
        for line in self.lines:
            if now is None:
                line.oncebinding()
            elif line.bindings:
                now.bind(line)
        for follow in self._followers:
            follow()

    def _once_own(self, size: int) -> None:
        self.preonce(0, self._minperiod - 1)
        self.oncestart(self._minperiod - 1, self._minperiod)
        self.once(self._minperiod, size)

    def preonce(self, start: int, end: int) -> None:
        pass

    def oncestart(self, start: int, end: int) -> None:
        self.once(start, end)

    def once(self, start: int, end: int) -> None:
        pass

    def prenext(self) -> None:
        pass

    def nextstart(self) -> None:
        self.next()

    def next(self) -> None:
        pass


def _made_late(indicator: Any, lead: Any, looping: bool) -> None:
    """What is made in the bar loop is never evaluated: it grows from now on, without values."""
    if bar_by_bar() and looping:
        raise unsupported(
            f"{type(indicator).__name__} made in next() with runonce=False",
            "Make it in the strategy's __init__.",
        )
    cursor = Behind(lead)
    for line in getattr(indicator, "lines", ()):
        line.allocate(0)
        line.cursor = cursor


def _bound_too_early(line: Line) -> None:
    """Bar by bar, a line that is bound to one of another owner is written before it has room."""
    if line._minperiod == 1:
        raise IndexError("array assignment index out of range")
    raise unsupported(
        "runonce=False with a line that is bound to an operation of another owner",
        "Bind the line to the operation plus 0.0.",
    )


def _named(lines: Any, name: int | str) -> Line:
    return getattr(lines, name) if isinstance(name, str) else lines[name]


class Indicator(LineIterator):
    """The base of indicators.

    A subclass sets `self.lines.x` to an expression in `__init__`, or writes `self.lines.x[0]` in
    `next`, or fills `self.lines.x.array[start:end]` in `once`.
    """

    csv = False

    def advance(self, size: int = 1) -> None:
        if len(self) < len(self._clock):
            self.lines.advance(size)

    def _once_own(self, size: int) -> None:
        cls = type(self)
        by_bar = any(
            getattr(cls, name) is not getattr(LineIterator, name)
            for name in ("prenext", "nextstart", "next")
        )
        if not bar_by_bar():
            by_bar = by_bar and cls.next is not LineIterator.next
            if not by_bar or cls.once is not LineIterator.once:
                super()._once_own(size)
                return
        elif not by_bar:
            return
        now = ticks()
        if now is not None and now.mixed:
            self._walk_ticks(now, size)
            return
        first = min(self._minperiod - 1, size)
        self._failed = False
        self._walk(0, first, self.prenext)
        self._walk(first, min(first + 1, size), self.nextstart)
        self._walk(first + 1, size, self.next)

    def _walk(self, start: int, end: int, call: Any) -> None:
        if bar_by_bar():
            if not self._failed:
                self._walk_together(start, end, call)
            return
        # An indicator as data does not advance past its own data: its reader stays where it is,
        # as it does there.
        known = [id(line) for data in self.datas for line in data.lines]
        twice = len(set(known)) < len(known)
        for _ in range(start, end):
            for data in self.datas:
                data.advance()
                if twice:
                    _show_values(data)
            for child in self._indicators:
                child.advance()
            self.advance()
            call()

    def _walk_together(self, start: int, end: int, call: Any) -> None:
        """The walk with `runonce=False`: everything stands on the same bar."""
        around = [line for obj in (*self.datas, *self._indicators, self) for line in _own(obj)]
        now = ticks()
        if now is not None:
            now.refuse_late(around)
        for i in range(start, end):
            for line in around:
                line.cursor.idx = i
            try:
                call()
            except NotImplementedError:
                raise
            except Exception as error:
                if now is None:
                    raise
                now.fail_at(self)(i, error)
                self._failed = True
                return

    def _walk_ticks(self, now: Ticks, size: int) -> None:
        """The walk where clocks differ: it is called at every tick, also between its own bars."""
        around = []
        for obj in (*self.datas, *self._indicators):
            for line in _own(obj):
                rows = now.rows(line).tolist()
                seen = None if line._seen is None else line._seen.tolist()
                early = None
                if not now.preloaded and rows[0] < 0 and now.is_data(line):
                    # Only its first bar is loaded before it begins.
                    early = line.array[:1], line.array
                around.append((line, rows, seen, early))
        now.refuse_late([*_own(self), *(line for line, *_ in around)])
        mine = now.rows(self).tolist()
        own = [(line, [math.nan] * now.size) for line in self.lines]
        for t, row in enumerate(mine):
            for line, rows, seen, early in around:
                line.cursor.idx = at = rows[t]
                if early is not None:
                    line.array = early[at >= 0]
                if seen is not None and at >= 0:
                    line.array[at] = seen[t]
            for line, _ in own:
                line.cursor.idx = row
            if row < 0:
                continue
            try:
                if row + 1 > self._minperiod:
                    self.next()
                elif row + 1 == self._minperiod:
                    self.nextstart()
                else:
                    self.prenext()
            except NotImplementedError:
                raise
            except Exception as error:
                now.fail(t, error)
                break
            for line, values in own:
                values[t] = line.array[row]
        for line, values in own:
            seen = np.array(values)
            if fold(seen, now.rows(self), size)[1]:
                line._seen = seen
                now.changing.append((line, now.rows(self)))


def _show_values(data: Any) -> None:
    """A feed that moves on shows its values; a line that moves twice runs out of them first."""
    if not isinstance(data, LineIterator) and not getattr(data, "is_single", False):
        for line in data.lines:
            line[0]


def _own(obj: Any) -> list[Line]:
    return list(getattr(obj, "lines", ()))


IndicatorBase = Indicator
