"""The clock of a run over minutes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..hours import MINUTE_NS, nanoseconds

BAR = 0
SESSION_START = 1
SESSION_END = 2
MINUTE_END = 3
BEFORE_TRADING_START_BAR = 4

NANOS_IN_MINUTE = MINUTE_NS


class MinuteSimulationClock:
    """What happens when: (Timestamp in UTC, event) pairs, session by session.

    sessions: labels. market_opens, market_closes: first and last minutes.
    before_trading_start_minutes: when before_trading_start is called; none where that comes after
    the close. minute_emission: an event after each minute too.
    """

    def __init__(
        self,
        sessions,
        market_opens,
        market_closes,
        before_trading_start_minutes,
        minute_emission=False,
    ) -> None:
        self.minute_emission = minute_emission
        columns = (sessions, market_opens, market_closes, before_trading_start_minutes)
        self._sessions = np.array([nanoseconds(column) for column in columns]).T.tolist()

    def __iter__(self) -> Iterator[tuple]:
        for label, first, last, before in self._sessions:
            yield _utc(label), SESSION_START
            called = before > last
            for minute in range(first, last + 1, MINUTE_NS):
                if minute >= before and not called:
                    called = True
                    yield _utc(before), BEFORE_TRADING_START_BAR
                yield _utc(minute), BAR
                if self.minute_emission:
                    yield _utc(minute), MINUTE_END
            yield _utc(last), SESSION_END


def _utc(time: int):
    import pandas as pd

    return pd.Timestamp(time, tz="UTC")
