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
    "REDUCTIONS",
    "codes_by_column",
    "describe",
    "expand",
    "highest",
    "in_sequence",
    "lowest",
    "percentiles",
    "reduce",
    "select_columns",
    "single_places",
    "stack",
    "streaks",
]

#: What `reduce` knows, by name. The last four give places within the column's records.
REDUCTIONS = {
    "min": 0,
    "max": 1,
    "mean": 2,
    "sum": 3,
    "std": 4,
    "nth": 5,
    "count": 6,
    "argmin": 7,
    "argmax": 8,
    "nth_place": 9,
}
_MIN, _MAX, _MEAN, _SUM, _STD, _NTH, _COUNT, _ARGMIN, _ARGMAX, _NTH_PLACE = range(10)
_ALL_UNKNOWN, _OUT_OF_BOUNDS = 1, 2


@njit
def _reduce(values, index, start, how, number, fill, out):
    """Write one number per column to `out`; a status and the column that it is about.

    values: float64, one per record. number: ddof of "std", the place of "nth".
    """
    for j in range(len(start) - 1):
        first = start[j]
        n = start[j + 1] - first
        if n == 0:
            out[j] = fill
            continue
        if how in (_NTH, _NTH_PLACE):
            place = number if number >= 0 else n + number
            if place < 0 or place >= n:
                return _OUT_OF_BOUNDS, j
            out[j] = values[index[first + place]] if how == _NTH else place
            continue
        known = 0
        total = 0.0
        best = np.nan
        where = -1
        least = how in (_MIN, _ARGMIN)
        for k in range(n):
            value = values[index[first + k]]
            if np.isnan(value):
                continue
            known += 1
            total += value
            if where < 0 or (value < best if least else value > best):
                best = value
                where = k
        if how in (_MIN, _MAX):
            out[j] = best
        elif how == _SUM:
            out[j] = total
        elif how == _COUNT:
            out[j] = known
        elif how == _MEAN:
            out[j] = total / known if known > 0 else np.nan
        elif how in (_ARGMIN, _ARGMAX):
            if where < 0:
                return _ALL_UNKNOWN, j
            out[j] = where
        else:
            spread = 0.0
            mean = total / known if known > 0 else np.nan
            for k in range(n):
                value = values[index[first + k]]
                if not np.isnan(value):
                    spread += (value - mean) * (value - mean)
            out[j] = np.sqrt(spread / (known - number)) if known > number else np.nan
    return 0, -1


def reduce(
    values: np.ndarray, columns: ColumnMap, how: str, number: int = 0, fill: float = np.nan
) -> np.ndarray:
    """One number per column, float64, as `REDUCTIONS` names it; `fill` for a column of no records.

    NaN values are left out (but "nth" counts them). number: ddof of "std", the place of "nth" and
    "nth_place" (negative: from the end). Raises ValueError where a column has no such place, or
    only NaN values for "argmin" and "argmax".
    """
    values = np.ascontiguousarray(values, np.float64)
    out = np.empty(len(columns[1]) - 1)
    status, column = _reduce(values, *columns, REDUCTIONS[how], int(number), float(fill), out)
    if status == _OUT_OF_BOUNDS:
        n = columns[1][column + 1] - columns[1][column]
        raise ValueError(f"there is no value {number} in column {column}, which has {n} records")
    if status == _ALL_UNKNOWN:
        raise ValueError(f"all values of column {column} are NaN, so none is {how[3:]}imal")
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
    out[1] = reduce(ordered, own, "mean")
    out[2] = reduce(ordered, own, "std", ddof)
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
