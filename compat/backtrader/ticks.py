"""Where lines stand at each tick of a run that goes bar by bar (`runonce=False`).

Such a run evaluates every line at every tick, with the latest values of the lines it reads. Lines
of one clock can still be evaluated on whole columns. Where clocks meet, values are gathered by
tick: a line that follows a slow clock and reads a fast one even changes its current value
between its own bars. What such a line shows at each tick is its `_seen` column.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .unsupported import unsupported

#: The ticks of the strategy that is being evaluated bar by bar, or None.
_ticks: Ticks | None = None

#: While a column is asked for: None, or what gives it in the place of the line's own.
_reading: Any = None


def ticks() -> Ticks | None:
    return _ticks


def set_ticks(value: Ticks | None) -> None:
    global _reading, _ticks
    _ticks = value
    _reading = None


def reading() -> Any:
    """What gives the columns of lines now; None for their own."""
    return _reading


class _Reading:
    """While it is open, `give(line)` gives the columns of lines."""

    def __init__(self, give: Any) -> None:
        self.give = give

    def __enter__(self) -> None:
        global _reading
        self.before, _reading = _reading, self.give

    def __exit__(self, *_: Any) -> None:
        global _reading
        _reading = self.before


class Ticks:
    """The ticks of one strategy.

    rows: int64[N, T], the index of each data's latest bar; -1 before its first. preloaded: whether
    a data that has not begun shows its last bar, as an array indexed by -1 does, or its first.
    in_rounds: datas make each other's bars, and one that has not begun has none.
    """

    def __init__(
        self,
        strategy: Any,
        datas: list[Any],
        rows: np.ndarray,
        preloaded: bool,
        in_rounds: bool = False,
    ) -> None:
        self.size = rows.shape[1]
        self.mixed = bool((rows != np.arange(self.size)).any())
        self.preloaded = preloaded
        self.in_rounds = in_rounds
        self.datas = datas
        self._rows = {id(data): row for data, row in zip(datas, rows, strict=True)}
        self._rows[id(strategy)] = np.arange(self.size)
        #: Lines that change between their bars, and where they stand.
        self.changing: list[tuple[Any, np.ndarray]] = []

        #: The first tick at which an evaluation fails, and its error.
        self.failure: tuple[int, Exception] | None = None
        #: The tick for which columns are evaluated that change from tick to tick.
        self._evaluated: int | None = None

        #: Lines whose values come later than their bar: nobody can compute with them.
        self._late: set[int] = set()

    def fail(self, tick: int, error: Exception) -> None:
        """Note that an evaluation fails at a tick; of several at one tick the first counts."""
        if self.failure is None or tick < self.failure[0]:
            self.failure = (tick, error)

    def fail_at(self, source: Any) -> Any:
        """What notes a failure at a row of `source`: a function of the row and the error."""
        now = self._evaluated

        def note(row: int, error: Exception) -> None:
            self.fail(int(np.argmax(self.rows(source) >= row)) if now is None else now, error)

        return note

    def rows(self, source: Any) -> np.ndarray:
        """The index of the latest value of a line, or of an object with lines, at each tick."""
        passed: list[Any] = []
        while id(source) not in self._rows:
            if any(source is other for other in passed):
                break
            passed.append(source)
            clock = getattr(source, "_clock", None)
            if clock is None:
                clock = getattr(source, "_owner", None)
            if getattr(source, "is_single", False):
                # A line in the place of an object has no clock of its own.
                clock = source.lines[0]
            if clock is None:
                break
            source = clock
        found = self._rows.get(id(source))
        if found is None:
            raise unsupported(
                "runonce=False with a line whose data is not among the strategy's datas",
                "Add the data with cerebro.adddata().",
            )
        for other in passed:
            self._rows[id(other)] = found
        return found

    def is_data(self, line: Any) -> bool:
        """Whether it is a line of one of the datas."""
        return any(line is own for data in self.datas for own in data.lines)

    def same_clock(self, sources: list[Any], owner: Any) -> bool:
        """Whether whole columns do: no source has another clock or changes between its bars."""
        if not self.mixed:
            return True
        mine = self.rows(owner)
        for source in sources:
            rows = self.rows(source)
            if rows is not mine and not np.array_equal(rows, mine):
                return False
            if any(line._seen is not None for line in source.lines):
                return False
        return True

    def seen(self, line: Any) -> np.ndarray:
        """What `line[0]` shows at each tick: float64[T]; NaN where there is nothing yet."""
        self.refuse_late([line])
        if line._seen is not None:
            return line._seen
        rows = self.rows(line)
        column = line._own_column()
        if not len(column):
            return np.full(self.size, np.nan)
        values = column[rows]
        early = rows < 0
        if early.any():
            if self.is_data(line):
                values[early] = column[-1 if self.preloaded else 0]
            else:
                values[early] = np.nan
        return values

    def need(self, lines: list[Any], tick: int) -> None:
        """IndexError when one of `lines`, read at a tick, has no value at all yet."""
        for line in lines:
            if self.rows(line)[tick] < 0 and (self.in_rounds or not self.is_data(line)):
                from .explaining import not_begun

                raise not_begun(line)

    def before(self, end: int) -> _Reading:
        """While it is open, columns end before the index `end`."""
        give = _reading
        return _Reading(lambda line: (line._own_column() if give is None else give(line))[:end])

    def by_tick(self) -> _Reading:
        """While it is open, columns are by tick."""
        return _Reading(self.seen)

    def fill(self, owner: Any, kernel: Any) -> None:
        """Evaluate a child of `owner` that fills its lines on whole columns (`kernel._once()`).

        Columns are those seen at the bars of the clock of `owner`. Where one changes between
        these bars, the kernel is evaluated anew at each tick.
        """
        mine = self.rows(owner)
        size = owner._clock.buflen()
        changes = []
        folded: dict[int, np.ndarray] = {}
        started = np.flatnonzero(mine >= getattr(kernel, "_first", 1) - 1)

        def give(line: Any) -> np.ndarray:
            self.refuse_late([line])
            rows = self.rows(line)
            if line._seen is None and (rows is mine or np.array_equal(rows, mine)):
                return line._own_column()
            if id(line) not in folded:
                if len(started):
                    self.need([line], int(started[0]))
                folded[id(line)], changing = fold(self.seen(line), mine, size)
                if changing:
                    changes.append(line)
            return folded[id(line)]

        before = self.failure
        with _Reading(give):
            kernel._once()
        if not changes:
            return
        # What fails is found out tick by tick.
        self.failure = before
        values = [np.full(self.size, np.nan) for _ in owner.lines]
        for t in started.tolist():
            row = int(mine[t])
            self._evaluated = t
            with _Reading(
                lambda line, t=t, row=row: np.append(give(line)[:row], self.seen(line)[t])
            ):
                kernel._once()
            if self.failure is not None and self.failure[0] <= t:
                break
            for shown, line in zip(values, owner.lines, strict=True):
                shown[t] = line._own_column()[row]
        self._evaluated = None
        for shown, line in zip(values, owner.lines, strict=True):
            self.keep(line, shown, size)

    def keep(self, line: Any, values: np.ndarray, size: int) -> None:
        """Make `values` (by tick) the values of a line with `size` bars, and of its bindings."""
        rows = self.rows(line)
        column, changes = fold(values, rows, size)
        line.set_column(column)
        if changes:
            line._seen = values
            self.changing.append((line, rows))
        self.bind(line)

    def later(self, line: Any, values: np.ndarray, rows: np.ndarray) -> None:
        """Write each of `values` (by tick) at its tick, to another bar of the line: `rows`.

        Both are of one entry per tick; row -1: nothing is written. The same goes for the lines
        that are bound to this one.
        """
        global _reading
        line.set_column(np.full(line._owner._clock.buflen(), np.nan))
        line._seen = values
        self._late.add(id(line))
        self.changing.append((line, rows))
        if _reading is None:
            _reading = self._readable
        for binding in line.bindings:
            if not np.array_equal(self.rows(binding), self.rows(line)):
                self.refuse_late([line])
            self.later(binding, values, rows)

    def _readable(self, line: Any) -> np.ndarray:
        self.refuse_late([line])
        return line._own_column()

    def refuse_late(self, lines: list[Any]) -> None:
        """Refuse to compute with lines whose values come later."""
        if any(id(line) in self._late for line in lines):
            raise unsupported(
                "runonce=False with a line computed from values that come later than their bar",
                "Leave runonce and preload True, or compute it in next().",
            )

    def bind(self, line: Any) -> None:
        """Hand the values on to the lines that are bound to this one."""
        if id(line) in self._late:
            return
        for binding in line.bindings:
            rows = self.rows(binding)
            same = line._seen is None and np.array_equal(rows, self.rows(line))
            if same and binding.buflen() in (0, line.buflen()):
                binding.set_column(line._own_column())
                continue
            self.keep(binding, self.seen(line), binding.buflen() or line.buflen())


def fold(values: np.ndarray, rows: np.ndarray, size: int) -> tuple[np.ndarray, bool]:
    """Values by tick as a column of `size` bars: the last of each bar; whether any bar changes."""
    column = np.full(size, np.nan)
    begun = rows >= 0
    column[rows[begun]] = values[begun]
    last = column[rows[begun]]
    return column, not np.array_equal(values[begun], last, equal_nan=True)


class Changing:
    """Keeps lines that change between their bars up to date in the bar loop.

    Stands among the children that are moved bar by bar; its clock is always ahead of it.
    """

    _clock = (0,)

    def __init__(self, changing: list[tuple[Any, np.ndarray]]) -> None:
        self.changing = [(line, line._seen.tolist(), rows.tolist()) for line, rows in changing]
        self.tick = -1
        for line, _, _ in self.changing:
            line.array  # noqa: B018  # made of the column, which is not written any more
            line._column = None

    def __len__(self) -> int:
        return 0

    def advance(self, size: int = 1) -> None:
        self.tick += 1
        for line, values, rows in self.changing:
            row = rows[self.tick]
            if row >= 0:
                line.array[row] = values[self.tick]
