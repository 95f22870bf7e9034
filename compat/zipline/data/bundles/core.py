"""The registry of bundles, and what makes and reads their ingestions."""

from __future__ import annotations

import os
import shutil
import warnings
from collections import namedtuple
from functools import lru_cache, partial
from pathlib import Path
from types import MappingProxyType

from ...assets import ASSET_DB_VERSION
from ...command_errors import CommandError
from ...unsupported import missing
from ...utils.calendar_utils import get_calendar
from ...utils.paths import data_path
from . import roots, store
from .bundle_data import BundleData

__all__ = [
    "BundleCore",
    "BundleData",
    "RegisteredBundle",
    "UnknownBundle",
    "bundles",
    "clean",
    "from_bundle_ingest_dirname",
    "ingest",
    "ingestions_for_bundle",
    "load",
    "register",
    "to_bundle_ingest_dirname",
    "unregister",
]

RegisteredBundle = namedtuple(
    "RegisteredBundle",
    ["calendar_name", "start_session", "end_session", "minutes_per_day", "ingest",
     "create_writers"],
)  # fmt: skip
BundleCore = namedtuple("BundleCore", "bundles register unregister ingest load clean")


class UnknownBundle(CommandError, LookupError):
    """No bundle is registered under this name."""

    def __init__(self, name) -> None:
        super().__init__(f"No bundle registered with the name {name!r}")
        self.name = name


class BadClean(CommandError, ValueError):
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
        warnings.warn(f"Overwriting bundle with name {name!r}", stacklevel=2)
    _bundles[name] = RegisteredBundle(ingest=f, **options)
    return f


def unregister(name) -> None:
    """Forget a bundle; raises UnknownBundle."""
    if _bundles.pop(name, None) is None:
        raise UnknownBundle(name)


def _registered(name) -> RegisteredBundle:
    if name not in _bundles:
        from ...explaining import unknown_bundle

        error = UnknownBundle(name)
        error.add_note(unknown_bundle(name, _bundles))
        raise error
    return _bundles[name]


def to_bundle_ingest_dirname(ts) -> str:
    """The folder name of an ingestion made at `ts`."""
    return ts.isoformat().replace(":", ";")


def from_bundle_ingest_dirname(cs):
    """When the ingestion in the folder `cs` was made."""
    import pandas as pd

    return pd.Timestamp(cs.replace(";", ":"))


def asset_db_relative(bundle_name, timestr, db_version=None) -> tuple[str, str, str]:
    """Where the real framework keeps what it knows of assets, below its data folder."""
    version = ASSET_DB_VERSION if db_version is None else db_version
    return bundle_name, timestr, f"assets-{version}.sqlite"


def daily_equity_relative(bundle_name, timestr) -> tuple[str, str, str]:
    return bundle_name, timestr, roots.DAILY


def minute_equity_relative(bundle_name, timestr) -> tuple[str, str, str]:
    return bundle_name, timestr, roots.MINUTES


def adjustment_db_relative(bundle_name, timestr) -> tuple[str, str, str]:
    return bundle_name, timestr, roots.ADJUSTMENTS


def cache_relative(bundle_name) -> tuple[str, str]:
    return bundle_name, ".cache"


def asset_db_path(bundle_name, timestr, environ=None, db_version=None) -> str:
    return data_path(asset_db_relative(bundle_name, timestr, db_version), environ)


def daily_equity_path(bundle_name, timestr, environ=None) -> str:
    return data_path(daily_equity_relative(bundle_name, timestr), environ)


def minute_equity_path(bundle_name, timestr, environ=None) -> str:
    return data_path(minute_equity_relative(bundle_name, timestr), environ)


def adjustment_db_path(bundle_name, timestr, environ=None) -> str:
    return data_path(adjustment_db_relative(bundle_name, timestr), environ)


def cache_path(bundle_name, environ=None) -> str:
    return data_path(cache_relative(bundle_name), environ)


def ingestions(bundle: str, environ=None) -> dict[str, list[Path]]:
    """The ingestions of a bundle by folder name, oldest first: in the catalog, then (or only) as
    the real framework wrote them.
    """
    found: dict[str, list[Path]] = {}
    for folder, complete in (
        (store.folder(bundle, environ), store.is_complete),
        (Path(data_path([bundle], environ)), roots.is_complete),
    ):
        for path in folder.iterdir() if folder.is_dir() else ():
            if not path.name.startswith(".") and complete(path):
                found.setdefault(path.name, []).append(path)
    return dict(sorted(found.items(), key=lambda item: from_bundle_ingest_dirname(item[0])))


def ingestions_for_bundle(bundle, environ=None) -> list:
    """When the bundle was ingested, latest first."""
    return [from_bundle_ingest_dirname(name) for name in reversed(ingestions(bundle, environ))]


