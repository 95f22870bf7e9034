"""Loaders of estimates for fiscal quarters: the next ones, or those before, on each day.

A quarter is numbered 4 x year + quarter - 1. On each day one quarter is at hand, the next to be
announced (or the last announced); a dataset's `num_announcements` says how many quarters from it
its columns look. When a day crosses an announcement another quarter is looked at, and windows that
reach over the crossing show the earlier days' knowledge of that other quarter as well (or nothing).
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...lib.adjusted_array import AdjustedArray
from ...lib.adjustment import (
    Datetime64Overwrite,
    Datetime641DArrayOverwrite,
    Float64Multiply,
    Float64Overwrite,
    Float641DArrayOverwrite,
)
from ...utils.numpy_utils import datetime64ns_dtype, float64_dtype
from ..common import (
    EVENT_DATE_FIELD_NAME,
    FISCAL_QUARTER_FIELD_NAME,
    FISCAL_YEAR_FIELD_NAME,
    SID_FIELD_NAME,
    TS_FIELD_NAME,
)
from .base import PipelineLoader
from .utils import make_utc_aware

NEXT_FISCAL_QUARTER = "next_fiscal_quarter"
NEXT_FISCAL_YEAR = "next_fiscal_year"
NORMALIZED_QUARTERS = "normalized_quarters"
PREVIOUS_FISCAL_QUARTER = "previous_fiscal_quarter"
PREVIOUS_FISCAL_YEAR = "previous_fiscal_year"
SHIFTED_NORMALIZED_QTRS = "shifted_normalized_quarters"
SIMULATION_DATES = "dates"
INVALID_NUM_QTRS_MESSAGE = "num_announcements must be 0 or more, not %s."

#: The fields that every table of estimates has.
metadata_columns = frozenset(
    (
        TS_FIELD_NAME,
        SID_FIELD_NAME,
        EVENT_DATE_FIELD_NAME,
        FISCAL_QUARTER_FIELD_NAME,
        FISCAL_YEAR_FIELD_NAME,
    )
)

_ARRAYS = {datetime64ns_dtype: Datetime641DArrayOverwrite, float64_dtype: Float641DArrayOverwrite}
_SCALARS = {datetime64ns_dtype: Datetime64Overwrite, float64_dtype: Float64Overwrite}


def normalize_quarters(years, quarters):
    """The numbers of quarters."""
    return years * 4 + quarters - 1


def split_normalized_quarters(normalized_quarters):
    """(years, quarters from 1 to 4) of numbers of quarters."""
    return normalized_quarters // 4, normalized_quarters % 4 + 1


def required_estimates_fields(columns) -> frozenset:
    """The fields that a table must have for a map from columns to fields."""
    return metadata_columns.union(columns.values())


def validate_column_specs(events, columns) -> None:
    """Raise ValueError unless a table of estimates has all fields."""
    missing = sorted(required_estimates_fields(columns) - set(events.columns))
    if missing:
        raise ValueError(
            f"The estimates lack the columns {missing}; they have {sorted(events.columns)}."
        )


def validate_split_adjusted_column_specs(name_map, columns) -> None:
    """Raise ValueError for columns to be adjusted that the loader does not bring."""
    extra = sorted(set(columns) - set(name_map))
    if extra:
        raise ValueError(f"The columns {extra} are not among {sorted(name_map)}.")


@dataclass(frozen=True)
class _Known:
    """What is known of one asset's quarters on each day.

    quarters: int64[Q], ascending. fields: by name an array [Q, days], NaN or NaT before anything is
    known. requested: float64[days], the quarter to look at, NaN for none. announced: for each
    quarter that was at hand on some day the date of its event, as last known then.
    """

    quarters: np.ndarray
    fields: dict[str, np.ndarray]
    requested: np.ndarray
    announced: dict[int, Any]

    def of(self, name: str, quarter: float) -> np.ndarray | None:
        """[days]: what is known of a quarter; None where there is no such quarter."""
        place = np.searchsorted(self.quarters, quarter)
        found = place < len(self.quarters) and self.quarters[place] == quarter
        return self.fields[name][place] if found else None


class EarningsEstimatesLoader(PipelineLoader):
    """The base of the loaders of estimates.

    estimates: a table with sid, event_date (of the announcement), timestamp (since when the row is
    known), fiscal_quarter, fiscal_year and further fields; where several rows become known on one
    day the last one counts. name_map: for the name of each bound column the field that it shows.
    """

    def __init__(self, estimates, name_map) -> None:
        validate_column_specs(estimates, name_map)
        needed = [EVENT_DATE_FIELD_NAME, FISCAL_QUARTER_FIELD_NAME, FISCAL_YEAR_FIELD_NAME]
        whole = estimates[estimates[needed].notnull().all(axis=1)]
        quarters = normalize_quarters(
            whole[FISCAL_YEAR_FIELD_NAME], whole[FISCAL_QUARTER_FIELD_NAME]
        )
        self.estimates = whole.assign(**{NORMALIZED_QUARTERS: quarters})
        self.name_map = name_map

    #: On which side of an announcement its own day lies.
    searchsorted_side: Any

    @abstractmethod
    def _at_hand(self, events: np.ndarray, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(which of the quarters, whether there is one) on each day; events: [quarters, days]."""

    @abstractmethod
    def get_shifted_qtrs(self, zero_qtrs, num_announcements):
        """The quarters to look at from those at hand."""

    @abstractmethod
    def _shown_before(self, known: _Known, field: str, quarter) -> np.ndarray | None:
        """[days]: what windows show of the days before a quarter is looked at; None: nothing."""

    def load_adjusted_array(self, domain, columns, dates, sids, mask) -> dict:
        """The columns of datasets with `num_announcements`.

        Raises AttributeError for a dataset without it, ValueError where it is negative.
        """
        groups: dict[int, list] = {}
        for column in columns:
            announcements = getattr(column.dataset, "num_announcements", None)
            if announcements is None:
                raise AttributeError(
                    f"{column.dataset.qualname} needs num_announcements: how many quarters away it "
                    "looks."
                )
            groups.setdefault(announcements, []).append(column)
        if len(groups) > 1:
            from ....explaining import say

            # There all but the first are in disorder: rows of other days and assets.
            say(
                "estimates at several num_announcements in one pipeline: the original mixes up "
                "their rows, here each column shows its own."
            )
        negative = [str(count) for count in groups if count < 0]
        if negative:
            raise ValueError(INVALID_NUM_QTRS_MESSAGE % ",".join(negative))
        cutoffs = domain.data_query_cutoff_for_sessions(dates)
        times = make_utc_aware(pd.DatetimeIndex(self.estimates[TS_FIELD_NAME]))
        rows = cutoffs.searchsorted(times)
        loaded = {}
        for announcements, group in groups.items():
            for column in group:
                data = np.full((len(dates), len(sids)), column.missing_value, dtype=column.dtype)
                loaded[column] = AdjustedArray(data, {}, column.missing_value)
            by_sid = self.estimates.groupby(SID_FIELD_NAME, sort=True).indices
            for place, sid in enumerate(sids):
                if sid in by_sid:
                    whose = by_sid[sid]
                    known = self._known(whose, rows[whose], dates, announcements)
                    self._fill(loaded, group, known, dates, int(sid), place)
        return loaded

    def _known(self, whose: np.ndarray, rows: np.ndarray, dates, announcements: int) -> _Known:
        """What the rows of one asset tell, by day. whose: places in the table. rows: days."""
        table = self.estimates.iloc[whose]
        # In the sequence of the days; rows of one day stay in that of the table.
        order = np.argsort(rows, kind="stable")
        order = order[rows[order] < len(dates)]
        quarter = table[NORMALIZED_QUARTERS].to_numpy(dtype=np.int64)
        quarters, place = np.unique(quarter, return_inverse=True)
        fields = {
            name: _carried(table[name].to_numpy(), order, place, rows, (len(quarters), len(dates)))
            for name in {*metadata_columns, *self.name_map.values()} - {SID_FIELD_NAME}
        }
        days = dates.to_numpy().astype(datetime64ns_dtype)
        which, present = self._at_hand(fields[EVENT_DATE_FIELD_NAME], days)
        requested = np.full(len(dates), np.nan)
        at_hand = quarters[which[present]]
        requested[present] = self.get_shifted_qtrs(at_hand, announcements)
        announced = {}
        for day, one in zip(np.flatnonzero(present), at_hand.tolist(), strict=True):
            announced.pop(one, None)  # the sequence is that of the last days
            announced[one] = fields[EVENT_DATE_FIELD_NAME][which[day], day]
        return _Known(quarters, fields, requested, announced)

    def _fill(
        self, loaded: dict, columns: list, known: _Known, dates, sid: int, place: int
    ) -> None:
        """Write one asset's values and adjustments."""
        if np.isnan(known.requested).all():
            return
        for column in columns:
            field = self.name_map[column.name]
            array = loaded[column]
            for day, quarter in enumerate(known.requested.tolist()):
                value = self._value(known, field, day, quarter)
                if value is not None and not pd.isnull(value):
                    array.data[day, place] = value
            own = self._overwrites(column, field, known, dates, place)
            own = self._adjusted(column, own, known, dates, sid, place)
            for row, adjustments in own.items():
                array.adjustments.setdefault(row, []).extend(adjustments)

    @staticmethod
    def _value(known: _Known, field: str, day: int, quarter: float):
        if np.isnan(quarter):
            return None
        year, number = split_normalized_quarters(quarter)
        # The quarter looked at has its number even where nothing is known of it.
        if field == FISCAL_YEAR_FIELD_NAME:
            return year
        if field == FISCAL_QUARTER_FIELD_NAME:
            return number
        values = known.of(field, quarter)
        return None if values is None else values[day]

    def _overwrites(self, column, field: str, known: _Known, dates, place: int) -> dict[int, list]:
        """What windows over each crossing show of the days before it."""
        by_row: dict[int, list] = {}
        events = pd.DatetimeIndex(list(known.announced.values()))
        for row in dates.searchsorted(events, side=self.searchsorted_side).tolist():
            if not 0 < row < len(dates):
                continue
            quarter = known.requested[row]
            shown = None
            if quarter in known.announced:
                shown = self._shown_before(known, field, quarter)
            cells = (0, row - 1, place, place)
            if shown is None:
                one = _SCALARS[column.dtype](*cells, column.missing_value)
            else:
                one = _ARRAYS[column.dtype](*cells, shown[:row].astype(column.dtype))
            by_row.setdefault(row, []).append(one)
        return by_row

    def _adjusted(self, column, overwrites, known, dates, sid: int, place: int) -> dict[int, list]:
        """The overwrites together with what splits change."""
        return overwrites


