"""Business days to and from dates."""

from __future__ import annotations

import numpy as np

from ...utils.numpy_utils import datetime64D_dtype, float64_dtype
from .factor import Factor


def _business_days(begin, end, mask):
    """float64: weekdays from `begin` to before `end`; NaN without a date or outside the mask."""
    known = mask & ~np.isnat(begin) & ~np.isnat(end)
    begin, end, _ = np.broadcast_arrays(begin, end, mask)
    out = np.full(mask.shape, np.nan)
    out[known] = np.busday_count(begin[known], end[known])
    return out


class _BusinessDays(Factor):
    window_length = 0
    dtype = float64_dtype


class BusinessDaysSincePreviousEvent(_BusinessDays):
    """Weekdays since the date of the input; NaN if it has none."""

    def _compute(self, inputs, dates, assets, mask):
        today = dates.values.astype(datetime64D_dtype)[:, None]
        return _business_days(inputs[0].astype(datetime64D_dtype), today, mask)


class BusinessDaysUntilNextEvent(_BusinessDays):
    """Weekdays until the date of the input; NaN if it has none."""

    def _compute(self, inputs, dates, assets, mask):
        today = dates.values.astype(datetime64D_dtype)[:, None]
        return _business_days(today, inputs[0].astype(datetime64D_dtype), mask)
