"""The loaders of the original's windows; here `market` cuts them from whole columns."""

from __future__ import annotations

from ..unsupported import module_gaps

__all__ = ["DEFAULT_ASSET_PRICE_DECIMALS"]

#: To how many decimals history rounds prices, unless a tick says otherwise.
DEFAULT_ASSET_PRICE_DECIMALS = 3

__getattr__ = module_gaps("zipline.data.history_loader")
