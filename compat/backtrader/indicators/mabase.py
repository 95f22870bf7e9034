"""The base of moving averages, and their registry `MovAv`."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

from ..iterators import MetaLineIterator
from ..unsupported import missing_indicator
from .computed import Computed, column_of, whole

#: Where the built-in averages are: the module of each is loaded when one of its names is asked.
_MODULES = {
    "sma": "MovingAverageSimple SMA SimpleMovingAverage",
    "ema": "ExponentialMovingAverage EMA MovingAverageExponential",
    "smma": (
        "SmoothedMovingAverage SMMA WilderMA MovingAverageSmoothed MovingAverageWilder "
        "ModifiedMovingAverage"
    ),
    "wma": "WeightedMovingAverage WMA MovingAverageWeighted",
    "dema": (
        "DoubleExponentialMovingAverage DEMA MovingAverageDoubleExponential "
        "TripleExponentialMovingAverage TEMA MovingAverageTripleExponential"
    ),
    "kama": "AdaptiveMovingAverage KAMA MovingAverageAdaptive",
    "zlema": "ZeroLagExponentialMovingAverage ZLEMA ZeroLagEma",
    "hma": "HullMovingAverage HMA HullMA",
    "zlind": "ZeroLagIndicator ZLIndicator ZLInd EC ErrorCorrecting",
    "dma": "DicksonMovingAverage DMA DicksonMA",
}
NAMES = tuple(name for names in _MODULES.values() for name in names.split())


def _short(name: str) -> str:
    """A name without "MovingAverage" before or behind it."""
    if name.endswith("MovingAverage"):
        return name.split("MovingAverage")[0]
    if name.startswith("MovingAverage"):
        return name.split("MovingAverage")[1]
    return name


_WHERE = {
    known_as: module
    for module, names in _MODULES.items()
    for name in names.split()
    for known_as in (name, _short(name))
}


def _is_built_in(cls: Any) -> bool:
    return cls.__module__.rpartition(".")[0] == __package__


def _built_in() -> list[Any]:
    """Every built-in average, each under all its names: the class after its aliases."""
    found = []
    for name in _MODULES:
        module = import_module(f".{name}", __package__)
        found += [c for c in MovingAverage._registered if c.__module__ == module.__name__]
    return found


def averages() -> list[Any]:
    """Every built-in average, each once."""
    return [cls for cls in _built_in() if not cls.aliased]


class _ByName(type):
    def __dir__(cls):
        return sorted({*super().__dir__(), *_WHERE})

    def __getattr__(cls, name: str):
        if name in _WHERE:
            import_module(f".{_WHERE[name]}", __package__)
            if name in MovingAverage.__dict__:
                return MovingAverage.__dict__[name]
        if name == "_movavs":
            own = [cls for cls in MovingAverage._registered if not _is_built_in(cls)]
            return [MovingAverageBase, *_built_in(), *own]
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
        for known_as in {name, _short(name)} - {""}:
            before = cls.__dict__.get(known_as)
            # A built-in one may be loaded late: then a script's own of that name stays.
            if before is None or _is_built_in(before) or not _is_built_in(regcls):
                setattr(cls, known_as, regcls)


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

    #: The number by which kernels know it.
    _kind = -1

    def _fits(self):
        return self._kind >= 0 and whole(self.p.period)

    def _periods(self):
        return (self.data._minperiod + self.p.period - 1,)

    def _columns(self):
        from ....core.indicators.moving_average import average

        start = self.data._minperiod - 1
        return (average(self._kind, column_of(self.data), self.p.period, start),)


#: The modules of the averages that kernels know by a number.
_NUMBERED = {f"{__package__}.{name}" for name in ("sma", "ema", "smma", "wma")}


def kind_of(movav: Any) -> int:
    """The number by which kernels know an average, -1 where they do not."""
    return movav._kind if getattr(movav, "__module__", "") in _NUMBERED else -1
