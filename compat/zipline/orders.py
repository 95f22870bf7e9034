"""The order functions of the API: how many shares, at which prices, and whether at all."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from .assets import Asset
from .errors import (
    CannotOrderDelistedAsset,
    OrderDuringInitialize,
    OrderInBeforeTradingStart,
    UnsupportedOrderParameters,
)
from .finance.controls import TradingControl
from .finance.execution import LimitOrder, StopLimitOrder, StopOrder
from .protocol import Order
from .utils.math_utils import round_if_near_integer

if TYPE_CHECKING:
    from .algorithm import Algorithm
    from .blotter_lane import BlotterOrders
    from .kernel_lane import KernelOrders

log = logging.getLogger("ZiplineLog")


class OrderBook:
    """What a script orders, cancels and asks for; `open` says where orders go.

    t: the current bar. controls: tests of every order before it is placed.
    """

    def __init__(self, algorithm: Algorithm) -> None:
        market = algorithm.market
        self.t = -1
        self.controls: list[TradingControl] = []
        self._algorithm = algorithm
        self._ledger = algorithm.ledger
        self._index = market.index
        self._book: KernelOrders | BlotterOrders | None = None
        self._in_morning = False
        lives = [market.lifetime(asset) for asset in market.assets]
        self._first = [first for first, _ in lives]
        self._last = [last for _, last in lives]
        self._last_order = [market.last_order(asset) for asset in market.assets]

    def open(self, book: KernelOrders | BlotterOrders) -> None:
        """Orders may be placed from now on: in `book`."""
        self._book = book

    def before_trading_start(self, inside: bool) -> None:
        """Orders cannot be placed inside `before_trading_start`."""
        self._in_morning = inside

    # Placing

    def order(self, asset, amount, limit_price=None, stop_price=None, style=None):
        """Order a number of shares; returns the order's id, or None when nothing was placed."""
        if not self._can_order(asset):
            return None
        return self._place(asset, amount, limit_price, stop_price, style)

    def order_value(self, asset, value, limit_price=None, stop_price=None, style=None):
        """Order shares for an amount of dollars."""
        if not self._can_order(asset):
            return None
        amount = self._shares_for(asset, value)
        return self._place(asset, amount, limit_price, stop_price, style)

    def order_percent(self, asset, percent, limit_price=None, stop_price=None, style=None):
        """Order shares for a fraction of the portfolio value."""
        if not self._can_order(asset):
            return None
        amount = self._shares_for(asset, self._portfolio_value() * percent)
        return self._place(asset, amount, limit_price, stop_price, style)

    def order_target(self, asset, target, limit_price=None, stop_price=None, style=None):
        """Order what lacks to a position of `target` shares; open orders do not count."""
        if not self._can_order(asset):
            return None
        amount = self._missing(asset, target)
        return self._place(asset, amount, limit_price, stop_price, style)

    def order_target_value(self, asset, target, limit_price=None, stop_price=None, style=None):
        """Order what lacks to a position worth `target` dollars; open orders do not count."""
        if not self._can_order(asset):
            return None
        amount = self._missing(asset, self._shares_for(asset, target))
        return self._place(asset, amount, limit_price, stop_price, style)

    def order_target_percent(self, asset, target, limit_price=None, stop_price=None, style=None):
        """Order what lacks to a fraction of the portfolio value; open orders do not count."""
        if not self._can_order(asset):
            return None
        amount = self._missing(asset, self._shares_for(asset, self._portfolio_value() * target))
        return self._place(asset, amount, limit_price, stop_price, style)

    def batch_market_order(self, share_counts) -> list:
        """Market orders for a Series of share counts by asset; returns their ids."""
        import pandas as pd

        if not isinstance(share_counts, pd.Series) or share_counts.dtype != np.int64:
            raise TypeError("share_counts must be a Series of int64 by asset.")
        book = self._placed_in()
        return book.submit_batch([(asset, int(n), None) for asset, n in share_counts.items() if n])

    def _can_order(self, asset) -> bool:
        if self._in_morning:
            raise OrderInBeforeTradingStart()
        if not isinstance(asset, Asset):
            raise UnsupportedOrderParameters(
                msg=f"order needs an asset, not {asset!r}: use symbol() or sid() to get one."
            )
        if self._book is None and asset.auto_close_date is not None:
            raise AssertionError(f"No order for {asset.symbol} inside `initialize`: no time yet.")
        if self.t > self._last_order[self._index[asset.sid]]:
            log.warning(
                "No order for %s: it is no longer listed. A position in it closes on %s.",
                asset.symbol,
                asset.auto_close_date,
            )
            return False
        return True

    def _placed_in(self) -> KernelOrders | BlotterOrders:
        if self._book is None:
            raise OrderDuringInitialize(msg="Orders cannot be placed inside `initialize`.")
        return self._book

    def _portfolio_value(self):
        ledger = self._ledger
        ledger.sync()
        return ledger.value

    def _shares_for(self, asset, value):
        number = self._index[asset.sid]
        if self.t < self._first[number]:
            raise CannotOrderDelistedAsset(
                msg=f"Cannot order {asset.symbol}: its first day is {asset.start_date}."
            )
        if self.t > self._last[number]:
            raise CannotOrderDelistedAsset(
                msg=f"Cannot order {asset.symbol}: its last day was {asset.end_date}."
            )
        price: Any = self._algorithm.data.current(asset, "price")
        if price != price:
            raise CannotOrderDelistedAsset(
                msg=f"Cannot order {asset.symbol} on {self._algorithm.now}: it has no price yet."
            )
        if price <= 1e-6:
            return 0
        return value / (price * asset.price_multiplier)

    def _missing(self, asset, target):
        ledger = self._ledger
        ledger.sync()  # looking at the positions counts as looking at the portfolio
        return target - ledger.amounts[self._index[asset.sid]]

    def _place(self, asset, amount, limit_price, stop_price, style):
        if type(amount) is not int:
            amount = int(round_if_near_integer(amount))  # else toward zero
        book = self._placed_in()
        if style and (limit_price is not None or stop_price is not None):
            raise UnsupportedOrderParameters(
                msg="Give a style, or limit_price and stop_price, not both."
            )
        if self.controls:
            algorithm = self._algorithm
            for control in self.controls:
                control.validate(asset, amount, algorithm.portfolio, algorithm.now, algorithm.data)
        if not style:
            if limit_price is None and stop_price is None:
                return book.submit(asset, amount, None)
            if stop_price is None:
                style = LimitOrder(limit_price, asset=asset)
            elif limit_price is None:
                style = StopOrder(stop_price, asset=asset)
            else:
                style = StopLimitOrder(limit_price, stop_price, asset=asset)
        return book.submit(asset, amount, style)

    # Following

    def cancel(self, order_param) -> None:
        """Cancel an order, given itself or its id; one that is closed or unknown stays as it is."""
        if self._book is not None:
            self._book.cancel(order_param.id if isinstance(order_param, Order) else order_param)

    def get_open_orders(self, asset=None):
        """The open orders: a list for one asset, else a dictionary of lists by asset."""
        if self._book is None:
            return {} if asset is None else []
        return self._book.get_open_orders() if asset is None else self._book.open_in(asset)

    def get_order(self, order_id):
        """The order with this id as it stands; None when there is none."""
        return None if self._book is None else self._book.get_order(order_id)
