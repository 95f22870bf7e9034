"""The daily returns that a run is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import (
    BenchmarkAssetNotAvailableTooEarly,
    BenchmarkAssetNotAvailableTooLate,
    InvalidBenchmarkAsset,
)
from ..unsupported import missing

if TYPE_CHECKING:
    from ..algorithm import Algorithm
    from ..assets import Equity
    from ..market import Market


def benchmark_from_asset(market: Market, asset: Equity) -> np.ndarray:
    """float64[T]: daily returns of an asset's adjusted price, as seen on the last session."""
    count = len(market.labels)
    last = count - 1
    first_label = market.sessions[0]
    stock_dividend = market.stock_dividend(asset)
    if stock_dividend is not None:
        raise InvalidBenchmarkAsset(sid=str(asset), dt=stock_dividend)
    if asset.start_date > first_label:
        raise BenchmarkAssetNotAvailableTooEarly(
            sid=str(asset), dt=first_label, start_dt=asset.start_date
        )
    if asset.end_date < market.sessions[-1]:
        raise BenchmarkAssetNotAvailableTooLate(
            sid=str(asset), dt=market.sessions[-1], end_dt=asset.end_date
        )
    if asset.start_date < first_label:
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
    """The returns of a run's benchmark, as metrics receive them."""

    emission_rate: str
    sessions: Any
    _daily: Any
    _series: Any

    def __init__(self, *args, **kwargs) -> None:
        raise missing("BenchmarkSource(...)", "Metrics receive the one of the run.")

    @classmethod
    def of_run(cls, algorithm: Algorithm, returns: np.ndarray) -> BenchmarkSource:
        """returns: of each session, float64[T]. With minutes they hold from a session's first."""
        import pandas as pd

        parameters = algorithm.parameters
        self = object.__new__(cls)
        self.emission_rate = parameters.emission_rate
        self.sessions = parameters.sessions
        self._daily = pd.Series(returns, index=self.sessions)
        self._series = self._daily
        if self.emission_rate == "minute":
            if algorithm.context.benchmark_sid is not None:
                raise missing(
                    "an asset as benchmark of a run that emits minutes", "Give benchmark_returns."
                )
            minutes = pd.DatetimeIndex(algorithm.market.times, tz="UTC")
            self._series = self._daily.tz_localize("UTC").reindex(minutes, method="ffill")
        return self

    def get_value(self, dt):
        """The return at a session, or a minute."""
        return self._series.loc[dt]

    def get_range(self, start_dt, end_dt):
        """A Series of returns from one time to another, both included."""
        return self._series.loc[start_dt:end_dt]

    def daily_returns(self, start, end=None):
        """The return of a session, or a Series of those from one to another, both included."""
        return self._daily[start] if end is None else self._daily[start:end]
