"""The market data of a run as columns: what trades, what is shown, what history shows."""

from .daily import Market

__all__ = ["Market"]
