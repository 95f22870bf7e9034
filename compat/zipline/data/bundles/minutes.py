"""Minute bars of an ingestion: one Parquet file a month, so that a run reads its months only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .....core.data import catalog
from ..sources import FIELDS, MinuteColumns

COLUMNS = ("slot", *FIELDS)
RATIO = 1000.0


def months_of(sessions: np.ndarray) -> np.ndarray:
    """int64[sessions]: the month of each session label (datetime64), counted from 1970."""
    return sessions.astype("datetime64[M]").astype(np.int64)


class MinuteFiles:
    """Takes minutes by asset and writes them by month; complete after `close`.

    sessions: the ingestion's session labels, datetime64. per_day: slots of a session.
    """

    def __init__(self, path: Path, sessions: np.ndarray, per_day: int) -> None:
        self._path = path
        self._months = months_of(sessions)
        self.per_day = per_day
        self._files: dict[int, catalog.RowsWriter] = {}
        #: By sid: slots written so far, with and without data.
        self.lengths: dict[int, int] = {}
        self.ratios: dict[int, float] = {}
        self.attributes: dict[int, dict[str, Any]] = {}

    def append(self, sid: int, slots: np.ndarray, columns: dict[str, np.ndarray]) -> None:
        """Add minutes of an asset that are later than all it has; minutes without data drop out."""
        keep = np.logical_or.reduce([columns[name] != 0 for name in FIELDS])
        if not keep.all():
            slots = slots[keep]
            columns = {name: column[keep] for name, column in columns.items()}
        months = self._months[slots // self.per_day]
        borders = np.flatnonzero(np.diff(months)) + 1
        for first, end in zip([0, *borders], [*borders, len(slots)], strict=True):
            if first < end:
                part = {name: column[first:end] for name, column in columns.items()}
                self._file(int(months[first])).append(sid, {"slot": slots[first:end], **part})

    def _file(self, month: int) -> catalog.RowsWriter:
        if month not in self._files:
            name = f"minute-{np.datetime64(month, 'M')}.parquet"
            self._files[month] = catalog.RowsWriter(self._path / name, COLUMNS)
        return self._files[month]

    def close(self) -> None:
        for file in self._files.values():
            file.close()
        if self.lengths:
            sids = sorted(self.lengths)
            columns = {
                "sid": np.array(sids, dtype=np.int64),
                "length": np.array([self.lengths[sid] for sid in sids], dtype=np.int64),
                "ratio": np.array([self.ratios.get(sid, RATIO) for sid in sids]),
            }
            attributes = {str(sid): found for sid, found in self.attributes.items()}
            catalog.write_table(self._path / "minute.parquet", columns, {"attributes": attributes})


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
        self._pieces: dict[int, dict[int, list[int]]] = {}
        table = path / "minute.parquet"
        index = (
            catalog.read_table(table) if table.exists() else {"sid": [], "length": [], "ratio": []}
        )
        self.sids = np.asarray(index["sid"], dtype=np.int64)
        #: By sid: how many slots were written, and what a dollar is in stored prices.
        self.lengths = dict(zip(self.sids.tolist(), map(int, index["length"]), strict=True))
        self.ratios = dict(zip(self.sids.tolist(), map(float, index["ratio"]), strict=True))

    @property
    def attributes(self) -> dict[str, dict]:
        """Further attributes by sid (as text), as the writer was given them."""
        table = self._path / "minute.parquet"
        return catalog.read_text(table)["attributes"] if table.exists() else {}

    def of(self, sid: int, first: int = 0, end: int | None = None) -> MinuteColumns | None:
        """An asset's minutes from the session `first` to before `end`; None when it has none."""
        length = self.lengths.get(sid)
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
            return MinuteColumns(np.zeros(0, dtype=np.int64), columns, 1.0 / self.ratios[sid])
        joined = {name: np.concatenate([part[name] for part in parts]) for name in COLUMNS}
        slots = joined.pop("slot")
        rows = slice(*np.searchsorted(slots, [low, high]).tolist())
        return MinuteColumns(
            slots[rows],
            {name: column[rows] for name, column in joined.items()},
            1.0 / self.ratios[sid],
        )

    def _read(self, month: int, sid: int) -> list[dict[str, np.ndarray]]:
        if month not in self._files:
            path = self._path / f"minute-{np.datetime64(month, 'M')}.parquet"
            file = self._files[month] = catalog.Rows(path) if path.exists() else None
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
