"""The catalog: tables, and bars of many assets, in Parquet files that any tool can read.

A *table* is a Parquet file of columns with a few words of text beside it (`write_table`). The bars
of many assets are *rows*: one file that holds asset after asset (`RowsWriter`), so that the rows of
one asset, or one column of all assets, are read without the rest (`Rows`). Numbers are kept as
given; what they mean is for whoever writes them.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

#: Raised with any change that an older reader would misread.
VERSION = 1
#: Rows that are written, and so read, together; a read of one asset touches one or two of these.
GROUP = 65_536
#: Arrays of equal length, by name.
Columns = dict[str, np.ndarray]
_TEXT = b"fillproof"
# Whole numbers gain little by dictionaries and nothing here looks at statistics: both cost time.
_PLAIN: dict[str, Any] = {
    "compression": "lz4",
    "use_dictionary": False,
    "write_statistics": False,
}


class CatalogError(ValueError):
    """A file is no part of a catalog, or of a newer one than this version reads."""


def write_table(
    path: Path, columns: Mapping[str, Any], text: Mapping[str, Any] | None = None
) -> None:
    """Write columns of equal length (arrays, or lists of numbers, texts and None).

    text: whatever JSON holds; `read_text` gives it back. The file appears whole or not at all.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(dict(columns)).replace_schema_metadata(_described(text))
    unfinished = path.with_name(f".{path.name}")
    pq.write_table(table, unfinished, **_PLAIN)
    os.replace(unfinished, path)


def read_table(path: Path) -> dict[str, np.ndarray | list]:
    """The columns that `write_table` wrote: numbers as arrays, columns with texts or None as lists.

    Raises CatalogError, FileNotFoundError.
    """
    import pyarrow as pa

    table = _open(path).read(use_threads=False)
    columns: dict[str, np.ndarray | list] = {}
    for name in table.column_names:
        column = table[name]
        textual = pa.types.is_string(column.type) or pa.types.is_null(column.type)
        plain = not column.null_count and not textual
        columns[name] = column.to_numpy() if plain else column.to_pylist()
    return columns


def read_text(path: Path) -> dict[str, Any]:
    """The text that stands beside a table or beside rows."""
    return _text(_open(path), path)


def _described(text: Mapping[str, Any] | None) -> dict[bytes, bytes]:
    return {_TEXT: json.dumps({"version": VERSION, **(text or {})}).encode()}


def _open(path: Path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, memory_map=True)
    except pa.ArrowInvalid as error:
        raise CatalogError(f"{path} is not a Parquet file: {error}.") from None
    _text(file, path)
    return file


def _text(file, path: Path) -> dict[str, Any]:
    # A writer's late text stands in the footer, a table's in its schema: both come back as one.
    found = (file.metadata.metadata or {}).get(_TEXT)
    if found is None:
        raise CatalogError(f"{path} was not written as part of a catalog.")
    text = json.loads(found)
    if text["version"] > VERSION:
        raise CatalogError(
            f"{path} has version {text['version']} and this is version {VERSION}: "
            "read it with the version of fillproof that wrote it, or a newer one."
        )
    return text


