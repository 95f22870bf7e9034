"""From Polars, pandas and Arrow tables to the columns of each asset.

A table is first reduced to plain columns (arrays, or a Polars series of text), then read by role.
Nothing heavy is imported before it is needed: a table of numbers and datetimes needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .checks import FIELDS, AssetColumns, Place, Repaired
from .errors import DataError
from .reading import ALIASES, Options, Plain, Table, normal, read_plain
from .times import SAYS_HOW

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = [
    "Options",
    "Table",
    "assemble",
    "is_table",
    "pandas_columns",
    "plain_table",
    "plain_text",
    "polars_columns",
    "read_polars",
]


def polars_columns(
    data: pl.DataFrame | pl.LazyFrame | Mapping[str, Any], asset: str, options: Options
) -> tuple[list[AssetColumns], list[Repaired]]:
    """The columns of each asset in a Polars frame or a dict of frames, and the repairs made."""
    frames = list(data.items()) if isinstance(data, Mapping) else [(asset, data)]
    tables = [(name, read_polars(frame, options)) for name, frame in frames]
    return assemble(tables, options), [r for _, table in tables for r in table.repairs]


def pandas_columns(
    data: pd.DataFrame | Mapping[str, pd.DataFrame], asset: str, options: Options
) -> tuple[list[AssetColumns], list[Repaired]]:
    """The columns of each asset in a pandas frame or a dict of frames, and the repairs made."""
    if isinstance(data, Mapping):
        frames = list(data.items())
    elif data.columns.nlevels == 2:
        frames = list(_by_asset(data).items())
    else:
        frames = [(asset, data)]
    tables = [(name, read_plain(_plain_pandas(frame), options)) for name, frame in frames]
    return assemble(tables, options), [r for _, table in tables for r in table.repairs]


def read_polars(
    frame: pl.DataFrame | pl.LazyFrame, options: Options, place: Place | None = None
) -> Table:
    """One Polars frame, read by role."""
    import polars as pl

    table = frame.collect() if isinstance(frame, pl.LazyFrame) else frame
    text = place is not None and place.line_offset is not None
    return read_plain(plain_text(table) if text else _plain_polars(table), options, place)


def plain_text(table: pl.DataFrame) -> Plain:
    """The table of a text file, in which a blank line holds no row of data."""
    import polars as pl

    blank = None
    if table.height:
        blank = table.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    return _plain_polars(table)._replace(blank=blank)


def is_table(data: Any) -> bool:
    """Whether this is a frame, series or table of Polars, pandas or Arrow; imports none of them."""
    return type(data).__module__.split(".")[0] in ("polars", "pandas", "pyarrow")


def plain_table(data: Any) -> Plain:
    """A Polars or pandas frame, a pandas series or an Arrow table as plain columns."""
    package = type(data).__module__.split(".")[0]
    if package == "pandas":
        frame = data.to_frame(str(data.name or "value")) if data.ndim == 1 else data
        return _plain_pandas(frame)
    import polars as pl

    if package == "pyarrow":
        data = pl.from_arrow(data)
    if isinstance(data, pl.Series):
        data = data.to_frame()
    return _plain_polars(data.collect() if isinstance(data, pl.LazyFrame) else data)


def _plain_polars(table: pl.DataFrame) -> Plain:
    import polars as pl

    columns: dict[str, Any] = {}
    aware = set()
    for column in table.iter_columns():
        kind = column.dtype
        if kind == pl.Date or isinstance(kind, pl.Datetime):
            if isinstance(kind, pl.Datetime) and kind.time_zone is not None:
                aware.add(column.name)
                column = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            columns[column.name] = (
                column.cast(pl.Datetime("us")).to_numpy()
                if (kind == pl.Date)
                else column.to_numpy()
            )
        elif kind in (pl.String, pl.Categorical, pl.Enum):
            columns[column.name] = column.cast(pl.String)
        elif kind.is_numeric() or kind == pl.Boolean or kind == pl.Null:
            whole = kind.is_integer() and column.null_count() == 0
            columns[column.name] = (column if whole else column.cast(pl.Float64)).to_numpy()
        else:
            columns[column.name] = np.array(column.to_list(), dtype=object)
    return Plain(columns, frozenset(aware))


def _by_asset(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A frame with two levels of columns (fields and assets) as one frame for each asset."""
    levels = [[normal(v) for v in frame.columns.get_level_values(n)] for n in (0, 1)]
    fields = 0 if "close" in levels[0] else 1
    out: dict[str, Any] = {}
    for asset in dict.fromkeys(frame.columns.get_level_values(1 - fields)):
        out[str(asset)] = frame.xs(asset, axis=1, level=1 - fields)
    return out


