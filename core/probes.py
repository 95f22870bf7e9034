"""Data that can be cut, and its later part replaced: what the look-ahead check runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np

from .bars import Bars
from .reading import ALIASES, normal, read_rows
from .tables import Options, is_table, plain_table
from .times import MISSING

__all__ = ["Source", "source_of"]

_PRICES = {name for role in ("open", "high", "low", "close") for name in ALIASES[role]}


class Source(Protocol):
    """Data that can be cut."""

    times: np.ndarray
    """int64[T] ns UTC, increasing."""
    assets: tuple[str, ...]

    def until(self, t: int) -> Any:
        """The data without what is later than times[t], in memory of its own."""
        ...

    def altered(self, t: int, raised: bool, rng: np.random.Generator) -> Any:
        """The data with what is later than times[t] replaced, in memory of its own."""
        ...


def source_of(data: Any) -> Source:
    if isinstance(data, Bars):
        return _BarsSource(data)
    frames = data if isinstance(data, Mapping) else {"": data}
    if not frames or not all(is_table(frame) for frame in frames.values()):
        raise TypeError(
            f"data must be Bars, a pandas or Polars frame, or a mapping of names to frames, not "
            f"{type(data).__name__}"
        )
    return _FramesSource(dict(frames), isinstance(data, Mapping))


def _factors(shape: tuple[int, ...], raised: bool, rng: np.random.Generator) -> np.ndarray:
    """Around 2 or around 1/2, never near 1."""
    far = 2.0 * np.exp(rng.uniform(-0.25, 0.25, shape))
    return far if raised else 1.0 / far


def _scaled(column: np.ndarray, factor: np.ndarray, whole: bool = False) -> np.ndarray:
    """Numbers times a factor, in their own type; `whole` rounds. Zeros alone become zero.

    A raised number is higher and a lowered one lower even where it is negative, so that the open,
    high, low and close of a row keep their order.
    """
    numbers = column.astype(np.float64)
    out = np.where(numbers < 0, numbers / factor, numbers * factor)
    if whole or column.dtype.kind in "iu":
        away = np.where(numbers < 0, -1.0, 1.0)
        out = np.where((numbers != 0) & (np.rint(out) == 0), away, np.rint(out))
    return out.astype(column.dtype)


class _BarsSource:
    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self.times = bars.times
        self.assets = bars.assets

    def until(self, t: int) -> Bars:
        part = self._bars.until(t + 1)
        extra = {name: np.array(matrix, order="F") for name, matrix in part.extra.items()}
        return Bars(part.times.copy(), part.assets, part.values.copy("C"), extra, part.repairs)

    def altered(self, t: int, raised: bool, rng: np.random.Generator) -> Bars:
        bars = self.until(len(self.times) - 1)
        later = slice(t + 1, None)
        count, width = len(self.times) - t - 1, len(self.assets)
        order = t + 1 + rng.permutation(count)
        prices = bars.values[:4, :, order]
        factor = _factors((width, count), raised, rng)
        bars.values[:4, :, later] = np.where(prices < 0, prices / factor, prices * factor)
        for row in bars.values[4]:
            whole = np.array_equal(row, np.rint(row), equal_nan=True)
            row[later] = _scaled(row[order], _factors((count,), raised, rng), whole)
        for matrix in bars.extra.values():
            matrix[later] = _scaled(matrix[order], _factors((count, width), raised, rng))
        return bars


class _FramesSource:
    def __init__(self, frames: dict[str, Any], several: bool) -> None:
        self._frames = frames
        self._several = several
        self._times: dict[str, np.ndarray] = {}
        names: dict[str, None] = dict.fromkeys(frames) if several else {}
        for name, frame in frames.items():
            one = frame
            if type(frame).__module__.split(".")[0] == "pandas":
                one = frame.to_frame() if frame.ndim == 1 else frame
                if one.index.dtype.kind == "M" or hasattr(one.index, "tz"):
                    # The times alone: columns may have several levels.
                    one = one.index.to_frame(index=False, name="time")
            table = read_rows(plain_table(one), {"time": ALIASES["time"]}, (), Options(None))
            if (table.times == MISSING).any():
                row = int(np.flatnonzero(table.times == MISSING)[0]) + 1
                raise ValueError(f"frame {name!r}: row {row} has no time")
            self._times[name] = table.times
        self.assets = tuple(names)
        self.times = np.unique(np.concatenate(list(self._times.values())))

    def _all(self, take: Callable[[Any, np.ndarray], Any]) -> Any:
        out = {name: take(frame, self._times[name]) for name, frame in self._frames.items()}
        return out if self._several else out[""]

    def until(self, t: int) -> Any:
        cut = self.times[t]
        return self._all(lambda frame, times: _rows(frame, np.flatnonzero(times <= cut)))

    def altered(self, t: int, raised: bool, rng: np.random.Generator) -> Any:
        cut = self.times[t]
        return self._all(
            lambda frame, times: _altered(frame, np.flatnonzero(times > cut), raised, rng)
        )


def _rows(frame: Any, rows: np.ndarray) -> Any:
    """Some rows of a frame, in memory of their own."""
    package = type(frame).__module__.split(".")[0]
    if package == "pandas":
        return frame.iloc[rows].copy()
    if package == "pyarrow":
        return frame.take(rows)
    if hasattr(frame, "collect"):
        frame = frame.collect()
    return frame[rows]


def _altered(frame: Any, rows: np.ndarray, raised: bool, rng: np.random.Generator) -> Any:
    """The frame with the numbers of some rows shuffled among them and scaled."""
    package = type(frame).__module__.split(".")[0]
    new = _rows(frame, np.arange(len(frame) if package != "polars" else _height(frame)))
    order = rows[rng.permutation(len(rows))]
    together = _factors((len(rows),), raised, rng)

    def changed(name: Any, column: np.ndarray) -> np.ndarray:
        parts = {normal(part) for part in (name if isinstance(name, tuple) else (name,))}
        price = bool(parts & _PRICES)
        column = column.copy()
        factor = together if price else _factors((len(rows),), raised, rng)
        column[rows] = column[order] if column.dtype.kind == "b" else _scaled(column[order], factor)
        return column

    if package == "pandas":
        if new.ndim == 1:
            if new.dtype.kind not in "fiub":
                return new
            return new.__class__(changed(new.name, new.to_numpy()), index=new.index, name=new.name)
        columns = {}
        for k, name in enumerate(new.columns):
            one = new.iloc[:, k]
            if getattr(one.dtype, "kind", "O") in "fiub" and normal(name) not in ALIASES["time"]:
                one = type(one)(changed(name, one.to_numpy()), index=one.index, name=one.name)
            columns[k] = one
        out = type(new)(columns, index=new.index)
        out.columns = new.columns
        return out
    import polars as pl

    table = pl.from_arrow(new) if package == "pyarrow" else new
    assert isinstance(table, pl.DataFrame)
    for name in table.columns:
        column = table[name]
        if column.dtype.is_numeric() and normal(name) not in ALIASES["time"]:
            numbers = (
                column.to_numpy() if not column.null_count() else column.cast(float).to_numpy()
            )
            table = table.with_columns(pl.Series(name, changed(name, numbers)).cast(column.dtype))
    return table.to_arrow() if package == "pyarrow" else table


def _height(frame: Any) -> int:
    return (frame.collect() if hasattr(frame, "collect") else frame).height
