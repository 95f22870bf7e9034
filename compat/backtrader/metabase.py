"""Where Backtrader keeps parameters and the collections of named items."""

from __future__ import annotations

import sys
from typing import Any

from .info import AutoInfoClass
from .params import MetaParams, ParamsBase
from .strategy import ItemCollection
from .unsupported import missing


def findbases(kls: type, topclass: type) -> list[type]:
    """All bases of a class that derive from `topclass`, the most distant ones first."""
    found: list[type] = []
    for base in kls.__bases__:
        if issubclass(base, topclass):
            found += [*findbases(base, topclass), base]
    return found


def findowner(owned: Any, cls: Any, startlevel: int = 2, skip: Any = None) -> Any:
    """The nearest caller's `self` (or `_obj`) that is a `cls`, `owned` and `skip` aside."""
    level = startlevel
    while True:
        try:
            frame = sys._getframe(level)
        except ValueError:
            return None
        for name in ("self", "_obj"):
            found = frame.f_locals.get(name)
            if found is not skip and found is not owned and isinstance(found, cls):
                return found
        level += 1


__all__ = ["AutoInfoClass", "ItemCollection", "MetaParams", "ParamsBase", "findbases", "findowner"]


def __getattr__(name: str):
    raise missing("metabase", name)
