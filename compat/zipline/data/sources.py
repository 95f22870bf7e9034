"""Where a run's bars come from: the one face of catalogs, existing files and frames.

Everything above (the market of a run, history, Pipeline loaders, `DataPortal`, the readers that
scripts see) asks a `DailySource` or a `MinuteSource` for one asset's whole columns, as stored, and
turns them into prices with `scale`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

FIELDS = ("open", "high", "low", "close", "volume")
PRICES = FIELDS[:4]

#: What a stored price is multiplied by: prices are whole thousandths in 32 bits.
THOUSANDTH = 0.001


@dataclass(frozen=True)
class DailyColumns:
    """One asset's sessions, without gaps.

    first: the place of row 0 among the sessions of the source. raw: by field, uint32[rows] where 0
    means no trade, or (scale None) float64[rows] where NaN does.
    """

    first: int
    raw: Mapping[str, np.ndarray]
    scale: float | None = THOUSANDTH

    def prices(self, field: str) -> np.ndarray:
        """float64[rows]: a price as traded, NaN where there was no trade."""
        return prices(self.raw[field], self.scale)

    @property
    def volumes(self) -> np.ndarray:
        """uint32 or float64 [rows]: shares traded, 0 where none."""
        return self.raw["volume"]


@dataclass(frozen=True)
class MinuteColumns:
    """One asset's minutes that have data.

    slots: int64[rows], ascending: session x minutes_per_day + minute of the session, sessions
    counted on those of the source, minutes from the session's first minute (0). raw, scale: as
    those of `DailyColumns`.
    """

    slots: np.ndarray
    raw: Mapping[str, np.ndarray]
    scale: float | None = THOUSANDTH

    def prices(self, field: str) -> np.ndarray:
        """float64[rows]: a price as traded, NaN where there was no trade."""
        return prices(self.raw[field], self.scale)

    @property
    def volumes(self) -> np.ndarray:
        """uint32 or float64 [rows]: shares traded."""
        return self.raw["volume"]

    def places(self, first: int, lengths: np.ndarray, per_day: int) -> tuple[np.ndarray, Any, int]:
        """Where rows are among all minutes of consecutive sessions, for `dense`.

        first: the first session, as counted by the slots. lengths: int64[sessions], how many
        minutes each of them trades. per_day: the source's minutes_per_day. Returns the rows'
        places, int64; which rows have one, bool[rows] or all of them as a slice; sum(lengths).
        """
        session, minute = np.divmod(self.slots, per_day)
        session -= first
        inside: Any = (session >= 0) & (session < len(lengths))
        inside[inside] = minute[inside] < lengths[session[inside]]
        if inside.all():
            inside = slice(None)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return starts[session[inside]] + minute[inside], inside, int(starts[-1])

    def dense(self, field: str, places: tuple[np.ndarray, Any, int]) -> np.ndarray:
        """Every minute of consecutive sessions: NaN (volume: 0) where there is no data.

        Returns [minutes], float64 for prices, the stored type for volume.
        """
        into, rows, count = places
        if field == "volume":
            values, out = self.volumes, np.zeros(count, dtype=self.volumes.dtype)
        else:
            values, out = self.prices(field), np.full(count, np.nan)
        out[into] = values[rows]
        return out


def prices(raw: np.ndarray, scale: float | None) -> np.ndarray:
    """float64: stored prices as prices, NaN for none."""
    if scale is None:
        return raw
    return np.where(raw == 0, np.nan, raw.astype(np.float64) * scale)


class DailySource(Protocol):
    """Daily bars of all assets of a bundle.

    sids: int64[N] in the sequence in which they were written. decimals: to which history rounds
    adjusted values; None for not at all.
    """

    sids: np.ndarray
    decimals: int | None

    def of(self, sid: int) -> DailyColumns | None:
        """An asset's columns; None when it has none. Raw columns may be read at first use."""
        ...


