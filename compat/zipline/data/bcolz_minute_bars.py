"""Minute bars: the reader that scripts see, whatever the bars lie in, and the writer."""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ....core.data import bcolz
from ..unsupported import module_gaps
from ..utils.calendar_utils import get_calendar
from .bar_reader import BarReader, NoDataForSid, NoDataOnDate
from .bcolz_daily_bars import UINT32_MAX, check_behaviour
from .sources import FIELDS, PRICES, MinuteColumns, MinuteTable

__all__ = [
    "BcolzMinuteBarMetadata",
    "BcolzMinuteBarReader",
    "BcolzMinuteBarWriter",
    "BcolzMinuteOverlappingData",
    "BcolzMinuteWriterColumnMismatch",
    "MinuteBarReader",
    "MinuteBarUpdateReader",
]

__getattr__ = module_gaps("zipline.data.bcolz_minute_bars")

log = logging.getLogger("MinuteBars")

US_EQUITIES_MINUTES_PER_DAY = 390
FUTURES_MINUTES_PER_DAY = 1440
OHLC_RATIO = 1000
DEFAULT_EXPECTEDLEN = US_EQUITIES_MINUTES_PER_DAY * 252 * 15
_MINUTE = 60 * 10**9  # ns
_ATTRIBUTES = "__attrs__"


class BcolzMinuteOverlappingData(Exception):
    """The asset has the last of these minutes already."""


class BcolzMinuteWriterColumnMismatch(Exception):
    """A column is longer or shorter than the minutes."""


class MinuteBarReader(BarReader):
    """A reader of minute bars."""

    @property
    def data_frequency(self) -> str:
        return "minute"


class MinuteBarUpdateReader(ABC):
    """Gives minutes that came after the last ingestion."""

    @abstractmethod
    def read(self, dts, sids):
        """Pairs of a sid and its frame, for the minutes `dts`."""


class BcolzMinuteBarMetadata:
    """What holds for all assets of a folder of minute bars: its file `metadata.json`."""

    FORMAT_VERSION = 3
    METADATA_FILENAME = "metadata.json"

    def __init__(
        self,
        default_ohlc_ratio,
        ohlc_ratios_per_sid,
        calendar,
        start_session,
        end_session,
        minutes_per_day,
        version=FORMAT_VERSION,
    ) -> None:
        self.default_ohlc_ratio = default_ohlc_ratio
        self.ohlc_ratios_per_sid = ohlc_ratios_per_sid
        self.calendar = calendar
        self.start_session = start_session
        self.end_session = end_session
        self.minutes_per_day = minutes_per_day
        self.version = version

    @classmethod
    def metadata_path(cls, rootdir) -> str:
        return str(Path(rootdir, cls.METADATA_FILENAME))

    @classmethod
    def read(cls, rootdir) -> BcolzMinuteBarMetadata:
        """Of any version: what an older one does not say is that of US equities."""
        import pandas as pd

        raw = json.loads(Path(cls.metadata_path(rootdir)).read_text())
        version = raw.get("version", 0)
        calendar = get_calendar(raw["calendar_name"] if version >= 2 else "XNYS")
        if version >= 2:
            start, end = pd.Timestamp(raw["start_session"]), pd.Timestamp(raw["end_session"])
        else:
            start = pd.Timestamp(raw["first_trading_day"])
            last_close: Any = pd.Timestamp(raw["market_closes"][-1], unit="m")
            end = calendar.minute_to_session(last_close)
        ratios = raw.get("ohlc_ratios_per_sid")
        if ratios is not None:
            ratios = {int(sid): ratio for sid, ratio in ratios.items()}
        per_day = raw.get("minutes_per_day", US_EQUITIES_MINUTES_PER_DAY)
        return cls(raw["ohlc_ratio"], ratios, calendar, start, end, per_day, version)

    def write(self, rootdir) -> None:
        raw = {
            "version": self.version,
            "ohlc_ratio": self.default_ohlc_ratio,
            "ohlc_ratios_per_sid": self.ohlc_ratios_per_sid,
            "minutes_per_day": self.minutes_per_day,
            "calendar_name": self.calendar.name,
            "start_session": str(self.start_session.date()),
            "end_session": str(self.end_session.date()),
        }
        Path(self.metadata_path(rootdir)).write_text(json.dumps(raw))


