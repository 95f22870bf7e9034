"""Where the signals of a table are: cleaned, ranked, counted from the first or the last.

Signals are tables of rows x columns, bool; functions of one column end in `_series`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import njit

__all__ = [
    "average_place",
    "average_place_series",
    "clean",
    "clean_series",
    "nth_place",
    "nth_place_series",
    "rank",
    "run_position",
    "run_ranks",
    "signal_position",
    "signal_ranks",
]


@njit
def clean_series(entries, exits, entry_first):
    """The first entry, the first exit behind it, the first entry behind that, and so on.

    Rows with both are left out. entry_first: an exit cannot be the first of all.
    """
    kept_entries = np.full(len(entries), False)
    kept_exits = np.full(len(exits), False)
    expects_entry, expects_exit = True, not entry_first
    for i in range(len(entries)):
        if entries[i] == exits[i]:
            continue
        if entries[i] and expects_entry:
            kept_entries[i] = True
            expects_entry, expects_exit = False, True
        elif exits[i] and expects_exit:
            kept_exits[i] = True
            expects_entry, expects_exit = True, False
    return kept_entries, kept_exits


@njit
def clean(entries, exits, entry_first):
    """`clean_series` of each column."""
    kept_entries = np.full(entries.shape, False)
    kept_exits = np.full(exits.shape, False)
    columns = entries.shape[1]
    expects_entry = np.full(columns, True)
    expects_exit = np.full(columns, not entry_first)
    for i in range(entries.shape[0]):
        for k in range(columns):
            if entries[i, k] == exits[i, k]:
                continue
            if entries[i, k] and expects_entry[k]:
                kept_entries[i, k] = True
                expects_entry[k], expects_exit[k] = False, True
            elif exits[i, k] and expects_exit[k]:
                kept_exits[i, k] = True
                expects_entry[k], expects_exit[k] = True, False
    return kept_entries, kept_exits


@njit(cache=False)
def _call(i, col, reset_i, prev_part_end_i, part_start_i, rank_func_nb, *args):
    return rank_func_nb(i, col, reset_i, prev_part_end_i, part_start_i, *args)


# Made for each rank of this module, which it calls by name: a function that is handed a compiled
# one as an argument cannot be cached.


def _ranks_by(rank_of, cache=True) -> Any:
    @njit(cache=cache)
    def ranks(a, reset_by, after_false, args):
        out = np.full(a.shape, -1, np.int64)
        for col in range(a.shape[1]):
            reset_i, run_end, run_start = 0, -1, -1
            inside = False
            counts = not after_false
            for i in range(a.shape[0]):
                if reset_by is not None:  # noqa: SIM102 - for the compiler
                    if reset_by[i, col]:
                        reset_i = i
                if not a[i, col]:
                    if inside:
                        run_end = i - 1
                    inside = False
                    counts = True
                elif counts:
                    if not inside:
                        run_start = i
                    inside = True
                    out[i, col] = rank_of(i, col, reset_i, run_end, run_start, *args)
        return out

    return ranks


_ranks = _ranks_by(_call, cache=False)


@njit(cache=False)
def rank(a, reset_by, after_false, rank_func_nb, *args):
    """A number for each signal, -1 elsewhere; int64.

    The function gets row, column, the last row with a signal in `reset_by` (0 if there was none),
    the last row of the previous run of signals (-1), the first row of this run, and `args`.
    after_false: a run that begins in the first row has no ranks.
    """
    return _ranks(a, reset_by, after_false, (rank_func_nb, *args))


@njit
def signal_position(i, col, reset_i, prev_part_end_i, part_start_i, sig_pos_temp, allow_gaps):
    """For `rank`: how many signals of the run (since a reset, with `allow_gaps`) came before.

    sig_pos_temp: int64 by column, -1 at first.
    """
    after_reset = reset_i > prev_part_end_i and max(reset_i, part_start_i) == i
    if after_reset or (part_start_i == i and not allow_gaps):
        sig_pos_temp[col] = -1
    sig_pos_temp[col] += 1
    return sig_pos_temp[col]


@njit
def run_position(i, col, reset_i, prev_part_end_i, part_start_i, part_pos_temp):
    """For `rank`: how many runs of signals (since a reset) came before.

    part_pos_temp: int64 by column, -1 at first.
    """
    if reset_i > prev_part_end_i and max(reset_i, part_start_i) == i:
        part_pos_temp[col] = 0
    elif part_start_i == i:
        part_pos_temp[col] += 1
    return part_pos_temp[col]


_signal_ranks, _run_ranks = _ranks_by(signal_position), _ranks_by(run_position)


@njit
def signal_ranks(a, reset_by, after_false, allow_gaps):
    """`rank` by `signal_position`."""
    found = np.full(a.shape[1], -1, np.int64)
    return _signal_ranks(a, reset_by, after_false, (found, allow_gaps))


@njit
def run_ranks(a, reset_by, after_false):
    """`rank` by `run_position`."""
    found = np.full(a.shape[1], -1, np.int64)
    return _run_ranks(a, reset_by, after_false, (found,))


@njit
def nth_place_series(a, n):
    """The row of the n-th signal, from 0, or from the end if negative; -1 where there is none."""
    rows = len(a)
    left = n if n >= 0 else -1 - n
    for k in range(rows):
        i = k if n >= 0 else rows - 1 - k
        if a[i]:
            if left == 0:
                return i
            left -= 1
    return -1


@njit
def nth_place(a, n):
    """`nth_place_series` of each column, int64."""
    out = np.empty(a.shape[1], np.int64)
    for col in range(a.shape[1]):
        out[col] = nth_place_series(a[:, col], n)
    return out


@njit
def average_place_series(a):
    """The mean row of all signals, -1 for the first row and 1 for the last; NaN without any."""
    rows = len(a)
    total = 0
    count = 0
    for i in range(rows):
        if a[i]:
            total += i
            count += 1
    if rows <= 1 or count == 0:
        return np.nan
    return 2 * (total / count) / (rows - 1) - 1


@njit
def average_place(a):
    """`average_place_series` of each column, float64."""
    out = np.empty(a.shape[1])
    for col in range(a.shape[1]):
        out[col] = average_place_series(a[:, col])
    return out
