"""The market data of a run as columns: what trades, what is shown, what history shows."""

from __future__ import annotations

import numpy as np

from ..hours import hours, nanoseconds
from .daily import Market
from .minute import MinuteMarket

__all__ = ["Market", "MinuteMarket", "market_of"]


def market_of(bundle, parameters) -> Market | MinuteMarket:
    """The market of a run over a bundle, by its `SimulationParameters`."""
    calendar, sessions = parameters.trading_calendar, parameters.sessions
    when = hours(calendar)
    first = int(np.searchsorted(when.labels, nanoseconds(sessions[:1])[0]))
    run = slice(first, first + len(sessions))
    if parameters.data_frequency == "minute":
        return MinuteMarket(bundle, calendar, sessions, when.opens[run], when.ends[run])
    earlier = slice(max(first - 1, 0), run.stop)
    # Whether the session before is over at midnight, when the session's label is.
    over = when.closes[earlier][:-1] < when.labels[earlier][1:]
    if over.all() or not first or _of_frames(bundle):
        return Market(bundle, calendar, sessions, when.ends[run])
    shown = Market(bundle, calendar, calendar.sessions[earlier], when.ends[earlier])
    at = (np.arange(len(over)) + over).tolist()
    return Market(bundle, calendar, sessions, when.ends[run], (shown, at))


def _of_frames(bundle) -> bool:
    from ..data.frames import FrameDays

    return isinstance(bundle.bars, FrameDays)
