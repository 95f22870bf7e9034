"""Lines that are computed from lines: delays, arithmetic, comparisons, logic.

Each is evaluated once, on whole columns, before the bar loop, from the bar on which its minimum
period is met. Values and exceptions are those of the same operation on Python floats, one by one.
"""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from datetime import time
from typing import Any

import numpy as np

from .dates import num2date
from .failing import up_to
from .lines import Line, LineRoot, LineSeries, bar_by_bar, build, current_owner, too_short
from .ticks import Ticks, ticks


class LineActions(Line):
    """A line that an operation makes; its owner evaluates it."""

    __slots__ = ("__dict__",)

    is_action = True

    def __init__(self, *args: Any, owner: Any = None) -> None:
        owner = owner if owner is not None else current_owner()
        super().__init__(owner)
        first = args[0] if args else None
        self._clock = first if isinstance(first, LineRoot) else owner
        #: The lines that it is computed from.
        self.datas = [a for a in args if isinstance(a, LineRoot)]
        periods = [(a.lines[0] if isinstance(a, LineSeries) else a)._minperiod for a in self.datas]
        self._minperiod = max(periods or [1])

    def _register(self) -> None:
        self._owner.addindicator(self)

    def _once(self) -> None:
        size = self._clock.buflen()
        self.home()
        self._seen = None
        now = ticks()
        if now is not None and not now.same_clock(self._by_now(), self):
            self._once_by_tick(now, size)
            return
        column = np.full(size, np.nan)
        if too_short(self, self._minperiod, size):
            pass
        elif now is not None:
            start = self._minperiod - 1
            compute = functools.partial(self._compute, column, start)
            up_to(compute, start, size, now.fail_at(self))
        else:
            try:
                self._compute(column, self._minperiod - 1, size)
            except IndexError:
                # A line that ends first is noticed there; bars before may fail for another reason.
                end = min((line.buflen() for line in self._by_now()), default=size)
                if self._minperiod <= end < size:
                    self._compute(column, self._minperiod - 1, end)
                raise
        self.set_column(column)
        if now is None:
            self.oncebinding()
        else:
            now.bind(self)

    def _by_now(self) -> list[Any]:
        """The lines whose current values it reads."""
        return [d.lines[0] if isinstance(d, LineSeries) else d for d in self.datas]

    def _once_by_tick(self, now: Ticks, size: int) -> None:
        values = np.full(now.size, np.nan)
        started = np.flatnonzero(now.rows(self) >= self._minperiod - 1)
        if len(started):
            start = int(started[0])
            try:
                now.need(self._by_now(), start)
            except IndexError as error:
                now.fail(start, error)
            else:
                with now.by_tick():
                    compute = functools.partial(self._compute, values, start)
                    up_to(compute, start, now.size, now.fail)
        now.keep(self, values, size)

    def _compute(self, out: np.ndarray, start: int, end: int) -> None:
        """Fill `out[start:end]`."""
        raise NotImplementedError


def _source(value: Any) -> Any:
    """A line, or a plain value."""
    if isinstance(value, LineSeries):
        return value.lines[0]
    return value


def _values(source: Any, start: int, end: int) -> Any:
    """The values of a line from start to end (float64), or a plain value as it is."""
    if isinstance(source, Line):
        column = source.column()
        if len(column) < end:
            # Lines of different lengths are joined by position; the shorter one ends first.
            from .explaining import ends_first

            raise ends_first(source, end)
        return column[start:end]
    return source


def _array(source: Any, start: int, end: int) -> np.ndarray:
    values = _values(source, start, end)
    if isinstance(values, np.ndarray):
        return values
    return np.full(end - start, values, dtype=np.float64)


class LineDelay(LineActions):
    """The values `-ago` bars before."""

    __slots__ = ()

    def __init__(self, a: Line, ago: int, owner: Any = None) -> None:
        super().__init__(a, owner=owner)
        self.a, self.ago = a, ago
        self.addminperiod(abs(ago) + 1)
        self._register()

    def _by_now(self) -> list[Any]:
        return super()._by_now() if self.ago == 0 else []

    def _compute(self, out, start, end):
        out[start:end] = _values(self.a, start + self.ago, end + self.ago)


class LineForward(LineActions):
    """The values `ago` bars later: only for looking at, never for trading."""

    __slots__ = ()

    def __init__(self, a: Line, ago: int) -> None:
        super().__init__(a)
        self.a, self.ago = a, ago
        if ago > a._minperiod:
            self.addminperiod(ago - a._minperiod + 1)
        self._register()

    def _once(self) -> None:
        now = ticks()
        if now is None:
            super()._once()
            return
        self.home()
        bars = now.rows(self)
        # Before the first bar is the last one so far, as an index of -1 says.
        rows = np.where(bars >= self.ago, bars - self.ago, bars)
        rows[bars < self._minperiod - 1] = -1
        now.later(self, now.seen(self.a), rows)

    def _compute(self, out, start, end):
        values = self.a.column()
        for i in range(start, end):
            out[i - self.ago] = values[i]


