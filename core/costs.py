"""Commission, slippage and market impact: parameter rows, and the functions that price them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .instruments import INSTRUMENT_FIELDS, Instrument, write_instrument
from .jit import Intrinsic, njit

if TYPE_CHECKING:
    from .bars import Bars
    from .calls import Call

CommissionKind = Literal[
    "none", "per_trade", "per_share", "percent", "per_contract", "tiered", "call"
]
SlippageKind = Literal[
    "none",
    "percent",
    "fixed",
    "basis_points",
    "spread",
    "volume_share",
    "volatility_volume",
    "square_root",
    "almgren_chriss",
    "call",
    "mid_square_root",
]
PER_TRADE, PER_SHARE, PERCENT, TIERED, COMMISSION_CALL = 1, 2, 3, 4, 5
#: Bits of `TERMS.own`: the functions of a `pricing.Pricing`, and interest on positions.
OWN_FEE, OWN_CASH, OWN_LEVERAGE, OWN_PROFIT, OWN_SETTLED, OWN_WORTH = 1, 2, 4, 8, 16, 32
OWN_DONE, OWN_INTEREST, OWN_PORTION, CARRIES = 64, 128, 256, 512
#: With one of these a fill is booked by `pricing.fill_own`; the cash check by `preview_own`.
OWN_FILL = OWN_FEE | OWN_CASH | OWN_LEVERAGE | OWN_PROFIT | OWN_SETTLED | OWN_DONE
OWN_FILL |= OWN_INTEREST | CARRIES
SLIP_PERCENT, SLIP_FIXED, SLIP_BASIS_POINTS, SLIP_SPREAD, SLIP_VOLUME_SHARE = 1, 2, 3, 4, 5
SLIP_VOLATILITY_VOLUME, SLIP_SQUARE_ROOT, SLIP_ALMGREN_CHRISS, SLIP_CALL = 6, 7, 8, 9
SLIP_MID_SQUARE_ROOT = 10
_COMMISSION_CODES = {
    "none": 0,
    "per_trade": PER_TRADE,
    "per_share": PER_SHARE,
    "percent": PERCENT,
    "per_contract": PER_SHARE,
    "tiered": TIERED,
    "call": COMMISSION_CALL,
}
COMMISSION_KINDS = tuple(_COMMISSION_CODES)
SLIPPAGE_KINDS = ("none", "percent", "fixed", "basis_points", "spread", "volume_share")
SLIPPAGE_KINDS += ("volatility_volume", "square_root", "almgren_chriss", "call", "mid_square_root")
IMPACT_KINDS = ("volatility_volume", "square_root", "almgren_chriss", "mid_square_root")

TIER_COUNTS = ("order", "month_units", "month_value")
TIER_OF_ORDER, TIER_OF_MONTH_UNITS, TIER_OF_MONTH_VALUE = 0, 1, 2
#: The most tiers that a commission can have.
MAX_TIERS = 12


@dataclass(frozen=True)
class Commission:
    """What the broker takes.

    `per_trade`: `rate` in cash, once per order. `per_share`, `per_contract`: `rate` in cash per
    unit. `percent`: `rate` is a fraction of price times size. A negative rate is a rebate.
    `tiered`: the rate falls or rises with what was traded before, see `tiers`. `call`: the fee of
    a fill is what `function` returns; giving a `function` is enough.

    `per_order`: cash that an order pays with its first fill on top of the rate, of any kind but
    `none`, `tiered` and `call`.
    `minimum`, `maximum`: in cash per order, over all its fills: what an order of several fills
    has paid after each is the commission of what has filled, raised to the minimum or lowered to
    the maximum. A minimum of 0 is none, so that a rebate can be paid out.
    `maker_rate`: the rate when the fill added liquidity (the order rested in the book), `rate`
    being the taker's; NaN when both pay `rate`.
    `tiers`: steps (from, rate) or (from, rate, maker rate), at most 12, the first from 0: what
    lies between one `from` and the next pays that rate, whatever comes after (marginal steps).
    `tier_on`: what they count. `order`: units of this order, rates in cash per unit;
    `month_units`: units in the month so far, rates in cash per unit; `month_value`: price times
    size in the month so far, rates as fractions of it.
    `notional`: a percentage is of the exposure that trades, multiplier or unit included, not of
    price times size; so it always is for inverse contracts.
    `function`: f(units, price, filled, paid) -> fee in cash of this fill; a plain Python or a
    jitted function of floats: unsigned units and price of the fill, units of the order that
    filled before, and what it has paid before.

    Raises ValueError, or TypeError for a function with other parameters.
    """

    kind: CommissionKind = "none"
    rate: float = 0.0
    minimum: float = 0.0
    maximum: float = math.inf
    maker_rate: float = math.nan
    per_order: float = 0.0
    tiers: tuple[tuple[float, ...], ...] = ()
    tier_on: Literal["order", "month_units", "month_value"] = "order"
    notional: bool = False
    function: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if self.function is not None and self.kind == "none":
            object.__setattr__(self, "kind", "call")
        _check_kind("Commission.kind", self.kind, COMMISSION_KINDS)
        _check_finite("Commission", rate=self.rate, minimum=self.minimum, per_order=self.per_order)
        if self.per_order != 0.0 and self.kind in ("none", "tiered", "call"):
            raise ValueError(f"Commission.per_order has no meaning for kind {self.kind!r}.")
        if not self.maximum >= self.minimum:
            raise ValueError(
                f"Commission.maximum: {self.maximum!r} is less than the minimum {self.minimum!r}."
            )
        if math.isinf(self.maker_rate):
            raise ValueError("Commission.maker_rate must be finite, or NaN for the same rate.")
        _check_function("Commission", self.kind, self.function)
        if self.kind in ("none", "call") and not math.isnan(self.maker_rate):
            raise ValueError(f"Commission.maker_rate has no meaning for kind {self.kind!r}.")
        if self.kind == "call" and (self.rate, self.minimum, self.maximum) != (0.0, 0.0, math.inf):
            raise ValueError(
                "Commission: rate, minimum and maximum have no meaning with a function, "
                "whose result is the fee: put them into it (it is given what was paid before)."
            )
        self._check_tiers()

    def _check_tiers(self) -> None:
        _check_kind("Commission.tier_on", self.tier_on, TIER_COUNTS)
        if self.kind != "tiered":
            if self.tiers:
                raise ValueError(f"Commission.tiers have no meaning for kind {self.kind!r}.")
            return
        tiers = tuple(tuple(float(number) for number in tier) for tier in self.tiers)
        object.__setattr__(self, "tiers", tiers)
        if not 1 <= len(tiers) <= MAX_TIERS:
            raise ValueError(f"Commission.tiers: {len(tiers)} given, 1 to {MAX_TIERS} are needed.")
        if self.rate != 0.0:
            raise ValueError("Commission.rate has no meaning for kind 'tiered': see tiers.")
        before = -math.inf
        for i, tier in enumerate(tiers):
            if len(tier) not in (2, 3) or not all(map(math.isfinite, tier)):
                raise ValueError(
                    f"Commission.tiers[{i}]: {tier} is neither (from, rate) nor (from, rate, maker "
                    "rate) with finite numbers."
                )
            if i == 0 and tier[0] != 0.0:
                raise ValueError(f"Commission.tiers[0] must begin at 0, not at {tier[0]!r}.")
            if tier[0] <= before:
                raise ValueError(
                    f"Commission.tiers[{i}] begins at {tier[0]!r}, which is not above {before!r}."
                )
            before = tier[0]


@dataclass(frozen=True)
class Slippage:
    """How much worse than the quoted price an order trades.

    `percent`: a fraction `rate` of the price. `fixed`: `rate` price units. `basis_points`: `rate`
    ten-thousandths of the price. `spread`: half of `rate` price units. `volume_share`: `rate` is
    the price impact k in price * k * share**2, where share is the part of the bar's volume that
    trades, at most `volume_limit`.

    Impact, in fractions of the price, of a fill whose size is `share` of a volume, `sigma` being
    the volatility of the price per bar: `volatility_volume`: rate * sigma * share. `square_root`:
    rate * sigma * sqrt(share). `almgren_chriss`: rate * sigma * share**exponent for this fill
    alone, and `permanent` * sigma * share for good, of which this fill pays one half.
    `mid_square_root`: as `square_root` with a `rate` in ten-thousandths, but away from the middle
    of the bar, halfway between its high and low, bounded by a limit only; and `volume_limit` is
    for each order alone, whatever others trade in the bar. Without a positive volume or a sigma
    the impact is `unknown`; where that is NaN such a fill does not happen. `call`: the price is
    what `function` returns; giving a `function` is enough.

    `volume_limit`: the largest fraction of the bar's volume that may trade, NaN for no limit;
    what is left over stays pending. The flags serve `percent` and `fixed`: `at_open` slips fills
    at the open too; `within_bar` caps a slipped price at the bar's extreme, else such a fill does
    not happen; `limit_within_bar` the same for limit orders only; `beyond_bar` lets a slipped
    price leave the bar. Impact and calls obey `within_bar` and `beyond_bar`.

    `volatility`: the name in `Bars.extra` of sigma, float64[T, N], known when the bar ends
    (`rolling_volatility` makes it). `volume`: "volume" for that of the bar in which the order
    trades, else the name in `Bars.extra` of an average known when the bar ends (as
    `rolling_volume` makes it). See `impact_columns`.
    `function`: f(price, direction, units, volume, sigma) -> price, NaN for no fill; a plain
    Python or a jitted function of floats; direction +1 buys, -1 sells; units are unsigned; volume
    and sigma are NaN where not known.

    Raises ValueError, or TypeError for a function with other parameters.
    """

    kind: SlippageKind = "none"
    rate: float = 0.0
    volume_limit: float = math.nan
    at_open: bool = True
    within_bar: bool = True
    limit_within_bar: bool = True
    beyond_bar: bool = False
    permanent: float = 0.0
    exponent: float = 0.6
    unknown: float = math.nan
    volatility: str = "volatility"
    volume: str = "volume"
    function: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        if self.function is not None and self.kind == "none":
            object.__setattr__(self, "kind", "call")
        _check_kind("Slippage.kind", self.kind, SLIPPAGE_KINDS)
        _check_finite("Slippage", rate=self.rate)
        _check_finite("Slippage", permanent=self.permanent, exponent=self.exponent)
        if self.kind == "volume_share" and math.isnan(self.volume_limit):
            raise ValueError("Slippage: kind 'volume_share' needs a volume_limit.")
        _check_function("Slippage", self.kind, self.function)
        if self.kind == "call" and self.rate != 0.0:
            raise ValueError("Slippage.rate has no meaning with a function: put it into it.")
        if self.kind != "almgren_chriss" and self.permanent != 0.0:
            raise ValueError(f"Slippage.permanent has no meaning for kind {self.kind!r}.")
        if self.kind in IMPACT_KINDS and (self.rate < 0.0 or self.permanent < 0.0):
            raise ValueError("Slippage: rate and permanent of an impact cannot be negative.")
        if not self.exponent > 0.0:
            raise ValueError(f"Slippage.exponent must be positive, not {self.exponent!r}.")
        if not math.isnan(self.unknown) and self.kind not in IMPACT_KINDS:
            raise ValueError(f"Slippage.unknown has no meaning for kind {self.kind!r}.")


def _check_kind(name: str, kind: str, kinds: tuple[str, ...]) -> None:
    if kind not in kinds:
        raise ValueError(f"{name}: {kind!r} is none of {', '.join(kinds)}.")


def _check_finite(owner: str, **values: float) -> None:
    for name, value in values.items():
        if not math.isfinite(value):
            raise ValueError(f"{owner}.{name} must be finite, not {value!r}.")


def _check_function(owner: str, kind: str, function: object) -> None:
    if function is None and kind != "call":
        return
    from .calls import ROLES, check_callable

    role = ROLES[owner]
    if (kind == "call") != (function is not None):
        reason = "kind 'call' needs a function" if function is None else f"the kind is {kind!r}"
        raise ValueError(f"{owner}.function: {reason}; it is to be {role}.")
    if function is not None:
        check_callable(role, function)


#: What trading one asset means: instrument, commission and slippage in one row.
TERMS = np.dtype(
    [
        *INSTRUMENT_FIELDS,
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
        ("commission_plain", np.bool_),  # priced by commission_raw, _due and _whole
        ("slippage_plain", np.bool_),  # priced by slipped and share_of_volume alone
        ("commission_maximum", np.float64),
        ("commission_per_order", np.float64),
        ("commission_maker_rate", np.float64),  # never NaN: `commission_rate` where not given
        ("commission_notional", np.bool_),
        ("commission_call", np.int64),  # address for `calls.call_commission`, 0: none
        ("tier_on", np.int8),
        ("tier_count", np.int8),
        ("tier_from", np.float64, (MAX_TIERS,)),
        ("tier_rate", np.float64, (MAX_TIERS,)),
        ("tier_maker_rate", np.float64, (MAX_TIERS,)),
        ("slippage_permanent", np.float64),
        ("slippage_exponent", np.float64),
        ("slippage_unknown", np.float64),
        ("slippage_call", np.int64),  # address for `calls.call_slippage`, 0: none
        ("own", np.int64),  # bits of `OWN_FEE` and so on
        ("own_call", np.int64),  # address for `calls.call_pricing`, 0: none
    ]
)


def terms(
    count: int,
    instruments: Instrument | Sequence[Instrument] | None = None,
    commission: Commission | Sequence[Commission] | None = None,
    slippage: Slippage | Sequence[Slippage] | None = None,
    owners: list[Call] | None = None,
) -> np.ndarray:
    """`TERMS[count]`: one value serves all assets, a sequence has one for each.

    owners: a list to which the users' functions that the rows call are added; it must be kept as
    long as the rows are, since they hold addresses only.

    Raises ValueError when a sequence is not as long as there are assets, or when there is a
    function and no `owners`; TypeError when a jitted function does not compile.
    """
    rows = np.zeros(count, dtype=TERMS)
    first: dict[tuple[int, int, int], int] = {}
    same: list[int] = []  # the first asset with the same three
    for i, (instrument, fee, slip) in enumerate(
        zip(
            _each("instruments", instruments or Instrument(), count),
            _each("commission", commission or Commission(), count),
            _each("slippage", slippage or Slippage(), count),
            strict=True,
        )
    ):
        same.append(first.setdefault((id(instrument), id(fee), id(slip)), i))
        if same[i] != i:
            continue
        row = rows[i]
        write_instrument(row, instrument)
        if instrument.pricing is not None:
            row["own"] = instrument.pricing.bits
            row["own_call"] = _owned("Pricing", instrument.pricing, owners)
        if instrument.carry_rate != 0.0 or instrument.carry_always:
            row["own"] |= CARRIES
        _fill_commission(row, fee, instrument.inverse, owners)
        _fill_slippage(row, slip, owners)
    return rows[same]


def _fill_commission(
    row: np.void, fee: Commission, inverse: bool, owners: list[Call] | None
) -> None:
    kind = _COMMISSION_CODES[fee.kind]
    notional = fee.notional or (inverse and fee.kind in ("percent", "tiered"))
    row["commission_kind"] = kind
    row["commission_rate"] = fee.rate
    row["commission_minimum"] = fee.minimum
    row["commission_maximum"] = fee.maximum
    maker = fee.rate if math.isnan(fee.maker_rate) else fee.maker_rate
    row["commission_maker_rate"] = maker
    row["commission_notional"] = notional
    row["commission_per_order"] = fee.per_order
    row["commission_plain"] = (
        kind <= PERCENT
        and fee.maximum == math.inf
        and maker == fee.rate
        and not notional
        and fee.per_order == 0.0
    )
    row["tier_on"] = TIER_COUNTS.index(fee.tier_on)
    row["tier_count"] = len(fee.tiers)
    for i, (start, rate, *makers) in enumerate(fee.tiers):
        row["tier_from"][i] = start
        row["tier_rate"][i] = rate
        default = rate if math.isnan(fee.maker_rate) else fee.maker_rate
        row["tier_maker_rate"][i] = makers[0] if makers else default
    if fee.function is not None:
        row["commission_call"] = _owned("Commission", fee.function, owners)


def _fill_slippage(row: np.void, slip: Slippage, owners: list[Call] | None) -> None:
    kind = SLIPPAGE_KINDS.index(slip.kind)
    row["slippage_kind"] = kind
    row["slippage_rate"] = slip.rate
    row["slippage_plain"] = kind <= SLIP_VOLUME_SHARE
    row["slippage_permanent"] = slip.permanent
    row["slippage_exponent"] = slip.exponent
    row["slippage_unknown"] = slip.unknown
    row["volume_limit"] = slip.volume_limit
    row["slip_at_open"] = slip.at_open
    row["slip_within_bar"] = slip.within_bar
    row["slip_limit_within_bar"] = slip.limit_within_bar
    row["slip_beyond_bar"] = slip.beyond_bar
    if slip.function is not None:
        row["slippage_call"] = _owned("Slippage", slip.function, owners)


def _owned(owner: str, function: Any, owners: list[Call] | None) -> int:
    from .calls import ROLES, bind

    role = ROLES[owner]
    if owners is None:
        raise ValueError(f"{role.name}: terms() needs `owners`, a list to keep it alive with.")
    for call in owners:
        if call.role is role and call.stands_for(function):
            return call.address
    call = bind(role, function)
    owners.append(call)
    return call.address


def _each(name: str, given, count: int) -> list:
    if not isinstance(given, Sequence):
        return [given] * count
    if len(given) != count:
        raise ValueError(f"{name}: {len(given)} given for {count} assets.")
    return list(given)


@Intrinsic
def call_commission() -> Any:
    from .calls import call_commission

    return call_commission


@Intrinsic
def call_slippage() -> Any:
    from .calls import call_slippage

    return call_slippage


@Intrinsic
def call_pricing() -> Any:
    from .calls import call_pricing

    return call_pricing


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
    if minimum == 0.0 and not abs(accrued - paid) > 1e-9 * abs(paid):  # or not known
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
    if kind == SLIP_MID_SQUARE_ROOT:
        if not np.isnan(limit):
            units = np.trunc(min(limit * volume, open_size))
        return price, units, False
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


@njit
def traded_value(term, units, price):
    """Price times size of a fill, in cash: what a percentage and `month_value` tiers are of.

    With `Commission.notional` it is the exposure that trades: of inverse contracts size over
    price, with the multiplier, or for stock-like assets the unit.
    """
    if not term["commission_notional"]:
        return units * price
    if term["inverse"]:
        return units / price * term["multiplier"]
    return units * price * (term["unit"] if term["stock_like"] else term["multiplier"])


@njit
def tier_amount(term, units, price):
    """What a fill of unsigned `units` adds to what the tiers count: units, or cash."""
    if term["tier_on"] == TIER_OF_MONTH_VALUE:
        return traded_value(term, units, price)
    return units


@njit
def commission_tiered(term, start, amount, maker):
    """Commission of `amount` after `start` in marginal tiers: each part pays its tier's rate."""
    count = term["tier_count"]
    begins = term["tier_from"]
    rates = term["tier_maker_rate"] if maker else term["tier_rate"]
    end = start + amount
    total = 0.0
    for i in range(count):
        upper = begins[i + 1] if i + 1 < count else np.inf
        if start >= begins[i] and end <= upper:
            return amount * rates[i]  # all in one tier: no difference of large numbers
        part = min(end, upper) - max(start, begins[i])
        if part > 0.0:
            total += part * rates[i]
    return total


