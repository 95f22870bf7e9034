"""Lists of assets that must not be traded."""

from __future__ import annotations

import operator
from abc import ABC, abstractmethod
from collections import namedtuple
from enum import IntEnum
from functools import reduce

from ..assets import Asset

__all__ = [
    "RESTRICTION_STATES",
    "HistoricalRestrictions",
    "NoRestrictions",
    "Restriction",
    "Restrictions",
    "SecurityListRestrictions",
    "StaticRestrictions",
]

Restriction = namedtuple("Restriction", ["asset", "effective_date", "state"])


class RESTRICTION_STATES(IntEnum):
    ALLOWED = 0
    FROZEN = 1


class Restrictions(ABC):
    """Base: which assets are restricted at a time. `|` joins two lists."""

    @abstractmethod
    def is_restricted(self, assets, dt):
        """A bool for one asset, a boolean Series for several."""

    def __or__(self, other):
        parts = [
            part
            for side in (self, other)
            for part in (side.sub_restrictions if isinstance(side, _UnionRestrictions) else (side,))
            if not isinstance(part, NoRestrictions)
        ]
        if not parts:
            return NoRestrictions()
        return parts[0] if len(parts) == 1 else _UnionRestrictions(parts)


class _Listed(Restrictions):
    """One asset at a time."""

    def is_restricted(self, assets, dt):
        if isinstance(assets, Asset):
            return self._restricts(assets, dt)
        import pandas as pd

        flags = [self._restricts(asset, dt) for asset in assets]
        return pd.Series(flags, index=pd.Index(assets), dtype=bool)

    @abstractmethod
    def _restricts(self, asset, dt) -> bool:
        """Whether one asset is restricted."""


class _UnionRestrictions(Restrictions):
    """What any of several lists restricts."""

    def __init__(self, sub_restrictions) -> None:
        self.sub_restrictions = list(sub_restrictions)

    def is_restricted(self, assets, dt):
        answers = (part.is_restricted(assets, dt) for part in self.sub_restrictions)
        return any(answers) if isinstance(assets, Asset) else reduce(operator.or_, answers)


class NoRestrictions(_Listed):
    """Everything may be traded."""

    def _restricts(self, asset, dt) -> bool:
        return False


class StaticRestrictions(_Listed):
    """The same assets at all times."""

    def __init__(self, restricted_list) -> None:
        self._assets = frozenset(restricted_list)

    def _restricts(self, asset, dt) -> bool:
        return asset in self._assets


class SecurityListRestrictions(_Listed):
    """A list that changes: `security_list_by_dt.current_securities(dt)`, assets or sids."""

    def __init__(self, security_list_by_dt) -> None:
        self.current_securities = security_list_by_dt.current_securities

    def _restricts(self, asset, dt) -> bool:
        return asset in self.current_securities(dt)


class HistoricalRestrictions(_Listed):
    """States that change: a sequence of `Restriction` (asset, effective_date, state)."""

    def __init__(self, restrictions) -> None:
        self._by_asset: dict = {}
        for one in restrictions:
            self._by_asset.setdefault(one.asset, []).append(one)
        for changes in self._by_asset.values():
            changes.sort(key=lambda one: one.effective_date)

    def _restricts(self, asset, dt) -> bool:
        state = RESTRICTION_STATES.ALLOWED
        for change in self._by_asset.get(asset, ()):
            date = change.effective_date
            if date.tzinfo is None and dt.tzinfo is not None:
                date = date.tz_localize(dt.tzinfo)
            if date > dt:
                break
            state = change.state
        return state == RESTRICTION_STATES.FROZEN
