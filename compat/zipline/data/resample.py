"""Bars of minutes made into bars of sessions."""

from __future__ import annotations

from ..unsupported import module_gaps

__all__ = ["minute_frame_to_session_frame"]

__getattr__ = module_gaps("zipline.data.resample")

_HOW = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}


def minute_frame_to_session_frame(minute_frame, calendar):
    """One row for each session, by label, of a frame of minutes in UTC; the columns stay."""
    labels = calendar.minutes_to_sessions(minute_frame.index)
    return minute_frame.groupby(labels).agg({name: _HOW[name] for name in minute_frame.columns})