@njit
def commission_of_fill(term, units, price, maker, filled_units, accrued, paid, counted):
    """What a fill pays now, for any kind of commission: (fee, accrued after it), in cash.

    units: unsigned, of this fill; price: of this fill; maker: whether it added liquidity;
    filled_units: units of the order that filled before; accrued: what this function returned for
    the order's last fill, 0 before the first; paid: the fees that the order has paid; counted:
    what `month_units` and `month_value` tiers have counted so far, to which the caller adds
    `tier_amount` after the fill (other kinds ignore it).

    The fees of an order's fills add up to its commission in one fill at the same rate and price.
    Serves the rows whose `commission_plain` is False; for the others the functions above decide
    the last bit. A fee is NaN when the user's function failed: see `calls.raise_pending`.
    """
    kind = term["commission_kind"]
    if kind == COMMISSION_CALL:
        fee = call_commission(term["commission_call"], units, price, filled_units, paid)
        return fee, accrued + fee
    rate = term["commission_maker_rate"] if maker else term["commission_rate"]
    raw = 0.0
    if kind == PERCENT:
        if term["commission_notional"]:
            raw = traded_value(term, units, price) * rate
        else:
            raw = units * rate * price
    elif kind == PER_SHARE:
        raw = units * rate
    elif kind == PER_TRADE:
        raw = rate if filled_units == 0.0 else 0.0
    elif kind == TIERED:
        start = filled_units if term["tier_on"] == TIER_OF_ORDER else counted
        raw = commission_tiered(term, start, tier_amount(term, units, price), maker)
    if filled_units == 0.0:
        raw += term["commission_per_order"]
    minimum = term["commission_minimum"]
    maximum = term["commission_maximum"]
    total = accrued + raw
    if minimum == 0.0 and maximum == np.inf:
        return raw, total
    due = total
    if minimum != 0.0 and due < minimum:
        due = minimum
    if due > maximum:
        due = maximum
    return due - paid, total