class LineNumber(LineActions):
    """A plain value in the place of a line."""

    __slots__ = ()

    def __init__(self, value: Any, owner: Any = None) -> None:
        super().__init__(owner=owner)
        self.value = value
        self._register()

    def _compute(self, out, start, end):
        out[start:end] = self.value


def line_delay(line: Line, ago: int) -> LineActions:
    """`line(ago)`."""
    return LineDelay(line, ago) if ago <= 0 else LineForward(line, ago)


def _divide(a: Any, b: Any) -> Any:
    if np.any(np.equal(b, 0.0)):
        raise ZeroDivisionError("float division by zero")
    return np.divide(a, b)


def _floor_divide(a: Any, b: Any) -> Any:
    if np.any(np.equal(b, 0.0)):
        raise ZeroDivisionError("float floor division by zero")
    return np.floor_divide(a, b)


#: Operations whose results on columns are those on single floats.
_VECTORISED: dict[Callable, Callable] = {
    operator.add: np.add,
    operator.sub: np.subtract,
    operator.mul: np.multiply,
    operator.truediv: _divide,
    operator.floordiv: _floor_divide,
    operator.lt: np.less,
    operator.gt: np.greater,
    operator.le: np.less_equal,
    operator.ge: np.greater_equal,
    operator.eq: np.equal,
    operator.ne: np.not_equal,
    operator.abs: np.abs,
    operator.neg: np.negative,
    bool: np.bool_,
}


def _apply(op: Callable, *sources: Any) -> Any:
    """`op` on columns or plain values."""
    fast = _VECTORISED.get(op)
    if fast is not None and all(isinstance(s, np.ndarray | float | int) for s in sources):
        with np.errstate(all="ignore"):
            return fast(*sources)
    size = next(len(s) for s in sources if isinstance(s, np.ndarray))
    columns = [s.tolist() if isinstance(s, np.ndarray) else [s] * size for s in sources]
    return [float(op(*values)) for values in zip(*columns, strict=True)]


class LinesOperation(LineActions):
    """An operation with two operands, one of them a line."""

    __slots__ = ()

    def __init__(self, a: Line, b: Any, op: Callable, reverse: bool) -> None:
        super().__init__(a, b)
        self.op = op
        self.operands = (b, a) if reverse else (a, b)
        self._register()

    def _compute(self, out, start, end):
        a, b = (_values(x, start, end) for x in self.operands)
        if isinstance(b, time) and isinstance(a, np.ndarray):
            # The time of day; in UTC, unless it goes bar by bar: then in the line's own zone.
            tz = self.operands[0]._tz if bar_by_bar() else self._tz
            out[start:end] = [float(self.op(num2date(x, tz=tz).time(), b)) for x in a.tolist()]
            return
        out[start:end] = _apply(self.op, a, b)


class LineOwnOperation(LineActions):
    """An operation with one operand."""

    __slots__ = ()

    def __init__(self, a: Line, op: Callable) -> None:
        super().__init__(a)
        self.a, self.op = a, op
        self._register()

    def _compute(self, out, start, end):
        out[start:end] = _apply(self.op, _values(self.a, start, end))


def _operation(a: LineRoot, b: Any, op: Callable, reverse: bool) -> LinesOperation:
    return LinesOperation(_source(a), _source(b), op, reverse)


def _own_operation(a: LineRoot, op: Callable) -> Any:
    return LineOwnOperation(_source(a), op)


build.operation = _operation
build.own_operation = _own_operation
build.delay = line_delay


class Logic(LineActions):
    """A function of several lines or plain values."""

    __slots__ = ()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.args = [_source(a) for a in args]
        self._register()

    def _columns(self, start: int, end: int) -> list[np.ndarray]:
        return [_array(a, start, end) for a in self.args]

    def _compute(self, out, start, end):
        with np.errstate(all="ignore"):
            out[start:end] = self._evaluate(*self._columns(start, end))

    def _evaluate(self, *columns: np.ndarray) -> Any:
        raise NotImplementedError


class DivByZero(Logic):
    """`a / b`, or `zero` where b is 0."""

    __slots__ = ()

    def __init__(self, a: Any, b: Any, zero: float = 0.0) -> None:
        self.zero = zero
        super().__init__(a, b)

    def _evaluate(self, a, b):
        return np.where(b != 0.0, a / b, self.zero)


class DivZeroByZero(Logic):
    """`a / b`; `dual` where both are 0, `single` where only b is."""

    __slots__ = ()

    def __init__(self, a: Any, b: Any, single: float = math.inf, dual: float = 0.0) -> None:
        self.single, self.dual = single, dual
        super().__init__(a, b)

    def _evaluate(self, a, b):
        return np.where(b == 0.0, np.where(a == 0.0, self.dual, self.single), a / b)


