"""Records column by column: reduce, rank, count, select and lay out one value per record.

Where the records of each column are is a `ColumnMap` (see `records.map_columns`): records
`index[start[j] : start[j + 1]]` belong to column j, in their original sequence. A column may as
well be a group of columns.
"""

from __future__ import annotations

import numpy as np

from .jit import njit
from .records import ColumnMap

__all__ = [
    "SUMMARY",
    "at_places",
    "codes_by_column",
    "describe",
    "deviations",
    "expand",
    "extreme_places",
    "highest",
    "in_sequence",
    "lowest",
    "means",
    "nth_places",
    "percentiles",
    "select_columns",
    "single_places",
    "stack",
    "streaks",
    "summary",
]

#: The rows of `summary`; the last two are places within the column's records.
SUMMARY = ("count", "sum", "min", "max", "argmin", "argmax")
_COUNT, _SUM, _MIN, _MAX, _ARGMIN, _ARGMAX = range(6)


@njit
def _summarize(values, index, start, out):
    for j in range(len(start) - 1):
        first = start[j]
        known = 0
        total = 0.0
        least = np.nan
        most = np.nan
        lowest = -1
        highest = -1
        for k in range(first, start[j + 1]):
            value = values[index[k]]
            if np.isnan(value):
                continue
            if known == 0:
                least = value
                most = value
                lowest = k
                highest = k
            elif value < least:
                least = value
                lowest = k
            elif value > most:
                most = value
                highest = k
            known += 1
            total += value
        out[_COUNT, j] = known
        out[_SUM, j] = total
        out[_MIN, j] = least
        out[_MAX, j] = most
        out[_ARGMIN, j] = lowest - first if known > 0 else -1.0
        out[_ARGMAX, j] = highest - first if known > 0 else -1.0


@njit
def _deviations(values, index, start, mean, count, ddof, out):
    for j in range(len(start) - 1):
        squares = 0.0
        for k in range(start[j], start[j + 1]):
            value = values[index[k]]
            if not np.isnan(value):
                squares += (value - mean[j]) * (value - mean[j])
        out[j] = np.sqrt(squares / (count[j] - ddof)) if count[j] > ddof else np.nan


def summary(values: np.ndarray, columns: ColumnMap) -> np.ndarray:
    """The numbers of `SUMMARY` for each column: 6 x columns, float64.

    NaN values are left out; without any the sum is 0, minimum and maximum NaN, their places -1.
    """
    out = np.empty((len(SUMMARY), len(columns[1]) - 1))
    _summarize(np.ascontiguousarray(values, np.float64), *columns, out)
    return out


def deviations(
    values: np.ndarray, columns: ColumnMap, sums: np.ndarray, ddof: int = 1
) -> np.ndarray:
    """Standard deviation of each column's known values, with `sums` from `summary`."""
    out = np.empty(sums.shape[1])
    values = np.ascontiguousarray(values, np.float64)
    _deviations(values, *columns, means(sums), sums[_COUNT], float(ddof), out)
    return out


def means(sums: np.ndarray) -> np.ndarray:
    """Mean of each column's known values, with `sums` from `summary`."""
    with np.errstate(invalid="ignore"):
        return sums[_SUM] / sums[_COUNT]


def extreme_places(columns: ColumnMap, sums: np.ndarray, highest: bool) -> np.ndarray:
    """Place of each column's lowest or highest value, float64, NaN for a column of no records.

    Raises ValueError for a column of NaN values only.
    """
    out = sums[_ARGMAX if highest else _ARGMIN].copy()
    empty = np.diff(columns[1]) == 0
    unknown = np.flatnonzero((out < 0) & ~empty)
    if len(unknown):
        word = "highest" if highest else "lowest"
        raise ValueError(f"all values of column {unknown[0]} are NaN, so none is the {word}")
    out[empty] = np.nan
    return out


