"""One position, as metrics and blotters see it."""

from __future__ import annotations

from ....core.account import position_after
from ....core.cent_splits import split_position
from ..actions import whole_shares

__all__ = ["Position"]


class Position:
    """Shares of an asset (short: negative), their average cost and latest price in dollars."""

    __slots__ = ("amount", "asset", "cost_basis", "last_sale_date", "last_sale_price")

    def __init__(
        self, asset, amount=0, cost_basis=0.0, last_sale_price=0.0, last_sale_date=None
    ) -> None:
        self.asset = asset
        self.amount = amount
        self.cost_basis = cost_basis
        self.last_sale_price = last_sale_price
        self.last_sale_date = last_sale_date

    @property
    def inner_position(self) -> Position:
        return self

    protocol_position = inner_position

    def earn_dividend(self, dividend) -> dict:
        """What a dividend of `dividend.amount` for each share pays: {"amount": dollars}."""
        return {"amount": self.amount * dividend.amount}

    def earn_stock_dividend(self, stock_dividend) -> dict:
        """The shares that a stock dividend of `stock_dividend.ratio` for each share brings."""
        shares = whole_shares(self.amount * float(stock_dividend.ratio))
        return {"payment_asset": stock_dividend.payment_asset, "share_count": shares}

    def handle_split(self, asset, ratio) -> float:
        """Split the position; returns the cash for a fraction of a share."""
        self._check(asset)
        shares, self.cost_basis, cash = split_position(self.amount, self.cost_basis, float(ratio))
        self.amount = int(shares)
        return cash

    def update(self, txn) -> None:
        """Take a transaction into the position."""
        self._check(txn.asset)
        if self.amount or txn.amount < 0:
            after, cost, *_ = position_after(
                float(self.amount), float(self.cost_basis), float(txn.amount), float(txn.price)
            )
        else:
            # A purchase that opens is averaged like one that adds.
            after, cost = txn.amount, txn.amount * txn.price / txn.amount
        if after and (self.last_sale_date is None or txn.dt > self.last_sale_date):
            self.last_sale_price, self.last_sale_date = float(txn.price), txn.dt
        self.amount, self.cost_basis = int(after), float(cost) if after else 0.0

    def adjust_commission_cost_basis(self, asset, cost) -> None:
        """Spread a commission over the shares."""
        self._check(asset)
        if cost and self.amount:
            multiplier = getattr(asset, "price_multiplier", 1.0)
            self.cost_basis = (self.cost_basis * self.amount + cost / multiplier) / self.amount

    def _check(self, asset) -> None:
        if asset != self.asset:
            raise Exception(f"A position in {self.asset} does not change with {asset}.")

    def to_dict(self) -> dict:
        """As the column `positions` of the performance frame shows it."""
        return {
            "sid": self.asset,
            "amount": self.amount,
            "cost_basis": self.cost_basis,
            "last_sale_price": self.last_sale_price,
        }

    def __repr__(self) -> str:
        names = ("asset", "amount", "cost_basis", "last_sale_price")
        return ", ".join(f"{name}: {getattr(self, name)}" for name in names)
