"""The data of a sweep: columns of prices by name, one after another in memory for each asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..bars import FIELDS, Bars
from ..errors import OrderError


@dataclass(frozen=True)
class Market:
    """columns: float64[N, T] by name, `close` among them. assets: N names. times: int64[T] ns UTC,
    None where not known. tables: arrays of any shape that signal functions read as they are."""

    columns: dict[str, np.ndarray]
    assets: tuple[str, ...]
    times: np.ndarray | None = None
    tables: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.columns["close"].shape[1]

    @classmethod
    def of(cls, data: Any, tables: Mapping[str, Any] | None = None) -> Market:
        """From `Bars`, from columns by name, or from closes alone.

        Columns are [T] of one asset or [T, N], as NumPy, Polars or pandas; assets are named by
        the labels of the closes where they have any. Raises OrderError for shapes that differ.
        """
        given = {name: np.asarray(array) for name, array in (tables or {}).items()}
        if isinstance(data, Bars):
            columns = {name: data.values[n] for n, name in enumerate(FIELDS)}
            columns |= {name: np.ascontiguousarray(x.T) for name, x in data.extra.items()}
            return cls(columns, data.assets, data.times, given)
        if not isinstance(data, Mapping):
            data = {"close": data}
        if "close" not in data:
            raise OrderError(f"data has no column 'close', only {', '.join(map(str, data))}.")
        columns = {str(name): _column(str(name), values) for name, values in data.items()}
        shape = columns["close"].shape
        for name, column in columns.items():
            if column.shape != shape:
                raise OrderError(
                    f"column {name!r} has {column.shape[1]} rows of {column.shape[0]} assets, "
                    f"close has {shape[1]} of {shape[0]}."
                )
        both = sorted(set(columns) & set(given))
        if both:
            raise OrderError(f"{', '.join(both)}: a column and a table must not have one name.")
        if shape[1] == 0:
            raise OrderError("there are no bars.")
        return cls(columns, _names(data["close"], shape[0]), _times(data["close"]), given)


def _column(name: str, values: Any) -> np.ndarray:
    array = values.to_numpy() if hasattr(values, "to_numpy") else np.asarray(values)
    if array.ndim not in (1, 2) or array.dtype.kind not in "biuf":
        raise OrderError(
            f"column {name!r} must hold numbers in one or two dimensions, not {array.dtype} in "
            f"{array.ndim}."
        )
    matrix = array[:, None] if array.ndim == 1 else array
    return np.ascontiguousarray(matrix.T, dtype=np.float64)


def _names(close: Any, count: int) -> tuple[str, ...]:
    labels = getattr(close, "columns", None)
    if labels is not None:
        return tuple(str(label) for label in labels)
    name = getattr(close, "name", None)
    if count == 1:
        return (str(name) if name not in (None, "") else "asset",)
    return tuple(f"asset{n}" for n in range(count))


def _times(close: Any) -> np.ndarray | None:
    index = getattr(close, "index", None)
    if index is None or getattr(getattr(index, "dtype", None), "kind", "") != "M":
        return None
    return index.to_numpy().astype("datetime64[ns]").astype(np.int64)
