"""The daily returns that a run is compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import BenchmarkAssetNotAvailableTooEarly, BenchmarkAssetNotAvailableTooLate

if TYPE_CHECKING:
    from ..assets import Equity
    from ..market import Market


def benchmark_from_asset(market: Market, asset: Equity) -> np.ndarray:
    """float64[T]: daily returns of an asset's adjusted price, as seen on the last session."""
    count = len(market.labels)
    last = count - 1
    first_label = market.sessions[0]
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
