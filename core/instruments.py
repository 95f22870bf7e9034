"""`Instrument`: the properties of what is traded."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Instrument:
    """What one unit of an asset is worth and what holding it takes.

    `multiplier`: profit per unit and per point of price.
    `margin`: NaN for a stock-like asset (bought for its full price); else the cash per unit that
    a position holds, its profit settled into cash at each close (futures-like).
    `margin_rate`: instead of `margin`, the margin as a fraction of the price.
    `leverage`: divides the cash that a position takes; the rest of its value is borrowed.
    """

    multiplier: float = 1.0
    margin: float = math.nan
    margin_rate: float = math.nan
    leverage: float = 1.0

    def __post_init__(self) -> None:
        if not self.leverage > 0:
            raise ValueError(f"Instrument.leverage must be positive, not {self.leverage!r}.")
        if not math.isfinite(self.multiplier):
            raise ValueError(f"Instrument.multiplier must be finite, not {self.multiplier!r}.")

    @property
    def stock_like(self) -> bool:
        return math.isnan(self.margin) and math.isnan(self.margin_rate)
