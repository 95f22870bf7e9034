"""The performance of a run: names that moved."""

from .finance.metrics.frame import performance_frame
from .finance.metrics.recorder import Recorder
from .sources.benchmark_source import benchmark_from_asset

__all__ = ["Recorder", "benchmark_from_asset", "performance_frame"]
