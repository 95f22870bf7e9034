"""Data that is generated, and the sources in the network that this adapter does not read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..unsupported import missing
from ..utils.config import merge_dicts
from ..utils.datetime_ import get_utc_tz, to_tzaware_datetime
from .base import Data

__all__ = [
    "AlpacaData",
    "BinanceData",
    "CCXTData",
    "GBMData",
    "SyntheticData",
    "YFData",
    "generate_gbm_paths",
]


class SyntheticData(Data):
    """Data that `generate_symbol` makes for an index of dates."""

    @classmethod
    def generate_symbol(cls, symbol, index: pd.Index, **kwargs) -> Any:
        """The values of a symbol: a Series or a DataFrame. To be overridden."""
        raise NotImplementedError(f"{cls.__name__} does not say how symbols are generated")

    @classmethod
    def download_symbol(
        cls,
        symbol,
        start=0,
        end="now",
        freq=None,
        date_range_kwargs: dict | None = None,
        **kwargs,
    ) -> Any:
        """Dates from `start` to `end`, in UTC, filled by `generate_symbol` (which gets kwargs)."""
        index = pd.date_range(
            start=to_tzaware_datetime(start, tz=get_utc_tz()),
            end=to_tzaware_datetime(end, tz=get_utc_tz()),
            freq=freq,
            **(date_range_kwargs or {}),
        )
        if len(index) == 0:
            raise ValueError(f"Date range is empty: there is no date from {start} to {end}")
        return cls.generate_symbol(symbol, index, **kwargs)

    def _arguments(self, symbol) -> dict:
        """Those of the download, beginning where the known data ends."""
        given = self.select_symbol_kwargs(symbol, self.download_kwargs)
        return given | {"start": self.data[symbol].index[-1]}

    def update_symbol(self, symbol, **kwargs) -> Any:
        return self.download_symbol(symbol, **merge_dicts(self._arguments(symbol), kwargs))


def generate_gbm_paths(
    S0: float,
    mu: float,
    sigma: float,
    T: int,
    M: int,
    I: int,  # noqa: E741 - the public name, as below
    seed: int | None = None,
) -> np.ndarray:
    """Paths of geometric Brownian motion: float64[M + 1, I].

    They begin at `S0`; `mu` and `sigma` are drift and deviation per unit of time, of which the
    `M` steps take `T`. Draws from NumPy's global generator, which `seed` seeds.
    """
    if seed is not None:
        np.random.seed(seed)  # noqa: NPY002 - the generator that scripts seed
    step = float(T) / M
    paths = np.zeros((M + 1, I), np.float64)
    paths[0] = S0
    for t in range(1, M + 1):
        drawn = np.random.standard_normal(I)  # noqa: NPY002
        growth = np.exp((mu - 0.5 * sigma**2) * step + sigma * np.sqrt(step) * drawn)
        paths[t] = paths[t - 1] * growth
    return paths


class GBMData(SyntheticData):
    """Prices of geometric Brownian motion."""

    @classmethod
    def generate_symbol(
        cls,
        symbol,
        index: pd.Index,
        S0: float = 100.0,
        mu: float = 0.0,
        sigma: float = 0.05,
        T: int | None = None,
        I: int = 1,  # noqa: E741
        seed: int | None = None,
    ) -> Any:
        """A Series, or a DataFrame of `I` paths; see `generate_gbm_paths`.

        The price before the first row is `S0`. T: units of time, by default one for each row.
        """
        rows = len(index)
        out = generate_gbm_paths(S0, mu, sigma, rows if T is None else T, rows, I, seed)[1:]
        if out.shape[1] == 1:
            return pd.Series(out[:, 0], index=index)
        return pd.DataFrame(out, index=index, columns=pd.RangeIndex(out.shape[1], name="path"))

    def update_symbol(self, symbol, **kwargs) -> Any:
        given = self._arguments(symbol)
        for name in ("S0", "T"):
            given.pop(name, None)
        before = self.data[symbol].iloc[-2]
        return self.download_symbol(
            symbol, S0=before, **merge_dicts(given | {"seed": None}, kwargs)
        )


class _Remote(Data):
    """Data that the original downloads."""

    @classmethod
    def download(cls, *args, **kwargs) -> Any:
        raise cls._refusal("download")

    @classmethod
    def download_symbol(cls, *args, **kwargs) -> Any:
        raise cls._refusal("download_symbol")

    def update_symbol(self, *args, **kwargs) -> Any:
        raise self._refusal("update_symbol")

    @classmethod
    def _refusal(cls, method: str) -> Exception:
        advice = "Load the data yourself, and pass it to Data.from_data({symbol: frame})."
        return missing(f"{cls.__name__}.{method}", advice)


class YFData(_Remote):
    """Yahoo Finance."""


class BinanceData(_Remote):
    """Binance."""


class CCXTData(_Remote):
    """Exchanges, by CCXT."""


class AlpacaData(_Remote):
    """Alpaca."""
