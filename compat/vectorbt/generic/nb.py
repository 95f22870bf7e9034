"""Jitted functions of arrays under VectorBT's names: for scripts that call them from their own.

`X_1d_nb` takes one series, `X_nb` a matrix of rows x columns. They are those of
`core.array_columns` and `core.array_calls`.
"""

from __future__ import annotations

import numpy as np

from ....core import array_calls as calls
from ....core import array_columns as columns
from ....core import ranges, records
from ....core.jit import njit

place_of_lowest, place_of_highest = columns.place_of_lowest, columns.place_of_highest
deviation_series, description = columns.deviation_series, columns.description
rolling_average, rolling_spread = columns.rolling_average, columns.rolling_spread
apply_to_groups, apply_to_groups_of_rows = calls.apply_to_groups, calls.apply_to_groups_of_rows
apply_to_windows, apply_to_windows_of_rows = calls.apply_to_windows, calls.apply_to_windows_of_rows

shuffle_1d_nb, shuffle_nb = columns.shuffle_series, columns.shuffle
set_by_mask_1d_nb = set_by_mask_nb = columns.replace
set_by_mask_mult_1d_nb = set_by_mask_mult_nb = columns.replace
fillna_1d_nb = fillna_nb = columns.fill
bshift_1d_nb, bshift_nb = columns.earlier_series, columns.earlier
fshift_1d_nb, fshift_nb = columns.later_series, columns.later
diff_1d_nb, diff_nb = columns.difference_series, columns.difference
pct_change_1d_nb, pct_change_nb = columns.change_series, columns.change
ffill_1d_nb, ffill_nb = columns.fill_forward_series, columns.fill_forward
bfill_1d_nb, bfill_nb = columns.fill_backward_series, columns.fill_backward
nanprod_nb, nansum_nb, nancnt_nb = columns.product, columns.total, columns.known
nancumsum_nb, nancumprod_nb = columns.cumulative_sum, columns.cumulative_product
nanmin_nb, nanmax_nb = columns.lowest, columns.highest
nanmean_nb, nanmedian_nb = columns.average, columns.middle
nanstd_1d_nb, nanstd_nb = columns.deviation_series, columns.deviation
rolling_min_1d_nb, rolling_min_nb = columns.rolling_lowest_series, columns.rolling_lowest
rolling_max_1d_nb, rolling_max_nb = columns.rolling_highest_series, columns.rolling_highest
rolling_mean_1d_nb, rolling_mean_nb = columns.rolling_mean_series, columns.rolling_average
rolling_std_1d_nb, rolling_std_nb = columns.rolling_deviation_series, columns.rolling_spread
ewm_mean_1d_nb, ewm_mean_nb = columns.exponential_mean_series, columns.weighted_average
ewm_std_1d_nb, ewm_std_nb = columns.exponential_deviation_series, columns.weighted_spread
expanding_min_nb, expanding_max_nb = columns.cumulative_lowest, columns.cumulative_highest
expanding_mean_nb, expanding_std_nb = columns.cumulative_average, columns.cumulative_spread
apply_nb, row_apply_nb = calls.apply_to_columns, calls.apply_to_rows
rolling_apply_nb, rolling_matrix_apply_nb = apply_to_windows, apply_to_windows_of_rows
applymap_nb, filter_nb = calls.apply_to_cells, calls.keep_cells
apply_and_reduce_nb = calls.reduce_mapped
reduce_nb, reduce_to_array_nb = calls.reduce_columns, calls.reduce_columns_to_arrays
reduce_grouped_nb, reduce_grouped_to_array_nb = calls.reduce_groups, calls.reduce_groups_to_arrays
flat_reduce_grouped_nb = calls.reduce_flat_groups
flat_reduce_grouped_to_array_nb = calls.reduce_flat_groups_to_arrays
squeeze_grouped_nb = calls.squeeze_groups
flatten_grouped_nb = columns.flatten_groups
flatten_uniform_grouped_nb = columns.flatten_even_groups
value_counts_nb = columns.count_codes
crossed_above_1d_nb, crossed_above_nb = columns.crossing_series, columns.crossing


@njit
def flatten_forder_nb(a):
    return calls.flat(a, False)


@njit
def expanding_min_1d_nb(a, minp=1):
    return columns.rolling_lowest_series(a, max(len(a), minp), minp)


@njit
def expanding_max_1d_nb(a, minp=1):
    return columns.rolling_highest_series(a, max(len(a), minp), minp)


@njit
def expanding_mean_1d_nb(a, minp=1):
    return columns.rolling_mean_series(a, max(len(a), minp), minp)


@njit
def expanding_std_1d_nb(a, minp=1, ddof=0):
    return columns.rolling_deviation_series(a, max(len(a), minp), minp, ddof)


@njit(cache=False)
def expanding_apply_nb(a, minp, apply_func_nb, *args):
    return apply_to_windows(a, a.shape[0], minp, apply_func_nb, *args)


@njit(cache=False)
def expanding_matrix_apply_nb(a, minp, apply_func_nb, *args):
    return apply_to_windows_of_rows(a, a.shape[0], minp, apply_func_nb, *args)


