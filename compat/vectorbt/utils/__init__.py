"""Configuration, templates, attributes and checks that every part uses."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .config import AtomicConfig, Config, Configured, atomic_dict, merge_dicts
from .decorators import CacheCondition, cached_method, cached_property
from .random_ import set_seed
from .template import Rep, RepEval, RepFunc, Sub, deep_substitute

# What needs packages that are imported when they are used.
_PLACE_OF = {
    **dict.fromkeys(("Figure", "FigureWidget", "make_figure", "make_subplots"), "figure"),
    **dict.fromkeys(
        ("AsyncJob", "AsyncScheduler", "CancelledError", "ScheduleManager"), "schedule_"
    ),
}

__all__ = [
    "AtomicConfig",
    "CacheCondition",
    "Config",
    "Configured",
    "Rep",
    "RepEval",
    "RepFunc",
    "Sub",
    "atomic_dict",
    "cached_method",
    "cached_property",
    "deep_substitute",
    "merge_dicts",
    "set_seed",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACE_OF:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_PLACE_OF[name]}"), name)
