"""One position, as metrics and blotters see it."""

from __future__ import annotations

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
