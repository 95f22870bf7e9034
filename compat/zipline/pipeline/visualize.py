"""Drawings of the graph of a pipeline's terms: not here."""

from __future__ import annotations

from ..unsupported import missing

raise missing(
    "zipline.pipeline.visualize",
    "Graphviz draws it there; Pipeline.to_execution_plan() has the terms in their sequence.",
)