class BcolzMinuteFolder:
    """Minute bars in a folder of tables of bcolz, one for each asset: a `MinuteSource`, and what
    `BcolzMinuteBarWriter` writes to. A table holds every slot; a shorter one has ended.
    """

    decimals: int | None = 3

    def __init__(self, folder: Path, per_day: int, ratio: Callable[[int], float]) -> None:
        self._folder = folder
        #: What an asset's prices were multiplied by.
        self.ratio = ratio
        self.minutes_per_day = per_day

    def table(self, sid: int) -> Path:
        """The folder of an asset's table, which need not be there."""
        digits = f"{int(sid):06}"
        return self._folder / digits[:2] / digits[2:4] / f"{digits}.bcolz"

    @property
    def sids(self) -> np.ndarray:
        found = sorted(int(path.stem) for path in self._folder.glob("*/*/*.bcolz"))
        return np.array(found, dtype=np.int64)

    def length(self, sid: int) -> int | None:
        """How many slots were written; None when the asset has no table."""
        try:
            return bcolz.column_length(self.table(sid) / "close")
        except FileNotFoundError:
            return None

    def of(self, sid: int, first: int = 0, end: int | None = None) -> MinuteColumns | None:
        """An asset's minutes from the session `first` to before `end`; None when it has none."""
        length = self.length(sid)
        if length is None:
            return None
        low = first * self.minutes_per_day
        high = length if end is None else min(end * self.minutes_per_day, length)
        raw = {n: bcolz.read_column(self.table(sid) / n, low, max(high, low)) for n in FIELDS}
        rows = np.flatnonzero(np.logical_or.reduce([column != 0 for column in raw.values()]))
        columns = {name: column[rows] for name, column in raw.items()}
        return MinuteColumns(rows + low, columns, 1.0 / self.ratio(int(sid)))

    def append(self, sid: int, columns: dict[str, np.ndarray]) -> None:
        """Add slots behind those that the asset has."""
        self._rewrite(sid, lambda name, column: np.concatenate([column, columns[name]]))

    def truncate(self, length: int) -> None:
        """Drop what lies behind so many slots, of every asset."""
        for sid in self.sids.tolist():
            if (self.length(sid) or 0) > length:
                self._rewrite(sid, lambda name, column: column[:length])

    def _rewrite(self, sid: int, changed: Callable[[str, np.ndarray], np.ndarray]) -> None:
        table = self.table(sid)
        known = table.exists()
        none = np.zeros(0, dtype=np.uint32)
        before = {name: bcolz.read_column(table / name) if known else none for name in FIELDS}
        after = {name: changed(name, column) for name, column in before.items()}
        bcolz.write_table(table, after, bcolz.read_attributes(table) if known else {})

    def attributes(self, sid: int) -> dict[str, Any]:
        table = self.table(sid)
        return bcolz.read_attributes(table) if table.exists() else {}

    def set_attributes(self, sid: int, attributes: dict[str, Any]) -> None:
        if not self.table(sid).exists():
            self._rewrite(sid, lambda name, column: column)
        text = json.dumps({**self.attributes(sid), **attributes})
        (self.table(sid) / _ATTRIBUTES).write_text(text)


