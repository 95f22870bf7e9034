"""Lists of assets that must not be traded."""

from __future__ import annotations

from collections import namedtuple
from enum import IntEnum

from ..assets import Asset

__all__ = [
    "RESTRICTION_STATES",
    "HistoricalRestrictions",
    "NoRestrictions",
    "Restriction",
    "Restrictions",
    "StaticRestrictions",
]

Restriction = namedtuple("Restriction", ["asset", "effective_date", "state"])


class RESTRICTION_STATES(IntEnum):
    ALLOWED = 0
    FROZEN = 1


class Restrictions:
    """Base: which assets are restricted at a time. `|` joins two lists."""

    def is_restricted(self, assets, dt):
        """A bool for one asset, a boolean Series for several."""
        if isinstance(assets, Asset):
            return self._restricts(assets, dt)
        import pandas as pd

        flags = [self._restricts(asset, dt) for asset in assets]
        return pd.Series(flags, index=pd.Index(assets), dtype=bool)

    def _restricts(self, asset, dt) -> bool:
        raise NotImplementedError

    def __or__(self, other):
        parts = [
            part
            for side in (self, other)
            for part in (side.parts if isinstance(side, _Union) else (side,))
            if not isinstance(part, NoRestrictions)
        ]
        if not parts:
            return NoRestrictions()
        return parts[0] if len(parts) == 1 else _Union(parts)


class NoRestrictions(Restrictions):
    """Everything may be traded."""

    def _restricts(self, asset, dt) -> bool:
        return False


class _Union(Restrictions):
    def __init__(self, parts) -> None:
        self.parts = tuple(parts)

    def _restricts(self, asset, dt) -> bool:
        return any(part.is_restricted(asset, dt) for part in self.parts)


class StaticRestrictions(Restrictions):
    """The same assets at all times."""

    def __init__(self, restricted_list) -> None:
        self._assets = frozenset(restricted_list)

    def _restricts(self, asset, dt) -> bool:
        return asset in self._assets


class HistoricalRestrictions(Restrictions):
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
