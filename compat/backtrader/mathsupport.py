"""Statistics that scripts import from `backtrader.mathsupport`."""

from __future__ import annotations

from .analyzers import average, standarddev

__all__ = ["average", "standarddev"]
