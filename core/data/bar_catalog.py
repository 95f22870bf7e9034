"""Data sets of bars on disk: Parquet, a file for each asset and year, changed all at once.

    FOLDER/NAME/manifest-000002.json     what the data set is made of, of its second state
    FOLDER/NAME/bars/000002-….parquet    rows of one asset in one year, written for that state

A state is complete once its manifest stands. Files are written first, under names of their own, so
a crash leaves the state before, and files that a later change removes. A manifest is never
overwritten: of two writers at once one is refused.
"""

from __future__ import annotations

import json
import os
import re
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..bars import Bars, aligned
from ..checks import FIELDS, AssetColumns
from ..times import format_time, instant
from .catalog import CatalogError, read_table, write_table

__all__ = ["DataSet", "Part", "bar_folder", "data_set", "data_sets", "load_bars", "save_bars"]

_FORMAT = 1
_NAME = re.compile(r"[\w.+-]+")
_MANIFEST = re.compile(r"manifest-(\d{6})\.json")
#: A leading dot: not complete.
_FILE = re.compile(r"\.?(\d{6})-")
_TIME = "time"


@dataclass(frozen=True)
class Part:
    """The rows of one asset in one year (UTC). first, last: ns UTC."""

    asset: str
    year: int
    file: str
    rows: int
    first: int
    last: int


@dataclass(frozen=True)
class DataSet:
    """One state of a data set, without its rows.

    state: counted from 1. extra: names of the columns beyond prices and volume. sources: what it
    was made of, as `save_bars` was told.
    """

    name: str
    folder: Path
    state: int
    extra: tuple[str, ...]
    parts: tuple[Part, ...]
    sources: tuple[Mapping[str, Any], ...]

    @property
    def assets(self) -> tuple[str, ...]:
        """Their names, in the sequence in which they were first saved."""
        return tuple(dict.fromkeys(part.asset for part in self.parts))

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last time, ns UTC."""
        return min(part.first for part in self.parts), max(part.last for part in self.parts)

    @property
    def bytes(self) -> int:
        return sum((self.folder / "bars" / part.file).stat().st_size for part in self.parts)


def bar_folder() -> Path:
    """Where data sets live: FILLPROOF_DATA, else the user's data folder."""
    given = os.environ.get("FILLPROOF_DATA")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or "~/AppData/Local").expanduser() / "fillproof"
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "fillproof" / "bars"


def data_sets(folder: Path | None = None) -> list[DataSet]:
    """Every data set of a folder (default `bar_folder()`), by name."""
    root = folder or bar_folder()
    if not root.is_dir():
        return []
    found = [_latest(one) for one in sorted(root.iterdir()) if one.is_dir()]
    return [one for one in found if one is not None]


def data_set(name: str, folder: Path | None = None) -> DataSet:
    """The last state of a data set. Raises CatalogError when there is none by that name."""
    root = folder or bar_folder()
    found = _latest(root / _checked(name))
    if found is None:
        known = ", ".join(one.name for one in data_sets(root)) or "none yet"
        raise CatalogError(f"there is no data set {name!r} in {root}; there are: {known}.")
    return found


def save_bars(
    bars: Bars,
    name: str,
    *,
    update: bool = False,
    sources: Iterable[Mapping[str, Any]] = (),
    folder: Path | None = None,
) -> DataSet:
    """Make a data set of bars, or change one; returns its new state.

    update: a bar takes the place of one of the same asset and time, the others stay; by default
    the data set is new. sources: plain data for JSON that tells where the bars come from, kept
    beside those of the states before.

    Raises CatalogError when the data set exists (without `update`), when an update brings other
    columns than it has, when another process changed it meanwhile, and for bars with stamps or bars
    without a close, which plain rows cannot hold.
    """
    root = folder or bar_folder()
    place = root / _checked(name)
    before = _latest(place)
    if before is not None and not update:
        raise CatalogError(f"there is a data set {name!r} already: update it, or take a new name.")
    if bars.stamps is not None or bars.mask is not None:
        raise CatalogError("bars with stamps, or bars without a close, cannot be saved as rows.")
    extra = tuple(bars.extra)
    if before is not None and set(extra) != set(before.extra):
        raise CatalogError(
            f"the data set {name!r} has the further columns {list(before.extra)}, the new bars "
            f"{list(extra)}: read them with extra=[...] alike."
        )
    state = 1 if before is None else before.state + 1
    old = {} if before is None else {(part.asset, part.year): part for part in before.parts}
    (place / "bars").mkdir(parents=True, exist_ok=True)
    writer = uuid.uuid4().hex[:12]
    new: list[Part] = []
    for asset, year, columns in _by_year(bars):
        known = old.get((asset, year))
        if known is not None:
            columns = _merged(_read(place, known), columns)
        file = f"{state:06d}-{writer}-{len(new):04d}.parquet"
        write_table(place / "bars" / file, columns)
        _flush(place / "bars" / file)
        times = columns[_TIME]
        new.append(Part(asset, year, file, len(times), int(times[0]), int(times[-1])))
    changed = {(part.asset, part.year): part for part in new}
    parts = [changed.pop(key, part) for key, part in old.items()]
    done = DataSet(
        name,
        place,
        state,
        extra if before is None else before.extra,
        (*parts, *changed.values()),
        (*(() if before is None else before.sources), *sources),
    )
    _commit(done)
    _remove_unused(done)
    return done