@njit
def root_impact(rate, price, share, sigma):
    """By how much a `mid_square_root` fill moves the price, in its units; rate in basis points."""
    return price * (rate * sigma * math.sqrt(share)) / 10000.0


@njit
def impact(term, price, direction, units, volume, sigma, low, high):
    """The price after market impact, and by how much the fill moves later prices for good.

    price: before it; direction: +1 buys, -1 sells; units: unsigned, of this fill; volume: units
    that the asset trades per bar; sigma: volatility per bar, a fraction of the price; low, high:
    of the bar (or what a limit leaves of it). Returns (price, shift): the price is bounded by the
    bar as `slip_within_bar` and `slip_beyond_bar` say, NaN when such a fill does not happen; the
    shift, in price units, positive after a purchase, is 0 when there is no fill.

    Nothing is known without a positive volume and a finite sigma of 0 or more: then the impact is
    `slippage_unknown`, and the price NaN where that is NaN too (a user's function decides by
    itself). A sale at zero or below does not happen either, nor does any fill across zero. Serves
    the rows whose `slippage_plain` is False.
    """
    kind = term["slippage_kind"]
    shift = 0.0
    if kind == SLIP_CALL:
        worse = call_slippage(term["slippage_call"], price, direction, units, volume, sigma)
    else:
        known = volume > 0.0 and sigma >= 0.0 and sigma < np.inf
        rate = term["slippage_rate"]
        share = units / volume if known else 0.0
        cost = 0.0
        if not known:
            cost = term["slippage_unknown"]
        elif kind == SLIP_VOLATILITY_VOLUME:
            cost = rate * sigma * share
        elif kind == SLIP_SQUARE_ROOT:
            cost = rate * sigma * math.sqrt(share)
        elif kind == SLIP_ALMGREN_CHRISS:
            lasting = term["slippage_permanent"] * sigma * share
            cost = rate * sigma * share ** term["slippage_exponent"] + 0.5 * lasting
            shift = abs(price) * (direction * lasting)
        # Away from the order's favour, where prices are negative too.
        toward = direction if price >= 0.0 else -direction
        worse = price * (1.0 + toward * cost)
        if kind == SLIP_MID_SQUARE_ROOT:
            # Always against the order, in the steps that decide the last bit.
            move = price * cost
            if known:
                move = root_impact(rate, price, share, sigma)
            worse = price + direction * abs(move)
    if np.isnan(worse):
        return np.nan, 0.0
    bound = high if direction > 0.0 else low
    if (worse > bound if direction > 0.0 else worse < bound) and not term["slip_beyond_bar"]:
        worse = bound if term["slip_within_bar"] else np.nan
    if np.isnan(worse) or (kind != SLIP_CALL and worse * price <= 0.0 and price != 0.0):
        return np.nan, 0.0
    return worse, shift