def _carried(values, order, place, rows, shape) -> np.ndarray:
    """[quarters, days]: the last value known on each day; gaps in the table tell nothing."""
    dates = values.dtype.kind == "M"
    kind = datetime64ns_dtype if dates else (object if values.dtype.kind == "O" else np.float64)
    nothing = np.datetime64("NaT", "ns") if dates else (None if kind is object else np.nan)
    table = np.full(shape, nothing, dtype=kind)
    told = order[~pd.isnull(values[order])]
    for n in told.tolist():
        table[place[n], rows[n]] = values[n]
    latest = np.where(pd.isnull(table), -1, np.arange(shape[1]))
    latest = np.maximum.accumulate(latest, axis=1)
    carried = np.take_along_axis(table, latest.clip(min=0), axis=1)
    carried[latest < 0] = nothing
    return carried


class NextEarningsEstimatesLoader(EarningsEstimatesLoader):
    """Estimates for the quarters to be announced."""

    searchsorted_side = "right"

    def get_shifted_qtrs(self, zero_qtrs, num_announcements):
        return zero_qtrs + (num_announcements - 1)

    def _at_hand(self, events, days):
        ahead = events >= days
        last = np.iinfo(np.int64).max
        return np.where(ahead, events.view(np.int64), last).argmin(axis=0), ahead.any(axis=0)

    def _shown_before(self, known, field, quarter):
        return known.of(field, quarter)


