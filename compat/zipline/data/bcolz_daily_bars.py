"""Daily bars: the reader that scripts see, whatever the bars lie in, and the writer."""

from __future__ import annotations

import warnings
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ....core.data import bcolz
from ..utils.calendar_utils import get_calendar
from .bar_reader import NoDataAfterDate, NoDataBeforeDate, NoDataOnDate
from .session_bars import CurrencyAwareSessionBarReader
from .sources import FIELDS, PRICES, DailyTable, StoredDailyBars, prices

__all__ = ["BcolzDailyBarReader", "BcolzDailyBarWriter"]

OHLC = frozenset(PRICES)
US_EQUITY_PRICING_BCOLZ_COLUMNS = (*FIELDS, "day", "id")
UINT32_MAX = np.iinfo(np.uint32).max
_BEHAVIOURS = ("warn", "raise", "ignore")
_NO_SESSION = np.iinfo(np.int64).min


def check_uint32_safe(value, colname) -> None:
    """Raise ValueError when a value does not fit 32 bits."""
    if value >= UINT32_MAX:
        raise ValueError(f"Value {value} from column '{colname}' is too large for 32 bits.")


def check_behaviour(invalid_data_behavior: str) -> None:
    if invalid_data_behavior not in _BEHAVIOURS:
        raise ValueError(
            f"invalid_data_behavior must be one of {', '.join(_BEHAVIOURS)}, "
            f"not {invalid_data_behavior!r}."
        )


class BcolzDailyBarWriter:
    """Takes each asset's daily bars: a frame with the five columns, indexed by session.

    filename: the folder of the table. start_session, end_session: what the table covers.
    """

    def __init__(self, filename, calendar, start_session, end_session) -> None:
        start, end = start_session.tz_localize(None), end_session.tz_localize(None)
        if start != end:
            for label, session in (("Start", start), ("End", end)):
                if not calendar.is_session(session):
                    raise ValueError(
                        f"{label} session {session} is invalid: not a session of {calendar.name}."
                    )
        self._path = Path(filename)
        self._calendar = calendar
        self._start, self._end = start, end
        #: What the table covers.
        self.sessions = calendar.sessions_in_range(start, end)
        self._seconds = self.sessions.to_numpy().astype("datetime64[s]").astype(np.int64)

    def _file(self):
        """What takes the assets one by one: `append(sid, columns)` and `close(offset=...)`."""
        return _BcolzTable(self._path, self._attributes())

    def _attributes(self) -> dict:
        return {
            "calendar_name": self._calendar.name,
            "start_session_ns": self._start.value,
            "end_session_ns": self._end.value,
        }

    def write(self, data, assets=None, show_progress=False, invalid_data_behavior="warn"):
        """Replace the table by `data`: pairs of a sid and its frame.

        Prices are rounded to thousandths, volumes cut to whole shares; a missing value, or one
        that does not fit 32 bits, becomes 0 with a warning, 0 with "ignore", an error with
        "raise". Raises AssertionError when an asset lacks a session between its first and last
        row, or has a row on another day.
        """
        check_behaviour(invalid_data_behavior)
        known = None if assets is None else set(assets)
        file = self._file()
        offsets = []
        for sid, frame in data:
            if known is not None and sid not in known:
                raise ValueError(f"unknown asset id {sid!r}: it is not among the given assets.")
            columns = _whole_numbers(sid, frame, invalid_data_behavior)
            columns["day"] = frame.index.values.astype("datetime64[s]").astype(np.int64)
            offsets.append(self._offset(sid, columns["day"]))
            file.append(int(sid), columns)
        file.close(offset=offsets)

    def write_csvs(self, asset_map, show_progress=False, invalid_data_behavior="warn"):
        """As `write`, from CSV files by sid: columns day, open, high, low, close, volume."""
        import pandas as pd

        def read(path):
            types: Any = dict.fromkeys(FIELDS, np.float64)
            return pd.read_csv(path, parse_dates=["day"], index_col="day", dtype=types)

        return self.write(
            ((sid, read(path)) for sid, path in asset_map.items()),
            asset_map.keys(),
            show_progress,
            invalid_data_behavior,
        )

    def _offset(self, sid, days: np.ndarray) -> int:
        """Where the asset's first row stands among the sessions; its rows must cover them."""
        first = int(np.searchsorted(self._seconds, days[0]))
        wanted = self._seconds[first : np.searchsorted(self._seconds, days[-1], side="right")]
        if not np.array_equal(days, wanted):
            absent = _dates(np.setdiff1d(wanted, days))
            extra = _dates(np.setdiff1d(days, wanted))
            raise AssertionError(
                f"sid {sid}: the rows from {_dates(days[:1])} to {_dates(days[-1:])} must be the "
                f"{len(wanted)} sessions between, in order; there are {len(days)}. "
                f"Missing: {absent or 'none'}. Not a session: {extra or 'none'}."
            )
        return first


