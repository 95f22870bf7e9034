"""Sparse events: structured arrays with columns and groups."""

from __future__ import annotations

from .base import Records
from .mapped_array import MappedArray

__all__ = ["MappedArray", "Records"]
