"""The files of one ingestion, and what they hold for a run: `BundleData`'s parts.

An ingestion is a folder `<root>/fillproof/<bundle>/<timestamp>` of Parquet files:

    bundle.parquet      no rows; text: calendar, start_ns, end_ns, minutes_per_day
    daily.parquet       open high low close volume, uint32, asset after asset (`core.data.catalog`)
    minute-2016-01.parquet  slot and the same, only minutes with data; one file a month
    minute.parquet      sid, length (slots written), ratio; text: further attributes by sid
    exchanges equities symbols supplementary futures roots .parquet       (`AssetTables`)
    splits mergers dividends payouts stock_payouts .parquet               (`Actions`)

A table without rows has no file. Prices are whole thousandths in 32 bits, as the real framework
stores them, so both see the same rounded prices. What a run takes from it:

    bundle.bars.of(sid)      -> DailyColumns | None: first (session), raw[field], scale; .prices()
    bundle.minutes.of(sid, first_session, end_session)
                             -> MinuteColumns | None: slots, raw[field], scale; .dense()
    bundle.actions           -> Actions: splits, mergers, dividends, payouts, stock_payouts
    bundle.tables            -> AssetTables: equities, symbols, futures, roots, exchanges, ...

Sessions are counted from `bundle.start_session` on `bundle.calendar`. The same parts come from
existing roots of the real framework and from frames: see `..sources` for what they promise.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from .....core.data import catalog
from ...utils.paths import zipline_path
from ..sources import FIELDS, DailyColumns
from .asset_tables import AssetTables

#: The file that every complete ingestion has.
DESCRIPTION = "bundle.parquet"

#: Seconds since 1970 of a date that is not known.
NO_DATE = np.iinfo(np.int64).min

RATIO = np.dtype([("sid", np.int64), ("date", np.int64), ("ratio", np.float64)])
_DATES = [(name, np.int64) for name in ("ex_date", "pay_date", "declared_date", "record_date")]
PAYOUT = np.dtype([("sid", np.int64), ("amount", np.float64), *_DATES])
STOCK_PAYOUT = np.dtype(
    [("sid", np.int64), ("payment_sid", np.int64), ("ratio", np.float64), *_DATES]
)


@dataclass
class Actions:
    """Corporate actions in the sequence in which they were written; dates in s since 1970.

    splits, mergers, dividends: sid, date, ratio, which multiplies the prices before the date.
    payouts: sid, amount (for each share) and dates. stock_payouts: sid, payment_sid, ratio (shares
    of payment_sid for each share) and dates. A date that is not known is NO_DATE.
    """

    splits: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    mergers: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    dividends: np.ndarray = field(default_factory=lambda: np.zeros(0, RATIO))
    payouts: np.ndarray = field(default_factory=lambda: np.zeros(0, PAYOUT))
    stock_payouts: np.ndarray = field(default_factory=lambda: np.zeros(0, STOCK_PAYOUT))

    def extend(self, more: Actions) -> None:
        """Add the rows of a further call of a writer."""
        for one in fields(self):
            setattr(self, one.name, np.r_[getattr(self, one.name), getattr(more, one.name)])


class _Columns(dict):
    """The columns of all assets, each read at its first use."""

    def __init__(self, rows: catalog.Rows) -> None:
        self._rows = rows

    def __missing__(self, name: str) -> np.ndarray:
        column = self[name] = self._rows.column(name)
        return column


class _Slices(dict):
    """One asset's part of such columns."""

    def __init__(self, columns: dict[str, np.ndarray], rows: slice) -> None:
        self._columns = columns
        self._rows = rows

    def __missing__(self, name: str) -> np.ndarray:
        part = self[name] = self._columns[name][self._rows]
        return part


class DailyBars:
    """Daily bars of a catalog: a `DailySource`.

    columns: uint32[rows] by field, all assets; first: int64[N + 1], the row of each asset's first
    bar (and the end); offset: int64[N], that bar's place among the sessions of the bundle.
    """

    decimals: int | None = 3

    def __init__(
        self, sids: np.ndarray, first: np.ndarray, offset: np.ndarray, columns: dict
    ) -> None:
        self.sids = sids
        self.first = first
        self.offset = offset
        self.columns = columns
        #: A sid that was written twice counts as it was written last.
        self._place = {sid: n for n, sid in enumerate(sids.tolist())}

    @classmethod
    def empty(cls) -> DailyBars:
        none = np.zeros(0, dtype=np.int64)
        columns = {name: np.zeros(0, dtype=np.uint32) for name in FIELDS}
        return cls(none, np.zeros(1, dtype=np.int64), none, columns)

    def of(self, sid: int) -> DailyColumns | None:
        """An asset's columns; None when it has none."""
        n = self._place.get(sid)
        if n is None:
            return None
        rows = slice(int(self.first[n]), int(self.first[n + 1]))
        return DailyColumns(int(self.offset[n]), _Slices(self.columns, rows))


def folder(bundle: str, environ=None) -> Path:
    """Where the ingestions of a bundle lie."""
    return Path(zipline_path(["fillproof", bundle], environ))


def read_bars(path: Path) -> DailyBars:
    if not (path / "daily.parquet").exists():
        return DailyBars.empty()
    rows = catalog.Rows(path / "daily.parquet")
    return DailyBars(rows.index["asset"], rows.first, rows.index["offset"], _Columns(rows))


def _fields_of(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def write_actions(path: Path, actions: Actions) -> None:
    for name in _fields_of(Actions):
        table = getattr(actions, name)
        if len(table):
            columns = {key: np.ascontiguousarray(table[key]) for key in table.dtype.names}
            catalog.write_table(path / f"{name}.parquet", columns)


def read_actions(path: Path) -> Actions:
    actions = Actions()
    for name in _fields_of(Actions):
        if (path / f"{name}.parquet").exists():
            columns: Any = catalog.read_table(path / f"{name}.parquet")
            kind = getattr(actions, name).dtype
            arrays = [columns[key] for key in kind.names]
            setattr(actions, name, np.rec.fromarrays(arrays, dtype=kind).view(np.ndarray))
    return actions


def write_assets(path: Path, tables: AssetTables) -> None:
    for name in _fields_of(AssetTables):
        rows = getattr(tables, name)
        if rows:
            columns = {key: [row[key] for row in rows] for key in rows[0]}
            catalog.write_table(path / f"{name}.parquet", columns)


def read_assets(path: Path) -> AssetTables:
    tables = AssetTables()
    for name in _fields_of(AssetTables):
        if (path / f"{name}.parquet").exists():
            columns = catalog.read_table(path / f"{name}.parquet")
            lists = [c.tolist() if isinstance(c, np.ndarray) else c for c in columns.values()]
            rows = [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
            setattr(tables, name, rows)
    return tables


def write_description(path: Path, text: dict[str, Any]) -> None:
    """What holds for the whole ingestion: calendar, start_ns, end_ns, minutes_per_day."""
    catalog.write_table(path / DESCRIPTION, {}, text)


def read_description(path: Path) -> dict[str, Any]:
    return catalog.read_text(path / DESCRIPTION)