def rolling_volatility(bars: Bars, window: int) -> np.ndarray:
    """Volatility per bar: float64[T, N], the standard deviation of the last `window` returns.

    A return is close over the asset's previous close, less 1; the deviation is of a sample
    (n - 1). Row t knows bars up to and including t; NaN before there are `window` returns. At a
    time without a bar of the asset the last value stands. Raises ValueError for a window below 2.
    """
    if window < 2:
        raise ValueError(f"rolling_volatility: window must be 2 or more, not {window!r}.")

    def deviations(rows: np.ndarray) -> np.ndarray:
        return rows.std(axis=1, ddof=1)

    def values(close: np.ndarray, volume: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            changes = close[1:] / close[:-1] - 1.0
        return np.concatenate([close[:1] * math.nan, changes])

    return _rolling(bars, window, values, deviations)


def rolling_volume(bars: Bars, window: int) -> np.ndarray:
    """Average volume: float64[T, N], the mean of the asset's last `window` bars.

    Row t knows bars up to and including t; NaN before there are `window` bars, and where one of
    them has no known volume. At a time without a bar of the asset the last value stands. Raises
    ValueError for a window below 1.
    """
    if window < 1:
        raise ValueError(f"rolling_volume: window must be 1 or more, not {window!r}.")
    return _rolling(bars, window, lambda close, volume: volume, lambda rows: rows.mean(axis=1))


def _rolling(bars: Bars, window: int, values, statistic) -> np.ndarray:
    """`statistic` (of rows) over each `window` of an asset's `values`, put on the bars' times."""
    length, count = len(bars), len(bars.assets)
    out = np.full((count, length), np.nan)
    block = max(1, 2**20 // window)  # so that the windows side by side take 8 MB
    for j in range(count):
        present = np.flatnonzero(bars.present[:, j])
        series = values(bars.close[present, j], bars.volume[present, j])
        if len(series) < window:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(series, window)
        result = np.full(len(series), np.nan)
        for start in range(0, len(windows), block):
            part = statistic(windows[start : start + block])
            result[start + window - 1 : start + window - 1 + len(part)] = part
        last = np.searchsorted(present, np.arange(length), "right") - 1
        out[j] = np.where(last >= 0, result[last], np.nan)
    return out.T


def impact_columns(
    bars: Bars, slippage: Slippage | Sequence[Slippage] | None
) -> tuple[np.ndarray, np.ndarray] | None:
    """What `impact` needs on each bar: (sigma, volume), float64[T, N], Fortran order.

    Row t holds what was known before bar t: columns of `Bars.extra` are moved down by one row, so
    the first is NaN. The bar's own volume is not moved: it is what the order takes part in. None
    when no asset's slippage needs them. A function's missing volatility is NaN.

    Raises ValueError that names the column an asset's slippage needs and the bars do not have.
    """
    each = _each("slippage", slippage or Slippage(), len(bars.assets))
    if all(SLIPPAGE_KINDS.index(slip.kind) <= SLIP_VOLUME_SHARE for slip in each):
        return None
    sigma = np.full((len(each), len(bars)), np.nan)
    volume = np.full((len(each), len(bars)), np.nan)
    for j, slip in enumerate(each):
        if SLIPPAGE_KINDS.index(slip.kind) <= SLIP_VOLUME_SHARE:
            continue
        if slip.volatility in bars.extra:
            sigma[j, 1:] = bars.extra[slip.volatility][:-1, j]
        elif slip.kind != "call":
            raise ValueError(_missing(bars, j, slip.kind, slip.volatility, "rolling_volatility"))
        if slip.volume == "volume":
            volume[j] = bars.volume[:, j]
        elif slip.volume in bars.extra:
            volume[j, 1:] = bars.extra[slip.volume][:-1, j]
        else:
            raise ValueError(_missing(bars, j, slip.kind, slip.volume, "rolling_volume"))
    return sigma.T, volume.T


def _missing(bars: Bars, j: int, kind: str, name: str, maker: str) -> str:
    return (
        f"Slippage {kind!r} of {bars.assets[j]} needs the column {name!r}, which the bars do not "
        f"have: add it with bars.with_extra({name!r}, {maker}(bars, window))."
    )
