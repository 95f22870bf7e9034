"""The interface of readers of exchange rates."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import pandas as pd

from ...utils.sentinel import sentinel

#: The rate that a reader takes when none is named.
DEFAULT_FX_RATE = sentinel("DEFAULT_FX_RATE")


class FXRateReader(ABC):
    """Gives rates between currencies: what one unit of `base` is worth in units of `quote`.

    A reader can hold several rates under names of its own, such as "bid" and "ask".
    """

    @abstractmethod
    def get_rates(self, rate, quote, bases, dts) -> np.ndarray:
        """float64 [dts, bases]: the rates of some currencies at some times.

        rate: name, or DEFAULT_FX_RATE. quote: code of the currency to convert into. bases: codes of
        those to convert from. dts: DatetimeIndex, ascending. NaN where nothing is known.
        """

    def get_rate_scalar(self, rate, quote, base, dt) -> float:
        """The rate of one currency at one time."""
        times = pd.DatetimeIndex([dt])
        times = times.tz_localize("UTC") if times.tz is None else times.tz_convert("UTC")
        return self.get_rates(rate, quote, np.array([base], dtype=object), times)[0, 0]

    def get_rates_columnar(self, rate, quote, bases, dts) -> np.ndarray:
        """float64: the rates of pairs (base, time), in any sequence."""
        if len(bases) != len(dts):
            raise ValueError(f"There are {len(bases)} currencies and {len(dts)} times.")
        place = {base: n for n, base in enumerate(dict.fromkeys(bases))}
        times, rows = np.unique(dts.values, return_inverse=True)
        codes = np.array(list(place), dtype=object)
        rates = self.get_rates(rate, quote, codes, pd.DatetimeIndex(times, tz="UTC"))
        return rates[rows, [place[base] for base in bases]]
