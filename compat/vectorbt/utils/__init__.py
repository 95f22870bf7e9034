"""Configuration, templates, attributes and checks that every part uses."""

from __future__ import annotations

from .config import AtomicConfig, Config, Configured, atomic_dict, merge_dicts
from .decorators import CacheCondition, cached_method, cached_property
from .random_ import set_seed
from .template import Rep, RepEval, RepFunc, Sub, deep_substitute

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
