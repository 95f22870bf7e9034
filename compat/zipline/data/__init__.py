"""Bundles: where the market data of a run comes from."""

from __future__ import annotations

from ..unsupported import module_gaps

__getattr__ = module_gaps("zipline.data")
