"""Which kinds of assets a model prices."""

from __future__ import annotations

from abc import ABCMeta

__all__ = ["AllowedAssetMarker", "FinancialModelMeta"]


class FinancialModelMeta(ABCMeta):
    """Of models: a class that names no `allowed_asset_types` takes those of its markers."""

    def __new__(mcls, name, bases, dict_):
        marked = [kind for base in bases if isinstance(base, AllowedAssetMarker)
                  for kind in base.allowed_asset_types]  # fmt: skip
        if marked:
            dict_.setdefault("allowed_asset_types", tuple(marked))
        return super().__new__(mcls, name, bases, dict_)


class AllowedAssetMarker(FinancialModelMeta):
    """Of the bases that stand for a kind of asset."""

    allowed_asset_types: tuple
