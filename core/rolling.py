"""Formulas over moving windows of many assets' columns, as they looked on each day.

A split or dividend changes from its day on what the days before it look like. So each asset's
columns are walked once: what becomes known on a day is applied to the rows that it concerns, in
the order in which it became known; between two such days the rows stand still. The rows that each
such stretch of days looks at are written one stretch behind the other, so that a formula sees one
long column, whatever it is of.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .jit import Kernel, njit
from .window_formulas import days_of_extremes
from .window_statistics import regression

__all__ = ["ADD", "MULTIPLY", "REPLACE", "Adjustments", "Input", "over_windows"]

# What an adjustment does to the rows:
MULTIPLY, ADD, REPLACE = range(3)

#: A formula computes so many windows at once: what it keeps of them stays in the cache.
_AT_ONCE = 1024

#: Rows of one batch of assets, about.
_TOGETHER = 65_536

_MOST_INPUTS = 3

#: Why a window can have no value, not even a missing one.
_UNDEFINED = {
    days_of_extremes: "All-NaN slice encountered: a window has no highs, or no lows.",
    regression: (
        "Cannot calculate a linear regression if all x values are identical: the independent "
        "values of a window do not differ."
    ),
}


class Adjustments(NamedTuple):
    """What becomes known of the assets' columns later: an entry for each change of some rows.

    The entries of asset n are those from first[n] to before first[n + 1], in the order in which
    they apply.
    """

    first: np.ndarray  #: int64[assets + 1]
    known: np.ndarray  #: int64[entries]: windows that end in this row or later see the change
    top: np.ndarray  #: int64[entries], the first row that changes
    last: np.ndarray  #: int64[entries], the last row that changes
    kind: np.ndarray  #: int64[entries]: MULTIPLY, ADD or REPLACE
    value: np.ndarray  #: float64[entries]


class Input(NamedTuple):
    """One input of a formula: a column for each asset, or one column for all of them."""

    values: np.ndarray  #: float64[assets or 1, rows], as first known
    adjustments: Adjustments | None = None


def over_windows(
    formula: Kernel,
    inputs: Sequence[Input],
    length: int,
    wanted: np.ndarray,
    out: np.ndarray,
    arguments: Sequence[float] | np.ndarray = (),
) -> None:
    """Compute a formula over the windows of every asset.

    formula: one of `window_formulas` or `window_statistics`. length: rows of a window; that of day
    d is rows d to d + length - 1. wanted: bool[rows - length + 1, assets]. out: float64[outputs,
    days, assets]; cells that are not wanted stay as they are. arguments: see the formula.
    Raises ValueError if a wanted window has no value by the formula, not even a missing one.
    """
    columns = [values for values, _ in inputs]
    columns += [np.empty((1, columns[0].shape[1]))] * (_MOST_INPUTS - len(columns))
    entries, changes = _joined(inputs, wanted.shape[1])
    room = columns[0].shape[1] + (length - 1) * (entries[1] - entries[0]).sum(axis=0)
    by_asset = np.ascontiguousarray(wanted.T)
    settled = np.ascontiguousarray(arguments, dtype=np.float64)
    compute = formula.chosen
    batches = _batches(room)
    capacity = max((int(room[assets].sum()) for assets in batches), default=0)
    laid = np.empty((len(inputs), capacity))
    results = np.empty((len(out), capacity))
    asked = np.empty(capacity, np.bool_)
    stretches = np.empty((capacity // length + 1, 4), np.int64)
    for assets in batches:
        count, rows = _lay_out(
            *columns, length, by_asset, assets.start, assets.stop, entries, *changes, laid, asked,
            stretches,
        )  # fmt: skip
        with np.errstate(all="ignore"):  # interpreted kernels would warn
            for first in range(0, rows - length + 1, _AT_ONCE):
                stop = min(first + _AT_ONCE, rows - length + 1)
                if compute(laid, length, first, stop, settled, asked, results) is False:
                    raise ValueError(_UNDEFINED[formula])
        _put_back(results, stretches, count, by_asset, out)


def _joined(inputs: Sequence[Input], assets: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Where the adjustments of each column lie in one table, int64[2, inputs, assets]; the table.

    They lie from entries[0] to before entries[1].
    """
    entries = np.zeros((2, len(inputs), assets), np.int64)
    tables = [(np.empty(0, np.int64),) * 4 + (np.empty(0),)]
    size = 0
    for k, (_, adjustments) in enumerate(inputs):
        if adjustments is not None:
            entries[0, k] = adjustments.first[:-1] + size
            entries[1, k] = adjustments.first[1:] + size
            size += len(adjustments.known)
            tables.append(adjustments[1:])
    return entries, [np.concatenate(parts) for parts in zip(*tables, strict=True)]


