"""Filters about the times of a session."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..dataseries import TimeFrame
from ..params import ParamsBase
from .calendardays import filled_bar

#: The length of bars that can be filled in.
UNITS = {
    TimeFrame.Minutes: timedelta(seconds=60),
    TimeFrame.Seconds: timedelta(seconds=1),
    TimeFrame.MicroSeconds: timedelta(microseconds=1),
}


class SessionFiller(ParamsBase):
    """Bars for times of the session without any, at the previous close.

    skip_first_fill: nothing before the data's first bar.
    """

    params = (
        ("fill_price", None),
        ("fill_vol", float("NaN")),
        ("fill_oi", float("NaN")),
        ("skip_first_fill", True),
    )

    MAXDATE = datetime.max

    def __init__(self, data: Any) -> None:
        self._tdframe = UNITS[data._timeframe]
        self._tdunit = self._tdframe * data._compression
        self.seenbar = False
        self.sessend = self.MAXDATE

    def __call__(self, data: Any) -> bool:
        out = False
        now = data.datetime.datetime()
        if now > self.sessend:
            # The rest of the session before.
            end = self.sessend + self._tdframe
            out = self._fillbars(data, self.dtime_prev, end, tostack=False)
            self.sessend = self.MAXDATE
        if self.sessend == self.MAXDATE:
            start = datetime.combine(now.date(), data.p.sessionstart)
            self.sessend = datetime.combine(now.date(), data.p.sessionend)
            wanted = self.seenbar or not self.p.skip_first_fill
            if wanted and start <= now <= self.sessend:
                out = self._fillbars(data, start - self._tdunit, now)
            self.seenbar = True
        else:
            out = self._fillbars(data, self.dtime_prev, now)
        self.dtime_prev = now
        return out

    def _fillbars(self, data: Any, after: datetime, before: datetime, tostack: bool = True) -> bool:
        """Queue the bars between two times, then (tostack) the current one."""
        p = self.p
        any_filled = False
        when = after + self._tdunit
        while when < before:
            price = p.fill_price or data.close[-1]
            data._add2stack(filled_bar(data, when, price, p.fill_vol, p.fill_oi))
            any_filled = True
            when += self._tdunit
        if any_filled and tostack:
            data._save2stack(erase=True)
        return any_filled or not tostack


def in_session(data: Any) -> bool:
    """Whether the current bar's time lies in the session, both ends included."""
    return data.p.sessionstart <= data.datetime.time(0) <= data.p.sessionend


class SessionFilterSimple(ParamsBase):
    """Leaves out what is outside of the session; for `addfilter_simple`."""

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> bool:
        return not in_session(data)


class SessionFilter(ParamsBase):
    """Leaves out what is outside of the session."""

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> bool:
        if in_session(data):
            return False
        data.backwards()
        return True
