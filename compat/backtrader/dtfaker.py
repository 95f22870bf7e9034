"""`DTFaker`: a time in the place of a data, for filters that ask whether a bar has ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .dates import date2num


class DTFaker:
    """The time of now, or of another data (`forcedata`), with the session and calendar of `data`.

    It is its own line `datetime`, and its own parameters.
    """

    def __init__(self, data: Any, forcedata: Any = None) -> None:
        self.data = data
        self.datetime = self.p = self
        if forcedata is None:
            now = dt.datetime.now(dt.UTC).replace(tzinfo=None) + data._timeoffset()
            self._dt = date2num(now)
            self._dtime = data.num2date(self._dt)
        else:
            self._dt = forcedata.datetime[0]
            self._dtime = forcedata.datetime.datetime()
        self.sessionend = data.p.sessionend

    def __len__(self) -> int:
        return len(self.data)

    def __call__(self, idx: int = 0) -> dt.datetime:
        return self._dtime

    def __getitem__(self, idx: int) -> float:
        return self._dt if idx == 0 else float("-inf")

    def date(self, idx: int = 0) -> dt.date:
        return self._dtime.date()

    def time(self, idx: int = 0) -> dt.time:
        return self._dtime.time()

    @property
    def _calendar(self) -> Any:
        return self.data._calendar

    def num2date(self, *args: Any, **kwargs: Any) -> dt.datetime:
        return self.data.num2date(*args, **kwargs)

    def date2num(self, *args: Any, **kwargs: Any) -> float:
        return self.data.date2num(*args, **kwargs)

    def _getnexteos(self) -> tuple[dt.datetime, float]:
        return self.data._getnexteos()
