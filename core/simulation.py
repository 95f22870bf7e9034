"""`Simulation`: the Python face of the engine, and what adapters use."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isnan
from typing import TYPE_CHECKING

import numpy as np

from . import actions, engine, jit
from .account import ACCOUNT, FAULT_TRANSITION, POSITION
from .bars import Bars
from .costs import Commission, Slippage, terms
from .errors import FillproofError
from .instruments import Instrument
from .orders import EVENT, FILL, FILLED, ORDER, Kind, Status, TimeInForce
from .rules import CashCheck, Rules

if TYPE_CHECKING:
    from .result import Result

_NAN = float("nan")
_DAY_NS = 86_400_000_000_000


class OrderError(FillproofError, ValueError):
    """An order that cannot be understood: which argument, and why."""


class Simulation:
    """Orders against bars, one bar at a time.

    ::

        sim = Simulation(bars, Rules(), cash=10_000.0)
        for t in range(len(bars.times)):
            sim.step(t)
            if wanted:
                sim.submit(0, 100.0, Kind.LIMIT, limit=25.0)

    Sizes are signed (buy > 0) and in units of the asset, prices per unit, cash and equity in the
    account's currency, times in ns UTC. `commission`, `slippage` and `instruments` are one value
    for all assets or a sequence with one for each. An order sent at bar t meets bar t + 1 first.
    """

    def __init__(
        self,
        bars: Bars,
        rules: Rules | None = None,
        *,
        cash: float,
        commission: Commission | Sequence[Commission] | None = None,
        slippage: Slippage | Sequence[Slippage] | None = None,
        instruments: Instrument | Sequence[Instrument] | None = None,
    ) -> None:
        if not isfinite(cash):
            raise OrderError(f"cash must be finite, not {cash!r}.")
        self.bars = bars
        self.rules = rules if rules is not None else Rules()
        self.bar = -1  #: time index at which orders are created and equity is read
        self._start_cash = float(cash)
        self._times = bars.times
        self._values = bars.values
        self._rows = _latest_rows(bars.values[engine.CLOSE_FIELD])
        count = bars.values.shape[1]
        jit.prefer(len(bars.times) * count)
        self._submit_kernel = engine.submit.chosen
        self._step_kernel = engine.step.chosen
        self._rule_record = self.rules.to_record()
        self._terms = terms(count, instruments, commission, slippage)
        self._account = np.zeros(1, dtype=ACCOUNT)
        self._account["cash"] = self._account["equity"] = cash
        self._account["bar"] = self._account["cursor"] = -1
        self._cash = self._account["cash"]
        self._counts = self._account.view(np.int64)[_FIRST_COUNT:]
        self._positions = np.zeros(count, dtype=POSITION)
        self._positions["traded_bar"] = -1
        self._orders = np.zeros(64, dtype=ORDER)
        self._queue = np.zeros((3, 64), dtype=np.int64)
        self._fills = np.zeros(64, dtype=FILL)
        self._events = np.zeros(256, dtype=EVENT)
        self._measure()
        self._curve = np.full((2, len(bars.times)), _NAN)
        self._n_orders = self._n_fills = self._n_events = 0
        self._live = self._activating = self._parked = 0
        self._busy = False
        self._marked = -1
        self._charge_submits = bool(self.rules.cash_check & CashCheck.ON_SUBMIT)

    # Orders

    def submit(
        self,
        asset: int,
        size: float,
        kind: Kind = Kind.MARKET,
        *,
        limit: float = _NAN,
        stop: float = _NAN,
        trail_amount: float = _NAN,
        trail_percent: float = _NAN,
        tif: TimeInForce = TimeInForce.GTC,
        expires: int = 0,
        session_end: int = 0,
        reference: float = _NAN,
        parent: int = -1,
        oco: int = -1,
        transmit: bool = True,
    ) -> int:
        """Send an order at `self.bar`; returns its number, its row in `orders`.

        limit, stop: prices that the kind needs; a trailing order's `stop` (and `limit`) is where
        it starts, by default the latest close. trail_amount: distance in price; trail_percent: as
        a fraction of the price. tif: `DAY` ends with the UTC day of the asset's latest bar, `GTD`
        at `expires` (ns): expired on the first bar after it. session_end: for `CLOSE` orders, ns
        (0: the next bar ends a session). reference: the price at which cash is checked on
        submission, by default the order's own. parent: the order of whose bracket this is a
        child; it can trade once the parent has filled, and children cancel each other. oco: an
        order of the group in which the first to trade cancels the rest. transmit=False parks the
        order until one of its bracket is sent with transmit.

        Raises OrderError for an argument that has no meaning.
        """
        if (
            size - size != 0.0  # NaN or infinite
            or size == 0.0
            or kind
            or parent >= 0
            or oco >= 0
            or tif
            or not 0 <= asset < len(self._positions)
        ):
            expires = self._check(
                asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires, parent,
                oco,
            )  # fmt: skip
        self._reserve()
        number = self._submit_kernel(
            self.bar,
            asset,
            float(size),
            int(kind),
            limit,
            stop,
            trail_amount,
            trail_percent,
            expires,
            session_end,
            reference,
            parent,
            oco,
            transmit,
            self._times,
            self._values,
            self._rows,
            self._rule_record,
            self._account,
            self._positions,
            self._orders,
            self._queue,
            self._events,
        )
        self._parked += not transmit
        self._sync()
        return number

    def _check(
        self, asset, size, kind, limit, stop, trail_amount, trail_percent, tif, expires, parent, oco
    ) -> int:  # fmt: skip
        """Refuse what has no meaning; returns when the order expires."""
        if not 0 <= asset < len(self._positions):
            raise OrderError(f"asset: {asset} is not one of {len(self._positions)} assets.")
        if not isfinite(size) or size == 0.0:
            raise OrderError(f"size must be finite and not 0, not {size!r}.")
        kind = Kind(kind)
        needs = {
            Kind.LIMIT: {"limit": limit},
            Kind.STOP: {"stop": stop},
            Kind.STOP_LIMIT: {"limit": limit, "stop": stop},
        }.get(kind, {})
        for name, value in needs.items():
            if isnan(value):
                raise OrderError(f"{name}: an order of kind {kind.name} needs it.")
        if kind in (Kind.TRAIL, Kind.TRAIL_LIMIT) and isnan(trail_amount) and isnan(trail_percent):
            raise OrderError(
                f"trail_amount or trail_percent: an order of kind {kind.name} needs one."
            )
        for name, number in (("parent", parent), ("oco", oco)):
            if number >= self._n_orders:
                raise OrderError(f"{name}: there is no order {number}.")
        if tif == TimeInForce.DAY:
            time = self._bar_time(asset)
            return time - time % _DAY_NS + _DAY_NS - 1
        if tif == TimeInForce.GTD and expires == 0:
            raise OrderError("expires: time in force GTD needs it.")
        return expires

    def _bar_time(self, asset: int) -> int:
        row = self._rows[asset, self.bar] if self._rows.size else self.bar
        return int(self._times[max(row, 0)])

    def cancel(self, order: int) -> bool:
        """Cancel a pending order, its OCO group and its bracket; False when it is not pending.

        An order that waits for the cash check of its first bar is not pending yet.
        """
        if not 0 <= order < self._n_orders:
            raise OrderError(f"order: there is no order {order}.")
        self._reserve()
        if self._account["bar"][0] < self.bar:
            self._account["bar"] = self.bar
        done = engine.cancel(
            order,
            self._times,
            self._rows,
            self._rule_record,
            self._account,
            self._orders,
            self._queue,
            self._events,
        )
        self._sync()
        return done

    # Time

    def step(self, t: int) -> int:
        """Bar t becomes current and pending orders meet it; returns the number of new events.

        t must be above the bar before. Bars may be left out while `idle` is True.
        """
        if t <= self._marked:
            raise OrderError(f"step: bar {t} is not after bar {self._marked}.")
        self._reserve()
        self.bar = self._marked = t
        count = self._step_kernel(
            t,
            self._times,
            self._values,
            self._rows,
            self._rule_record,
            self._terms,
            self._account,
            self._positions,
            self._orders,
            self._queue,
            self._fills,
            self._events,
            self._curve,
        )
        self._sync()
        return count

    @property
    def idle(self) -> bool:
        """True while `step` could do nothing but mark equity."""
        return not self._busy

    # State

    @property
    def cash(self) -> float:
        return self._cash.item()

    @property
    def cash_flow(self) -> float:
        """All that moved cash since the start, added up in sequence from 0.

        Equal to `cash` less the starting cash but for rounding: this sum is as exact as the flows
        are, whatever the account's size.
        """
        return float(self._account["flow"][0])

    @property
    def equity(self) -> float:
        """Cash plus the worth of all positions at the closes of `self.bar`."""
        if self.bar < 0:
            return self.cash
        # float(): a kernel run as plain Python returns NumPy's own.
        return float(
            engine.mark(
                self.bar,
                self._values,
                self._rows,
                self._rule_record,
                self._terms,
                self._account,
                self._positions,
            )
        )

    def position_size(self, asset: int) -> float:
        return float(self._positions["size"][asset])

    def position_price(self, asset: int) -> float:
        """Average entry price; 0 when flat."""
        return float(self._positions["price"][asset])

    @property
    def positions(self) -> np.ndarray:
        """`POSITION[N]`: a live view."""
        return self._positions

    @property
    def orders(self) -> np.ndarray:
        """`ORDER[·]`: a view, valid until the next call that changes the simulation."""
        return self._orders[: self._n_orders]

    @property
    def fills(self) -> np.ndarray:
        """`FILL[·]`: a view, as `orders`."""
        return self._fills[: self._n_fills]

    @property
    def events(self) -> np.ndarray:
        """`EVENT[·]`: every status change in sequence; a view, as `orders`."""
        return self._events[: self._n_events]

    def events_since(self, first: int) -> list[list[int]]:
        """The status changes from row `first` on, each as a list of integers: quick to read."""
        if first == self._n_events:
            return []
        table = self._events.view(np.int64).reshape(-1, _EVENT_FIELDS)
        return table[first : self._n_events].tolist()

    @property
    def open_orders(self) -> list[int]:
        """Numbers of the pending orders, in the sequence in which they meet a bar."""
        return self._queue[engine.PENDING, : int(self._account["n_pending"][0])].tolist()

    def cash_curve(self) -> np.ndarray:
        """Cash after each bar, `float64[T]`; bars after `self.bar` as if nothing more happened."""
        return self._filled_curve()[0]

    def equity_curve(self) -> np.ndarray:
        """Equity at each bar's closes, `float64[T]`; bars after `self.bar` as `cash_curve`."""
        return self._filled_curve()[1]

    def result(self) -> Result:
        """What the simulation came to so far: tables of orders, fills, trades and the account."""
        from .result import Result

        cash, equity = self._filled_curve()
        return Result(
            self._times,
            self.bars.assets,
            self.orders.copy(),
            self.fills.copy(),
            cash,
            equity,
            self._start_cash,
        )

    def _filled_curve(self) -> np.ndarray:
        curve = self._curve.copy()
        engine.fill_curve(
            self._values,
            self._rows,
            self._rule_record,
            self._terms,
            np.zeros_like(self._positions),
            self._fills,
            self._n_fills,
            self._start_cash,
            curve,
        )
        return curve

    # Corporate actions, at the current bar

    def split(self, asset: int, ratio: float) -> float:
        """Split an asset: see `actions.apply_split`; returns the cash paid for a fraction."""
        if not (isfinite(ratio) and ratio > 0.0):
            raise OrderError(f"ratio must be positive and finite, not {ratio!r}.")
        cash = actions.apply_split(
            asset, ratio, self._account, self._positions, self._orders, self._queue
        )
        self._sync()
        return cash

    def add_cash(self, amount: float) -> None:
        """Put cash in (or take it out, negative): a deposit, a dividend."""
        if not isfinite(amount):
            raise OrderError(f"amount must be finite, not {amount!r}.")
        self._account["cash"] += amount
        self._account["flow"] += amount

    def liquidate(self, asset: int, price: float) -> float:
        """Close a position at `price` outside the market, free of cost; returns the cash flow.

        For a delisting: no order and no fill record it. Returns 0.0 when flat.
        """
        position = self._positions[asset]
        flow = float(position["size"]) * price
        self._account["cash"] += flow
        self._account["flow"] += flow
        position["size"] = position["price"] = 0.0
        return flow

    # Capacity

    def _reserve(self) -> None:
        """Room for the most that one call can write.

        A pending order writes at most one fill in a bar, and a handful of events (accepted, a
        fill, what ends it, once more by a group); a submission sends at most its whole bracket,
        of which parked orders are not pending yet.
        """
        live = self._live + self._parked + 1
        orders, queue, fills, events = self._room
        if (
            self._n_orders < orders
            and 2 * live + self._activating + 8 <= queue
            and self._n_fills + live <= fills
            and self._n_events + 8 * live + 8 <= events
        ):
            return
        if self._n_orders == orders:
            self._orders = _doubled(self._orders)
        if 2 * live + self._activating + 8 > queue:
            wider = np.zeros((3, 4 * queue), dtype=np.int64)
            wider[:, :queue] = self._queue
            self._queue = wider
        while self._n_fills + live > len(self._fills):
            self._fills = _doubled(self._fills)
        while self._n_events + 8 * live + 8 > len(self._events):
            self._events = _doubled(self._events)
        self._measure()

    def _measure(self) -> None:
        """Note how much each array holds: `_reserve` asks before every call."""
        self._room = (
            len(self._orders),
            self._queue.shape[1],
            len(self._fills),
            len(self._events),
        )

    def _sync(self) -> None:
        """Read the engine's counts; raise when it broke its own rules."""
        (
            self._n_orders,
            self._n_events,
            self._n_fills,
            pending,
            submitted,
            self._activating,
            marked,
            _,
            _,
            _,
            fault,
        ) = self._counts.tolist()
        self._live = pending + submitted
        self._busy = bool(self._live or self._activating or marked)
        if fault == FAULT_TRANSITION:
            event = self._events[self._n_events - 1]
            raise FillproofError(
                f"order {event['order']} entered status {Status(event['status']).name} at bar "
                f"{event['bar']} from one that does not allow it: an error in the engine, please "
                "report it with the script."
            )


_EVENT_FIELDS = len(EVENT.names or ())
# Every field of ACCOUNT has eight bytes, so the counts can be read at once as integers.
_FIRST_COUNT = (ACCOUNT.names or ()).index("n_orders")


def _doubled(array: np.ndarray) -> np.ndarray:
    grown = np.zeros(2 * len(array), dtype=array.dtype)
    grown[: len(array)] = array
    return grown


def _latest_rows(close: np.ndarray) -> np.ndarray:
    """`int32[N, T]`: the latest bar of each asset at each time; (0, 0) when none is missing."""
    missing = np.isnan(close)
    if not missing.any():
        return np.zeros((0, 0), dtype=np.int32)
    rows = np.where(missing, -1, np.arange(close.shape[1], dtype=np.int32))
    return np.maximum.accumulate(rows, axis=1).astype(np.int32)


def is_final(status: int) -> bool:
    """Whether an order in this status can never change again."""
    return status >= FILLED
