"""Which contract of a chain is the current one, and when one follows another.

Times are ns since 1970 inside; the public functions take and give Timestamps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from .continuous_futures import OrderedContracts

__all__ = [
    "ROLL_DAYS_FOR_CURRENT_CONTRACT",
    "CalendarRollFinder",
    "RollFinder",
    "VolumeRollFinder",
]

#: How many sessions ahead a roll is looked for when the current contract is asked for.
ROLL_DAYS_FOR_CURRENT_CONTRACT = 90

_DAY_NS = 24 * 3600 * 10**9
_NEVER = np.iinfo(np.int64).max


class RollFinder(ABC):
    """Finds the current contracts of chains on the sessions of a calendar."""

    def __init__(self, trading_calendar, asset_finder) -> None:
        self.trading_calendar = trading_calendar
        self.asset_finder = asset_finder
        labels = trading_calendar.sessions.to_numpy()
        self._labels = labels.astype("datetime64[ns]").astype(np.int64)
        self._closes = trading_calendar.closes_nanos
        self._centers: dict[tuple, Any] = {}

    @abstractmethod
    def _active_contract(self, oc: OrderedContracts, front: int, back: int, dt: int) -> int:
        """The current one of two neighbours in the session `dt`."""

    @abstractmethod
    def _contract_center(self, root_symbol: str, dt, offset: int) -> Any:
        """What `get_contract_center` gives."""

    def get_contract_center(self, root_symbol: str, dt, offset: int) -> Any:
        """The contract that is current at a time, or the one `offset` places after it.

        A sid (calendar) or a Future (volume), as the real framework gives them; None when that
        contract has not begun.
        """
        key = (root_symbol, dt.value, offset)
        if key not in self._centers:
            self._centers[key] = self._contract_center(root_symbol, dt, offset)
        return self._centers[key]

    def get_rolls(self, root_symbol: str, start, end, offset: int) -> list[tuple[int, Any]]:
        """The contracts between two times, in sequence.

        One pair for each: the sid, and the session (a Timestamp) with which the next one takes
        over; None for the last.
        """
        import pandas as pd

        rolls = self._rolls(root_symbol, start.value, end.value, offset)
        return [(sid, None if roll is None else pd.Timestamp(roll)) for sid, roll in rolls]

    def _rolls(self, root_symbol: str, start: int, end: int, offset: int) -> list:
        oc = self.asset_finder.get_ordered_contracts(root_symbol)
        front = self._active_at(root_symbol, end, 0)
        back = oc.contract_at_offset(front, 1, end)
        session = self._session(end)
        last = front if back is None else self._active_contract(oc, front, back, session)
        node = oc.sid_to_contract[last]
        rolls: list[tuple[int, int | None]] = [((node >> offset).contract.sid, None)]
        # From the end backwards: the contract before hands over on the first session on which it
        # is no longer the current one.
        node = node << (1 if last == front else 2)
        while node is not None and session > start:
            before = node.prev
            while session > start:
                previous = self._shifted(session, -1)
                if before is not None and previous < before.contract.auto_close_date.value:
                    break
                if (
                    self._active_contract(oc, node.contract.sid, rolls[0][0], previous)
                    != (rolls[0][0])
                ):
                    rolls.insert(0, ((node >> offset).contract.sid, session))
                    break
                session = previous
            node = before
            if node is not None:
                session = min(session, self._shifted(node.contract.auto_close_date.value, 1))
        return rolls

    def _active_at(self, root_symbol: str, dt: int, offset: int) -> Any:
        """The sid of the current contract at a time, or of the one `offset` places after it."""
        oc = self.asset_finder.get_ordered_contracts(root_symbol)
        session = self._session(dt)
        front = oc.contract_before_auto_close(session)
        back = oc.contract_at_offset(front, 1, dt)
        if back is None:
            return front
        current = self._active_contract(oc, front, back, session)
        return oc.contract_at_offset(current, offset, session)

    def _session(self, dt: int) -> int:
        """The label of the session in which a time lies, or of the next one."""
        return int(self._labels[np.searchsorted(self._closes, dt)])

    def _shifted(self, dt: int, count: int) -> int:
        """The time `count` sessions later (negative: earlier), at the same time of day.

        A day without a session counts as one next to the neighbouring session.
        """
        time = dt % _DAY_NS
        if count > 0:
            place = int(np.searchsorted(self._labels, dt - time, side="right")) - 1 + count
        else:
            place = int(np.searchsorted(self._labels, dt - time)) + count
        if place >= len(self._labels):
            return _NEVER
        return int(self._labels[max(place, 0)]) + time


class CalendarRollFinder(RollFinder):
    """A contract is current until its auto-close date."""

    def _active_contract(self, oc: OrderedContracts, front: int, back: int, dt: int) -> int:
        closes = oc.sid_to_contract[front].contract.auto_close_date.value
        return back if dt >= closes else front

    def _contract_center(self, root_symbol: str, dt, offset: int) -> Any:
        return self._active_at(root_symbol, dt.value, offset)


class VolumeRollFinder(RollFinder):
    """A contract is current until the next one had more volume in a session.

    session_reader: `get_value(sid, session, "volume")` and `last_available_dt`. Once the next
    contract had more volume within the grace period before the auto-close date, it stays current.
    """

    #: Sessions before the auto-close date in which a single session of more volume decides.
    GRACE_DAYS = 7

    def __init__(self, trading_calendar, asset_finder, session_reader) -> None:
        super().__init__(trading_calendar, asset_finder)
        self.session_reader = session_reader
        self._active: dict[tuple[int, int, int], int] = {}

    def _active_contract(self, oc: OrderedContracts, front: int, back: int, dt: int) -> int:
        key = (front, back, dt)
        if key not in self._active:
            nodes = oc.sid_to_contract
            later = self._has_rolled(nodes[front].contract, nodes[back].contract, dt)
            self._active[key] = back if later else front
        return self._active[key]

    def _has_rolled(self, front, back, dt: int) -> bool:
        previous = self._shifted(dt, -1)
        closes = front.auto_close_date.value
        if dt > min(closes, front.end_date.value) or front.start_date.value > previous:
            return True
        if dt > min(back.auto_close_date.value, back.end_date.value):
            return False
        if back.start_date.value > previous:
            return False
        if self._more_volume(front, back, previous):
            return True
        first = max(back.start_date.value, self._shifted(closes, -self.GRACE_DAYS))
        if dt < first:
            return False
        begin, end = np.searchsorted(
            self._labels, (self._session(first), self._shifted(previous, -1)), side="left"
        )
        return any(
            self._more_volume(front, back, int(session))
            for session in self._labels[begin : end + 1]
        )

    def _more_volume(self, front, back, session: int) -> bool:
        """Whether the later contract had more volume in a session."""
        import pandas as pd

        value, when = self.session_reader.get_value, pd.Timestamp(session)
        front_volume = value(front.sid, when, "volume")
        return bool(value(back.sid, when, "volume") > front_volume)

    def _contract_center(self, root_symbol: str, dt, offset: int) -> Any:
        ahead = self._shifted(dt.value, ROLL_DAYS_FOR_CURRENT_CONTRACT)
        end = min(ahead, self.session_reader.last_available_dt.value)
        sid, _ = self._rolls(root_symbol, dt.value, end, offset)[0]
        return self.asset_finder.retrieve_asset(sid)
