"""Sources of data besides a bundle."""

from __future__ import annotations

from ..unsupported import module_gaps

__getattr__ = module_gaps("zipline.sources")
