"""The difference of two averages, in prices or in percent."""

from __future__ import annotations

from typing import ClassVar

from ..iterators import Indicator
from .mabase import MovAv


class _Difference(Indicator):
    params = (("period1", 12), ("period2", 26), ("_movav", MovAv.Exponential))
    plotinfo: ClassVar = {"plothlines": [0.0]}

    def __init__(self) -> None:
        self.ma1 = self.p._movav(self.data, period=self.p.period1)
        self.ma2 = self.p._movav(self.data, period=self.p.period2)
        self.lines[0] = self.ma1 - self.ma2
        super().__init__()


class PriceOscillator(_Difference):
    """The average over `period1` minus that over `period2`."""

    alias = ("PriceOsc", "AbsolutePriceOscillator", "APO", "AbsPriceOsc")
    lines = ("po",)


class PercentagePriceOscillator(_Difference):
    """The same in percent of the second average, its own average, and their difference."""

    alias = ("PPO", "PercPriceOsc")
    lines = ("ppo", "signal", "histo")
    params = (("period_signal", 9),)
    plotlines: ClassVar = {"histo": {"_method": "bar", "alpha": 0.50, "width": 1.0}}

    _long = True

    def __init__(self) -> None:
        super().__init__()
        lines = self.lines
        lines.ppo = 100.0 * lines[0] / (self.ma2 if self._long else self.ma1)
        lines.signal = self.p._movav(lines.ppo, period=self.p.period_signal)
        lines.histo = lines.ppo - lines.signal


class PercentagePriceOscillatorShort(PercentagePriceOscillator):
    """The same in percent of the first average."""

    alias = ("PPOShort", "PercPriceOscShort")
    _long = False
