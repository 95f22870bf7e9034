"""What `fillproof data` does with bars: files into a data set, showing one, looking for errors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..core.bars import Bars

_ENDINGS = (".csv", ".txt", ".parquet", ".pq")


def is_file_of_bars(what: str) -> bool:
    """Whether an argument means files (a pattern too), and no bundle, root or data set."""
    return any(sign in what for sign in "*?[") or Path(what).suffix.lower() in _ENDINGS


def read(files: Sequence[str], policy: Sequence[str] = (), **options: Any) -> Bars:
    """Bars of CSV or Parquet files. policy: texts such as `zero_price=drop`.

    Raises DataError for what must not be traded on, ValueError for mixed kinds of files.
    """
    from ..core.data import read_csv, read_parquet

    kinds = {Path(one).suffix.lower() in (".parquet", ".pq") for one in files}
    if len(kinds) > 1:
        raise ValueError(
            "CSV and Parquet files do not go together: import them one after the other"
        )
    actions = {}
    for one in policy:
        check, sign, action = one.partition("=")
        if not sign:
            raise ValueError(f"--policy {one}: write CHECK=ACTION, for example zero_price=drop")
        actions[check] = action
    reader = read_parquet if kinds == {True} else read_csv
    given = {name: value for name, value in options.items() if value is not None}
    if kinds == {True}:
        given.pop("separator", None)
    source: Any = files[0] if len(files) == 1 else list(files)
    return reader(source, policy=actions or None, **given)


def save(
    files: Sequence[str], name: str | None, update: bool, policy: Sequence[str], options: dict
) -> list[str]:
    """Read files into a data set; what was done, as lines of text.

    Raises ValueError where a name is wanted, and what `read` and `save_bars` raise.
    """
    from ..core.data import save_bars

    if name is None:
        if len(files) > 1 or any(sign in files[0] for sign in "*?["):
            raise ValueError("several files: name the data set with --name")
        name = Path(files[0]).stem
    bars = read(files, policy, **options)
    saved = save_bars(bars, name, update=update, sources=_sources(files))
    lines = [f"{name}: {_described(saved)}, state {saved.state}, in {saved.folder}"]
    if bars.repairs:
        lines.append(f"{name}: {len(bars.repairs)} changes by --policy, the first:")
        lines += [f"  {one}" for one in bars.repairs[:10]]
    return lines


def _sources(files: Sequence[str]) -> list[dict[str, Any]]:
    """Where the bars come from: names, sizes and hashes of the files."""
    from ..core.data.readers import files_of

    return [
        {
            "file": str(path.resolve()),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in files_of(files[0] if len(files) == 1 else list(files))
    ]


def _described(one: Any) -> str:
    from ..core.times import format_time

    first, last = one.span
    return (
        f"{len(one.assets)} asset{'s' if len(one.assets) > 1 else ''}, {one.rows} bars, "
        f"{format_time(first)} to {format_time(last)}"
    )


def sets_table() -> Any:
    """A table of all data sets; None when there is none."""
    from rich.table import Column, Table

    from ..core.data import data_sets
    from ..core.times import format_time

    found = data_sets()
    if not found:
        return None
    path = Column("path", overflow="fold")
    table = Table("data set", "assets", "bars", "first", "last", "state", "MB", path)
    for one in found:
        times = map(format_time, one.span)
        size = f"{one.bytes / 1e6:.1f}"
        table.add_row(
            one.name,
            str(len(one.assets)),
            str(one.rows),
            *times,
            str(one.state),
            size,
            str(one.folder),
        )
    return table


def shown(name: str, rows: int) -> tuple[Any, str]:
    """(a table of a data set's assets, text with its sources and last bars)."""
    from rich.table import Table

    from ..core.data import data_set, load_bars
    from ..core.times import format_time

    found = data_set(name)
    table = Table("asset", "bars", "first", "last", "years", title=f"{name}: {_described(found)}")
    for asset in found.assets:
        parts = [part for part in found.parts if part.asset == asset]
        first, last = min(p.first for p in parts), max(p.last for p in parts)
        count = str(sum(part.rows for part in parts))
        table.add_row(asset, count, format_time(first), format_time(last), str(len(parts)))
    lines = [f"columns: {', '.join(('open', 'high', 'low', 'close', 'volume', *found.extra))}"]
    lines += [
        f"from {one.get('file')} (sha256 {one.get('sha256', '')[:12]})" for one in found.sources
    ]
    if rows:
        frame = load_bars(found, assets=found.assets[0]).to_pandas(found.assets[0])
        lines.append(f"the last bars of {found.assets[0]}:\n{frame.tail(rows).to_string()}")
    return table, "\n".join(lines)


def findings(
    what: Sequence[str], calendar: str | None, minutes: bool, outlier: float, policy: Sequence[str]
) -> list[Any]:
    """Everything that looks wrong in files or in a data set, see `core.data.examine`.

    Raises ValueError for an unknown calendar, and what reading raises.
    """
    from ..core.data import load_bars
    from ..core.data.examine import examine

    bars = read(what, policy) if is_file_of_bars(what[0]) else load_bars(what[0])
    expected = None if calendar is None else _expected(bars, calendar, minutes)
    return examine(bars, expected, outlier)


def _expected(bars: Bars, name: str, minutes: bool) -> Any:
    """int64, ns UTC: the sessions or the minutes of a calendar while there are bars."""
    import exchange_calendars
    import numpy as np
    from exchange_calendars.errors import InvalidCalendarName

    first, last = bars.datetimes[[0, -1]].astype("M8[D]")
    week = np.timedelta64(7, "D")
    try:
        known = exchange_calendars.get_calendar(name, start=str(first - week), end=str(last + week))
    except InvalidCalendarName:
        raise ValueError(
            f"--calendar {name}: exchange_calendars has none by that name; it has XNYS, XLON, 24/7"
        ) from None
    index = known.minutes if minutes else known.sessions
    return index.to_numpy(dtype="datetime64[ns]").astype(np.int64)


def as_json(found: list[Any]) -> str:
    """Findings as JSON, times in ns UTC."""
    plain = [
        {k: None if isinstance(v, float) and v != v else v for k, v in vars(one).items()}
        for one in found
    ]
    return json.dumps(plain, indent=1)