def nth_places(columns: ColumnMap, n: int) -> np.ndarray:
    """The n-th place of each column's records (negative: from the end), NaN where it has none.

    Raises ValueError for a column that has records, but not so many.
    """
    length = np.diff(columns[1])
    places = np.full(len(length), n) if n >= 0 else length + n
    missing = np.flatnonzero(((places < 0) | (places >= length)) & (length > 0))
    if len(missing):
        raise ValueError(
            f"there is no value {n} in column {missing[0]}, which has {length[missing[0]]} records"
        )
    return np.where(length > 0, places, np.nan)


def at_places(values: np.ndarray, columns: ColumnMap, places: np.ndarray) -> np.ndarray:
    """The value of each column at that place of its records, float64, NaN where it is NaN."""
    index, start = columns
    out = np.full(len(places), np.nan)
    some = ~np.isnan(places)
    out[some] = values[index[start[:-1][some] + places[some].astype(np.int64)]]
    return out


def _sorted_by_column(values: np.ndarray, columns: ColumnMap) -> tuple[np.ndarray, np.ndarray]:
    """The known values of each column, ascending, one column after the other; their start."""
    index, start = columns
    values = np.asarray(values, np.float64)[index]
    known = ~np.isnan(values)
    before = np.concatenate([[0], np.cumsum(known)])
    values = values[known]
    start = before[start]
    for first, last in zip(start[:-1].tolist(), start[1:].tolist(), strict=True):
        if last - first > 1:
            values[first:last].sort()
    return values, start


def percentiles(values: np.ndarray, columns: ColumnMap, fractions: np.ndarray) -> np.ndarray:
    """Fractions (0 to 1) of the known values of each column: fractions x columns, NaN for none.

    Linear between the two nearest values.
    """
    ordered, start = _sorted_by_column(values, columns)
    return _percentiles_of_sorted(ordered, start, fractions)


def _percentiles_of_sorted(ordered, start, fractions) -> np.ndarray:
    count = np.diff(start)
    out = np.full((len(fractions), len(count)), np.nan)
    some = count > 0
    first, last = start[:-1][some], start[1:][some] - 1
    for n, fraction in enumerate(fractions):
        rank = (last - first) * fraction
        below = np.floor(rank).astype(np.int64)
        part = rank - below
        low = ordered[first + below]
        high = ordered[np.minimum(first + below + 1, last)]
        with np.errstate(invalid="ignore"):
            out[n, some] = np.where(part == 0.0, low, low * (1.0 - part) + high * part)
    return out


def describe(
    values: np.ndarray, columns: ColumnMap, fractions: np.ndarray, ddof: int = 1
) -> np.ndarray:
    """Count, mean, standard deviation, minimum, percentiles and maximum of each column's values.

    (5 + fractions) x columns, float64; NaN values are left out, without any all but the count
    is NaN.
    """
    ordered, start = _sorted_by_column(values, columns)
    count = np.diff(start)
    own = np.arange(len(ordered)), start
    out = np.full((5 + len(fractions), len(count)), np.nan)
    out[0] = count
    sums = summary(ordered, own)
    out[1] = means(sums)
    out[2] = deviations(ordered, own, sums, ddof)
    some = count > 0
    out[3, some] = ordered[start[:-1][some]]
    out[4:-1] = _percentiles_of_sorted(ordered, start, fractions)
    out[-1, some] = ordered[start[1:][some] - 1]
    return out


def in_sequence(columns: np.ndarray, ids: np.ndarray | None = None) -> bool:
    """Whether records are sorted by column (and by id within the column)."""
    step = np.diff(columns)
    if np.any(step < 0):
        return False
    return ids is None or not np.any((step == 0) & (np.diff(ids) < 0))


