"""What a run measures: the sets of metrics that make the performance frame."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .core import load, metrics_sets, register, unregister
    from .tracker import MetricsTracker

__all__ = ["MetricsTracker", "load", "metrics_sets", "register", "unregister"]

_OF_CORE = ("load", "metrics_sets", "register", "unregister")
_OF_SETS = ("classic_metrics", "default_metrics")


def __getattr__(name: str):
    """The metrics are read at their first use only: a run with the default ones needs none."""
    if name in _OF_CORE or name in _OF_SETS:
        sets = import_module(".sets", __name__)  # which registers the built-in ones
        return getattr(import_module(".core", __name__) if name in _OF_CORE else sets, name)
    if name == "MetricsTracker":
        return import_module(".tracker", __name__).MetricsTracker
    if not name.startswith("_"):
        metric = import_module(".metric", __name__)
        if name in metric.__all__:
            return getattr(metric, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
