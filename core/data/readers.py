"""Files to `Bars`: CSV and Parquet, one file, several, or one long file with a symbol column."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..bars import Bars
from ..checks import Place, Repair
from ..errors import DataError
from ..reading import read_rows
from ..tables import Options, Table, assemble, plain_table, plain_text, read_polars
from ..ticks import QUOTES, TRADES, SameTime, TickKind, bars_of_ticks

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_csv", "read_parquet", "read_quotes", "read_trades"]

Source = str | os.PathLike | Sequence[str | os.PathLike]


def read_csv(
    path: Source,
    *,
    asset: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    extra: Sequence[str] | None = None,
    time_zone: str | None = None,
    time_unit: str | None = None,
    time_format: str | None = None,
    separator: str = ",",
    policy: Repair | Mapping[str, str] | None = None,
) -> Bars:
    """Bars from CSV files with a header line.

    path: a file, several, or a pattern such as `data/*.csv` (in order of name). Several files are
    aligned by the union of their times. asset: the asset of a single file without a symbol column
    (default: the file's name without its ending). columns: which column is the time, symbol, open,
    high, low, close or volume, where the names do not tell; None for "there is none". extra:
    further columns to keep (default: every one that holds numbers only).

    Times are dates, ISO 8601, YYYYMMDD, epoch numbers (`time_unit` s, ms, us or ns), or in
    `time_format` (strftime). Times without an offset are in `time_zone` (default UTC).

    Raises `DataError` with file, row, line and column for what must not be traded on; `policy`
    (see `Repair`) names what to do instead, and `Bars.repairs` lists what it did.
    """
    options = Options(columns, extra, time_zone, time_unit, time_format, Repair.of(policy))
    return _read(path, asset, options, lambda file: _csv(file, separator), line_offset=1)


def read_parquet(
    path: Source,
    *,
    asset: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    extra: Sequence[str] | None = None,
    time_zone: str | None = None,
    time_unit: str | None = None,
    policy: Repair | Mapping[str, str] | None = None,
) -> Bars:
    """Bars from Parquet files; the arguments and errors are those of `read_csv`."""
    options = Options(columns, extra, time_zone, time_unit, None, Repair.of(policy))
    return _read(path, asset, options, _parquet, line_offset=None)


def read_trades(
    path: Source,
    *,
    asset: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    same_time: SameTime = "merge",
    time_zone: str | None = None,
    time_unit: str | None = None,
    time_format: str | None = None,
    separator: str = ",",
    policy: Repair | Mapping[str, str] | None = None,
) -> Bars:
    """Bars from files of trades: Parquet by the ending `.parquet` or `.pq`, else CSV with a header.

    The columns are time, price, size and symbol, found by `core.ticks.TRADE_NAMES` or named by
    `columns`; `same_time` as in `trades_to_bars`. The other arguments and the errors are those of
    `read_csv`.
    """
    options = Options(columns, None, time_zone, time_unit, time_format, Repair.of(policy))
    return _read_ticks(path, asset, options, TRADES, same_time, separator)


def read_quotes(
    path: Source,
    *,
    asset: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    same_time: SameTime = "merge",
    time_zone: str | None = None,
    time_unit: str | None = None,
    time_format: str | None = None,
    separator: str = ",",
    policy: Repair | Mapping[str, str] | None = None,
) -> Bars:
    """Bars from files of quotes, as `read_trades`; see `quotes_to_bars`.

    The columns are time, bid, ask, bid_size, ask_size and symbol (`core.ticks.QUOTE_NAMES`).
    """
    options = Options(columns, None, time_zone, time_unit, time_format, Repair.of(policy))
    return _read_ticks(path, asset, options, QUOTES, same_time, separator)


def _read_ticks(
    path: Source,
    asset: str | None,
    options: Options,
    kind: TickKind,
    same_time: str,
    separator: str,
) -> Bars:
    files = files_of(path)
    if asset is not None and len(files) > 1:
        raise ValueError(f"asset={asset!r} names one asset, and there are {len(files)} files")
    tables: list[tuple[str, Table]] = []
    for file in files:
        binary = file.suffix.lower() in (".parquet", ".pq")
        frame = _parquet(file) if binary else _csv(file, separator)
        if frame.height == 0:
            raise _empty(file)
        plain = plain_table(frame) if binary else plain_text(frame)
        place = Place(str(file), None if binary else 1)
        table = read_rows(plain, kind.names, kind.optional, options, place)
        tables.append((asset or file.stem, table))
    return bars_of_ticks(tables, kind, same_time, options.policy)


def _csv(file: Path, separator: str) -> pl.DataFrame:
    import polars as pl

    try:
        table = pl.read_csv(file, infer_schema_length=0, separator=separator)
    except pl.exceptions.NoDataError:
        raise _empty(file) from None
    except (pl.exceptions.ComputeError, pl.exceptions.SchemaError, OSError) as error:
        raise DataError(
            "unreadable_file",
            f"this is not a CSV table: {str(error).splitlines()[0]}",
            file=str(file),
            remedy="Check that each line has as many fields as the header, and the separator",
        ) from None
    for name in table.columns:
        first, twice, _ = name.partition("_duplicated_")
        if twice and first in table.columns:
            raise DataError(
                "ambiguous_column",
                f"the header has {first!r} twice",
                file=str(file),
                column=first,
                remedy="Rename one of them in the file",
            )
    return table


def _parquet(file: Path) -> pl.DataFrame:
    import polars as pl

    if file.stat().st_size == 0:
        raise _empty(file)
    try:
        return pl.read_parquet(file, hive_partitioning=False)
    except (pl.exceptions.ComputeError, OSError) as error:
        raise DataError(
            "unreadable_file",
            f"this is not a Parquet file: {str(error).splitlines()[0]}",
            file=str(file),
            remedy="Write it again, or use the reader of its format",
        ) from None


def _read(
    path: Source,
    asset: str | None,
    options: Options,
    frame: Callable[[Path], pl.DataFrame],
    line_offset: int | None,
) -> Bars:
    files = files_of(path)
    if asset is not None and len(files) > 1:
        raise ValueError(f"asset={asset!r} names one asset, and there are {len(files)} files")
    tables: list[tuple[str, Table]] = []
    for file in files:
        table = frame(file)
        if table.height == 0:
            raise _empty(file)
        place = Place(str(file), line_offset)
        tables.append((asset or file.stem, read_polars(table, options, place)))
    repairs = [r for _, table in tables for r in table.repairs]
    return Bars.from_columns(assemble(tables, options), options.policy, repairs)


def files_of(path: Source) -> list[Path]:
    """The files of a path, a list or a pattern; FileNotFoundError names what is missing."""
    if isinstance(path, (str, os.PathLike)):
        text = os.fspath(path)
        if not os.path.exists(text) and glob.has_magic(text):
            found = sorted(Path(name) for name in glob.glob(text))
            if not found:
                raise FileNotFoundError(f"no file matches {text!r}")
            return found
        files = [Path(path)]
    else:
        files = [Path(one) for one in path]
    if not files:
        raise FileNotFoundError("no file was named")
    for file in files:
        if file.is_dir():
            raise IsADirectoryError(f"{file} is a folder: name its files, e.g. {str(file / '*')!r}")
        if not file.exists():
            raise FileNotFoundError(f"there is no file {str(file)!r} in {Path.cwd()}")
    return files


def _empty(file: Path) -> DataError:
    return DataError(
        "empty",
        "the file has no rows of data",
        file=str(file),
        remedy="Check that the file was written completely, or leave it out",
    )
