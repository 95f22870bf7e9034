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
from .book import CLOSE_FIELD, HIGH, LOW, OPEN, VOLUME, call_at, opened
from .costs import Commission, Slippage
from .engine import advance
from .errors import FillproofError
from .instruments import Instrument
from .jit import compiled, njit, prefer
from .orders import Kind, TimeInForce
from .rows import MOST_ENTRIES
from .rules import Rules
from .simulation import OrderError, Simulation

if TYPE_CHECKING:
    from .result import Result

_NAN = float("nan")
_MARKET = Kind.MARKET
_GTC = TimeInForce.GTC

_call: Any = call_at

#: Fields of `Now.history` are `OPEN` to `VOLUME`; 5 and above are the columns that `run` was given.
CLOSE = CLOSE_FIELD


class Now:
    """The current bar, as a strategy sees it; arrays are float64[N], one number per asset.

    `t`: its index. `time`: ns UTC. `open`, `high`, `low`, `close`, `volume`: of the bar, NaN where
    an asset has none. `cash`, `equity`: at its close, in the account's currency. `holdings`,
    `entry_prices`: signed units held and their average price, 0 when flat; under
    `Positioning.HEDGING` of the long positions, and `short_holdings` of the short ones (0
    otherwise). `memory`: float64[·, ·], the strategy's own numbers (`run(memory=...)`).

    All but `memory` is for reading. In Python the arrays are copies, so that nothing after the
    bar can be reached through them; compiled, they are views that cannot be written to.

    Orders sent now meet the next bar. The calls return the number of the order, or -1 when there
    is nothing to send: an asset has no price above 0 to size it by, or a size is NaN or cut to
    nothing by lots or `Sizing.WHOLE`. A call without a meaning (no such asset, a limit order
    without limit) raises OrderError; a compiled strategy ends with it at the end of its bar.
    `short`: under `Positioning.HEDGING`, trade the short position and not the long one.
    """

    __slots__ = ("_book", "_count", "_sim", "memory", "t")

    def __init__(self, simulation: Simulation) -> None:
        self._sim = simulation
        self._book = simulation.book  # its market and account: never replaced
        self._count = len(self._book.terms)
        self.memory = self._book.memory
        self.t = -1

    @property
    def time(self) -> int:
        return int(self._book.times[self.t])

    @property
    def open(self) -> np.ndarray:
        return self._book.values[OPEN, :, self.t].copy()

    @property
    def high(self) -> np.ndarray:
        return self._book.values[HIGH, :, self.t].copy()

    @property
    def low(self) -> np.ndarray:
        return self._book.values[LOW, :, self.t].copy()

    @property
    def close(self) -> np.ndarray:
        return self._book.values[CLOSE, :, self.t].copy()

    @property
    def volume(self) -> np.ndarray:
        return self._book.values[VOLUME, :, self.t].copy()

    def column(self, number: int) -> np.ndarray:
        """float64[N]: this bar of a column of `run(columns=...)`, by its place there."""
        return self._field(5 + number)[:, self.t].copy()

    def history(self, field: int, length: int) -> np.ndarray:
        """float64[N, length]: the last bars of a field (`OPEN` to `VOLUME`), this one the last.

        Fewer at the start of the data. field: 5 + n is column n.
        """
        return self._field(field)[:, max(self.t + 1 - length, 0) : self.t + 1].copy()

    def _field(self, field: int) -> np.ndarray:
        if not 0 <= field < 5 + len(self._book.columns):
            raise IndexError("there is no such field or column")
        return self._book.values[field] if field < 5 else self._book.columns[field - 5]

    @property
    def cash(self) -> float:
        return self._sim.cash

    @property
    def equity(self) -> float:
        return float(self._book.account["equity"][0])

    @property
    def holdings(self) -> np.ndarray:
        return self._book.positions["size"][: self._count].copy()

    @property
    def entry_prices(self) -> np.ndarray:
        return self._book.positions["price"][: self._count].copy()

    @property
    def short_holdings(self) -> np.ndarray:
        if len(self._book.positions) == self._count:
            return np.zeros(self._count)
        return self._book.positions["size"][self._count :].copy()

    def order(
        self,
        asset: int,
        size: float,
        kind: int = _MARKET,
        limit: float = _NAN,
        stop: float = _NAN,
        trail_amount: float = _NAN,
        trail_percent: float = _NAN,
        tif: int = _GTC,
        expires: int = 0,
        parent: int = -1,
        oco: int = -1,
        reduce_only: bool = False,
        short: bool = False,
    ) -> int:
        """Send an order for signed units; see `Simulation.submit` for the arguments."""
        return self._send(
            sizing.send_order, asset, float(size), int(kind), float(limit), float(stop),
            float(trail_amount), float(trail_percent), int(tif), expires, parent, oco,
            bool(reduce_only), bool(short),
        )  # fmt: skip

    def bracket(
        self,
        asset: int,
        size: float,
        stop_loss: float,
        take_profit: float,
        kind: int = _MARKET,
        limit: float = _NAN,
        stop: float = _NAN,
        tif: int = _GTC,
        expires: int = 0,
        short: bool = False,
    ) -> int:
        """Send an entry, and a stop and a target that protect it once it has filled.

        stop_loss, take_profit: prices, NaN for none. Returns the entry's number; theirs follow it.
        """
        return self._send(
            sizing.send_bracket, asset, float(size), float(stop_loss), float(take_profit),
            int(kind), float(limit), float(stop), int(tif), expires, bool(short), room=3,
        )  # fmt: skip

    def order_value(self, asset: int, value: float, short: bool = False) -> int:
        """A market order for units that are worth `value` (signed) at the close."""
        return self._send(sizing.send_value, asset, float(value), bool(short))

    def order_percent(self, asset: int, part: float, short: bool = False) -> int:
        """A market order for units that are worth a part of equity."""
        return self._send(sizing.send_percent, asset, float(part), bool(short))

    def target_size(self, asset: int, size: float, short: bool = False) -> int:
        """A market order that brings the position to `size` units."""
        return self._send(sizing.send_target, asset, float(size), bool(short))

    def target_value(self, asset: int, value: float, short: bool = False) -> int:
        """A market order that brings the position to a worth of `value`."""
        return self._send(sizing.send_target_value, asset, float(value), bool(short))

    def target_percent(self, asset: int, part: float, short: bool = False) -> int:
        """A market order that brings the position to a part of equity."""
        return self._send(sizing.send_target_percent, asset, float(part), bool(short))

    def target_weights(self, weights: np.ndarray) -> int:
        """Market orders that bring every position to its part of equity; returns how many.

        weights: float64[N], signed; NaN leaves a position alone. Sent in the sequence of the
        assets, what frees cash before what takes it.
        """
        weights = np.ascontiguousarray(weights, dtype=np.float64)
        if weights.ndim != 1:
            raise OrderError(f"weights must have one dimension, not {weights.ndim}.")
        return self._send(sizing.send_weights, weights, room=len(weights))

    def cancel(self, order: int) -> bool:
        """Cancel a pending order: see `Simulation.cancel`. False for -1."""
        return bool(self._send(sizing.send_cancel, order))

    def modify(
        self, order: int, size: float = _NAN, limit: float = _NAN, stop: float = _NAN
    ) -> bool:
        """Change a pending order, NaN for what stays: see `Simulation.modify`. False for -1."""
        return bool(self._send(sizing.send_change, order, float(size), float(limit), float(stop)))

    def status(self, order: int) -> int:
        """Where an order stands, one of `orders.Status`; -1 for -1."""
        return int(self._send(sizing.read_status, order))

    def pending(self, asset: int) -> int:
        """How many orders of an asset can trade, or are on their way to the market."""
        return int(self._send(sizing.count_waiting, asset))

    def _send(self, kernel: Any, *arguments: Any, room: int = 1) -> Any:
        answer = self._sim.call(kernel, *arguments, room=room)
        head = self._book.account
        fault = int(head["fault"][0])
        if fault:
            head["fault"][0] = 0
            raise _fault_error(fault, float(head["check_cash"][0]))
        return answer


