"""The daily returns that a run is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import (
    BenchmarkAssetNotAvailableTooEarly,
    BenchmarkAssetNotAvailableTooLate,
    InvalidBenchmarkAsset,
)

if TYPE_CHECKING:
    from ..algorithm import Algorithm
    from ..assets import Equity
    from ..market import Market


def check_benchmark(market: Market, asset: Equity, sessions) -> None:
    """Raise unless an asset can be the benchmark of these sessions."""
    first, last = sessions[0], sessions[-1]
    stock_dividend = market.stock_dividend(asset, first, last)
    if stock_dividend is not None:
        raise InvalidBenchmarkAsset(sid=str(asset), dt=stock_dividend)
    if asset.start_date > first:
        raise BenchmarkAssetNotAvailableTooEarly(
            sid=str(asset), dt=first, start_dt=asset.start_date
        )
    if asset.end_date < last:
        raise BenchmarkAssetNotAvailableTooLate(sid=str(asset), dt=last, end_dt=asset.end_date)


def benchmark_from_asset(market: Market, asset: Equity) -> np.ndarray:
    """float64[T]: daily returns of an asset's adjusted price, as seen on the last session."""
    count = len(market.labels)
    last = count - 1
    check_benchmark(market, asset, market.sessions)
    if asset.start_date < market.sessions[0]:
        market.window_index(last, count + 1)
        prices = market.price_window(asset, last, count + 1)
        return prices[1:] / prices[:-1] - 1.0
    market.window_index(last, count)
    prices = market.price_window(asset, last, count)
    opened = market.spot_column(asset, "open")[0]
    closed = market.spot_column(asset, "close")[0]
    return np.r_[(closed - opened) / opened, prices[1:] / prices[:-1] - 1.0]


def benchmark_from_returns(returns, sessions) -> np.ndarray:
    """float64[T]: daily returns of a Series; sessions without a return count as 0."""
    if getattr(returns.index, "tz", None) is not None:
        # Labels with a time zone equal no session label, so that none is found.
        return np.zeros(len(sessions))
    return returns.reindex(sessions).fillna(0).to_numpy(dtype=np.float64)


class BenchmarkSource:
    """The returns of a run's benchmark, as metrics receive them.

    sessions: naive labels. data_portal: where the prices of the asset are. emission_rate: "minute"
    for returns by the minute, of an asset from one minute to the next; those of sessions then go
    from close to close. benchmark_returns: a Series by session, where there is no asset.
    """

    _daily: Any
    _series: Any

    def __init__(
        self,
        benchmark_asset,
        trading_calendar,
        sessions,
        data_portal,
        emission_rate="daily",
        benchmark_returns=None,
    ) -> None:
        import pandas as pd

        self.benchmark_asset = benchmark_asset
        self.sessions = sessions
        self.emission_rate = emission_rate
        self.data_portal = data_portal
        by_minute = emission_rate == "minute"
        if not len(sessions):
            self._daily = self._series = pd.Series()
            return
        if benchmark_asset is None:
            if benchmark_returns is None:
                raise ValueError("Give benchmark_asset or benchmark_returns.")
            self._follow(benchmark_returns.reindex(sessions).fillna(0), trading_calendar)
            return
        check_benchmark(data_portal._days, benchmark_asset, sessions)
        if by_minute:
            minutes = trading_calendar.sessions_minutes(sessions[0], sessions[-1])
            window = minutes[-1], len(minutes) + 1, "1m"
        elif benchmark_asset.start_date < sessions[0]:
            window = sessions[-1], len(sessions) + 1, "1d"
        else:
            window = sessions[-1], len(sessions), "1d"
        prices = data_portal.get_history_window([benchmark_asset], *window, "price", emission_rate)
        prices = prices[benchmark_asset]
        self._daily = self._series = prices.pct_change()[1:]
        if by_minute:
            self._daily = self.downsample_minute_return_series(trading_calendar, prices)
        elif len(prices) == len(sessions):
            # Of an asset whose first day is the first session: from its open.
            opened, closed = (
                data_portal.get_spot_value(benchmark_asset, field, sessions[0], "daily")
                for field in ("open", "close")
            )
            first = pd.Series([(closed - opened) / opened], sessions[:1])
            self._daily = self._series = pd.concat([first, self._series])

    def _follow(self, daily, calendar) -> None:
        """The returns of sessions; each holds for the minutes from its label on."""
        self._daily = self._series = daily
        if self.emission_rate == "minute":
            minutes = calendar.sessions_minutes(self.sessions[0], self.sessions[-1])
            self._series = daily.tz_localize(minutes.tz).reindex(minutes, method="ffill")

    @classmethod
    def of_run(cls, algorithm: Algorithm, returns: np.ndarray) -> BenchmarkSource:
        """returns: of each session, float64[T]; where an asset has returns by the minute, those."""
        import pandas as pd

        if algorithm.benchmark_source is not None:
            return algorithm.benchmark_source
        parameters = algorithm.parameters
        self = object.__new__(cls)
        self.benchmark_asset = None
        self.data_portal = algorithm.context.data_portal
        self.emission_rate = parameters.emission_rate
        self.sessions = parameters.sessions
        self._follow(pd.Series(returns, index=self.sessions), algorithm.market.calendar)
        return self

    @classmethod
    def downsample_minute_return_series(cls, trading_calendar, minutely_returns):
        """Returns of sessions, from close to close, of a Series of prices by the minute."""
        sessions = trading_calendar.minutes_to_sessions(minutely_returns.index)
        closes = trading_calendar.closes[sessions[0] : sessions[-1]]
        returns = minutely_returns[closes].pct_change()
        returns.index = closes.index
        return returns.iloc[1:]

    def get_value(self, dt):
        """The return at a session, or a minute."""
        return self._series.loc[dt]

    def get_range(self, start_dt, end_dt):
        """A Series of returns from one time to another, both included."""
        return self._series.loc[start_dt:end_dt]

    def daily_returns(self, start, end=None):
        """The return of a session, or a Series of those from one to another, both included."""
        return self._daily[start] if end is None else self._daily[start:end]
