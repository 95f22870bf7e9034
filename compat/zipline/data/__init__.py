"""Bundles, and the readers and writers of market data."""

from __future__ import annotations

from . import loader
from .loader import load_prices_from_csv, load_prices_from_csv_folder

__all__ = ["load_prices_from_csv", "load_prices_from_csv_folder", "loader"]