def _dates(seconds: np.ndarray) -> str:
    shown = [str(day)[:10] for day in seconds[:5].astype("datetime64[s]")]
    return ", ".join(shown) + (", ..." if len(seconds) > 5 else "")


def _floats(frame) -> dict[str, np.ndarray]:
    """The five columns as float64: of a frame that has no others in one go."""
    if len(frame.columns) == len(FIELDS) and set(frame.columns) == set(FIELDS):
        return dict(zip(frame.columns, frame.to_numpy(dtype=np.float64).T, strict=True))
    return {name: frame[name].to_numpy(dtype=np.float64) for name in FIELDS}


def _whole_numbers(sid, frame, behaviour: str) -> dict[str, np.ndarray]:
    values = _floats(frame)
    bad = 0
    for name, column in values.items():
        wrong = ~(column <= UINT32_MAX)
        if wrong.any():
            if behaviour == "raise":
                raise ValueError(f"sid {sid}: a missing or too large number in {name!r}.")
            values[name] = np.where(wrong, 0.0, column)
            bad += int(wrong.sum())
    if bad and behaviour == "warn":
        warnings.warn(
            f"sid {sid}: {bad} values are missing or do not fit 32 bits and become 0.",
            stacklevel=4,
        )
    columns = {name: np.round(values[name] * 1000.0) for name in PRICES}
    columns["volume"] = values["volume"]
    # Through int64: a direct cast of a float beyond 32 bits is not the same on every machine.
    return {name: c.astype(np.int64).astype(np.uint32) for name, c in columns.items()}


class _BcolzTable:
    """Collects the assets of a table and writes it as bcolz does."""

    def __init__(self, path: Path, attributes: dict) -> None:
        self._path = path
        self._attributes = attributes
        self._sids: list[int] = []
        self._parts: list[dict[str, np.ndarray]] = []

    def append(self, sid: int, columns: dict[str, np.ndarray]) -> None:
        self._sids.append(sid)
        self._parts.append(columns)

    def close(self, offset: list[int]) -> None:
        counts = [len(part["day"]) for part in self._parts]
        ends = np.cumsum(counts, dtype=np.int64).tolist()
        names = [str(sid) for sid in self._sids]
        none = [np.zeros(0, dtype=np.uint32)]
        columns = {
            name: np.concatenate(none + [part[name].astype(np.uint32) for part in self._parts])
            for name in (*FIELDS, "day")
        }
        columns["id"] = np.repeat(np.array(self._sids, dtype=np.uint32), counts)
        first_day = int(columns["day"].min()) if len(columns["day"]) else _NO_SESSION
        bcolz.write_table(
            self._path,
            columns,
            {
                "first_trading_day": first_day,
                "first_row": dict(zip(names, (e - c for e, c in zip(ends, counts, strict=True)),
                                      strict=True)),
                "last_row": dict(zip(names, (end - 1 for end in ends), strict=True)),
                "calendar_offset": dict(zip(names, offset, strict=True)),
                **self._attributes,
            },
        )  # fmt: skip


class BcolzTable(DailyTable):
    """A table of bcolz in place; a column is read at its first use."""

    def __init__(self, folder: Path) -> None:
        import pandas as pd

        attributes = bcolz.read_attributes(folder)
        first_row, last_row = attributes["first_row"], attributes["last_row"]
        order = sorted(first_row, key=first_row.__getitem__)
        if "calendar" in attributes:  # the oldest tables list their sessions
            calendar, sessions = None, pd.DatetimeIndex(attributes["calendar"])
        else:
            calendar = get_calendar(attributes["calendar_name"])
            start: Any = pd.Timestamp(attributes["start_session_ns"])
            end: Any = pd.Timestamp(attributes["end_session_ns"])
            sessions = calendar.sessions_in_range(start, end)
        source = StoredDailyBars(
            np.array([int(sid) for sid in order], dtype=np.int64),
            np.array([first_row[sid] for sid in order], dtype=np.int64),
            np.array([last_row[sid] + 1 for sid in order], dtype=np.int64),
            np.array([attributes["calendar_offset"][sid] for sid in order], dtype=np.int64),
            lambda name: bcolz.read_column(folder / name),
        )
        super().__init__(source, calendar, sessions)
        self.attributes = attributes


