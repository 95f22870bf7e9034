"""One asset's rows, and the conversions that all of its readers share."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.sources import PRICES, DailyColumns

if TYPE_CHECKING:
    pass


class Adjustments:
    """The actions of an asset that change what earlier prices and volumes are worth.

    price_actions, split_actions: (session from which the action is in force, as counted on the
    calendar; ratio that prices, or volumes, before it are multiplied by), in the sequence in which
    they apply.
    """

    def __init__(self, actions: list) -> None:
        """actions: (kind 0 split, 1 merger, 2 dividend; date in s; session; ratio), as written."""
        self._actions = actions
        by_time = sorted(actions, key=lambda one: (one[2], (2, 0, 1)[one[0]]))
        self.price_actions = [(session, ratio) for _, _, session, ratio in by_time]
        self.split_actions = [(s, 1.0 / ratio) for kind, _, s, ratio in by_time if kind == 0]

    def __bool__(self) -> bool:
        return bool(self._actions)

    def of(self, field: str) -> list[tuple[int, float]]:
        """The actions that adjust a field."""
        return self.split_actions if field == "volume" else self.price_actions

    def ratio_between(self, after_s: int, until_s: int, volume: bool = False) -> float:
        """What a price, or a volume, of the time `after_s` is multiplied by at `until_s`."""
        ratio = 1.0
        for wanted in (0,) if volume else (0, 1, 2):
            for kind, date, _, one in self._actions:
                if kind != wanted:
                    continue
                if after_s < date <= until_s:
                    ratio *= 1.0 / one if volume else one
                elif date > until_s:
                    break
        return ratio


class AssetColumns:
    """One asset's sessions and the actions that adjust them.

    first: the place of row 0 on the calendar. decimals: to which history is rounded; None for not
    at all.
    """

    def __init__(
        self, first: int, stored: DailyColumns, adjustments: Adjustments, decimals: int | None
    ) -> None:
        self.first = first
        self.volumes = stored.volumes
        self.count = len(self.volumes)
        self.adjustments = adjustments
        self.decimals = decimals
        self._stored = stored
        self._prices: dict[str, np.ndarray] = {}

    def prices(self, field: str) -> np.ndarray:
        """float64[rows]: as traded, NaN where there was no trade."""
        try:
            return self._prices[field]
        except KeyError:
            return self._prices.setdefault(field, self._stored.prices(field))

    @cached_property
    def rounded(self) -> dict[str, np.ndarray]:
        """Unadjusted columns, rounded as history shows them."""
        columns = {name: rounded(self.prices(name), self.decimals) for name in PRICES}
        columns["volume"] = self.volumes.astype(np.float64)
        return columns


class Moments(Sequence):
    """The bars' times as Timestamps, made when they are asked for."""

    def __init__(self, times: np.ndarray) -> None:
        self._times = times
        self._made: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self._times)

    def __iter__(self) -> Iterator[Any]:
        """All of them, made at once: a tenth of the time that each by itself takes."""
        import pandas as pd

        index = pd.DatetimeIndex(self._times.view("M8[ns]")).tz_localize(datetime.UTC)
        self._made = dict(enumerate(index))
        return iter(self._made.values())

    def __getitem__(self, bar) -> Any:
        try:
            return self._made[bar]
        except KeyError:
            import pandas as pd

            made = pd.Timestamp(int(self._times[bar]), tz=datetime.UTC)
            self._made[bar] = made
            return made


def rounded(values: np.ndarray, decimals: int | None) -> np.ndarray:
    """Values to so many decimals; None for as they are."""
    return values if decimals is None else np.round(values, decimals)


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
