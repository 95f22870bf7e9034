"""Exchange rates of currencies."""

from __future__ import annotations

from .base import DEFAULT_FX_RATE, FXRateReader
from .exploding import ExplodingFXRateReader
from .hdf5 import HDF5FXRateReader, HDF5FXRateWriter
from .in_memory import InMemoryFXRateReader

__all__ = [
    "DEFAULT_FX_RATE",
    "ExplodingFXRateReader",
    "FXRateReader",
    "HDF5FXRateReader",
    "HDF5FXRateWriter",
    "InMemoryFXRateReader",
]
