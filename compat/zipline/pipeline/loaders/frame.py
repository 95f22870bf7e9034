"""A loader of one column from a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...lib.adjusted_array import AdjustedArray
from ...lib.adjustment import make_adjustment_from_labels
from .base import PipelineLoader

ADJUSTMENT_COLUMNS = pd.Index(["sid", "value", "kind", "start_date", "end_date", "apply_date"])


def _values(frame: pd.DataFrame) -> np.ndarray:
    """The values of a frame; texts as objects, with None where there is none."""
    if any(isinstance(dtype, pd.StringDtype) for dtype in frame.dtypes):
        texts = frame.astype(object)
        return texts.where(frame.notna(), None).to_numpy()
    return frame.to_numpy()


class DataFrameLoader(PipelineLoader):
    """Brings one column from a frame: dates as rows, sids as columns.

    baseline: the values, on the first date on which a script may know them. adjustments: a table
    of later changes: from apply_date on, the values of a sid from start_date (NaT: from the first)
    to end_date are multiplied by (kind 0), added to (1) or overwritten with (2) `value`.
    """

    def __init__(self, column, baseline, adjustments=None) -> None:
        self.column = column
        self.baseline = _values(baseline).astype(self.column.dtype)
        self.dates = baseline.index
        self.assets = baseline.columns
        if adjustments is None:
            adjustments = pd.DataFrame(index=pd.DatetimeIndex([]), columns=ADJUSTMENT_COLUMNS)
        else:
            adjustments = adjustments.reindex(ADJUSTMENT_COLUMNS, axis=1)
            adjustments = adjustments.sort_values(["apply_date", "sid"])
        self.adjustments = adjustments
        self.adjustment_apply_dates = pd.DatetimeIndex(adjustments.apply_date)
        self.adjustment_end_dates = pd.DatetimeIndex(adjustments.end_date)
        self.adjustment_sids = pd.Index(adjustments.sid, dtype="int64")

    def format_adjustments(self, dates, assets) -> dict[int, list]:
        """The adjustments applied within some dates, by the row from which on they are known."""
        if not len(self.adjustments):
            return {}
        applied = np.zeros(len(self.adjustments), dtype=bool)
        applied[self.adjustment_apply_dates.slice_indexer(dates[0], dates[-1])] = True
        # What changes only days before the first one changes nothing here.
        applied &= self.adjustment_end_dates >= dates[0]
        applied &= self.adjustment_sids.isin(assets.values)
        by_row: dict[int, list] = {}
        columns = ("apply_date", "sid", "value", "kind", "start_date", "end_date")
        used = self.adjustments.loc[applied]
        for known, sid, value, kind, start, end in zip(
            *(used[name] for name in columns), strict=True
        ):
            row = int(dates.get_indexer([known], method="bfill")[0])
            one = make_adjustment_from_labels(dates, assets, start, end, sid, kind, value)
            by_row.setdefault(row, []).append(one)
        return by_row

    def load_adjusted_array(self, domain, columns, dates, sids, mask) -> dict:
        """The values of the column; ValueError for any other column, or several.

        Cells outside of the frame or of the mask become the missing value.
        """
        if len(columns) != 1:
            raise ValueError("A DataFrameLoader brings one column.")
        column = columns[0]
        if self.column not in (column, column.unspecialize()):
            raise ValueError(f"This DataFrameLoader brings {self.column}, not {column}.")
        rows = self.dates.get_indexer(dates)
        places = self.assets.get_indexer(sids)
        data = self.baseline[np.ix_(rows, places)]
        present = (rows != -1)[:, None] & (places != -1) & mask
        data[~present] = column.missing_value
        adjustments = self.format_adjustments(dates, sids)
        return {column: AdjustedArray(data, adjustments, column.missing_value)}
