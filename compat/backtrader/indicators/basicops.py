"""Operations over a window of values, sums, and the averages that moving averages are made of.

`next` and `once` say in Python what each does and serve subclasses that change a part of it; where
nothing is changed a kernel computes the whole column.
"""

from __future__ import annotations

import functools
import math
import operator
from array import array as float_array
from collections.abc import Callable
from typing import Any

import numpy as np

from ..iterators import Indicator
from .computed import Windowed, column_of, kernels, whole


class PeriodN(Indicator):
    """Adds its `period` to the minimum period; the base of what looks at a window."""

    params = (("period", 1),)

    def __init__(self) -> None:
        super().__init__()
        self.addminperiod(self.p.period)


class _Window(Windowed, PeriodN):
    """One value from each window of `period` values."""

    def _value(self, window: float_array) -> float:
        raise NotImplementedError

    def next(self) -> None:
        self.lines[0][0] = self._value(self.data.get(size=self.p.period))

    def once(self, start: int, end: int) -> None:
        self._fill(start, end, self._value)

    def _fill(self, start: int, end: int, function: Callable[[float_array], Any]) -> None:
        values, period = float_array("d", column_of(self.data).tobytes()), self.p.period
        target, value = self.lines[0].array, float_array("d", [0.0])
        for i in range(start, end):
            # The element takes floats and what counts as one, as an array there does.
            value[0] = function(values[i - period + 1 : i + 1])
            target[i] = value[0]

    def _follows_kernel(self) -> bool:
        return whole(self.p.period) and super()._follows_kernel()

    def _start(self) -> int:
        """Where the first window begins."""
        return self._minperiod - self.p.period

    def _finite(self, column: np.ndarray) -> np.ndarray | None:
        """The column, or None where a sum of its window might have failed."""
        return column if np.isfinite(column[self._minperiod - 1 :]).all() else None


class OperationN(_Window):
    """`func` of the last `period` values, which are an array, oldest first."""

    func: Callable[..., Any]
    #: The built-in function that the kernel computes.
    _known: Any = None

    def _value(self, window):
        return self.func(window)

    def once(self, start: int, end: int) -> None:
        self._fill(start, end, self.func)

    def _follows_kernel(self) -> bool:
        return self._known is not None and self.func is self._known and super()._follows_kernel()


OperationN._kernel_class = OperationN


class BaseApplyN(OperationN):
    """The parameter `func` of the last `period` values; the base of `ApplyN`."""

    params = (("func", None),)

    def __init__(self) -> None:
        self.func = self.p.func
        super().__init__()


class ApplyN(BaseApplyN):
    """The parameter `func` of the last `period` values."""

    lines = ("apply",)


class Highest(OperationN):
    """The highest of the last `period` values."""

    alias = ("MaxN",)
    lines = ("highest",)
    func = _known = max

    def _kernel_column(self):
        return kernels().highest(column_of(self.data), self.p.period, self._start())


class Lowest(OperationN):
    """The lowest of the last `period` values."""

    alias = ("MinN",)
    lines = ("lowest",)
    func = _known = min

    def _kernel_column(self):
        return kernels().lowest(column_of(self.data), self.p.period, self._start())


class ReduceN(OperationN):
    """`functools.reduce` of the last `period` values by a function, the first argument."""

    lines = ("reduced",)
    func = functools.reduce

    def __init__(self, function: Callable, **kwargs: Any) -> None:
        # `reduce` takes no keyword: with an initial value every call fails, there as here.
        known = {key: kwargs[key] for key in ("initializer",) if key in kwargs}
        self.func = functools.partial(self.func, function, **known)
        super().__init__()


class SumN(OperationN):
    """The sum of the last `period` values, rounded once."""

    lines = ("sumn",)
    func = _known = math.fsum

    def _kernel_column(self):
        from ....core.indicators.sums import window_sums

        return self._finite(window_sums(column_of(self.data), self.p.period, self._start()))


class AnyN(OperationN):
    """1.0 where any of the last `period` values is not 0."""

    lines = ("anyn",)
    func = _known = any

    def _kernel_column(self):
        return kernels().any_nonzero(column_of(self.data), self.p.period, self._start())


class AllN(OperationN):
    """1.0 where none of the last `period` values is 0."""

    lines = ("alln",)
    func = _known = all

    def _kernel_column(self):
        return kernels().all_nonzero(column_of(self.data), self.p.period, self._start())


class _FindIndex(OperationN):
    params = (("_evalfunc", None),)

    #: Whether the oldest of equal values is found.
    _oldest = False

    def _kernel_column(self):
        high = self.p._evalfunc is max
        column, found = kernels().bars_since_extreme(
            column_of(self.data), self.p.period, self._start(), high, self._oldest
        )
        return column if found else None

    def _follows_kernel(self) -> bool:
        known = type(self).func in (FindFirstIndex.func, FindLastIndex.func)
        if not known or "func" in vars(self) or self.p._evalfunc not in (max, min):
            return False
        return _Window._follows_kernel(self)


class FindFirstIndex(_FindIndex):
    """How many bars ago the last value stood that equals `_evalfunc` of the window."""

    lines = ("index",)

    def func(self, iterable):
        wanted = self.p._evalfunc(iterable)
        return next(i for i, value in enumerate(reversed(iterable)) if value == wanted)


class FindFirstIndexHighest(FindFirstIndex):
    """How many bars ago the highest value stood, the newest of equal ones."""

    params = (("_evalfunc", max),)


class FindFirstIndexLowest(FindFirstIndex):
    """How many bars ago the lowest value stood, the newest of equal ones."""

    params = (("_evalfunc", min),)


