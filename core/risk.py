"""Risk rules: what they are, and the rows in which the engine evaluates them.

A rule is a row of `rows.RISK`, what it remembers of each position a row of `RISK_STATE`, and the
orders that rules keep for a position a row of `GUARD`. The kernels are in `risk_guard` (orders that
protect a position, halts) and `risk_limits` (what may be sent).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Literal

import numpy as np

from .orders import Cause
from .rows import RISK, RiskKind

#: The cause that the orders of a rule bear.
CAUSES = {
    RiskKind.STOP_LOSS: Cause.STOP_LOSS,
    RiskKind.TAKE_PROFIT: Cause.TAKE_PROFIT,
    RiskKind.TRAILING: Cause.TRAILING_STOP,
    RiskKind.BREAK_EVEN: Cause.BREAK_EVEN,
    RiskKind.TIME_STOP: Cause.TIME_STOP,
    RiskKind.MAX_DRAWDOWN: Cause.MAX_DRAWDOWN,
    RiskKind.DAILY_LOSS: Cause.DAILY_LOSS,
    RiskKind.GROSS_EXPOSURE: Cause.EXPOSURE,
    RiskKind.NET_EXPOSURE: Cause.EXPOSURE,
    RiskKind.POSITION_LIMIT: Cause.POSITION_LIMIT,
    RiskKind.ORDER_LIMIT: Cause.ORDER_LIMIT,
    RiskKind.VOLATILITY_TARGET: Cause.VOLATILITY_TARGET,
}


@dataclass(frozen=True)
class _Distance:
    """How far from a price: exactly one of `fraction` (of the price) and `amount` (price units).

    With a `column` of `Bars.extra` it is so many times the column's value in the bar in which the
    position was opened: `amount` for a column in price units (an average true range), `fraction`
    for one in fractions of the price (a volatility). asset: the one that the rule is for, ""
    for all.
    """

    fraction: float = nan
    amount: float = nan
    column: str = ""
    asset: str = ""

    def __post_init__(self) -> None:
        name = type(self).__name__
        if isnan(self.fraction) == isnan(self.amount):
            raise ValueError(f"{name}: give either a fraction or an amount.")
        distance = self.amount if isnan(self.fraction) else self.fraction
        if not (isfinite(distance) and distance >= 0.0):
            raise ValueError(f"{name}: the distance must be finite and not negative: {distance!r}.")

    def _row(self) -> dict:
        relative = isnan(self.amount)
        return {"relative": relative, "distance": self.fraction if relative else self.amount}


@dataclass(frozen=True)
class StopLoss(_Distance):
    """Close a position by a stop order at a distance from its average entry price."""


@dataclass(frozen=True)
class TakeProfit(_Distance):
    """Close a position by a limit order at a distance from its average entry price."""


@dataclass(frozen=True)
class Trailing(_Distance):
    """Close a position by a stop order at a distance from the best price since its entry.

    `Rules.trail_update` says whether closes or extremes of bars are looked at. activation: the
    profit from which the rule works, in the measure of the distance.
    """

    activation: float = 0.0

    def _row(self) -> dict:
        _not_negative(self, activation=self.activation)
        return super()._row() | {"activation": self.activation}


@dataclass(frozen=True)
class BreakEven(_Distance):
    """Once the profit reaches the distance, close a position by a stop order at its entry price.

    offset: how far beyond the entry price, on the side of profit, in the measure of the distance.
    """

    offset: float = 0.0

    def _row(self) -> dict:
        if not isfinite(self.offset):
            raise ValueError(f"BreakEven.offset must be finite, not {self.offset!r}.")
        return super()._row() | {"offset": self.offset}


@dataclass(frozen=True)
class TimeStop:
    """Close a position by a market order when it is `bars` bars or `time` ns old.

    Sent at the close of the first bar that is so many after the one of the entry.
    """

    bars: int = 0
    time: int = 0
    asset: str = ""

    def __post_init__(self) -> None:
        if (self.bars > 0) == (self.time > 0) or min(self.bars, self.time) < 0:
            raise ValueError("TimeStop: give either bars or a time in ns, positive.")

    def _row(self) -> dict:
        return {"bars": self.bars, "time": self.time}


@dataclass(frozen=True)
class _AccountLoss:
    """A loss of the account, as a fraction of equity or an amount; see `MaxDrawdown`.

    then: "halt" cancels what would open a position and denies new orders that would; "flatten"
    closes all positions by market orders too.
    """

    fraction: float = nan
    amount: float = nan
    then: Literal["halt", "flatten"] = "halt"

    def __post_init__(self) -> None:
        name = type(self).__name__
        if isnan(self.fraction) == isnan(self.amount):
            raise ValueError(f"{name}: give either a fraction or an amount.")
        loss = self.amount if isnan(self.fraction) else self.fraction
        if not (isfinite(loss) and loss > 0.0):
            raise ValueError(f"{name}: the loss must be positive and finite, not {loss!r}.")
        if self.then not in ("halt", "flatten"):
            raise ValueError(f'{name}.then: {self.then!r} is neither "halt" nor "flatten".')

    def _row(self) -> dict:
        relative = isnan(self.amount)
        loss = self.fraction if relative else self.amount
        return {"relative": relative, "distance": loss, "flatten": self.then == "flatten"}


@dataclass(frozen=True)
class MaxDrawdown(_AccountLoss):
    """Stop trading when equity at a close has fallen so far below its peak.

    cooldown: bars until trading goes on, with the equity of then as the peak; 0: never.
    """

    cooldown: int = 0

    def _row(self) -> dict:
        _not_negative(self, cooldown=self.cooldown)
        return super()._row() | {"bars": self.cooldown}


@dataclass(frozen=True)
class DailyLoss(_AccountLoss):
    """Stop trading until the next session when equity has fallen so far since this one began."""


@dataclass(frozen=True)
class GrossExposure:
    """No order may lead to positions whose values add up to more than `limit` times equity.

    Pending orders count as if they had traded. cut: the order is made smaller, not denied.
    """

    limit: float
    cut: bool = False

    def _row(self) -> dict:
        _not_negative(self, limit=self.limit)
        return {"fraction": self.limit, "cut": self.cut}


@dataclass(frozen=True)
class NetExposure(GrossExposure):
    """No order may lead to a net value, long less short, beyond `limit` times equity."""


@dataclass(frozen=True)
class PositionLimit:
    """No order may lead to a position above a limit: units, value, or a fraction of equity.

    cut: the order is made smaller, not denied. Under `Positioning.HEDGING` of each side alone.
    """

    units: float = inf
    value: float = inf
    fraction: float = inf
    cut: bool = False
    asset: str = ""

    def _row(self) -> dict:
        _not_negative(self, units=self.units, value=self.value, fraction=self.fraction)
        names = ("units", "value", "fraction", "cut")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class OrderLimit:
    """Orders above a limit are denied: units or value of one, number per session, or pending.

    Orders that can only reduce a position are counted and never denied.
    """

    units: float = inf
    value: float = inf
    per_session: int = -1
    pending: int = -1
    asset: str = ""

    def _row(self) -> dict:
        _not_negative(self, units=self.units, value=self.value)
        names = ("units", "value", "per_session", "pending")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class VolatilityTarget:
    """What an order opens is scaled by target over realised volatility, at most by `cap`.

    target: per year. The realised one is the deviation of the asset's last `window` returns up to
    the close at which the order is sent, times the root of `periods` bars per year. Without so
    many returns nothing can be opened.
    """

    target: float
    window: int = 20
    periods: float = 252.0
    cap: float = 1.0
    asset: str = ""

    def _row(self) -> dict:
        _not_negative(self, target=self.target, periods=self.periods, cap=self.cap)
        if self.window < 2:
            raise ValueError(f"VolatilityTarget.window must be 2 or more, not {self.window!r}.")
        return {
            "distance": self.target,
            "bars": self.window,
            "periods": self.periods,
            "cap": self.cap,
        }


RiskRule = (
    StopLoss
    | TakeProfit
    | Trailing
    | BreakEven
    | TimeStop
    | MaxDrawdown
    | DailyLoss
    | GrossExposure
    | NetExposure
    | PositionLimit
    | OrderLimit
    | VolatilityTarget
)

_KINDS: dict[type, RiskKind] = {
    StopLoss: RiskKind.STOP_LOSS,
    TakeProfit: RiskKind.TAKE_PROFIT,
    Trailing: RiskKind.TRAILING,
    BreakEven: RiskKind.BREAK_EVEN,
    TimeStop: RiskKind.TIME_STOP,
    MaxDrawdown: RiskKind.MAX_DRAWDOWN,
    DailyLoss: RiskKind.DAILY_LOSS,
    GrossExposure: RiskKind.GROSS_EXPOSURE,
    NetExposure: RiskKind.NET_EXPOSURE,
    PositionLimit: RiskKind.POSITION_LIMIT,
    OrderLimit: RiskKind.ORDER_LIMIT,
    VolatilityTarget: RiskKind.VOLATILITY_TARGET,
}


def _not_negative(rule: object, **numbers: float) -> None:
    for name, number in numbers.items():
        if not number >= 0.0:
            name = f"{type(rule).__name__}.{name}"
            raise ValueError(f"{name} must not be negative or NaN: {number!r}.")


def risk_rows(
    rules: Sequence[RiskRule], assets: Sequence[str], columns: Mapping[str, int]
) -> np.ndarray:
    """`RISK[R]`. columns: the place of each column in `Book.columns`.

    Raises ValueError, TypeError for what is no rule.
    """
    rows = np.zeros(len(rules), dtype=RISK)
    for n, (row, rule) in enumerate(zip(rows, rules, strict=True)):
        kind = _KINDS.get(type(rule))
        if kind is None:
            raise TypeError(f"risk[{n}] is no risk rule: {rule!r}.")
        row["kind"] = kind
        row["cause"] = CAUSES[kind]
        row["asset"] = row["column"] = row["per_session"] = row["pending"] = -1
        row["units"] = row["value"] = row["fraction"] = inf
        asset = getattr(rule, "asset", "")
        if asset:
            if asset not in assets:
                raise ValueError(f"risk[{n}]: {asset!r} is not among the assets of the bars.")
            row["asset"] = list(assets).index(asset)
        column = getattr(rule, "column", "")
        if column:
            if column not in columns:
                raise ValueError(f"risk[{n}]: the bars have no column {column!r}.")
            row["column"] = columns[column]
        for name, value in rule._row().items():
            row[name] = value
    return rows
