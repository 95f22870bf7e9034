"""Orders that the core matches: built-in models, no blotter of the script's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from math import nan
from typing import TYPE_CHECKING

import numpy as np

from ...core.orders import CANCELLED, ORDER, STOP_LIMIT, Kind
from ...core.simulation import Simulation
from .assets import Equity, Future
from .finance.cancel_policy import SESSION_END, log_cancelled
from .finance.order import ORDER_STATUS
from .finance.transaction import Transaction
from .listing import cut
from .protocol import Order
from .trading import Lane

if TYPE_CHECKING:
    from .algorithm import Algorithm

_MAX_SHARES = int(1e11)
_LIVE_FINALS = 4  # statuses of the core from FILLED on are final


class KernelOrders:
    """The orders of one run, by the core's numbers.

    ids, created, changed_at: of each order its id and the times at which it was placed and last
    changed. new: numbers of the orders placed or cancelled since the last bar, latest change last.
    """

    def __init__(self, algorithm: Algorithm, sim: Simulation) -> None:
        self.ids: list[str] = []
        self.created: list = []
        self.changed_at: list = []
        self.new: list[int] = []
        self._sim = sim
        self._clock = algorithm.clock
        self._market = algorithm.market
        self._index = algorithm.market.index
        self._prefix = uuid.uuid4().hex[:16]
        #: By asset the least commission of an order when the script gave it as an integer.
        self._whole_minimum = _whole_minimums(algorithm)
        #: Live orders with a limit or a stop: (no limit, stop reached, limit reached) as last seen.
        self._conditional: dict[int, tuple[bool, bool, bool]] = {}
        #: Their numbers, None once they are others; what they had reached, as the core's bytes.
        self._watched: np.ndarray | None = None
        self._reached = b""

    # Placing

    def submit(self, asset, amount: int, style) -> str | None:
        """Place an order, at the market without a style; returns its id, None for 0 shares."""
        if amount == 0:
            return None
        if amount > _MAX_SHARES:
            raise OverflowError(f"Cannot order more than {_MAX_SHARES} shares, not {amount}.")
        sim, place = self._sim, self._index[asset.sid]
        self._market.trade(place)
        if style is None:
            number = sim.submit(place, amount)
        else:
            stop = style.get_stop_price(amount > 0)
            limit = style.get_limit_price(amount > 0)
            number = sim.submit(
                place,
                amount,
                _kind(limit, stop),
                limit=nan if limit is None else limit,
                stop=nan if stop is None else stop,
            )
            if limit is not None or stop is not None:
                self._conditional[number] = (limit is None, False, False)
                self._watched = None
        now = self._clock()
        self.new.append(number)
        self.created.append(now)
        self.changed_at.append(now)
        order_id = f"{self._prefix}{number:016x}"
        self.ids.append(order_id)
        return order_id

    def submit_batch(self, orders: list[tuple]) -> list:
        """Place several orders: (asset, amount, style) each; returns their ids."""
        return [self.submit(*order) for order in orders]

    # Following

    def cancel(self, order_id) -> None:
        """Cancel an order; one that is closed or unknown stays as it is."""
        number = self._number(order_id)
        if number is not None:
            self.cancel_number(number)

    def cancel_number(self, number: int, shows: bool = True) -> bool:
        """Cancel an order; False when it was not open. shows: it is noted as changed."""
        if not self._sim.cancel(number):
            return False
        if number in self.new:
            self.new.remove(number)
        if shows:
            self.new.append(number)
        self.changed_at[number] = self._clock()
        self._forget(number)
        return True

    def filled(self, numbers: list[int]) -> None:
        """These orders traded in the current bar."""
        now = self._clock()
        for number in numbers:
            self.changed_at[number] = now

    def follow_triggers(self, happened: int) -> None:
        """Note which open orders reached a stop or a limit in the current bar.

        happened: the events of the bar; what an order reaches is none.
        """
        if not self._conditional:
            return
        if self._watched is None:
            self._watched, self._reached = np.array(list(self._conditional)), b""
        reached = self._sim.reached(self._watched).tobytes()
        if not happened and reached == self._reached:
            return
        self._reached = reached
        # Columns once, then numbers: a row of its own for each order costs ten times as much.
        orders = self._sim.orders
        status, triggered, limit_reached = (
            orders[name] for name in ("status", "triggered", "limit_reached")
        )
        for number, before in list(self._conditional.items()):
            if status[number] >= _LIVE_FINALS:
                self._forget(number)
                continue
            no_limit = before[0]
            now = (no_limit, bool(no_limit and triggered[number]), bool(limit_reached[number]))
            if now != before:
                self._conditional[number] = now
                self.changed_at[number] = self._clock()

    def _forget(self, number: int) -> None:
        """An order is closed, and reaches nothing more."""
        if self._conditional.pop(number, None) is not None:
            self._watched = None

    def open_by_asset(self) -> dict[int, list[int]]:
        """Numbers of the open orders by the asset's number, in the sequence of their turn."""
        pending = self._sim.open_orders
        by_asset: dict[int, list[int]] = {}
        for number, asset in zip(pending, self._sim.orders["asset"][pending].tolist(), strict=True):
            by_asset.setdefault(asset, []).append(number)
        return by_asset

    # As scripts see them

    def get_open_orders(self) -> dict:
        """Lists of the open orders by asset."""
        assets = self._market.assets
        return {assets[n]: self.objects(orders) for n, orders in self.open_by_asset().items()}

    def open_in(self, asset) -> list[Order]:
        """The open orders in one asset, given itself or its sid."""
        number = self._index.get(int(asset), -1)
        return self.objects(self.open_by_asset().get(number, []))

    def get_order(self, order_id) -> Order | None:
        """The order with this id as it stands; None when there is none."""
        number = self._number(order_id)
        return None if number is None else self.objects([number])[0]

    def objects(self, numbers: list[int]) -> list[Order]:
        """These orders as they stand."""
        return [Order(one) for one in self.describe_now(numbers)]

    def describe_now(self, numbers: list[int]) -> list[dict]:
        """These orders as they stand, as dictionaries."""
        if not numbers:
            return []
        changed_at = [self.changed_at[number] for number in numbers]
        return self.describe(numbers, self._sim.orders[numbers], changed_at)

    def _number(self, order_id) -> int | None:
        if not isinstance(order_id, str) or not order_id.startswith(self._prefix):
            return None
        number = int(order_id[len(self._prefix) :], 16)
        return number if number < len(self.ids) else None

    def describe(self, numbers: list[int], rows: np.ndarray, changed_at: list) -> list[dict]:
        """Dictionaries of orders, from their rows of `sim.orders` and the times of their change."""
        assets = self._market.assets
        stop_limit = rows["kind"] == STOP_LIMIT
        triggered = rows["triggered"]
        # A stop-limit order whose stop was reached is shown as the limit order that it now is.
        stops = np.where(stop_limit & triggered, np.nan, rows["stop"])
        status = np.where(
            rows["remaining"] == 0.0,
            int(ORDER_STATUS.FILLED),
            np.where(
                rows["status"] == CANCELLED, int(ORDER_STATUS.CANCELLED), int(ORDER_STATUS.OPEN)
            ),
        )
        states = list(ORDER_STATUS)
        ids, created = self.ids, self.created
        return [
            {
                "id": ids[number],
                "dt": changed,
                "reason": None,
                "created": created[number],
                "amount": amount,
                "filled": filled,
                "commission": commission,
                "stop": None if stop != stop else stop,
                "limit": None if limit != limit else limit,
                "stop_reached": stop_reached,
                "limit_reached": limit_reached,
                "sid": assets[asset],
                "status": states[state],
            }
            for (
                number,
                changed,
                amount,
                filled,
                commission,
                stop,
                limit,
                stop_reached,
                limit_reached,
                asset,
                state,
            ) in zip(
                numbers,
                changed_at,
                rows["size"].astype(np.int64).tolist(),
                rows["filled"].astype(np.int64).tolist(),
                self._commissions(rows),
                stops.tolist(),
                rows["limit"].tolist(),
                (triggered & ~stop_limit).tolist(),
                rows["limit_reached"].tolist(),
                rows["asset"].tolist(),
                status.tolist(),
                strict=True,
            )
        ]

    def _commissions(self, rows: np.ndarray) -> list:
        """What each order has paid: the integer 0 before its first fill, as scripts see it."""
        paid = rows["commission"]
        whole = np.isnan(rows["average_price"]) | (paid == self._whole_minimum[rows["asset"]])
        paid = paid.tolist()
        for n in np.flatnonzero(whole).tolist():
            paid[n] = int(paid[n])
        return paid


