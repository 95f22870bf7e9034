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

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from .....core.data import catalog
from ...assets import AssetFinder
from ...assets.tables import AssetTables
from ...utils.calendar_utils import get_calendar
from ...utils.paths import zipline_path
from ..actions import Actions
from ..sources import StoredDailyBars
from .bundle_data import BundleData
from .minutes import MinuteBars

#: The file that every complete ingestion has.
DESCRIPTION = "bundle.parquet"
DAILY = "daily.parquet"


def folder(bundle: str, environ=None) -> Path:
    """Where the ingestions of a bundle lie."""
    return Path(zipline_path(["fillproof", bundle], environ))


def is_complete(path: Path) -> bool:
    """Whether a folder is an ingestion: its description is written last."""
    return (path / DESCRIPTION).exists()


def read_bars(path: Path) -> StoredDailyBars:
    if not (path / DAILY).exists():
        none = np.zeros(0, dtype=np.int64)
        return StoredDailyBars(none, none, none, none, lambda _: np.zeros(0, dtype=np.uint32))
    rows = catalog.Rows(path / DAILY)
    index = rows.index
    return StoredDailyBars(
        index["asset"], rows.first[:-1], rows.first[1:], index["offset"], rows.column
    )


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


def read(path: Path) -> BundleData:
    """An ingestion, loaded; columns of bars are read at their first use."""
    import pandas as pd

    text = read_description(path)
    calendar = get_calendar(text["calendar"])
    start: Any = pd.Timestamp(text["start_ns"])
    end: Any = pd.Timestamp(text["end_ns"])
    sessions = calendar.sessions_in_range(start, end).to_numpy()
    tables = read_assets(path)
    return BundleData(
        AssetFinder(tables),
        read_bars(path),
        MinuteBars(path, sessions, text["minutes_per_day"]),
        read_actions(path),
        tables,
        calendar,
        start,
        end,
    )
