"""Dates of queries, and which event is the next or the previous one on each day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...errors import NoFurtherDataError
from ...utils.numpy_utils import categorical_dtype
from ..common import SID_FIELD_NAME, TS_FIELD_NAME


def is_sorted_ascending(a) -> bool:
    """Whether no value is below one before it."""
    return bool((np.fmax.accumulate(a) <= a).all())


def validate_event_metadata(event_dates, event_timestamps, event_sids) -> None:
    """Raise AssertionError unless the dates ascend and all are of one length."""
    if not is_sorted_ascending(event_dates):
        raise AssertionError("The dates of events must be in ascending sequence.")
    if not len(event_sids) == len(event_dates) == len(event_timestamps):
        raise AssertionError(
            f"There are {len(event_sids)} sids, {len(event_dates)} dates and "
            f"{len(event_timestamps)} timestamps of events."
        )


def make_utc_aware(dates):
    """A DatetimeIndex in UTC; without a time zone it counts as UTC."""
    return dates.tz_localize("UTC") if dates.tz is None else dates.tz_convert("UTC")


def next_event_indexer(
    all_dates, data_query_cutoff, all_sids, event_dates, event_timestamps, event_sids
):
    """int64 [dates, sids]: the place of the next event known on each day, -1 for none.

    all_dates: DatetimeIndex. data_query_cutoff: until when news count for each of them. event_*:
    when an event happens (ascending), when it became known, and whose it is.
    """
    validate_event_metadata(event_dates, event_timestamps, event_sids)
    out = np.full((len(all_dates), len(all_sids)), -1, dtype=np.int64)
    columns = all_sids.searchsorted(event_sids)
    # An event is still the next one on its own day.
    ends = all_dates.searchsorted(pd.DatetimeIndex(event_dates), side="right")
    known = _first_morning(data_query_cutoff, event_timestamps)
    # Backwards, so that of several known events the earliest one stays.
    for n in range(len(event_sids) - 1, -1, -1):
        out[known[n] : ends[n], columns[n]] = n
    return out


def previous_event_indexer(
    data_query_cutoff_times, all_sids, event_dates, event_timestamps, event_sids
):
    """int64 [dates, sids]: the place of the last event before each day, -1 for none.

    As `next_event_indexer`; an event counts once it has happened and is known.
    """
    validate_event_metadata(event_dates, event_timestamps, event_sids)
    out = np.full((len(data_query_cutoff_times), len(all_sids)), -1, dtype=np.int64)
    columns = all_sids.searchsorted(event_sids)
    begins = _first_morning(data_query_cutoff_times, np.maximum(event_dates, event_timestamps))
    last: dict[int, int] = {}
    for n in range(len(event_dates) - 1, -1, -1):
        column, begin = columns[n], begins[n]
        out[begin : last.get(column), column] = n
        last[column] = begin
    return out


def _first_morning(cutoffs, times):
    """For each time the first place whose cutoff lies behind it."""
    return cutoffs.searchsorted(make_utc_aware(pd.DatetimeIndex(times)), side="right")


def last_in_date_group(
    df, data_query_cutoff_times, assets, reindex=True, have_sids=True, extra_groupers=None
):
    """The last row of a table known on each day, by sid and further fields.

    df: sorted so that the last row of a group is the right one, with the field `timestamp`.
    Returns a frame: days as rows; the fields, by the values of the groupers, as columns. reindex
    adds the days without news and the assets without rows.
    """
    groupers = list(extra_groupers or ())
    times = make_utc_aware(pd.DatetimeIndex(df[TS_FIELD_NAME]))
    mornings = data_query_cutoff_times[data_query_cutoff_times.searchsorted(times)]
    by = [mornings, *([SID_FIELD_NAME] if have_sids else []), *groupers]
    last = df.drop(TS_FIELD_NAME, axis=1).groupby(by, sort=False).last().unstack(by[:0:-1])
    if not reindex:
        return last
    if not have_sids:
        return last.reindex(data_query_cutoff_times)
    levels = last.columns.levels[: len(groupers) + 1]
    columns = pd.MultiIndex.from_product((*levels, assets), names=last.columns.names)
    return last.reindex(index=data_query_cutoff_times, columns=columns)


def ffill_across_cols(df, columns, name_map) -> None:
    """Carry a frame's values forward in place, and give what is still missing its value and dtype.

    columns: bound columns. name_map: the frame's column for the name of each.
    """
    df.ffill(inplace=True)
    for column in columns:
        name = name_map[column.name]
        if column.dtype == categorical_dtype:
            # fillna takes no None.
            df[name] = df[name].where(pd.notnull(df[name]), column.missing_value)
        else:
            df[name] = df[name].fillna(column.missing_value).astype(column.dtype)


def shift_dates(dates, start_date, end_date, shift):
    """The sessions from start_date to end_date, moved back by `shift` sessions.

    Raises NoFurtherDataError outside of `dates`, ValueError for a day between sessions.
    """
    if start_date < dates[0]:
        raise NoFurtherDataError(
            msg=f"Data from {start_date} on is needed; the first known session is {dates[0]}."
        )
    if end_date > dates[-1]:
        raise NoFurtherDataError(
            msg=f"Data until {end_date} is needed; the last known session is {dates[-1]}."
        )
    for name, date in (("start", start_date), ("end", end_date)):
        if date not in dates:
            raise ValueError(f"The {name} of the query, {date}, is no session.")
    start, end = dates.get_loc(start_date), dates.get_loc(end_date)
    if start < shift:
        raise NoFurtherDataError(
            msg=f"Data from {shift} sessions before {start_date} is needed; there are {start}."
        )
    return dates[start - shift : end - shift + 1]