def _whole_minimums(algorithm: Algorithm) -> np.ndarray:
    """float64[N]; NaN where there is no minimum, or a fraction."""
    by_kind = {}
    for kind, model in (
        (Equity, algorithm.commission),
        (Future, algorithm.futures_commission),
    ):
        # No model stands for the default one, whose minimum is the integer 0.
        minimum = 0 if model is None else getattr(model, "min_trade_cost", None)
        by_kind[kind] = minimum if isinstance(minimum, int) else np.nan
    return np.array([by_kind[type(asset)] for asset in algorithm.market.assets], dtype=np.float64)


def _kind(limit, stop) -> Kind:
    if stop is None:
        return Kind.MARKET if limit is None else Kind.LIMIT
    return Kind.STOP if limit is None else Kind.STOP_LIMIT


class KernelLane(Lane):
    """Orders are rows of the core, which fills them in `step`."""

    def __init__(self, algorithm: Algorithm, sim: Simulation) -> None:
        super().__init__(algorithm, sim)
        self.book = KernelOrders(algorithm, sim)
        self._dates = algorithm.dates
        self._assets = algorithm.market.assets
        #: Fills that are booked, and those that were when the session began.
        self._n_fills = self._first_fill = 0
        #: Orders that changed in the session that runs, latest change last.
        self._touched: dict[int, None] = {}
        self._sold_now: list[dict] = []
        # Of the sessions that ended.
        self._ended: list[list[int]] = []
        self._rows: list[np.ndarray] = []
        self._changed_at: list = []
        self._fills_until: list[int] = []
        self._sold_in: dict[int, list[dict]] = {}
        slippage = sim.given[2]
        #: Assets that trade from the middle of the bar, at prices that scripts see as NumPy's.
        self._from_middle = {
            number
            for number, one in enumerate(slippage if isinstance(slippage, list) else ())
            if one.kind == "mid_square_root"
        }

    @property
    def idle(self) -> bool:
        return self.sim.idle

    def meet_bar(self, t: int, now) -> None:
        sim, ledger, book = self.sim, self._ledger, self.book
        happened = sim.step(t)
        if happened:
            fills = sim.fills
            if len(fills) > self._n_fills:
                ledger.at(now, t)
                numbers = ledger.book(fills[self._n_fills :])
                self._n_fills = len(fills)
                book.filled(numbers)
                self._touch(numbers)
        book.follow_triggers(happened)

    def _touch(self, numbers: list[int]) -> None:
        """These orders changed."""
        touched = self._touched
        for number in numbers:
            touched.pop(number, None)
            touched[number] = None

    def note_new(self) -> None:
        if self.book.new:
            self._touch(self.book.new)
            self.book.new = []

    def sold(self, number: int, amount, price: float, now) -> None:
        transaction = Transaction(self._assets[number], amount, now, price, None)
        self._sold_now.append(transaction.to_dict())

    def cancel_all_in(self, closed: Callable[[int], bool]) -> None:
        for number, pending in self.book.open_by_asset().items():
            if closed(number):
                for order in pending:
                    self.book.cancel_number(order)
        self.note_new()

    def apply_cancel_policy(self) -> None:
        policy = self._algorithm.cancel_policy
        if not policy.should_cancel(SESSION_END):
            return
        daily = self._algorithm.parameters.data_frequency == "daily"
        for number, orders in self.book.open_by_asset().items():
            # With daily bars only the oldest of several, which shows as changed in the next bar.
            for order in orders if not daily else orders[: len(orders) > 1]:
                self.book.cancel_number(order, shows=daily)
                if policy.warn_on_cancel:
                    row = self.sim.orders[order]
                    log_cancelled(self._assets[number], int(row["size"]), int(row["filled"]))

    # What happened

    def session_orders(self) -> list[dict]:
        return self.book.describe_now(list(self._touched))

    def session_transactions(self) -> list[dict]:
        return self._describe_fills(self._first_fill, self._n_fills) + self._sold_now

    def forget(self) -> None:
        self._touched = {}
        self._sold_now = []
        self._first_fill = self._n_fills

    def keep(self) -> None:
        touched = list(self._touched)
        if touched:
            # As bytes: NumPy copies rows field by field, and there are many.
            rows = self.sim.orders.view(np.uint8).reshape(-1, ORDER.itemsize)
            self._rows.append(rows.take(touched, 0))
            changed_at = self.book.changed_at
            self._changed_at += [changed_at[number] for number in touched]
        if self._sold_now:
            self._sold_in[len(self._ended)] = self._sold_now
        self._ended.append(touched)
        self._fills_until.append(self._n_fills)

    def everything(self) -> list[dict]:
        """All orders of the run as they stand, in the sequence in which they were placed."""
        return self.book.describe_now(list(range(len(self.book.ids))))

    def touched(self) -> list[str]:
        """Ids of the orders that changed in the session that runs, latest change last."""
        return [self.book.ids[number] for number in self._touched]

    def withdraw(self) -> dict[int, list[str]]:
        """Take all orders out of the market, as somebody else goes on with them.

        Returns the ids of those that were open, by the asset's number, in the sequence of their
        turn.
        """
        waiting = self.book.open_by_asset()
        for numbers in waiting.values():
            for number in numbers:
                self.sim.cancel(number)
        ids = self.book.ids
        return {asset: [ids[number] for number in numbers] for asset, numbers in waiting.items()}

    def orders(self) -> list[list[dict]]:
        counts = [len(touched) for touched in self._ended]
        if not self._rows:
            return [[] for _ in counts]
        numbers = [number for touched in self._ended for number in touched]
        rows = np.concatenate(self._rows).view(ORDER).reshape(-1)
        return cut(self.book.describe(numbers, rows, self._changed_at), counts)

    def transactions(self) -> list[list[dict]]:
        flat = self._describe_fills(0, self._n_fills)
        sessions = cut(flat, np.diff(self._fills_until, prepend=0).tolist())
        for session, sold in self._sold_in.items():
            sessions[session] += sold
        return sessions

    def _describe_fills(self, begin: int, end: int) -> list[dict]:
        fills = self.sim.fills[begin:end]
        dates, assets, ids = self._dates, self._assets, self.book.ids
        prices = fills["price"].tolist()
        if self._from_middle:
            for n, number in enumerate(fills["asset"].tolist()):
                if number in self._from_middle:
                    prices[n] = np.float64(prices[n])
        return [
            {
                "amount": amount,
                "dt": dates[bar],
                "price": price,
                "order_id": ids[order],
                "sid": assets[asset],
                "commission": None,
            }
            for amount, bar, price, order, asset in zip(
                fills["size"].astype(np.int64).tolist(),
                fills["booked"].tolist(),
                prices,
                fills["order"].tolist(),
                fills["asset"].tolist(),
                strict=True,
            )
        ]
