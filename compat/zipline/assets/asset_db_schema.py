"""The version of asset databases."""

ASSET_DB_VERSION = 7
