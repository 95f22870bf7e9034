"""Analyzers of the account have two lanes that give the same results.

*Hearing*: `next`, `notify_fund` and the like are called at each bar, as any analyzer's are. So run
those whose class a script derives with methods of its own, and those that follow the fund.
*Quiet*: nothing is called per bar; who asks for results gets them from the account's curve, up to
the bars that a hearing analyzer would have heard.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np

from ..analyzer import _BARS, _EVENTS, Analyzer, TimeFrameAnalyzerBase
from ..data import TimeFrame
from ..dates import num2date, ordinals

#: With one of these of its own, a class must hear bars.
_OWN = (
    *_BARS,
    *_EVENTS,
    "__init__",
    "start",
    "create_analysis",
    "_start",
    "_stop",
    "_notify_fund",
    "_notify_cashvalue",
    "_dt_over",
    "_get_dt_cmpkey",
    "_get_subday_cmpkey",
)


class FromCurve(Analyzer):
    """Follows the account."""

    _rets: Any = None
    #: The number of bars that the results stand for (quiet lane).
    _bars = -1
    _ended = False

    _fundmode: bool
    _value: float

    def _choose_lane(self, heard: bool = False) -> None:
        super()._choose_lane(heard)
        for child in self._children:
            # Its own methods read its children at each bar.
            child._choose_lane(not self._quiet)

    def _reads_curve(self) -> bool:
        return not self._follows_fund() and not self._has_own(*_OWN)

    def _follows_fund(self) -> bool:
        """Whether it follows the fund's value, not the account's."""
        fund = self.p._get("fund")
        return self.strategy.broker.fundmode if fund is None else bool(fund)

    def start(self) -> None:
        self._fundmode = self._follows_fund()

    def _stop(self) -> None:
        for child in self._children:
            child._stop()
        if self._quiet:
            self._catch_up()
            self._ended = True
        self.stop()

    # What it reads

    @property
    def rets(self) -> Any:
        if self._quiet and not self._ended:
            self._catch_up()
        return self._rets

    @rets.setter
    def rets(self, value: Any) -> None:
        self._rets = value

    def _worth(self) -> float:
        """The value of the account, or of the fund, now."""
        broker = self.strategy.broker
        return broker.fundvalue if self._fundmode else broker.getvalue()

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        self._value = fundvalue if self._fundmode else value

    # The quiet lane

    def _catch_up(self) -> None:
        """Bring `rets` up to the bars that can be known by now."""
        bars = self.strategy.cerebro._bars_heard(self)
        if bars != self._bars:
            self._bars = bars
            self._work_out(self.strategy.cerebro._curve(self))

    def _work_out(self, values: np.ndarray) -> None:
        """Set the results of `values`, float64[bars]: the account's value after each bar."""
        raise NotImplementedError

    def _prenext(self) -> None:
        if not self._quiet:
            super()._prenext()

    def _nextstart(self) -> None:
        if not self._quiet:
            super()._nextstart()

    def _next(self) -> None:
        if not self._quiet:
            super()._next()


class Periods(FromCurve, TimeFrameAnalyzerBase):
    """Follows the account by periods."""

    def _reads_curve(self) -> bool:
        return super()._reads_curve() and self.p._doprenext

    def _starts(self) -> np.ndarray:
        """The index of the first bar of each period so far."""
        starts = self._of_times("starts", self._starts_in)
        return starts[: np.searchsorted(starts, self.strategy.cerebro._bars_heard(self))]

    def _keys(self, starts: np.ndarray) -> list[Any]:
        """The keys of the results of the first periods."""
        return self._of_times("keys", self._keys_in)[: len(starts)]

    def _of_times(self, what: str, make: Callable[[np.ndarray], Any]) -> Any:
        """What `make` makes of the times of all bars, once for all who follow such periods."""
        clock = self.strategy.cerebro._clock
        key = what, self.timeframe, self.compression, self._tz
        if key not in clock.periods:
            clock.periods[key] = make(clock.times)
        return clock.periods[key]

    def _keys_in(self, times: np.ndarray) -> list[Any]:
        starts = self._of_times("starts", self._starts_in)
        if self.timeframe == TimeFrame.NoTimeFrame:
            return [datetime.max] * len(starts)
        firsts = times[starts].tolist()
        return [self._get_dt_cmpkey(num2date(time, self._tz))[1] for time in firsts]

    def _starts_in(self, times: np.ndarray) -> np.ndarray:
        frame = self.timeframe
        if frame == TimeFrame.NoTimeFrame:
            return np.zeros(min(1, len(times)), dtype=np.int64)
        if frame < TimeFrame.Days or self._tz is not None:
            return self._compared_starts(times)
        days = ordinals(times)
        if frame == TimeFrame.Weeks:
            group = (days - 1) // 7
        elif frame == TimeFrame.Days:
            group = days
        else:
            unit = "M" if frame == TimeFrame.Months else "Y"
            group = (days - 719163).astype("datetime64[D]").astype(f"datetime64[{unit}]")
            group = group.astype(np.int64)
        # A period begins only when it is later than all before it.
        latest = np.maximum.accumulate(group)
        return np.flatnonzero(np.diff(latest, prepend=latest[:1] - 1) > 0)

    @property
    def _tz(self) -> Any:
        """The time zone of the strategy's clock, if it has one of its own."""
        return self.strategy.lines.datetime._tz

    def _compared_starts(self, times: np.ndarray) -> np.ndarray:
        """The same, time by time."""
        starts, latest = [], None
        for i, time in enumerate(times.tolist()):
            period, _ = self._get_dt_cmpkey(num2date(time, self._tz))
            if latest is None or period > latest:
                latest = period
                starts.append(i)
        return np.array(starts, dtype=np.int64)


class Returning(Periods):
    """Follows the account, or a data, by periods: what `TimeReturn` and its like share."""

    params = (("data", None), ("firstopen", True), ("fund", None))

    def _reads_curve(self) -> bool:
        datas = self.datas
        known = self.p.data is None or (len(datas) == 1 and self.p.data is datas[0])
        return known and super()._reads_curve()

    def notify_fund(self, cash: float, value: float, fundvalue: float, shares: float) -> None:
        super().notify_fund(cash, value, fundvalue, shares)
        if self.p.data is not None:
            self._value = self.p.data[0]

    def _ends(self, values: np.ndarray) -> tuple[list[Any], list[float], float]:
        """The periods' keys, the values at their ends, and the value before the first."""
        starts = self._starts()
        if not len(starts):
            return [], [], self._before
        before = self._before
        data = self.p.data
        if data is not None:
            values = self.strategy.cerebro._closes_heard(self, data)
            before = (data.open if self.p.firstopen else data.lines[0]).array[0]
        ends = [*(starts[1:] - 1).tolist(), len(values) - 1]
        return self._keys(starts), values[ends].tolist(), before

    #: The account's value at the start.
    _before = 0.0
