"""Filters that gather the bars of a feed into longer ones: when they end (resampled) or as they
grow (replayed).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from .dataseries import GrowingBar, TimeFrame
from .dates import date2num, num2date, times_of_day
from .dtfaker import DTFaker as DTFaker
from .params import ParamsBase

_LATE_STEP = 1e-6


class _BaseResampler(ParamsBase):
    """When a longer bar ends, and what time it gets.

    bar2edge: intraday bars end at whole multiples of their length. adjbartime: their time is that
    end (rightedge) or the start of it. boundoff: shifts these limits. takelate: a bar that is
    not later than the one before goes into the current one; else it is left out.
    """

    params = (
        ("bar2edge", True),
        ("adjbartime", True),
        ("rightedge", True),
        ("boundoff", 0),
        ("timeframe", TimeFrame.Days),
        ("compression", 1),
        ("takelate", True),
        ("sessionend", True),
    )

    replaying = False

    _lastdteos: float

    def __init__(self, data: Any) -> None:
        frame = self.p.timeframe
        self.subdays = TimeFrame.Ticks < frame < TimeFrame.Days
        self.subweeks = frame < TimeFrame.Weeks
        #: Only bars are counted, their times do not matter.
        self.componly = (
            not self.subdays
            and data._timeframe == frame
            and not self.p.compression % data._compression
        )
        self.bar = GrowingBar()
        self.compcount = 0
        self._asked: tuple[float, Any] = (0.0, None)
        self._firstbar = True
        self.doadjusttime = self.p.bar2edge and self.p.adjbartime and self.subweeks
        self._nexteos: datetime | None = None
        data.resampling = 1
        data.replaying = self.replaying
        data._timeframe = frame
        data._compression = self.p.compression
        self.data = data

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        raise NotImplementedError

    def check(self, data: Any, _forcedata: Any = None) -> Any:
        """Called when another data has a bar and this one has none."""
        return self(data, fromcheck=True, forcedata=_forcedata) if self.bar.filled else None

    def _is_late(self, data: Any) -> bool:
        return len(data) > 1 and data.datetime[0] <= data.datetime[-1]

    # Is the gathered bar over?

    def _is_over(self, data: Any, fromcheck: bool, forcedata: Any = None) -> bool:
        """Whether the data's current bar, or (fromcheck) another data's time, ends it."""
        if not self.componly:
            other = forcedata if fromcheck else data
            if other is not None:
                now, date = other.datetime[0], other.datetime.datetime
            else:
                clock = datetime.now(UTC).replace(tzinfo=None) + data._timeoffset()
                now = date2num(clock)
                date = partial(data.num2date, now)
            if not self._passes(now, date):
                return False
        if self.subdays and self.p.bar2edge:
            return True
        if fromcheck:
            return False
        return self._counted()

    def _counted(self) -> bool:
        self.compcount += 1
        return not self.compcount % self.p.compression

    def _passes(self, now: float, date: Callable[[], datetime]) -> bool:
        """Whether a time lies in another unit of time than the gathered bar.

        date: gives the time in the zone of the data that it is of.
        """
        frame = self.p.timeframe
        if frame == TimeFrame.Ticks:
            return self.bar.filled
        if frame < TimeFrame.Days:
            return self._passes_within_day(now)
        if frame == TimeFrame.Days:
            return self._session_ends(now)
        before, when = self.data.num2date(self.bar.datetime), date()
        if frame == TimeFrame.Weeks:
            calendar = self.data._calendar
            if calendar is not None:
                return calendar.last_weekday(when.date())
            return when.isocalendar()[:2] > before.isocalendar()[:2]
        if frame == TimeFrame.Months:
            return (when.year, when.month) > (before.year, before.month)
        return frame == TimeFrame.Years and when.year > before.year

    def _session_ends(self, now: float, exact: bool = False) -> bool:
        """Whether a time is the end of the bar's session, or (unless `exact`) after it."""
        if self._nexteos is None:
            self._nexteos, self._nextdteos = self.data._getnexteos()
        ends = now == self._nextdteos
        if not exact and now > self._nextdteos:
            ends = self.bar.filled and self.bar.datetime <= self._nextdteos
        if ends:
            self._lastdteos = self._nextdteos
            self._nexteos = None
            self._nextdteos = float("-inf")
        return ends

    def _passes_within_day(self, now: float) -> bool:
        if self._session_ends(now):
            return True
        if now <= self.bar.datetime:
            return False
        return bool(self._moves(self._unit(self.bar.datetime), self._unit(now)))

    def _moves(self, before: Any, after: Any) -> Any:
        """Whether a point of the day lies in a later bar than another; numbers or columns."""
        if self.p.bar2edge and self.p.compression != 1:
            return after // self.p.compression > before // self.p.compression
        return after > before

    def _unit(self, time: float) -> Any:
        """The point of a time in UTC. The bar's time was mostly the last that was asked for."""
        known, unit = self._asked
        if known != time:
            unit, _ = self._point(num2date(time))
            self._asked = time, unit
        return unit

    def _point(self, when: Any) -> tuple[Any, Any]:
        """A time of day (or columns of them) in units of the bar length, shifted; what remains."""
        point: Any = when.hour * 60 + when.minute
        rest = when.second + when.microsecond
        if self.p.timeframe < TimeFrame.Minutes:
            point, rest = point * 60 + when.second, when.microsecond
            if self.p.timeframe < TimeFrame.Seconds:
                point, rest = point * 1e6 + when.microsecond, 0
        return point + self.p.boundoff, rest

    def _on_edge(self, data: Any) -> tuple[bool, bool]:
        """Whether the data's current bar is the last one of the gathered bar.

        The second value: whether it is to be asked then if it is over.
        """
        if not self.subweeks:
            calendar = data._calendar
            if calendar is None:
                return False, True
            day = data.datetime.date()
            frame = self.p.timeframe
            last = (frame == TimeFrame.Weeks and calendar.last_weekday(day)) or (
                frame == TimeFrame.Months and calendar.last_monthday(day)
            )
            if frame == TimeFrame.Years:
                last = calendar.last_yearday(day)
            return (self._counted(), False) if last else (False, True)
        if self._session_ends(data.datetime[0], exact=True):
            return True, True
        if not self.subdays:
            return False, True
        point, rest = self._point(data.datetime.datetime())
        return not rest and point % self.p.compression == 0, True

    # The time of the gathered bar

    def _adjusted(self) -> float:
        """The time at which the gathered bar ends (or with rightedge=False: begins)."""
        if self._nexteos is None:
            return self._lastdteos
        when = self.data.num2date(self.bar.datetime)
        point, _ = self._point(when)
        point = (point // self.p.compression + self.p.rightedge) * self.p.compression
        frame = self.p.timeframe
        hour: Any = 0
        minute: Any = 0
        second: Any = 0
        micro: Any = 0
        if frame == TimeFrame.Minutes:
            hour, minute = divmod(point, 60)
        elif frame == TimeFrame.Seconds:
            hour, minute = divmod(point, 3600)
            minute, second = divmod(minute, 60)
        elif frame <= TimeFrame.MicroSeconds:
            hour, minute = divmod(point, 3600e6)
            minute, second = divmod(minute, 60e6)
            second, micro = divmod(second, 1e6)
        elif frame == TimeFrame.Days:
            end = self._nexteos.time()
            hour, minute, second, micro = end.hour, end.minute, end.second, end.microsecond
        days, hour = divmod(hour, 24)
        when = when.replace(
            hour=int(hour), minute=int(minute), second=int(second), microsecond=int(micro)
        )
        return self.data.date2num(when + timedelta(days=days))

    def _adjust(self, later: bool = False) -> bool:
        """Give the gathered bar that time; with `later` only if it is later than its own."""
        time = self._adjusted()
        if later and time <= self.bar.datetime:
            return False
        self.bar.datetime = time
        return True

    # Most rows do nothing but make the gathered bar longer: which ones is known beforehand.

    _inside: dict[float, float] | None = None

    def look_ahead(self, times: Any) -> None:
        """Find the rows of these times that are in the bar of the row before, and do not end it."""
        self._inside = None
        if self.p.timeframe == TimeFrame.Days and not self.componly:
            # That is a matter of the session alone.
            self._inside = {}
        elif self.subdays and self.data._tz is None:
            point, rest = self._point(times_of_day(times)[1])
            edge = (rest == 0) & (point % self.p.compression == 0)
            inside = ~edge[1:] & ~self._moves(point[:-1], point[1:]) & (times[1:] > times[:-1])
            rows = zip(times[1:][inside].tolist(), times[:-1][inside].tolist(), strict=True)
            self._inside = dict(rows)

    def _within_session(self, now: float) -> bool:
        """Whether the known end of the session is not reached, or has been left behind."""
        if self._nexteos is None:
            return False
        return now < self._nextdteos or (now > self._nextdteos < self.bar.datetime)

    def only_grows(self, now: float, last: float) -> bool:
        """Whether a row does nothing but make the bar longer; last: the last bar's time."""
        inside = self._inside
        if inside is None or not self._within_session(now):
            return False
        return not self.subdays or (now > last and inside.get(now) == self.bar.datetime)

    def grow(self, data: Any, row: Any) -> bool:
        """Take such a row in; whether the data has nothing to show for it."""
        raise NotImplementedError

    def waits(self, now: float) -> bool:
        """Whether another data's time surely ends nothing."""
        return False


class Resampler(_BaseResampler):
    """Delivers a longer bar when it is over."""

    def last(self, data: Any) -> bool:
        """Deliver what was gathered at the end of the data."""
        if not self.bar.filled:
            return False
        if self.doadjusttime:
            self._adjust()
        self._deliver(data)
        return True

    def _deliver(self, data: Any) -> None:
        data._add2stack(self.bar.values())
        self.bar.start()

    def _gather(self, data: Any) -> None:
        self.bar.add(data._barvalues())
        data.backwards()

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        consumed = on_edge = False
        ask = True
        if not fromcheck:
            if self.subdays and self._is_late(data):
                if self.p.takelate:
                    self.bar.add(data._barvalues())
                    self.bar.datetime = data.datetime[-1] + _LATE_STEP
                data.backwards()
                return True
            if self.componly:
                _, self._lastdteos = self.data._getnexteos()
                consumed = True
            else:
                on_edge, ask = self._on_edge(data)
                consumed = on_edge
        if consumed:
            self._gather(data)
        over = self.bar.filled
        if over and not on_edge and ask:
            over = self._is_over(data, fromcheck, forcedata)
        if over and (forcedata is None or self._is_due(forcedata)):
            if not on_edge and self.doadjusttime:
                self._adjust(later=True)
            self._deliver(data)
        if not fromcheck and not consumed:
            self._gather(data)
        return True

    def _is_due(self, forcedata: Any) -> bool:
        """Whether another data's time is enough to deliver the bar."""
        frame = self.p.timeframe
        if frame in (TimeFrame.Minutes, TimeFrame.Days):
            return self._adjusted() <= forcedata.datetime[0]
        return frame == TimeFrame.Ticks

    def grow(self, data: Any, row: Any) -> bool:
        self.bar.add(row)
        return True

    def waits(self, now: float) -> bool:
        # It is that of the last row.
        known = self._inside is not None and now == self.bar.datetime
        return known and self._within_session(now)


class Replayer(_BaseResampler):
    """Shows a longer bar as it grows."""

    params = (("adjbartime", False),)

    replaying = True

    def __call__(self, data: Any, fromcheck: bool = False, forcedata: Any = None) -> bool:
        consumed = on_edge = late = False
        ask = True
        if not fromcheck:
            if self.subdays and self._is_late(data):
                if not self.p.takelate:
                    data.backwards(force=True)
                    return True
                consumed = late = True
            elif self.componly:
                consumed = True
            else:
                on_edge, ask = self._on_edge(data)
                consumed = on_edge
            # Orders meet the source's bar.
            data._tick_fill(force=True)
        if consumed:
            self.bar.add(data._barvalues())
            if late:
                self.bar.datetime = data.datetime[-1] + _LATE_STEP
        over = on_edge or (ask and self._is_over(data, fromcheck))
        if over:
            self._end(data, fromcheck, consumed, on_edge)
        elif not fromcheck:
            if not consumed:
                self.bar.add(data._barvalues())
            if not self._firstbar:
                data.backwards(force=True)
            data._updatebar(self.bar.values())
            self._firstbar = False
        return False

    def only_grows(self, now: float, last: float) -> bool:
        return not self._firstbar and super().only_grows(now, last)

    def grow(self, data: Any, row: Any) -> bool:
        data.met = row
        self.bar.add(row)
        data._updatebar(self.bar.values())
        return False

    def _restart(self) -> None:
        self.bar.start()
        self._firstbar = True

    def _end(self, data: Any, fromcheck: bool, consumed: bool, on_edge: bool) -> None:
        """The bar is over, with the source's current bar (consumed) or before it."""
        if not on_edge and self.doadjusttime:
            adjusted = self._adjust(later=True)
            if adjusted:
                data._updatebar(self.bar.values(), ago=0 if consumed or fromcheck else -1)
            if fromcheck:
                self._restart()
                if adjusted:
                    data._save2stack(erase=True, force=True)
            elif consumed:
                self._restart()
            else:
                self.bar.start()
                self.bar.add(data._barvalues())
                data._save2stack(erase=True, force=True)
        elif not fromcheck:
            if consumed:
                if not self._firstbar:
                    data.backwards(force=True)
                data._updatebar(self.bar.values())
                self._restart()
            else:
                # The source's bar is the first of the next one.
                self.bar.start()
                self.bar.add(data._barvalues())


def _of(base: type, frame: str) -> type:
    name = {"Days": "Daily", "Weeks": "Weekly", "Months": "Monthly", "Years": "Yearly"}
    return type(base)(
        base.__name__ + name.get(frame, frame),
        (base,),
        {
            "__module__": __name__,
            "__doc__": f"The same with timeframe={frame}.",
            "params": (("timeframe", getattr(TimeFrame, frame)),),
        },
    )


_FRAMES = ("Ticks", "Seconds", "Minutes", "Days", "Weeks", "Months", "Years")
(
    ResamplerTicks,
    ResamplerSeconds,
    ResamplerMinutes,
    ResamplerDaily,
    ResamplerWeekly,
    ResamplerMonthly,
    ResamplerYearly,
) = (_of(Resampler, frame) for frame in _FRAMES)
(
    ReplayerTicks,
    ReplayerSeconds,
    ReplayerMinutes,
    ReplayerDaily,
    ReplayerWeekly,
    ReplayerMonthly,
    ReplayerYearly,
) = (_of(Replayer, frame) for frame in _FRAMES)
