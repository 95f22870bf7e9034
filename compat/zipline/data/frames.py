"""A run's data from frames in memory, in place of a bundle.

Prices stay floats as they are: nothing is rounded to thousandths, and history is not rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....core.bars import Bars
from ..assets import AssetFinder
from ..assets.tables import AssetTables, from_frames
from . import data_calendar
from .actions import Actions
from .bundles.bundle_data import BundleData
from .sources import FIELDS, PRICES, DailyColumns, MinuteColumns

#: The volume of a bar in data that has none: more than any order takes.
UNKNOWN_VOLUME = 1e9
_MINUTE = 60 * 10**9  # ns
_DAY = 86_400 * 10**9


def bundle_of(data, calendar=None) -> BundleData:
    """What `run_algorithm(..., data=...)` runs over.

    data: a Polars, pandas or Arrow frame. Long: a time, a symbol, open, high, low, close, volume
    (found by name in any case; without a symbol it is one asset, named "asset"). Wide: a time and
    a column of closes for each symbol. Or a dict of frames by symbol, a dict of wide frames by
    field, a pandas frame with two levels of columns, or `Bars`. Times without a zone are UTC;
    those within a day are the ends of bars. Days are the labels of sessions.
    calendar: default, the one that fits: XNYS, 24/7, else the data's own days.

    Raises `DataError` for data that must not be traded on, ValueError when the calendar does not
    have the data's sessions.
    """
    bars = _bars(data)
    present = bars.present
    intraday = data_calendar.is_intraday(bars.times, present)
    if calendar is None:
        calendar = data_calendar.fitting(bars.times, intraday)
    else:
        calendar = data_calendar.given(calendar, bars.times, intraday)
    sessions = data_calendar.session_of(calendar, bars.times, intraday)
    first, last = int(sessions[0]), int(sessions[-1])
    sessions = sessions - first
    rows = {n: np.flatnonzero(present[:, n]) for n in range(len(bars.assets))}
    columns = {n: _columns(bars, n, found) for n, found in rows.items() if len(found)}
    daily = {n: _daily(found, sessions[rows[n]]) for n, found in columns.items()}
    labels = calendar.sessions[first : last + 1]
    tables = _tables(bars.assets, daily, labels, calendar.name)
    minutes: Any = FrameMinutes({}, 1)
    if intraday:
        minutes = _minutes(calendar, first, bars.times, sessions, rows, columns)
    return BundleData(
        AssetFinder(tables),
        FrameDays(daily),
        minutes,
        Actions(),
        tables,
        calendar,
        labels[0],
        labels[-1],
    )


def within(bundle: BundleData, start, end) -> tuple:
    """A run's first and last day, cut to the bundle's; None stands for the bundle's own.

    Days that do not meet the bundle's, or are no naive Timestamps, are given back as they are.
    """
    first, last = bundle.start_session, bundle.end_session
    if start is None or _before(start, first):
        start = first if end is None or not _before(end, first) else start
    if end is None or _before(last, end):
        end = last if not _before(last, start) else end
    return start, end


def _before(one, other) -> bool:
    import pandas as pd

    plain = [isinstance(day, pd.Timestamp) and day.tzinfo is None for day in (one, other)]
    return all(plain) and one < other


class FrameDays:
    """Daily bars of frames: a `DailySource` that rounds nothing."""

    decimals: int | None = None

    def __init__(self, columns: dict[int, DailyColumns]) -> None:
        self._columns = columns
        self.sids = np.array(list(columns), dtype=np.int64)

    def of(self, sid: int) -> DailyColumns | None:
        return self._columns.get(sid)


class FrameMinutes:
    """Minute bars of frames: a `MinuteSource` that rounds nothing."""

    decimals: int | None = None

    def __init__(self, columns: dict[int, MinuteColumns], per_day: int) -> None:
        self._columns = columns
        self.minutes_per_day = per_day
        self.sids = np.array(list(columns), dtype=np.int64)

    def of(self, sid: int, first: int = 0, end: int | None = None) -> MinuteColumns | None:
        found = self._columns.get(sid)
        if found is None:
            return None
        wanted = [first * self.minutes_per_day]
        if end is not None:
            wanted.append(end * self.minutes_per_day)
        rows = slice(*np.searchsorted(found.slots, wanted).tolist(), *[None] * (end is None))
        raw = {name: column[rows] for name, column in found.raw.items()}
        return MinuteColumns(found.slots[rows], raw, None)


def _bars(data) -> Bars:
    """The frames as `Bars`, whatever they are."""
    if isinstance(data, Bars):
        return data
    if isinstance(data, Mapping):
        keys = {str(key).lower() for key in data}
        if "close" in keys and keys <= set(FIELDS):
            return _of_fields({str(key).lower(): frame for key, frame in data.items()})
        first = next(iter(data.values()), None)
    else:
        first = data
    kind = type(first).__module__.partition(".")[0]
    if kind not in ("pandas", "polars", "pyarrow"):
        raise TypeError(
            "data must be a Polars, pandas or Arrow frame, a dict of such frames, or Bars; "
            f"{type(first).__name__} is none of them."
        )
    if not isinstance(data, Mapping) and _is_wide(data, kind):
        return _of_fields({"close": data})
    return getattr(Bars, {"pyarrow": "from_arrow"}.get(kind, f"from_{kind}"))(data)


def _names(frame, kind: str) -> list[str]:
    return [str(name) for name in (frame.column_names if kind == "pyarrow" else frame.columns)]


def _is_wide(frame, kind: str) -> bool:
    """Whether the columns are assets: none of them is a close."""
    if kind == "pandas" and frame.columns.nlevels > 1:
        return False
    if kind == "polars" and hasattr(frame, "collect_schema"):
        names = frame.collect_schema().names()
    else:
        names = _names(frame, kind)
    return "close" not in {str(name).strip().lower() for name in names}


def _of_fields(frames: dict[str, Any]) -> Bars:
    """Wide frames by field, each with a column for every asset; closes serve for prices that are
    not there.
    """
    import pandas as pd

    tables = {name: _by_time(frame) for name, frame in frames.items()}
    close = tables["close"]
    for name, table in tables.items():
        if not (table.index.equals(close.index) and table.columns.equals(close.columns)):
            raise ValueError(
                f"data: {name!r} must have the times and the columns of 'close', in that order."
            )
    columns: Any = {n: tables.get(n, close).to_numpy(dtype=np.float64) for n in PRICES}
    volume = tables["volume"].to_numpy(dtype=np.float64) if "volume" in tables else None
    times: Any = pd.DatetimeIndex(close.index)
    if times.tz is not None:
        times = times.tz_convert("UTC").tz_localize(None)
    assets = [str(name) for name in close.columns]
    return Bars.from_arrays(times.to_numpy(), **columns, volume=volume, assets=assets)


def _by_time(frame):
    """A wide frame as pandas, times as its index."""
    import pandas as pd

    if hasattr(frame, "collect"):
        frame = frame.collect()
    if not isinstance(frame, pd.DataFrame):
        # Column by column: pandas has no need of further libraries for plain numbers.
        names = _names(frame, "pyarrow" if hasattr(frame, "column_names") else "polars")
        frame = pd.DataFrame({name: frame[name].to_numpy() for name in names})
    if not isinstance(frame.index, pd.DatetimeIndex):
        first = frame.columns[0]
        frame = frame.set_index(first)
        frame.index = pd.DatetimeIndex(pd.to_datetime(frame.index))
    return frame


def _columns(bars: Bars, n: int, rows: np.ndarray) -> dict[str, np.ndarray]:
    """An asset's bars: float64 by field; volumes as numbers."""
    values = {name: bars.values[f, n, rows] for f, name in enumerate(FIELDS)}
    volume = values["volume"]
    if np.isnan(volume).all():
        values["volume"] = np.full(len(volume), UNKNOWN_VOLUME)
    else:
        values["volume"] = np.nan_to_num(volume)
    return values


