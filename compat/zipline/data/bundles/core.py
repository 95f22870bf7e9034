"""The registry of bundles, and what makes and reads their ingestions."""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from ...assets import AssetFinder
from ...unsupported import missing
from ...utils.calendar_utils import get_calendar
from ...utils.paths import data_path
from ..sources import DailySource, MinuteSource
from . import store
from .asset_tables import AssetTables
from .minutes import MinuteBars


@dataclass(frozen=True)
class RegisteredBundle:
    calendar_name: str
    start_session: Any  # a Timestamp, or None for the calendar's own
    end_session: Any
    minutes_per_day: int
    ingest: Callable[..., Any]
    create_writers: bool


class UnknownBundle(LookupError):
    """No bundle is registered under this name."""

    def __init__(self, name) -> None:
        super().__init__(f"No bundle is registered under the name {name!r}.")
        self.name = name


class BadClean(ValueError):
    """`clean` needs before and/or after, or else keep_last."""

    def __init__(self, before, after, keep_last) -> None:
        super().__init__(
            "Give before, after or both, or else keep_last (at least 0); given were "
            f"before={before!r}, after={after!r}, keep_last={keep_last!r}."
        )


_bundles: dict[str, RegisteredBundle] = {}
bundles = MappingProxyType(_bundles)


def register(
    name,
    f=None,
    calendar_name="NYSE",
    start_session=None,
    end_session=None,
    minutes_per_day=390,
    create_writers=True,
):
    """Register an ingest function; without `f` a decorator for one."""
    options = {
        "calendar_name": calendar_name,
        "start_session": start_session,
        "end_session": end_session,
        "minutes_per_day": minutes_per_day,
        "create_writers": create_writers,
    }
    if f is None:
        return partial(register, name, **options)
    if name in _bundles:
        warnings.warn(f"The bundle {name!r} was registered before.", stacklevel=2)
    _bundles[name] = RegisteredBundle(ingest=f, **options)
    return f


def unregister(name) -> None:
    """Forget a bundle; raises UnknownBundle."""
    if _bundles.pop(name, None) is None:
        raise UnknownBundle(name)


def _registered(name) -> RegisteredBundle:
    if name not in _bundles:
        if name in ("quandl", "quantopian-quandl"):
            raise missing(f"the bundle {name!r}", "Register a bundle of your own.")
        raise UnknownBundle(name)
    return _bundles[name]


def to_bundle_ingest_dirname(ts) -> str:
    """The folder name of an ingestion made at `ts`."""
    return ts.isoformat().replace(":", ";")


def from_bundle_ingest_dirname(cs):
    """When the ingestion in the folder `cs` was made."""
    import pandas as pd

    return pd.Timestamp(cs.replace(";", ":"))


def _names(bundle: str, environ) -> list[str]:
    path = store.folder(bundle, environ)
    if not path.is_dir():
        return []
    names = [
        entry.name
        for entry in path.iterdir()
        # What has no description was written by the first version: it must be ingested anew.
        if not entry.name.startswith(".") and (entry / store.DESCRIPTION).exists()
    ]
    return sorted(names, key=from_bundle_ingest_dirname)


def ingestions_for_bundle(bundle, environ=None) -> list:
    """When the bundle was ingested, latest first."""
    return [from_bundle_ingest_dirname(name) for name in reversed(_names(bundle, environ))]


def ingest(
    name, environ=os.environ, timestamp=None, assets_versions=(), show_progress=False
) -> None:
    """Call a bundle's ingest function and store what it writes; raises UnknownBundle."""
    import pandas as pd

    from .writers import ActionWriter, AssetWriter, DailyBarWriter, MinuteBarWriter

    bundle = _registered(name)
    if assets_versions:
        raise missing("ingest(assets_versions=...)")
    if not bundle.create_writers:
        raise missing(
            f"the bundle {name!r}, registered with create_writers=False",
            "Its function writes the files of the real framework itself.",
        )
    calendar = get_calendar(bundle.calendar_name)
    start, end = bundle.start_session, bundle.end_session
    if start is None or start < calendar.first_session:
        start = calendar.first_session
    if end is None or end > calendar.last_session:
        end = calendar.last_session
    start, end = start.tz_localize(None), end.tz_localize(None)
    if start != end:
        for label, session in (("start_session", start), ("end_session", end)):
            if not calendar.is_session(session):
                raise ValueError(f"{label}: {session} is not a session of {calendar.name}.")
    if timestamp is None:
        timestamp = pd.Timestamp.now("UTC")
    when = pd.Timestamp(timestamp).tz_convert("utc").tz_localize(None)
    path = store.folder(name, environ) / to_bundle_ingest_dirname(when)
    unfinished = path.with_name(f".{path.name}")
    unfinished.mkdir(parents=True, exist_ok=True)
    try:
        description = {
            "calendar": calendar.name,
            "start_ns": start.value,
            "end_ns": end.value,
            "minutes_per_day": bundle.minutes_per_day,
        }
        store.write_description(unfinished, description)
        sessions = calendar.sessions_in_range(start, end).to_numpy()
        minute_writer = MinuteBarWriter(unfinished, calendar, start, end, bundle.minutes_per_day)
        bundle.ingest(
            environ,
            AssetWriter(unfinished),
            minute_writer,
            DailyBarWriter(unfinished, calendar, start, end),
            ActionWriter(unfinished, sessions.astype("datetime64[s]").astype(np.int64)),
            calendar,
            start,
            end,
            {},
            show_progress,
            str(unfinished),
        )
        minute_writer.close()
        unfinished.rename(path)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


