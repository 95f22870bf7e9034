"""Trading calendars, from exchange_calendars."""

from __future__ import annotations

from typing import Any

from ..unsupported import module_gaps

__all__ = ["get_calendar"]

_PASSED_ON = ("get_calendar_names", "register_calendar", "register_calendar_alias")

_gaps = module_gaps("zipline.utils.calendar_utils")
_FROM_1990 = ("us_futures", "CMES", "XNYS", "NYSE")


def get_calendar(name, start: Any = None, end=None, side="right", **kwargs):
    """The calendar of an exchange; bars are stamped at their end. XNYS begins in 1990."""
    if side != "right":
        raise TypeError(f"side must be 'right', not {side!r}: bars are stamped at their end.")
    import exchange_calendars
    import pandas as pd

    if name == "CSVDIR":  # the exchange of every asset that comes from a folder of CSV files
        name = "NYSE"
    if start is None and name in _FROM_1990:
        start = pd.Timestamp("1990-01-01")
    return exchange_calendars.get_calendar(name, start, end, side, **kwargs)


def __getattr__(name: str):
    # Importing exchange_calendars takes half a second: only when a script asks for these.
    if name in _PASSED_ON:
        import exchange_calendars

        return getattr(exchange_calendars, name)
    if name == "days_at_time":
        from exchange_calendars.utils.pandas_utils import days_at_time

        return days_at_time
    return _gaps(name)
