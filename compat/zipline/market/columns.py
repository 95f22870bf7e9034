"""One asset's rows, and the conversions that all of its readers share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from ..data.sources import PRICES

#: Decimals to which history is rounded after adjustment.
DECIMALS = 3


class AssetColumns:
    """One asset's rows: float prices (NaN: none), volumes, and the actions that adjust them.

    first: the ordinal of row 0. price_actions, split_actions: (ordinal from which the action is
    in force, ratio), in the sequence in which they apply.
    """

    def __init__(self, first: int, columns: Mapping[str, np.ndarray], actions: list) -> None:
        self.first = first
        self.columns = columns
        self.count = len(columns["close"])
        #: (kind 0 split, 1 merger, 2 dividend; date in s; ordinal; ratio), as they were written.
        self.actions = actions
        by_time = sorted(actions, key=lambda one: (one[2], (2, 0, 1)[one[0]]))
        self.price_actions = [(ordinal, ratio) for _, _, ordinal, ratio in by_time]
        self.split_actions = [(o, 1.0 / ratio) for kind, _, o, ratio in by_time if kind == 0]

    def prices(self, field: str) -> np.ndarray:
        """float64[rows]: as traded, NaN where there was no trade."""
        raw = self.columns[field]
        return np.where(raw == 0, np.nan, raw.astype(np.float64) * 0.001)

    @cached_property
    def rounded(self) -> dict[str, np.ndarray]:
        """Unadjusted columns, rounded as history shows them."""
        columns: dict[str, np.ndarray] = {
            name: np.round(self.prices(name), DECIMALS) for name in PRICES
        }
        columns["volume"] = self.columns["volume"].astype(np.float64)
        return columns

    def ratio_between(self, after_s: int, until_s: int) -> float:
        """What a price of the time `after_s` is multiplied by at `until_s`."""
        ratio = 1.0
        for wanted in (0, 1, 2):
            for kind, date, _, one in self.actions:
                if kind != wanted:
                    continue
                if after_s < date <= until_s:
                    ratio *= one
                elif date > until_s:
                    break
        return ratio


def carried(values: np.ndarray) -> np.ndarray:
    """Gaps filled with the last value before them."""
    missing = np.isnan(values)
    if not missing.any():
        return values
    latest = np.maximum.accumulate(np.where(missing, -1, np.arange(len(values))))
    return np.where(latest >= 0, values[latest], np.nan)


def scalars(values: np.ndarray) -> list:
    """Plain floats, as a script receives them; NaN is NumPy's own, which `is` finds."""
    scalars = values.tolist()
    for n in np.flatnonzero(np.isnan(values)).tolist():
        scalars[n] = np.nan
    return scalars


def seconds(index) -> np.ndarray:
    """int64: the labels of an index in s since 1970."""
    return index.to_numpy().astype("datetime64[s]").astype(np.int64)


def date_seconds(date) -> int:
    """A date in s since 1970."""
    return date.value // 10**9