def load_bars(
    name: str | DataSet,
    *,
    assets: Sequence[str] | str | None = None,
    start: object = None,
    end: object = None,
    folder: Path | None = None,
) -> Bars:
    """The bars of a data set, aligned by the union of their times.

    assets: some of them, in this sequence (default: all). start, end: both inclusive; only files of
    years between them are read. Raises CatalogError for what is not there.
    """
    found = name if isinstance(name, DataSet) else data_set(name, folder)
    wanted = found.assets if assets is None else (assets,) if isinstance(assets, str) else assets
    absent = [one for one in wanted if one not in found.assets]
    if absent:
        raise CatalogError(f"{found.name} has no asset {absent[0]!r}; it has {found.assets}.")
    low = np.iinfo(np.int64).min if start is None else instant(start)
    high = np.iinfo(np.int64).max if end is None else instant(end)
    ready = []
    for asset in wanted:
        parts = [p for p in found.parts if p.asset == asset and p.first <= high and p.last >= low]
        tables = [_read(found.folder, part) for part in sorted(parts, key=lambda p: p.year)]
        names = (_TIME, *FIELDS, *found.extra)
        whole = {
            n: np.concatenate([t[n] for t in tables]) if tables else np.zeros(0) for n in names
        }
        times = whole[_TIME].astype(np.int64)
        inside = (times >= low) & (times <= high)
        if inside.any():
            ready.append(
                AssetColumns(
                    asset,
                    times[inside],
                    np.array([whole[field][inside] for field in FIELDS]),
                    {extra: whole[extra][inside] for extra in found.extra},
                    np.flatnonzero(inside) + 1,
                )
            )
    if not ready:
        span = " to ".join(map(format_time, found.span))
        raise CatalogError(f"{found.name} has no bars from {start} to {end}; it has {span}.")
    return aligned(Bars, ready, [])


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or name.startswith("."):
        raise CatalogError(
            f"{name!r} cannot name a data set: letters, digits, '_', '+', '-' and '.' can, the "
            "last not first."
        )
    return name


def _latest(place: Path) -> DataSet | None:
    states = [
        int(m[1]) for one in place.glob("manifest-*.json") if (m := _MANIFEST.match(one.name))
    ]
    if not states:
        return None
    path = _manifest(place, max(states))
    text = json.loads(path.read_text("utf-8"))
    if text["format"] > _FORMAT:
        raise CatalogError(f"{path} was written by a newer version of fillproof: update it.")
    return DataSet(
        place.name,
        place,
        max(states),
        tuple(text["extra"]),
        tuple(Part(**part) for part in text["parts"]),
        tuple(text["sources"]),
    )


def _manifest(place: Path, state: int) -> Path:
    return place / f"manifest-{state:06d}.json"


def _commit(found: DataSet) -> None:
    """Let a state be the last one. Raises CatalogError when there is one of that number."""
    text = {
        "format": _FORMAT,
        "extra": list(found.extra),
        "parts": [vars(part) for part in found.parts],
        "sources": [dict(one) for one in found.sources],
    }
    unfinished = found.folder / f".manifest-{os.getpid()}"
    unfinished.write_text(json.dumps(text, indent=1) + "\n", "utf-8")
    _flush(unfinished)
    try:
        # A link, where a rename would take the place of another writer's manifest.
        os.link(unfinished, _manifest(found.folder, found.state))
    except FileExistsError:
        raise CatalogError(
            f"another process changed the data set {found.name!r} meanwhile: try again."
        ) from None
    finally:
        unfinished.unlink()


def _flush(path: Path) -> None:
    """Have the disk hold a file before anything refers to it."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _remove_unused(last: DataSet) -> None:
    """Remove what neither the last state nor its forerunner, which may be being read, is made of.

    Files for states to come stay: another process may be writing them.
    """
    used = {part.file for part in last.parts}
    forerunner = _manifest(last.folder, last.state - 1)
    if forerunner.exists():
        used |= {part["file"] for part in json.loads(forerunner.read_text("utf-8"))["parts"]}
    for one in last.folder.glob("manifest-*.json"):
        found = _MANIFEST.match(one.name)
        if found and int(found[1]) < last.state - 1:
            one.unlink()
    for one in (last.folder / "bars").iterdir():
        found = _FILE.match(one.name)
        if found and int(found[1]) <= last.state and one.name not in used:
            one.unlink()


def _by_year(bars: Bars) -> Iterable[tuple[str, int, dict[str, np.ndarray]]]:
    """(asset, year, columns) of every year in which an asset has bars."""
    present = bars.present
    years = bars.times.view("M8[ns]").astype("M8[Y]").astype(np.int64) + 1970
    for n, asset in enumerate(bars.assets):
        own = np.flatnonzero(present[:, n])
        for year in np.unique(years[own]).tolist():
            rows = own[years[own] == year]
            columns = {_TIME: bars.times[rows]}
            for f, field in enumerate(FIELDS):
                columns[field] = bars.values[f, n, rows]
            for extra, matrix in bars.extra.items():
                columns[extra] = np.ascontiguousarray(matrix[rows, n])
            yield asset, year, columns


def _merged(old: Mapping[str, np.ndarray], new: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rows of both by time; of equal times the new one."""
    stays = ~np.isin(old[_TIME], new[_TIME])
    times = np.concatenate([old[_TIME][stays], new[_TIME]])
    order = np.argsort(times, kind="stable")
    return {name: np.concatenate([old[name][stays], new[name]])[order] for name in new}


def _read(place: Path, part: Part) -> dict[str, np.ndarray]:
    table = read_table(place / "bars" / part.file)
    return {name: np.asarray(column) for name, column in table.items()}
