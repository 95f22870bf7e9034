"""Where the signals of a sweep come from: a function of the parameters, or matrices."""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from .. import matrix as m
from ..errors import OrderError
from .market import Market

#: The inputs of the engine that a function fills, in the sequence of its arguments.
INPUTS = (m.ENTRIES, m.EXITS, m.SHORT_ENTRIES, m.SHORT_EXITS)


@dataclass(frozen=True)
class Signals:
    """Signals as matrices bool[T, C], a column per parameter set (or per asset, without any).

    entries and exits alone: `direction` says of which side; with either of the short ones, the
    first two are of the long side.
    """

    entries: Any
    exits: Any
    short_entries: Any = None
    short_exits: Any = None

    def matrices(self, rows: int) -> list[np.ndarray]:
        """Two or four of them, checked: one shape, booleans."""
        given = [self.entries, self.exits]
        if self.short_entries is not None or self.short_exits is not None:
            given += [self.short_entries, self.short_exits]
        out: list[np.ndarray | None] = []
        for value in given:
            if value is None:
                out.append(None)
                continue
            array = value.to_numpy() if hasattr(value, "to_numpy") else np.asarray(value)
            array = array[:, None] if array.ndim == 1 else array
            if array.dtype != bool or array.ndim != 2 or len(array) != rows:
                raise OrderError(
                    f"signals must be bool[{rows}, columns], not {array.dtype}{array.shape}."
                )
            out.append(array)
        shapes = {x.shape for x in out if x is not None}
        if len(shapes) != 1:
            raise OrderError(f"matrices of signals have different shapes: {sorted(shapes)}.")
        none = np.broadcast_to(np.False_, shapes.pop())
        return [none if x is None else x for x in out]


class Function:
    """A function `(data, p, entries, exits[, short_entries, short_exits])` of one column.

    data: a named tuple of the asset's columns, float64[T], and of the tables; p: the parameter set,
    by name. The arrays are bool[T], all False before the call. A jitted function is compiled for
    the data and checked for indices outside of its arrays, unless it says `boundscheck=False`.
    """

    def __init__(self, function: Callable[..., None]) -> None:
        python = getattr(function, "py_func", function)
        if not callable(function):
            raise OrderError(f"signals must be a function or Signals(...), not {function!r}.")
        count = len(inspect.signature(python).parameters) - 2
        if count not in (2, 4):
            raise OrderError(
                f"{python.__name__} takes {count + 2} arguments; a function of signals takes "
                "(data, p, entries, exits), or short_entries and short_exits besides."
            )
        self.function = function
        self.python = python
        self.count = count

    def fill(
        self, market: Market, asset: int, bars: int, parameters: np.ndarray, threads: int
    ) -> list[np.ndarray]:
        """bool[columns, bars] for each of the arrays that it fills, from the first `bars` bars."""
        out = [np.zeros((len(parameters), bars), bool) for _ in range(self.count)]
        data = _data_of(market, asset, bars)
        jitted = hasattr(self.function, "py_func") and not _interpreted()
        run = _compiled(self.function, self.count, parameters.dtype) if jitted else self._run
        step = -(-len(parameters) // max(1, min(threads, len(parameters))))
        pieces = [slice(n, n + step) for n in range(0, len(parameters), step)]

        def fill_piece(piece: slice) -> None:
            run(data, parameters[piece], *(array[piece] for array in out))

        try:
            if jitted and len(pieces) > 1:
                fill_piece(slice(0, 0))  # compiles, once
                with ThreadPoolExecutor(len(pieces)) as pool:
                    list(pool.map(fill_piece, pieces))
            else:
                fill_piece(slice(0, len(parameters)))
        except Exception as error:
            _add_place(error, fill_piece, market.assets[asset], parameters)
            raise
        return out

    def _run(self, data: Any, parameters: np.ndarray, *out: np.ndarray) -> None:
        rows = parameters.view(np.recarray)
        for k in range(len(rows)):
            self.python(data, rows[k], *(array[k] for array in out))


def _add_place(
    error: Exception, fill: Callable[[slice], None], asset: str, parameters: np.ndarray
) -> None:
    """Note the first parameter set that raises the same kind of error by itself."""
    for k in range(len(parameters)):
        try:
            fill(slice(k, k + 1))
        except type(error):
            names = parameters.dtype.names or ()
            where = ", ".join(f"{name}={parameters[name][k]}" for name in names)
            error.add_note(f"In the signals of {asset} with {where}.")
            return


def _interpreted() -> bool:
    from ..jit import compiled

    return not compiled()


@cache
def _data_class(names: tuple[str, ...]) -> Any:
    return namedtuple("Data", names)


def _data_of(market: Market, asset: int, bars: int) -> Any:
    columns = {name: column[asset, :bars] for name, column in market.columns.items()}
    if market.times is not None and "times" not in columns:
        columns["times"] = market.times[:bars]
    columns |= market.tables
    for name in columns:
        if not name.isidentifier() or name.startswith("_"):
            raise OrderError(f"column {name!r} cannot be read as data.{name}: rename it.")
    return _data_class(tuple(columns))(**columns)


@cache
def _compiled(function: Any, count: int, kind: np.dtype) -> Any:
    """The loop over parameter sets of one `kind` around a jitted function.

    It runs without Python's lock. One for each kind: the compiler would take a loop for sets with
    fewer fields instead, and warn that it does.
    """
    from numba import njit

    dispatcher = getattr(function, "dispatcher", function)
    given = dispatcher.targetoptions
    options = {name: given[name] for name in ("fastmath", "error_model") if given.get(name)}
    checked: Any = njit(
        function.py_func, boundscheck=given.get("boundscheck") is not False, nogil=True, **options
    )
    # One loop per number of arrays: a call with a variable number of them compiles far longer.
    if count == 2:

        def loop_of_two(data, parameters, entries, exits):
            for k in range(len(parameters)):
                checked(data, parameters[k], entries[k], exits[k])

        return njit(loop_of_two, nogil=True)

    def loop_of_four(data, parameters, entries, exits, short_entries, short_exits):
        for k in range(len(parameters)):
            checked(data, parameters[k], entries[k], exits[k], short_entries[k], short_exits[k])

    return njit(loop_of_four, nogil=True)
