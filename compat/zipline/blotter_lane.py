"""Orders that a blotter matches, bar by bar, with the methods of its models.

Taken where a model, a blotter or anything else that decides on fills is of a script's own. The core
books what the blotter says: trades, commissions, positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.simulation import Simulation
from .finance.cancel_policy import SESSION_END
from .finance.execution import MarketOrder
from .finance.order import ORDER_STATUS
from .finance.transaction import Transaction
from .trading import Trading

if TYPE_CHECKING:
    from .algorithm import Algorithm


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


class BlotterTrading(Trading):
    """Orders are objects of a blotter, which is asked what each bar fills."""

    def __init__(self, algorithm: Algorithm, sim: Simulation) -> None:
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

    @property
    def idle(self) -> bool:
        return False

    def begin_session(self, session: int) -> None:
        self.blotter.set_date(self._algorithm.market.sessions[session].tz_localize("UTC"))
        super().begin_session(session)

    def set_date(self, now) -> None:
        self.blotter.set_date(now)

    def _split(self, splits: list[tuple[int, float]]) -> None:
        waiting, held = self.blotter.open_orders, self._ledger.held
        known = [one for one in splits if one[0] in held or self._assets[one[0]] in waiting]
        if known:
            self.blotter.process_splits([(self._assets[n], ratio) for n, ratio in known])
            super()._split(known)

    def _meet_bar(self, t: int, now) -> None:
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
        self._ledger.move_by(transaction.price * transaction.amount)
        fill = self.sim.book_trade(number, float(transaction.amount), float(transaction.price))
        self._ledger.book(self.sim.fills[fill : fill + 1])
        self._traded.append(transaction.to_dict())

    def _note(self, order) -> None:
        self._touched.pop(order.id, None)
        self._touched[order.id] = order

    def _note_new(self) -> None:
        new, self.blotter.new_orders = self.blotter.new_orders, []
        for order in new:
            self._note(order)

    def _sold(self, number: int, amount, price: float, now) -> None:
        transaction = Transaction(self._assets[number], amount, now, price, None)
        self._traded.append(transaction.to_dict())

    def _cancel_closed(self, session: int) -> None:
        blotter = self.blotter
        closed = [
            a for a in blotter.open_orders if self.actions.closed(self._index[a.sid], session)
        ]
        for asset in closed:
            blotter.cancel_all_orders_for_asset(asset)
        for order in blotter.new_orders[:]:
            if order.status == ORDER_STATUS.CANCELLED:
                self._note(order)
                blotter.new_orders.remove(order)

    def _apply_cancel_policy(self) -> None:
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
