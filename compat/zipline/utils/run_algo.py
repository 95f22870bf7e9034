"""Where older scripts import `run_algorithm` from."""

from __future__ import annotations

from ..run import RunAlgoError, run_algorithm
from ..unsupported import module_gaps

__all__ = ["RunAlgoError", "run_algorithm"]

__getattr__ = module_gaps("zipline.utils.run_algo")
