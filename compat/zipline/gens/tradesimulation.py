"""The loop of the original; here runs have loops of their own (`loop_daily`, `loop_minute`)."""

from __future__ import annotations

from ..unsupported import module_gaps
from .sim_engine import BAR, BEFORE_TRADING_START_BAR, MINUTE_END, SESSION_END, SESSION_START

__all__ = ["BAR", "BEFORE_TRADING_START_BAR", "MINUTE_END", "SESSION_END", "SESSION_START"]

__getattr__ = module_gaps("zipline.gens.tradesimulation")
