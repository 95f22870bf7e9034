"""The built-in indicators: names, parameters and minimum periods over `core.indicators`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from . import operations as _operations
from .iterators import Indicator
from .lines import too_short
from .operations import Any_
from .unsupported import missing_indicator, unsupported

Any = Any_
#: Line operations stand here as well: `bt.ind.If`, `bt.ind.And`, …
for _name in (
    "All",
    "And",
    "Cmp",
    "CmpEx",
    "DivByZero",
    "DivZeroByZero",
    "If",
    "LineActions",
    "Logic",
    "Max",
    "Min",
    "MultiLogic",
    "Or",
    "Reduce",
    "Sum",
):
    globals()[_name] = getattr(_operations, _name)


def _kernels():
    from ...core import indicators

    return indicators


class Columns:
    """The child of an indicator that fills its lines by a kernel."""

    __slots__ = ("_first", "_minperiod", "_owner")

    def __init__(self, owner: Computed, periods: tuple[int, ...]) -> None:
        self._owner = owner
        self._first = min(periods)
        self._minperiod = max(periods)

    def _once(self) -> None:
        owner = self._owner
        size = owner._clock.buflen()
        if too_short(self._minperiod, size) and self._first > size:
            return
        with np.errstate(all="ignore"):
            columns = owner._columns()
        for line, column in zip(owner.lines, columns, strict=False):
            line.set_column(column)

    def home(self) -> None:
        pass

    def advance(self, size: int = 1) -> None:
        pass


class Computed(Indicator):
    """An indicator whose lines a kernel computes."""

    def __init__(self) -> None:
        super().__init__()
        #: The minimum period of the datas, before this indicator adds its own.
        self._base = self._minperiod
        periods = self._periods()
        for line, period in zip(self.lines, periods, strict=False):
            line.updateminperiod(period)
        self.addindicator(Columns(self, periods))

    def _periods(self) -> tuple[int, ...]:
        """The minimum period of each line that the kernel fills."""
        raise NotImplementedError

    def _columns(self) -> tuple[np.ndarray, ...]:
        """The lines."""
        raise NotImplementedError


def _column(data) -> np.ndarray:
    return data.lines[0].column()


# Moving averages


class _ByShortName(type):
    def __getattr__(cls, name: str):
        raise missing_indicator(name)


class MovingAverage(metaclass=_ByShortName):
    """The moving averages by short name: `MovAv.Simple`, `MovAv.SMA`, …"""

    _movavs: ClassVar[list] = []

    Simple: ClassVar[type[MovingAverageBase]]
    Exponential: ClassVar[type[MovingAverageBase]]
    Smoothed: ClassVar[type[MovingAverageBase]]
    Weighted: ClassVar[type[MovingAverageBase]]


class MovAv(MovingAverage):
    """The same."""


class MovingAverageBase(Computed):
    """An average over `period` bars."""

    params = (("period", 30),)
    plotinfo: ClassVar = {"subplot": False}

    _kind = -1

    def _periods(self):
        return (self.data._minperiod + self.p.period - 1,)

    def _columns(self):
        from ...core.indicators.moving_average import average

        start = self.data._minperiod - 1
        return (average(self._kind, _column(self.data), self.p.period, start),)


class MovingAverageSimple(MovingAverageBase):
    """The mean of the last `period` values."""

    alias = ("SMA", "SimpleMovingAverage")
    lines = ("sma",)
    _kind = 0


class ExponentialMovingAverage(MovingAverageBase):
    """Weight 2 / (period + 1) on the newest value."""

    alias = ("EMA", "MovingAverageExponential")
    lines = ("ema",)
    _kind = 1

    def __init__(self) -> None:
        super().__init__()
        self.alpha = 2.0 / (1.0 + self.p.period)
        self.alpha1 = 1.0 - self.alpha


class SmoothedMovingAverage(MovingAverageBase):
    """Wilder's average: weight 1 / period on the newest value."""

    alias = (
        "SMMA",
        "WilderMA",
        "MovingAverageSmoothed",
        "MovingAverageWilder",
        "ModifiedMovingAverage",
    )
    lines = ("smma",)
    _kind = 2


class WeightedMovingAverage(MovingAverageBase):
    """Weights 1, 2, … period, the newest value the heaviest."""

    alias = ("WMA", "MovingAverageWeighted")
    lines = ("wma",)
    _kind = 3


def _register() -> None:
    space = globals()
    for cls in (
        MovingAverageSimple,
        ExponentialMovingAverage,
        SmoothedMovingAverage,
        WeightedMovingAverage,
    ):
        MovingAverage._movavs.append(cls)
        for name in (cls.__name__, *cls.alias):
            short = name.replace("MovingAverage", "")
            for key in {name, short} - {""}:
                setattr(MovingAverage, key, space[name])


