"""Portfolios: simulation from signals, orders and call-backs, and what follows from it."""

from __future__ import annotations

from .base import Portfolio

__all__ = ["Portfolio"]