class FindLastIndex(_FindIndex):
    """How many bars ago the first value stood that equals `_evalfunc` of the window."""

    lines = ("index",)
    _oldest = True

    def func(self, iterable):
        wanted = self.p._evalfunc(iterable)
        index = next(i for i, value in enumerate(iterable) if value == wanted)
        return self.p.period - index - 1


class FindLastIndexHighest(FindLastIndex):
    """How many bars ago the highest value stood, the oldest of equal ones."""

    params = (("_evalfunc", max),)


class FindLastIndexLowest(FindLastIndex):
    """How many bars ago the lowest value stood, the oldest of equal ones."""

    params = (("_evalfunc", min),)


class Accum(Windowed):
    """`seed` plus the sum of all values so far."""

    alias = ("CumSum", "CumulativeSum")
    lines = ("accum",)
    params = (("seed", 0.0),)

    def nextstart(self) -> None:
        self.lines[0][0] = self.p.seed + self.data[0]

    def next(self) -> None:
        line = self.lines[0]
        line[0] = line[-1] + self.data[0]

    def oncestart(self, start: int, end: int) -> None:
        self._add(start, end, self.p.seed)

    def once(self, start: int, end: int) -> None:
        self._add(start, end, self.lines[0].array[start - 1])

    def _add(self, start: int, end: int, total: float) -> None:
        target, values = self.lines[0].array, column_of(self.data).tolist()
        for i in range(start, end):
            target[i] = total = total + values[i]

    def _follows_kernel(self) -> bool:
        return isinstance(self.p.seed, float | int) and super()._follows_kernel()

    def _kernel_column(self):
        start = self._minperiod - 1
        return kernels().running_sum(column_of(self.data), float(self.p.seed), start)


Accum._kernel_class = Accum


class Average(_Window):
    """The mean of the last `period` values."""

    alias = ("ArithmeticMean", "Mean")
    lines = ("av",)

    def _value(self, window):
        return math.fsum(window) / self.p.period

    def _kernel_column(self):
        values, period = column_of(self.data), self.p.period
        return self._finite(kernels().simple_average(values, period, self._start()))


_Window._kernel_class = _Window


class ExponentialSmoothing(Average):
    """`alpha` of each value and the rest of the last result, begun with a mean.

    alpha: the weight of the newest value; 2 / (1 + period) by default.
    """

    alias = ("ExpSmoothing",)
    params = (("alpha", None),)

    def __init__(self) -> None:
        alpha = self.p.alpha
        self.alpha: Any = 2.0 / (1.0 + self.p.period) if alpha is None else alpha
        self.alpha1: Any = 1.0 - self.alpha
        super().__init__()

    def nextstart(self) -> None:
        super().next()

    def next(self) -> None:
        line = self.lines[0]
        line[0] = line[-1] * self.alpha1 + self.data[0] * self.alpha

    def oncestart(self, start: int, end: int) -> None:
        super().once(start, end)

    def once(self, start: int, end: int) -> None:
        target, values = self.lines[0].array, column_of(self.data).tolist()
        alpha, rest = self.alpha, self.alpha1
        last, value = target[start - 1], float_array("d", [0.0])
        for i in range(start, end):
            last = last * rest + values[i] * alpha
            value[0] = last
            target[i] = value[0]

    def _follows_kernel(self) -> bool:
        return isinstance(self.alpha, float | int) and super()._follows_kernel()

    def _kernel_column(self):
        from ....core.indicators.moving_average import smooth

        values, period = column_of(self.data), self.p.period
        return self._finite(smooth(values, period, float(self.alpha), self._start()))


ExponentialSmoothing._kernel_class = ExponentialSmoothing


class ExponentialSmoothingDynamic(ExponentialSmoothing):
    """The same with a weight that changes: `alpha` is a line."""

    alias = ("ExpSmoothingDynamic",)

    def __init__(self) -> None:
        super().__init__()
        later = self.alpha._minperiod - self.p.period
        self.lines[0].incminperiod(max(0, later))

    def next(self) -> None:
        line = self.lines[0]
        line[0] = line[-1] * self.alpha1[0] + self.data[0] * self.alpha[0]

    def once(self, start: int, end: int) -> None:
        target, values = self.lines[0].array, column_of(self.data).tolist()
        alpha, rest = self.alpha.array, self.alpha1.array
        last = target[start - 1]
        for i in range(start, end):
            target[i] = last = last * rest[i] + values[i] * alpha[i]

    def _follows_kernel(self) -> bool:
        return whole(self.p.period) and Windowed._follows_kernel(self)

    def _kernel_column(self):
        values, weights = column_of(self.data), column_of(self.alpha)
        rests, period = column_of(self.alpha1), self.p.period
        return self._finite(
            kernels().smooth_by(values, weights, rests, period, self._minperiod - 1)
        )


ExponentialSmoothingDynamic._kernel_class = ExponentialSmoothingDynamic


class WeightedAverage(_Window):
    """`coef` times the sum of the last `period` values, each times its weight.

    weights: one for each value of the window, the oldest first.
    """

    alias = ("AverageWeighted",)
    lines = ("av",)
    params = (("coef", 1.0), ("weights", ()))

    def _value(self, window):
        return self.p.coef * math.fsum(map(operator.mul, window, self.p.weights))

    def _follows_kernel(self) -> bool:
        p = self.p
        known = isinstance(p.coef, float | int) and isinstance(p.weights, tuple | list)
        return (
            known
            and all(isinstance(weight, float | int) for weight in p.weights)
            and super()._follows_kernel()
        )

    def _kernel_column(self):
        p = self.p
        weights = np.array(p.weights[: p.period], dtype=np.float64)
        values = column_of(self.data)
        return self._finite(
            kernels().weighted_sum(values, weights, float(p.coef), p.period, self._start())
        )
