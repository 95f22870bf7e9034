"""Choose parameters on some bars, judge the choice on others."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import running
from .. import statistics as whole
from ..errors import OrderError
from .columns import Part, Task, observe
from .run import Progress, _told, task_of
from .source import Signals
from .splits import Range, Split

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """What the parameters chosen in training did in the tests.

    table: a row per split: `split`, `train_bars`, `test_bars`, `test_first`, the parameters chosen,
    `train` and `test` (the statistic that chose them), `rank`: the share of all parameter sets that
    did no better in the test (1: it was the best there, too); NaN where the test has no statistic,
    for want of trades say. train, test: float64[sets, splits].
    out_of_sample: statistics of the tests one after another, as one account that chose anew for
    each; empty where tests overlap. sets: the parameter sets.
    """

    table: pl.DataFrame
    train: np.ndarray
    test: np.ndarray
    sets: np.ndarray
    out_of_sample: dict[str, float]

    @property
    def probability_of_overfitting(self) -> float:
        """Share of the splits in which the set chosen was in the lower half of all in the test.

        Bailey, Borwein, López de Prado & Zhu, "The Probability of Backtest Overfitting", Journal of
        Computational Finance 20(4), 2017; theirs has symmetric splits (`purged_folds` with half
        of an even number of folds as the test).
        """
        rank = self.table["rank"].to_numpy()
        return (
            float(np.mean(rank[~np.isnan(rank)] <= 0.5)) if not np.isnan(rank).all() else math.nan
        )


def cross_validate(
    data: Any,
    signals: Callable[..., None] | Signals,
    parameters: Any,
    splits: Sequence[Split],
    *,
    by: str = "sharpe_ratio",
    highest: bool = True,
    cash: float = 100_000.0,
    annual_factor: float | None = None,
    tables: Any = None,
    memory: int | str = "128 MB",
    progress: bool | Progress | None = None,
    **settings: Any,
) -> CrossValidation:
    """Choose the best set by a statistic in each split's training, and see it in the test.

    splits: from `walk_forward` or `purged_folds`. by: a name of `statistics.from_rows`; over
    several assets its mean counts. Every stretch of bars is traded by an account that begins with
    `cash` and holds nothing; several stretches of a training are joined as if they were one. A
    function of signals sees the bars before a stretch, none behind it. The rest as in `run`.
    """
    if not splits:
        raise OrderError("there are no splits.")
    task = task_of(
        data, signals, parameters, (), cash, annual_factor, tables, None, memory, None, settings
    )
    if task.paired:
        raise OrderError("signals with an asset per column have no parameters to choose from.")
    ranges = sorted({r for split in splits for r in (*split.train, *split.test)})
    if ranges[-1][1] > task.market.rows or ranges[0][0] < 0:
        raise OrderError(f"a split reaches beyond the {task.market.rows} bars: {ranges[-1]}.")
    sets, assets = len(task.parameters), len(task.market.assets)
    train = np.zeros((sets, len(splits)))
    test = np.zeros((sets, len(splits)))
    # Rows of all stretches of a part are held at a time.
    by_rows = max(1, task.memory // (len(ranges) * running.SIZE * 8))
    parts = task.parts(min(task.columns_per_part(), by_rows))
    done, total = 0, len(parts) * len(ranges)
    with _told(progress) as tell:
        for part in parts:
            seen: dict[Range, np.ndarray] = {}
            for bars in ranges:
                seen[bars] = _observed(task, part, bars)
                done += 1
                tell(done, total)
            place = slice(part.first, part.last)
            for n, split in enumerate(splits):
                train[place, n] += _statistic(task, seen, split.train, by) / assets
                test[place, n] += _statistic(task, seen, split.test, by) / assets
    return _judged(task, splits, train, test, highest)


def _observed(task: Task, part: Part, bars: Range) -> np.ndarray:
    import os

    return observe(replace(task, window=slice(*bars)), part, os.cpu_count() or 1)


def _merged(seen: dict[Range, np.ndarray], ranges: Sequence[Range]) -> np.ndarray:
    rows = seen[ranges[0]]
    for bars in ranges[1:]:
        rows = running.merge(rows, seen[bars])
    return rows


def _statistic(
    task: Task, seen: dict[Range, np.ndarray], ranges: Sequence[Range], by: str
) -> np.ndarray:
    groups = whole.from_rows(_merged(seen, ranges), task.annual_factor)
    for numbers in groups.values():
        if by in numbers:
            return numbers[by]
    names = [name for numbers in groups.values() for name in numbers]
    raise OrderError(f"there is no statistic {by!r} to choose by; there are {', '.join(names)}.")


def _judged(
    task: Task, splits: Sequence[Split], train: np.ndarray, test: np.ndarray, highest: bool
) -> CrossValidation:
    import polars as pl

    sign = 1.0 if highest else -1.0
    scored = np.where(np.isfinite(train), sign * train, -np.inf)
    chosen = scored.argmax(axis=0)
    for n, k in enumerate(chosen):
        if not np.isfinite(scored[k, n]):
            raise OrderError(f"split {n}: no parameter set has a finite statistic in training.")
    at = np.arange(len(splits))
    result = test[chosen, at]
    with np.errstate(invalid="ignore"):
        beaten = np.sum(sign * test <= sign * result, axis=0)
        rank = np.where(np.isnan(result), np.nan, beaten / np.sum(~np.isnan(test), axis=0))
    table = pl.DataFrame(
        {
            "split": at,
            "train_bars": [_length(split.train) for split in splits],
            "test_bars": [_length(split.test) for split in splits],
            "test_first": [split.test[0][0] for split in splits],
            **{name: task.parameters[name][chosen] for name in task.parameters.dtype.names or ()},
            "train": train[chosen, at],
            "test": result,
            "rank": rank,
        }
    )
    return CrossValidation(
        table, train, test, task.parameters, _out_of_sample(task, splits, chosen)
    )


def _length(ranges: Sequence[Range]) -> int:
    return sum(last - first for first, last in ranges)


def _out_of_sample(task: Task, splits: Sequence[Split], chosen: np.ndarray) -> dict[str, float]:
    tests = sorted(
        (bars, int(k)) for split, k in zip(splits, chosen, strict=True) for bars in split.test
    )
    pairs = pairwise(tests)
    if any(before[0][1] > after[0][0] for before, after in pairs) or len(task.market.assets) > 1:
        return {}
    rows = None
    for bars, k in tests:
        own = _observed(task, Part(0, 0, k, k + 1), bars)
        rows = own if rows is None else running.merge(rows, own)
    groups = whole.from_rows(rows, task.annual_factor) if rows is not None else {}
    return {
        name: float(values[0]) for numbers in groups.values() for name, values in numbers.items()
    }
