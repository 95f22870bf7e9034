"""Bars one after another: how a feed reads, filters, holds back and hands out its bars.

A feed that is read as whole columns needs none of this. The lines are lists here that grow by a
value per bar; all lines of a feed share one cursor.
"""

from __future__ import annotations

import collections
import inspect
from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from .dataseries import OHLCDateTime, SimpleFilterWrapper
from .dates import date2num, num2date

_NAN = float("nan")

#: What orders meet, open to close: names of the source's values, and lines.
_TICKS = ("tick_open", "tick_high", "tick_low", "tick_close")
PRICES = (3, 2, 1, 0)


class Queue:
    """Bars on their way into a feed: what waits to be delivered, and what filters make of it."""

    _barstack: Any
    _barstash: Any
    _filters: list[Any]
    _ffilters: list[Any]
    _clone = False
    data: Any
    _session_end: Any

    def _barvalues(self) -> Sequence[float]:
        """The values of the current bar."""
        raise NotImplementedError

    def _updatebar(self, bar: Sequence[float], forward: bool = False, ago: int = 0) -> None:
        """Write a bar's values over those that are there."""
        raise NotImplementedError

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Take the last bar away."""
        raise NotImplementedError

    def _tick_fill(self, force: bool = False) -> None:
        """Orders meet the current bar."""
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def _add2stack(self, bar: Sequence[float], stash: bool = False) -> None:
        """Queue a bar: for delivery, or (stash) to be read like one of the source."""
        (self._barstash if stash else self._barstack).append(bar)

    def _save2stack(self, erase: bool = False, force: bool = False, stash: bool = False) -> None:
        """Queue the current bar, and take it away."""
        self._add2stack(self._barvalues(), stash)
        if erase:
            self.backwards(force=force)

    def _fromstack(self, forward: bool = False, stash: bool = False) -> bool:
        """Deliver a queued bar, if there is one."""
        queue = self._barstash if stash else self._barstack
        if not queue:
            return False
        self._updatebar(queue.popleft(), forward)
        return True

    def _filtered(self) -> bool:
        """Run the filters over the bar; whether it is gone."""
        gone = False
        for filter, args, kwargs in self._filters:
            if self._barstack:
                # What an earlier filter queued goes through the later ones.
                for _ in range(len(self._barstack)):
                    self._fromstack(forward=True)
                    gone = filter(self, *args, **kwargs)
            else:
                gone = filter(self, *args, **kwargs)
            if gone:
                return True
        return bool(gone)

    def _check(self, forcedata: Any = None) -> None:
        """Ask filters whether the time of another data ends what they gather."""
        for filter, args, kwargs in self._filters:
            if hasattr(filter, "check"):
                filter.check(self, *args, _forcedata=forcedata, **kwargs)

    def _last(self, datamaster: Any = None) -> bool:
        """Deliver what filters hold at the end."""
        held = 0
        for filter, args, kwargs in self._ffilters:
            held += filter.last(self, *args, **kwargs)
        ticks = datamaster is not None and bool(self._barstack)
        while self._fromstack(forward=True):
            pass
        if ticks:
            self._tick_fill()
        return bool(held)

    def _getnexteos(self) -> tuple[datetime, float]:
        """The end of the session of the current bar, as a time and as a float."""
        if self._clone:
            return self.data._getnexteos()
        return self._session_end(self._barvalues()[6]) if len(self) else (datetime.min, 0.0)


class Rows(OHLCDateTime, Queue):
    """A feed as a sequence of bars, with filters on their way in."""

    cursor: Any
    #: The first and the last time of rows that the dates left out.
    _outside: Any = None
    #: All bars were read as columns.
    _taken = False
    #: The rows that are still to come, read as columns; False: read one by one; None: not begun.
    _rows_ahead: Any = None
    _times_ahead: Any = None
    #: In the bar loop, where bars are read one after another.
    _growing = False
    _tzinput: Any
    _read_columns: Any
    fromdate: float
    todate: float

    # The arrays

    def reset(self) -> None:
        """No bars."""
        for line in self.lines._lines:
            line._column = None
            line.array = array("d")
        self.cursor.idx = -1

    def forward(self, value: float = _NAN, size: int = 1) -> None:
        """Make room for another bar and go there."""
        for line in self.lines._lines:
            line.array.extend([value] * size)
            line._column = None
        self.cursor.idx += size

    def backwards(self, size: int = 1, force: bool = False) -> None:
        """Take the last bar away."""
        for line in self.lines._lines:
            if len(line.array) < size:
                raise IndexError("pop from empty array")
            del line.array[len(line.array) - size :]
            line._column = None
        self.cursor.idx -= size

    def rewind(self, size: int = 1) -> None:
        """Go back without taking a bar away."""
        self.cursor.idx -= size

    def extend(self, value: float = _NAN, size: int = 0) -> None:
        for line in self.lines._lines:
            line.array.extend([value] * size)

    def home(self) -> None:
        self.lines.home()

    def buflen(self) -> int:
        """The number of bars that have been read."""
        return self.cursor.idx + 1 if self._growing else self._line0.buflen()

    def _updatebar(self, bar: Sequence[float], forward: bool = False, ago: int = 0) -> None:
        """Write a bar's values over those that are there."""
        if forward:
            self.forward()
        for line, value in zip(self.lines, bar, strict=False):
            line[ago] = value

    def _barvalues(self) -> list[float]:
        return [line[0] for line in self.lines]

    # Filters

    def _add_filter(self, filter: Any, args: Any = (), kwargs: Any = None) -> None:
        entry = (filter, args, kwargs or {})
        self._filters.append(entry)

    def addfilter(self, p: Any, *args: Any, **kwargs: Any) -> None:
        """A class (made here, with the data) or a callable that is given the data at each bar."""
        make: Any = p
        if inspect.isclass(p):
            made = make(self, *args, **kwargs)
            self._filters.append((made, (), {}))
            if hasattr(made, "last"):
                self._ffilters.append((made, (), {}))
        else:
            self._filters.append((p, args, kwargs))

    def addfilter_simple(self, f: Any, *args: Any, **kwargs: Any) -> None:
        """One that returns True for bars to be left out."""
        wrapped = SimpleFilterWrapper(self, f, *args, **kwargs)
        self._filters.append((wrapped, wrapped.args, wrapped.kwargs))

    def resample(self, **kwargs: Any) -> None:
        from .resamplerfilter import Resampler

        self.addfilter(Resampler, **kwargs)

    def replay(self, **kwargs: Any) -> None:
        from .resamplerfilter import Replayer

        self.addfilter(Replayer, **kwargs)

    # Reading

    def _where(self) -> str:
        """The row that is being read, in words; empty where that is not known."""
        return ""

    def _load(self) -> Any:
        """Write the next bar into the lines. True: done; False: the end; None: nothing yet."""
        return False

    def _begin_rows(self) -> Any:
        """The rows of the columns that are read now, if there are any."""
        columns = self._read_columns()
        self._rows_ahead = False
        if columns is not None:
            self._rows_ahead = rows_of(columns, self.lines._names)
            self._times_ahead = np.asarray(columns["datetime"], dtype=np.float64)
        return self._rows_ahead

    def _read_row(self) -> Any:
        """The same, with a row of the source's columns where it has them."""
        rows = self._begin_rows() if self._rows_ahead is None else self._rows_ahead
        if rows is False:
            return self._load()
        row = next(rows, None)
        if row is None:
            return False
        self._updatebar(row)
        return True

    def load(self) -> Any:
        """Read bars until one is left by dates and filters."""
        times = self.lines.datetime
        if self._taken:
            return False
        while True:
            self.forward()
            if self._fromstack():
                return True
            if not self._fromstack(stash=True):
                try:
                    read = self._read_row()
                except Exception as error:
                    if where := self._where():
                        error.add_note(where)
                    raise
                if not read:
                    self.backwards(force=True)
                    return read
            when = times[0]
            if self._tzinput:
                when = times[0] = date2num(self._tzinput.localize(num2date(when)))
            if when < self.fromdate:
                self._leave_out(when, when)
                self.backwards()
            elif when > self.todate:
                self._leave_out(when, when)
                self.backwards(force=True)
                return False
            elif not self._filtered():
                return True

    def _leave_out(self, first: float, last: float) -> None:
        """Note that rows of these times were read and are not between the feed's dates."""
        self._outside = (self._outside or (first, last))[0], last

    # Bar by bar

    def advance_peek(self) -> float:
        """The time of the next bar; infinity after the last."""
        if len(self) < self.buflen():
            return self.lines.datetime[1]
        return float("inf")

    def advance(self, size: int = 1, datamaster: Any = None, ticks: bool = True) -> None:
        """Go to the next bar; with `datamaster` not past its time."""
        if ticks:
            self._tick_nullify()
        # While lines are evaluated each has a cursor of its own.
        for cursor in {id(line.cursor): line.cursor for line in self.lines}.values():
            cursor.idx += size
        if datamaster is None:
            if ticks and len(self) < self.buflen():
                self._tick_fill()
        elif len(self) > self.buflen():
            self.rewind()
            self.forward()
        elif self.lines.datetime[0] > datamaster.lines.datetime[0]:
            self.rewind()
        elif ticks:
            self._tick_fill()

    def next(self, datamaster: Any = None, ticks: bool = True) -> Any:
        """Go to the next bar, reading it where it has not been read; False: there is none yet."""
        if len(self) >= self.buflen():
            if ticks:
                self._tick_nullify()
            read = self.load()
            if not read:
                return read
        else:
            self.advance(ticks=ticks)
        if datamaster is not None and self.lines.datetime[0] > datamaster.lines.datetime[0]:
            self.rewind()
            return False
        if ticks:
            self._tick_fill()
        return True

    # The prices that orders meet: those of the current bar, or of the source's bar within it.

    _ticks: dict[str, Any]

    def _tick_nullify(self) -> None:
        self._ticks = dict.fromkeys(self._ticks or self._tick_names())

    def _tick_fill(self, force: bool = False) -> None:
        if force or self._ticks.get("tick_close") is None:
            names = self.lines._names
            self._ticks = {f"tick_{n}": line[0] for n, line in zip(names, self.lines, strict=True)}
            del self._ticks["tick_datetime"]
            self._ticks["tick_last"] = self.lines[0][0]

    def _meets(self) -> list[float] | None:
        """What orders meet, open to close, if that is not the current bar."""
        ticks = self._ticks
        if not len(self) or ticks.get("tick_close") is None:
            return None
        return unlike([ticks[n] for n in _TICKS], [self.lines[k][0] for k in PRICES])

    def _hand_over(self) -> None:
        """All rounds have been played: the lists become columns."""
        for line in self.lines:
            line.settle()

    def _tick_names(self) -> list[str]:
        return [f"tick_{n}" for n in self.lines._names if n != "datetime"] + ["tick_last"]

    def _reset_rows(self) -> None:
        self._barstack = collections.deque()
        self._barstash = collections.deque()


