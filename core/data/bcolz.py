"""Columns and tables of bcolz, a folder each, without its library.

A column is a folder with `meta/sizes`, `meta/storage` (JSON) and one file of a Blosc buffer for
every `chunklen` rows; a table is a folder of columns with their names and its attributes as JSON.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from . import blosc

_MAGIC = b"blpk"
#: Version, no options, no checksum, no type size; how many buffers follow: one.
_PREFIX = _MAGIC + b"\x01\x00\x00\x00" + (1).to_bytes(8, "little")
_CHUNK = 65_536


class BcolzError(ValueError):
    """A folder is no column or table of bcolz, or is damaged."""


def column_length(folder: Path) -> int:
    """How many rows a column has; raises FileNotFoundError."""
    return int(json.loads((folder / "meta" / "sizes").read_text())["shape"][0])


def read_column(folder: Path, first: int = 0, end: int | None = None) -> np.ndarray:
    """A column, one-dimensional, or its rows from `first` to before `end`.

    Raises FileNotFoundError, BcolzError.
    """
    rows = column_length(folder)
    storage = json.loads((folder / "meta" / "storage").read_text())
    end = rows if end is None else min(end, rows)
    out = np.empty(max(end - first, 0), dtype=np.dtype(storage["dtype"]))
    chunk = int(storage["chunklen"])
    for n in range(first // chunk, -(-end // chunk) if len(out) else 0):
        start, stop = max(n * chunk, first), min((n + 1) * chunk, end)
        found = _chunk(folder / "data" / f"__{n}.blp", out.dtype)[start - n * chunk :]
        if len(found) < stop - start:
            raise BcolzError(f"{folder}, chunk {n}: it ends before row {stop}.")
        out[start - first : stop - first] = found[: stop - start]
    return out


def _chunk(path: Path, kind: np.dtype) -> np.ndarray:
    data = path.read_bytes()
    if data[:4] != _MAGIC:
        raise BcolzError(f"{path} is no Blosc file.")
    try:
        return np.frombuffer(blosc.decompress(data[len(_PREFIX) :]), dtype=kind)
    except blosc.BloscError as error:
        raise BcolzError(f"{path}: {error}") from None


def write_column(folder: Path, column: np.ndarray) -> None:
    """Write a column, uncompressed."""
    (folder / "meta").mkdir(parents=True)
    (folder / "data").mkdir()
    nbytes = column.nbytes
    sizes = {"shape": [len(column)], "nbytes": nbytes, "cbytes": nbytes}
    parameters = {"clevel": 0, "shuffle": 0, "cname": "lz4", "quantize": 0}
    storage = {
        "dtype": column.dtype.name,
        "cparams": parameters,
        "chunklen": _CHUNK,
        "expectedlen": len(column),
        "dflt": 0,
    }
    (folder / "meta" / "sizes").write_text(json.dumps(sizes))
    (folder / "meta" / "storage").write_text(json.dumps(storage))
    (folder / "__attrs__").write_text("{}")
    for n, first in enumerate(range(0, len(column), _CHUNK)):
        data = blosc.stored(column[first : first + _CHUNK].tobytes(), column.itemsize)
        (folder / "data" / f"__{n}.blp").write_bytes(_PREFIX + data)


def read_attributes(folder: Path) -> dict[str, Any]:
    """The attributes of a table; raises FileNotFoundError."""
    return json.loads((folder / "__attrs__").read_text())


def write_table(
    folder: Path, columns: Mapping[str, np.ndarray], attributes: Mapping[str, Any]
) -> None:
    """Write a table, in place of one that is there."""
    if folder.exists():
        shutil.rmtree(folder)
    for name, column in columns.items():
        write_column(folder / name, column)
    (folder / "__rootdirs__").write_text(json.dumps({"names": list(columns)}))
    (folder / "__attrs__").write_text(json.dumps(attributes))