def _fault_error(fault: int, value: float) -> FillproofError:
    if fault == FAULT_ROOM:
        return FillproofError("there was no room for an order: an error in the engine, report it.")
    return OrderError(sizing.fault_text(fault, value))


@njit
def _has_room(book, most, sent_by_rules):
    """Whether a bar with `most` new orders of the strategy fits into the arrays."""
    head = book.account[0]
    live = head["n_pending"] + head["n_submitted"] + head["n_activating"] + sent_by_rules + most
    guards = head["guarded"] * live
    live += guards
    live *= 2 if guards > 0 and head["parts"] > MOST_ENTRIES else 1
    return (
        head["n_orders"] + most + sent_by_rules + guards <= len(book.orders)
        and 2 * live + 8 <= book.queue.shape[1]
        and head["n_fills"] + head["parts"] * live <= len(book.fills)
        and head["n_events"] + (8 + 2 * head["parts"]) * live + 8 <= len(book.events)
    )


@njit
def _loop(t, until, most, sent_by_rules, strategy, table):
    """Bars from index t on; returns the index at which it stopped: `until`, or for want of room.

    strategy: address of a function of the address of a table. A fault stops it with the bar done.
    """
    book = opened(table)
    while t < until:
        if not _has_room(book, most, sent_by_rules):
            return t
        advance(book, t)
        _call(strategy, book)
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
    columns: Sequence[str] = (),
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

    rules and costs: as of `Simulation`, which the further settings go to. columns: names of
    `bars.extra` that the strategy reads, as `now.column(0)` and so on. memory: float64[·, ·] that
    the strategy may write to; it gets a copy, which is `Result.memory` at the end.

    A jitted strategy may be called again from the first bar (when it sends more orders than were
    expected, and to show an exception), so it must depend on `now` alone. It is compiled with
    checks of its array bounds.

    An exception in the strategy ends the run and reaches the caller, with a note of the bar.
    Raises OrderError for an argument without a meaning.
    """
    if not callable(strategy):
        raise OrderError(f"strategy must be a function of one argument, not {strategy!r}.")
    given = {"cash": cash, "commission": commission, "slippage": slippage}
    given |= {"instruments": instruments, "columns": columns, **settings}
    if hasattr(strategy, "py_func"):
        prefer(len(bars) * len(bars.assets))
        if compiled():
            return _run_compiled(bars, strategy, rules, memory, given)
        strategy = strategy.py_func  # type: ignore[attr-defined]
    sim = Simulation(bars, rules, memory=_own(memory), **given)
    now = Now(sim)
    try:
        for t in range(len(bars)):
            sim.step(t)
            now.t = t
            strategy(now)
    except Exception as error:
        if now.t >= 0:
            error.add_note(_where(bars, now.t))
        raise
    return sim.result(copy=False)


def _where(bars: Bars, t: int) -> str:
    return f"In the strategy at bar {t}, {np.datetime64(int(bars.times[t]), 'ns')}."


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
        t = _run_until(sim, function, most, len(bars))
        fault = int(sim.book.account["fault"][0])
        if fault == FAULT_STRATEGY:
            _raise_again(bars, function, rules, memory, given, most, t - 1)
        elif fault == FAULT_ROOM:
            # It sent more orders in one bar than expected: again from the start, with more room.
            most *= 8
        elif fault:
            error = _fault_error(fault, float(sim.book.account["check_cash"][0]))
            error.add_note(_where(bars, t - 1))
            raise error
        else:
            sim.bar = len(bars) - 1
            return sim.result(copy=False)


def _run_until(sim: Simulation, function: Any, most: int, until: int) -> int:
    """Bars 0 up to `until`, or through the first with a fault; returns the next one."""
    t = 0
    while t < until:
        t = sim.call(_loop, t, until, most, sim.sent_by_rules, function.address, room=most)
        if sim.book.account["fault"][0]:
            break
    return t


def _raise_again(bars, function, rules, memory, given, most, t) -> None:
    """Raise the exception of a compiled strategy at bar t: the same run once more, up to there.

    Machine code that is called by its address cannot hand an exception over.
    """
    sim = Simulation(bars, rules, memory=_own(memory), **given)
    _run_until(sim, function, most, t)
    sim.step(t)
    sim.reserve(most)
    try:
        function.call(sim.table)
    except Exception as error:
        error.add_note(_where(bars, t))
        raise
    raise FillproofError(
        f"the strategy raised an exception at bar {t}, and none when it was run again: does it "
        "depend on anything but its argument?"
    )


__all__ = ["CLOSE", "HIGH", "LOW", "OPEN", "VOLUME", "Now", "run"]
