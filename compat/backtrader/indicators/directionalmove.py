"""Wilder's directional movement: which way the range of the bars moves, and how clearly."""

from __future__ import annotations

from typing import Any, ClassVar

from ..iterators import Indicator
from ..operations import And, If
from .atr import AverageTrueRange
from .labels import shown
from .mabase import MovAv


class UpMove(Indicator):
    """The change since the last bar."""

    lines = ("upmove",)

    def __init__(self) -> None:
        self.lines.upmove = self.data - self.data(-1)
        super().__init__()


class DownMove(Indicator):
    """The change since the last bar, falls positive."""

    lines = ("downmove",)

    def __init__(self) -> None:
        self.lines.downmove = self.data(-1) - self.data
        super().__init__()


class _Directional(Indicator):
    params = (("period", 14), ("movav", MovAv.Smoothed))
    plotlines: ClassVar = {"plusDI": {"_name": "+DI"}, "minusDI": {"_name": "-DI"}}

    _plus = True
    _minus = True

    def _plotlabel(self):
        return shown(self, "period", changed=("movav",))

    def __init__(self) -> None:
        data = self.data
        self._range = AverageTrueRange(data, period=self.p.period, movav=self.p.movav)
        up = data.high - data.high(-1)
        down = data.low(-1) - data.low
        if self._plus:
            self.DIplus = self._share(up, down)
        if self._minus:
            self.DIminus = self._share(down, up)
        super().__init__()

    def _share(self, move: Any, other: Any) -> Any:
        """The average of `move` where it is positive and the larger, in percent of the range."""
        leads = And(move > other, move > 0.0)
        average = self.p.movav(If(leads, move, 0.0), period=self.p.period)
        return 100.0 * average / self._range


class DirectionalIndicator(_Directional):
    """Both directions."""

    alias = ("DI",)
    lines = ("plusDI", "minusDI")

    def __init__(self) -> None:
        super().__init__()
        self.lines.plusDI = self.DIplus
        self.lines.minusDI = self.DIminus


class PlusDirectionalIndicator(_Directional):
    """The upward direction."""

    alias = (("PlusDI", "+DI"),)
    lines = ("plusDI",)
    plotinfo: ClassVar = {"plotname": "+DirectionalIndicator"}
    _minus = False

    def __init__(self) -> None:
        super().__init__()
        self.lines.plusDI = self.DIplus


class MinusDirectionalIndicator(_Directional):
    """The downward direction."""

    alias = (("MinusDI", "-DI"),)
    lines = ("minusDI",)
    plotinfo: ClassVar = {"plotname": "-DirectionalIndicator"}
    _plus = False

    def __init__(self) -> None:
        super().__init__()
        self.lines.minusDI = self.DIminus


class AverageDirectionalMovementIndex(_Directional):
    """How far the two directions are apart, averaged, from 0 to 100."""

    alias = ("ADX",)
    lines = ("adx",)
    plotlines: ClassVar = {"adx": {"_name": "ADX"}}

    def __init__(self) -> None:
        super().__init__()
        apart = abs(self.DIplus - self.DIminus) / (self.DIplus + self.DIminus)
        self.lines.adx = 100.0 * self.p.movav(apart, period=self.p.period)


class AverageDirectionalMovementIndexRating(AverageDirectionalMovementIndex):
    """The same, and its mean with itself `period` bars ago."""

    alias = ("ADXR",)
    lines = ("adxr",)
    plotlines: ClassVar = {"adxr": {"_name": "ADXR"}}

    def __init__(self) -> None:
        super().__init__()
        index = self.lines.adx
        self.lines.adxr = (index + index(-self.p.period)) / 2.0


class DirectionalMovementIndex(AverageDirectionalMovementIndex, DirectionalIndicator):
    """The index and both directions."""

    alias = ("DMI",)


class DirectionalMovement(AverageDirectionalMovementIndexRating, DirectionalIndicator):
    """The index, its rating and both directions."""

    alias = ("DM",)
