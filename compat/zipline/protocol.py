"""The account as a script sees it: portfolio, account, positions, orders. All read only."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from .assets import Asset
from .bar_data import BarData
from .ledger import Ledger
from .unsupported import module_gaps

__all__ = [
    "DATASOURCE_TYPE",
    "Account",
    "BarData",
    "Event",
    "Order",
    "Portfolio",
    "Position",
    "Positions",
]

__getattr__ = module_gaps("zipline.protocol")


#: What an event is about.
DATASOURCE_TYPE = IntEnum(
    "DATASOURCE_TYPE",
    "AS_TRADED_EQUITY MERGER SPLIT DIVIDEND TRADE TRANSACTION ORDER EMPTY DONE CUSTOM BENCHMARK "
    "COMMISSION CLOSE_POSITION",
    start=0,
)


class MutableView:
    """A view of an object through which its attributes can be set."""

    __slots__ = ("_mutable_view_ob",)

    def __init__(self, ob) -> None:
        object.__setattr__(self, "_mutable_view_ob", ob)

    def __getattr__(self, attr):
        return getattr(self._mutable_view_ob, attr)

    def __setattr__(self, attr, value) -> None:
        self._mutable_view_ob.__dict__[attr] = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._mutable_view_ob!r})"


class Event:
    """A bag of attributes."""

    def __init__(self, initial_values=None) -> None:
        if initial_values:
            self.__dict__.update(initial_values)

    def keys(self):
        return self.__dict__.keys()

    def __eq__(self, other) -> bool:
        return hasattr(other, "__dict__") and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __contains__(self, name) -> bool:
        return name in self.__dict__

    def __repr__(self) -> str:
        return f"Event({self.__dict__})"

    def to_series(self, index=None):
        import pandas as pd

        return pd.Series(self.__dict__, index=index)


class Order(Event):
    """An order as it stood when it was asked for."""

    if TYPE_CHECKING:
        id: str


class Position:
    """Shares of one asset: amount (short: negative), cost_basis and last_sale_price in dollars."""

    __slots__ = ("_frozen", "_ledger", "_number", "asset")

    def __init__(self, asset, ledger: Ledger | None = None, number: int = -1) -> None:
        write = object.__setattr__
        write(self, "asset", asset)
        write(self, "_ledger", ledger)
        write(self, "_number", number)
        write(self, "_frozen", (0, 0.0, 0.0, None))

    def __setattr__(self, name, value) -> None:
        raise AttributeError("A position cannot be changed; place an order.")

    def close(self, amount, cost_basis, last_sale_price, last_sale_date) -> None:
        """Keep these last values: the ledger has no such position any more."""
        object.__setattr__(self, "_frozen", (amount, cost_basis, last_sale_price, last_sale_date))
        object.__setattr__(self, "_ledger", None)

    @property
    def amount(self):
        ledger = self._ledger
        return self._frozen[0] if ledger is None else ledger.amounts[self._number]

    @property
    def cost_basis(self):
        ledger = self._ledger
        return self._frozen[1] if ledger is None else ledger.cost_basis(self._number)

    @property
    def last_sale_price(self):
        ledger = self._ledger
        return self._frozen[2] if ledger is None else ledger.last_price(self._number)

    @property
    def last_sale_date(self):
        ledger = self._ledger
        return self._frozen[3] if ledger is None else ledger.last_date(self._number)

    @property
    def sid(self):
        return self.asset

    def __repr__(self) -> str:
        names = ("asset", "amount", "cost_basis", "last_sale_price", "last_sale_date")
        return f"Position({ {name: getattr(self, name) for name in names} })"


class Positions(dict):
    """Positions by asset; an asset that is not held gives an empty position."""

    def __missing__(self, key):
        if isinstance(key, Asset):
            return Position(key)
        raise ValueError(f"positions[...] needs an asset, not {key!r}.")


class _ReadOnly:
    """Values that the ledger computes; `_shown` names them for `repr`."""

    _shown: tuple[str, ...] = ()

    def __init__(self, ledger: Ledger) -> None:
        self.__dict__["_ledger"] = ledger

    def __setattr__(self, name, value) -> None:
        raise AttributeError(f"cannot change {name}: {type(self).__name__} is read only.")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({ {name: getattr(self, name) for name in self._shown} })"


class Portfolio(_ReadOnly):
    """Cash and positions, in dollars; values at the prices of the current bar."""

    _shown = (
        "cash_flow", "starting_cash", "portfolio_value", "pnl", "returns", "cash", "positions",
        "start_date", "positions_value", "positions_exposure",
    )  # fmt: skip
    _ledger: Ledger

    @property
    def portfolio_value(self):
        """Cash plus the value of all positions."""
        return self._ledger.value

    @property
    def cash(self):
        return self._ledger.cash

    @property
    def starting_cash(self):
        return self._ledger.start_cash

    @property
    def cash_flow(self):
        """Cash received less cash paid since the start."""
        return self._ledger.cash_flow

    capital_used = cash_flow

    @property
    def pnl(self):
        return self._ledger.pnl

    @property
    def returns(self):
        """Total return since the start, a fraction."""
        return self._ledger.returns

    @property
    def positions(self) -> Positions:
        return self._ledger.positions

    @property
    def positions_value(self):
        """What all positions are worth; futures are worth nothing but their profit, in cash."""
        return self._ledger.worth

    @property
    def positions_exposure(self):
        """What the prices of all positions come to, short ones negative."""
        return self._ledger.net_exposure

    @property
    def start_date(self):
        return self._ledger.start_date

    @property
    def current_portfolio_weights(self):
        """A Series: each position's value as a fraction of the portfolio value."""
        import pandas as pd

        values = {
            asset: position.last_sale_price * position.amount * asset.price_multiplier
            for asset, position in self.positions.items()
        }
        return pd.Series(values, dtype=float) / self.portfolio_value