class MinuteSource(Protocol):
    """Minute bars of all assets of a bundle.

    minutes_per_day: slots that each session has (390, or 1440 where trading goes on all day).
    """

    sids: np.ndarray
    decimals: int | None
    minutes_per_day: int

    def of(self, sid: int, first: int = 0, end: int | None = None) -> MinuteColumns | None:
        """An asset's minutes from the session `first` to before `end`; None when it has none."""
        ...


class StoredDailyBars:
    """Daily bars of files: a `DailySource` whose columns hold asset after asset.

    sids: int64[N]. begin, end: int64[N], where each asset's rows lie in the columns. offset:
    int64[N], the place of its first row among the sessions. read: gives a whole column by name;
    called once for each, at its first use.
    """

    decimals: int | None = 3

    def __init__(
        self,
        sids: np.ndarray,
        begin: np.ndarray,
        end: np.ndarray,
        offset: np.ndarray,
        read: Callable[[str], np.ndarray],
    ) -> None:
        self.sids = sids
        # A sid that was written twice counts as it was written last.
        self._places = dict(
            zip(
                sids.tolist(),
                zip(begin.tolist(), end.tolist(), offset.tolist(), strict=True),
                strict=True,
            )
        )
        self.columns = _ReadColumns(read)

    def of(self, sid: int) -> DailyColumns | None:
        """An asset's columns; None when it has none."""
        place = self._places.get(sid)
        if place is None:
            return None
        begin, end, offset = place
        return DailyColumns(offset, _Part(self.columns, slice(begin, end)))

    def first_row(self, sid: int) -> int:
        """Where the asset's rows begin in the columns."""
        return self._places[sid][0]


class ReadDays:
    """Daily bars of any reader: a `DailySource` that asks it once for each asset.

    reader: has `sessions` and `load_raw_arrays`.
    """

    decimals: int | None = 3

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self._columns: dict[int, DailyColumns | None] = {}
        self.sids: np.ndarray = np.asarray(getattr(reader, "sids", ()), dtype=np.int64)

    def of(self, sid: int) -> DailyColumns | None:
        """An asset's columns, of all sessions; None when the reader does not know it."""
        if sid not in self._columns:
            self._columns[sid] = self._read(sid)
        return self._columns[sid]

    def _read(self, sid: int) -> DailyColumns | None:
        import pandas as pd

        from .bar_reader import NoDataForSid

        days, wanted = self._reader.sessions, pd.Index([sid], dtype=np.int64)
        try:
            found = self._reader.load_raw_arrays(list(FIELDS), days[0], days[-1], wanted)
        except (NoDataForSid, ValueError, KeyError):
            return None
        columns = (np.asarray(one, dtype=np.float64)[:, 0] for one in found)
        raw: dict[str, np.ndarray] = dict(zip(FIELDS, columns, strict=True))
        raw["volume"] = np.nan_to_num(raw["volume"])
        return DailyColumns(0, raw, None)


class _ReadColumns(dict):
    """Whole columns by name, each read at its first use."""

    def __init__(self, read: Callable[[str], np.ndarray]) -> None:
        self._read = read

    def __missing__(self, name: str) -> np.ndarray:
        column = self[name] = self._read(name)
        return column


class _Part(dict):
    """One asset's rows of such columns."""

    def __init__(self, columns: Mapping[str, np.ndarray], rows: slice) -> None:
        self._columns = columns
        self._rows = rows

    def __missing__(self, name: str) -> np.ndarray:
        part = self[name] = self._columns[name][self._rows]
        return part


class DailyTable:
    """A daily source with the calendar (None: not known) and the sessions that it covers."""

    def __init__(self, source: Any, calendar, sessions) -> None:
        self.source = source
        self.calendar = calendar
        self.sessions = sessions

    @cached_property
    def first_trading_day(self):
        """The first session on which an asset has a bar; NaT when none has any."""
        import pandas as pd

        found = [one.first for sid in self.source.sids.tolist() if (one := self.source.of(sid))]
        return self.sessions[min(found)] if found else pd.NaT


class MinuteTable:
    """A minute source with its calendar and the sessions that it covers."""

    def __init__(self, source: Any, calendar, sessions) -> None:
        self.source = source
        self.calendar = calendar
        self.sessions = sessions
