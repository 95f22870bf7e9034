"""Bayesian search: each batch of parameter sets is proposed by what the ones before it did."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..errors import OrderError
from .parameters import Floats, Integers, table
from .result import Sweep
from .run import Progress, _told, run, task_of
from .source import Signals
from .statistics import DEFAULT


def search(
    data: Any,
    signals: Callable[..., None] | Signals,
    space: Mapping[str, Any],
    trials: int,
    *,
    by: str = "sharpe_ratio",
    highest: bool = True,
    seed: int | None = None,
    batch: int = 64,
    where: Callable[[np.ndarray], Any] | None = None,
    study: Any = None,
    progress: bool | Progress | None = None,
    **arguments: Any,
) -> Sweep:
    """Try `trials` parameter sets, `batch` at a time; Optuna proposes them. Returns all of them.

    space: `Integers`, `Floats` or a list of choices by name. by, highest: what to look for; over
    several assets its mean counts. seed: the same proposals for the same seed and batch. where:
    as in `grid`; a proposal that it turns down is no trial, and Optuna is told. study: an Optuna
    study to go on with, whose sampler and direction count then; by default a tree-structured Parzen
    estimator. The rest as in `run`, but for `store`.

    Raises OrderError where `where` turns down nearly everything.
    """
    if trials < 1 or batch < 1:
        raise OrderError(f"trials={trials} and batch={batch} must be 1 or more.")
    if "store" in arguments:
        raise OrderError("search() keeps no store; give it an Optuna study with a storage.")
    names = tuple(dict.fromkeys((*arguments.pop("statistics", DEFAULT), by)))
    with _quiet() as optuna:
        if study is None:
            study = optuna.create_study(
                direction="maximize" if highest else "minimize",
                sampler=optuna.samplers.TPESampler(seed=seed, constant_liar=True),
            )
        tried: list[Sweep] = []
        done = refused = 0
        with _told(progress) as tell:
            while done < trials:
                asked = [study.ask() for _ in range(min(batch, trials - done))]
                sets = table(_columns(asked, space))
                keep = np.ones(len(sets), bool) if where is None else np.asarray(where(sets), bool)
                failed = optuna.trial.TrialState.FAIL
                for trial in np.array(asked, dtype=object)[~keep]:
                    study.tell(trial, state=failed)
                refused += int((~keep).sum())
                if refused > 100 * trials:
                    raise OrderError(f"where turned down {refused} of {refused + done} proposals.")
                if not keep.any():
                    continue
                found = run(
                    data, signals, sets[keep], statistics=names, progress=False, **arguments
                )
                for trial, value in zip(
                    np.array(asked, dtype=object)[keep], _by_set(found, by), strict=True
                ):
                    if math.isfinite(value):
                        study.tell(trial, value)
                    else:
                        study.tell(trial, state=failed)
                tried.append(found)
                done += int(keep.sum())
                tell(done, trials)
    return _together(tried, data, signals, names, arguments)


@contextmanager
def _quiet() -> Iterator[Any]:
    """Optuna, without its own lines on standard error."""
    try:
        import optuna
    except ImportError:
        raise ImportError(
            "search() looks for parameters with Optuna: pip install 'fillproof[sweep]'."
        ) from None
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield optuna
    finally:
        optuna.logging.set_verbosity(before)


def _columns(asked: list[Any], space: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: [_suggested(t, name, values) for t in asked] for name, values in space.items()}


def _suggested(trial: Any, name: str, values: Any) -> Any:
    if isinstance(values, Integers):
        return trial.suggest_int(name, values.low, values.high, step=values.step, log=values.log)
    if isinstance(values, Floats):
        return trial.suggest_float(name, values.low, values.high, log=values.log)
    choices = [x.item() if hasattr(x, "item") else x for x in values]
    return trial.suggest_categorical(name, choices)


def _by_set(found: Sweep, by: str) -> list[float]:
    values = found.table[by].to_numpy().astype(float)
    return values.reshape(len(found.task.market.assets), -1).mean(axis=0).tolist()


def _together(
    tried: list[Sweep], data: Any, signals: Any, names: tuple[str, ...], arguments: dict[str, Any]
) -> Sweep:
    """One sweep of all sets: asset after asset, as `run` has it."""
    import polars as pl

    sets = np.concatenate([found.task.parameters for found in tried])
    given = {
        name: arguments.pop(name, default)
        for name, default in (
            ("cash", 100_000.0), ("annual_factor", None), ("tables", None), ("window", None),
            ("memory", "128 MB"), ("jobs", None),
        )
    }  # fmt: skip
    task = task_of(
        data, signals, sets, names, given["cash"], given["annual_factor"], given["tables"],
        given["window"], given["memory"], given["jobs"], arguments,
    )  # fmt: skip
    count = len(task.market.assets)
    pieces = [
        found.table.slice(asset * len(found.task.parameters), len(found.task.parameters))
        for asset in range(count)
        for found in tried
    ]
    return Sweep(pl.concat(pieces), task)
