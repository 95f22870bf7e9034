"""On which sessions a downsampled term is computed."""

from __future__ import annotations

import numpy as np

from ..utils.numpy_utils import changed_locations

_PERIODS = {
    "year_start": lambda dates: dates.year,
    "quarter_start": lambda dates: dates.quarter,
    "month_start": lambda dates: dates.month,
    "week_start": lambda dates: dates.isocalendar().week,
}

SUPPORTED_DOWNSAMPLE_FREQUENCIES = frozenset(_PERIODS)


def check_frequency(method: str, frequency) -> None:
    """Raise ValueError for anything but the four frequencies."""
    if frequency not in SUPPORTED_DOWNSAMPLE_FREQUENCIES:
        known = ", ".join(sorted(SUPPORTED_DOWNSAMPLE_FREQUENCIES))
        raise ValueError(f"{method}: frequency {frequency!r} is none of {known}.")


def select_sampling_indices(dates, frequency):
    """int64: the places of dates that begin a new period, place 0 always among them.

    dates: DatetimeIndex without gaps of a year or more.
    """
    check_frequency("select_sampling_indices", frequency)
    return changed_locations(np.asarray(_PERIODS[frequency](dates), np.int64), include_first=True)
