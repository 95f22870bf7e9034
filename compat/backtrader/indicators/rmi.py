"""Relative strength of changes over several bars."""

from __future__ import annotations

from typing import ClassVar

from .labels import shown
from .rsi import RelativeStrengthIndex


class RelativeMomentumIndex(RelativeStrengthIndex):
    """The relative strength index of changes over `lookback` bars."""

    alias = ("RMI",)
    linealias = (("rsi", "rmi"),)
    params = (("period", 20), ("lookback", 5))
    plotlines: ClassVar = {"rsi": {"_name": "rmi"}}

    def _plotlabel(self):
        return shown(self, "period", "lookback", changed=("movav",))
