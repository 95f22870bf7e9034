"""The daily bars of equities."""

from __future__ import annotations

from ...utils.numpy_utils import categorical_dtype, float64_dtype
from ..domain import US_EQUITIES
from .dataset import Column, DataSet


class EquityPricing(DataSet):
    """Daily prices and volumes, and the currency of the prices."""

    open = Column(float64_dtype, currency_aware=True)
    high = Column(float64_dtype, currency_aware=True)
    low = Column(float64_dtype, currency_aware=True)
    close = Column(float64_dtype, currency_aware=True)
    volume = Column(float64_dtype)
    currency = Column(categorical_dtype)


USEquityPricing = EquityPricing.specialize(US_EQUITIES)