def ingest(
    name, environ=os.environ, timestamp=None, assets_versions=(), show_progress=False
) -> None:
    """Call a bundle's ingest function and store what it writes; raises UnknownBundle.

    A function that was registered with create_writers=False writes the files of the real
    framework into its `output_dir`, which are then read where they lie.
    """
    import pandas as pd

    bundle = _registered(name)
    if assets_versions:
        if not bundle.create_writers:
            raise ValueError("assets_versions: only a bundle with writers has an older database.")
        raise missing("ingest(assets_versions=...)", "Leave it out: nothing here reads those.")
    calendar = get_calendar(bundle.calendar_name)
    start, end = bundle.start_session, bundle.end_session
    if start is None or start < calendar.first_session:
        start = calendar.first_session
    if end is None or end > calendar.last_session:
        end = calendar.last_session
    if timestamp is None:
        timestamp = pd.Timestamp.now("UTC")
    stamp = to_bundle_ingest_dirname(timestamp.tz_convert("utc").tz_localize(None))
    given = (calendar, start, end, {}, show_progress)
    if bundle.create_writers:
        _ingest_to_catalog(bundle, store.folder(name, environ) / stamp, environ, *given)
    else:
        path = data_path([name, stamp], environ)
        Path(path).mkdir(parents=True, exist_ok=True)
        bundle.ingest(environ, None, None, None, None, *given, path)


def _ingest_to_catalog(bundle, path: Path, environ, calendar, start, end, *given) -> None:
    from .writers import ActionWriter, AssetWriter, DailyBarWriter, MinuteBarWriter

    path.mkdir(parents=True, exist_ok=True)
    try:
        daily_writer = DailyBarWriter(path, calendar, start, end)
        daily_writer.write(())
        minute_writer = MinuteBarWriter(path, calendar, start, end, bundle.minutes_per_day)
        bundle.ingest(
            environ,
            AssetWriter(path),
            minute_writer,
            daily_writer,
            ActionWriter(path, calendar, daily_writer.sessions),
            calendar,
            start,
            end,
            *given,
            str(path),
        )
        minute_writer.close()
        store.write_description(
            path,
            {
                "calendar": calendar.name,
                "start_ns": start.tz_localize(None).value,
                "end_ns": end.tz_localize(None).value,
                "minutes_per_day": bundle.minutes_per_day,
            },
        )
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def load(name, environ=os.environ, timestamp=None) -> BundleData:
    """Load the latest ingestion at or before `timestamp` (default now).

    One that only the real framework has written is read where it lies. Raises UnknownBundle, and
    ValueError when there is no ingestion.
    """
    import pandas as pd

    _registered(name)
    cutoff = pd.Timestamp.now("UTC") if timestamp is None else pd.Timestamp(timestamp)
    if cutoff.tzinfo is not None:
        cutoff = cutoff.tz_convert("UTC").tz_localize(None)
    found = ingestions(name, environ)
    names = [stamp for stamp in found if from_bundle_ingest_dirname(stamp) <= cutoff]
    if not names:
        raise ValueError(
            f"no data for bundle {name!r} on or before {cutoff}: call "
            f"zipline.data.bundles.ingest({name!r}) once before the run, or "
            f"`fillproof run zipline ingest -b {name}`."
        )
    return load_folder(found[names[-1]][0])


def load_folder(path: Path) -> BundleData:
    """One ingestion, of the catalog or of the real framework."""
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(path: Path, _changed: int) -> BundleData:
    # An ingestion never changes: runs one after the other share what they have read of it.
    return store.read(path) if store.is_complete(path) else roots.read(path)


def clean(name, before=None, after=None, keep_last=None, environ=os.environ) -> set[str]:
    """Remove ingestions made before or after a time, or all but the last `keep_last`.

    Returns the folders that were removed: those of the real framework go too.
    """
    import pandas as pd

    found = ingestions(name, environ)
    if not (found or store.folder(name, environ).is_dir()
            or Path(data_path([name], environ)).is_dir()):  # fmt: skip
        raise UnknownBundle(name)
    by_time = before is not None or after is not None
    if by_time == (keep_last is not None) or (keep_last is not None and keep_last < 0):
        raise BadClean(before, after, keep_last)
    names = list(found)
    if keep_last is not None:
        gone = names[: max(len(names) - keep_last, 0)]
    else:
        before, after = (None if t is None else pd.Timestamp(t) for t in (before, after))
        gone = [
            stamp
            for stamp in names
            if (before is not None and from_bundle_ingest_dirname(stamp) < before)
            or (after is not None and from_bundle_ingest_dirname(stamp) > after)
        ]
    paths = {str(path) for stamp in gone for path in found[stamp]}
    for path in paths:
        shutil.rmtree(path)
    return paths