class PreviousEarningsEstimatesLoader(EarningsEstimatesLoader):
    """Estimates for the quarters that were announced."""

    searchsorted_side = "left"

    def get_shifted_qtrs(self, zero_qtrs, num_announcements):
        return zero_qtrs - (num_announcements - 1)

    def _at_hand(self, events, days):
        behind = events <= days
        first = np.iinfo(np.int64).min
        ranked = np.where(behind, events.view(np.int64), first)
        return len(ranked) - 1 - ranked[::-1].argmax(axis=0), behind.any(axis=0)

    def _shown_before(self, known, field, quarter):
        return None


@dataclass(frozen=True)
class _Splits:
    """Splits of one asset within the days: ratio, row and time of each.

    before: those in force when the table was adjusted, after: later ones.
    """

    before: list[tuple]
    after: list[tuple]


class SplitAdjustedEstimatesLoader(EarningsEstimatesLoader):
    """The base of the loaders of estimates that splits change.

    split_adjustments_loader: reader of the splits. split_adjusted_column_names: the fields that
    they change. split_adjusted_asof: the day as of which the table is adjusted: what came before
    is undone first and done again on its day, what came later is done on its day.
    """

    def __init__(
        self,
        estimates,
        name_map,
        split_adjustments_loader,
        split_adjusted_column_names,
        split_adjusted_asof,
    ) -> None:
        validate_split_adjusted_column_specs(name_map, split_adjusted_column_names)
        self._split_adjustments = split_adjustments_loader
        self._split_adjusted_column_names = split_adjusted_column_names
        self._split_adjusted_asof = split_adjusted_asof
        super().__init__(estimates, name_map)

    def get_split_adjusted_asof_idx(self, dates) -> int:
        """The last of the rows as of which the table is adjusted; -1 before all of them."""
        if self._split_adjusted_asof < dates[0]:
            return -1
        return min(int(dates.searchsorted(self._split_adjusted_asof)), len(dates) - 1)

    def _splits(self, sid: int, dates, asof: int) -> _Splits:
        splits = [
            (ratio, int(dates.searchsorted(time)), time)
            for time, ratio in self._split_adjustments.get_adjustments_for_sid("splits", sid)
            if dates[0] <= time <= dates[-1]
        ]
        early = [n for n, (_, row, _) in enumerate(splits) if row <= asof]
        border = max(early, default=-1) + 1
        return _Splits(splits[:border], splits[border:])

    def _adjusted(self, column, overwrites, known, dates, sid, place):
        if self.name_map[column.name] not in self._split_adjusted_column_names:
            return overwrites
        asof = self.get_split_adjusted_asof_idx(dates)
        splits = self._splits(sid, dates, asof)
        before = self._done_again(splits, asof, place)
        after = self._done_later(splits, known, dates, sid, place)
        self._into_overwrites(overwrites, before, splits, asof, known, dates, sid, place)
        for further in (before, after):
            for row, adjustments in further.items():
                overwrites.setdefault(row, []).extend(adjustments)
        return overwrites

    @staticmethod
    def _done_again(splits: _Splits, asof: int, place: int) -> dict[int, list]:
        """Early splits undone at the beginning and done on their day."""
        if not splits.before:
            return {}
        by_row = {
            0: [Float64Multiply(0, asof, place, place, 1 / ratio) for ratio, _, _ in splits.before]
        }
        for ratio, row, _ in splits.before:
            by_row.setdefault(row, []).append(Float64Multiply(0, asof, place, place, ratio))
        return by_row

    def _done_later(self, splits: _Splits, known: _Known, dates, sid, place) -> dict[int, list]:
        """Later splits, on what was known before them of the quarter looked at."""
        rows = np.flatnonzero(~np.isnan(known.requested))
        quarters = known.requested[rows]
        by_row: dict[int, list] = {}
        for stretch in np.split(rows, np.flatnonzero(np.diff(quarters)) + 1):
            first, last = int(stretch[0]), int(stretch[-1])
            quarter = known.requested[first]
            for ratio, row, time in splits.after:
                end = self._last_stale(time, dates, last, quarter, sid)
                if first <= end:
                    one = Float64Multiply(first, end, place, place, ratio)
                    by_row.setdefault(max(first, row), []).append(one)
        return by_row

    def _last_stale(self, time, dates, last: int, quarter: float, sid: int) -> int:
        """The last row, up to `last`, before something new of a quarter is known after a split."""
        table = self.estimates
        later = table[
            (table[SID_FIELD_NAME] == sid)
            & (table[NORMALIZED_QUARTERS] == quarter)
            & (table[TS_FIELD_NAME] >= time)
        ][TS_FIELD_NAME]
        if not len(later):
            return last
        row = int(dates.searchsorted(later.min()))
        return row - 1 if row <= last else last

    def _into_overwrites(self, overwrites, before, splits, asof, known, dates, sid, place) -> None:
        """Splits on what the overwrites write: it replaces adjusted values by the table's."""


class PreviousSplitAdjustedEarningsEstimatesLoader(
    SplitAdjustedEstimatesLoader, PreviousEarningsEstimatesLoader
):
    """Estimates for the quarters that were announced, changed by splits."""


class NextSplitAdjustedEarningsEstimatesLoader(
    SplitAdjustedEstimatesLoader, NextEarningsEstimatesLoader
):
    """Estimates for the quarters to be announced, changed by splits."""

    def _into_overwrites(self, overwrites, before, splits, asof, known, dates, sid, place) -> None:
        for row, written in overwrites.items():
            if row <= asof and before:
                written.extend(
                    Float64Multiply(0, row - 1, place, place, one.value)
                    for when, adjustments in before.items()
                    if when < row
                    for one in adjustments
                )
                continue
            for ratio, when, time in splits.after:
                if asof < when < row:
                    end = self._last_stale(time, dates, row - 1, known.requested[row], sid)
                    written.append(Float64Multiply(0, end, place, place, ratio))
