"""The base of moving averages, and their registry `MovAv`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

from ..iterators import MetaLineIterator
from ..unsupported import missing_indicator, unsupported
from .computed import Computed, column_of

#: Where the built-in averages are: the module of each is loaded when one of its names is asked.
_MODULES = {
    "sma": "MovingAverageSimple SMA SimpleMovingAverage Simple",
    "ema": "ExponentialMovingAverage EMA MovingAverageExponential Exponential",
    "smma": (
        "SmoothedMovingAverage SMMA WilderMA MovingAverageSmoothed MovingAverageWilder "
        "ModifiedMovingAverage Smoothed Wilder Modified"
    ),
    "wma": "WeightedMovingAverage WMA MovingAverageWeighted Weighted",
}
_WHERE = {name: module for module, names in _MODULES.items() for name in names.split()}


class _ByName(type):
    def __getattr__(cls, name: str):
        if name in _WHERE:
            import_module(f".{_WHERE[name]}", __package__)
            if name in MovingAverage.__dict__:
                return MovingAverage.__dict__[name]
        if name == "_movavs":
            for module in _MODULES:
                import_module(f".{module}", __package__)
            return MovingAverage._registered
        raise missing_indicator(name)


class MovingAverage(metaclass=_ByName):
    """The moving averages by name: `MovAv.Simple`, `MovAv.SMA`, …; own ones register too."""

    _registered: ClassVar[list] = []

    Simple: ClassVar[type[MovingAverageBase]]
    Exponential: ClassVar[type[MovingAverageBase]]
    Smoothed: ClassVar[type[MovingAverageBase]]
    Weighted: ClassVar[type[MovingAverageBase]]

    @classmethod
    def register(cls, regcls: Any) -> None:
        """Give `regcls` its name here, and the name without "MovingAverage" around it."""
        if getattr(regcls, "_notregister", False):
            return
        cls._registered.append(regcls)
        name = regcls.__name__
        setattr(cls, name, regcls)
        short = ""
        if name.endswith("MovingAverage"):
            short = name.split("MovingAverage")[0]
        elif name.startswith("MovingAverage"):
            short = name.split("MovingAverage")[1]
        if short:
            setattr(cls, short, regcls)


class MovAv(MovingAverage):
    """The same."""


class MetaMovAvBase(MetaLineIterator):
    """Registers every moving average by its name."""

    def __new__(mcs, name, bases, namespace, **kwargs):
        cls = super().__new__(mcs, name, bases, namespace, **kwargs)
        MovingAverage.register(cls)
        return cls


class MovingAverageBase(Computed, metaclass=MetaMovAvBase):
    """An average over `period` bars."""

    params = (("period", 30),)
    plotinfo: ClassVar = {"subplot": False}

    _kind = -1

    def _periods(self):
        return (self.data._minperiod + self.p.period - 1,)

    def _columns(self):
        from ....core.indicators.moving_average import average

        start = self.data._minperiod - 1
        return (average(self._kind, column_of(self.data), self.p.period, start),)


def kind_of(indicator: Any) -> int:
    """The number by which kernels know the average that is the parameter `movav`."""
    movav = indicator.p.movav
    if getattr(movav, "__module__", "").rpartition(".")[0] != __package__ or (
        getattr(movav, "_kind", -1) < 0
    ):
        name = f"{type(indicator).__name__}(movav={getattr(movav, '__name__', movav)})"
        raise unsupported(name, "Use MovAv.Simple, Exponential, Smoothed or Weighted.")
    return movav._kind
