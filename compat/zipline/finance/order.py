"""One order, as slippage and commission models and blotters see it."""

from __future__ import annotations

import math
import uuid
from enum import IntEnum

from ....core.matching import reached
from ..assets import Asset
from ..protocol import DATASOURCE_TYPE
from ..protocol import Order as OrderView

__all__ = ["BUY", "LIMIT", "ORDER_STATUS", "SELL", "STOP", "Order"]

SELL, BUY, STOP, LIMIT = 1, 2, 4, 8
ORDER_FIELDS_TO_IGNORE = {"type", "direction", "_status", "asset"}

#: As plain Python: they are asked one order at a time.
_reached = reached.py_func


class ORDER_STATUS(IntEnum):
    """Where an order stands, as `status` of an order shows it."""

    OPEN = 0
    FILLED = 1
    CANCELLED = 2
    REJECTED = 3
    HELD = 4


class Order:
    """amount and filled: signed shares. stop and limit: prices, or None. dt: when it last changed.

    commission: dollars that it has paid. reason: of a rejection or a hold.
    """

    # In the sequence in which `to_dict` shows them.
    __slots__ = (  # noqa: RUF023
        "id", "dt", "reason", "created", "asset", "amount", "filled", "commission", "_status",
        "stop", "limit", "stop_reached", "limit_reached", "direction", "type", "broker_order_id",
    )  # fmt: skip

    def __init__(
        self, dt, asset, amount, stop=None, limit=None, filled=0, commission=0, id=None
    ) -> None:
        if not isinstance(asset, Asset):
            raise TypeError(f"asset must be an Asset, not {asset!r}.")
        self.id = self.make_id() if id is None else id
        self.dt = self.created = dt
        self.reason = None
        self.asset = asset
        self.amount = amount
        self.filled = filled
        self.commission = commission
        self._status = ORDER_STATUS.OPEN
        self.stop = stop
        self.limit = limit
        self.stop_reached = self.limit_reached = False
        self.direction = math.copysign(1, amount)
        self.type = DATASOURCE_TYPE.ORDER
        self.broker_order_id = None

    @staticmethod
    def make_id() -> str:
        return uuid.uuid4().hex

    @property
    def sid(self):
        return self.asset

    @property
    def open_amount(self):
        """Shares that are still to be traded, signed."""
        return self.amount - self.filled

    @property
    def status(self) -> ORDER_STATUS:
        if not self.open_amount:
            return ORDER_STATUS.FILLED
        if self._status == ORDER_STATUS.HELD and self.filled:
            return ORDER_STATUS.OPEN
        return self._status

    @status.setter
    def status(self, status) -> None:
        self._status = status

    @property
    def open(self) -> bool:
        """Whether it can still trade."""
        return self.status in (ORDER_STATUS.OPEN, ORDER_STATUS.HELD)

    @property
    def triggered(self) -> bool:
        """Whether no stop and no limit holds it back."""
        return (self.stop is None or self.stop_reached) and (
            self.limit is None or self.limit_reached
        )

    def check_triggers(self, price, dt) -> None:
        """Note what a close reaches. Once reached a stop-limit order is a limit order."""
        stop_reached, limit_reached, becomes_limit = self.check_order_triggers(price)
        if (stop_reached, limit_reached) != (self.stop_reached, self.limit_reached):
            self.dt = dt
        self.stop_reached, self.limit_reached = stop_reached, limit_reached
        if becomes_limit:
            self.stop = None

    def check_order_triggers(self, current_price) -> tuple[bool, bool, bool]:
        """What a close reaches: (stop, limit, the stop of a stop-limit order)."""
        if self.triggered:
            return self.stop_reached, self.limit_reached, False
        buys = self.amount > 0
        if self.stop is not None and not _reached(current_price, self.stop, buys):
            return False, False, False
        if self.limit is None:
            return True, False, False
        return False, bool(_reached(current_price, self.limit, not buys)), self.stop is not None

    def handle_split(self, ratio) -> None:
        """ratio: new price over old price. Whole shares, prices in cents."""
        left = int(self.open_amount / ratio)
        self.filled = int(self.filled / ratio)
        self.amount = self.filled + left
        for name in ("limit", "stop"):
            price = getattr(self, name)
            if price is not None:
                setattr(self, name, round(price * ratio, 2))

    def cancel(self) -> None:
        self.status = ORDER_STATUS.CANCELLED

    def reject(self, reason="") -> None:
        self.status = ORDER_STATUS.REJECTED
        self.reason = reason

    def hold(self, reason="") -> None:
        self.status = ORDER_STATUS.HELD
        self.reason = reason

    def to_dict(self) -> dict:
        """As the column `orders` of the performance frame shows it."""
        fields = {name: getattr(self, name) for name in self.__slots__ if name not in _HIDDEN}
        if self.broker_order_id is not None:
            fields["broker_order_id"] = self.broker_order_id
        return fields | {"sid": self.asset, "status": self.status}

    def to_api_obj(self) -> OrderView:
        """As scripts get it from `get_order`."""
        return OrderView(self.to_dict())

    def __repr__(self) -> str:
        return f"Order({self.to_dict()})"


_HIDDEN = ORDER_FIELDS_TO_IGNORE | {"broker_order_id"}
