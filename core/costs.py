"""Commission and slippage: parameter rows, and the jitted functions that price them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .instruments import Instrument
from .jit import njit

COMMISSION_KINDS = ("none", "per_trade", "per_share", "percent")
SLIPPAGE_KINDS = ("none", "percent", "fixed", "basis_points", "spread", "volume_share")
PER_TRADE, PER_SHARE, PERCENT = 1, 2, 3
SLIP_PERCENT, SLIP_FIXED, SLIP_BASIS_POINTS, SLIP_SPREAD, SLIP_VOLUME_SHARE = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Commission:
    """What the broker takes.

    `per_trade`: `rate` in cash, once per order. `per_share`: `rate` in cash per unit. `percent`:
    `rate` is a fraction of price times size. `minimum`: in cash per order, spread over its fills:
    the first fill pays at least the minimum, later fills pay what exceeds it. A negative rate is
    a rebate.
    """

    kind: Literal["none", "per_trade", "per_share", "percent"] = "none"
    rate: float = 0.0
    minimum: float = 0.0

    def __post_init__(self) -> None:
        _check_kind("Commission", self.kind, COMMISSION_KINDS)
        _check_finite("Commission", rate=self.rate, minimum=self.minimum)


@dataclass(frozen=True)
class Slippage:
    """How much worse than the quoted price an order trades.

    `percent`: a fraction `rate` of the price. `fixed`: `rate` price units. `basis_points`: `rate`
    ten-thousandths of the price. `spread`: half of `rate` price units. `volume_share`: `rate` is
    the price impact k in price * k * share**2, where share is the part of the bar's volume that
    trades, at most `volume_limit`.

    `volume_limit`: the largest fraction of the bar's volume that may trade, NaN for no limit;
    what is left over stays pending. The flags serve `percent` and `fixed`: `at_open` slips fills
    at the open too; `within_bar` caps a slipped price at the bar's extreme, else such a fill does
    not happen; `limit_within_bar` the same for limit orders only; `beyond_bar` lets a slipped
    price leave the bar.
    """

    kind: Literal["none", "percent", "fixed", "basis_points", "spread", "volume_share"] = "none"
    rate: float = 0.0
    volume_limit: float = math.nan
    at_open: bool = True
    within_bar: bool = True
    limit_within_bar: bool = True
    beyond_bar: bool = False

    def __post_init__(self) -> None:
        _check_kind("Slippage", self.kind, SLIPPAGE_KINDS)
        _check_finite("Slippage", rate=self.rate)
        if self.kind == "volume_share" and math.isnan(self.volume_limit):
            raise ValueError("Slippage: kind 'volume_share' needs a volume_limit.")


def _check_kind(owner: str, kind: str, kinds: tuple[str, ...]) -> None:
    if kind not in kinds:
        raise ValueError(f"{owner}.kind: {kind!r} is none of {', '.join(kinds)}.")


def _check_finite(owner: str, **values: float) -> None:
    for name, value in values.items():
        if not math.isfinite(value):
            raise ValueError(f"{owner}.{name} must be finite, not {value!r}.")


#: What trading one asset means: instrument, commission and slippage in one row.
TERMS = np.dtype(
    [
        ("multiplier", np.float64),
        ("margin", np.float64),
        ("margin_rate", np.float64),
        ("leverage", np.float64),
        ("stock_like", np.bool_),
        ("commission_kind", np.int8),
        ("commission_rate", np.float64),
        ("commission_minimum", np.float64),
        ("slippage_kind", np.int8),
        ("slippage_rate", np.float64),
        ("volume_limit", np.float64),
        ("slip_at_open", np.bool_),
        ("slip_within_bar", np.bool_),
        ("slip_limit_within_bar", np.bool_),
        ("slip_beyond_bar", np.bool_),
    ]
)


def terms(
    count: int,
    instruments: Instrument | Sequence[Instrument] | None = None,
    commission: Commission | Sequence[Commission] | None = None,
    slippage: Slippage | Sequence[Slippage] | None = None,
) -> np.ndarray:
    """`TERMS[count]`: one value serves all assets, a sequence has one for each.

    Raises ValueError when a sequence is not as long as there are assets.
    """
    rows = np.zeros(count, dtype=TERMS)
    for i, (instrument, fee, slip) in enumerate(
        zip(
            _each("instruments", instruments or Instrument(), count),
            _each("commission", commission or Commission(), count),
            _each("slippage", slippage or Slippage(), count),
            strict=True,
        )
    ):
        rows[i] = (
            instrument.multiplier,
            instrument.margin,
            instrument.margin_rate,
            instrument.leverage,
            instrument.stock_like,
            COMMISSION_KINDS.index(fee.kind),
            fee.rate,
            fee.minimum,
            SLIPPAGE_KINDS.index(slip.kind),
            slip.rate,
            slip.volume_limit,
            slip.at_open,
            slip.within_bar,
            slip.limit_within_bar,
            slip.beyond_bar,
        )
    return rows


def _each(name: str, given, count: int) -> list:
    if not isinstance(given, Sequence):
        return [given] * count
    if len(given) != count:
        raise ValueError(f"{name}: {len(given)} given for {count} assets.")
    return list(given)


@njit
def commission_raw(term, quantity, price):
    """Commission of `quantity` (unsigned units) at `price`, before per-order rules."""
    kind = term["commission_kind"]
    if kind == PERCENT:
        return quantity * term["commission_rate"] * price
    if kind == PER_SHARE:
        return quantity * term["commission_rate"]
    return 0.0


@njit
def commission_due(term, raw, accrued, paid):
    """What a fill pays now.

    raw: commission of this fill alone; accrued: the same for the order's earlier fills; paid: what
    the order has paid. Per-trade commission and the minimum are per order, so they depend on what
    came before; so does commission per share once a split has changed the shares already filled.
    """
    if term["commission_kind"] == PER_TRADE:
        return term["commission_rate"] if paid == 0.0 else 0.0
    minimum = term["commission_minimum"]
    if minimum == 0.0 and abs(accrued - paid) <= 1e-9 * abs(paid):
        return raw
    if paid == 0.0:
        return max(minimum, raw)
    total = accrued + raw
    return total - paid if total >= minimum else 0.0


@njit
def commission_whole(term, quantity, price, accrued, paid):
    """What a fill of `quantity` pays now, in the steps of `Booking.WHOLE`.

    As `commission_raw` and `commission_due`, but for the last bit: a percentage is taken of the
    price, and what an order owes per share is always its total less what it has paid.
    """
    kind = term["commission_kind"]
    if kind == PER_SHARE and paid != 0.0:
        total = accrued + quantity * term["commission_rate"]
        return total - paid if total >= term["commission_minimum"] else 0.0
    if kind == PERCENT:
        raw = quantity * (price * term["commission_rate"])
    else:
        raw = commission_raw(term, quantity, price)
    return commission_due(term, raw, accrued, paid)


@njit
def slipped(term, price, direction, bound, apply, is_limit):
    """The price after slippage; NaN when such a fill does not happen.

    direction: +1 buys, -1 sells; bound: the worst price that the bar (or a limit) allows; apply:
    False leaves the price alone. Serves the kinds `percent` and `fixed`.
    """
    kind = term["slippage_kind"]
    if not apply or kind == 0 or term["slippage_rate"] == 0.0:
        return price
    if kind == SLIP_PERCENT:
        worse = price * (1.0 + direction * term["slippage_rate"])
    elif kind == SLIP_FIXED:
        worse = price + direction * term["slippage_rate"]
    elif kind == SLIP_BASIS_POINTS:
        worse = price + price * (term["slippage_rate"] / 10000.0 * direction)
    elif kind == SLIP_SPREAD:
        worse = price + term["slippage_rate"] / 2.0 * direction
    else:
        return price
    if (worse <= bound) if direction > 0 else (worse >= bound):
        return worse
    if term["slip_within_bar"] or (is_limit and term["slip_limit_within_bar"]):
        return worse if term["slip_beyond_bar"] else bound
    return np.nan


@njit
def share_of_volume(term, price, direction, open_size, volume, traded):
    """Price and size of a fill that the bar's volume limits; for triggers on the close.

    open_size: unsigned units wanted; volume: of the bar; traded: units of this asset that already
    traded in the bar. Returns (price, units, exhausted): units 0 means no fill for this order,
    exhausted that the bar has no volume left for the asset. The float operations and integer
    cut-offs are in the order that decides how many shares trade.
    """
    kind = term["slippage_kind"]
    rate = term["slippage_rate"]
    limit = term["volume_limit"]
    if kind == SLIP_VOLUME_SHARE:
        left = limit * volume - traded
        if left < 1.0:
            return np.nan, 0.0, True
        units = np.trunc(min(left, open_size))
        if units < 1.0:
            return np.nan, 0.0, False
        share = min((traded + units) / volume, limit)
        return price + share**2 * (direction * rate) * price, units, False
    units = open_size
    if not np.isnan(limit):
        units = min(open_size, np.trunc(limit * volume) - traded)
        if units <= 0.0:
            return np.nan, 0.0, True
    if kind == SLIP_PERCENT:
        price = price * (1.0 + direction * rate)
    elif kind == SLIP_FIXED:
        price = price + direction * rate
    elif kind == SLIP_BASIS_POINTS:
        price = price + price * (rate / 10000.0 * direction)
    elif kind == SLIP_SPREAD:
        price = price + rate / 2.0 * direction
    return price, units, False
