"""Exchange rates from frames."""

from __future__ import annotations

import numpy as np

from .base import DEFAULT_FX_RATE, FXRateReader
from .utils import check_dts


class InMemoryFXRateReader(FXRateReader):
    """Reads rates from frames.

    data: by name of the rate and code of the quote a frame, naive dates as rows, codes of the base
    as columns; a rate holds until the next date. default_rate: which one DEFAULT_FX_RATE means.
    """

    def __init__(self, data, default_rate) -> None:
        self._data = data
        self._default_rate = default_rate

    def get_rates(self, rate, quote, bases, dts):
        frame = self._data[self._default_rate if rate is DEFAULT_FX_RATE else rate][quote]
        check_dts(dts)
        rows = frame.index.searchsorted(dts.tz_localize(None), side="right") - 1
        columns = frame.columns.get_indexer(bases)
        rates = frame.to_numpy()[np.ix_(rows, columns)]
        rates[rows == -1] = np.nan
        rates[:, columns == -1] = np.nan
        return rates