def _daily(columns: dict[str, np.ndarray], sessions: np.ndarray) -> DailyColumns:
    """Bars as one row for each session from the first to the last, NaN where there is none."""
    begin = np.flatnonzero(np.diff(sessions, prepend=sessions[0] - 1))
    end = np.append(begin[1:], len(sessions)) - 1
    first = int(sessions[0])
    found = {
        "open": columns["open"][begin],
        "high": np.fmax.reduceat(columns["high"], begin),
        "low": np.fmin.reduceat(columns["low"], begin),
        "close": columns["close"][end],
        "volume": np.add.reduceat(columns["volume"], begin),
    }
    count = int(sessions[-1]) - first + 1
    raw = {}
    for name, column in found.items():
        raw[name] = np.full(count, 0.0 if name == "volume" else np.nan)
        raw[name][sessions[begin] - first] = column
    return DailyColumns(first, raw, None)


def _minutes(
    calendar,
    first: int,
    times: np.ndarray,
    sessions: np.ndarray,
    rows: dict[int, np.ndarray],
    columns: dict[int, dict[str, np.ndarray]],
) -> FrameMinutes:
    """Bars by the minute in which they end; the last one of a minute counts."""
    opens = calendar.first_minutes_nanos[first:] // _MINUTE
    lengths = calendar.last_minutes_nanos[first:] // _MINUTE - opens + 1
    per_day = int(lengths[: int(sessions[-1]) + 1].max())
    minute = -(-times // _MINUTE)
    slots = sessions * per_day + (minute - opens[sessions])
    found = {}
    for n, raw in columns.items():
        own = slots[rows[n]]
        last = np.append(np.diff(own) > 0, True)
        found[n] = MinuteColumns(own[last], {k: v[last] for k, v in raw.items()}, None)
    return FrameMinutes(found, per_day)


def _tables(assets, daily, labels, exchange: str) -> AssetTables:
    """Equities by name, listed as long as they have bars; closed out after their last one."""
    import pandas as pd

    last = len(labels) - 1
    ends = {n: one.first + len(one.volumes) - 1 for n, one in daily.items()}
    frame = pd.DataFrame(
        {
            "symbol": [assets[n] for n in daily],
            "asset_name": [assets[n] for n in daily],
            "start_date": [labels[one.first] for one in daily.values()],
            "end_date": [labels[end] for end in ends.values()],
            "auto_close_date": [
                labels[end] + pd.Timedelta(days=1) if end < last else pd.NaT
                for end in ends.values()
            ],
            "exchange": exchange,
        },
        index=pd.Index(list(daily), name="sid"),
    )
    exchanges = pd.DataFrame(
        {"exchange": [exchange], "canonical_name": [exchange], "country_code": ["US"]}
    )
    return from_frames(equities=frame, exchanges=exchanges)