class BcolzMinuteBarWriter:
    """Takes assets' minute bars: frames with the five columns, indexed by minute (UTC).

    rootdir: the folder of the tables. minutes_per_day: slots of each session, from its first
    minute. default_ohlc_ratio, ohlc_ratios_per_sid: what prices are multiplied by before they
    become whole numbers.
    """

    COL_NAMES = FIELDS

    def __init__(
        self,
        rootdir,
        calendar,
        start_session,
        end_session,
        minutes_per_day,
        default_ohlc_ratio=OHLC_RATIO,
        ohlc_ratios_per_sid=None,
        expectedlen=DEFAULT_EXPECTEDLEN,
        write_metadata=True,
    ) -> None:
        self._rootdir = Path(rootdir)
        self._calendar = calendar
        self._start_session = start_session
        self._end_session = end_session
        self._minutes_per_day = minutes_per_day
        self._default_ohlc_ratio = default_ohlc_ratio
        self._ohlc_ratios_per_sid = ohlc_ratios_per_sid
        rows = calendar.sessions.slice_indexer(start_session, end_session)
        self._labels = calendar.sessions[rows]
        self._opens = calendar.first_minutes_nanos[rows] // _MINUTE
        self._files = self._open_files()
        if write_metadata:
            self._write_metadata()

    def _open_files(self) -> Any:
        """What takes the slots of the assets: see `BcolzMinuteFolder`."""
        return BcolzMinuteFolder(self._rootdir, self._minutes_per_day, self.ohlc_ratio_for_sid)

    def _write_metadata(self) -> None:
        BcolzMinuteBarMetadata(
            self._default_ohlc_ratio,
            self._ohlc_ratios_per_sid,
            self._calendar,
            self._start_session,
            self._end_session,
            self._minutes_per_day,
        ).write(self._rootdir)

    @classmethod
    def open(cls, rootdir, end_session=None) -> BcolzMinuteBarWriter:
        """Go on with a folder, up to `end_session` (default: as it was)."""
        found = BcolzMinuteBarMetadata.read(rootdir)
        return cls(
            rootdir,
            found.calendar,
            found.start_session,
            found.end_session if end_session is None else end_session,
            found.minutes_per_day,
            found.default_ohlc_ratio,
            found.ohlc_ratios_per_sid,
            write_metadata=end_session is not None,
        )

    @property
    def first_trading_day(self):
        return self._start_session

    def ohlc_ratio_for_sid(self, sid):
        return (self._ohlc_ratios_per_sid or {}).get(sid, self._default_ohlc_ratio)

    def sidpath(self, sid) -> str:
        """The folder of an asset's table."""
        return str(self._files.table(sid))

    def last_date_in_output_for_sid(self, sid):
        """The last session that was written whole; NaT for none."""
        import pandas as pd

        days = (self._files.length(int(sid)) or 0) // self._minutes_per_day
        return self._labels[days - 1] if days else pd.NaT

    def data_len_for_day(self, day) -> int:
        """How many slots there are up to the end of a session."""
        return (self._labels.get_loc(day) + 1) * self._minutes_per_day

    def pad(self, sid, date) -> None:
        """Fill up with empty slots to the end of the session `date`."""
        if date >= self._labels[0]:
            self._fill(int(sid), self.data_len_for_day(date))

    def _fill(self, sid: int, length: int) -> None:
        missing = length - (self._files.length(sid) or 0)
        if missing > 0:
            self._files.append(sid, dict.fromkeys(FIELDS, np.zeros(missing, dtype=np.uint32)))

    def set_sid_attrs(self, sid, **kwargs) -> None:
        """Keep further words about an asset; `get_sid_attr` of a reader gives them back."""
        self._files.set_attributes(int(sid), kwargs)

    def write(self, data, show_progress=False, invalid_data_behavior="warn") -> None:
        """Add `data`: pairs of a sid and its frame."""
        for sid, frame in data:
            self.write_sid(sid, frame, invalid_data_behavior)

    def write_sid(self, sid, df, invalid_data_behavior="warn") -> None:
        """Add an asset's minutes.

        Minutes that are not in the frame, and missing values, are empty. A row with a value that
        does not fit 32 bits is emptied with a logged warning, without one for "ignore", and an
        error with "raise". Raises BcolzMinuteOverlappingData when the asset has the last minute
        already, KeyError when that is no minute of a session.
        """
        columns = {name: df[name].to_numpy() for name in FIELDS}
        self.write_cols(sid, df.index.values, columns, invalid_data_behavior)

    def write_cols(self, sid, dts, cols, invalid_data_behavior="warn") -> None:
        """As `write_sid`, from minutes (datetime64, UTC) and a dict of columns.

        Raises BcolzMinuteWriterColumnMismatch.
        """
        lengths = {name: len(cols[name]) for name in FIELDS}
        if set(lengths.values()) != {len(dts)}:
            raise BcolzMinuteWriterColumnMismatch(
                f"Length of dts={len(dts)} should match cols: {lengths}."
            )
        check_behaviour(invalid_data_behavior)
        sid = int(sid)
        slots = self._slots(np.asarray(dts).astype("datetime64[ns]").astype(np.int64))
        known = self._files.length(sid) or 0
        last = int(slots[-1])
        if last < known:
            raise BcolzMinuteOverlappingData(
                f"sid {sid} has minutes up to slot {known - 1} already, and the last of these is "
                f"{np.asarray(dts)[-1]}, slot {last}: write each minute once, in order."
            )
        self._fill(sid, int(slots[0]) // self._minutes_per_day * self._minutes_per_day)
        known = self._files.length(sid) or 0
        new = slots >= known
        ratio = self.ohlc_ratio_for_sid(sid)
        numbers = _whole_numbers(sid, cols, ratio, invalid_data_behavior)
        whole = {name: np.zeros(last + 1 - known, dtype=np.uint32) for name in FIELDS}
        for name, column in whole.items():
            column[slots[new] - known] = numbers[name][new]
        self._files.append(sid, whole)

    def _slots(self, nanoseconds: np.ndarray) -> np.ndarray:
        """The slot of each time: its own, or the next one behind the end of a session."""
        minute = -(-nanoseconds // _MINUTE)
        session = np.searchsorted(self._opens, minute, side="right") - 1
        offset = np.where(session < 0, 0, minute - self._opens[session])
        late = offset >= self._minutes_per_day
        if late[-1] or session[-1] < 0 or nanoseconds[-1] % _MINUTE:
            time = np.datetime64(int(nanoseconds[-1]), "ns")
            raise KeyError(f"{time}: not a minute of a session of {self._calendar.name}.")
        session = np.where(late, session + 1, np.maximum(session, 0))
        return session * self._minutes_per_day + np.where(late, 0, offset)

    def truncate(self, date) -> None:
        """Drop what lies behind the session `date`, of all assets."""
        self._files.truncate(self.data_len_for_day(date))
        self._end_session = date
        self._write_metadata()


def _whole_numbers(sid, cols, ratio: float, behaviour: str) -> dict[str, np.ndarray]:
    values = {n: np.nan_to_num(np.asarray(cols[n], dtype=np.float64)) for n in FIELDS}
    for name in PRICES:
        values[name] = np.round(values[name] * ratio)
    too_large = np.zeros(len(values["close"]), dtype=bool)
    for name, column in values.items():
        large = column >= UINT32_MAX
        if not large.any():
            continue
        if behaviour == "raise":
            raise ValueError(
                f"Value {column.max()} from column '{name}' of sid {sid} is too large for 32 bits."
            )
        if behaviour == "warn":
            log.warning(
                "sid %s: rows with a %s of up to %s do not fit 32 bits and become empty.",
                sid, name, column.max(),
            )  # fmt: skip
        too_large |= large
    return {
        name: np.where(too_large, 0.0, column).astype(np.int64).astype(np.uint32)
        for name, column in values.items()
    }


def minute_table(rootdir: Path) -> MinuteTable:
    """A folder of minute bars in place."""
    found = BcolzMinuteBarMetadata.read(rootdir)
    ratios = found.ohlc_ratios_per_sid or {}
    source = BcolzMinuteFolder(
        rootdir, found.minutes_per_day, lambda sid: ratios.get(sid, found.default_ohlc_ratio)
    )
    rows = found.calendar.sessions.slice_indexer(found.start_session, found.end_session)
    return MinuteTable(source, found.calendar, found.calendar.sessions[rows])


class BcolzMinuteBarReader(MinuteBarReader):
    """Reads minute bars.

    rootdir: a folder as `BcolzMinuteBarWriter` writes it, or a `MinuteTable` (which bundles hand
    in). sid_cache_sizes: taken and not needed.
    """

    FIELDS = FIELDS

    def __init__(self, rootdir, sid_cache_sizes=None) -> None:
        self._table = rootdir if isinstance(rootdir, MinuteTable) else minute_table(Path(rootdir))
        self._columns: dict[int, MinuteColumns] = {}

    @property
    def calendar(self):
        return self._table.calendar

    trading_calendar = calendar

    @property
    def first_trading_day(self):
        return self._table.sessions[0]

    @cached_property
    def last_available_dt(self):
        return self.calendar.session_close(self._table.sessions[-1])

    @cached_property
    def _hours(self) -> tuple[np.ndarray, np.ndarray]:
        """First and last minute of each session, in minutes since 1970."""
        sessions = self.calendar.sessions
        rows = sessions.slice_indexer(self._table.sessions[0], self._table.sessions[-1])
        first = self.calendar.first_minutes_nanos[rows] // _MINUTE
        return first, self.calendar.last_minutes_nanos[rows] // _MINUTE

    @property
    def _per_day(self) -> int:
        return self._table.source.minutes_per_day

    def _of(self, sid) -> MinuteColumns:
        sid = int(sid)
        if sid not in self._columns:
            found = self._table.source.of(sid)
            if found is None:
                raise NoDataForSid(f"No minute data for sid {sid}.")
            self._columns[sid] = found
        return self._columns[sid]

    def table_len(self, sid) -> int:
        """How many slots the asset has, with and without data."""
        self._of(sid)
        return self._table.source.length(int(sid))

    def get_sid_attr(self, sid, name):
        """What `set_sid_attrs` of the writer kept; None when there is nothing."""
        return self._table.source.attributes(int(sid)).get(name)

    def _slot(self, dt) -> int:
        """The slot of a minute; behind the end of its session the session's last one.

        Raises ValueError when the time lies in no session.
        """
        first, last = self._hours
        minute = dt.value // _MINUTE
        session = int(np.searchsorted(first, minute, side="right")) - 1
        if session < 0 or minute - first[session] >= self._per_day:
            raise ValueError(f"{dt} is not between an open and a close.")
        return session * self._per_day + int(min(minute, last[session]) - first[session])

    def get_value(self, sid, dt, field):
        """A field at a minute: NaN (volume: 0) where there was no trade.

        Raises NoDataOnDate when the market was closed, NoDataForSid.
        """
        try:
            slot = self._slot(dt)
        except ValueError as error:
            raise NoDataOnDate(str(error)) from None
        found = self._of(sid)
        row = int(np.searchsorted(found.slots, slot))
        if row == len(found.slots) or found.slots[row] != slot:
            return 0 if field == "volume" else np.nan
        value = found.raw[field][row].item()
        if field == "volume":
            return value
        return np.nan if value == 0 else value * (1.0 if found.scale is None else found.scale)

    def get_last_traded_dt(self, asset, dt):
        """The latest minute up to `dt` with volume, from the asset's first day on; else NaT."""
        import pandas as pd

        found = self._of(asset)
        first, _ = self._hours
        traded = found.slots[found.volumes != 0]
        session, offset = np.divmod(traded, self._per_day)
        minutes = first[session] + offset
        place = int(np.searchsorted(minutes, dt.value // _MINUTE, side="right")) - 1
        if place < 0 or minutes[place] < asset.start_date.value // _MINUTE:
            return pd.NaT
        return pd.Timestamp(int(minutes[place]) * _MINUTE, tz="UTC")

    def load_raw_arrays(self, fields, start_dt, end_dt, sids) -> list[np.ndarray]:
        """For each field an array [minutes, assets], market minutes only: prices float64, volumes
        uint32. Raises NoDataForSid, ValueError for a time outside of sessions.
        """
        start, end = self._slot(start_dt), self._slot(end_dt)
        first, last = self._hours
        session, minute = start // self._per_day, start % self._per_day
        end_session, end_minute = divmod(end, self._per_day)
        rows = slice(session, end_session + 1)
        lengths = last[rows] - first[rows] + 1
        behind = int(lengths[-1]) - end_minute - 1
        count = int(lengths.sum()) - minute - behind
        stored = [self._of(sid) for sid in sids]
        places = [one.places(session, lengths, self._per_day) for one in stored]
        out = []
        for field in fields:
            whole = [
                one.dense(field, place)[minute:][:count]
                for one, place in zip(stored, places, strict=True)
            ]
            kind = np.uint32 if field == "volume" else np.float64
            empty = np.zeros((count, 0), dtype=kind)
            out.append(np.column_stack(whole) if whole else empty)
        return out
