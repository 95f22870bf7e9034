"""One fill, as models and blotters make it."""

from __future__ import annotations

from ..assets import Asset
from ..protocol import DATASOURCE_TYPE

__all__ = ["Transaction", "create_transaction"]


class Transaction:
    """amount: signed shares; price: dollars a share; order_id: None outside the market."""

    def __init__(self, asset, amount, dt, price, order_id) -> None:
        if not isinstance(asset, Asset):
            raise TypeError(f"asset must be an Asset, not {asset!r}.")
        self.asset = asset
        self.amount = amount
        self.dt = dt
        self.price = price
        self.order_id = order_id
        self.type = DATASOURCE_TYPE.TRANSACTION

    def __getitem__(self, name):
        return self.__dict__[name]

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(asset={self.asset}, dt={self.dt}, amount={self.amount}, "
            f"price={self.price})"
        )

    def to_dict(self) -> dict:
        """As the column `transactions` of the performance frame shows it."""
        shown = {name: value for name, value in vars(self).items() if name not in ("type", "asset")}
        return shown | {"sid": self.asset, "commission": None}


def create_transaction(order, dt, price, amount) -> Transaction:
    """A fill of an order: `amount` is cut to whole shares, of which there must be one."""
    if abs(int(amount)) < 1:
        raise Exception("Transaction magnitude must be at least 1.")
    return Transaction(order.asset, int(amount), dt, price, order.id)
