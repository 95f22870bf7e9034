"""The values of a line as times: floats of days, as in the line `datetime` of a feed."""

from __future__ import annotations

from typing import Any

from .dates import num2date, time2num


class LineTimes:
    """What lines know of times; `ago` counts bars from the current one."""

    __slots__ = ()

    array: Any
    cursor: Any
    _tz: Any

    def __getitem__(self, ago: int) -> float:
        raise NotImplementedError

    def _settz(self, tz: Any) -> None:
        self._tz = tz

    def datetime(self, ago: int = 0, tz: Any = None, naive: bool = True):
        try:
            when = self.array[self.cursor.idx + ago]
        except IndexError:
            # Which says more.
            when = self[ago]
        return num2date(when, tz or self._tz, naive)

    def date(self, ago: int = 0, tz: Any = None, naive: bool = True):
        try:
            when = self.array[self.cursor.idx + ago]
        except IndexError:
            when = self[ago]
        return num2date(when, tz or self._tz, naive).date()

    def time(self, ago: int = 0, tz: Any = None, naive: bool = True):
        try:
            when = self.array[self.cursor.idx + ago]
        except IndexError:
            when = self[ago]
        return num2date(when, tz or self._tz, naive).time()

    def dt(self, ago: int = 0) -> int:
        """The day of a time."""
        return int(self[ago])

    def tm_raw(self, ago: int = 0) -> float:
        """The fraction of the day of a time."""
        return self[ago] % 1.0

    def tm(self, ago: int = 0) -> float:
        """The same from the rounded time of day."""
        return time2num(num2date(self[ago]).time())

    # Comparisons with a fraction of the day: `time2num(datetime.time(9, 30))`

    def tm_lt(self, other: float, ago: int = 0) -> bool:
        when = self[ago]
        return when < int(when) + other

    def tm_le(self, other: float, ago: int = 0) -> bool:
        when = self[ago]
        return when <= int(when) + other

    def tm_eq(self, other: float, ago: int = 0) -> bool:
        when = self[ago]
        return when == int(when) + other

    def tm_gt(self, other: float, ago: int = 0) -> bool:
        when = self[ago]
        return when > int(when) + other

    def tm_ge(self, other: float, ago: int = 0) -> bool:
        when = self[ago]
        return when >= int(when) + other

    def tm2dtime(self, tm: float, ago: int = 0) -> float:
        """The fraction `tm` of the day of a time."""
        return int(self[ago]) + tm

    def tm2datetime(self, tm: float, ago: int = 0):
        return num2date(int(self[ago]) + tm)