@njit(cache=False)
def _of_groups(groups):
    """Rows of the groups 0, 1, ... one after another, and where each begins."""
    start = np.zeros(len(groups) + 1, np.int64)
    for g in range(len(groups)):
        start[g + 1] = start[g] + len(groups[g])
    rows = np.empty(start[-1], np.int64)
    for g in range(len(groups)):
        rows[start[g] : start[g + 1]] = groups[g]
    return rows, start


@njit(cache=False)
def groupby_apply_nb(a, groups, apply_func_nb, *args):
    rows, start = _of_groups(groups)
    return apply_to_groups(a, rows, start, apply_func_nb, *args)


@njit(cache=False)
def groupby_matrix_apply_nb(a, groups, apply_func_nb, *args):
    rows, start = _of_groups(groups)
    return apply_to_groups_of_rows(a, rows, start, apply_func_nb, *args)


# Reducers: (column, series[, ...]) to a number or an array.


@njit
def nth_reduce_nb(col, a, n):
    if n >= len(a) or -n > len(a):
        raise ValueError("index is out of bounds")
    return a[n]


@njit
def nth_index_reduce_nb(col, a, n):
    if n >= len(a) or -n > len(a):
        raise ValueError("index is out of bounds")
    return n if n >= 0 else len(a) + n


@njit
def min_reduce_nb(col, a):
    return np.nanmin(a)


@njit
def max_reduce_nb(col, a):
    return np.nanmax(a)


@njit
def mean_reduce_nb(col, a):
    return np.nanmean(a)


@njit
def median_reduce_nb(col, a):
    return np.nanmedian(a)


@njit
def std_reduce_nb(col, a, ddof):
    return deviation_series(a, ddof)


@njit
def sum_reduce_nb(col, a):
    return np.nansum(a)


@njit
def count_reduce_nb(col, a):
    return np.sum(~np.isnan(a))


@njit
def argmin_reduce_nb(col, a):
    return place_of_lowest(a)


@njit
def argmax_reduce_nb(col, a):
    return place_of_highest(a)


@njit
def describe_reduce_nb(col, a, perc, ddof):
    return description(a, perc, ddof)


# Squeezers: (row, group, series) to a number.


@njit
def min_squeeze_nb(col, group, a):
    return np.nanmin(a)


@njit
def max_squeeze_nb(col, group, a):
    return np.nanmax(a)


@njit
def sum_squeeze_nb(col, group, a):
    return np.nansum(a)


@njit
def any_squeeze_nb(col, group, a):
    return np.any(a)


# Ranges and drawdowns: from Python; `col_map` is what `records.nb.col_map_nb` gives.


def find_ranges_nb(ts, gap_value):
    """A record for each run of values that are not `gap_value`."""
    present = ts != gap_value
    return ranges.ranges(present & (ts == ts) if gap_value != gap_value else present)


def range_duration_nb(start_idx_arr, end_idx_arr, status_arr):
    return records.durations(start_idx_arr, end_idx_arr, status_arr)


def _start_of(col_map):
    index, lengths = col_map
    return index, np.concatenate([[0], np.cumsum(lengths)])


def range_coverage_nb(
    start_idx_arr, end_idx_arr, status_arr, col_map, index_lens, overlapping=False, normalize=False
):
    """Rows that ranges of each column cover (`overlapping`: that several do), NaN without any.

    normalize: as a share of all rows (`overlapping`: of those covered).
    """
    index_lens = np.asarray(index_lens)
    args = start_idx_arr, end_idx_arr, status_arr, _start_of(col_map), int(index_lens.max())
    covered, overlapped = ranges.coverage(*args)
    out = (overlapped if overlapping else covered).astype(np.float64)
    if normalize:
        out = out / (covered if overlapping else index_lens)
    return np.where(col_map[1] > 0, out, np.nan)


def ranges_to_mask_nb(start_idx_arr, end_idx_arr, status_arr, col_map, index_len):
    """Whether a range of the column covers the row."""
    columns = _start_of(col_map)
    return ranges.masks(start_idx_arr, end_idx_arr, status_arr, columns, index_len)


def get_drawdowns_nb(ts):
    """A record for each time that values are below their peak."""
    return records.drawdowns(ts)


@njit
def dd_drawdown_nb(peak_val_arr, valley_val_arr):
    return (valley_val_arr - peak_val_arr) / peak_val_arr


@njit
def dd_decline_duration_nb(start_idx_arr, valley_idx_arr):
    return valley_idx_arr - start_idx_arr + 1


@njit
def dd_recovery_duration_nb(valley_idx_arr, end_idx_arr):
    return end_idx_arr - valley_idx_arr


@njit
def dd_recovery_duration_ratio_nb(start_idx_arr, valley_idx_arr, end_idx_arr):
    return (end_idx_arr - valley_idx_arr) / (valley_idx_arr - start_idx_arr + 1)


@njit
def dd_recovery_return_nb(valley_val_arr, end_val_arr):
    return (end_val_arr - valley_val_arr) / valley_val_arr
