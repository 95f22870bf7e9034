"""Ingestions that the real framework wrote: read where they lie, or imported into the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .....core.data.catalog import RowsWriter
from ...assets import AssetFinder, database
from ..actions import Actions
from ..adjustments import SQLiteAdjustmentReader, read_database
from ..bcolz_daily_bars import BcolzTable
from ..bcolz_minute_bars import BcolzMinuteBarMetadata, minute_table
from ..sources import FIELDS
from . import store
from .bundle_data import BundleData
from .minutes import MinuteBars, MinuteFiles

ASSETS = f"assets-{database.VERSION}.sqlite"
ADJUSTMENTS = "adjustments.sqlite"
DAILY = "daily_equities.bcolz"
MINUTES = "minute_equities.bcolz"


def is_complete(path: Path) -> bool:
    """Whether a folder is an ingestion; one that broke off lacks its asset database."""
    return any(path.glob("assets-*.sqlite"))


def read(path: Path) -> BundleData:
    """An ingestion in place: columns are read at their first use.

    Raises FileNotFoundError when a file is missing, AssetDBVersionError for one of another time.
    """
    tables = database.read(path / ASSETS)
    daily = BcolzTable(path / DAILY)
    if daily.calendar is None:
        raise ValueError(
            f"{path / DAILY} was written before tables named their calendar: ingest it again."
        )
    actions = _read_actions(path / ADJUSTMENTS)
    minutes: Any
    if (path / MINUTES / BcolzMinuteBarMetadata.METADATA_FILENAME).exists():
        minutes = minute_table(path / MINUTES).source
    else:
        minutes = MinuteBars(path, daily.sessions.to_numpy(), 390)
    return BundleData(
        AssetFinder(tables),
        daily.source,
        minutes,
        actions,
        tables,
        daily.calendar,
        daily.sessions[0],
        daily.sessions[-1],
    )


def _read_actions(path: Path) -> Actions:
    with SQLiteAdjustmentReader(str(path)) as reader:
        return read_database(reader.conn)


def import_root(path: Path, to: Path) -> BundleData:
    """Copy an ingestion into the catalog folder `to` and check the copy; returns it, loaded.

    Raises ValueError when what was written is not what was read, and what `read` raises.
    """
    there = read(path)
    to.mkdir(parents=True, exist_ok=True)
    _copy_daily(there, to)
    _copy_minutes(there, to)
    store.write_actions(to, there.actions)
    store.write_assets(to, there.tables)
    store.write_description(
        to,
        {
            "calendar": there.calendar.name,
            "start_ns": there.start_session.value,
            "end_ns": there.end_session.value,
            "minutes_per_day": there.minutes.minutes_per_day,
            "imported_from": str(path),
        },
    )
    here = store.read(to)
    _check(there, here)
    return here


def _copy_daily(there: BundleData, to: Path) -> None:
    file = RowsWriter(to / store.DAILY, FIELDS)
    offsets = []
    for sid in there.bars.sids.tolist():
        found = there.bars.of(sid)
        assert found is not None
        file.append(sid, {name: found.raw[name] for name in FIELDS})
        offsets.append(found.first)
    file.close(offset=offsets)


def _copy_minutes(there: BundleData, to: Path) -> None:
    source: Any = there.minutes
    files = MinuteFiles(to, there.sessions.to_numpy(), source.minutes_per_day, source.ratio)
    for sid in source.sids.tolist():
        found = source.of(sid)
        whole = {name: np.zeros(source.length(sid), dtype=np.uint32) for name in FIELDS}
        for name, column in whole.items():
            column[found.slots] = found.raw[name]
        files.append(sid, whole)
        attributes = source.attributes(sid)
        if attributes:
            files.set_attributes(sid, attributes)
    files.close()


def _check(there: BundleData, here: BundleData) -> None:
    """Every row that was read is there: counts for all assets, and sums of each column."""
    for kind, sources in (("daily", (there.bars, here.bars)),
                          ("minute", (there.minutes, here.minutes))):  # fmt: skip
        if not np.array_equal(np.sort(sources[0].sids), np.sort(sources[1].sids)):
            raise ValueError(f"{kind} bars: other assets were written than were read.")
        for sid in sources[0].sids.tolist():
            a, b = (source.of(sid) for source in sources)
            assert a is not None
            assert b is not None
            for name in FIELDS:
                if not np.array_equal(a.raw[name], b.raw[name]):
                    raise ValueError(f"{kind} bars of sid {sid}: the copy of {name} differs.")
