"""How long ago the highest high and the lowest low were, from 0 to 100."""

from __future__ import annotations

from typing import Any, ClassVar

from ..iterators import Indicator
from .basicops import FindFirstIndexHighest, FindFirstIndexLowest
from .labels import shown


class _Aroon(Indicator):
    params = (("period", 14), ("upperband", 70), ("lowerband", 30))
    plotinfo: ClassVar = {"plotymargin": 0.05, "plotyhlines": [0, 100]}

    _up = False
    _down = False

    def _plotlabel(self):
        return shown(self, "period")

    def _plotinit(self) -> None:
        self.plotinfo.plotyhlines += [self.p.lowerband, self.p.upperband]

    def __init__(self) -> None:
        if self._up:
            self.up = self._since(FindFirstIndexHighest, self.data.high)
        if self._down:
            self.down = self._since(FindFirstIndexLowest, self.data.low)
        super().__init__()

    def _since(self, index: Any, line: Any) -> Any:
        """100 where the extreme is this bar's, 0 where it is `period` bars old."""
        period = self.p.period
        return 100.0 / period * (period - index(line, period=period + 1))


class AroonUp(_Aroon):
    """By the highest high of the last `period` + 1 bars."""

    lines = ("aroonup",)
    _up = True

    def __init__(self) -> None:
        super().__init__()
        self.lines.aroonup = self.up


class AroonDown(_Aroon):
    """By the lowest low of the last `period` + 1 bars."""

    lines = ("aroondown",)
    _down = True

    def __init__(self) -> None:
        super().__init__()
        self.lines.aroondown = self.down


class AroonUpDown(AroonUp, AroonDown):
    """Both."""

    alias = ("AroonIndicator",)


class AroonOscillator(_Aroon):
    """Up minus down, from -100 to 100."""

    alias = ("AroonOsc",)
    lines = ("aroonosc",)
    _up = True
    _down = True

    def _plotinit(self) -> None:
        super()._plotinit()
        self.plotinfo.plotyhlines += [-level for level in self.plotinfo.plotyhlines]

    def __init__(self) -> None:
        super().__init__()
        self.lines.aroonosc = self.up - self.down


class AroonUpDownOscillator(AroonUpDown, AroonOscillator):
    """Up, down and their difference."""

    alias = ("AroonUpDownOsc",)
