"""`Instrument`: the properties of what is traded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from .pricing import Pricing


@dataclass(frozen=True)
class Instrument:
    """What one unit of an asset is worth and what holding it takes.

    `multiplier`: profit per unit and per point of price.
    `margin`: NaN for a stock-like asset (bought for its full price); else the cash per unit that
    a position holds, its profit settled into cash at each close (futures-like).
    `margin_rate`: instead of `margin`, the margin as a fraction of the price (of `multiplier` /
    price for an inverse contract).
    `leverage`: divides the cash that a position takes; the rest of its value is borrowed.
    `unit`: for stock-like assets, the cash that one unit takes per point of price (an option whose
    premium is quoted per share: its multiplier).
    `inverse`: profit is paid in the base currency: multiplier x (1/entry - 1/exit) per unit.

    `lot`: sizes are cut to a multiple of it, 0: any size. `minimum_size`: smaller orders are
    denied. `tick`: prices of orders are rounded to a multiple of it, limits and stops so that the
    order never trades earlier than it was asked to; 0: any price.

    `initial_margin`, `maintenance_margin`: fractions of a position's value, for
    `BuyingPower.MARGIN` and `MarginCall`. By default the initial margin is what the position takes
    (`margin`, `margin_rate`, or its value over `leverage`), and the maintenance margin the same.
    `maintenance`: instead of `maintenance_margin`, cash per unit of an asset with a `margin`.
    `borrow_rate`: what a short of a stock-like asset pays, `short_rebate`: what its proceeds earn,
    both per year as a fraction of the position's value at the close; see `financing`.

    `carry_rate`: what holding a short (with `carry_longs` a long too) is charged per year, as a
    fraction of size times entry price: by calendar days, at the first bar of a day, before orders
    meet it. `carry_with_exit`: what has been charged is shown in the commission of the next part
    of the position that closes; cash has paid it before. `carry_always`: a rate of 0 is charged
    too, which makes a difference where an entry price is not known (`Rules.unknown_price`).
    `pricing`: functions in place of what the engine computes, see `pricing.Pricing`.

    `currency`, `venue`: of the wallet that pays for it, "" is the only one.
    `expiry`: ns UTC, 0: never. At the bar of that time, or else at the first one after it by what
    was known before (bars stamped with their open), the position is settled at the "settlement"
    column, else at the payoff of `underlying` (the name of another asset) with
    `strike` and `right`, else at the close.
    """

    multiplier: float = 1.0
    margin: float = math.nan
    margin_rate: float = math.nan
    leverage: float = 1.0
    unit: float = 1.0
    inverse: bool = False
    lot: float = 0.0
    minimum_size: float = 0.0
    tick: float = 0.0
    initial_margin: float = math.nan
    maintenance_margin: float = math.nan
    maintenance: float = math.nan
    borrow_rate: float = 0.0
    short_rebate: float = 0.0
    carry_rate: float = 0.0
    carry_always: bool = False
    carry_longs: bool = False
    carry_with_exit: bool = False
    pricing: Pricing | None = None
    currency: str = ""
    venue: str = ""
    expiry: int = 0
    underlying: str = ""
    strike: float = math.nan
    right: Literal["", "call", "put", "binary_call", "binary_put"] = ""

    def __post_init__(self) -> None:
        if not self.leverage > 0:
            raise ValueError(f"Instrument.leverage must be positive, not {self.leverage!r}.")
        for name in ("multiplier", "unit", "lot", "minimum_size", "tick", "initial_margin",
                     "maintenance_margin", "borrow_rate", "short_rebate",
                     "carry_rate"):  # fmt: skip
            value = getattr(self, name)
            if name in _OPTIONAL and math.isnan(value):
                continue
            if not math.isfinite(value) or (value < 0.0 and name not in _SIGNED):
                raise ValueError(
                    f"Instrument.{name} must be finite and not negative, not {value!r}."
                )
        if self.maintenance_margin > self.initial_margin:
            raise ValueError(
                f"Instrument.maintenance_margin: {self.maintenance_margin!r} is above "
                f"initial_margin {self.initial_margin!r}."
            )
        if not math.isnan(self.maintenance) and not 0.0 <= self.maintenance <= self.margin:
            raise ValueError(
                f"Instrument.maintenance: {self.maintenance!r} must lie between 0 and the margin, "
                f"{self.margin!r}."
            )
        if self.inverse and self.stock_like:
            raise ValueError("Instrument.inverse: an inverse contract needs a margin_rate.")
        if self.right and (math.isnan(self.strike) or not self.underlying or not self.expiry):
            raise ValueError(
                f"Instrument.right: {self.right!r} needs a strike, an underlying and an expiry."
            )

    @property
    def stock_like(self) -> bool:
        return math.isnan(self.margin) and math.isnan(self.margin_rate)

    @classmethod
    def future(cls, multiplier: float, margin: float, expiry: int = 0, **more) -> Instrument:
        """A future: cash per contract, profit settled daily; see the class for the rest.

        margin: initial, per contract; `maintenance=` where it is lower.
        """
        return cls(multiplier=multiplier, margin=margin, expiry=expiry, **more)

    @classmethod
    def perpetual(
        cls, leverage: float = 1.0, *, inverse: bool = False, multiplier: float = 1.0, **more
    ) -> Instrument:
        """A perpetual swap, linear or inverse; funding comes from the column "funding".

        A position takes its value over `leverage` as margin; linear: value = size x price x
        multiplier in the quote currency, inverse: size x multiplier / price in the base currency.
        """
        rate = (1.0 if inverse else multiplier) / leverage
        return cls(margin_rate=rate, inverse=inverse, multiplier=multiplier, **more)

    @classmethod
    def fx(
        cls, leverage: float = 1.0, lot: float = 0.0, *, multiplier: float = 1.0, **more
    ) -> Instrument:
        """A currency pair, traded on margin; `currency` is that in which its price is quoted.

        Sizes are units of the base currency, with a `multiplier` contracts of so many.
        """
        rate = multiplier / leverage
        return cls(margin_rate=rate, lot=lot, multiplier=multiplier, **more)

    @classmethod
    def option(
        cls,
        right: Literal["call", "put"],
        strike: float,
        expiry: int,
        underlying: str,
        multiplier: float = 100.0,
        **more,
    ) -> Instrument:
        """An option settled in cash at its intrinsic value; its price is the premium per share."""
        return cls(
            right=right, strike=strike, expiry=expiry, underlying=underlying,
            multiplier=multiplier, unit=multiplier, lot=more.pop("lot", 1.0), **more,
        )  # fmt: skip

    @classmethod
    def binary(cls, expiry: int, payout: float = 1.0, **more) -> Instrument:
        """A contract that pays `payout` per unit or nothing: a prediction or a bet.

        Its price runs from 0 to 1; the column "settlement" tells the outcome (1 or 0, or between:
        refunds) at expiry. With `right` "binary_call" or "binary_put", `strike` and `underlying`
        the outcome is whether the underlying closed above (at or below) the strike.
        """
        return cls(expiry=expiry, multiplier=payout, unit=payout, **more)


_SIGNED = ("multiplier", "borrow_rate", "short_rebate", "carry_rate")
_OPTIONAL = ("initial_margin", "maintenance_margin")
RIGHTS = ("", "call", "put", "binary_call", "binary_put")

#: What an instrument adds to a row of `costs.TERMS`.
INSTRUMENT_FIELDS = [
    ("multiplier", np.float64),
    ("margin", np.float64),
    ("margin_rate", np.float64),
    ("leverage", np.float64),
    ("stock_like", np.bool_),
    ("inverse", np.bool_),
    ("right", np.int8),
    ("wallet", np.int32),  # row of ACCOUNT
    ("underlying", np.int32),  # asset, -1: none
    ("unit", np.float64),
    ("lot", np.float64),
    ("minimum_size", np.float64),
    ("tick", np.float64),
    ("initial_margin", np.float64),  # NaN: what the position takes
    ("maintenance_margin", np.float64),  # NaN: likewise
    ("maintenance", np.float64),
    ("borrow_rate", np.float64),
    ("short_rebate", np.float64),
    ("carry_rate", np.float64),
    ("carry_longs", np.bool_),
    ("carry_with_exit", np.bool_),
    ("strike", np.float64),
    ("expiry", np.int64),
]


def write_instrument(row: np.void, instrument: Instrument) -> None:
    """Enter an instrument into a row of `costs.TERMS`; wallet and underlying are the caller's."""
    for name, _ in INSTRUMENT_FIELDS:
        if name == "right":
            row[name] = RIGHTS.index(instrument.right)
        elif name not in ("wallet", "underlying"):
            row[name] = getattr(instrument, name)
    if math.isnan(instrument.maintenance_margin):
        row["maintenance_margin"] = instrument.initial_margin
    row["underlying"] = -1
