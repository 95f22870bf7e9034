"""Orders: from the functions of the API to the core, and back as the objects scripts see."""

from __future__ import annotations

import logging
import uuid
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from ...core.orders import CANCELLED, STOP_LIMIT, Kind
from ...core.simulation import Simulation
from .assets import Asset
from .errors import (
    CannotOrderDelistedAsset,
    OrderDuringInitialize,
    OrderInBeforeTradingStart,
    UnsupportedOrderParameters,
)
from .finance.controls import TradingControl
from .finance.execution import LimitOrder, MarketOrder, StopLimitOrder, StopOrder
from .finance.order import ORDER_STATUS
from .protocol import Order

if TYPE_CHECKING:
    from .algorithm import Algorithm

log = logging.getLogger("ZiplineLog")

_MAX_SHARES = int(1e11)
_LIVE_FINALS = 4  # statuses of the core from FILLED on are final


class OrderBook:
    """The orders of one run, by the core's numbers.

    changed_at: for each order the bar in which it last changed, as its `dt` shows. new: numbers
    of the orders placed or cancelled since the last session was recorded, latest change last.
    """

    def __init__(self, algorithm: Algorithm) -> None:
        market = algorithm.market
        self.t = -1
        self.changed_at: list[int] = []
        self.new: list[int] = []
        self.controls: list[TradingControl] = []
        self._algorithm = algorithm
        self._ledger = algorithm.ledger
        self._market = market
        self._index = market.index
        self._sim: Simulation | None = None
        self._refusal: type[Exception] | None = OrderDuringInitialize
        lives = [market.lifetime(asset) for asset in market.assets]
        self._first = [first for first, _ in lives]
        self._last = [last for _, last in lives]
        self._last_order = [market.last_order(asset) for asset in market.assets]
        self._prefix = uuid.uuid4().hex[:16]
        #: The ids of the orders, by number.
        self.ids: list[str] = []
        #: Live orders with a limit or a stop: (stop reached, limit reached) as last seen.
        self._conditional: dict[int, tuple[bool, bool]] = {}

    def open(self, sim: Simulation) -> None:
        """Orders may be placed from now on."""
        self._sim = sim
        self._refusal = None

    def before_trading_start(self, inside: bool) -> None:
        """Orders cannot be placed inside `before_trading_start`."""
        self._refusal = OrderInBeforeTradingStart if inside else None

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
        style = MarketOrder()
        return [self._submit(asset, int(n), style) for asset, n in share_counts.items() if n]

    def _can_order(self, asset) -> bool:
        if self._refusal is not None:
            raise self._error()
        if not isinstance(asset, Asset):
            raise UnsupportedOrderParameters(
                msg=f"order needs an asset, not {asset!r}: use symbol() or sid() to get one."
            )
        if self.t > self._last_order[self._index[asset.sid]]:
            log.warning(
                "No order for %s: it is no longer listed. A position in it closes on %s.",
                asset.symbol,
                asset.auto_close_date,
            )
            return False
        return True

    def _error(self) -> Exception:
        if self._refusal is OrderInBeforeTradingStart:
            return OrderInBeforeTradingStart()
        return OrderDuringInitialize(msg="Orders cannot be placed inside `initialize`.")

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
        price = self._algorithm.data.current(asset, "price")
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
            # To the nearest share when it is within a ten-thousandth, else toward zero.
            nearest = round(amount)
            amount = int(nearest if abs(amount - nearest) <= 1e-4 else amount)
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
                return self._submit(asset, amount, None)
            if stop_price is None:
                style = LimitOrder(limit_price, asset=asset)
            elif limit_price is None:
                style = StopOrder(stop_price, asset=asset)
            else:
                style = StopLimitOrder(limit_price, stop_price, asset=asset)
        return self._submit(asset, amount, style)

    def _submit(self, asset, amount: int, style):
        if amount == 0:
            return None
        if amount > _MAX_SHARES:
            raise OverflowError(f"Cannot order more than {_MAX_SHARES} shares, not {amount}.")
        sim = self._sim
        assert sim is not None
        place = self._index[asset.sid]
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
                self._conditional[number] = (False, False)
        self.new.append(number)
        self.changed_at.append(self.t)
        order_id = f"{self._prefix}{number:016x}"
        self.ids.append(order_id)
        return order_id

    # Following

    def cancel(self, order_param) -> None:
        """Cancel an order, given itself or its id; one that is closed or unknown stays as it is."""
        number = self._number(order_param.id if isinstance(order_param, Order) else order_param)
        if number is not None:
            self.cancel_number(number)

    def cancel_number(self, number: int) -> bool:
        """Cancel the order with the core's number; False when it was not open."""
        assert self._sim is not None
        if not self._sim.cancel(number):
            return False
        if number in self.new:
            self.new.remove(number)
        self.new.append(number)
        self.changed_at[number] = self.t
        self._conditional.pop(number, None)
        return True

    def cancel_open(self) -> None:
        """Cancel every open order at the end of a session; none is noted as changed in it."""
        assert self._sim is not None
        for number in self._sim.open_orders:
            if self._sim.cancel(number):
                self.changed_at[number] = self.t
                self._conditional.pop(number, None)

    def filled(self, numbers: list[int]) -> None:
        """These orders traded in the current bar."""
        changed_at, t = self.changed_at, self.t
        for number in numbers:
            changed_at[number] = t

    def follow_triggers(self) -> None:
        """Note which open orders reached a stop or a limit in the current bar."""
        if not self._conditional:
            return
        assert self._sim is not None
        orders = self._sim.orders
        for number, before in list(self._conditional.items()):
            order = orders[number]
            if order["status"] >= _LIVE_FINALS:
                del self._conditional[number]
                continue
            now = (bool(order["triggered"] and isnan(order["limit"])), bool(order["limit_reached"]))
            if now != before:
                self._conditional[number] = now
                self.changed_at[number] = self.t

    def open_by_asset(self) -> dict[int, list[int]]:
        """Numbers of the open orders by the asset's number, in the sequence of their turn."""
        assert self._sim is not None
        pending = self._sim.open_orders
        by_asset: dict[int, list[int]] = {}
        for number, asset in zip(pending, self._sim.orders["asset"][pending].tolist(), strict=True):
            by_asset.setdefault(asset, []).append(number)
        return by_asset

    def get_open_orders(self, asset=None):
        """The open orders: a list for one asset, else a dictionary of lists by asset."""
        if self._sim is None:
            return {} if asset is None else []
        by_asset = self.open_by_asset()
        if asset is None:
            assets = self._market.assets
            return {assets[number]: self._objects(orders) for number, orders in by_asset.items()}
        number = self._index.get(int(asset))
        return self._objects(by_asset.get(-1 if number is None else number, []))

    def get_order(self, order_id):
        """The order with this id as it stands; None when there is none."""
        number = self._number(order_id)
        return None if number is None else self._objects([number])[0]

    def _objects(self, numbers: list[int]) -> list[Order]:
        if not numbers:
            return []
        assert self._sim is not None
        rows = self._sim.orders[numbers]
        times = [self.changed_at[number] for number in numbers]
        return [Order(one) for one in self.describe(numbers, rows, times)]

    def _number(self, order_id) -> int | None:
        if not isinstance(order_id, str) or not order_id.startswith(self._prefix):
            return None
        number = int(order_id[len(self._prefix) :], 16)
        return number if number < len(self.changed_at) else None

    def describe(self, numbers: list[int], rows: np.ndarray, changed_at: list[int]) -> list[dict]:
        """Dictionaries of orders, from their rows of `sim.orders` and the bars of their change."""
        dates = self._algorithm.dates
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
        ids = self.ids
        return [
            {
                "id": ids[number],
                "dt": dates[changed],
                "reason": None,
                "created": dates[created],
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
                created,
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
                rows["created_bar"].tolist(),
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
        minimum = self._algorithm.whole_minimum
        whole = np.isnan(rows["average_price"])
        if minimum is not None:
            whole |= paid == minimum
        paid = paid.tolist()
        for n in np.flatnonzero(whole).tolist():
            paid[n] = int(paid[n])
        return paid


def _kind(limit, stop) -> Kind:
    if stop is None:
        return Kind.MARKET if limit is None else Kind.LIMIT
    return Kind.STOP if limit is None else Kind.STOP_LIMIT
