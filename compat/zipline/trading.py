"""What happens to orders and positions in a run, whatever the length of its bars.

`Trading` is the market side of a run. Its orders go one of two lanes, which lead to the same
account: `KernelLane`, where the core matches them, and `BlotterLane`, where a blotter does, with
models that may be of a script's own classes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...core.simulation import Simulation
from .actions import Actions
from .capital_changes import CapitalChanges
from .finance.metrics.recorder import Recorder
from .ledger import Ledger

if TYPE_CHECKING:
    from .algorithm import Algorithm
    from .finance.metrics.tracker import MetricsTracker


class Lane(ABC):
    """What matches the orders of a run. book: places, cancels and shows orders.

    sim: the account, and the market that orders meet. idle: whether no order can trade.
    """

    book: Any
    idle: bool

    def __init__(self, algorithm: Algorithm, sim: Simulation) -> None:
        self.sim = sim
        self._algorithm = algorithm
        self._ledger: Ledger = algorithm.ledger

    def begin_session(self, session: int) -> None:  # noqa: B027 - a lane may have no use for it
        """A session begins, nothing has happened in it yet."""

    def set_date(self, now) -> None:  # noqa: B027 - the same
        """The simulation's time changes between two bars."""

    def split(self, splits: list[tuple[int, float]]) -> None:
        """Splits of a session, (asset's number, ratio): orders and positions change."""
        for number, ratio in splits:
            self.sim.split(number, ratio)
            self._ledger.split(number)

    @abstractmethod
    def meet_bar(self, t: int, now) -> None:
        """Open orders meet bar t, at the time `now`; None for the time of the bar."""

    @abstractmethod
    def note_new(self) -> None:
        """Note the orders placed or cancelled since the last bar."""

    @abstractmethod
    def sold(self, number: int, amount, price: float, now) -> None:
        """A position was sold outside the market: it is a transaction without an order."""

    @abstractmethod
    def cancel_all_in(self, closed: Callable[[int], bool]) -> None:
        """Cancel the orders in assets that are no longer listed, as `closed` says of a number."""

    @abstractmethod
    def apply_cancel_policy(self) -> None:
        """Cancel open orders as the policy says at the end of a session."""

    # What happened, as dictionaries

    @abstractmethod
    def session_orders(self) -> list[dict]:
        """Orders that changed in the session that runs, latest change last, as they stand."""

    @abstractmethod
    def session_transactions(self) -> list[dict]:
        """What traded in the session that runs."""

    @abstractmethod
    def keep(self) -> None:
        """The session ends: keep both for `orders` and `transactions`."""

    @abstractmethod
    def forget(self) -> None:
        """The session has ended: the next one begins with nothing."""

    @abstractmethod
    def orders(self) -> list[list[dict]]:
        """By session: the orders that changed in it, as they stood at its end."""

    @abstractmethod
    def transactions(self) -> list[list[dict]]:
        """By session: what traded in it."""


class Trading:
    """The market side of a run: the simulation, the lane of its orders, who follows what happens.

    A session is `begin_session`, then `meet_bar` and `end_bar` for each of its bars with the
    callbacks between them, then `end_session`.
    """

    def __init__(self, algorithm: Algorithm, sim: Simulation, lane: Lane) -> None:
        self.sim = sim
        self.lane = lane
        self.actions = Actions(algorithm.market)
        self._algorithm = algorithm
        self._ledger: Ledger = algorithm.ledger
        self._changes = CapitalChanges(algorithm)
        self._emits_bars = self.talks = False
        if algorithm.metrics is None:
            self.recorder: Recorder | MetricsTracker = Recorder(sim, algorithm.ledger, self)
        else:
            from .finance.metrics.tracker import MetricsTracker

            self.recorder = MetricsTracker(algorithm, self, algorithm.metrics)
            self._changes.packets = self.recorder.packets
            self._emits_bars = algorithm.parameters.emission_rate == "minute"
            #: Whether packets can be ready before a session has ended.
            self.talks = self._emits_bars or self._changes.any

    def begin_session(self, session: int) -> None:
        """What is due before a session: capital, dividends and splits."""
        actions, recorder, changes = self.actions, self.recorder, self._changes
        self.lane.begin_session(session)
        if not (recorder.always_begins or changes.any or actions.moves(session)):
            return
        changes.at_midnight(session)
        moved = actions.moves(session)
        if moved:
            actions.pay(session, self.sim, self._ledger)
        if moved or changes.done or recorder.always_begins:
            changes.done = False
            recorder.begin()
        splits = actions.splits(session)
        if splits:
            self.lane.split(splits)

    def set_date(self, now) -> None:
        """The simulation's time changes between two bars."""
        self.lane.set_date(now)

    @property
    def idle(self) -> bool:
        """Whether nothing can happen at a bar before the callbacks."""
        return self.lane.idle and not self._changes.in_bars

    def meet_bar(self, t: int, now) -> None:
        """Capital that is due with bar t, and open orders that meet it, at the time `now`."""
        if self._changes.in_bars:
            self._changes.at_bar(int(self.sim.bars.times[t]))
        self.lane.meet_bar(t, now)

    def end_bar(self) -> None:
        """The callbacks of a bar have been called: note the orders that they placed."""
        self.lane.note_new()
        if self._emits_bars:
            self.recorder.bar(self._algorithm.recorded)

    def end_session(self, session: int, t: int) -> None:
        """Bar t was the last of a session: positions and orders that end, and its record."""
        algorithm = self._algorithm
        if session >= self.actions.first_close_out:
            self._close_out(session)
        self.lane.apply_cancel_policy()
        if algorithm.account_controls:
            algorithm.test_account()
        self.recorder.session(t, algorithm.recorded)
        self.lane.forget()

    def _close_out(self, session: int) -> None:
        """Sell what is no longer listed, and cancel the orders in it."""
        actions, ledger, now = self.actions, self._ledger, self._algorithm.now
        for number in [n for n in ledger.held if actions.closed(n, session)]:
            self.lane.sold(number, -ledger.amounts[number], ledger.last_price(number), now)
            self.sim.liquidate(number, ledger.last_price(number))
            ledger.drop(number)
            ledger.changed()
        self.lane.cancel_all_in(lambda number: actions.closed(number, session))
