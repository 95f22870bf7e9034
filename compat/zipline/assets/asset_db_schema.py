"""The version of asset databases."""

from .asset_writer import ASSET_DB_VERSION

__all__ = ["ASSET_DB_VERSION"]
