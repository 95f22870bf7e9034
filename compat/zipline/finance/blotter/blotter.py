"""What every blotter must be able to do."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ...extensions import extensible
from ..cancel_policy import NeverCancel

__all__ = ["Blotter"]


@extensible
class Blotter(ABC):
    """Base of the blotters. cancel_policy: a `CancelPolicy`; current_dt: the simulation's time.

    A run also reads `orders` (a dictionary by id), `new_orders` (a list, placed or cancelled since
    it was last read), `open_orders` (a dictionary of lists by asset), `slippage_models` and
    `commission_models` (by the class of an asset).
    """

    def __init__(self, cancel_policy=None) -> None:
        self.cancel_policy = cancel_policy or NeverCancel()
        self.current_dt = None

    def set_date(self, dt) -> None:
        self.current_dt = dt

    @abstractmethod
    def order(self, asset, amount, style, order_id=None):
        """Place an order; returns its id, None where there is nothing to trade."""

    def batch_order(self, order_arg_lists) -> list:
        """Place several orders, each given as the arguments of `order`; returns their ids."""
        return [self.order(*arguments) for arguments in order_arg_lists]

    @abstractmethod
    def cancel(self, order_id, relay_status=True):
        """Cancel an open order. relay_status: it shows as changed in the current bar."""

    @abstractmethod
    def cancel_all_orders_for_asset(self, asset, warn=False, relay_status=True):
        """Cancel all open orders of an asset. warn: log each of them."""

    @abstractmethod
    def execute_cancel_policy(self, event):
        """Cancel what the policy says on `event`."""

    @abstractmethod
    def reject(self, order_id, reason=""):
        """An order is refused and ends."""

    @abstractmethod
    def hold(self, order_id, reason=""):
        """An order is held back; it is open again with its next fill."""

    @abstractmethod
    def process_splits(self, splits):
        """Splits of a session, (asset, ratio) each, change the open orders."""

    @abstractmethod
    def get_transactions(self, bar_data):
        """What the current bar fills: lists of transactions, of commissions, of closed orders.

        A commission is a dictionary of asset, order and cost.
        """

    @abstractmethod
    def prune_orders(self, closed_orders):
        """Forget orders that have ended among the open ones."""
