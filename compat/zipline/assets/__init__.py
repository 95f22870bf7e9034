"""Assets, and the finder that resolves symbols to them."""

from __future__ import annotations

from ..unsupported import module_gaps
from ._assets import Asset, Equity, Future, make_asset_array
from .assets import AssetConvertible, AssetFinder, ContinuousFuture, PricingDataAssociable
from .exchange_info import ExchangeInfo

ASSET_DB_VERSION = 7

__all__ = [
    "ASSET_DB_VERSION",
    "Asset",
    "AssetConvertible",
    "AssetFinder",
    "ContinuousFuture",
    "Equity",
    "ExchangeInfo",
    "Future",
    "PricingDataAssociable",
    "make_asset_array",
]

__getattr__ = module_gaps("zipline.assets")
