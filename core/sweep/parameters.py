"""Parameter sets: one row each of a structured array, which compiled code reads by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import OrderError


@dataclass(frozen=True)
class Integers:
    """Whole numbers from `low` to `high`, both included, `step` apart; `log`: small ones more."""

    low: int
    high: int
    step: int = 1
    log: bool = False

    def __post_init__(self) -> None:
        _check_range(self)
        if self.step < 1 or (self.log and self.step != 1):
            raise OrderError(f"{self}: step must be 1 or more, and 1 with log=True.")

    def values(self) -> np.ndarray:
        return np.arange(self.low, self.high + 1, self.step)

    def draw(self, uniform: np.ndarray) -> np.ndarray:
        """A value for each number of [0, 1)."""
        if self.log:
            low, high = math.log(self.low), math.log(self.high + 1)
            drawn = np.exp(low + uniform * (high - low)).astype(np.int64)
            return np.clip(drawn, self.low, self.high)
        return self.values()[(uniform * len(self.values())).astype(np.int64)]


@dataclass(frozen=True)
class Floats:
    """Numbers from `low` to `high`; `log`: as many from 1 to 10 as from 10 to 100."""

    low: float
    high: float
    log: bool = False

    def __post_init__(self) -> None:
        _check_range(self)

    def draw(self, uniform: np.ndarray) -> np.ndarray:
        """A value for each number of [0, 1)."""
        if self.log:
            low, high = math.log(self.low), math.log(self.high)
            return np.clip(np.exp(low + uniform * (high - low)), self.low, self.high)
        return self.low + uniform * (self.high - self.low)


def _check_range(space: Any) -> None:
    if not space.low <= space.high or (space.log and space.low <= 0):
        raise OrderError(f"{space}: low must not exceed high, and be above 0 with log=True.")


def table(columns: Any) -> np.ndarray:
    """Parameter sets from columns of equal length: a mapping, or a Polars, pandas or Arrow table.

    Returns a structured array with int64, float64 or bool fields. A structured array comes back
    as it is. Raises OrderError for text (use numbers: compiled code has no text), missing whole
    numbers and lengths that differ.
    """
    if isinstance(columns, np.ndarray) and columns.dtype.names:
        return np.ascontiguousarray(columns)
    given: Any = columns
    if hasattr(given, "column_names"):  # an Arrow table
        given = {name: given[name] for name in given.column_names}
    elif hasattr(given, "columns"):  # a frame
        given = {str(name): given[name] for name in given.columns}
    arrays = {name: _numbers(name, values) for name, values in given.items()}
    if not arrays:
        raise OrderError("there are no parameters: name at least one.")
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise OrderError(f"columns of parameters must have one length, not {lengths}.")
    dtype = np.dtype([(name, array.dtype) for name, array in arrays.items()], align=True)
    out = np.empty(next(iter(lengths.values())), dtype)
    for name, array in arrays.items():
        out[name] = array
    return out


def _numbers(name: str, values: Any) -> np.ndarray:
    array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(list(values))
    kinds = {"b": np.bool_, "i": np.int64, "u": np.int64, "f": np.float64}
    if array.ndim != 1 or array.dtype.kind not in kinds:
        raise OrderError(
            f"parameter {name!r} must be a list of numbers or booleans, not {array.dtype} in "
            f"{array.ndim} dimensions; number the choices where they are words."
        )
    return array.astype(kinds[array.dtype.kind])


def grid(
    values: Mapping[str, Iterable[Any]], where: Callable[[np.ndarray], Any] | None = None
) -> np.ndarray:
    """Every combination of the values, the last name changing fastest.

    where: gets all sets as columns (`p["fast"] < p["slow"]`) and returns which to keep.
    """
    names = list(values)
    axes = [_axis(name, values[name]) for name in names]
    full = np.meshgrid(*axes, indexing="ij") if axes else []
    sets = table({name: axis.ravel() for name, axis in zip(names, full, strict=True)})
    return sets if where is None else _kept(sets, where)


def _axis(name: str, values: Any) -> np.ndarray:
    if isinstance(values, Floats):
        raise OrderError(
            f"{name}={values}: a grid needs values; list them (numpy.linspace), or use sample()."
        )
    if isinstance(values, Integers):
        values = values.values()
    axis = _numbers(name, values)
    if len(axis) == 0:
        raise OrderError(f"parameter {name!r} has no values.")
    return axis


def _kept(sets: np.ndarray, where: Callable[[np.ndarray], Any]) -> np.ndarray:
    keep = np.asarray(where(sets))
    if keep.shape != sets.shape or keep.dtype != bool:
        raise OrderError(f"where must return bool[{len(sets)}], not {keep.dtype}{keep.shape}.")
    if not keep.any():
        raise OrderError(f"where keeps none of the {len(sets)} parameter sets.")
    return sets[keep]


def sample(
    space: Mapping[str, Any],
    count: int,
    seed: int,
    where: Callable[[np.ndarray], Any] | None = None,
) -> np.ndarray:
    """`count` parameter sets at random, the same for the same seed.

    space: `Integers`, `Floats`, or a list of choices by name. Where all are finite no set comes
    twice. where: as in `grid`; sets that it turns down are drawn again. Raises OrderError where
    there are not that many.
    """
    rng = np.random.default_rng(seed)
    if all(not isinstance(values, Floats) and not _is_log(values) for values in space.values()):
        sets = grid(space, where)
        if count > len(sets):
            raise OrderError(f"{count} sets are asked for, there are {len(sets)}.")
        return sets[rng.permutation(len(sets))[:count]]
    parts, found = [], 0
    for _ in range(64):
        sets = table({name: _drawn(name, values, rng, count) for name, values in space.items()})
        if where is not None:
            sets = sets[np.asarray(where(sets), dtype=bool)]
        parts.append(sets)
        found += len(sets)
        if found >= count:
            return np.concatenate(parts)[:count]
    raise OrderError(f"where turned down all but {found} of {64 * count} sets drawn.")


def _is_log(values: Any) -> bool:
    return isinstance(values, Integers) and values.log


def _drawn(name: str, values: Any, rng: np.random.Generator, count: int) -> np.ndarray:
    uniform = rng.random(count)
    if isinstance(values, Integers | Floats):
        return values.draw(uniform)
    axis = _axis(name, values)
    return axis[(uniform * len(axis)).astype(np.int64)]
