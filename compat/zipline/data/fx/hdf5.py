"""Exchange rates in an HDF5 file.

A group holds `index/{dts,currencies}` and `data/<rate>/<quote>/rates`, float64[currencies, times].
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..hdf5_files import opened
from .base import DEFAULT_FX_RATE, FXRateReader
from .utils import check_dts, is_sorted_ascending

__all__ = ["HDF5FXRateReader", "HDF5FXRateWriter"]

HDF5_FX_VERSION = 0
HDF5_FX_DEFAULT_CHUNK_SIZE = 75


class HDF5FXRateReader(FXRateReader):
    """Reads rates.

    group: in an open file; `from_path` opens one. default_rate: which one DEFAULT_FX_RATE means.
    Raises ValueError for another version.
    """

    def __init__(self, group, default_rate) -> None:
        self._group = group
        self._default_rate = default_rate
        if self.version != HDF5_FX_VERSION:
            raise ValueError(
                f"FX Reader version ({HDF5_FX_VERSION}) != File Version ({self.version})"
            )

    @classmethod
    def from_path(cls, path, default_rate):
        return cls(opened(path), default_rate)

    @property
    def version(self):
        return self._group.attrs.get("version", 0)

    @cached_property
    def dts(self):
        """The times from which rates hold."""
        import pandas as pd

        times = self._group["index"]["dts"][:].astype("datetime64[ns]")
        if not is_sorted_ascending(times):
            raise ValueError(f"dts are not sorted for {self._group}: write the file again.")
        return pd.DatetimeIndex(times, tz="UTC")

    @cached_property
    def currencies(self):
        import pandas as pd

        codes = [code.decode() for code in self._group["index"]["currencies"][:]]
        return pd.Index(codes, dtype=object)

    def get_rates(self, rate, quote, bases, dts) -> np.ndarray:
        """As `FXRateReader`; raises ValueError for a rate or a quote that is not there."""
        if rate is DEFAULT_FX_RATE:
            rate = self._default_rate
        check_dts(dts)
        if dts.tz is None:
            dts = dts.tz_localize("UTC")
        columns = self.dts.searchsorted(dts, side="right") - 1
        rows = self.currencies.get_indexer(bases)
        try:
            dataset = self._group["data"][rate][quote]["rates"]
        except KeyError:
            raise ValueError(
                f"FX rates not available for rate={rate}, quote_currency={quote}."
            ) from None
        first, last = max(int(columns[0]), 0), max(int(columns[-1]), 0)
        known = dataset[:, first : last + 1]
        rates = known[np.ix_(rows, np.maximum(columns - first, 0))].T
        rates[columns == -1] = np.nan
        rates[:, rows == -1] = np.nan
        return rates


class HDF5FXRateWriter:
    """Writes rates into a group of an open file."""

    def __init__(self, group, date_chunk_size=HDF5_FX_DEFAULT_CHUNK_SIZE) -> None:
        self._group = group
        self._date_chunk_size = date_chunk_size

    def write(self, dts, currencies, data) -> None:
        """Write rates.

        dts: datetime64, ascending. currencies: codes of three letters. data: triples of a rate's
        name, the code of the quote and float64[dts, currencies]. Raises ValueError for others.
        """
        if not is_sorted_ascending(dts):
            raise ValueError("dts is not sorted")
        for code in currencies:
            if not isinstance(code, str) or len(code) != 3:
                raise ValueError(f"Invalid currency: {code!r}")
        self._group.attrs["version"] = HDF5_FX_VERSION
        self._group.attrs["last_updated_utc"] = str(np.datetime64("now"))
        index = self._group.create_group("index")
        index.create_dataset("dts", data=np.asarray(dts).astype("datetime64[ns]").astype(np.int64))
        index.create_dataset("currencies", data=np.array(list(currencies), dtype="S3"))
        shape = len(dts), len(currencies)
        chunks = (len(currencies), min(self._date_chunk_size, len(dts))) if shape[1] else None
        for rate, quote, rates in data:
            if rates.shape != shape:
                raise ValueError(
                    f"Unexpected shape for rate={rate}, quote={quote}: {rates.shape}, not {shape}."
                )
            place = self._group.require_group(f"data/{rate}/{quote}")
            place.create_dataset(
                "rates", data=rates.T, chunks=chunks, compression="lzf", shuffle=True
            )
