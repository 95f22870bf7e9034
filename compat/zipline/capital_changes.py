"""Capital that its owner adds to an account during a run, or takes out of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .algorithm import Algorithm

log = logging.getLogger("ZiplineLog")


class CapitalChanges:
    """The changes of `TradingAlgorithm(capital_changes=...)`, by the time at which they are due.

    A time is the midnight (UTC) of a session, or the end of a bar of a minute. done: whether
    one was made since the flag was last taken back. packets: what `get_generator` yields of them.
    """

    def __init__(self, algorithm: Algorithm) -> None:
        self.done = False
        self.packets: list[dict] = []
        self._algorithm = algorithm
        changes = algorithm.context.capital_changes
        self._due = {
            time.value: time for time in changes if getattr(time, "tzinfo", None) is not None
        }
        self._labels = algorithm.market.days.labels.tolist() if self._due else []
        self.any = bool(self._due)
        #: Whether one can be due at the end of a bar.
        self.in_bars = self.any and algorithm.parameters.data_frequency == "minute"

    def at_midnight(self, session: int) -> None:
        """What is due when a session begins."""
        if self._due:
            self._at(self._labels[session] * 10**9)

    def at_bar(self, time: int) -> None:
        """What is due at the end of a bar, ns UTC."""
        self._at(time)

    def _at(self, time: int) -> None:
        when = self._due.get(time)
        if when is None:
            return
        context, ledger = self._algorithm.context, self._algorithm.ledger
        change = context.capital_changes[when]
        ledger.sync()
        target = None
        if change["type"] == "target":
            target = change["value"]
            amount = target - ledger.value
        elif change["type"] == "delta":
            amount = change["value"]
        else:
            log.error("The capital change %s is neither a target nor a delta.", change)
            return
        log.info("Capital changes by %s at %s.", amount, when)
        context.capital_change_deltas[when] = amount
        ledger.change_capital(amount)
        self.done = True
        packet = {"date": when, "type": "cash", "target": target, "delta": amount}
        self.packets.append({"capital_change": packet})
