"""The loader of daily prices and volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...lib.adjusted_array import AdjustedArray
from ...utils.numpy_utils import repeat_first_axis
from .base import PipelineLoader
from .utils import shift_dates

#: The column of `EquityPricing` that holds texts.
_CURRENCY = "currency"


class EquityPricingLoader(PipelineLoader):
    """Brings the columns of `EquityPricing`: on each morning the bars until the session before.

    raw_price_reader: unadjusted daily bars. adjustments_reader: splits, mergers and dividends.
    fx_reader: exchange rates.
    """

    def __init__(self, raw_price_reader, adjustments_reader, fx_reader) -> None:
        self.raw_price_reader = raw_price_reader
        self.adjustments_reader = adjustments_reader
        self.fx_reader = fx_reader

    @classmethod
    def without_fx(cls, raw_price_reader, adjustments_reader) -> EquityPricingLoader:
        """A loader that cannot convert currencies."""
        from ...data.fx import ExplodingFXRateReader

        return cls(raw_price_reader, adjustments_reader, ExplodingFXRateReader())

    @property
    def currency_aware(self) -> bool:
        """Whether there are exchange rates to convert with."""
        from ...data.fx import ExplodingFXRateReader

        return not isinstance(self.fx_reader, ExplodingFXRateReader)

    def load_adjusted_array(self, domain, columns, dates, sids, mask) -> dict:
        before = shift_dates(domain.sessions(), dates[0], dates[-1], shift=1)
        currencies = [one for one in columns if one.name == _CURRENCY]
        bars = [one for one in columns if one not in currencies]
        names = [one.name for one in bars]
        loaded: dict[Any, AdjustedArray] = {}
        if bars:
            raw = self.raw_price_reader.load_raw_arrays(names, before[0], before[-1], sids)
            self._convert(bars, raw, before, sids)
            known_later = self.adjustments_reader.load_pricing_adjustments(names, dates, sids)
            for column, values, adjustments in zip(bars, raw, known_later, strict=True):
                values = values.astype(column.dtype, copy=False)
                loaded[column] = AdjustedArray(values, adjustments, column.missing_value)
        for column in currencies:
            codes = repeat_first_axis(self.raw_price_reader.currency_codes(sids), len(dates))
            loaded[column] = AdjustedArray(codes, {}, None)
        return loaded

    def _convert(self, columns, arrays, dates, sids) -> None:
        """Convert the arrays in place for the columns that ask for another currency."""
        for n, column in enumerate(columns):
            conversion = column.currency_conversion
            if conversion is None:
                continue
            rates = self.fx_reader.get_rates(
                rate=conversion.field,
                quote=conversion.currency.code,
                bases=self.raw_price_reader.currency_codes(sids),
                dts=dates,
            )
            np.multiply(arrays[n], rates, out=arrays[n])


USEquityPricingLoader = EquityPricingLoader
