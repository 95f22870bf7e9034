"""Assets, and the finder that resolves symbols to them."""

from __future__ import annotations

from ..unsupported import module_gaps
from ._assets import Asset, Equity
from .assets import AssetFinder, Ownership
from .exchange_info import ExchangeInfo

__all__ = ["Asset", "AssetFinder", "Equity", "ExchangeInfo", "Ownership"]

__getattr__ = module_gaps("zipline.assets")
