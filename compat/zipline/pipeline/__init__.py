"""Pipelines: the same computation over all assets, on every session."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .classifiers import Classifier, CustomClassifier
    from .domain import Domain
    from .engine import SimplePipelineEngine
    from .factors import CustomFactor, Factor
    from .filters import CustomFilter, Filter
    from .graph import ExecutionPlan, TermGraph
    from .pipeline import Pipeline
    from .term import ComputableTerm, LoadableTerm, Term

__all__ = [
    "Classifier",
    "ComputableTerm",
    "CustomClassifier",
    "CustomFactor",
    "CustomFilter",
    "Domain",
    "ExecutionPlan",
    "Factor",
    "Filter",
    "LoadableTerm",
    "Pipeline",
    "SimplePipelineEngine",
    "Term",
    "TermGraph",
]

_PLACES = {
    "Classifier": "classifiers",
    "ComputableTerm": "term",
    "CustomClassifier": "classifiers",
    "CustomFactor": "factors",
    "CustomFilter": "filters",
    "Domain": "domain",
    "ExecutionPlan": "graph",
    "Factor": "factors",
    "Filter": "filters",
    "LoadableTerm": "term",
    "Pipeline": "pipeline",
    "SimplePipelineEngine": "engine",
    "Term": "term",
    "TermGraph": "graph",
}
_MODULES = (
    "api_utils", "classifiers", "common", "data", "domain", "downsample_helpers", "dtypes",
    "engine", "expression", "factors", "filters", "graph", "hooks", "loaders", "mixins",
    "pipeline", "sentinels", "term",
)  # fmt: skip


def __getattr__(name: str):
    # Most runs use no pipeline, but some need a domain: the rest is imported when it is asked for.
    if name in _PLACES:
        return getattr(import_module(f".{_PLACES[name]}", __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module 'zipline.pipeline' has no attribute {name!r}")
