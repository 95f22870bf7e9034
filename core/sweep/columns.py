"""A part of a sweep: neighbouring columns of one asset, from their signals to their statistics."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import matrix as m
from ..signals import STOP_CLOSES, simulate_signals
from . import statistics
from .market import Market
from .settings import inputs_of, uses_stops
from .source import INPUTS, Function

#: Bytes for each order that a column may send: its record, and that once more in their sequence.
BYTES_PER_ORDER = 2 * m.ORDER_RECORD.itemsize + 32

# Not every threading layer of the compiler may be entered by two threads at once.
_kernels = threading.Lock()


@dataclass(frozen=True)
class Part:
    """Parameter sets `first` to `last` (excluded) on one asset."""

    number: int
    asset: int
    first: int
    last: int


@dataclass(frozen=True)
class Task:
    """All that a part needs beside its own numbers; travels to other processes.

    source: a function, or 2 or 4 matrices bool[T, C]. settings: as `settings.read` returns them.
    window: the bars that the account lives through; signals know those before it too. memory:
    bytes that a part may take.
    """

    market: Market
    source: Function | list[np.ndarray]
    parameters: np.ndarray
    settings: dict[str, Any]
    cash: float
    names: tuple[str, ...]
    annual_factor: float
    window: slice
    memory: int

    @property
    def four(self) -> bool:
        """Whether long and short signals stand in arrays of their own."""
        return (self.source.count if isinstance(self.source, Function) else len(self.source)) == 4

    @property
    def paired(self) -> bool:
        """Whether each matrix column has an asset of its own, instead of every set every asset."""
        return not isinstance(self.source, Function) and len(self.market.assets) > 1

    def columns_per_part(self) -> int:
        """How many columns' signals fit into half of the memory."""
        bars = self.window.stop if isinstance(self.source, Function) else 1
        return max(1, self.memory // 2 // (bars * (4 if self.four else 2)))

    def parts(self, columns: int) -> list[Part]:
        """All parts of at most `columns` columns, asset after asset."""
        sets, assets = len(self.parameters), len(self.market.assets)
        if self.paired:
            return [Part(n, n, n, n + 1) for n in range(assets)]
        starts = [(asset, k) for asset in range(assets) for k in range(0, sets, columns)]
        return [Part(n, asset, k, min(k + columns, sets)) for n, (asset, k) in enumerate(starts)]


def evaluate(task: Task, part: Part, threads: int) -> dict[str, np.ndarray]:
    """One number per column of the part, for each statistic asked for."""
    found = _over_orders(
        task,
        part,
        threads,
        lambda orders, close, columns: statistics.measure(
            orders, close, columns, task.cash, task.names, task.annual_factor, _times(task)
        ),
    )
    return {name: np.concatenate([piece[name] for piece in found]) for name in task.names}


def observe(task: Task, part: Part, threads: int) -> np.ndarray:
    """The running rows (`core.running`) of each column of the part."""
    return np.concatenate(
        _over_orders(
            task,
            part,
            threads,
            lambda orders, close, columns: statistics.rows_of(
                orders, close, columns, task.cash, _times(task)
            ),
        )
    )


def orders_of(task: Task, asset: int, number: int) -> np.ndarray:
    """`ORDER_RECORD`s of one column; `idx` counts from the first bar of the window."""
    part = Part(0, asset, number, number + 1)
    return _over_orders(task, part, 1, lambda orders, close, columns: orders)[0]


def _times(task: Task) -> np.ndarray | None:
    return None if task.market.times is None else task.market.times[task.window]


def _over_orders(
    task: Task, part: Part, threads: int, take: Callable[[np.ndarray, np.ndarray, int], Any]
) -> list[Any]:
    """What `take(orders, close, columns)` makes of the part, in pieces that fit the memory."""
    market, window = task.market, task.window
    parameters = task.parameters[part.first : part.last]
    if isinstance(task.source, Function):
        made = task.source.fill(market, part.asset, window.stop, parameters, threads)
        signals = [array[:, window] for array in made]
    else:
        own = slice(part.asset, part.asset + 1) if task.paired else slice(part.first, part.last)
        signals = [array[window, own].T for array in task.source]
    prices = {
        number: market.columns[name][part.asset, window]
        for name, number in (
            ("close", m.CLOSE), ("open", m.OPEN), ("high", m.HIGH), ("low", m.LOW)
        )
        if name in market.columns
    }  # fmt: skip
    stops = uses_stops(task.settings, parameters)
    with _kernels:
        return [
            take(
                _simulate(task, parameters[piece], prices, [s[piece] for s in signals], stops),
                prices[m.CLOSE],
                piece.stop - piece.start,
            )
            for piece in _pieces(task, parameters, signals, stops)
        ]


def _simulate(
    task: Task,
    parameters: np.ndarray,
    prices: dict[int, np.ndarray],
    signals: list[np.ndarray],
    stops: bool,
) -> np.ndarray:
    columns = len(parameters)
    shape = signals[0].shape[1], columns
    arrays: dict[int, np.ndarray] = {n: array[:, None] for n, array in prices.items()}
    arrays |= {n: s.T for n, s in zip(INPUTS, signals, strict=False)}
    inputs = inputs_of(shape, task.settings, parameters, task.window, arrays)
    pools = m.Pools(np.ones(columns, np.int64), np.full(columns, task.cash))
    return simulate_signals(inputs, pools, four_arrays=task.four, use_stops=stops)


def _pieces(
    task: Task, parameters: np.ndarray, signals: list[np.ndarray], stops: bool
) -> Iterator[slice]:
    """Columns whose orders fit into half of the memory together."""
    most = np.sum([array.sum(axis=1, dtype=np.int64) for array in signals], axis=0)
    if stops:
        # A stop may follow each entry, or, where stops reverse, stand in every bar.
        reverses = parameters["stop_exit"] if "stop_exit" in (parameters.dtype.names or ()) else (
            task.settings["stop_exit"]
        )  # fmt: skip
        only_closes = bool(np.all(np.asarray(reverses) == STOP_CLOSES))
        most = 2 * most + 8 if only_closes else np.full(len(most), signals[0].shape[1])
    allowed = max(1, task.memory // 2 // BYTES_PER_ORDER)
    first, total = 0, 0
    for k, count in enumerate(most.tolist()):
        if k > first and total + count > allowed:
            yield slice(first, k)
            first, total = k, 0
        total += count
    if first < len(most):
        yield slice(first, len(most))
