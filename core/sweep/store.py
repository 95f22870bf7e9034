"""A folder of Parquet files, one for each part that is done: where a sweep goes on after a stop."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import OrderError
from .columns import Part, Task
from .source import Function

if TYPE_CHECKING:
    import polars as pl

_MANIFEST = "sweep.json"


class Store:
    """The parts of one sweep on disk. A file is there as a whole or not at all."""

    def __init__(self, folder: str | os.PathLike[str], task: Task, columns: int) -> None:
        """Take up the sweep in `folder`, or begin one there.

        Raises OrderError where the folder holds another sweep: other data, signals, parameters or
        settings.
        """
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        mark = fingerprint(task)
        path = self.folder / _MANIFEST
        if path.exists():
            manifest = json.loads(path.read_text(encoding="utf-8"))
            if manifest.get("fingerprint") != mark:
                raise OrderError(
                    f"{self.folder} holds another sweep (its data, signals, parameters or settings "
                    "differ): name another folder, or delete this one."
                )
            #: Parts are as large as they were, whatever the memory is now.
            self.columns = int(manifest["columns_per_part"])
        else:
            self.columns = columns
            self._write(path, lambda temporary: temporary.write_text(
                json.dumps({"fingerprint": mark, "columns_per_part": columns}), encoding="utf-8"
            ))  # fmt: skip

    def done(self, part: Part) -> bool:
        return self._path(part).exists()

    def save(self, part: Part, numbers: Mapping[str, np.ndarray]) -> None:
        import polars as pl

        frame = pl.DataFrame(dict(numbers))
        self._write(self._path(part), frame.write_parquet)

    def load(self, part: Part) -> pl.DataFrame:
        import polars as pl

        return pl.read_parquet(self._path(part), memory_map=False)

    def _path(self, part: Part) -> Path:
        return self.folder / f"part-{part.number:06d}.parquet"

    @staticmethod
    def _write(path: Path, write: Any) -> None:
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        write(temporary)
        os.replace(temporary, path)


def fingerprint(task: Task) -> str:
    """What a sweep computes, as a hash: equal for equal data, signals, parameters, settings."""
    digest = hashlib.sha256()
    market = task.market
    for name, array in {**market.columns, **market.tables}.items():
        _add_array(digest, name, array)
    if market.times is not None:
        _add_array(digest, "times", market.times)
    if isinstance(task.source, Function):
        _add_code(digest, task.source.python, set())
    else:
        for n, array in enumerate(task.source):
            _add_array(digest, f"signals {n}", array)
    _add_array(digest, "parameters", task.parameters)
    for name, value in task.settings.items():
        _add_array(digest, name, np.asarray(value))
    rest = (market.assets, task.cash, task.names, task.annual_factor, task.window)
    digest.update(repr(rest).encode())
    return digest.hexdigest()


def _add_array(digest: Any, name: str, array: np.ndarray) -> None:
    digest.update(f"{name} {array.dtype} {array.shape} ".encode())
    digest.update(np.ascontiguousarray(array).view(np.uint8).data if array.size else b"")


def _add_code(digest: Any, function: Any, seen: set[int]) -> None:
    """The instructions of a function, and of the functions and numbers that it names."""
    if id(function) in seen:
        return
    seen.add(id(function))
    code = function.__code__
    _add_instructions(digest, code)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    known = function.__globals__
    for value in [*(known[name] for name in sorted(code.co_names) if name in known), *cells]:
        python = getattr(value, "py_func", value)
        if hasattr(python, "__code__"):
            _add_code(digest, python, seen)
        elif isinstance(value, np.ndarray):
            _add_array(digest, "array", value)
        elif isinstance(value, int | float | str | tuple):
            digest.update(repr(value).encode())


def _add_instructions(digest: Any, code: CodeType) -> None:
    digest.update(code.co_code)
    digest.update(repr((code.co_names, code.co_varnames)).encode())
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _add_instructions(digest, constant)
        else:
            digest.update(repr(constant).encode())