class RowsWriter:
    """Writes the rows of many assets into one file; an asset may come more than once.

    columns: names in the sequence of the file. Rows are kept back until there are enough of them
    for a group, so nothing is complete before `close`.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._path = path
        self._names = tuple(columns)
        self._waiting: list[Mapping[str, np.ndarray]] = []
        self._waiting_rows = 0
        self._assets: list[int] = []
        self._first = [0]
        self._writer: Any = None

    def append(self, asset: int, columns: Mapping[str, np.ndarray]) -> None:
        """Add rows of an asset: arrays of equal length, each column of one type in all calls."""
        count = len(columns[self._names[0]])
        self._assets.append(asset)
        self._first.append(self._first[-1] + count)
        if count:
            self._waiting.append(columns)
            self._waiting_rows += count
        if self._waiting_rows >= GROUP:
            self._flush()

    def _flush(self) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        parts = self._waiting
        columns = {name: np.concatenate([part[name] for part in parts]) for name in self._names}
        table = pa.table(columns)
        if self._writer is None:
            self._writer = pq.ParquetWriter(_hidden(self._path), table.schema, **_PLAIN)
        self._writer.write_table(table, row_group_size=GROUP)
        self._waiting, self._waiting_rows = [], 0
        return self._writer

    def close(self, text: Mapping[str, Any] | None = None, **per_asset: Sequence) -> None:
        """Finish the file. per_asset: further numbers for each call of `append`, e.g. offsets."""
        writer = self._writer
        if self._waiting or writer is None:
            nothing = dict.fromkeys(self._names, np.zeros(0, dtype=np.uint32))
            self._waiting = self._waiting or [nothing]
            writer = self._flush()
        writer.add_key_value_metadata(_described(text))
        writer.close()
        os.replace(_hidden(self._path), self._path)
        index = {"asset": self._assets, "rows": np.diff(self._first), **per_asset}
        write_table(
            _index(self._path), {name: np.asarray(v, dtype=np.int64) for name, v in index.items()}
        )


def _hidden(path: Path) -> Path:
    return path.with_name(f".{path.name}")


def _index(path: Path) -> Path:
    return path.with_name(f"{path.stem}.index{path.suffix}")


class Recent:
    """The groups that were read last, of one file or of several: assets that are neighbours share
    them, and reading a group takes as long for one asset as for all.
    """

    def __init__(self, most: int) -> None:
        """most: groups that are kept."""
        self._most = most
        self._groups: OrderedDict[tuple, Columns] = OrderedDict()

    def of(self, key: tuple, read: Callable[[], Columns]) -> Columns:
        """A group's columns; `key` says which, `read` reads them where they are not at hand."""
        found = self._groups.get(key)
        if found is None:
            found = self._groups[key] = read()
            if len(self._groups) > self._most:
                self._groups.popitem(last=False)
        else:
            self._groups.move_to_end(key)
        return found


class Rows:
    """Reads what `RowsWriter` wrote; each column from the file at its first use.

    index: the columns asset and rows, and those given to `close`, one row for each `append`.
    first: int64[P + 1], where those rows begin.
    """

    def __init__(self, path: Path, recent: Recent | None = None) -> None:
        """recent: keeps the groups that `read` reads; by default only the last one is kept."""
        self._path = path
        self._recent = Recent(1) if recent is None else recent
        self.index: dict[str, Any] = read_table(_index(path))
        self.first: np.ndarray = np.concatenate([[0], np.cumsum(self.index["rows"])])

    @cached_property
    def _file(self):
        return _open(self._path)

    @property
    def text(self) -> dict[str, Any]:
        return _text(self._file, self._path)

    @cached_property
    def _groups(self) -> np.ndarray:
        """Where the groups of rows begin, and the end."""
        meta = self._file.metadata
        return np.cumsum([0, *(meta.row_group(n).num_rows for n in range(meta.num_row_groups))])

    def column(self, name: str) -> np.ndarray:
        """One column of all assets. Read anew at each call: whoever uses it keeps it."""
        return self._file.read([name], use_threads=False)[name].to_numpy()

    def read(self, names: Sequence[str], first: int, end: int) -> Columns:
        """Some columns of the rows from `first` to before `end`; only their groups are read."""
        low = max(int(np.searchsorted(self._groups, first, side="right")) - 1, 0)
        high = int(np.searchsorted(self._groups, end, side="left"))
        parts = []
        for group in range(low, high):
            key = (self._path, group, *names)
            columns = self._recent.of(key, partial(self._read_groups, [group], names))
            begin = int(self._groups[group])
            rows = slice(max(first - begin, 0), max(end - begin, 0))
            parts.append({name: column[rows] for name, column in columns.items()})
        if not parts:
            return self._read_groups([], names)
        if len(parts) == 1:
            return parts[0]
        return {name: np.concatenate([part[name] for part in parts]) for name in names}

    def _read_groups(self, groups: list[int], names: Sequence[str]) -> Columns:
        table = self._file.read_row_groups(groups, list(names), use_threads=False)
        return {name: table[name].to_numpy() for name in names}