def select_columns(columns: ColumnMap, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Records of the `chosen` columns: their places, and the number of the choice for each."""
    index, start = columns
    length = start[chosen + 1] - start[chosen]
    owner = np.repeat(np.arange(len(chosen)), length)
    skipped = np.repeat(start[chosen] - (np.cumsum(length) - length), length)
    return index[np.arange(len(owner)) + skipped], owner


def single_places(columns: np.ndarray, rows: np.ndarray, shape: tuple[int, int]) -> bool:
    """Whether no two records have the same row and column of a matrix of `shape`."""
    if len(rows) > shape[0] * shape[1]:
        return False
    taken = np.zeros(shape, np.bool_)
    taken[rows, columns] = True
    return int(np.count_nonzero(taken)) == len(rows)


def expand(values: np.ndarray, columns: np.ndarray, rows: np.ndarray, shape, fill) -> np.ndarray:
    """The values in a matrix of rows x columns, `fill` elsewhere."""
    out = np.full(shape, fill, np.promote_types(values.dtype, np.asarray(fill).dtype))
    out[rows, columns] = values
    return out


def stack(values: np.ndarray, columns: ColumnMap, fill) -> np.ndarray:
    """The values of each column from row 0 on, `fill` below the shorter ones."""
    index, start = columns
    length = np.diff(start)
    dtype = np.promote_types(values.dtype, np.asarray(fill).dtype)
    out = np.full((int(length.max()), len(length)), fill, dtype)
    owner = np.repeat(np.arange(len(length)), length)
    out[np.arange(len(index)) - start[owner], owner] = values[index]
    return out


def _nearest(flags: np.ndarray, wanted: np.ndarray, start: np.ndarray, owner, last: bool):
    """Of the flags of each column the `wanted` first or `last` ones."""
    before = np.concatenate([[0], np.cumsum(flags)])
    if last:
        rank = before[start[1:]][owner] - before[1:]
    else:
        rank = before[:-1] - before[start[:-1]][owner]
    return flags & (rank < wanted[owner])


def _extreme(values: np.ndarray, columns: ColumnMap, n: int, highest: bool) -> np.ndarray:
    index, start = columns
    values = np.asarray(values, np.float64)[index]
    if not highest:
        values = -values
    owner = np.repeat(np.arange(len(start) - 1), np.diff(start))
    ordered, known_start = _sorted_by_column(values, (np.arange(len(values)), start))
    taken = np.minimum(max(n, 0), np.diff(known_start))
    # The lowest value that is taken from each column; there may be more of it than wanted.
    limit = np.full(len(taken), np.inf)
    limit[taken > 0] = ordered[(known_start[1:] - taken)[taken > 0]]
    limit = limit[owner]
    chosen = values > limit
    left = taken - np.bincount(owner[chosen], minlength=len(taken))
    chosen |= _nearest(values == limit, left, start, owner, highest)
    chosen |= _nearest(values != values, max(n, 0) - taken, start, owner, highest)
    out = np.empty(len(values), np.bool_)
    out[index] = chosen
    return out


def highest(values: np.ndarray, columns: ColumnMap, n: int) -> np.ndarray:
    """Mask of the `n` highest values of each column; of equal ones the last, NaN after all."""
    return _extreme(values, columns, n, True)


def lowest(values: np.ndarray, columns: ColumnMap, n: int) -> np.ndarray:
    """Mask of the `n` lowest values of each column; of equal ones the first, NaN after all."""
    return _extreme(values, columns, n, False)


def codes_by_column(codes: np.ndarray, n_codes: int, columns: ColumnMap) -> np.ndarray:
    """How often each column has each code (0 to `n_codes` - 1): codes x columns."""
    index, start = columns
    n_columns = len(start) - 1
    owner = np.repeat(np.arange(n_columns), np.diff(start))
    flat = np.bincount(codes[index] * n_columns + owner, minlength=n_codes * n_columns)
    return flat.reshape(n_codes, n_columns)


def streaks(hit: np.ndarray, columns: ColumnMap) -> np.ndarray:
    """For each record how many in a row, up to itself and within its column, are a `hit`."""
    index, start = columns
    hit = hit[index]
    place = np.arange(len(index))
    last_miss = np.where(hit, -1, place)
    before = np.repeat(start[:-1] - 1, np.diff(start))
    last_miss = np.maximum(np.maximum.accumulate(last_miss), before)
    out = np.empty(len(index), np.int64)
    out[index] = place - last_miss
    return out
