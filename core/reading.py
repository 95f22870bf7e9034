"""Plain columns, by name, to the columns that bars are made of: roles, symbols, times, numbers.

Every refusal here says in which file, row, line and column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np

from .checks import FIELDS, Place, Repair, Repaired, remedy
from .errors import DataError
from .times import MISSING, SAYS_HOW, epoch_times, format_time, to_times

__all__ = ["ALIASES", "Options", "Plain", "Symbols", "Table", "normal", "read_plain", "read_rows"]

T = TypeVar("T")

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


class Symbols(NamedTuple):
    """The asset of each row of a long table."""

    names: list[str]
    """In order of first appearance."""
    code: np.ndarray
    """int64[n]: which of the names."""

    def of(self, row: int) -> str:
        return self.names[int(self.code[row])]


class Table(NamedTuple):
    """One table that has been read."""

    times: np.ndarray
    zone: str
    """"naive", "aware", or "number" where the times were epoch numbers."""
    numbers: dict[str, np.ndarray]
    symbols: Symbols | None
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


def read_rows(
    plain: Plain,
    roles: Mapping[str, tuple[str, ...]],
    optional: Sequence[str],
    options: Options,
    place: Place | None = None,
) -> Table:
    """A table that holds no bars (ticks, signals): time, symbol and number columns by role.

    roles: `time` and, if there may be one, `symbol`, besides the numbers; each with the names under
    which it is found. optional: the roles that may be missing. Rows stay in their order.
    """
    place = place or Place()
    height = len(next(iter(plain.columns.values()))) if plain.columns else 0
    found = _find_columns(list(plain.columns), options.columns, place, plain.index, roles, optional)
    place, symbols = replace(place, names=found), None
    gone = np.zeros(height, dtype=bool) if plain.blank is None else plain.blank.copy()
    if "symbol" in found:
        symbols = _symbols(plain.columns[found["symbol"]], place, found["symbol"], gone)
    reading = _Reading(place, symbols, options.policy, gone)
    name = found["time"]
    times, zone = reading.times(plain.columns[name], name, name in plain.aware, options)
    numbers = {
        role: reading.numbers(plain.columns[column], column, times)
        for role, column in found.items()
        if role not in ("time", "symbol")
    }
    rows = np.arange(1, height + 1)
    return reading.kept(Table(times, zone, numbers, symbols, rows, place, reading.repairs))


def normal(name: object) -> str:
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
    roles: Mapping[str, tuple[str, ...]] = ALIASES,
    optional: Sequence[str] = ("symbol", "volume"),
) -> dict[str, str]:
    """The source's name for each role that it has: by default time, symbol and the five fields.

    roles: the names under which each is found. Raises `DataError` when one that is not optional is
    missing, or two columns could be meant. In `mapping`, None says that there is no such column.
    """
    mapping = dict(mapping or {})
    unknown = sorted(set(mapping) - set(roles))
    if unknown:
        raise ValueError(f"columns={{{unknown[0]!r}: ...}}: the keys are {', '.join(roles)}")
    if index is not None:
        mapping.setdefault("time", index)
    taken = {name for name in mapping.values() if name is not None}
    found: dict[str, str] = {}
    for role, aliases in roles.items():
        if role in mapping:
            candidates = [name for name in names if name == mapping[role]]
        else:
            candidates = [n for n in names if normal(n) in aliases and n not in taken]
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
        elif asked is not None or (role not in mapping and role not in optional):
            raise _no_column(asked or (aliases[0] if role == "time" else role), role, names, place)
        elif role not in optional:
            raise ValueError(f"columns={{{role!r}: None}}: a {role} column is needed")
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
        name = normal(column)
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


def _symbols(column: Any, place: Place, name: str, blank: np.ndarray) -> Symbols:
    """The symbol column as codes; `DataError` for a row, not a blank one, that has none."""
    if isinstance(column, np.ndarray):
        texts = [None if v is None or v != v else str(v).strip() for v in column.tolist()]
        numbers: dict[str | None, int] = {}
        code = np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)
        names = list(numbers)
    else:
        import polars as pl

        texts = column.str.strip_chars().fill_null("")
        known = texts.unique(maintain_order=True)
        numbering = pl.Series(np.arange(len(known)))
        code = texts.replace_strict(known, numbering, return_dtype=pl.Int64).to_numpy()
        names = known.to_list()
    nameless = [k for k, text in enumerate(names) if not text]
    without = np.isin(code, nameless) & ~blank
    if without.any():
        i = int(np.flatnonzero(without)[0])
        raise DataError(
            "missing_symbol",
            "the row has no symbol",
            file=place.file,
            row=i + 1,
            line=None if place.line_offset is None else i + 1 + place.line_offset,
            column=name,
            remedy="Give each row of a long table its symbol",
        )
    return Symbols([text or "" for text in names], code)


class _Reading:
    """One table while it is read: where it is, the repairs made, the rows to leave out."""

    def __init__(
        self, place: Place, symbols: Symbols | None, policy: Repair, gone: np.ndarray
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
            asset=None if self.symbols is None else self.symbols.of(i),
            time=None if time == MISSING else format_time(time),
            value=value,
            remedy=how or remedy(check),
        )

    def report(self, check: str, action: str, i: int, column: str | None, time: int) -> None:
        asset = None if self.symbols is None else self.symbols.of(i)
        file = self.place.file
        self.repairs.append(
            Repaired(check, action, asset, int(time), column, np.nan, np.nan, file, int(i) + 1)
        )

    def leave_out(self, check: str, where: np.ndarray, times: np.ndarray) -> None:
        """Leave rows out under a `drop` policy, and report them."""
        for i in np.flatnonzero(where & ~self.gone).tolist():
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
            for i in np.flatnonzero(read.other_zone).tolist():
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
            for i in np.flatnonzero(unreadable).tolist():
                self.report("unreadable_value", "missing", i, name, times[i])
        return values

    def kept(self, table: Table) -> Table:
        """The table without the rows left out and, in a file, without rows that have no price."""
        if table.place.file is not None and "close" in table.numbers:
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
            symbols=table.symbols and table.symbols._replace(code=table.symbols.code[keep]),
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