def _batches(room: np.ndarray) -> list[slice]:
    """The assets in pieces that need about `_TOGETHER` rows each."""
    piece = np.cumsum(room) // _TOGETHER
    edges = [*np.flatnonzero(np.diff(piece, prepend=-1)).tolist(), len(room)]
    return [slice(begin, end) for begin, end in itertools.pairwise(edges)]


@njit
def _lay_out(
    one, two, three, length, wanted, begin, end, entries, known, top, last, kind, value, laid,
    asked, stretches,
):  # fmt: skip
    """Write the rows of the assets from `begin` to before `end` stretch by stretch.

    one, two, three: float64[assets or 1, rows], as many of them as the formula takes.
    wanted: bool[assets, days].
    laid: float64[inputs, enough], the rows. asked: bool[enough], where a window begins that is
    wanted. stretches: int64[enough, 4]: position in `laid`, asset, first day, days.
    Returns the numbers of stretches and rows.
    """
    inputs, rows = len(laid), one.shape[1]
    column = np.empty((inputs, rows))
    following = np.empty(inputs, np.int64)
    count = 0
    position = 0
    for asset in range(begin, end):
        day, closing = _span(wanted[asset])
        for k in range(inputs):
            following[k] = entries[0, k, asset]
            source = one if k == 0 else two if k == 1 else three
            _copy(source[min(asset, len(source) - 1)], 0, rows, column[k], 0)
        while day < closing:
            stop = closing
            for k in range(inputs):
                behind = entries[1, k, asset]
                entry = following[k]
                while entry < behind and known[entry] < day + length:
                    _apply(column[k], top[entry], last[entry], kind[entry], value[entry])
                    entry += 1
                following[k] = entry
                if entry < behind:
                    stop = min(stop, known[entry] - length + 1)
            for k in range(inputs):
                _copy(column[k], day, stop + length - 1, laid[k], position)
            for d in range(day, stop):
                asked[position + d - day] = wanted[asset, d]
            for d in range(stop, stop + length - 1):  # these reach into the next stretch
                asked[position + d - day] = False
            stretches[count, 0] = position
            stretches[count, 1] = asset
            stretches[count, 2] = day
            stretches[count, 3] = stop - day
            count += 1
            position += stop - day + length - 1
            day = stop
    return count, position


@njit
def _span(wanted):
    """From the first day that is wanted to behind the last."""
    opening = 0
    closing = len(wanted)
    while opening < closing and not wanted[opening]:
        opening += 1
    while closing > opening and not wanted[closing - 1]:
        closing -= 1
    return opening, closing


@njit
def _copy(source, first, stop, target, position):
    rows = stop - first
    old = source[first:stop]
    new = target[position : position + rows]
    for row in range(rows):
        new[row] = old[row]


@njit
def _apply(column, top, last, kind, value):
    for row in range(max(top, 0), min(last + 1, len(column))):
        if kind == MULTIPLY:
            column[row] *= value
        elif kind == ADD:
            column[row] += value
        else:
            column[row] = value


@njit
def _put_back(results, stretches, count, wanted, out):
    """Write what the stretches gave into `out` where it is wanted."""
    for k in range(len(out)):
        for s in range(count):
            position, asset, first, days = stretches[s]
            line = results[k, position : position + days]
            asked = wanted[asset, first : first + days]
            for d in range(days):
                if asked[d]:
                    out[k, first + d, asset] = line[d]
