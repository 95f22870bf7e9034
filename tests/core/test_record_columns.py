"""Records column by column: against pandas, and against the kernels that other kernels call."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fillproof.core import record_columns, record_maps, records

N_COLUMNS = 6


@pytest.fixture(params=["sorted", "mixed", "none"])
def table(request):
    """(values, columns, map): column 3 has no records, some values are NaN."""
    rng = np.random.default_rng(5)
    n = 0 if request.param == "none" else 200
    columns = rng.choice([0, 1, 2, 4, 5], n)
    if request.param == "sorted":
        columns.sort()
    values = np.round(rng.normal(0, 2, n), 1)
    values[rng.random(n) < 0.2] = np.nan
    return values, columns, records.map_columns(columns, N_COLUMNS)


def by_column(values, columns, how):
    grouped = pd.Series(values, dtype=float).groupby(columns)
    return grouped.agg(how).reindex(range(N_COLUMNS)).to_numpy(dtype=float)


def test_the_map_keeps_the_sequence_of_each_column(table):
    _, columns, (index, start) = table
    for j in range(N_COLUMNS):
        np.testing.assert_array_equal(index[start[j] : start[j + 1]], np.flatnonzero(columns == j))


def test_summaries_are_those_of_pandas(table):
    values, columns, by = table
    sums = record_columns.summary(values, by)
    some = np.diff(by[1]) > 0
    rows = dict(zip(record_columns.SUMMARY, sums, strict=True))
    for how in ("min", "max"):
        np.testing.assert_array_equal(rows[how], by_column(values, columns, how))
    for how in ("count", "sum"):
        np.testing.assert_allclose(rows[how][some], by_column(values, columns, how)[some])
    np.testing.assert_allclose(record_columns.means(sums), by_column(values, columns, "mean"))
    for ddof in (0, 1):
        expected = np.sqrt(by_column(values, columns, "var"))
        if ddof == 0:
            n = by_column(values, columns, "count")
            expected = np.where(n == 1, 0.0, expected * np.sqrt((n - 1) / n))
        np.testing.assert_allclose(record_columns.deviations(values, by, sums, ddof), expected)


def test_descriptions_are_those_of_pandas(table):
    values, columns, by = table
    out = record_columns.describe(values, by, np.array([0.1, 0.5, 0.9]))
    for j in np.unique(columns):
        expected = pd.Series(values[columns == j]).describe(percentiles=[0.1, 0.5, 0.9])
        np.testing.assert_allclose(out[:, j], expected.to_numpy())
    assert out[0, 3] == 0
    assert np.isnan(out[1:, 3]).all()


@pytest.mark.parametrize("n", [-1, 0, 1, 3, 30, 1000])
def test_ranks_are_those_of_the_kernels(table, n):
    values, _, (index, start) = table
    pairs = (
        (record_columns.highest, record_maps.mark_highest),
        (record_columns.lowest, record_maps.mark_lowest),
    )
    for choose, mark in pairs:
        expected = np.zeros(len(values), np.bool_)
        for j in range(N_COLUMNS):
            own = index[start[j] : start[j + 1]]
            mark(expected, own, j, values[own], n)
        np.testing.assert_array_equal(choose(values, (index, start), n), expected)


def test_ties_and_unknown_values_are_ranked_by_their_sequence():
    values = np.array([1.0, np.nan, 2.0, 2.0, 1.0, np.nan])
    by = records.map_columns(np.zeros(6, np.int64), 1)
    assert np.flatnonzero(record_columns.highest(values, by, 1)).tolist() == [3]
    assert np.flatnonzero(record_columns.highest(values, by, 3)).tolist() == [2, 3, 4]
    assert np.flatnonzero(record_columns.highest(values, by, 5)).tolist() == [0, 2, 3, 4, 5]
    assert np.flatnonzero(record_columns.lowest(values, by, 1)).tolist() == [0]
    assert np.flatnonzero(record_columns.lowest(values, by, 5)).tolist() == [0, 1, 2, 3, 4]


def test_places_that_are_not_there_are_errors(table):
    values, _, by = table
    if not len(values):
        assert np.isnan(record_columns.nth_places(by, 0)).all()
        return
    last = record_columns.at_places(values, by, record_columns.nth_places(by, -1))
    assert np.isnan(last[3])
    assert last[0] == values[by[0][by[1][1] - 1]] or np.isnan(last[0])
    with pytest.raises(ValueError, match="no value 999 in column 0"):
        record_columns.nth_places(by, 999)
    unknown = np.full(len(values), np.nan)
    sums = record_columns.summary(unknown, by)
    with pytest.raises(ValueError, match="all values of column 0 are NaN"):
        record_columns.extreme_places(by, sums, highest=True)


def test_streaks_end_with_the_column():
    columns = np.array([0, 1, 0, 1, 0, 1, 0])
    hit = np.array([1, 1, 1, 0, 0, 1, 1], np.bool_)
    by = records.map_columns(columns, 2)
    assert record_columns.streaks(hit, by).tolist() == [1, 1, 2, 0, 0, 1, 1]
    by = records.map_columns(np.array([0, 0, 0, 1, 1, 1, 1]), 2)
    assert record_columns.streaks(np.ones(7, np.bool_), by).tolist() == [1, 2, 3, 1, 2, 3, 4]


def test_matrices_of_values(table):
    values, columns, by = table
    rows = np.arange(len(values)) % 40
    shape = (40, N_COLUMNS)
    single = record_columns.single_places(columns, rows, shape)
    assert single == record_maps.single_places(columns, rows, shape)
    assert single == (len({*zip(rows, columns, strict=True)}) == len(rows))
    count = by[0], np.diff(by[1])
    if len(values):
        np.testing.assert_array_equal(
            record_columns.stack(values, by, -1), record_maps.stack_values(values, count, -1)
        )
    np.testing.assert_array_equal(
        record_columns.codes_by_column(rows % 3, 3, by), record_maps.count_codes(rows % 3, 3, count)
    )


def test_columns_are_selected_in_the_order_that_is_asked_for(table):
    _, columns, by = table
    chosen = np.array([4, 3, 0, 4])
    places, owner = record_columns.select_columns(by, chosen)
    np.testing.assert_array_equal(columns[places], chosen[owner])
    assert np.all(np.diff(owner) >= 0)
    count = by[0], np.diff(by[1])
    for mine, theirs in zip((places, owner), record_maps.select_map(count, chosen), strict=True):
        np.testing.assert_array_equal(mine, theirs)
