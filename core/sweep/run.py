"""`run`: every parameter set on every asset, in parts, here or in other processes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any

import numpy as np

from ..errors import OrderError
from . import parameters as sets
from . import settings as _settings
from . import statistics as _statistics
from .columns import Part, Task, evaluate
from .market import Market
from .result import Sweep
from .source import Function, Signals
from .store import Store

Progress = Callable[[int, int], None]
_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_YEAR_NS = 365.25 * 86_400e9


def run(
    data: Any,
    signals: Callable[..., None] | Signals,
    parameters: Any = None,
    *,
    statistics: Sequence[str] = _statistics.DEFAULT,
    cash: float = 100_000.0,
    annual_factor: float | None = None,
    tables: Mapping[str, Any] | None = None,
    window: slice | tuple[int, int] | None = None,
    memory: int | str = "128 MB",
    jobs: int | None = None,
    store: str | PathLike[str] | None = None,
    progress: bool | Progress | None = None,
    **settings: Any,
) -> Sweep:
    """Trade the signals of every parameter set on every asset; keep the statistics only.

    data: `Bars`, columns by name, or closes: [T] or [T, assets]. Each column trades for itself,
    with `cash` of its own.

    signals: a function `(data, p, entries, exits)` or `(data, p, entries, exits, short_entries,
    short_exits)`, best a jitted one: see `source.Function`. Or `Signals`, matrices with a column
    per parameter set, or one per asset. An order is sent in the bar of its signal and filled at
    its close, or at `price`.

    parameters: from `grid`, `sample` or `table`, or columns by name; read as `p.name`. One that
    bears the name of a setting (`sl_stop`, say) is that setting of its column.

    statistics: names of `STATISTICS`. annual_factor: bars per year; by default those of the data
    over the time they span, 252 without times. tables: arrays that the function reads as
    `data.name`, whatever their shape. window: the bars that the account lives through, from the
    first to before the second; signals see those before it as well. settings: see `SETTINGS`.

    memory: how much the parts that are computed at a time may take, in bytes or as "64 MB"; data
    and results not counted. jobs: how many parts at a time, in processes of joblib; a
    `joblib.parallel_config` decides on which (loky, Dask, Ray). By default this process computes,
    with all its threads. The numbers are the same either way.

    store: a folder; every part that is done is written there, and a run that was stopped goes on
    where it was. progress: True or False, by default on a terminal only; or a function of
    (columns done, columns in all).

    Raises OrderError for an argument that cannot be understood, and what the function raises.
    """
    task = task_of(
        data, signals, parameters, statistics, cash, annual_factor, tables, window, memory,
        jobs, settings,
    )  # fmt: skip
    columns = task.columns_per_part()
    kept = None if store is None else Store(store, task, columns)
    parts = task.parts(columns if kept is None else kept.columns)
    todo = [part for part in parts if kept is None or not kept.done(part)]
    found: dict[int, dict[str, np.ndarray]] = {}
    total = sum(part.last - part.first for part in parts)
    done = total - sum(part.last - part.first for part in todo)
    with _told(progress) as tell:
        tell(done, total)
        for part, numbers in _computed(task, todo, jobs):
            if kept is not None:
                kept.save(part, numbers)
            else:
                found[part.number] = numbers
            done += part.last - part.first
            tell(done, total)
    return Sweep.of(task, parts, found if kept is None else kept)


def task_of(
    data: Any,
    signals: Callable[..., None] | Signals,
    parameters: Any,
    statistics: Sequence[str],
    cash: float,
    annual_factor: float | None,
    tables: Mapping[str, Any] | None,
    window: slice | tuple[int, int] | None,
    memory: int | str,
    jobs: int | None,
    settings: Mapping[str, Any],
) -> Task:
    """The arguments of `run`, checked."""
    market = Market.of(data, tables)
    if not cash > 0 or math.isinf(cash):
        raise OrderError(f"cash={cash!r} must be a positive amount.")
    source, rows = _source(market, signals, parameters)
    values = _settings.read(settings, market.rows)
    own = set(rows.dtype.names or ())
    both = sorted(own.intersection(settings))
    if both:
        raise OrderError(f"{', '.join(both)}: given as a setting and as a parameter.")
    return Task(
        market,
        source,
        rows,
        values,
        float(cash),
        _statistics.check(statistics),
        _annual_factor(market) if annual_factor is None else float(annual_factor),
        _window(window, market.rows),
        bytes_of(memory) // max(1, _workers(jobs)),
    )


def _source(
    market: Market, signals: Any, parameters: Any
) -> tuple[Function | list[np.ndarray], np.ndarray]:
    if not isinstance(signals, Signals):
        if parameters is None:
            raise OrderError("a function of signals wants parameters: see grid, sample and table.")
        rows = sets.table(parameters)
        if len(rows) == 0:
            raise OrderError("there are no parameter sets.")
        return Function(signals), rows
    matrices = signals.matrices(market.rows)
    count, assets = matrices[0].shape[1], len(market.assets)
    if assets not in (1, count):
        raise OrderError(f"{count} columns of signals do not go with {assets} assets.")
    if parameters is None:
        parameters = {"column": np.arange(count)}
    rows = sets.table(parameters)
    if len(rows) != count:
        raise OrderError(f"{len(rows)} parameter sets do not go with {count} columns of signals.")
    return matrices, rows


def _annual_factor(market: Market) -> float:
    times = market.times
    if times is None or len(times) < 2:
        return 252.0
    return (len(times) - 1) / ((int(times[-1]) - int(times[0])) / _YEAR_NS)


def _window(window: slice | tuple[int, int] | None, rows: int) -> slice:
    if window is None:
        return slice(0, rows)
    first, stop = (window.start, window.stop) if isinstance(window, slice) else window
    first, stop = int(first or 0), rows if stop is None else int(stop)
    if not 0 <= first < stop <= rows:
        raise OrderError(f"window {first} to {stop} does not lie within the {rows} bars.")
    return slice(first, stop)


def bytes_of(memory: int | str) -> int:
    """A size in bytes: a number, or text as "64 MB"."""
    if isinstance(memory, str):
        match = re.fullmatch(r"\s*([\d.]+)\s*([KMG]?B?)\s*", memory.upper())
        unit = None if match is None else _UNITS.get(match[2] if match[2] != "B" else "")
        if match is None or unit is None:
            raise OrderError(f"memory={memory!r}: give bytes, or text as '64 MB' or '2 GB'.")
        memory = int(float(match[1]) * unit)
    if memory <= 0:
        raise OrderError(f"memory={memory!r} must be above 0.")
    return int(memory)


def _workers(jobs: int | None) -> int:
    if jobs is None:
        return 1
    return _joblib().effective_n_jobs(jobs)


def _joblib() -> Any:
    try:
        import joblib
    except ImportError:
        raise ImportError(
            "jobs=... runs parts in processes by joblib: pip install 'fillproof[sweep]'."
        ) from None
    return joblib


def _computed(
    task: Task, parts: Sequence[Part], jobs: int | None
) -> Iterator[tuple[Part, dict[str, np.ndarray]]]:
    """Each part with its numbers, as they come."""
    if jobs is None:
        import os

        threads = os.cpu_count() or 1
        for part in parts:
            yield part, evaluate(task, part, threads)
        return
    joblib = _joblib()
    calls = (joblib.delayed(_elsewhere)(task, part) for part in parts)
    backend = joblib.parallel.get_active_backend()[0]
    streams = getattr(backend, "supports_return_generator", False)
    pool = joblib.Parallel(
        n_jobs=jobs, return_as="generator_unordered" if streams else "list", pre_dispatch="2*n_jobs"
    )
    done: Iterable[Any] = pool(calls)
    by_number = {part.number: part for part in parts}
    for number, numbers in done:
        yield by_number[number], numbers


def _elsewhere(task: Task, part: Part) -> tuple[int, dict[str, np.ndarray]]:
    return part.number, evaluate(task, part, 1)


@contextmanager
def _told(progress: bool | Progress | None) -> Iterator[Progress]:
    """What to tell how far it is; a bar on standard error, on a terminal."""
    if callable(progress):
        yield progress
        return
    import sys

    if progress is False or (progress is None and not sys.stderr.isatty()):
        yield lambda done, total: None
        return
    from rich import progress as bars
    from rich.console import Console

    with bars.Progress(
        bars.TextColumn("sweep"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as shown:
        line = shown.add_task("sweep", total=None)
        yield lambda done, total: shown.update(line, completed=done, total=total)