@dataclass(frozen=True)
class BundleData:
    """One ingestion, loaded."""

    asset_finder: AssetFinder
    bars: DailySource
    minutes: MinuteSource
    actions: store.Actions
    tables: AssetTables
    calendar: Any  # an exchange calendar
    start_session: Any  # Timestamps
    end_session: Any

    @property
    def equity_daily_bar_reader(self):
        raise missing("BundleData.equity_daily_bar_reader", "Use data.history in a run.")

    @property
    def equity_minute_bar_reader(self):
        raise missing("BundleData.equity_minute_bar_reader", "Only daily bars run.")

    @property
    def adjustment_reader(self):
        raise missing("BundleData.adjustment_reader", "Use data.history in a run.")

    def close(self) -> None:
        """Nothing stays open."""

    def __enter__(self):
        return self

    def __exit__(self, *exc_info) -> bool:
        return False


def load(name, environ=os.environ, timestamp=None) -> BundleData:
    """Load the latest ingestion at or before `timestamp` (default now).

    A bundle that only the real framework has ingested below the same root is ingested first.
    Raises UnknownBundle, and ValueError when there is no ingestion.
    """
    import pandas as pd

    _registered(name)
    cutoff = pd.Timestamp.now("UTC") if timestamp is None else pd.Timestamp(timestamp)
    if cutoff.tzinfo is not None:
        cutoff = cutoff.tz_convert("UTC").tz_localize(None)
    found = [n for n in _names(name, environ) if from_bundle_ingest_dirname(n) <= cutoff]
    if not found and timestamp is None and Path(data_path([name], environ)).is_dir():
        print(f"fillproof: ingesting the bundle {name!r} for the first time.", file=sys.stderr)
        ingest(name, environ)
        found = _names(name, environ)
    if not found:
        raise ValueError(
            f"The bundle {name!r} has no data on or before {cutoff}. Call "
            f"zipline.data.bundles.ingest({name!r}) once before the run."
        )
    path = store.folder(name, environ) / found[-1]
    return _read(path)


def _read(path: Path) -> BundleData:
    import pandas as pd

    text = store.read_description(path)
    calendar = get_calendar(text["calendar"])
    start: Any = pd.Timestamp(text["start_ns"])
    end: Any = pd.Timestamp(text["end_ns"])
    sessions = calendar.sessions_in_range(start, end).to_numpy()
    tables = store.read_assets(path)
    return BundleData(
        AssetFinder(tables),
        store.read_bars(path),
        MinuteBars(path, sessions, text["minutes_per_day"]),
        store.read_actions(path),
        tables,
        calendar,
        start,
        end,
    )


def clean(name, before=None, after=None, keep_last=None, environ=os.environ) -> set[str]:
    """Remove ingestions made before or after a time, or all but the last `keep_last`."""
    import pandas as pd

    names = _names(name, environ)
    if not names and not store.folder(name, environ).is_dir():
        raise UnknownBundle(name)
    by_time = before is not None or after is not None
    if by_time == (keep_last is not None) or (keep_last is not None and keep_last < 0):
        raise BadClean(before, after, keep_last)
    if keep_last is not None:
        gone = names[: max(len(names) - keep_last, 0)]
    else:
        gone = [
            entry
            for entry in names
            if (before is not None and from_bundle_ingest_dirname(entry) < pd.Timestamp(before))
            or (after is not None and from_bundle_ingest_dirname(entry) > pd.Timestamp(after))
        ]
    paths = {str(store.folder(name, environ) / entry) for entry in gone}
    for path in paths:
        shutil.rmtree(path)
    return paths
