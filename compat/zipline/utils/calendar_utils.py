"""Trading calendars, from exchange_calendars."""

from __future__ import annotations

from typing import Any

__all__ = ["get_calendar", "wrap_with_signature"]

_PASSED_ON = {
    "TradingCalendar": "ExchangeCalendar",
    "clear_calendars": "clear_calendars",
    "ec_get_calendar": "get_calendar",
    "get_calendar_names": "get_calendar_names",
    "register_calendar": "register_calendar",
    "register_calendar_alias": "register_calendar_alias",
}
_FROM_1990 = ("us_futures", "CMES", "XNYS", "NYSE")


def get_calendar(name, start: Any = None, end=None, side="right", **kwargs):
    """The calendar of an exchange; bars are stamped at their end. XNYS begins in 1990."""
    if side != "right":
        raise TypeError(f"side must be 'right', not {side!r}: bars are stamped at their end.")
    import exchange_calendars
    import pandas as pd

    if name in ("CSVDIR", "QUANDL"):  # the exchange of every asset of those bundles
        name = "NYSE"
    if start is None and name in _FROM_1990:
        start = pd.Timestamp("1990-01-01")
    return exchange_calendars.get_calendar(name, start, end, side, **kwargs)


def wrap_with_signature(signature):
    """A decorator that shows another signature for a function."""

    def wrapper(function):
        function.__signature__ = signature
        return function

    return wrapper


def __getattr__(name: str):
    # Importing exchange_calendars takes half a second: only when a script asks for these.
    if name in _PASSED_ON:
        import exchange_calendars

        return getattr(exchange_calendars, _PASSED_ON[name])
    if name == "days_at_time":
        from exchange_calendars.utils.pandas_utils import days_at_time

        return days_at_time
    if name == "global_calendar_dispatcher":
        from exchange_calendars.calendar_utils import global_calendar_dispatcher

        return global_calendar_dispatcher
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
