"""The indicators of `basic` for lists of parameters: each window of each column is computed once,
all of them in one pass, and results point at what they share.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ....core.indicators import lines as between
from ....core.indicators.moving import (
    CUMULATIVE_MEAN,
    DEVIATION,
    EXPONENTIAL_DEVIATION,
    EXPONENTIAL_MEAN,
    HIGHEST,
    LOWEST,
    MEAN,
    moving,
)
from .._settings import settings
from ..base.reshape_fns import to_2d_array
from .lines import Lines


def uses_numba(engine: str | None, *arrays) -> bool:
    """Whether the original would compute by Numba: where it is asked to, and for numbers that are
    no floats. Its two engines round a mean differently.
    """
    engine = settings["engine"] if engine is None else engine
    if engine not in ("auto", "numba", "rust"):
        raise ValueError(f"engine={engine!r} is unknown; choose from auto, numba, rust")
    if engine == "numba":
        return True
    tables = [np.asarray(array) for array in arrays]
    floats = all(t.dtype.kind == "f" and np.can_cast(t.dtype, np.float64) for t in tables)
    if floats and len({t.shape for t in tables}) == 1:
        return False
    if engine == "rust":
        found = ", ".join(f"{t.dtype} {t.shape}" for t in tables)
        raise ValueError(
            f"engine='rust' takes floats of one shape, not {found}; use engine='numba'"
        )
    return True


def lines_of(table) -> np.ndarray:
    """The columns of a table, each contiguous: float64[columns, rows]."""
    return np.ascontiguousarray(to_2d_array(table).T, dtype=np.float64)


def once(keys: Iterable) -> tuple[list, np.ndarray]:
    """Different keys, and where each key is among them."""
    places: dict[Any, int] = {}
    slots = [places.setdefault(key, len(places)) for key in keys]
    return list(places), np.array(slots, np.int64)


def spread(lines: np.ndarray, slots: np.ndarray, columns: int) -> Lines:
    """A table of `columns` lines for each slot."""
    if np.array_equal(slots, np.arange(len(slots))) and len(slots) * columns == len(lines):
        return Lines(lines)
    return Lines(lines, (slots[:, None] * columns + np.arange(columns)).ravel())


def _window(value) -> int:
    window = operator.index(value)
    if window < 0:
        raise OverflowError(f"a window must be 0 or more, not {window}")
    return window


def _weighting(value, numba: bool) -> bool:
    if not numba and not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"ewm and adjust are True or False, not {value!r}")
    return bool(value)


def _tasks(formulas: Sequence[int], windows: Sequence[int], columns: int) -> tuple:
    return (
        np.repeat(np.array(formulas, np.int64), columns),
        np.tile(np.arange(columns), len(windows)),
        np.repeat(np.array(windows, np.int64), columns),
    )


def means(lines: np.ndarray, keys: list, adjust, numba: bool, kept: Any = None) -> np.ndarray:
    """Moving averages of every line for each (window, exponentially weighted).

    kept: the type in which Numba keeps its sums, where that is not double precision.
    """
    windows = [_window(window) for window, _ in keys]
    weighted = [_weighting(ewm, numba) for _, ewm in keys]
    adjust = _weighting(adjust, numba)
    if numba and any(w == 0 and not e for w, e in zip(windows, weighted, strict=True)):
        raise ZeroDivisionError("the mean of a window of 0 rows")
    plain = CUMULATIVE_MEAN if numba else MEAN
    formulas, source, window = _tasks(
        [EXPONENTIAL_MEAN if ewm else plain for ewm in weighted], windows, len(lines)
    )
    out = moving(formulas, lines, source, window, adjust=adjust)
    if numba and kept not in (None, np.float64, np.int64):
        for k in np.flatnonzero(formulas == CUMULATIVE_MEAN):
            out[k] = _mean_of_kept_sums(lines[source[k]], window[k], kept)
    return out


def _mean_of_kept_sums(line: np.ndarray, window: int, kept) -> np.ndarray:
    """A moving average from sums from the first row on, of which those of the past are rounded,
    wrapped or cut to the type `kept`.
    """
    known = ~np.isnan(line)
    exact = line if np.dtype(kept).kind == "f" else line.astype(np.int64)
    sums = np.cumsum(np.where(known, exact, 0))
    count = np.cumsum(known)
    before = sums.astype(kept)[:-window].astype(sums.dtype)
    inside, values = sums.copy(), count.copy()
    inside[window:] -= before
    values[window:] -= count[:-window]
    full = values >= window
    return np.where(full, inside / np.where(full, values, 1), np.nan)


def deviations(lines: np.ndarray, keys: list, adjust, freedom: int, numba: bool) -> np.ndarray:
    """Moving standard deviations of every line for each (window, exponentially weighted)."""
    windows = [_window(window) for window, _ in keys]
    formulas, source, window = _tasks(
        [EXPONENTIAL_DEVIATION if _weighting(e, numba) else DEVIATION for _, e in keys],
        windows,
        len(lines),
    )
    adjust = _weighting(adjust, numba)
    return moving(formulas, lines, source, window, adjust=adjust, freedom=operator.index(freedom))


# Caches as the original's: tables by the hash of their parameters


def as_tables(lines: np.ndarray, columns: int) -> list[np.ndarray]:
    return [lines[n : n + columns].T for n in range(0, len(lines), columns)]


def keyed(keys: list, values: Iterable) -> dict[int, Any]:
    return {hash(key): value for key, value in zip(keys, values, strict=True)}


def cached_lines(cache: dict, keys: list, part: int | None = None) -> np.ndarray:
    """The lines of the tables (of one `part` of each entry) that a cache has for `keys`."""
    found = [cache[hash(key)] for key in keys]
    return np.concatenate([lines_of(one if part is None else one[part]) for one in found])


# What indicators compute: lists of inputs, of in-place outputs (none) and of parameters as
# `run_pipeline` hands them over, and the arguments that are no parameters


def moving_average(
    inputs, _, params, adjust=False, engine=None, use_cache=None, return_cache=False
) -> Any:
    """MA: the average of every column for each window."""
    (close,), (windows, ewms) = inputs, params
    lines, (keys, slots) = lines_of(close), once(zip(windows, ewms, strict=True))
    if use_cache is None:
        numba = uses_numba(engine, close)
        out = means(lines, keys, adjust, numba, np.asarray(close).dtype)
    else:
        out = cached_lines(use_cache, keys)
    if return_cache:
        return keyed(keys, as_tables(out, len(lines)))
    return spread(out, slots, len(lines))


def moving_deviation(
    inputs, _, params, adjust=False, ddof=0, engine=None, use_cache=None, return_cache=False
) -> Any:
    """MSTD: the standard deviation of every column for each window."""
    (close,), (windows, ewms) = inputs, params
    lines, (keys, slots) = lines_of(close), once(zip(windows, ewms, strict=True))
    if use_cache is None:
        out = deviations(lines, keys, adjust, ddof, uses_numba(engine, close))
    else:
        out = cached_lines(use_cache, keys)
    if return_cache:
        return keyed(keys, as_tables(out, len(lines)))
    return spread(out, slots, len(lines))


def bollinger_bands(
    inputs, _, params, adjust=False, ddof=0, engine=None, use_cache=None, return_cache=False
) -> Any:
    """BBANDS: average, and bands so many standard deviations above and below it."""
    (close,), (windows, ewms, alphas) = inputs, params
    lines, (keys, slots) = lines_of(close), once(zip(windows, ewms, strict=True))
    columns = len(lines)
    if use_cache is None:
        numba = uses_numba(engine, close)
        middle = means(lines, keys, adjust, numba, np.asarray(close).dtype)
        width = deviations(lines, keys, adjust, ddof, numba)
    else:
        middle, width = (cached_lines(part, keys) for part in use_cache)
    if return_cache:
        return tuple(keyed(keys, as_tables(part, columns)) for part in (middle, width))
    bands, places = once(zip(slots.tolist(), map(float, alphas), strict=True))
    of = np.array([slot for slot, _ in bands], np.int64)
    factor = np.repeat([alpha for _, alpha in bands], columns)
    upper, lower = between.bands(middle, width, spread(middle, of, columns).positions(), factor)
    return (
        spread(middle, slots, columns),
        spread(upper, places, columns),
        spread(lower, places, columns),
    )


def relative_strength(
    inputs, _, params, adjust=False, engine=None, use_cache=None, return_cache=False
) -> Any:
    """RSI: mean rises against mean falls."""
    (close,), (windows, ewms) = inputs, params
    keys, slots = once(zip(windows, ewms, strict=True))
    columns = to_2d_array(close).shape[1]
    if use_cache is None:
        changes = between.rises_and_falls(lines_of(close))
        numba = uses_numba(engine, close)
        up, down = (means(part, keys, adjust, numba) for part in changes)
    else:
        up, down = (cached_lines(use_cache, keys, part) for part in (0, 1))
    if return_cache:
        pairs = zip(as_tables(up, columns), as_tables(down, columns), strict=True)
        return keyed(keys, pairs)
    return spread(between.relative_strength(up, down, np.arange(len(up))), slots, columns)


def stochastic_oscillator(
    inputs, _, params, adjust=False, engine=None, use_cache=None, return_cache=False
) -> Any:
    """STOCH: close between the extremes of a window (%K), and the average of that (%D)."""
    (high, low, close), (k_windows, d_windows, d_ewms) = inputs, params
    keys, slots = once(k_windows)
    closes = lines_of(close)
    columns = len(closes)
    numba = uses_numba(engine, high, low, close)
    if use_cache is None:
        windows = [_window(window) for window in keys]
        _, source, window = _tasks(windows, windows, columns)
        lowest = moving(LOWEST, lines_of(low), source, window)
        highest = moving(HIGHEST, lines_of(high), source, window)
    else:
        lowest, highest = (cached_lines(use_cache, keys, part) for part in (0, 1))
    if return_cache:
        pairs = zip(as_tables(lowest, columns), as_tables(highest, columns), strict=True)
        return keyed(keys, pairs)
    tasks = np.arange(len(lowest))
    percent_k = between.stochastic(closes, lowest, highest, tasks % columns, tasks)
    percent_d, places = _average_of(
        percent_k, zip(slots.tolist(), d_windows, d_ewms, strict=True), columns, adjust, numba
    )
    return spread(percent_k, slots, columns), spread(percent_d, places, columns)


def _average_of(lines: np.ndarray, keys: Iterable, columns: int, adjust, numba: bool):
    """Averages of groups of `columns` lines for each (group, window, exponentially weighted)."""
    wanted, places = once(keys)
    if not wanted:
        return lines, places
    by_key: dict[Any, list[int]] = {}
    for n, (_, window, ewm) in enumerate(wanted):
        by_key.setdefault((window, ewm), []).append(n)
    out = np.empty((len(wanted) * columns, lines.shape[1]))
    for key, members in by_key.items():
        groups = [wanted[n][0] for n in members]
        chosen = spread(lines, np.array(groups, np.int64), columns).array.T
        result = means(np.ascontiguousarray(chosen), [key], adjust, numba)
        out[spread(out, np.array(members, np.int64), columns).positions()] = result
    return out, places


def average_difference(
    inputs, _, params, adjust=False, engine=None, use_cache=None, return_cache=False
) -> Any:
    """MACD: fast less slow average, and the average of that."""
    (close,), (fast, slow, signal, macd_ewms, signal_ewms) = inputs, params
    lines = lines_of(close)
    columns = len(lines)
    numba = uses_numba(engine, close)
    pairs = [*zip(fast, macd_ewms, strict=True), *zip(slow, macd_ewms, strict=True)]
    keys, slots = once(pairs)
    if use_cache is None:
        averages = means(lines, keys, adjust, numba, np.asarray(close).dtype)
    else:
        averages = cached_lines(use_cache, keys)
    if return_cache:
        return keyed(keys, as_tables(averages, columns))
    both = zip(slots[: len(fast)].tolist(), slots[len(fast) :].tolist(), strict=True)
    wanted, macd_slots = once(both)
    sides = [np.array(side, np.int64) for side in zip(*wanted, strict=True)]
    left, right = (spread(averages, side, columns).positions() for side in sides)
    macd = between.differences(averages, left, right)
    average, places = _average_of(
        macd, zip(macd_slots.tolist(), signal, signal_ewms, strict=True), columns, adjust, numba
    )
    return spread(macd, macd_slots, columns), spread(average, places, columns)


def average_true_range(
    inputs, _, params, adjust=False, engine=None, use_cache=None, return_cache=False
) -> Any:
    """ATR: the true range, and its average."""
    (high, low, close), (windows, ewms) = inputs, params
    keys, slots = once(zip(windows, ewms, strict=True))
    numba = uses_numba(engine, high, low, close)
    if use_cache is None:
        true_range = between.true_ranges(lines_of(high), lines_of(low), lines_of(close))
        out = means(true_range, keys, adjust, numba)
    else:
        true_range = lines_of(use_cache[0])
        out = cached_lines(use_cache[1], keys)
    columns = len(true_range)
    if return_cache:
        return true_range.T, keyed(keys, as_tables(out, columns))
    return spread(true_range, np.zeros(len(slots), np.int64), columns), spread(out, slots, columns)


def on_balance_volume(close, volume, engine=None) -> np.ndarray:
    """OBV: the sum of volumes of rising bars less that of falling ones."""
    uses_numba(engine, close, volume)
    volume = to_2d_array(volume)
    negative = -volume.astype(np.int64) if volume.dtype == bool else -volume
    kind = np.promote_types(volume.dtype, np.int64)
    out = np.empty(volume.T.shape, kind)
    amounts = (np.ascontiguousarray(one.T, kind) for one in (volume, negative))
    between.on_balance_volume(lines_of(close), *amounts, out)
    return out.T
