"""An asset's own functions in place of what the engine computes: fees, cash, profit, sizes.

`Pricing` goes into an `Instrument`. Kernels call it by address where its row of `TERMS` has the
bit of what it brings, everything else stays with the engine; a function that computes what the
engine would have computed changes nothing. What only such assets need is compiled apart,
in `pricing_kernels`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .errors import OrderError
from .rules import (
    Booking,
    BuyingPower,
    CommissionTime,
    CostBasis,
    MarginCall,
    Positioning,
    Rules,
    ShortCash,
)


@dataclass(frozen=True, eq=False)
class Pricing:
    """Functions of an asset, each in place of what the engine computes; None: the engine does.

    All take and return floats; sizes are signed (buy > 0), prices per unit, cash in the currency
    of the asset. order: the number of the order that is filled, or would be. They are called when
    the engine comes to need them, in its sequence, also for fills that do not come about, and in
    the cash check on submission.

    `fee`: f(size, price, order), of the closing or the opening part of a fill.
    `cash`: f(size, price, closes, order), the cash that `size` units take at `price`, before
    leverage; negative where they bring it in. Of the part that closes (closes = 1.0) it is asked
    for the units that are held, at their entry price: what they took.
    `leverage`: f(), what divides that cash where it is positive.
    `profit`: f(size, entry, price), of `size` units from entry to price.
    `settled`: f(size, base, price), the cash that is paid when the price of held units moves from
    base to price, at each close, and when they trade; of stock-like assets it is 0 otherwise.
    `worth`: f(size, entry, close), what a position adds to equity.
    `done`: f(size, price, order) is told of what was executed; its result is not used.
    `interest`: f(asset, size, entry), the cash that a held position is charged at each bar,
    before orders meet it. See `Instrument.carry_rate`.
    `portion`: f(remaining, price, order, ago), the most units (unsigned) of an order that trade
    now at `price`. ago: 0.0, or -1.0 where the fill is dated at the bar before.
    """

    fee: Callable[..., Any] | None = None
    cash: Callable[..., Any] | None = None
    leverage: Callable[..., Any] | None = None
    profit: Callable[..., Any] | None = None
    settled: Callable[..., Any] | None = None
    worth: Callable[..., Any] | None = None
    done: Callable[..., Any] | None = None
    interest: Callable[..., Any] | None = None
    portion: Callable[..., Any] | None = None

    @property
    def bits(self) -> int:
        """Which functions there are: a bit for each field, in their sequence."""
        return sum(
            1 << n for n, field in enumerate(fields(self)) if getattr(self, field.name) is not None
        )

    def __call__(self, what: float, order: float, size: float, price: float, entry: float) -> float:
        """What kernels call: `what` is a bit, the rest as the function of that bit takes it."""
        return _ASK[int(what)](self, order, size, price, entry)


def _done(self: Any, order: float, size: float, price: float, entry: float) -> float:
    self.done(size, price, int(order))
    return 0.0


_ASK: dict[int, Callable[..., float]] = {
    1: lambda p, order, size, price, entry: p.fee(size, price, int(order)),
    2: lambda p, order, size, price, entry: p.cash(size, price, entry, int(order)),
    4: lambda p, order, size, price, entry: p.leverage(),
    8: lambda p, order, size, price, entry: p.profit(size, entry, price),
    16: lambda p, order, size, price, entry: p.settled(size, entry, price),
    32: lambda p, order, size, price, entry: p.worth(size, entry, price),
    64: _done,
    128: lambda p, order, size, price, entry: p.interest(int(order), size, entry),
    256: lambda p, order, size, price, entry: p.portion(size, price, int(order), entry),
}


def check_rules(rules: Rules, own: np.ndarray) -> None:
    """OrderError where an asset's own functions, or interest, do not go with the rules.

    own: of `TERMS`.
    """
    if not (own & ~np.int64(256)).any():
        return
    for holds, text in (
        (rules.buying_power == BuyingPower.CASH, "BuyingPower.CASH"),
        (rules.margin_call == MarginCall.NEVER, "MarginCall.NEVER"),
        (rules.short_cash != ShortCash.HELD, "ShortCash.CREDITED or LOCKED"),
        (rules.settlement_sessions == 0, "settlement_sessions=0"),
        (rules.commission_time == CommissionTime.WITH_FILL, "CommissionTime.WITH_FILL"),
        (rules.cost_basis == CostBasis.PRICE, "CostBasis.PRICE"),
        (rules.booking == Booking.BY_PART, "Booking.BY_PART"),
        (rules.positioning == Positioning.NETTING, "Positioning.NETTING"),
    ):
        if not holds:
            raise OrderError(
                f"instruments: an asset with a Pricing or a carry_rate needs rules with {text}."
            )
