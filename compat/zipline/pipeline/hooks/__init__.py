"""Hooks: what is told while an engine computes a pipeline."""

from __future__ import annotations

from .delegate import DelegatingHooks
from .iface import PipelineHooks
from .no import NoHooks
from .progress import ProgressHooks
from .testing import TestingHooks

__all__ = ["DelegatingHooks", "NoHooks", "PipelineHooks", "ProgressHooks", "TestingHooks"]
