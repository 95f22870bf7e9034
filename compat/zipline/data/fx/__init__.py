"""Exchange rates of currencies."""

from __future__ import annotations

from .base import DEFAULT_FX_RATE, FXRateReader
from .exploding import ExplodingFXRateReader
from .in_memory import InMemoryFXRateReader

__all__ = ["DEFAULT_FX_RATE", "ExplodingFXRateReader", "FXRateReader", "InMemoryFXRateReader"]
