"""Formulas over moving windows of many assets' columns, as they looked on each day.

A split or dividend changes from its day on what the days before it look like. So each asset's
columns are walked once: what becomes known on a day is applied to the rows that it concerns, in
place and in the order in which it became known; between two such days the rows stand still, and
the formula computes that whole stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .jit import njit
from .window_formulas import (
    write_average_difference,
    write_bands,
    write_change,
    write_change_in_percent,
    write_change_of_size,
    write_cloud,
    write_days_of_extremes,
    write_deviation,
    write_drawdown,
    write_last,
    write_linear_average,
    write_mean,
    write_relative_strength,
    write_stochastic,
    write_true_range,
    write_turnover,
    write_weighted_average,
    write_weighted_deviation,
    write_weighted_value,
)
from .window_statistics import (
    write_correlation,
    write_rank_correlation,
    write_regression,
    write_slope,
)

__all__ = ["Adjustments", "Input", "over_windows"]

# Formulas (named like their kernels, which say what they compute), inputs and arguments:
LAST = 0  # column
MEAN = 1  # column
DEVIATION = 2  # column; factor
BANDS = 3  # column; width -> lower, middle, upper
CHANGE = 4  # column
CHANGE_OF_SIZE = 5  # column
CHANGE_IN_PERCENT = 6  # column
WEIGHTED_VALUE = 7  # values, weights
TURNOVER = 8  # values, amounts
LINEAR_AVERAGE = 9  # column
WEIGHTED_AVERAGE = 10  # column; weights, their sum
WEIGHTED_DEVIATION = 11  # column; weights, their sum, factor of the variance
AVERAGE_DIFFERENCE = 12  # column; fast, slow, signal, weights of each and their sum
DRAWDOWN = 13  # column
RELATIVE_STRENGTH = 14  # column
STOCHASTIC = 15  # closes, lows, highs
DAYS_OF_EXTREMES = 16  # lows, highs -> down, up
TRUE_RANGE = 17  # highs, lows, closes
CLOUD = 18  # highs, lows, closes; turning, base, back -> five lines
SLOPE = 19  # values, against; allowed missing
CORRELATION = 20  # left, right
RANK_CORRELATION = 21  # left, right
REGRESSION = 22  # values, against -> value at 0, slope, correlation, p-value, standard error

_MOST_INPUTS = 3

# What an adjustment does to the rows:
MULTIPLY, ADD, REPLACE = range(3)


#: Why a window that is wanted can have no value, not even a missing one.
_UNDEFINED = {
    DAYS_OF_EXTREMES: "All-NaN slice encountered: a window has no highs, or no lows.",
    REGRESSION: (
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
    formula: int,
    inputs: Sequence[Input],
    length: int,
    wanted: np.ndarray,
    out: np.ndarray,
    arguments: Sequence[float] | np.ndarray = (),
) -> None:
    """Compute a formula over the windows of every asset.

    length: rows of a window; the window of day d is rows d to d + length - 1.
    wanted: bool[rows - length + 1, assets]. out: float64[outputs, days, assets]; cells that are not
    wanted stay as they are. arguments: what the formula takes besides, see the list above.
    Raises ValueError if a wanted window has no value by the formula, not even a missing one.
    """
    columns = [values for values, _ in inputs]
    columns += [np.empty((1, columns[0].shape[1]))] * (_MOST_INPUTS - len(columns))
    entries = np.zeros((2, len(inputs), wanted.shape[1]), np.int64)
    tables = []
    known = 0
    for k, (_, adjustments) in enumerate(inputs):
        if adjustments is not None and len(adjustments.known):
            entries[0, k] = adjustments.first[:-1] + known
            entries[1, k] = adjustments.first[1:] + known
            known += len(adjustments.known)
            tables.append(adjustments[1:])
    none = [np.empty(0, np.int64)] * 4 + [np.empty(0)]
    joined = [np.concatenate(parts) for parts in zip(*tables, strict=True)] or none
    settled = np.ascontiguousarray(arguments, dtype=np.float64)
    with np.errstate(all="ignore"):  # interpreted kernels would warn
        done = _walk(formula, *columns, length, wanted, settled, entries, *joined, out)
    if not done:
        raise ValueError(_UNDEFINED[formula])


@njit
def _walk(
    formula,
    one,
    two,
    three,
    length,
    wanted,
    arguments,
    entries,
    known,
    top,
    last,
    kind,
    value,
    out,
):
    """See `over_windows`; returns whether every window wanted has a value.

    one, two, three: float64[assets or 1, rows], as many of them as the formula takes. entries:
    int64[2, inputs, assets], the first adjustment of a column and the one behind its last.
    """
    inputs = entries.shape[1]
    rows = one.shape[1]
    days = rows - length + 1
    outputs = out.shape[0]
    columns = np.empty((inputs, rows))
    results = np.empty((outputs, days))
    asked = np.empty(days, np.bool_)
    following = np.empty(inputs, np.int64)
    for asset in range(wanted.shape[1]):
        opening = days
        closing = 0
        for day in range(days):
            asked[day] = wanted[day, asset]
            if asked[day]:
                opening = min(opening, day)
                closing = day + 1
        for k in range(inputs):
            following[k] = entries[0, k, asset]
            source = one if k == 0 else two if k == 1 else three
            _take(source[min(asset, len(source) - 1)], columns[k])
        day = opening
        while day < closing:
            stop = closing
            for k in range(inputs):
                end = entries[1, k, asset]
                entry = following[k]
                while entry < end and known[entry] < day + length:
                    _apply(columns[k], top[entry], last[entry], kind[entry], value[entry])
                    entry += 1
                following[k] = entry
                if entry < end:
                    stop = min(stop, known[entry] - length + 1)
            if not _stretch(formula, columns, length, day, stop, asked, arguments, results):
                return False
            day = stop
        for k in range(outputs):
            for day in range(opening, closing):
                if asked[day]:
                    out[k, day, asset] = results[k, day]
    return True


@njit
def _take(source, column):
    for row in range(len(column)):
        column[row] = source[row]


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
def _stretch(formula, columns, length, first, stop, asked, arguments, out):
    """One asset's days from `first` to before `stop`; False if one asked for has no value."""
    if formula == LAST:
        write_last(columns[0], length, first, stop, out[0])
    elif formula == MEAN:
        write_mean(columns[0], length, first, stop, out[0])
    elif formula == DEVIATION:
        write_deviation(columns[0], length, first, stop, arguments[0], out[0])
    elif formula == BANDS:
        write_bands(columns[0], length, first, stop, arguments[0], out)
    elif formula == CHANGE:
        write_change(columns[0], length, first, stop, out[0])
    elif formula == CHANGE_OF_SIZE:
        write_change_of_size(columns[0], length, first, stop, out[0])
    elif formula == CHANGE_IN_PERCENT:
        write_change_in_percent(columns[0], length, first, stop, out[0])
    elif formula == WEIGHTED_VALUE:
        write_weighted_value(columns[0], columns[1], length, first, stop, out[0])
    elif formula == TURNOVER:
        write_turnover(columns[0], columns[1], length, first, stop, out[0])
    elif formula == LINEAR_AVERAGE:
        write_linear_average(columns[0], length, first, stop, out[0])
    elif formula == WEIGHTED_AVERAGE:
        write_weighted_average(columns[0], length, first, stop, arguments, out[0])
    elif formula == WEIGHTED_DEVIATION:
        write_weighted_deviation(columns[0], length, first, stop, arguments, out[0])
    elif formula == AVERAGE_DIFFERENCE:
        write_average_difference(columns[0], first, stop, arguments, out[0])
    elif formula == DRAWDOWN:
        write_drawdown(columns[0], length, first, stop, out[0])
    elif formula == RELATIVE_STRENGTH:
        write_relative_strength(columns[0], length, first, stop, out[0])
    elif formula == STOCHASTIC:
        write_stochastic(columns[0], columns[1], columns[2], length, first, stop, out[0])
    elif formula == DAYS_OF_EXTREMES:
        return write_days_of_extremes(columns[0], columns[1], length, first, stop, asked, out)
    elif formula == TRUE_RANGE:
        write_true_range(columns[0], columns[1], columns[2], first, stop, out[0])
    elif formula == CLOUD:
        write_cloud(columns[0], columns[1], columns[2], length, first, stop, arguments, out)
    elif formula == SLOPE:
        write_slope(columns[0], columns[1], length, first, stop, arguments[0], out[0])
    elif formula == CORRELATION:
        write_correlation(columns[0], columns[1], length, first, stop, out[0])
    elif formula == RANK_CORRELATION:
        write_rank_correlation(columns[0], columns[1], length, first, stop, asked, out[0])
    elif formula == REGRESSION:
        return write_regression(columns[0], columns[1], length, first, stop, asked, out)
    return True
