"""The named sets of metrics that a run can measure."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Any

_sets: dict[str, Callable[[], set]] = {}

#: What makes each set, by name; read only.
metrics_sets = MappingProxyType(_sets)


def register(name: str, function: Callable[[], set] | None = None) -> Any:
    """Give a function that makes a set of metrics a name; alone, a decorator that does so."""
    if function is None:
        return partial(register, name)
    if name in _sets:
        raise ValueError(f"metrics set {name!r} is already registered")
    _sets[name] = function
    return function


def unregister(name: str) -> None:
    """Forget a set; ValueError when there is none of that name."""
    if name not in _sets:
        raise ValueError(f"metrics set {name!r} was not already registered")
    del _sets[name]


def load(name: str) -> set:
    """A new set of metrics; ValueError when there is none of that name."""
    if name not in _sets:
        raise ValueError(f"no metrics set registered as {name!r}, options are: {sorted(_sets)!r}")
    return _sets[name]()
