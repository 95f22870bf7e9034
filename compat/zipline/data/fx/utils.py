"""Checks that readers share."""

from __future__ import annotations

import numpy as np


def is_sorted_ascending(array) -> bool:
    """Whether no value is below one before it."""
    return bool((np.maximum.accumulate(array) <= array).all())


def check_dts(requested_dts) -> None:
    """Raise ValueError unless times ascend."""
    if not is_sorted_ascending(requested_dts):
        raise ValueError("The times of exchange rates must be in ascending sequence.")
