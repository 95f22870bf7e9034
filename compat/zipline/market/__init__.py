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
    return Market(bundle, calendar, sessions, when.ends[run])
