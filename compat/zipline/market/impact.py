"""What the slippage of futures needs beside a bar: see `VolatilityVolumeShare`."""

from __future__ import annotations

import numpy as np

from ....core.bars import Bars
from ..assets import Asset, Future
from ..finance.futures import IMPACT_VOLATILITY, IMPACT_VOLUME, IMPACT_WINDOW, volatility_of
from .history import SessionWindows


def with_impact(bars: Bars, days: SessionWindows, assets: list, sessions: np.ndarray) -> Bars:
    """The bars with mean volume and volatility of the sessions before the next bar's.

    days: the sessions of the run. sessions: int64[T], the number of the session of each bar. The
    same bars when no asset is a futures contract.
    """
    volatility = np.full((len(assets), len(sessions)), np.nan)
    volume = np.full((len(assets), len(sessions)), np.nan)
    for n, asset in enumerate(assets):
        if isinstance(asset, Future):
            # The core reads what was known when the bar before ended.
            known, mean = _before_each_session(days, asset)
            volatility[n, :-1] = known[sessions[1:]]
            volume[n, :-1] = mean[sessions[1:]]
    return bars.with_extra(IMPACT_VOLATILITY, volatility.T).with_extra(IMPACT_VOLUME, volume.T)


def _before_each_session(days: SessionWindows, asset: Asset) -> tuple[np.ndarray, np.ndarray]:
    """float64[S] each: volatility and mean volume; NaN and 0 in the bundle's first sessions."""
    count = len(days.labels)
    volatility, mean = np.full(count, np.nan), np.zeros(count)
    columns = days.columns(asset)
    if columns is None:
        return volatility, mean
    # All sessions of the bundle before the run's last one.
    first = days.bundle_first
    closes = np.full(days.first + count - 1 - first, np.nan)
    volumes = np.zeros(len(closes))
    at = columns.first - first
    stop = max(min(at + columns.count, len(closes)), at)
    closes[at:stop] = columns.rounded["close"][: stop - at]
    volumes[at:stop] = columns.rounded["volume"][: stop - at]
    if len(closes) < IMPACT_WINDOW:
        return volatility, mean
    view = np.lib.stride_tricks.sliding_window_view
    known = min(len(closes) - IMPACT_WINDOW + 1, count)
    volatility[-known:] = volatility_of(view(closes, IMPACT_WINDOW)[-known:])
    mean[-known:] = view(volumes, IMPACT_WINDOW)[-known:].mean(axis=1)
    return volatility, mean
