"""As-of alignment: what arrives at times of its own (signals, fundamentals, weights), on the bars.

The one rule: a value is used on a bar only if it was known by then, and of the known ones the
latest is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from .errors import DataError
from .reading import Options, Plain, Table, normal, read_rows
from .tables import is_table, plain_table
from .times import MISSING, duration, later, to_times

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from .bars import Bars

__all__ = ["VALUE_NAMES", "align", "blackout"]

VALUE_NAMES = {
    "time": ("date", "datetime", "timestamp", "time"),
    "symbol": ("symbol", "ticker", "asset", "instrument"),
    "value": ("value", "signal", "weight", "score"),
}
"""The names, in any case, under which `align` finds the columns of a long table."""


class _Source(NamedTuple):
    """Stamped values before they are aligned.

    times: int64[n]. values: float64[n, k]. rows: int64[n], from 1. code: int64[n], the asset of
    each row, or None. names: the assets that the codes count, or those of the k columns.
    """

    times: np.ndarray
    values: np.ndarray
    rows: np.ndarray
    code: np.ndarray | None
    names: tuple[str, ...] | None


def align(
    bars: Bars,
    times: Any,
    values: ArrayLike | None = None,
    *,
    assets: Sequence[str] | None = None,
    columns: Mapping[str, str | None] | None = None,
    latency: object = 0,
    embargo: object = 0,
    max_age: object = None,
    label: Literal["close", "open"] = "close",
    period: object = None,
    nan: Literal["skip", "propagate"] = "skip",
    unknown: Literal["raise", "ignore"] = "raise",
    time_zone: str | None = None,
    time_unit: str | None = None,
) -> np.ndarray:
    """The value in force on each bar: float64[T, N], or [T] where the values are of no asset.

    What to align, in one of these forms:

    - `times` (n instants, in any order) and `values` (n numbers): one series, gives [T].
    - the same and `assets`, the asset of each of the n rows: gives [T, N].
    - `times` and `values` of shape [n, k], with `assets` the names of the k columns (left out
      where k is N): gives [T, N].
    - in place of `times` a Polars, pandas or Arrow table: a long one (time, symbol, value columns
      or index levels, found by `VALUE_NAMES` or named as in `columns={"value": "eps"}`), a wide one
      (a time column or index, and a column for each asset), or one series (time and value).

    A row stamped s is *known* at s + `latency`. On a bar at time b, the row in force is the latest
    stamped one among those of its asset with s + latency <= b; of rows with equal stamps the last
    one in the source's order counts. An asset without a row has NaN, as all have before their first
    row is known. Whether the asset has a bar at b does not matter.

    - `latency`: how long after its stamp a row is known.
    - `embargo`: a quiet period after each release. From s + latency until before s + latency +
      embargo the result is NaN: the old value is out of date and the new one must not be used yet.
    - `max_age`: NaN where b - s is larger.
    - `label`: "close" says that stamps are the moments at which values were complete. "open" says
      that a stamp is the *beginning* of the period that the value describes, as resampling with
      left labels makes them: the value is then complete, and counts as stamped, `period` later; or,
      without `period`, at the asset's next stamp, so that the last row never comes into force.
    - `nan`: "skip" leaves rows with NaN out as if they did not exist, "propagate" lets them end the
      value before them.
    - `unknown`: what to do with assets that the bars do not have.

    Lengths of time are ns, timedeltas or text (`"15m"`). Raises `DataError` for a stamp that is
    missing or unreadable and for an unknown asset, with row and column; `ValueError` for shapes or
    options that do not go together.
    """
    for name, given, known in (
        ("label", label, ("close", "open")),
        ("nan", nan, ("skip", "propagate")),
        ("unknown", unknown, ("raise", "ignore")),
    ):
        if given not in known:
            raise ValueError(f"{name}={given!r}: choose one of {', '.join(map(repr, known))}")
    if period is not None and label == "close":
        raise ValueError("period goes with label='open': a stamp at the close needs none")
    wait, quiet = duration(latency, "latency"), duration(embargo, "embargo")
    oldest = None if max_age is None else duration(max_age, "max_age")
    span = None if period is None else duration(period, "period")
    if is_table(times):
        if values is not None or assets is not None:
            raise ValueError("a table brings its own values and assets: pass it alone")
        source = _from_table(bars, times, Options(columns, None, time_zone, time_unit), unknown)
    else:
        if columns is not None:
            raise ValueError("columns names the columns of a table; here arrays were passed")
        source = _from_arrays(bars, times, values, assets, time_zone)
    missing = source.times == MISSING
    if missing.any():
        raise DataError(
            "missing_time",
            "the row has no time, so nobody knows when its value was known",
            row=int(source.rows[np.flatnonzero(missing)[0]]),
            remedy="Leave the row out, or give it the time at which it was published",
        )

    def one(stamps: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        return _in_force(bars.times, stamps, numbers, wait, quiet, oldest, label, span, nan)

    if source.names is None:
        return one(source.times, source.values[:, 0])
    places = _places(bars, source, unknown)
    out = np.full((len(bars.assets), len(bars)), np.nan)
    if source.code is None:
        for k, n in enumerate(places):
            if n >= 0:
                out[n] = one(source.times, source.values[:, k])
    else:
        order = np.argsort(source.code, kind="stable")
        ends = np.cumsum(np.bincount(source.code, minlength=len(source.names)))
        for k, n in enumerate(places):
            rows = order[ends[k - 1] if k else 0 : ends[k]]
            if n >= 0:
                out[n] = one(source.times[rows], source.values[rows, 0])
    return out.T


def blackout(
    times: ArrayLike, events: ArrayLike, before: object = 0, after: object = 0
) -> np.ndarray:
    """bool[T]: which times lie within `before` before, or `after` after, one of the events.

    Both ends count: e - before <= t <= e + after. For blackouts around announcements, and to purge
    training bars around a test period: with the test bars as events, `before` the horizon of a
    label (a label that reaches into the test is dropped) and `after` the embargo.
    """
    at, when = to_times(times), np.sort(to_times(events))
    if (when == MISSING).any():
        raise DataError("missing_time", "an event has no time", column="events")
    # An event near enough exists if the first one at or after t - after is at most t + before.
    least, most = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    back, ahead = min(duration(after, "after"), most), duration(before, "before")
    earliest = np.where(at < least + back, least, at - back)
    found = np.searchsorted(when, earliest, "left")
    near = np.append(when, most)[found]
    return (found < len(when)) & (near <= later(at, ahead))


def _in_force(
    bar_times: np.ndarray,
    stamps: np.ndarray,
    values: np.ndarray,
    latency: int,
    embargo: int,
    max_age: int | None,
    label: str,
    period: int | None,
    nan: str,
) -> np.ndarray:
    """float64[T] from the rows of one asset, in any order."""
    if (stamps[1:] < stamps[:-1]).any():
        order = np.argsort(stamps, kind="stable")
        stamps, values = stamps[order], values[order]
    if label == "open" and period is not None:
        stamps = later(stamps, period)
    elif label == "open" and len(stamps):
        # Rows of one stamp describe one period: it ends at the next stamp that differs.
        first = np.searchsorted(stamps, stamps, "right")
        known = first < len(stamps)
        stamps, values = stamps[first[known]], values[known]
    if nan == "skip":
        there = ~np.isnan(values)
        stamps, values = stamps[there], values[there]
    out = np.full(len(bar_times), np.nan)
    if not len(stamps):
        return out
    known = later(stamps, latency)
    row = np.searchsorted(known, bar_times, "right") - 1
    use = row >= 0
    if embargo:
        use &= later(known, embargo)[row] <= bar_times
    if max_age is not None:
        use &= later(stamps, max_age)[row] >= bar_times
    out[use] = values[row[use]]
    return out


def _places(bars: Bars, source: _Source, unknown: str) -> list[int]:
    """The column in the bars of each name of the source, -1 for none."""
    index = {asset: n for n, asset in enumerate(bars.assets)}
    names = source.names or ()
    places = [index.get(name, -1) for name in names]
    if -1 in places and unknown == "raise":
        k = places.index(-1)
        row = None
        if source.code is not None:
            row = int(source.rows[np.flatnonzero(source.code == k)[0]])
        raise DataError(
            "unknown_asset",
            f"the bars have no asset of this name; they have {_some(bars.assets)}",
            row=row,
            asset=names[k],
            remedy="Correct the name, or pass unknown='ignore' to leave such values out",
        )
    return places


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _from_arrays(
    bars: Bars,
    times: Any,
    values: ArrayLike | None,
    assets: Sequence[str] | None,
    time_zone: str | None,
) -> _Source:
    if values is None:
        raise ValueError("align(bars, times, values): values are missing (or pass a table alone)")
    stamps = to_times(times, time_zone)
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError("unreadable_value", f"not numbers: {error}", column="values") from None
    if numbers.ndim not in (1, 2) or stamps.ndim != 1 or len(numbers) != len(stamps):
        raise ValueError(f"{stamps.shape} times do not go with values of shape {numbers.shape}")
    rows = np.arange(1, len(stamps) + 1)
    if numbers.ndim == 2:
        names = bars.assets if assets is None else tuple(map(str, assets))
        if len(names) != numbers.shape[1]:
            raise ValueError(f"{len(names)} asset names for {numbers.shape[1]} columns of values")
        if len(set(names)) != len(names):
            raise ValueError(f"an asset stands twice in assets={_some(names)}")
        return _Source(stamps, numbers, rows, None, names)
    numbers = numbers[:, None]
    if assets is None:
        return _Source(stamps, numbers, rows, None, None)
    if isinstance(assets, str) or len(assets) != len(stamps):
        raise ValueError(
            f"assets must name the asset of each of the {len(stamps)} rows; for values of a single "
            "asset leave assets out"
        )
    numbering: dict[str, int] = {}
    code = [numbering.setdefault(str(name), len(numbering)) for name in assets]
    return _Source(stamps, numbers, rows, np.array(code, dtype=np.int64), tuple(numbering))


def _from_table(bars: Bars, data: Any, options: Options, unknown: str) -> _Source:
    plain = plain_table(data)
    mapping = options.columns or {}
    named = set(mapping.values())
    if "symbol" in mapping or any(normal(name) in VALUE_NAMES["symbol"] for name in plain.columns):
        table = read_rows(plain, VALUE_NAMES, (), _with_only_value(plain, options))
        assert table.symbols is not None
        return _Source(
            table.times,
            table.numbers["value"][:, None],
            table.rows,
            table.symbols.code,
            tuple(table.symbols.names),
        )
    wide = [name for name in plain.columns if name in bars.assets and name not in named]
    if wide and "value" not in mapping:
        times = {"time": VALUE_NAMES["time"]}
        if plain.index is None:
            found = [n for n in plain.columns if normal(n) in times["time"] or n in named]
        else:
            found = [plain.index]
        others = [n for n in plain.columns if n not in found]
        if unknown == "ignore":
            others = [n for n in others if n in bars.assets]
        roles = times | {f"column {k}": () for k in range(len(others))}
        options = options._replace(
            columns={**mapping, **{f"column {k}": name for k, name in enumerate(others)}}
        )
        table = read_rows(plain, roles, (), options)
        numbers = np.stack([table.numbers[f"column {k}"] for k in range(len(others))], axis=1)
        return _Source(table.times, numbers, table.rows, None, tuple(others))
    roles = {role: VALUE_NAMES[role] for role in ("time", "value")}
    table: Table = read_rows(plain, roles, (), _with_only_value(plain, options))
    return _Source(table.times, table.numbers["value"][:, None], table.rows, None, None)


def _with_only_value(plain: Plain, options: Options) -> Options:
    """The one column left besides time and asset is the value, whatever its name."""
    mapping = dict(options.columns or {})
    if "value" in mapping:
        return options
    taken = {name for name in mapping.values() if name} | ({plain.index} if plain.index else set())
    left = [
        name
        for name in plain.columns
        if name not in taken and normal(name) not in (*VALUE_NAMES["time"], *VALUE_NAMES["symbol"])
    ]
    if len(left) == 1:
        mapping["value"] = left[0]
    return options._replace(columns=mapping)
