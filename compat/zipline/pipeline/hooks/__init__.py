"""Hooks: what is told while an engine computes a pipeline."""

from __future__ import annotations

from ...unsupported import module_gaps
from .delegate import DelegatingHooks
from .iface import PipelineHooks
from .no import NoHooks
from .testing import TestingHooks

__all__ = ["DelegatingHooks", "NoHooks", "PipelineHooks", "TestingHooks"]

__getattr__ = module_gaps("zipline.pipeline.hooks")
