"""`run`: a strategy called once per bar with all assets, in Python or compiled into the loop.

A strategy is a function of one argument, `now`: what is known at the close of the current bar, and
the calls that send orders. Decorated with `numba.njit` it runs inside the compiled loop over bars;
undecorated it is called from Python. The same source gives the same orders, fills and equity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import sizing
from .account import FAULT_ROOM, FAULT_STRATEGY, Wallet
from .bars import Bars
from .book import call_at, opened
from .costs import Commission, Slippage
from .engine import advance
from .errors import FillproofError
from .instruments import Instrument
from .jit import njit
from .orders import Kind
from .rules import Rules
from .simulation import OrderError, Simulation

if TYPE_CHECKING:
    from .result import Result

_NAN = float("nan")
_MARKET = Kind.MARKET

OPEN, HIGH, LOW, CLOSE, VOLUME = 0, 1, 2, 3, 4


class Now:
    """The current bar, as a strategy sees it; arrays are float64[N], one number per asset.

    `t`: its index. `time`: ns UTC. `open`, `high`, `low`, `close`, `volume`: of the bar, NaN where
    an asset has none. `cash`, `equity`: at its close, in the account's currency. `holdings`:
    signed units. `memory`: float64[·, ·], the strategy's own numbers (`run(memory=...)`).

    Orders sent now meet the next bar. Those of compiled strategies take their arguments by
    position. Where an asset has no price, or a size is cut to nothing, no order is sent.
    """

    __slots__ = ("_book", "_sim", "memory", "t")

    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        self._book = simulation.book  # its market and account: never replaced
        self.memory = self._book.memory
        self.t = -1

    @property
    def time(self) -> int:
        return int(self._book.times[self.t])

    @property
    def open(self) -> np.ndarray:
        return self._book.values[OPEN, :, self.t]

    @property
    def high(self) -> np.ndarray:
        return self._book.values[HIGH, :, self.t]

    @property
    def low(self) -> np.ndarray:
        return self._book.values[LOW, :, self.t]

    @property
    def close(self) -> np.ndarray:
        return self._book.values[CLOSE, :, self.t]

    @property
    def volume(self) -> np.ndarray:
        return self._book.values[VOLUME, :, self.t]

    def history(self, field: int, length: int) -> np.ndarray:
        """float64[N, length]: the last bars of a field (`OPEN` to `VOLUME`), this one the last.

        Fewer at the start of the data.
        """
        return self._book.values[field, :, max(self.t + 1 - length, 0) : self.t + 1]

    @property
    def cash(self) -> float:
        return self._sim.cash

    @property
    def equity(self) -> float:
        return float(self._book.account["equity"][0])

    @property
    def holdings(self) -> np.ndarray:
        return self._book.positions["size"][: len(self._book.terms)]

    def order(
        self,
        asset: int,
        size: float,
        kind: int = _MARKET,
        limit: float = _NAN,
        stop: float = _NAN,
    ) -> int:
        """Send an order for signed units; returns its number, -1 when there is nothing to send."""
        return self._sim.call(sizing.send_order, asset, float(size), int(kind), limit, stop)

    def order_value(self, asset: int, value: float) -> int:
        """A market order for units that are worth `value` (signed) at the close."""
        return self._sim.call(sizing.send_value, asset, float(value))

    def order_percent(self, asset: int, part: float) -> int:
        """A market order for units that are worth a part of equity."""
        return self._sim.call(sizing.send_value, asset, part * self.equity)

    def target_size(self, asset: int, size: float) -> int:
        """A market order that brings the position to `size` units."""
        return self._sim.call(sizing.send_target, asset, float(size))

    def target_value(self, asset: int, value: float) -> int:
        """A market order that brings the position to a worth of `value`."""
        return self._sim.call(sizing.send_target_value, asset, float(value))

    def target_percent(self, asset: int, part: float) -> int:
        """A market order that brings the position to a part of equity."""
        return self._sim.call(sizing.send_target_value, asset, part * self.equity)

    def target_weights(self, weights: np.ndarray) -> int:
        """Market orders that bring every position to its part of equity; returns how many.

        weights: float64[N], signed; NaN leaves a position alone. Sent in the sequence of the
        assets, what frees cash before what takes it.
        """
        weights = np.ascontiguousarray(weights, dtype=np.float64)
        if weights.shape != (len(self._book.terms),):
            raise OrderError(
                f"weights must be one number per asset, ({len(self._book.terms)},), not "
                f"{weights.shape}."
            )
        return self._sim.call(sizing.send_weights, weights, room=len(weights))

    def cancel(self, order: int) -> bool:
        """Cancel a pending order: see `Simulation.cancel`."""
        return self._sim.cancel(order)

    def modify(self, order: int, size: float, limit: float, stop: float) -> bool:
        """Change a pending order, NaN for what stays: see `Simulation.modify`."""
        return self._sim.modify(order, size=size, limit=limit, stop=stop)


@njit
def _has_room(book, most, sent_by_rules):
    """Whether a bar with `most` new orders of the strategy fits into the arrays."""
    head = book.account[0]
    live = head["n_pending"] + head["n_submitted"] + head["n_activating"] + sent_by_rules + most
    guards = head["guarded"] * live
    live += guards
    return (
        head["n_orders"] + most + sent_by_rules + guards <= len(book.orders)
        and 2 * live + 8 <= book.queue.shape[1]
        and head["n_fills"] + head["parts"] * live <= len(book.fills)
        and head["n_events"] + (8 + 2 * head["parts"]) * live + 8 <= len(book.events)
    )


@njit
def _loop(t, most, sent_by_rules, strategy, table):
    """Bars from index t on; returns the index at which it stopped: T, or for want of room.

    strategy: address of a function of the address of a table. A fault stops it with the bar done.
    """
    book = opened(table)
    while t < len(book.times):
        if not _has_room(book, most, sent_by_rules):
            return t
        advance(book, t)
        call_at(strategy, book)
        t += 1
        if book.account[0]["fault"] != 0:
            return t
    return t


def run(
    bars: Bars,
    strategy: Callable[[Any], Any],
    rules: Rules | None = None,
    *,
    cash: float | Sequence[Wallet] = 100_000.0,
    commission: Commission | Sequence[Commission] | None = None,
    slippage: Slippage | Sequence[Slippage] | None = None,
    instruments: Instrument | Sequence[Instrument] | None = None,
    memory: np.ndarray | None = None,
    **settings: Any,
) -> Result:
    """Run a strategy over bars: `strategy(now)` after each one, see `Now`.

    ::

        @numba.njit  # or not: slower, the same result
        def strategy(now):
            if now.t >= 20:
                momentum = now.close / now.history(CLOSE, 21)[:, 0]
                now.target_weights(np.where(momentum > 1.0, 1.0 / len(momentum), 0.0))

        result = run(bars, strategy, cash=100_000.0, commission=Commission("percent", 0.001))

    rules and costs: as of `Simulation`, which the further settings go to. memory: float64[·, ·]
    that the strategy may write to; it gets a copy, and `Result` leaves yours as it was.

    An exception in the strategy ends the run and reaches the caller. Raises OrderError for an
    argument without a meaning.
    """
    given = {"cash": cash, "commission": commission, "slippage": slippage}
    given |= {"instruments": instruments, **settings}
    if hasattr(strategy, "py_func"):
        from .jit import compiled, prefer

        prefer(len(bars) * len(bars.assets))
        if compiled():
            return _run_compiled(bars, strategy, rules, memory, given)
        strategy = strategy.py_func  # type: ignore[attr-defined]
    sim = Simulation(bars, rules, memory=_own(memory), **given)
    now = Now(sim)
    for t in range(len(bars)):
        sim.step(t)
        now.t = t
        strategy(now)
    return sim.result(copy=False)


def _own(memory: np.ndarray | None) -> np.ndarray | None:
    if memory is None:
        return None
    own = np.array(memory, dtype=np.float64, order="C")
    if own.ndim != 2:
        raise OrderError(f"memory must have two dimensions, not {own.ndim}: reshape it.")
    return own


def _run_compiled(bars, strategy, rules, memory, given) -> Result:
    from .now_type import compiled_strategy

    function = compiled_strategy(strategy)
    most = 2 * len(bars.assets) + 64
    while True:
        sim = Simulation(bars, rules, memory=_own(memory), **given)
        t = 0
        while t < len(bars):
            t = sim.call(_loop, t, most, sim.sent_by_rules, function.address, room=most)
            fault = int(sim.book.account["fault"][0])
            if fault == FAULT_STRATEGY:
                function.raise_again(sim)
                raise FillproofError(
                    f"the strategy raised an exception at bar {t - 1}, and none when called again."
                )
            if fault == FAULT_ROOM:
                break
        else:
            sim.bar = len(bars) - 1
            return sim.result(copy=False)
        # It sent more orders in one bar than expected: again from the start, with more room.
        most *= 8


__all__ = ["CLOSE", "HIGH", "LOW", "OPEN", "VOLUME", "Now", "run"]
