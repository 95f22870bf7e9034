"""The loop of the original; here runs have loops of their own (`loop_daily`, `loop_minute`)."""

from __future__ import annotations

from ..unsupported import module_gaps

__getattr__ = module_gaps("zipline.gens.tradesimulation")
