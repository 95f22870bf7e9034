"""Datasets: what columns there are, before anybody says where their values come from."""

from __future__ import annotations

from .dataset import BoundColumn, Column, DataSet, DataSetFamily, DataSetFamilySlice
from .equity_pricing import EquityPricing, USEquityPricing

__all__ = [
    "BoundColumn",
    "Column",
    "DataSet",
    "DataSetFamily",
    "DataSetFamilySlice",
    "EquityPricing",
    "USEquityPricing",
]