_register()


def _kind_of(indicator: Indicator) -> int:
    movav = indicator.p.movav
    if getattr(movav, "__module__", "") != __name__ or getattr(movav, "_kind", -1) < 0:
        name = f"{type(indicator).__name__}(movav={getattr(movav, '__name__', movav)})"
        raise unsupported(name, "Use MovAv.Simple, Exponential, Smoothed or Weighted.")
    return movav._kind


# Extremes


class _Extreme(Computed):
    params = (("period", 1),)

    _kernel = ""

    def _periods(self):
        return (self.data._minperiod + self.p.period - 1,)

    def _columns(self):
        kernel = getattr(_kernels(), self._kernel)
        return (kernel(_column(self.data), self.p.period, self.data._minperiod - 1),)


class Highest(_Extreme):
    """The highest of the last `period` values."""

    alias = ("MaxN",)
    lines = ("highest",)
    _kernel = "highest"


class Lowest(_Extreme):
    """The lowest of the last `period` values."""

    alias = ("MinN",)
    lines = ("lowest",)
    _kernel = "lowest"


# Ranges


class _Range(Computed):
    def _first(self) -> int:
        data = self.data
        return max(
            data._minperiod,
            data.high._minperiod,
            data.low._minperiod,
            data.close._minperiod + 1,
        )

    def _periods(self):
        return (self._first(),)


class TrueHigh(_Range):
    """The higher of the high and the previous close."""

    lines = ("truehigh",)

    def _columns(self):
        data = self.data
        return (_kernels().true_high(data.high.column(), data.close.column(), self._first() - 2),)


class TrueLow(_Range):
    """The lower of the low and the previous close."""

    lines = ("truelow",)

    def _columns(self):
        data = self.data
        return (_kernels().true_low(data.low.column(), data.close.column(), self._first() - 2),)


class TrueRange(_Range):
    """True high minus true low."""

    alias = ("TR",)
    lines = ("tr",)

    def _columns(self):
        columns = (getattr(self.data, name).column() for name in ("high", "low", "close"))
        return (_kernels().true_range(*columns, self._first() - 2),)


class AverageTrueRange(_Range):
    """The true range, averaged."""

    alias = ("ATR",)
    lines = ("atr",)
    params = (("period", 14), ("movav", MovAv.Smoothed))

    def _periods(self):
        _kind_of(self)
        return (self._first() + self.p.period - 1,)

    def _columns(self):
        columns = (getattr(self.data, name).column() for name in ("high", "low", "close"))
        start = self._first() - 2
        kind = _kind_of(self)
        return (_kernels().average_true_range(*columns, self.p.period, kind, start),)


# Momentum


class RelativeStrengthIndex(Computed):
    """Average rise against average fall, from 0 to 100."""

    alias = ("RSI", "RSI_SMMA", "RSI_Wilder")
    lines = ("rsi",)
    params = (
        ("period", 14),
        ("movav", MovAv.Smoothed),
        ("upperband", 70.0),
        ("lowerband", 30.0),
        ("safediv", False),
        ("safehigh", 100.0),
        ("safelow", 50.0),
        ("lookback", 1),
    )

    def _first(self) -> int:
        data = self.data
        return max(data._minperiod, data.lines[0]._minperiod + self.p.lookback)

    def _periods(self):
        _kind_of(self)
        return (self._first() + self.p.period - 1,)

    def _strength(self, index: float) -> float:
        """The ratio of rises to falls that gives this index."""
        return float("inf") if index == 100.0 else -100.0 / (index - 100.0) - 1.0

    def _columns(self):
        p = self.p
        column, divided = _kernels().rsi(
            _column(self.data),
            p.period,
            p.lookback,
            _kind_of(self),
            self._first() - 1 - p.lookback,
            bool(p.safediv),
            self._strength(p.safelow),
            self._strength(p.safehigh),
        )
        if divided:
            raise ZeroDivisionError("float division by zero")
        return (column,)


class RSI_Safe(RelativeStrengthIndex):
    """The same; where nothing fell the index is `safehigh`, where nothing moved `safelow`."""

    params = (("safediv", True),)


class RSI_SMA(RelativeStrengthIndex):
    """The same with simple averages."""

    alias = ("RSI_Cutler",)
    params = (("movav", MovAv.Simple),)


class RSI_EMA(RelativeStrengthIndex):
    """The same with exponential averages."""

    params = (("movav", MovAv.Exponential),)


