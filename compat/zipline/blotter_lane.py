"""Orders that a blotter matches, bar by bar, with the methods of its models.

Taken where a model, a blotter or anything else that decides on fills is of a script's own, or as
soon as a script reaches for what the core could not follow. The core books what the blotter says:
trades, commissions, positions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...core.costs import Commission, Slippage
from ...core.simulation import Simulation
from .finance.cancel_policy import SESSION_END
from .finance.execution import MarketOrder
from .finance.order import ORDER_STATUS, Order
from .finance.transaction import Transaction
from .trading import Lane

if TYPE_CHECKING:
    from .algorithm import Algorithm
    from .kernel_lane import KernelLane


class BlotterOrders:
    """The orders of one run, in a blotter."""

    def __init__(self, blotter) -> None:
        self.blotter = blotter
        self._market_order = MarketOrder()

    def submit(self, asset, amount: int, style) -> str | None:
        return self.blotter.order(asset, amount, style or self._market_order)

    def submit_batch(self, orders: list[tuple]) -> list:
        style = self._market_order
        return self.blotter.batch_order([(asset, amount, style) for asset, amount, _ in orders])

    def cancel(self, order_id) -> None:
        self.blotter.cancel(order_id)

    def get_open_orders(self) -> dict:
        return {
            asset: [order.to_api_obj() for order in orders]
            for asset, orders in self.blotter.open_orders.items()
            if orders
        }

    def open_in(self, asset) -> list:
        waiting = self.blotter.open_orders
        return [order.to_api_obj() for order in waiting[asset]] if asset in waiting else []

    def get_order(self, order_id):
        order = self.blotter.orders.get(order_id)
        return None if order is None else order.to_api_obj()


class BlotterLane(Lane):
    """Orders are objects of a blotter, which is asked what each bar fills.

    before: the lane on which the run was so far, whose orders the blotter goes on with.
    """

    #: A blotter is asked at every bar.
    idle = False

    def __init__(
        self, algorithm: Algorithm, sim: Simulation, before: KernelLane | None = None
    ) -> None:
        super().__init__(algorithm, sim)
        self.blotter = algorithm.use_blotter()
        self.book = BlotterOrders(self.blotter)
        market = algorithm.market
        self._index, self._assets, self._trade = market.index, market.assets, market.trade
        #: Orders that changed in the session that runs, by id, latest change last.
        self._touched: dict = {}
        self._traded: list[dict] = []
        self._orders: list[list[dict]] = []
        self._transactions: list[list[dict]] = []
        #: Assets on which the core has terms, though the blotter's models price the trades.
        self._priced: set[int] = set()
        if before is not None:
            self._take_over(before)

    def _take_over(self, before: KernelLane) -> None:
        """Go on with the orders of another lane, and with what it knows of the past."""
        blotter = self.blotter
        self._orders, self._transactions = before.orders(), before.transactions()
        self._traded = before.session_transactions()
        blotter.orders = {fields["id"]: _order_of(fields) for fields in before.everything()}
        self._touched = {number: blotter.orders[number] for number in before.touched()}
        book = before.book
        blotter.new_orders = [blotter.orders[book.ids[number]] for number in book.new]
        for number, waiting in before.withdraw().items():
            orders = [blotter.orders[order] for order in waiting]
            blotter.open_orders[self._assets[number]] = orders
        self._priced = set(range(len(self._assets)))

    def begin_session(self, session: int) -> None:
        self.blotter.set_date(self._algorithm.market.sessions[session].tz_localize("UTC"))

    def set_date(self, now) -> None:
        self.blotter.set_date(now)

    def split(self, splits: list[tuple[int, float]]) -> None:
        waiting, held = self.blotter.open_orders, self._ledger.held
        known = [one for one in splits if one[0] in held or self._assets[one[0]] in waiting]
        if known:
            self.blotter.process_splits([(self._assets[n], ratio) for n, ratio in known])
            super().split(known)

    def meet_bar(self, t: int, now) -> None:
        now = self._algorithm.now
        blotter, sim, ledger = self.blotter, self.sim, self._ledger
        blotter.set_date(now)
        sim.step(t)
        transactions, commissions, closed = blotter.get_transactions(self._algorithm.data)
        blotter.prune_orders(closed)
        if transactions or commissions:
            ledger.at(now, t)
        for transaction in transactions:
            self._book(transaction)
            self._note(blotter.orders[transaction.order_id])
        for commission in commissions:
            number = self._index[commission["asset"].sid]
            ledger.move_by(commission["cost"])
            sim.charge(number, float(commission["cost"]))

    def _book(self, transaction: Transaction) -> None:
        number = self._index[transaction.asset.sid]
        self._trade(number)
        if number in self._priced:
            self._priced.remove(number)
            self.sim.change_terms(number, commission=Commission(), slippage=Slippage())
        self._ledger.move_by(transaction.price * transaction.amount)
        fill = self.sim.book_trade(number, float(transaction.amount), float(transaction.price))
        self._ledger.book(self.sim.fills[fill : fill + 1])
        self._ledger.traded_at(number, float(transaction.price))
        self._traded.append(transaction.to_dict())

    def _note(self, order) -> None:
        self._touched.pop(order.id, None)
        self._touched[order.id] = order

    def note_new(self) -> None:
        new, self.blotter.new_orders = self.blotter.new_orders, []
        for order in new:
            self._note(order)

    def sold(self, number: int, amount, price: float, now) -> None:
        transaction = Transaction(self._assets[number], amount, now, price, None)
        self._traded.append(transaction.to_dict())

    def cancel_all_in(self, closed: Callable[[int], bool]) -> None:
        blotter = self.blotter
        for asset in [one for one in blotter.open_orders if closed(self._index[one.sid])]:
            blotter.cancel_all_orders_for_asset(asset)
        for order in blotter.new_orders[:]:
            if order.status == ORDER_STATUS.CANCELLED:
                self._note(order)
                blotter.new_orders.remove(order)

    def apply_cancel_policy(self) -> None:
        if self._algorithm.parameters.data_frequency == "daily":
            self.blotter.execute_daily_cancel_policy(SESSION_END)
        else:
            self.blotter.execute_cancel_policy(SESSION_END)

    # What happened

    def session_orders(self) -> list[dict]:
        return [order.to_dict() for order in self._touched.values()]

    def session_transactions(self) -> list[dict]:
        return list(self._traded)

    def forget(self) -> None:
        self._touched = {}
        self._traded = []

    def keep(self) -> None:
        self._orders.append(self.session_orders())
        self._transactions.append(self._traded)

    def orders(self) -> list[list[dict]]:
        return self._orders

    def transactions(self) -> list[list[dict]]:
        return self._transactions


def _order_of(fields: dict) -> Order:
    """An order as `Order.to_dict` shows it, the object again."""
    order = Order(
        fields["created"],
        fields["sid"],
        fields["amount"],
        stop=fields["stop"],
        limit=fields["limit"],
        filled=fields["filled"],
        commission=fields["commission"],
        id=fields["id"],
    )
    order.dt = fields["dt"]
    order.stop_reached, order.limit_reached = fields["stop_reached"], fields["limit_reached"]
    if fields["status"] == ORDER_STATUS.CANCELLED:
        order.cancel()
    return order
