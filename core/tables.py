"""From tables (Polars, pandas, Arrow) to the columns of each asset.

A table is first reduced to plain columns (arrays, or a Polars series of text), then read by role.
Nothing heavy is imported before it is needed: a table of numbers and datetimes needs NumPy only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from .checks import FIELDS, AssetColumns, Place, Repair, Repaired, remedy
from .errors import DataError
from .times import MISSING, SAYS_HOW, epoch_times, format_time, to_times

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

T = TypeVar("T")

__all__ = ["Options", "assemble", "pandas_columns", "polars_columns", "read_polars"]

ALIASES: dict[str, tuple[str, ...]] = {
    "time": ("date", "datetime", "timestamp", "time"),
    "symbol": ("symbol", "ticker", "asset", "instrument"),
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c"),
    "volume": ("volume", "vol", "v"),
}
"""The names under which each column is found, in any case, spaces read as underscores."""


class Options(NamedTuple):
    """How to read a table: the arguments of `Bars.from_polars` and of the file readers."""

    columns: Mapping[str, str | None] | None = None
    extra: Sequence[str] | None = None
    time_zone: str | None = None
    time_unit: str | None = None
    time_format: str | None = None
    policy: Repair = Repair()


class Table(NamedTuple):
    """One table that has been read."""

    times: np.ndarray
    zone: str
    """"naive", "aware", or "number" where the times were epoch numbers."""
    numbers: dict[str, np.ndarray]
    symbols: np.ndarray | None
    """The asset of each row, None where all are of one."""
    rows: np.ndarray
    place: Place
    repairs: list[Repaired]


class Plain(NamedTuple):
    """A table's columns: arrays (numbers, datetime64 in UTC or naive, objects) or Polars text."""

    columns: dict[str, Any]
    aware: frozenset[str] = frozenset()
    """The datetime columns that had a time zone."""
    index: str | None = None
    """The column that holds the times because it was the table's index."""
    blank: np.ndarray | None = None
    """bool[n]: rows that are only blank lines."""


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
    blank = None
    if place is not None and place.line_offset is not None and table.height:
        # A blank line of a text file holds no row of data.
        blank = table.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    return read_plain(Plain(columns, frozenset(aware), blank=blank), options, place)