class BcolzDailyBarReader(CurrencyAwareSessionBarReader):
    """Reads daily bars.

    table: the folder of a table of bcolz, or a `DailyTable` (which bundles hand in).
    """

    def __init__(self, table, read_all_threshold=3000) -> None:
        self._given = table

    @cached_property
    def _table(self) -> DailyTable:
        given = self._given
        return given if isinstance(given, DailyTable) else BcolzTable(Path(given))

    @property
    def sessions(self):
        return self._table.sessions

    @property
    def first_trading_day(self):
        return self._table.first_trading_day

    @property
    def trading_calendar(self):
        return self._table.calendar

    @property
    def last_available_dt(self):
        return self.sessions[-1]

    def load_raw_arrays(self, columns, start_date, end_date, assets) -> list[np.ndarray]:
        """For each column an array [sessions, assets]: prices float64, volumes uint32.

        Unknown assets are empty. Raises NoDataOnDate for a date that is no session, ValueError
        when no asset is known.
        """
        start, end = self._session(start_date), self._session(end_date)
        found = [self._table.source.of(int(sid)) for sid in assets]
        if all(one is None for one in found):
            raise ValueError("At least one valid asset id is required.")
        out = []
        for name in columns:
            priced = name in OHLC
            # An asset's rows lie together: kernels walk along them.
            whole = np.full((len(found), end - start + 1), np.nan if priced else 0)
            if not priced:
                whole = whole.astype(np.uint32)
            for n, one in enumerate(found):
                if one is None:
                    continue
                low = max(start, one.first)
                high = min(end + 1, one.first + len(one.raw[name]))
                if low < high:
                    raw = one.raw[name][low - one.first : high - one.first]
                    shown = prices(raw, one.scale) if priced else raw
                    whole[n, low - start : high - start] = shown
            out.append(whole.T)
        return out

    def _session(self, date) -> int:
        try:
            return self.sessions.get_loc(date)
        except KeyError:
            raise NoDataOnDate(date) from None

    def _row(self, sid, day) -> tuple[Any, int]:
        """An asset's columns and the row of a day in them."""
        try:
            session = self.sessions.get_loc(day)
        except Exception:
            raise NoDataOnDate(f"day={day} is outside of calendar={self.sessions}") from None
        found = self._table.source.of(int(sid))
        if found is None:
            raise KeyError(sid)
        row = session - found.first
        if row < 0:
            raise NoDataBeforeDate(f"No data on or before day={day} for sid={sid}")
        if row >= len(found.raw["close"]):
            raise NoDataAfterDate(f"No data on or after day={day} for sid={sid}")
        return found, row

    def sid_day_index(self, sid, day) -> int:
        """The row of an asset's day in the table.

        Raises NoDataOnDate, NoDataBeforeDate, NoDataAfterDate, KeyError for an unknown asset.
        """
        _, row = self._row(sid, day)
        return self._table.source.first_row(int(sid)) + row

    def get_value(self, sid, dt, field):
        found, row = self._row(sid, dt)
        value = found.raw[field][row].item()
        if field == "volume":
            return value
        return np.nan if value == 0 else value * (1.0 if found.scale is None else found.scale)

    def get_last_traded_dt(self, asset, day):
        import pandas as pd

        try:
            found, row = self._row(asset, day)
        except NoDataAfterDate:
            found = self._table.source.of(int(asset))
            row = len(found.raw["close"]) - 1
        except NoDataOnDate:
            return pd.NaT
        traded = np.flatnonzero(found.volumes[: row + 1])
        return self.sessions[found.first + int(traded[-1])] if len(traded) else pd.NaT

    def currency_codes(self, sids) -> np.ndarray:
        """USD for the assets of the table, None for others."""
        known = self._table.source
        codes = ["USD" if known.of(int(sid)) is not None else None for sid in sids]
        return np.array(codes, dtype=object)
