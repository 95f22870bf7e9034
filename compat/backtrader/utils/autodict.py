"""Dictionaries that make their own branches."""

from __future__ import annotations

from collections import defaultdict

from ..autodict import AutoDict, AutoDictList, AutoOrderedDict, DotDict


def Tree() -> defaultdict:
    """A dictionary whose missing keys become such dictionaries."""
    return defaultdict(Tree)


__all__ = ["AutoDict", "AutoDictList", "AutoOrderedDict", "DotDict", "Tree"]
