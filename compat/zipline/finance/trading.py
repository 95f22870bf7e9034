"""The span, the capital and the calendar of a run."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..hours import hours, nanoseconds

if TYPE_CHECKING:
    import numpy as np

DEFAULT_CAPITAL_BASE = 1e5

#: Minutes after midnight in New York at which before_trading_start is called.
_BEFORE_TRADING = 8 * 60 + 45


class SimulationParameters:
    """What a run needs to know before it begins.

    start_session, end_session: Timestamps without a zone; a start that is no session moves on to
    the next one, an end moves back. capital_base: dollars. Raises AssertionError for dates that
    are no Timestamps, that lie the wrong way round or off the calendar.
    """

    def __init__(
        self,
        start_session,
        end_session,
        trading_calendar,
        capital_base=DEFAULT_CAPITAL_BASE,
        emission_rate="daily",
        data_frequency="daily",
        arena="backtest",
    ) -> None:
        import pandas as pd

        for name, date in (("start_session", start_session), ("end_session", end_session)):
            assert type(date) is pd.Timestamp, f"{name} must be a pandas Timestamp, not {date!r}."
        assert trading_calendar is not None, "SimulationParameters needs a trading_calendar."
        assert start_session <= end_session, f"{start_session} comes after {end_session}."
        calendar = trading_calendar
        assert start_session.tz_localize(None) <= calendar.last_session, (
            f"{start_session} comes after the last session of {calendar.name}, "
            f"{calendar.last_session.date()}."
        )
        assert end_session.tz_localize(None) >= calendar.first_session, (
            f"{end_session} comes before the first session of {calendar.name}, "
            f"{calendar.first_session.date()}."
        )
        start, end = start_session.normalize(), end_session.normalize()
        if not calendar.is_session(start.tz_localize(None)):
            start = calendar.minute_to_session(start)
        if not calendar.is_session(end.tz_localize(None)):
            end = calendar.minute_to_session(end, direction="previous")
        self._start_session = start
        self._end_session = end
        self._trading_calendar = calendar
        self._capital_base = capital_base
        self._emission_rate = emission_rate
        self._data_frequency = data_frequency
        self._arena = arena
        self._first_open = calendar.session_first_minute(start.tz_localize(None))
        self._last_close = calendar.session_close(end.tz_localize(None))

    @property
    def start_session(self):
        return self._start_session

    @property
    def end_session(self):
        return self._end_session

    @property
    def capital_base(self):
        """Dollars at the start."""
        return self._capital_base

    @property
    def emission_rate(self) -> str:
        """How often performance is reported: "daily" or "minute"."""
        return self._emission_rate

    @property
    def data_frequency(self) -> str:
        """How often handle_data is called: "daily" or "minute"."""
        return self._data_frequency

    @data_frequency.setter
    def data_frequency(self, value: str) -> None:
        self._data_frequency = value

    @property
    def arena(self) -> str:
        return self._arena

    @arena.setter
    def arena(self, value: str) -> None:
        self._arena = value

    @property
    def first_open(self):
        """The first minute of the first session, UTC."""
        return self._first_open

    @property
    def last_close(self):
        """The close of the last session, UTC."""
        return self._last_close

    @property
    def trading_calendar(self):
        return self._trading_calendar

    @cached_property
    def sessions(self):
        """The labels of all sessions, without a zone."""
        return self._trading_calendar.sessions_in_range(self.start_session, self.end_session)

    @cached_property
    def open_times(self):
        """The first minute of each session: a DatetimeIndex, UTC."""
        calendar = self._trading_calendar
        return self._times_of(hours(calendar).first_minutes, calendar.schedule["open"].dtype.tz)

    @cached_property
    def close_times(self):
        """The close of each session, UTC; on the calendar us_futures when its trading ends."""
        calendar = self._trading_calendar
        futures = calendar.name == "us_futures"
        zone = "UTC" if futures else calendar.schedule["close"].dtype.tz
        return self._times_of(hours(calendar).ends, zone)

    def _times_of(self, times: np.ndarray, zone):
        """Times of all sessions, ns UTC, of which those of the run are wanted, in a zone."""
        import pandas as pd

        places = hours(self._trading_calendar).labels.searchsorted(nanoseconds(self.sessions))
        return pd.DatetimeIndex(times[places].view("M8[ns]"), tz=zone)

    @cached_property
    def opens(self) -> list:
        """`open_times` as Timestamps."""
        return list(self.open_times)

    @cached_property
    def closes(self) -> list:
        """`close_times` as Timestamps."""
        return list(self.close_times)

    @cached_property
    def mornings(self) -> list:
        """When before_trading_start is called on each session: 08:45 in New York, as UTC."""
        import pandas as pd

        times = self.sessions + pd.Timedelta(minutes=_BEFORE_TRADING)
        return list(times.tz_localize("US/Eastern").tz_convert("UTC"))

    def create_new(self, start_session, end_session, data_frequency=None) -> SimulationParameters:
        """The same parameters over another span."""
        return SimulationParameters(
            start_session,
            end_session,
            self._trading_calendar,
            capital_base=self.capital_base,
            emission_rate=self.emission_rate,
            data_frequency=self.data_frequency if data_frequency is None else data_frequency,
            arena=self.arena,
        )

    def __repr__(self) -> str:
        shown = (
            "start_session", "end_session", "capital_base", "data_frequency", "emission_rate",
            "first_open", "last_close", "trading_calendar",
        )  # fmt: skip
        lines = (f"    {name}={getattr(self, name)}" for name in shown)
        return f"\n{type(self).__name__}(\n" + ",\n".join(lines) + "\n)"