def _by_asset(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A frame with two levels of columns (fields and assets) as one frame for each asset."""
    levels = [[_normal(v) for v in frame.columns.get_level_values(n)] for n in (0, 1)]
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
        or any(_normal(name) in ALIASES["time"] for name in frame.columns)
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


def read_plain(plain: Plain, options: Options, place: Place | None = None) -> Table:
    """Each column in its role.

    In a file (`place.file`) a row without any price is an incomplete bar; in a frame, which may
    have been aligned with others, it is no bar.
    """
    place = place or Place()
    height = len(next(iter(plain.columns.values()))) if plain.columns else 0
    blank = np.zeros(height, dtype=bool) if plain.blank is None else plain.blank
    if blank.all():
        raise DataError(
            "empty",
            "there are no rows of data",
            file=place.file,
            remedy="Pass a table with at least one bar",
        )
    found = _find_columns(list(plain.columns), options.columns, place, plain.index)
    place = replace(place, names=found)
    symbols = None
    if "symbol" in found:
        symbols = _symbols(plain.columns[found["symbol"]], place, found["symbol"], blank)
    reading = _Reading(place, symbols, options.policy, blank.copy())
    name = found["time"]
    times, zone = reading.times(plain.columns[name], name, name in plain.aware, options)
    numbers = {
        role: reading.numbers(plain.columns[found[role]], found[role], times)
        for role in FIELDS
        if role in found
    }
    for name, column in _extra_names(plain, found, options, place).items():
        numbers[name] = reading.numbers(plain.columns[column], column, times)
    rows = np.arange(1, height + 1)
    return reading.kept(Table(times, zone, numbers, symbols, rows, place, reading.repairs))


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
        names, first, code = np.unique(table.symbols, return_index=True, return_inverse=True)
        order = np.argsort(code, kind="stable")
        ends = np.cumsum(np.bincount(code, minlength=len(names)))
        for k in np.argsort(first, kind="stable"):
            rows = order[ends[k - 1] if k else 0 : ends[k]]
            columns.append(replace(whole.take(rows), asset=str(names[k])))
    return columns


def _zone_words(zone: str) -> str:
    return "a time zone" if zone == "aware" else "none"


def _normal(name: object) -> str:
    """A column name as it is compared: lower case, without outer spaces, `_` for space - and ."""
    text = str(name).strip().lower()
    for sign in " -.":
        text = text.replace(sign, "_")
    return text


def _find_columns(
    names: Sequence[str],
    mapping: Mapping[str, str | None] | None,
    place: Place,
    index: str | None,
) -> dict[str, str]:
    """The source's name for each of time, symbol and the five fields that it has.

    Raises `DataError` when a needed one (time, open, high, low, close) is missing, or two columns
    could be meant. In `mapping`, None says that there is no such column.
    """
    mapping = dict(mapping or {})
    unknown = sorted(set(mapping) - set(ALIASES))
    if unknown:
        raise ValueError(f"columns={{{unknown[0]!r}: ...}}: the keys are {', '.join(ALIASES)}")
    if index is not None:
        mapping.setdefault("time", index)
    taken = {name for name in mapping.values() if name is not None}
    found: dict[str, str] = {}
    for role, aliases in ALIASES.items():
        if role in mapping:
            candidates = [name for name in names if name == mapping[role]]
        else:
            candidates = [n for n in names if _normal(n) in aliases and n not in taken]
        if len(candidates) > 1:
            raise DataError(
                "ambiguous_column",
                f"columns {', '.join(map(repr, candidates))} could each be the {role}",
                file=place.file,
                column=candidates[1],
                remedy=f"Name the one to use: columns={{{role!r}: {candidates[0]!r}}}",
            )
        asked = mapping.get(role)
        if candidates:
            found[role] = candidates[0]
        elif asked is not None or (role not in mapping and role not in ("symbol", "volume")):
            raise _no_column(asked or (aliases[0] if role == "time" else role), role, names, place)
        elif role in ("time", *FIELDS[:4]):
            raise ValueError(f"columns={{{role!r}: None}}: bars need a {role} column")
    return found


def _no_column(name: str, role: str, names: Sequence[str], place: Place) -> DataError:
    how = f"Name the column to use: columns={{{role!r}: '...'}}"
    for sign in (";", "\t", "|"):
        if len(names) == 1 and sign in names[0]:
            how = f"The file seems to be separated by {sign!r}: pass separator={sign!r}"
    return DataError(
        "missing_column",
        f"there is no column {name!r}; the columns are {', '.join(map(repr, names))}",
        file=place.file,
        column=name,
        remedy=how,
    )


def _extra_names(
    plain: Plain, found: Mapping[str, str], options: Options, place: Place
) -> dict[str, str]:
    """The further columns to keep, by the name they get: those asked for, or all of numbers.

    A column that looks like a field but is not the one used (`Close` beside a chosen `Last`) is
    not among them unless asked for, and then it cannot have the field's name.
    """
    used = set(found.values())
    names: dict[str, str] = {}
    for column in plain.columns if options.extra is None else options.extra:
        name = _normal(column)
        if column not in plain.columns:
            raise _no_column(column, name, list(plain.columns), place)
        if options.extra is None and (
            column in used or name in FIELDS or not _is_numeric(plain.columns[column])
        ):
            continue
        if name in FIELDS or name in names:
            raise DataError(
                "ambiguous_column",
                f"the extra column {column!r} would have the name {name!r} that another one has",
                file=place.file,
                column=column,
                remedy="Rename it in the data, or leave it out of extra",
            )
        names[name] = column
    return names


def _is_numeric(column: Any) -> bool:
    if isinstance(column, np.ndarray):
        return column.dtype.kind in "fiu"
    from .texts import read_numbers

    values, unreadable = read_numbers(column)
    return not unreadable.any() and not np.isnan(values).all()


def _symbols(column: Any, place: Place, name: str, blank: np.ndarray) -> np.ndarray:
    texts = column.to_list() if hasattr(column, "to_list") else column.tolist()
    for i, text in enumerate(texts):
        if not blank[i] and (text is None or text != text or str(text).strip() == ""):
            raise DataError(
                "missing_symbol",
                "the row has no symbol",
                file=place.file,
                row=i + 1,
                line=None if place.line_offset is None else i + 1 + place.line_offset,
                column=name,
                remedy="Give each row of a long table its symbol",
            )
    return np.array([str(text).strip() for text in texts])


class _Reading:
    """One table while it is read: where it is, the repairs made, the rows to leave out."""

    def __init__(
        self, place: Place, symbols: np.ndarray | None, policy: Repair, gone: np.ndarray
    ) -> None:
        self.place = place
        self.symbols = symbols
        self.policy = policy
        self.repairs: list[Repaired] = []
        self.gone = gone

    def error(
        self,
        check: str,
        problem: str,
        i: int,
        column: str,
        value: object = None,
        time: int = MISSING,
        how: str = "",
    ) -> DataError:
        """The error of row i (from 0)."""
        line = None if self.place.line_offset is None else i + 1 + self.place.line_offset
        return DataError(
            check,
            problem,
            file=self.place.file,
            row=i + 1,
            line=line,
            column=column,
            asset=None if self.symbols is None else str(self.symbols[i]),
            time=None if time == MISSING else format_time(time),
            value=value,
            remedy=how or remedy(check),
        )

    def report(
        self, check: str, action: str, i: int | np.intp, column: str | None, time: int
    ) -> None:
        asset = None if self.symbols is None else str(self.symbols[i])
        file = self.place.file
        self.repairs.append(
            Repaired(check, action, asset, int(time), column, np.nan, np.nan, file, int(i) + 1)
        )

    def leave_out(self, check: str, where: np.ndarray, times: np.ndarray) -> None:
        """Leave rows out under a `drop` policy, and report them."""
        for i in np.flatnonzero(where & ~self.gone):
            self.report(check, "drop", i, None, times[i])
        self.gone |= where

    def times(
        self, column: Any, name: str, aware: bool, options: Options
    ) -> tuple[np.ndarray, str]:
        """int64[n] ns UTC, and whether the times had a zone."""
        if isinstance(column, np.ndarray) and column.dtype.kind in "iuf":
            return self._placed(lambda: epoch_times(column, options.time_unit), name), "number"
        zone = None if aware else options.time_zone
        if isinstance(column, np.ndarray) and column.dtype.kind == "M":
            times = self._placed(lambda: to_times(column, zone), name)
            return times, "aware" if aware else "naive"
        if isinstance(column, np.ndarray):
            known = [v for v in column if v is not None]
            if not known or not isinstance(known[0], str):
                convert = options.policy.mixed_time_zones == "convert"
                times = self._placed(lambda: to_times(column, zone, convert), name)
                has_zone = any(getattr(v, "tzinfo", None) is not None for v in known[:1])
                return times, "aware" if has_zone else "naive"
        return self._text_times(column, name, options)

    def _placed(self, read: Callable[[], T], name: str) -> T:
        """Run a conversion; give its error the file, the column and the line."""
        try:
            return read()
        except DataError as e:
            if e.row is None:
                raise
            raise self.error(e.check, e.problem, e.row - 1, name, e.value, how=e.remedy) from None

    def _text_times(self, column: Any, name: str, options: Options) -> tuple[np.ndarray, str]:
        import polars as pl

        from .texts import read_times

        if isinstance(column, np.ndarray):
            texts = [None if v is None else str(v) for v in column]
            column = pl.Series(name, texts, dtype=pl.String)
        read = self._placed(
            lambda: read_times(column, options.time_zone, options.time_unit, options.time_format),
            name,
        )
        if read.unreadable.any():
            if self.policy.unreadable_time == "raise":
                i = int(np.flatnonzero(read.unreadable)[0])
                how = (
                    "Write times as YYYY-MM-DD, with HH:MM:SS and an offset if they have them, or "
                )
                how += "say how they are written, e.g. time_format='%d/%m/%Y'"
                raise self.error(
                    "unreadable_time", "this is not a time", i, name, column[i], how=how
                )
            self.leave_out("unreadable_time", read.unreadable, read.times)
        if read.ambiguous.any():
            i = int(np.flatnonzero(read.ambiguous)[0])
            problem = f"{options.time_zone} has this wall-clock time twice or never"
            how = "Write the times with their offset from UTC, or in UTC"
            raise self.error("ambiguous_time", problem, i, name, column[i], how=how)
        if read.other_zone.any():
            i = int(np.flatnonzero(read.other_zone)[0])
            if self.policy.mixed_time_zones == "raise":
                own = read.offsets[i] or "no time zone"
                problem = f"this time has {own} and others have another one or none"
                raise self.error("mixed_time_zones", problem, i, name, column[i], how=SAYS_HOW)
            for i in np.flatnonzero(read.other_zone):
                self.report("mixed_time_zones", "convert", i, None, read.times[i])
        return read.times, read.zone

    def numbers(self, column: Any, name: str, times: np.ndarray) -> np.ndarray:
        """float64[n], NaN where there is no number."""
        if isinstance(column, np.ndarray) and column.dtype.kind in "fiub":
            return column.astype(np.float64)
        if isinstance(column, np.ndarray):
            values, unreadable = _object_numbers(column)
        else:
            from .texts import read_numbers

            values, unreadable = read_numbers(column)
        unreadable &= ~self.gone
        if unreadable.any():
            if self.policy.unreadable_value == "raise":
                i = int(np.flatnonzero(unreadable)[0])
                problem, value = "this is not a number", column[i]
                raise self.error("unreadable_value", problem, i, name, value, times[i])
            for i in np.flatnonzero(unreadable):
                self.report("unreadable_value", "missing", i, name, times[i])
        return values

    def kept(self, table: Table) -> Table:
        """The table without the rows left out and, in a file, without rows that have no price."""
        if table.place.file is not None:
            prices = np.stack([table.numbers[name] for name in FIELDS[:4]])
            empty = np.isnan(prices).all(axis=0) & ~self.gone
            if empty.any() and self.policy.incomplete_bar == "raise":
                i = int(np.flatnonzero(empty)[0])
                problem, column = "the row has no price at all", table.place.names["close"]
                raise self.error("incomplete_bar", problem, i, column, None, table.times[i])
            if self.policy.incomplete_bar != "allow":
                self.leave_out("incomplete_bar", empty, table.times)
        if not self.gone.any():
            return table
        keep = ~self.gone
        return table._replace(
            times=table.times[keep],
            numbers={name: column[keep] for name, column in table.numbers.items()},
            symbols=None if table.symbols is None else table.symbols[keep],
            rows=table.rows[keep],
        )


def _object_numbers(column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mixed Python objects (floats, Decimals, None, texts) to numbers, and where that failed."""
    values = np.full(len(column), np.nan)
    unreadable = np.zeros(len(column), dtype=bool)
    for i, value in enumerate(column):
        if value is None or value != value:
            continue
        try:
            values[i] = float(value)
        except (TypeError, ValueError):
            unreadable[i] = True
    return values, unreadable
