"""Labels, broadcasting, grouping and indexing of arrays."""

from __future__ import annotations

from .array_wrapper import ArrayWrapper

__all__ = ["ArrayWrapper"]
