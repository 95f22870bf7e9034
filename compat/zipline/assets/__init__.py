"""Assets, and the finder that resolves symbols to them."""

from __future__ import annotations

from ._assets import Asset, Equity, Future, make_asset_array
from .asset_db_schema import ASSET_DB_VERSION
from .asset_writer import AssetDBWriter
from .assets import AssetConvertible, AssetFinder, ContinuousFuture, PricingDataAssociable
from .exchange_info import ExchangeInfo

__all__ = [
    "ASSET_DB_VERSION",
    "Asset",
    "AssetConvertible",
    "AssetDBWriter",
    "AssetFinder",
    "ContinuousFuture",
    "Equity",
    "ExchangeInfo",
    "Future",
    "PricingDataAssociable",
    "make_asset_array",
]
