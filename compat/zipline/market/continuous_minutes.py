"""Windows of minutes that follow a chain of contracts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..assets import ContinuousFuture
from .columns import carried

if TYPE_CHECKING:
    from .minute import MinuteMarket

#: Windows are made ahead, for so many minutes after their end; rolls are sought from there back.
_AHEAD = 1560


class _Block(NamedTuple):
    """Rolls of a run of windows: those that end by the minute `ahead`."""

    ahead: int
    latest: int  # the end of the latest window
    decimals: int | None
    contracts: list[tuple[Any, int | None]]  # and the first minute of the contract that follows


class ContinuousMinutes:
    """Continuous futures in the minutes of a run, counted as on the axis of a `MinuteMarket`."""

    def __init__(self, market: MinuteMarket) -> None:
        self._market = market
        self._days = market.days
        self._continuous = market.days.continuous
        self._blocks: dict[tuple, _Block] = {}

    def window(
        self, future: ContinuousFuture, field: str, end: int, count: int, frequency: str
    ) -> np.ndarray:
        """float64[count]: a window that ends with a minute, a copy."""
        if frequency == "1d":
            return self._of_days(future, field, end, count)
        if field != "price":
            return self._of_minutes(future, field, end, count)
        out = self._of_minutes(future, "close", end, count)
        start = end - count + 1
        if np.isnan(out[0]):
            out[0] = self._price_before(future, start)
        if np.isnan(out).any():
            out = carried(out)
        times = self._market.axis.times[start : end + 1]
        out[times - times % (86_400 * 10**9) > future.end_date.value] = np.nan
        return out

    def _of_days(self, future: ContinuousFuture, field: str, end: int, count: int) -> np.ndarray:
        """Sessions, the last one made of its minutes so far."""
        market, price = self._market, field == "price"
        field = "close" if price else field
        session = market.axis.session(end)
        t = session + market.axis.first - self._days.first
        out = np.empty(count)
        if count > 1:
            out[:-1] = self._continuous.window(future, field, t - 1, count - 1, seen=1)
        contract = self._continuous.center(future, market.axis.index[end])
        if field in ("open", "high", "low", "volume"):
            # As for windows, rolls are sought in the session itself, not from far ahead.
            place = session + market.axis.first
            contract = self._continuous.contract(self._continuous.rolls(future, place, place)[0][0])
        out[-1] = contract.sid if field == "sid" else market.so_far(contract, field, session, end)
        if price:
            self._continuous.carry(future, out, t, t - count)
        return out

    def _of_minutes(self, future: ContinuousFuture, field: str, end: int, count: int) -> np.ndarray:
        market = self._market
        start = end - count + 1
        block = self._block(future, field, start, end)
        out = np.empty(count)
        begin = start
        for contract, roll in block.contracts:
            stop = end + 1 if roll is None else min(roll, end + 1)
            if begin >= stop:
                continue
            part = slice(begin - start, stop - start)
            out[part] = contract.sid if field == "sid" else market.raw(contract, field, begin, stop)
            begin = stop
        if future.adjustment is not None and field not in ("volume", "sid"):
            for (front, roll), (back, _) in pairwise(block.contracts):
                if roll is not None and start < roll <= end:
                    self._adjust(future.adjustment, front, back, roll - 1, out[: roll - start])
        if field == "sid":
            return out.astype(np.int64)  # of sessions they are floats
        return out if block.decimals is None else np.round(out, block.decimals)

    def _block(self, future: ContinuousFuture, field: str, start: int, end: int) -> _Block:
        key = (future.sid, field, end - start)
        block = self._blocks.get(key)
        if block is None or end > block.ahead or end < block.latest:
            axis = self._market.axis
            last = int(axis.begin[self._days.bundle_last + 1 - axis.first]) - 1
            ahead = min(end + _AHEAD, last)
            places = [axis.session(minute) + axis.first for minute in (start, end, ahead)]
            rolls = self._continuous.rolls(future, places[0], places[2])
            block = _Block(
                ahead,
                end,
                self._continuous.decimals(future, places[1]),
                [
                    (
                        self._continuous.contract(sid),
                        None if at is None else int(axis.begin[at - axis.first]),
                    )
                    for sid, at in rolls
                ],
            )
        self._blocks[key] = block = block._replace(latest=end)
        return block

    def _adjust(self, adjustment: str, front, back, minute: int, out: np.ndarray) -> None:
        """Bring prices of one contract to those of the next, by their closes up to a minute."""
        before, after = (self._market.latest_close(contract, minute) for contract in (front, back))
        if before is None or after is None:
            return
        if adjustment == "mul":
            out *= 1.0 + (after - before) / before
        else:
            out += after - before

    def _price_before(self, future: ContinuousFuture, minute: int) -> float:
        contract = self._continuous.center(future, self._market.axis.index[minute])
        price = self._market.latest_close(contract, minute)
        return np.nan if price is None else price