class MACD(Computed):
    """Fast minus slow average, and its own average."""

    lines = ("macd", "signal")
    params = (
        ("period_me1", 12),
        ("period_me2", 26),
        ("period_signal", 9),
        ("movav", MovAv.Exponential),
    )

    def _periods(self):
        _kind_of(self)
        first = self.data._minperiod + max(self.p.period_me1, self.p.period_me2) - 1
        return first, first + self.p.period_signal - 1

    def _columns(self):
        p = self.p
        return _kernels().macd(
            _column(self.data),
            p.period_me1,
            p.period_me2,
            p.period_signal,
            _kind_of(self),
            self.data._minperiod - 1,
        )


class MACDHisto(MACD):
    """The same, and the difference of its two lines."""

    alias = ("MACDHistogram",)
    lines = ("histo",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.histo = self.lines.macd - self.lines.signal


class Momentum(Indicator):
    """The change over `period` bars."""

    lines = ("momentum",)
    params = (("period", 12),)

    def __init__(self) -> None:
        super().__init__()
        self.lines.momentum = self.data - self.data(-self.p.period)


class RateOfChange(Indicator):
    """The relative change over `period` bars."""

    alias = ("ROC",)
    lines = ("roc",)
    params = (("period", 12),)

    def __init__(self) -> None:
        super().__init__()
        before = self.data(-self.p.period)
        self.lines.roc = (self.data - before) / before


class PercentChange(Indicator):
    """The relative change over `period` bars."""

    alias = ("PctChange",)
    lines = ("pctchange",)
    params = (("period", 30),)

    def __init__(self) -> None:
        super().__init__()
        self.lines.pctchange = self.data / self.data(-self.p.period) - 1.0


# Bands


class StandardDeviation(Computed):
    """The standard deviation over `period` bars, or around a given mean (second data)."""

    alias = ("StdDev",)
    lines = ("stddev",)
    params = (("period", 20), ("movav", MovAv.Simple), ("safepow", True))

    def _periods(self):
        _kind_of(self)
        if not self.p.safepow:
            raise unsupported("StdDev(safepow=False)")
        squares = max(self.data._minperiod, self.data.lines[0]._minperiod) + self.p.period - 1
        if len(self.datas) > 1:
            squares = self.data.lines[0]._minperiod + self.p.period - 1
            return (max(squares, self.data1.lines[0]._minperiod, self._base),)
        return (squares,)

    def _columns(self):
        from ...core.indicators.bands import standard_deviation
        from ...core.indicators.moving_average import average

        kind, period = _kind_of(self), self.p.period
        values = _column(self.data)
        if len(self.datas) > 1:
            mean = _column(self.data1)
        else:
            mean = average(kind, values, period, self.data._minperiod - 1)
        start = self.data.lines[0]._minperiod - 1
        first = self._periods()[0] - 1
        return (standard_deviation(values, mean, period, kind, start, first),)


class BollingerBands(Computed):
    """An average and two bands at `devfactor` standard deviations."""

    alias = ("BBands",)
    lines = ("mid", "top", "bot")
    params = (("period", 20), ("devfactor", 2.0), ("movav", MovAv.Simple))
    plotinfo: ClassVar = {"subplot": False}

    def _periods(self):
        _kind_of(self)
        return (self.data._minperiod + self.p.period - 1,) * 3

    def _columns(self):
        p = self.p
        start = self.data._minperiod - 1
        return _kernels().bollinger_bands(
            _column(self.data), p.period, float(p.devfactor), _kind_of(self), start
        )


class BollingerBandsPct(BollingerBands):
    """The same, and where the value stands between the bands."""

    lines = ("pctb",)

    def __init__(self) -> None:
        super().__init__()
        self.lines.pctb = (self.data - self.lines.bot) / (self.lines.top - self.lines.bot)


# Crossings


class _Cross(Computed):
    _mindatas = 2
    _kernel = ""
    _extra = 1

    def _periods(self):
        return (self._base + self._extra,)

    def _columns(self):
        kernel = getattr(_kernels(), self._kernel)
        return (kernel(_column(self.data), _column(self.data1), self._base - 1),)


class NonZeroDifference(_Cross):
    """The difference of two lines, or the last one that was not 0."""

    alias = ("NZD",)
    lines = ("nzd",)
    _kernel = "last_nonzero_difference"
    _extra = 0


class CrossUp(_Cross):
    """1.0 where the first crosses the second upward."""

    lines = ("cross",)
    _kernel = "cross_up"


class CrossDown(_Cross):
    """1.0 where the first crosses the second downward."""

    lines = ("cross",)
    _kernel = "cross_down"


class CrossOver(_Cross):
    """1.0 where the first crosses the second upward, -1.0 downward."""

    lines = ("crossover",)
    _kernel = "cross_over"


def __getattr__(name: str):
    raise missing_indicator(name)