class Cmp(Logic):
    """1 where a > b, -1 where a < b, else 0."""

    __slots__ = ()

    def __init__(self, a: Any, b: Any) -> None:
        super().__init__(a, b)

    def _evaluate(self, a, b):
        return (a > b).astype(np.float64) - (a < b)


class _Choice(Logic):
    """Reads some of its operands only where it picks them; only there must they have values."""

    __slots__ = ()

    #: How many operands it reads at every bar.
    _always = 1

    def _compute(self, out, start, end):
        try:
            super()._compute(out, start, end)
        except IndexError:
            with np.errstate(all="ignore"):
                one, other = (self._evaluate(*self._padded(start, end, x)) for x in (0.0, 1.0))
            if not np.array_equal(one, other, equal_nan=True):
                raise
            out[start:end] = one

    def _padded(self, start: int, end: int, value: float) -> list[np.ndarray]:
        """The columns, with `value` where a line has ended."""
        columns = [_array(a, start, end) for a in self.args[: self._always]]
        for arg in self.args[self._always :]:
            if isinstance(arg, Line):
                known = arg.column()[start:end]
                columns.append(np.append(known, np.full(end - start - len(known), value)))
            else:
                columns.append(_array(arg, start, end))
        return columns


class CmpEx(_Choice):
    """`r1` where a < b, `r2` where neither, `r3` where a > b."""

    __slots__ = ()

    _always = 2

    def __init__(self, a: Any, b: Any, r1: Any, r2: Any, r3: Any) -> None:
        super().__init__(a, b, r1, r2, r3)

    def _evaluate(self, a, b, r1, r2, r3):
        if bar_by_bar():
            # Bar by bar the original forgets the three results.
            return np.subtract(a > b, a < b, dtype=np.float64)
        return np.where(a < b, r1, np.where(a > b, r3, r2))


class If(_Choice):
    """`a` where the condition is true, else `b`."""

    __slots__ = ()

    def __init__(self, cond: Any, a: Any, b: Any) -> None:
        super().__init__(cond, a, b)

    def _evaluate(self, cond, a, b):
        return np.where(cond != 0.0, a, b)


class MultiLogic(Logic):
    """A Python function of the list of the current values."""

    __slots__ = ()

    flogic: Callable[[list[float]], Any]

    def _evaluate(self, *columns):
        rows = zip(*(c.tolist() for c in columns), strict=True)
        return [float(self.flogic(list(row))) for row in rows]


class MultiLogicReduce(MultiLogic):
    """`functools.reduce` over the current values by `flogic`, a function of two."""

    __slots__ = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # `reduce` takes no keyword: with an initial value the evaluation fails, there as here.
        known = {key: kwargs[key] for key in ("initializer",) if key in kwargs}
        self.flogic = functools.partial(functools.reduce, self.flogic, **known)
        super().__init__(*args)


class Reduce(MultiLogicReduce):
    """`functools.reduce` over the current values by a function, the first argument."""

    __slots__ = ()

    def __init__(self, flogic: Callable, *args: Any, **kwargs: Any) -> None:
        self.flogic = flogic
        super().__init__(*args, **kwargs)
        # Its first argument is no line, so it follows the strategy, one bar late, as there.
        self._clock = self._owner


class And(Logic):
    """1.0 where all are true."""

    __slots__ = ()

    def _evaluate(self, *columns):
        if len(columns) == 1:
            return columns[0]
        return np.logical_and.reduce([c != 0.0 for c in columns])


class Or(Logic):
    """1.0 where any is true."""

    __slots__ = ()

    def _evaluate(self, *columns):
        if len(columns) == 1:
            return columns[0]
        return np.logical_or.reduce([c != 0.0 for c in columns])


class Any_(Logic):
    """1.0 where any is true."""

    __slots__ = ()

    def _evaluate(self, *columns):
        return np.logical_or.reduce([c != 0.0 for c in columns])


class All(Logic):
    """1.0 where all are true."""

    __slots__ = ()

    def _evaluate(self, *columns):
        return np.logical_and.reduce([c != 0.0 for c in columns])


class Max(Logic):
    """The highest value; the first one stands unless a later one is higher."""

    __slots__ = ()

    def _evaluate(self, *columns):
        best = columns[0]
        for column in columns[1:]:
            best = np.where(column > best, column, best)
        return best


class Min(Logic):
    """The lowest value; the first one stands unless a later one is lower."""

    __slots__ = ()

    def _evaluate(self, *columns):
        best = columns[0]
        for column in columns[1:]:
            best = np.where(column < best, column, best)
        return best


class Sum(MultiLogic):
    """The sum, rounded once."""

    __slots__ = ()

    flogic = staticmethod(math.fsum)
