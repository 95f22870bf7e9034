"""Loaders: where the values of columns come from."""

from __future__ import annotations

from .equity_pricing_loader import EquityPricingLoader, USEquityPricingLoader

__all__ = ["EquityPricingLoader", "USEquityPricingLoader"]
