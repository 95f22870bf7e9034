"""Analyzers of the account: they read its curve when asked, instead of hearing each bar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from ..analyzer import Analyzer, TimeFrameAnalyzerBase
from ..data import TimeFrame
from ..dates import num2date, ordinals


def values_of(analyzer: Analyzer) -> np.ndarray:
    """The portfolio's value after each bar so far (the fund's value with `fund=True`)."""
    values = analyzer.strategy.cerebro._curve(analyzer)
    if analyzer.p._get("fund"):
        values = values / analyzer.strategy.broker.fundshares
    return values


def start_value(analyzer: Analyzer) -> float:
    broker = analyzer.strategy.broker
    return broker.p.fundstartval if analyzer.p._get("fund") else broker.startingcash


class FromCurve(Analyzer):
    """Follows the account; `rets` is worked out when it is read."""

    _from_curve = True

    _final: Any = None

    def create_analysis(self):
        pass

    @property
    def rets(self) -> Any:
        return self._work_out() if self._final is None else self._final

    def _work_out(self) -> Any:
        """The results up to the current bar."""
        raise NotImplementedError

    def stop(self) -> None:
        self._final = self._work_out()


class Periods(FromCurve, TimeFrameAnalyzerBase):
    """Follows the account by periods."""

    def _starts(self) -> tuple[np.ndarray, list[Any]]:
        """The index of the first bar of each period so far, and the keys of the periods."""
        times = self.strategy.cerebro._times_heard(self)
        if not len(times):
            return np.zeros(0, dtype=np.int64), []
        frame = self.timeframe
        if frame == TimeFrame.NoTimeFrame:
            return np.zeros(1, dtype=np.int64), [datetime.max]
        if frame < TimeFrame.Days:
            return self._intraday_starts(times)
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
        starts = np.flatnonzero(np.concatenate(([True], latest[1:] > latest[:-1])))
        keys = [self._get_dt_cmpkey(num2date(times[i]))[1] for i in starts.tolist()]
        return starts, keys

    def _intraday_starts(self, times: np.ndarray) -> tuple[np.ndarray, list[Any]]:
        starts, keys, latest = [], [], None
        for i, time in enumerate(times.tolist()):
            period, key = self._get_dt_cmpkey(num2date(time))
            if latest is None or period > latest:
                latest = period
                starts.append(i)
                keys.append(key)
        return np.array(starts, dtype=np.int64), keys