def unlike(met: list[float], bar: list[float]) -> list[float] | None:
    """The prices that orders meet if they are not those of the bar; NaN is like NaN."""
    same = all(a == b or (a != a and b != b) for a, b in zip(met, bar, strict=True))
    return None if same else met


def rows_of(columns: dict[str, Any], names: list[str]) -> Iterator[tuple[float, ...]]:
    """The rows of columns, by line; lines that are left out are NaN."""
    size = len(columns["datetime"])
    values = (columns.get(name) for name in names)
    lists = [
        [_NAN] * size if one is None else np.asarray(one, dtype=np.float64).tolist()
        for one in values
    ]
    return iter(list(zip(*lists, strict=True)))


def load(cerebro: Any) -> bool:
    """Start the feeds of a run and read them; False: they have to be played in rounds."""
    feeds = cerebro.datas
    waiting = cerebro._dolive or cerebro._doreplay
    # Whole columns do where bars are only read, and none is asked whether it is over.
    plain = not waiting and all(feed._has_columns() for feed in feeds)
    for feed in feeds:
        feed.reset()
        feed._start()
        if cerebro._dopreload:
            feed.preload()
        elif plain:
            try:
                feed.preload()
            except Exception:
                if not all(one._begins_again() for one in feeds):
                    raise
                return _begin_again(feeds)
    return (cerebro._dopreload and cerebro._dorunonce) or (plain and all(map(increases, feeds)))


def _begin_again(feeds: list[Any]) -> bool:
    """Bar by bar, what comes before a row that cannot be read is played."""
    for feed in feeds:
        feed.stop()
        feed.reset()
        feed._start()
    return False


def hardly_meet(feeds: list[Any]) -> bool:
    """Whether loaded feeds have less in common than a tenth of the time of the shortest."""
    spans = [times[[0, -1]] for f in feeds if len(times := f.lines.datetime.column())]
    if len(spans) < 2:
        return False
    common = min(last for _, last in spans) - max(first for first, _ in spans)
    return common < 0.1 * min(last - first for first, last in spans)


def increases(feed: Any) -> bool:
    """Whether each bar of a loaded feed is later than the one before."""
    times = feed.lines.datetime.column()
    return bool((times[1:] > times[:-1]).all())
