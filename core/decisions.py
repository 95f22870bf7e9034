"""What a strategy decided, in the forms in which a look-ahead check takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, NamedTuple

import numpy as np

from .reading import ALIASES, normal
from .tables import is_table
from .times import MISSING, to_times

__all__ = ["TIME_NAMES", "Form", "Part", "alike", "equal", "parts_of"]

TIME_NAMES = (*ALIASES["time"], "dt", "created", "created_at", "bar")
"""The names under which the time of a decision is found; `bar` counts bars from 0."""


class Form(NamedTuple):
    key: tuple[str, ...]
    time: str | None
    fields: tuple[str, ...] | None


@dataclass
class Part:
    """One matrix, or one table of decisions.

    times: int64[m]. assets: the name of each column of a matrix, or of each row of a table.
    values: [m, k] of a matrix. fields: the columns of a table. key: more columns that identify.
    """

    times: np.ndarray
    assets: list[str]
    values: np.ndarray | None = None
    fields: dict[str, list] | None = None
    key: list[tuple] | None = None

    @property
    def size(self) -> int:
        return len(self.times) if self.values is None else self.values.size

    def made(self) -> np.ndarray:
        """The times at which something was decided: of a matrix, those of rows that are new."""
        if self.values is None or len(self.times) < 2:
            return self.times
        new = ~equal(self.values[1:], self.values[:-1], 0.0)
        return self.times[1:][new.any(axis=1)]


def parts_of(
    result: Any, times: np.ndarray, assets: tuple[str, ...], form: Form
) -> dict[str, Part]:
    """What a run returned, by name. times, assets: those of the data that it was given."""
    if isinstance(result, Mapping) and not any(normal(name) in TIME_NAMES for name in result):
        return {
            str(name): _part(one, str(name), times, assets, form) for name, one in result.items()
        }
    if result is None:
        return {}
    return {"decisions": _part(result, "decisions", times, assets, form)}


def _part(result: Any, name: str, times: np.ndarray, assets: tuple[str, ...], form: Form) -> Part:
    if type(result).__module__.split(".")[0] == "pandas":
        frame = result.to_frame() if result.ndim == 1 else result
        named = form.time in frame.columns or any(normal(c) in TIME_NAMES for c in frame.columns)
        if not named and frame.index.nlevels == 1:
            return _pandas_matrix(frame, result.ndim == 1, name, times, assets)
    elif isinstance(result, np.ndarray) and result.dtype.names is None:
        return _matrix(result, None, name, times, assets)
    elif isinstance(result, (list, tuple)) and result and all(map(_is_number, result)):
        return _matrix(np.array(result, dtype=np.float64), None, name, times, assets)
    return _table(_columns(result, name), name, times, form)


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float, np.number, np.bool_))


def _pandas_matrix(
    frame: Any, single: bool, name: str, times: np.ndarray, assets: tuple[str, ...]
) -> Part:
    columns = None if single else ["/".join(map(str, np.atleast_1d(c))) for c in frame.columns]
    if frame.index.dtype.kind != "M" and not hasattr(frame.index, "tz"):
        return _matrix(frame.to_numpy(), columns, name, times, assets)
    index = frame.index if frame.index.tz is None else frame.index.tz_convert(None)
    at = to_times(index.to_numpy())
    order = np.argsort(at, kind="stable")
    values = frame.to_numpy()[order]
    if (at[order][1:] == at[order][:-1]).any():
        raise ValueError(f"{name}: the frame has a time twice; return a table with a time column")
    return Part(at[order], columns or [""], values)


def _matrix(
    values: np.ndarray,
    columns: list[str] | None,
    name: str,
    times: np.ndarray,
    assets: tuple[str, ...],
) -> Part:
    if values.ndim not in (1, 2) or len(values) != len(times):
        raise ValueError(
            f"{name}: the run returned an array of shape {values.shape} for {len(times)} bars; "
            "return [T] or [T, N] with a row for each bar of the data it was given, or a table"
        )
    if values.ndim == 1:
        return Part(times, [""], values[:, None])
    if columns is None and values.shape[1] == len(assets):
        columns = list(assets)
    return Part(times, columns or [f"column {k}" for k in range(values.shape[1])], values)


def _columns(result: Any, name: str) -> dict[str, list]:
    """A table as lists by column name."""
    if isinstance(result, Mapping):
        return {str(column): list(values) for column, values in result.items()}
    if isinstance(result, np.ndarray):
        return {field: result[field].tolist() for field in result.dtype.names or ()}
    if type(result).__module__.split(".")[0] == "pandas":
        if result.index.name is not None or result.index.nlevels > 1:
            result = result.reset_index()
        return {str(column): result[column].tolist() for column in result.columns}
    if is_table(result):
        import polars as pl

        if type(result).__module__.split(".")[0] == "pyarrow":
            result = pl.from_arrow(result)
        frame = result.collect() if isinstance(result, pl.LazyFrame) else result
        assert isinstance(frame, pl.DataFrame)
        return {
            # Python's datetimes have no nanoseconds.
            one.name: list(one.to_numpy()) if one.dtype == pl.Datetime else one.to_list()
            for one in frame.iter_columns()
        }
    rows: list[Mapping[str, Any]] = []
    for row in result if isinstance(result, (list, tuple)) else [result]:
        if isinstance(row, Mapping):
            rows.append(row)
        elif hasattr(row, "_asdict"):
            rows.append(row._asdict())
        elif is_dataclass(row) and not isinstance(row, type):
            rows.append(asdict(row))
        else:
            raise ValueError(
                f"{name}: a run returned {type(row).__name__}; return a matrix, a table, or a list "
                "of dicts, named tuples or dataclasses"
            )
    names = dict.fromkeys(str(field) for row in rows for field in row)
    return {field: [row.get(field) for row in rows] for field in names}


def _table(columns: dict[str, list], name: str, times: np.ndarray, form: Form) -> Part:
    if not columns:
        return Part(times[:0], [], fields={})
    found = [c for c in columns if (c == form.time if form.time else normal(c) in TIME_NAMES)]
    if not found:
        raise ValueError(
            f"{name}: the table has no {form.time or 'time'} column; it has {', '.join(columns)}. "
            "Name the one that says when a decision was made: time='...'"
        )
    when = columns[found[0]]
    if normal(found[0]) == "bar":
        bars = np.asarray(when, dtype=np.int64)
        if len(bars) and not ((bars >= 0) & (bars < len(times))).all():
            raise ValueError(f"{name}: the column bar must count from 0 to {len(times) - 1}")
        at = times[bars]
    else:
        at = to_times(np.asarray(when) if when and not hasattr(when[0], "tzinfo") else when)
    if (at == MISSING).any():
        row = int(np.flatnonzero(at == MISSING)[0]) + 1
        raise ValueError(f"{name}: row {row} has no time in the column {found[0]!r}")
    symbols = [c for c in columns if normal(c) in ALIASES["symbol"] and c not in form.key]
    assets = [str(a) for a in columns[symbols[0]]] if symbols else [""] * len(at)
    for wanted in (*form.key, *(form.fields or ())):
        if wanted not in columns:
            raise ValueError(f"{name}: there is no column {wanted!r}; it has {', '.join(columns)}")
    taken = {found[0], *symbols[:1], *form.key}
    fields = [c for c in columns if c not in taken] if form.fields is None else form.fields
    keys = list(zip(*(columns[c] for c in form.key), strict=True)) if form.key else [()] * len(at)
    return Part(at, assets, fields={c: columns[c] for c in fields}, key=keys)


def equal(a: np.ndarray, b: np.ndarray, rtol: float) -> np.ndarray:
    """bool, elementwise; NaN equals NaN."""
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        x, y = a.astype(np.float64), b.astype(np.float64)
        with np.errstate(all="ignore"):
            near = np.abs(x - y) <= rtol * np.maximum(np.abs(x), np.abs(y))
        return (x == y) | (near & np.isfinite(x) & np.isfinite(y)) | (np.isnan(x) & np.isnan(y))
    same = [alike(p, q, rtol) for p, q in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True)]
    return np.array(same, dtype=bool).reshape(a.shape)


def alike(a: Any, b: Any, rtol: float) -> bool:
    if isinstance(a, (float, int, np.number)) and isinstance(b, (float, int, np.number)):
        x, y = float(a), float(b)
        return x == y or (x != x and y != y) or abs(x - y) <= rtol * min(abs(x), abs(y))
    if a is None or b is None:
        # A column of numbers without a value in one row is NaN in one library, None in another.
        return (a is None or a != a) and (b is None or b != b)
    try:
        return bool(a == b) or bool(a != a and b != b)
    except (TypeError, ValueError):
        return repr(a) == repr(b)