def _plain_pandas(frame: pd.DataFrame) -> Plain:
    """A pandas frame as plain columns; an index that is not just row numbers becomes one."""
    import pandas as pd

    index = None
    if isinstance(frame.index, pd.MultiIndex):
        names = [
            str(name) if name is not None else ("time" if level.dtype.kind == "M" else "symbol")
            for name, level in zip(frame.index.names, frame.index.levels, strict=True)
        ]
        frame = frame.set_axis(frame.index.set_names(names), axis=0).reset_index()
    elif isinstance(frame.index, pd.DatetimeIndex) or not (
        isinstance(frame.index, pd.RangeIndex)
        or any(normal(name) in ALIASES["time"] for name in frame.columns)
    ):
        index = str(frame.index.name or "index")
        frame = frame.set_axis(frame.index.rename(index), axis=0)
        frame = frame.drop(columns=[c for c in frame.columns if c == index]).reset_index()
    columns: dict[str, Any] = {}
    aware = set()
    for place, label in enumerate(frame.columns):
        series, name = frame.iloc[:, place], str(label)
        if isinstance(series.dtype, pd.DatetimeTZDtype):
            aware.add(name)
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
        if isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype(object)
        if name in columns:
            raise DataError(
                "ambiguous_column",
                f"there are two columns named {name!r}",
                column=name,
                remedy="Rename or drop one of them",
            )
        if pd.api.types.is_numeric_dtype(series.dtype) or series.dtype == bool:
            whole = pd.api.types.is_integer_dtype(series.dtype) and not series.hasnans
            kind = np.int64 if whole else np.float64
            columns[name] = (
                series.to_numpy(kind) if whole else series.to_numpy(kind, na_value=np.nan)
            )
        elif series.dtype.kind == "M":
            columns[name] = series.to_numpy("datetime64[ns]")
        else:
            columns[name] = series.astype(object).where(series.notna(), None).to_numpy(object)
    return Plain(columns, frozenset(aware), index)


def assemble(tables: Sequence[tuple[str, Table]], options: Options) -> list[AssetColumns]:
    """The columns of each asset, in order of first appearance.

    tables: pairs of an asset name (used where the table has no symbols) and the table.
    """
    zones = {table.zone for _, table in tables if table.zone != "number"}
    if len(zones) > 1 and not options.time_zone:
        first = next(table for _, table in tables if table.zone != "number")
        name, odd = next((n, t) for n, t in tables if t.zone not in ("number", first.zone))
        if options.policy.mixed_time_zones == "raise":
            raise DataError(
                "mixed_time_zones",
                f"these times have {_zone_words(odd.zone)} and those before have "
                f"{_zone_words(first.zone)}",
                file=odd.place.file,
                row=1,
                column=odd.place.names.get("time", "time"),
                asset=name,
                remedy=SAYS_HOW,
            )
    columns: list[AssetColumns] = []
    for asset, table in tables:
        values = np.full((len(FIELDS), len(table.times)), np.nan)
        for f, name in enumerate(FIELDS):
            if name in table.numbers:
                values[f] = table.numbers[name]
        extra = {n: c for n, c in table.numbers.items() if n not in FIELDS}
        whole = AssetColumns(asset, table.times, values, extra, table.rows, table.place)
        if table.symbols is None:
            columns.append(whole)
            continue
        names, code = table.symbols
        order = np.argsort(code, kind="stable")
        ends = np.cumsum(np.bincount(code, minlength=len(names)))
        for k, name in enumerate(names):
            rows = order[ends[k - 1] if k else 0 : ends[k]]
            if len(rows):
                columns.append(replace(whole.take(rows), asset=name))
    return columns


def _zone_words(zone: str) -> str:
    return "a time zone" if zone == "aware" else "none"