class Account(_ReadOnly):
    """The account in a broker's terms. There is no margin: cash may go below 0."""

    _shown = (
        "settled_cash", "accrued_interest", "buying_power", "equity_with_loan",
        "total_positions_value", "total_positions_exposure", "regt_equity", "regt_margin",
        "initial_margin_requirement", "maintenance_margin_requirement", "available_funds",
        "excess_liquidity", "cushion", "day_trades_remaining", "leverage", "net_leverage",
        "net_liquidation", "gross_leverage",
    )  # fmt: skip
    _ledger: Ledger

    accrued_interest = 0.0
    buying_power = float("inf")
    regt_margin = float("inf")
    initial_margin_requirement = 0.0
    maintenance_margin_requirement = 0.0
    day_trades_remaining = float("inf")

    @property
    def settled_cash(self):
        return self._ledger.cash

    regt_equity = available_funds = excess_liquidity = settled_cash

    @property
    def equity_with_loan(self):
        return self._ledger.value

    net_liquidation = equity_with_loan

    @property
    def total_positions_value(self):
        return self._ledger.value - self._ledger.cash

    @property
    def total_positions_exposure(self):
        return self._ledger.net_exposure

    @property
    def cushion(self):
        """Cash as a fraction of the value; NaN when that is 0."""
        ledger = self._ledger
        return ledger.cash / ledger.value if ledger.value else float("nan")

    @property
    def gross_leverage(self):
        """Long plus short exposure as a multiple of the value; infinite when that is 0."""
        ledger = self._ledger
        return ledger.gross_exposure / ledger.value if ledger.value else float("inf")

    leverage = gross_leverage

    @property
    def net_leverage(self):
        ledger = self._ledger
        return ledger.net_exposure / ledger.value if ledger.value else float("inf")


class OverriddenAccount(Account):
    """An account some of whose fields a script has given values of its own."""

    def __init__(self, ledger: Ledger, given: dict) -> None:
        super().__init__(ledger)
        self.__dict__["_given"] = given

    def __getattribute__(self, name: str):
        if not name.startswith("_"):
            given = self._given
            if name in given:
                return given[name]
        return super().__getattribute__(name)
