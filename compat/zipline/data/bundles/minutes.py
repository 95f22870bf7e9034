"""Minute bars of an ingestion: one Parquet file a month, so that a run reads its months only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .....core.data import catalog
from ..sources import FIELDS, MinuteColumns

COLUMNS = ("slot", *FIELDS)
_TABLE = "minute.parquet"
#: Groups of rows that stay at hand while assets are read, about 2 MB each.
_GROUPS = 32


def months_of(sessions: np.ndarray) -> np.ndarray:
    """int64[sessions]: the month of each session label (datetime64), counted from 1970."""
    return sessions.astype("datetime64[M]").astype(np.int64)


class MinuteFiles:
    """Takes assets' slots in order and writes those with data by month; complete after `close`.

    sessions: the ingestion's session labels, datetime64. per_day: slots of a session. ratio: what
    an asset's prices were multiplied by.
    """

    def __init__(
        self, path: Path, sessions: np.ndarray, per_day: int, ratio: Callable[[int], float]
    ) -> None:
        self._path = path
        self._months = months_of(sessions)
        self._per_day = per_day
        self._ratio = ratio
        self._files: dict[int, catalog.RowsWriter] = {}
        self._lengths: dict[int, int] = {}
        self._attributes: dict[int, dict[str, Any]] = {}

    def length(self, sid: int) -> int | None:
        """How many slots the asset has, with and without data; None when it is new."""
        return self._lengths.get(sid)

    def append(self, sid: int, columns: dict[str, np.ndarray]) -> None:
        """Add slots behind those that the asset has."""
        first = self._lengths.get(sid, 0)
        self._lengths[sid] = first + len(columns["close"])
        rows = np.flatnonzero(np.logical_or.reduce([columns[name] != 0 for name in FIELDS]))
        if not len(rows):
            return
        slots = rows + first
        months = self._months[slots // self._per_day]
        borders = np.flatnonzero(np.diff(months)) + 1
        for start, end in zip([0, *borders], [*borders, len(rows)], strict=True):
            part = {name: column[rows[start:end]] for name, column in columns.items()}
            self._file(int(months[start])).append(sid, {"slot": slots[start:end], **part})

    def _file(self, month: int) -> catalog.RowsWriter:
        if month not in self._files:
            self._files[month] = catalog.RowsWriter(_month_file(self._path, month), COLUMNS)
        return self._files[month]

    def truncate(self, length: int) -> None:
        """Drop what lies behind so many slots: a reader looks no farther."""
        for sid, known in self._lengths.items():
            self._lengths[sid] = min(known, length)

    def attributes(self, sid: int) -> dict[str, Any]:
        return self._attributes.get(sid, {})

    def set_attributes(self, sid: int, attributes: dict[str, Any]) -> None:
        self._lengths.setdefault(sid, 0)
        self._attributes.setdefault(sid, {}).update(attributes)

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        if not self._lengths:
            return
        sids = sorted(self._lengths)
        columns = {
            "sid": np.array(sids, dtype=np.int64),
            "length": np.array([self._lengths[sid] for sid in sids], dtype=np.int64),
            "ratio": np.array([self._ratio(sid) for sid in sids], dtype=np.float64),
        }
        attributes = {str(sid): found for sid, found in self._attributes.items()}
        catalog.write_table(self._path / _TABLE, columns, {"attributes": attributes})


def _month_file(path: Path, month: int) -> Path:
    return path / f"minute-{np.datetime64(month, 'M')}.parquet"


class MinuteBars:
    """Minute bars of a catalog: a `MinuteSource`.

    sessions: the ingestion's session labels, datetime64.
    """

    decimals: int | None = 3

    def __init__(self, path: Path, sessions: np.ndarray, per_day: int) -> None:
        self._path = path
        self._months = months_of(sessions)
        self.minutes_per_day = per_day
        self._files: dict[int, catalog.Rows | None] = {}
        self._recent = catalog.Recent(_GROUPS)
        self._pieces: dict[int, dict[int, list[int]]] = {}
        table = path / _TABLE
        none = {"sid": [], "length": [], "ratio": []}
        index = catalog.read_table(table) if table.exists() else none
        self.sids = np.asarray(index["sid"], dtype=np.int64)
        self._lengths = dict(zip(self.sids.tolist(), map(int, index["length"]), strict=True))
        self._ratios = dict(zip(self.sids.tolist(), map(float, index["ratio"]), strict=True))

    def length(self, sid: int) -> int | None:
        """How many slots were written; None when the asset has none."""
        return self._lengths.get(sid)

    def ratio(self, sid: int) -> float:
        """What the asset's prices were multiplied by."""
        return self._ratios[sid]

    def attributes(self, sid: int) -> dict[str, Any]:
        """Further words about an asset, as the writer was given them."""
        table = self._path / _TABLE
        return catalog.read_text(table)["attributes"].get(str(sid), {}) if table.exists() else {}

    def of(self, sid: int, first: int = 0, end: int | None = None) -> MinuteColumns | None:
        """An asset's minutes from the session `first` to before `end`; None when it has none."""
        length = self._lengths.get(sid)
        if length is None:
            return None
        end = len(self._months) if end is None else min(end, len(self._months))
        low, high = first * self.minutes_per_day, min(end * self.minutes_per_day, length)
        parts = [
            part
            for month in np.unique(self._months[first:end]).tolist()
            for part in self._read(month, sid)
        ]
        if not parts:
            columns = {name: np.zeros(0, dtype=np.uint32) for name in FIELDS}
            return MinuteColumns(np.zeros(0, dtype=np.int64), columns, 1.0 / self._ratios[sid])
        joined = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
        slots = joined.pop("slot")
        rows = slice(*np.searchsorted(slots, [low, high]).tolist())
        return MinuteColumns(
            slots[rows],
            {name: column[rows] for name, column in joined.items()},
            1.0 / self._ratios[sid],
        )

    def _read(self, month: int, sid: int) -> list[dict[str, np.ndarray]]:
        if month not in self._files:
            path = _month_file(self._path, month)
            known = path.exists()
            file = self._files[month] = catalog.Rows(path, self._recent) if known else None
            pieces = self._pieces[month] = {}
            for n, one in enumerate(() if file is None else file.index["asset"].tolist()):
                pieces.setdefault(one, []).append(n)
        file = self._files[month]
        if file is None:
            return []
        return [
            file.read(COLUMNS, int(file.first[n]), int(file.first[n + 1]))
            for n in self._pieces[month].get(sid, ())
        ]
