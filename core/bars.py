"""`Bars`: the aligned market data that the engine runs on, and the ways to make it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .checks import (
    FIELDS,
    AssetColumns,
    Repair,
    Repaired,
    all_good,
    clean,
    clean_times,
)
from .errors import DataError
from .times import format_time, instant, to_times

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa
    from numpy.typing import ArrayLike

__all__ = ["FIELDS", "Bars", "Playback", "Repair", "Repaired", "aligned"]

#: What bars may have of their own beyond prices, [N, T] each.
_OWN = {"mask": np.dtype(bool), "stamps": np.dtype(np.int64)}

Policy = Repair | Mapping[str, str] | None


@dataclass(frozen=True, eq=False, repr=False)
class Bars:
    """Bars of N assets on T common times.

    times: int64[T], nanoseconds since 1970 UTC, strictly increasing. assets: the N names.
    values: float64[5, N, T] in C order, the fields in the order of `FIELDS`, so that the history
    of one field of one asset is contiguous. extra: float64[T, N] by name (signals, funding rates,
    open interest, adjusted close). NaN in the close means that the asset has no bar at that time;
    NaN in the volume that its volume is not known. repairs: what a policy changed on the way in.

    mask: bool[N, T], where an asset has a bar, also one without a close: None, where it has a
    close. stamps: int64[N, T], ns, the time that each asset's bar bears itself, where bars come
    later than that or several bear one time; in any sequence. None: all bear that of `times`.
    Orders are judged by what their asset's bars bear: see docs/semantics.md.

    Make one with `from_arrays`, `from_pandas`, `from_polars` or `from_arrow`, which check the
    data; the plain constructor checks shapes and times only. Arrays are shared, not copied, where
    their form allows it: do not write to them.
    """

    times: np.ndarray
    assets: tuple[str, ...]
    values: np.ndarray
    extra: dict[str, np.ndarray] = field(default_factory=dict)
    repairs: tuple[Repaired, ...] = ()
    mask: np.ndarray | None = None
    stamps: np.ndarray | None = None

    def __post_init__(self) -> None:
        shape = (len(FIELDS), len(self.assets), len(self.times))
        if self.times.dtype != np.int64 or self.times.ndim != 1:
            raise TypeError(f"times must be int64[T], not {self.times.dtype}{self.times.shape}")
        if self.values.dtype != np.float64 or self.values.shape != shape:
            raise TypeError(
                f"values must be float64{shape}, not {self.values.dtype}{self.values.shape}"
            )
        for name, matrix in self.extra.items():
            if matrix.shape != shape[:0:-1]:
                raise TypeError(
                    f"extra[{name!r}] must be [T, N] = {shape[:0:-1]}, not {matrix.shape}"
                )
        for name, dtype in _OWN.items():
            own = getattr(self, name)
            if own is not None and (own.dtype != dtype or own.shape != shape[1:]):
                raise TypeError(f"{name} must be {dtype}{shape[1:]}, not {own.dtype}{own.shape}")
        if len(set(self.assets)) != len(self.assets):
            raise DataError("duplicate_assets", f"an asset stands twice in {self.assets}")
        if not (self.times[1:] > self.times[:-1]).all():
            clean_times(_rows_of(self.times, self.assets), Repair())

    @property
    def open(self) -> np.ndarray:
        """float64[T, N], Fortran order: the first price of each bar."""
        return self.values[0].T

    @property
    def high(self) -> np.ndarray:
        """float64[T, N], Fortran order: the highest price of each bar."""
        return self.values[1].T

    @property
    def low(self) -> np.ndarray:
        """float64[T, N], Fortran order: the lowest price of each bar."""
        return self.values[2].T

    @property
    def close(self) -> np.ndarray:
        """float64[T, N], Fortran order: the last price of each bar; NaN where there is no bar."""
        return self.values[3].T

    @property
    def volume(self) -> np.ndarray:
        """float64[T, N], Fortran order: units traded in each bar; NaN where not known."""
        return self.values[4].T

    @property
    def present(self) -> np.ndarray:
        """bool[T, N]: where the asset has a bar."""
        return ~np.isnan(self.close) if self.mask is None else self.mask.T

    @property
    def datetimes(self) -> np.ndarray:
        """datetime64[ns][T]: the times, the same memory."""
        return self.times.view("datetime64[ns]")

    def __len__(self) -> int:
        return len(self.times)

    def __repr__(self) -> str:
        names = ", ".join(self.assets[:6]) + (", ..." if len(self.assets) > 6 else "")
        span = "empty"
        if len(self):
            span = f"{format_time(self.times[0])} to {format_time(self.times[-1])}"
        return f"Bars({len(self)} times, {len(self.assets)} assets: {names}; {span})"

    def index(self, asset: str) -> int:
        """The column of an asset; KeyError with the known names if there is none."""
        try:
            return self.assets.index(asset)
        except ValueError:
            known = ", ".join(self.assets)
            raise KeyError(f"no asset {asset!r} in these bars; there are {known}") from None

    def select(self, assets: Sequence[str]) -> Bars:
        """The bars of some assets, in the order asked for, on all the times."""
        columns = [self.index(asset) for asset in assets]
        extra = {name: _fortran(matrix[:, columns]) for name, matrix in self.extra.items()}
        return replace(
            self,
            assets=tuple(assets),
            values=np.ascontiguousarray(self.values[:, columns]),
            extra=extra,
            **{name: own[columns] for name, own in self._own()},
        )

    def between(self, start: object = None, end: object = None) -> Bars:
        """The bars from `start` to `end`, both included; no copy. None leaves an end open."""
        first = 0 if start is None else int(np.searchsorted(self.times, instant(start), "left"))
        stop = len(self) if end is None else int(np.searchsorted(self.times, instant(end), "right"))
        return self._slice(first, stop)

    def until(self, count: int) -> Bars:
        """The first `count` bars (0 to len), no copy: what a shorter data set would have been.

        The arrays are slices of these, so their `.base` leads to the later bars: see `view` for
        code that must not get there.
        """
        if not 0 <= count <= len(self):
            raise ValueError(
                f"until({count}): there are {len(self)} bars, ask for 0 to {len(self)}"
            )
        return self._slice(0, int(count))

    def view(self, time: object) -> Bars:
        """The bars known at `time` (ns UTC, datetime64, date, datetime or ISO text): none after it.

        A bar at exactly `time` is included. The arrays are read-only and lie in memory that holds
        no later bar (see `Playback`, which this uses): going forward a call costs microseconds,
        since it copies only the bars that are new; going back copies all bars up to `time`.
        """
        count = int(np.searchsorted(self.times, instant(time), "right"))
        playback: Playback | None = self.__dict__.get("_playback")
        if playback is None or count < playback.shown:
            playback = self.__dict__["_playback"] = self.playback()
        return playback.show(count)

    def playback(self) -> Playback:
        """These bars, to be shown one after the other: for a loop that steps through them."""
        return Playback(self)

    def _slice(self, first: int, stop: int) -> Bars:
        stop = max(first, stop)
        times = self.times[first:stop]
        own = {name: matrix[:, first:stop] for name, matrix in self._own()}
        return _unchecked(
            times,
            self.assets,
            self.values[:, :, first:stop],
            {name: matrix[first:stop] for name, matrix in self.extra.items()},
            tuple(r for r in self.repairs if len(times) and times[0] <= r.time <= times[-1])
            if stop - first < len(self)
            else self.repairs,
            **own,
        )

    def _own(self) -> list[tuple[str, np.ndarray]]:
        """Names and matrices, [N, T], of what these bars have of `_OWN`."""
        return [(name, getattr(self, name)) for name in _OWN if getattr(self, name) is not None]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_playback"}

    def with_extra(self, name: str, matrix: ArrayLike) -> Bars:
        """The same bars with one more named matrix: float64[T, N], or [T] for a single asset."""
        column = np.asarray(matrix, dtype=np.float64)
        if column.ndim == 1:
            column = column[:, None]
        return replace(self, extra={**self.extra, name: _fortran(column)})

    def join_asof(
        self,
        times: ArrayLike,
        values: ArrayLike,
        latency_ns: int = 0,
        *,
        asset: str | None = None,
        carry: bool = True,
        several: Literal["last", "sum"] = "last",
    ) -> np.ndarray:
        """Put what arrives between bars (signals, funding, dividends) onto the bars.

        times: n instants, in any order. values: n numbers, or n rows of k numbers. Each is
        effective on the first bar at or after its time plus `latency_ns` (nanoseconds, not
        negative), never before; after the last bar it is never effective. With `asset` only bars
        that this asset has count. `carry` keeps a value in force until the next one (a signal);
        without it the value stands on its one bar alone (a payment). Of `several` on one bar the
        last in time is taken, or their sum.

        Returns float64[T] or float64[T, k]; NaN where nothing is in force.
        """
        at = to_times(times)
        numbers = np.asarray(values, dtype=np.float64)
        if numbers.ndim not in (1, 2) or at.ndim != 1 or len(numbers) != len(at):
            raise ValueError(f"{at.shape} times do not go with values of shape {numbers.shape}")
        if latency_ns < 0:
            raise ValueError(f"latency_ns={latency_ns}: a signal cannot act before it arrives")
        if several == "sum" and carry:
            raise ValueError("several='sum' adds up payments: pass carry=False with it")
        row_of = np.arange(len(self))
        if asset is not None:
            row_of = row_of[self.present[:, self.index(asset)]]
        order = np.argsort(at, kind="stable")
        bar = np.searchsorted(self.times[row_of], at[order] + int(latency_ns), "left")
        in_time = bar < len(row_of)
        bar, numbers = row_of[bar[in_time]], numbers[order][in_time]
        out = np.full((len(self), *numbers.shape[1:]), np.nan)
        if several == "sum":
            out[bar] = 0.0
            np.add.at(out, bar, numbers)
        else:
            last = np.concatenate([bar[1:] != bar[:-1], [True]]) if len(bar) else in_time[:0]
            out[bar[last]] = numbers[last]
        if carry and len(bar):
            source = np.full(len(self), -1)
            source[bar] = bar
            np.maximum.accumulate(source, out=source)
            out[source >= 0] = out[source[source >= 0]]
        return out

    @classmethod
    def from_arrays(
        cls,
        times: ArrayLike,
        open: ArrayLike,
        high: ArrayLike,
        low: ArrayLike,
        close: ArrayLike,
        volume: ArrayLike | None = None,
        assets: Sequence[str] | str | None = None,
        *,
        extra: Mapping[str, ArrayLike] | None = None,
        policy: Policy = None,
        time_zone: str | None = None,
    ) -> Bars:
        """Bars from arrays of one asset ([T]) or of several ([T, N]).

        times: int64 ns UTC, datetime64, dates or datetimes; those without a zone are in
        `time_zone` (default UTC). NaN in all four prices is no bar. Without `volume` it is NaN
        (not known). assets: N names (default "asset", or "asset0" to "assetN"). A matrix of
        float64[T, N] in Fortran order costs one copy. Raises `DataError` (see `Repair`).
        """
        rule = Repair.of(policy)
        instants = to_times(times, time_zone, rule.mixed_time_zones == "convert")
        length = len(instants)
        if length == 0:
            raise DataError("empty", "there are no bars", remedy="Pass at least one time")
        width = 1 if np.ndim(close) < 2 else np.shape(close)[1]
        names = _asset_names(assets, width)
        values = np.empty((len(FIELDS), width, length))
        for f, (name, column) in enumerate(
            zip(FIELDS, (open, high, low, close, volume), strict=True)
        ):
            values[f] = np.nan if column is None else _matrix(name, column, length, width).T
        more = {n: _matrix(n, m, length, width) for n, m in (extra or {}).items()}
        shared, repairs = clean_times(_rows_of(instants, names), rule)
        kept = shared.rows - 1
        if len(kept) != length or repairs:
            instants, values = shared.times, np.ascontiguousarray(values[:, :, kept])
            more = {n: m[kept] for n, m in more.items()}
        repairs = [r._replace(asset=None) for r in repairs]
        if not all_good(values):
            for n, asset in enumerate(names):
                columns = AssetColumns(asset, instants, values[:, n], {}, shared.rows)
                cleaned, changes = clean(columns, rule, blank=True)
                values[:, n] = cleaned.values
                repairs += changes
        more = {n: _fortran(m) for n, m in more.items()}
        return cls(np.ascontiguousarray(instants), names, values, more, tuple(repairs))

    @classmethod
    def from_columns(
        cls,
        columns: Sequence[AssetColumns],
        policy: Policy = None,
        repairs: Sequence[Repaired] = (),
    ) -> Bars:
        """Bars from the columns of each asset, aligned by the union of their times.

        What the readers use. `repairs` are those already made while reading.
        """
        rule = Repair.of(policy)
        done = list(repairs)
        ready: list[AssetColumns] = []
        for one in columns:
            if len(one.times) == 0:
                raise DataError(
                    "empty",
                    "there are no bars",
                    file=one.place.file,
                    asset=one.asset,
                    remedy="Leave the asset out, or give it at least one row",
                )
            if any(one.asset == other.asset for other in ready):
                raise DataError(
                    "duplicate_assets",
                    "bars of this asset came twice",
                    file=one.place.file,
                    asset=one.asset,
                    remedy="Give each file or frame an asset name of its own",
                )
            one, changes = clean_times(one, rule)
            done += changes
            one, changes = clean(one, rule)
            done += changes
            ready.append(one)
        if not ready or not any(len(one.times) for one in ready):
            raise DataError("empty", "there are no bars", remedy="Pass at least one row")
        return aligned(cls, ready, done)

    @classmethod
    def from_pandas(
        cls,
        data: pd.DataFrame | Mapping[str, pd.DataFrame],
        *,
        asset: str = "asset",
        columns: Mapping[str, str | None] | None = None,
        extra: Sequence[str] | None = None,
        time_zone: str | None = None,
        time_unit: str | None = None,
        policy: Policy = None,
    ) -> Bars:
        """Bars from a pandas frame, a dict of frames by asset, or a long frame.

        The times are the index, or a column such as `date`; a long frame has a column or an index
        level such as `symbol`. Columns are found by name in any case, or through `columns`, e.g.
        `{"close": "Last"}`. extra: further columns to keep (default: every numeric one). A row
        whose four prices are NaN is no bar. Raises `DataError` (see `Repair`).
        """
        from .tables import Options, pandas_columns

        rule = Repair.of(policy)
        options = Options(columns, extra, time_zone, time_unit, None, rule)
        read, repairs = pandas_columns(data, asset, options)
        return cls.from_columns(read, rule, repairs)

    @classmethod
    def from_polars(
        cls,
        data: pl.DataFrame | pl.LazyFrame | Mapping[str, pl.DataFrame],
        *,
        asset: str = "asset",
        columns: Mapping[str, str | None] | None = None,
        extra: Sequence[str] | None = None,
        time_zone: str | None = None,
        time_unit: str | None = None,
        policy: Policy = None,
    ) -> Bars:
        """Bars from a Polars frame of one asset, a dict of frames, or a long frame.

        As `from_pandas`; the times are a column. time_unit: the unit of integer times, one of s,
        ms, us, ns (default: told from their size, or from the form YYYYMMDD).
        """
        from .tables import Options, polars_columns

        rule = Repair.of(policy)
        options = Options(columns, extra, time_zone, time_unit, None, rule)
        read, repairs = polars_columns(data, asset, options)
        return cls.from_columns(read, rule, repairs)

    @classmethod
    def from_arrow(cls, data: pa.Table | Mapping[str, pa.Table], **options: Any) -> Bars:
        """Bars from an Arrow table, a record batch or a dict of them; options as `from_polars`."""
        import polars as pl

        def frame(table: pa.Table) -> pl.DataFrame:
            found = pl.from_arrow(table)
            return found if isinstance(found, pl.DataFrame) else found.to_frame()

        if isinstance(data, Mapping):
            return cls.from_polars({name: frame(one) for name, one in data.items()}, **options)
        return cls.from_polars(frame(data), **options)

    def to_polars(self) -> pl.DataFrame:
        """A long frame: time (datetime, UTC), asset, the five fields, the extra columns.

        Rows in time order, then in the order of the assets; only bars that exist.
        """
        import polars as pl

        time, asset = np.nonzero(self.present)
        fields = {name: self.values[f].T[time, asset] for f, name in enumerate(FIELDS)}
        more = {name: matrix[time, asset] for name, matrix in self.extra.items()}
        when = pl.Series("time", self.times[time]).cast(pl.Datetime("ns", "UTC"))
        names = pl.Series("asset", np.array(self.assets, dtype=object)[asset].tolist(), pl.String)
        return pl.DataFrame([when, names]).with_columns(
            **{name: pl.Series(column) for name, column in {**fields, **more}.items()}
        )

    def to_pandas(self, asset: str | None = None) -> pd.DataFrame:
        """One asset's bars, indexed by time (naive, UTC), the fields and extra as columns.

        Only bars that exist. `asset` may be left out where there is one.
        """
        import pandas as pd

        if asset is None and len(self.assets) != 1:
            raise ValueError(f"name one of the assets: {', '.join(self.assets)}")
        n = 0 if asset is None else self.index(asset)
        here = self.present[:, n]
        columns = {name: self.values[f, n][here] for f, name in enumerate(FIELDS)}
        columns |= {name: matrix[here, n] for name, matrix in self.extra.items()}
        return pd.DataFrame(columns, index=pd.DatetimeIndex(self.datetimes[here], name="time"))


class Playback:
    """Bars shown one after the other, in memory that never holds a bar that was not shown yet.

    What `show` gives are `Bars` whose arrays are slices of a buffer of its own. A bar is copied
    into the buffer when it is first shown; until then its place holds NaN (time: the largest
    int64). So neither `.base` nor striding past the end of an array finds a later bar, nor does the
    length of the buffer tell how many bars there are. Views shown earlier share the buffer: they
    keep their length, and what their `.base` holds beyond it has been shown since.

    The price: each bar is copied (a few microseconds, and some 20 ns for each number), and memory
    of up to twice the bars shown, for a moment thrice. Python can always reach everything through
    its frames and the garbage collector: this guards against mistakes and tricks with arrays, not
    against a debugger. Take one playback for each reader; threads must not share one.
    """

    __slots__ = ("_at", "_bars", "_extra", "_own", "_repairs", "_times", "_values", "shown")

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._repairs = sorted(bars.repairs, key=lambda repair: repair.time)
        self._at = [repair.time for repair in self._repairs]
        self.shown = 0
        """How many bars were shown."""
        self._times = np.empty(0, dtype=np.int64)
        self._values = np.empty((len(FIELDS), len(bars.assets), 0))
        self._extra = {name: np.empty((len(bars.assets), 0)) for name in bars.extra}
        self._own = {name: np.empty((len(bars.assets), 0), _OWN[name]) for name, _ in bars._own()}

    def show(self, count: int) -> Bars:
        """The first `count` bars: not fewer than were shown before, not more than there are."""
        bars, shown = self._bars, self.shown
        if not shown <= count <= len(bars.times):
            raise ValueError(
                f"show({count}): {shown} of {len(bars)} bars were shown; a playback goes forward "
                "only, make a new one to start again"
            )
        if count > shown:
            if count > len(self._times):
                self._grow(count)
            self._times[shown:count] = bars.times[shown:count]
            self._values[:, :, shown:count] = bars.values[:, :, shown:count]
            for name, matrix in bars.extra.items():
                self._extra[name][:, shown:count] = matrix[shown:count].T
            for name, matrix in bars._own():
                self._own[name][:, shown:count] = matrix[:, shown:count]
            self.shown = count
        times, values = self._times[:count], self._values[:, :, :count]
        times.flags.writeable = values.flags.writeable = False
        extra = {}
        for name, matrix in self._extra.items():
            extra[name] = column = matrix[:, :count].T
            column.flags.writeable = False
        own = {name: matrix[:, :count] for name, matrix in self._own.items()}
        for matrix in own.values():
            matrix.flags.writeable = False
        repairs = ()
        if self._at and count:
            repairs = tuple(self._repairs[: bisect_right(self._at, bars.times[count - 1])])
        return _unchecked(times, bars.assets, values, extra, repairs, **own)

    def _grow(self, count: int) -> None:
        """New buffers with room to spare. Earlier views keep the old ones."""
        shown, room = self.shown, max(2 * count, 64)

        def more(old: np.ndarray, nothing: float) -> np.ndarray:
            new = np.empty((*old.shape[:-1], room), old.dtype)
            new[..., :shown] = old[..., :shown]
            new[..., shown:] = nothing
            return new

        self._times = more(self._times, np.iinfo(np.int64).max)
        self._values = more(self._values, np.nan)
        self._extra = {name: more(old, np.nan) for name, old in self._extra.items()}
        self._own = {name: more(old, 0) for name, old in self._own.items()}


def _unchecked(
    times: np.ndarray,
    assets: tuple[str, ...],
    values: np.ndarray,
    extra: dict[str, np.ndarray],
    repairs: tuple[Repaired, ...],
    mask: np.ndarray | None = None,
    stamps: np.ndarray | None = None,
) -> Bars:
    """Bars from parts of bars that were checked: without looking at every time again."""
    new = object.__new__(Bars)
    new.__dict__.update(times=times, assets=assets, values=values, extra=extra, repairs=repairs)
    new.__dict__.update(mask=mask, stamps=stamps)
    return new


def _fortran(matrix: np.ndarray) -> np.ndarray:
    return np.asfortranarray(matrix, dtype=np.float64)


def _rows_of(times: np.ndarray, assets: tuple[str, ...]) -> AssetColumns:
    """Times alone, for the checks of times that several assets share."""
    rows = np.arange(1, len(times) + 1)
    name = assets[0] if len(assets) == 1 else None
    return AssetColumns(name, times, np.empty((len(FIELDS), len(times))), {}, rows)


def _asset_names(assets: Sequence[str] | str | None, width: int) -> tuple[str, ...]:
    if assets is None:
        return ("asset",) if width == 1 else tuple(f"asset{n}" for n in range(width))
    names = (assets,) if isinstance(assets, str) else tuple(assets)
    if len(names) != width:
        raise ValueError(f"{len(names)} asset names for {width} columns of prices")
    return names


def _matrix(name: str, column: ArrayLike, length: int, width: int) -> np.ndarray:
    """A price argument as float64[T, N], or an error that names it."""
    try:
        matrix = np.asarray(column, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("unreadable_value", f"not numbers: {error}", column=name) from None
    if matrix.ndim == 1:
        matrix = matrix[:, None]
    if matrix.shape != (length, width):
        raise DataError(
            "shape",
            f"shape {np.shape(column)} does not go with {length} times and {width} assets",
            column=name,
            remedy="Pass arrays of shape [T] or [T, N], all alike",
        )
    return matrix


def aligned(cls: type[Bars], ready: Sequence[AssetColumns], repairs: Sequence[Repaired]) -> Bars:
    """Place each asset's rows, which are as they shall be, on the union of all times."""
    first = ready[0].times
    same = all(np.array_equal(first, one.times) for one in ready[1:])
    times = first if same else np.unique(np.concatenate([one.times for one in ready]))
    shape = (len(ready), len(times))
    values = np.full((len(FIELDS), *shape), np.nan)
    extra: dict[str, np.ndarray] = {}
    for n, one in enumerate(ready):
        at = slice(None) if same else np.searchsorted(times, one.times)
        values[:, n, at] = one.values
        for name, column in one.extra.items():
            matrix = extra.setdefault(name, np.full(shape, np.nan).T)
            matrix[at, n] = column
    names = tuple(one.asset or "asset" for one in ready)
    return cls(np.ascontiguousarray(times), names, values, extra, tuple(repairs))
