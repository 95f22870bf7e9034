"""The blotter of a simulation: open orders by asset, filled by its slippage models."""

from __future__ import annotations

from collections import defaultdict

from ...assets import Asset, Equity, Future
from ...extensions import register
from ..cancel_policy import log_cancelled
from ..commission import DEFAULT_PER_CONTRACT_COST, PerShare
from ..constants import FUTURE_EXCHANGE_FEES_BY_SYMBOL
from ..futures import PerContract, VolatilityVolumeShare
from ..order import Order
from ..slippage import DEFAULT_FUTURE_VOLUME_SLIPPAGE_BAR_LIMIT, FixedBasisPointsSlippage
from .blotter import Blotter

__all__ = ["SimulationBlotter"]

_MAX_SHARES = int(1e11)


@register(Blotter, "default")
class SimulationBlotter(Blotter):
    """Fills orders at the bars that follow; see `Blotter` for its attributes."""

    def __init__(
        self,
        equity_slippage=None,
        future_slippage=None,
        equity_commission=None,
        future_commission=None,
        cancel_policy=None,
    ) -> None:
        super().__init__(cancel_policy=cancel_policy)
        self.open_orders: defaultdict = defaultdict(list)
        self.orders: dict = {}
        self.new_orders: list = []
        self.max_shares = _MAX_SHARES
        self.slippage_models: dict = {
            Equity: equity_slippage or FixedBasisPointsSlippage(),
            Future: future_slippage
            or VolatilityVolumeShare(volume_limit=DEFAULT_FUTURE_VOLUME_SLIPPAGE_BAR_LIMIT),
        }
        self.commission_models: dict = {
            Equity: equity_commission or PerShare(),
            Future: future_commission
            or PerContract(
                cost=DEFAULT_PER_CONTRACT_COST, exchange_fee=FUTURE_EXCHANGE_FEES_BY_SYMBOL
            ),
        }

    def __repr__(self) -> str:
        names = ("slippage_models", "commission_models", "open_orders", "orders", "new_orders",
                 "current_dt")  # fmt: skip
        shown = ",\n    ".join(f"{name}={getattr(self, name)}" for name in names)
        return f"{type(self).__name__}(\n    {shown})"

    def order(self, asset, amount, style, order_id=None):
        if not isinstance(asset, Asset):
            raise TypeError(f"asset must be an Asset, not {asset!r}.")
        if amount == 0:
            return None
        if amount > self.max_shares:
            raise OverflowError(f"Cannot order more than {self.max_shares} shares, not {amount}.")
        buys = amount > 0
        order = Order(
            self.current_dt,
            asset,
            amount,
            stop=style.get_stop_price(buys),
            limit=style.get_limit_price(buys),
            id=order_id,
        )
        self.open_orders[asset].append(order)
        self.orders[order.id] = order
        self.new_orders.append(order)
        return order.id

    def cancel(self, order_id, relay_status=True) -> None:
        order = self.orders.get(order_id)
        if order is not None and order.open:
            self._take_out(order)
            order.cancel()
            self._changed(order, relay_status)

    def reject(self, order_id, reason="") -> None:
        order = self.orders.get(order_id)
        if order is not None:
            self._take_out(order)
            order.reject(reason=reason)
            self._changed(order)

    def hold(self, order_id, reason="") -> None:
        order = self.orders.get(order_id)
        if order is not None and order.open:
            order.hold(reason=reason)
            self._changed(order)

    def _take_out(self, order) -> None:
        waiting = self.open_orders[order.asset]
        if order in waiting:
            waiting.remove(order)

    def _changed(self, order, shows: bool = True) -> None:
        if order in self.new_orders:
            self.new_orders.remove(order)
        order.dt = self.current_dt
        if shows:
            self.new_orders.append(order)

    def cancel_all_orders_for_asset(self, asset, warn=False, relay_status=True) -> None:
        for order in self.open_orders[asset][:]:
            self.cancel(order.id, relay_status)
            if warn:
                log_cancelled(order.asset, order.amount, order.filled)
        assert not self.open_orders[asset], f"Orders for {asset} stayed open."
        del self.open_orders[asset]

    def execute_cancel_policy(self, event) -> None:
        if self.cancel_policy.should_cancel(event):
            for asset in list(self.open_orders):
                self.cancel_all_orders_for_asset(
                    asset, self.cancel_policy.warn_on_cancel, relay_status=False
                )

    def execute_daily_cancel_policy(self, event) -> None:
        """Of a run with daily bars: only the oldest of several orders in an asset is cancelled."""
        if self.cancel_policy.should_cancel(event):
            for orders in list(self.open_orders.values()):
                if len(orders) > 1:
                    oldest = orders[0]
                    self.cancel(oldest.id, relay_status=True)
                    if self.cancel_policy.warn_on_cancel:
                        log_cancelled(oldest.asset, oldest.amount, oldest.filled)

    def process_splits(self, splits) -> None:
        for asset, ratio in splits:
            if asset not in self.open_orders:
                continue
            orders = self.open_orders[asset]
            for order in orders:
                order.handle_split(ratio)
            for order in [one for one in orders if one.open_amount == 0]:
                orders.remove(order)
                if order in self.new_orders:
                    self.new_orders.remove(order)
            if not orders:
                del self.open_orders[asset]

    def get_transactions(self, bar_data) -> tuple[list, list, list]:
        closed, transactions, commissions = [], [], []
        for asset, orders in self.open_orders.items():
            slippage = self.slippage_models[type(asset)]
            for order, transaction in slippage.simulate(bar_data, asset, orders):
                fee = self.commission_models[type(asset)].calculate(order, transaction)
                if fee > 0:
                    commissions.append({"asset": order.asset, "order": order, "cost": fee})
                order.filled += transaction.amount
                order.commission += fee
                order.dt = transaction.dt
                transactions.append(transaction)
                if not order.open:
                    closed.append(order)
        return transactions, commissions, closed

    def prune_orders(self, closed_orders) -> None:
        for order in closed_orders:
            self._take_out(order)
        for asset in [asset for asset, orders in self.open_orders.items() if not orders]:
            del self.open_orders[asset]
