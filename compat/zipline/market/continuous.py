"""What `data` shows of continuous futures: the current contract, and contracts spliced at rolls."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..assets import ContinuousFuture
from ..assets.roll_finder import CalendarRollFinder, RollFinder, VolumeRollFinder
from ..data.bar_reader import NoDataAfterDate, NoDataBeforeDate, NoDataForSid
from ..utils.math_utils import number_of_decimal_places
from .columns import carried, date_seconds

if TYPE_CHECKING:
    from .history import SessionWindows

_SECOND = 10**9
_DAY = 86_400 * _SECOND
#: Windows are made ahead, for so many sessions after their end; rolls are sought from there back.
_AHEAD = 40


class _Volumes:
    """What `VolumeRollFinder` reads: volumes of contracts on sessions."""

    def __init__(self, days: SessionWindows, retrieve: Callable[[Any], Any]) -> None:
        self._days = days
        self._retrieve = retrieve

    @property
    def last_available_dt(self) -> Any:
        return self._days.calendar.sessions[self._days.bundle_last]

    def get_value(self, sid, session, field: str) -> int:
        asset = self._retrieve(sid)
        columns = self._days.columns(asset)
        if columns is None:
            raise NoDataForSid(f"{asset} has no daily bars.")
        row = self._days.ordinal(session.value // _SECOND) - columns.first
        if row < 0:
            raise NoDataBeforeDate(f"{asset} has no bars by {session.date()}.")
        if row >= columns.count:
            raise NoDataAfterDate(f"{asset} has no bars on {session.date()} any more.")
        return int(columns.volumes[row])


class _Block(NamedTuple):
    """Rolls of a run of windows: those that end by `ahead`, a place on the calendar."""

    ahead: int
    latest: int  # the end of the latest window
    decimals: int | None
    contracts: list[tuple[int, int | None]]  # sid, and the place of the roll away from it
    adjusting: list[tuple[int, int | None]]  # likewise, as adjustments see them


class Continuous:
    """Continuous futures on the sessions of a run; sessions are counted as in `SessionWindows`."""

    def __init__(self, days: SessionWindows, finder) -> None:
        self._days = days
        self._finder = finder
        self._blocks: dict[tuple, _Block] = {}

    @cached_property
    def roll_finders(self) -> dict[str, RollFinder]:
        """By roll style."""
        calendar = self._days.calendar
        volumes = _Volumes(self._days, self._finder.retrieve_asset)
        return {
            "calendar": CalendarRollFinder(calendar, self._finder),
            "volume": VolumeRollFinder(calendar, self._finder, volumes),
        }

    def current(self, future: ContinuousFuture, dt) -> Any:
        """The contract that is followed at a time, a Timestamp; None when there is none."""
        if not self.alive(future, dt):
            return None
        return self.center(future, dt)

    def alive(self, future: ContinuousFuture, dt) -> bool:
        """Whether any contract of the chain is alive at a time."""
        day = dt.value - dt.value % _DAY
        return future.start_date.value <= dt.value and day <= future.end_date.value

    def center(self, future: ContinuousFuture, dt) -> Any:
        """The contract that is followed at a time, whether or not the chain is alive."""
        rolls = self.roll_finders[future.roll_style]
        found = rolls.get_contract_center(future.root_symbol, dt, future.offset)
        return None if found is None else self._finder.retrieve_asset(int(found))

    def chain(self, future: ContinuousFuture, session) -> list:
        """The contracts from the current one on that have begun by a session, a label."""
        chain = self._finder.get_ordered_contracts(future.root_symbol)
        center = self.roll_finders[future.roll_style].get_contract_center(
            future.root_symbol, session, future.offset
        )
        return self._finder.retrieve_all(chain.active_chain(center, session.value).tolist())

    def value(self, future: ContinuousFuture, field: str, dt, of: Callable[[Any, str], Any]) -> Any:
        """A field at a time. of: gives the value of a contract."""
        if field == "contract":
            return self.current(future, dt)
        if field != "last_traded" and not self.alive(future, dt):
            return 0 if field == "volume" else np.nan
        contract = self.center(future, dt)
        if contract is None:
            raise KeyError(f"{future} has no contract at {dt}: its chain is too short by then.")
        return of(contract, field)

    # Windows of sessions

    def window(
        self, future: ContinuousFuture, field: str, t: int, count: int, seen: int = 0
    ) -> np.ndarray:
        """float64[count]: contracts spliced at their rolls up to session t, adjusted, rounded.

        field: "sid" gives the sids of the contracts. seen: as of `SessionWindows.window`.
        """
        end = self._days.first + t
        start = end - count + 1
        block = self._block(future, field, start, end, seen)
        absent = 0.0 if field in ("volume", "sid") else np.nan
        out = np.full(count, absent)
        begin = start
        for sid, roll in block.contracts:
            stop = end + 1 if roll is None else min(roll, end + 1)
            if begin < stop:
                part = out[begin - start : stop - start]
                if field == "sid":
                    part[:] = sid
                else:
                    self._read(sid, field, begin, part)
                begin = stop
        if future.adjustment is not None and field not in ("volume", "sid"):
            self._adjust(future, block.adjusting, out, start, end + seen)
        return out if block.decimals is None else np.round(out, block.decimals)

    def price_window(self, future: ContinuousFuture, t: int, count: int) -> np.ndarray:
        """float64[count]: closes as `window` gives them, carried over gaps."""
        out = self.window(future, "close", t, count)
        self.carry(future, out, t, t - count + 1)
        return out

    def carry(self, future: ContinuousFuture, closes: np.ndarray, t: int, before: int) -> None:
        """Fill the gaps of a window that ends at session t; end it with the chain.

        before: where the price that precedes the window is looked for, and before that.
        """
        days = self._days
        if np.isnan(closes[0]):
            closes[0] = self._price_before(future, days.first + before)
        if np.isnan(closes).any():
            closes[:] = carried(closes)
        last = days.ordinal(date_seconds(future.end_date) + 1) - 1
        after = last + 1 - (days.first + t - len(closes) + 1)
        if after < len(closes):
            closes[max(after, 0) :] = np.nan

    def _price_before(self, future: ContinuousFuture, place: int) -> float:
        contract = self.center(future, self._label(place))
        traded = self._last_traded(contract, place)
        return np.nan if traded is None else self._close(self.center(future, self._label(traded)),
                                                         traded)  # fmt: skip

    def _block(
        self, future: ContinuousFuture, field: str, start: int, end: int, seen: int
    ) -> _Block:
        key = (future.sid, field, end - start, seen)
        block = self._blocks.get(key)
        if block is None or end > block.ahead or end < block.latest:
            last = self._days.bundle_last
            ahead = min(end + _AHEAD, last)
            block = _Block(
                ahead,
                end,
                self.decimals(future, end),
                self.rolls(future, start, ahead),
                self.rolls(future, start, min(ahead + seen, last)),
            )
        self._blocks[key] = block = block._replace(latest=end)
        return block

    def rolls(self, future: ContinuousFuture, start: int, end: int) -> list:
        """The contracts between two sessions: each, and the place of the roll away from it."""
        rolls = self.roll_finders[future.roll_style].get_rolls(
            future.root_symbol, self._label(start), self._label(end), future.offset
        )
        ordinal = self._days.ordinal
        return [(sid, None if at is None else ordinal(at.value // _SECOND)) for sid, at in rolls]

    def contract(self, sid: int) -> Any:
        """The contract with a sid."""
        return self._finder.retrieve_asset(sid)

    def _label(self, place: int) -> Any:
        return self._days.calendar.sessions[place]

    def decimals(self, future: ContinuousFuture, place: int) -> int | None:
        """To how many decimals history rounds: those of the current contract's tick."""
        chain = self._finder.get_ordered_contracts(future.root_symbol)
        sid = chain.contract_before_auto_close(int(self._days.label(place)) * _SECOND)
        contract = self._finder.retrieve_asset(sid)
        return number_of_decimal_places(contract.tick_size) if contract.tick_size else 3

    def _read(self, sid: int, field: str, first: int, out: np.ndarray) -> None:
        """Write a contract's sessions from `first` on into `out`, as traded."""
        columns = self._days.columns(self._finder.retrieve_asset(sid))
        if columns is None:
            return
        low, high = max(first, columns.first), min(first + len(out), columns.first + columns.count)
        if low < high:
            stored = columns.volumes if field == "volume" else columns.prices(field)
            out[low - first : high - first] = stored[low - columns.first : high - columns.first]

    def _adjust(
        self, future: ContinuousFuture, rolls: list, out: np.ndarray, start: int, end: int
    ) -> None:
        """Bring prices before each roll to those after it, by the closes before the roll."""
        for (front, roll), (back, _) in pairwise(rolls):
            if not start < roll <= end:
                continue
            closes = []
            for sid in (front, back):
                contract = self._finder.retrieve_asset(sid)
                traded = self._last_traded(contract, roll - 1)
                closes.append(None if traded is None else self._close(contract, traded))
            before, after = closes
            if before is None or after is None:
                continue
            if future.adjustment == "mul":
                out[: roll - start] *= 1.0 + (after - before) / before
            else:
                out[: roll - start] += after - before

    def _last_traded(self, contract, place: int) -> int | None:
        """The place of the last session with volume up to one; None when there is none."""
        columns = self._days.columns(contract)
        if columns is None:
            return None
        traded = np.flatnonzero(columns.volumes[: max(place - columns.first + 1, 0)])
        return int(traded[-1]) + columns.first if len(traded) else None

    def _close(self, contract, place: int) -> float:
        columns = self._days.columns(contract)
        assert columns is not None, contract
        return float(columns.prices("close")[place - columns.first])
