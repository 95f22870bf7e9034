"""Cash, positions and equity: what a fill does to them. Pure jitted functions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .costs import (
    OWN_SETTLED,
    PER_SHARE,
    commission_due,
    commission_of_fill,
    commission_raw,
    commission_whole,
    tier_amount,
)
from .jit import njit
from .orders import Reason
from .rules import (
    Booking,
    BuyingPower,
    CashCheck,
    CommissionTime,
    CostBasis,
    MarginWorth,
    ShortCash,
)

_LOCKED = int(ShortCash.LOCKED)
_END_OF_BAR = int(CommissionTime.END_OF_BAR)
_ON_FILL = int(CashCheck.ON_FILL)
_WHOLE = int(Booking.WHOLE)
_WITH_COMMISSION = int(CostBasis.WITH_COMMISSION)
_HELD = int(ShortCash.HELD)
_CASH = int(BuyingPower.CASH)
_FOR_CASH = int(Reason.CASH)
_AT_CLOSE = int(MarginWorth.AT_CLOSE)


@dataclass(frozen=True)
class Wallet:
    """The cash in one currency at one venue.

    cash: at the start; may be 0 or negative (a debt). currency, venue: as the instruments name
    them. rate: what one unit of the currency is worth in the account's, one number or float64[T].
    deposit_rate, loan_rate: interest per year on positive and on negative cash, as fractions; see
    `financing`.
    """

    cash: float
    currency: str = ""
    venue: str = ""
    rate: float | np.ndarray = 1.0
    deposit_rate: float = 0.0
    loan_rate: float = 0.0

    def __post_init__(self) -> None:
        for name in ("cash", "deposit_rate", "loan_rate"):
            value = getattr(self, name)
            if not math.isfinite(value):
                raise ValueError(f"Wallet.{name} must be finite, not {value!r}.")


#: Sessions that proceeds can be on their way at most.
MOST_SETTLEMENT = 8

#: A wallet: the cash in one currency at one venue. The counts are the whole account's and stand in
#: row 0. Every field is made of eight-byte numbers: see `Simulation`.
ACCOUNT = np.dtype(
    [
        ("cash", np.float64),
        ("equity", np.float64),  # row 0: of the whole account, in its currency
        ("flow", np.float64),  # sum of all that moved cash since the start, in sequence
        ("held", np.float64),  # entry value of shorts: `ShortCash.HELD`
        ("unsettled", np.float64),  # proceeds that are on their way
        ("due", np.float64, (MOST_SETTLEMENT,)),  # of that, what arrives in so many sessions
        # Parts of `flow`, positive when received: see `financing`.
        ("interest", np.float64),
        ("borrow", np.float64),  # fees for borrowed units
        ("rebate", np.float64),  # interest on the proceeds of shorts
        ("funding", np.float64),  # of perpetual contracts
        ("deposits", np.float64),  # put in, taken out, moved between wallets
        ("deposit_rate", np.float64),  # interest per year on cash, as a fraction
        ("loan_rate", np.float64),  # interest per year on negative cash
        ("counted", np.float64),  # units or value of the month that commission tiers count
        ("month", np.int64),  # of that count: see `month_of`
        ("check_cash", np.float64),  # scratch of the cash check
        ("check_stamp", np.int64),
        ("venue", np.int64),  # the first wallet at the same venue
        ("margin_calls", np.int64),  # times that positions were sold for want of margin
        ("parts", np.int64),  # the most fills that one order can have in one bar
        ("finances", np.int64),  # row 0: what `financing` has to look after, as bits
        ("session", np.int64),  # of the latest step, -1 before the first
        ("stepped", np.int64),  # bar of the latest step, -1 before the first
        ("halted", np.int64),  # a risk rule stopped trading: see `risk`
        ("guarded", np.int64),  # orders that rules can send inside a bar for each of the strategy
        ("ambiguous", np.int64),  # bars in which the price path decided what traded
        ("follows", np.int64),  # whether any position is valued while flat too
        ("delayed", np.int64),  # cancels and changes that are on their way
        ("action_due", np.int64),  # `ACTION.key` of the next corporate action
        ("next_action", np.int64),
        ("n_action_events", np.int64),
        ("rank", np.int64),  # last rank given to an asset that entered the book
        ("stamp", np.int64),  # number of the current cash check
        ("cursor", np.int64),  # place in the pending orders during a pass, else -1
        ("bar", np.int64),  # the bar at which equity is marked, -1 before the first
        ("n_orders", np.int64),
        ("n_events", np.int64),
        ("n_fills", np.int64),
        ("n_pending", np.int64),
        ("n_submitted", np.int64),
        ("n_activating", np.int64),
        ("n_marked", np.int64),  # open positions whose profit is settled at each close
        ("fault", np.int64),
    ]
)

#: Bits of `finances`.
INTEREST, SHORTS, FUNDING, SETTLEMENT, CARRY = 1, 2, 4, 8, 16

#: `fault` when an order took a step that `orders.TRANSITIONS` forbids: an error in this package.
FAULT_TRANSITION = 1
#: `fault` when the strategy sent more orders in one bar than there was room for.
FAULT_ROOM = 2
#: `fault` when a compiled strategy raised an exception.
FAULT_STRATEGY = 3
#: `fault` when a kernel was called that the simulation had not asked for: an error in this package.
FAULT_HOOK = 4

POSITION = np.dtype(
    [
        ("size", np.float64),
        ("price", np.float64),  # average entry price, 0 when flat
        ("base", np.float64),  # price up to which profit is settled in cash (futures-like)
        ("realised", np.float64),  # gross profit of closed parts
        ("followed", np.int64),  # 1 + the bar from which it is valued while flat too; 0: never
        # What concerns the asset's market stands in its first slot.
        ("traded", np.float64),  # units traded in bar `traded_bar`
        ("traded_bar", np.int64),
        ("exhausted", np.bool_),  # that bar has no volume left
        ("ended", np.bool_),  # the asset expired or was delisted: no order is taken
        ("ambiguous_bar", np.int64),  # the latest bar that was counted as ambiguous
        ("entry_bar", np.int64),  # bar in which it was opened
        ("entry_fill", np.int64),  # the fill that opened it
        ("impact", np.float64),  # lasting shift of the asset's price by our own trading
        ("carried", np.float64),  # interest charged since a part last closed
        ("carried_day", np.int64),  # calendar day up to which it is charged
        ("rank", np.int64),  # sequence in the book; 0: not in the book
        ("check_size", np.float64),
        ("check_price", np.float64),
        ("check_stamp", np.int64),
    ]
)


@njit(forceinline=True)
def position_after(size, price, quantity, fill_price):
    """Average-price accounting: (new size, new price, opened, closed).

    The average moves while the position grows, stays while it shrinks, and starts again at
    `fill_price` when the position is reversed. `opened + closed = quantity`, all signed.
    """
    after = size + quantity
    if after == 0.0:
        return after, 0.0, 0.0, quantity
    if size == 0.0:
        return after, fill_price, quantity, 0.0
    if (size > 0.0) == (quantity > 0.0):
        return after, (price * size + quantity * fill_price) / after, quantity, 0.0
    if (size > 0.0) == (after > 0.0):
        return after, price, 0.0, quantity
    return after, fill_price, after, -size


@njit(forceinline=True)
def joined_price(term, size, price, quantity, fill_price, average):
    """Average price of a position that grew: for inverse contracts the harmonic mean."""
    if not term["inverse"] or size == 0.0 or (size > 0.0) != (quantity > 0.0):
        return average
    return (size + quantity) / (size / price + quantity / fill_price)


@njit
def profit_of(term, size, entry, price):
    """Profit of `size` units (signed) from `entry` to `price`, in cash of the wallet."""
    if term["inverse"]:
        return size * (1.0 / entry - 1.0 / price) * term["multiplier"]
    return size * (price - entry) * term["multiplier"]


@njit
def value_of(term, size, price):
    """What `size` units (signed) at `price` are worth as exposure, in cash of the wallet."""
    if term["inverse"]:
        return size / price * term["multiplier"]
    if term["stock_like"]:
        return size * price * term["unit"]
    return size * price * term["multiplier"]


@njit
def margin_of(term, price):
    """Cash that one unit of a futures-like asset holds."""
    if np.isnan(term["margin_rate"]):
        return term["margin"]
    if term["inverse"]:
        return term["margin_rate"] / price * term["multiplier"]
    return term["margin_rate"] * price


@njit
def taken(term, rule, size, price):
    """Cash that `size` units at `price` take (short stock with credited proceeds: negative)."""
    if not term["stock_like"]:
        return abs(size) * margin_of(term, price)
    if rule["short_cash"] == _LOCKED:
        return abs(size) * price * term["unit"]
    return size * price * term["unit"]


@njit
def levered(term, value):
    """`value` after leverage: only what is paid is lent, so a credit stays whole."""
    return value / term["leverage"] if value > 0.0 else value


@njit
def settles(term):
    """Whether the move of its price is paid at each close."""
    return not term["stock_like"] or (term["own"] & OWN_SETTLED) != 0


@njit
def holds(term, rule):
    """Whether the proceeds of its shorts are kept apart: `ShortCash.HELD`."""
    return rule["short_cash"] == _HELD and term["stock_like"]


@njit
def settles_later(term, rule):
    """Whether what a fill pays into cash cannot be spent at once."""
    return rule["settlement_sessions"] > 0 and term["stock_like"]


@njit
def booked_whole(term, rule):
    """Whether a fill moves cash by size times price, in one step: `Booking.WHOLE`."""
    return (
        rule["booking"] == _WHOLE
        and term["stock_like"]
        and rule["short_cash"] != _LOCKED
        and term["leverage"] == 1.0
        and term["multiplier"] == 1.0
        and term["unit"] == 1.0
        and term["commission_plain"]
    )


@njit
def month_of(time):
    """Months since 1970-01 of a time in ns UTC.

    By the days of the proleptic Gregorian calendar, in years that begin in March: a leap day is
    then the last of its year, and the months' lengths repeat every five of them.
    """
    days = time // 86_400_000_000_000 + 719_468  # since 0000-03-01
    era = days // 146_097
    day = days - era * 146_097
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153  # 0: March
    return (year + era * 400 - 1970) * 12 + month + 2


@njit(forceinline=True)
def preview(term, rule, position, quantity, price, cash, counted):
    """Cash left if the order traded at `price`: the check at submission.

    Works on `check_size` and `check_price`, a copy of the position that earlier orders of the same
    check have already moved. cash: free cash of the wallet; what a fill would bring in that is
    unsettled or held does not add to it. counted: of the wallet, for tiers of commission. Returns
    (cash after, needed for the opening part, available for it).
    """
    plain = term["commission_plain"]
    entry = position["check_price"]
    size, average, opened, closed = position_after(position["check_size"], entry, quantity, price)
    position["check_size"] = size
    position["check_price"] = average
    raw = 0.0
    paid = 0.0
    if closed != 0.0:
        gain = levered(term, taken(term, rule, -closed, price))
        if holds(term, rule) and closed > 0.0:
            gain += closed * entry * term["unit"]
        elif settles_later(term, rule):
            gain = min(gain, 0.0)
        cash += gain
        if plain:
            raw = commission_raw(term, abs(closed), price)
            paid = commission_due(term, raw, 0.0, 0.0)
        else:
            paid, raw = commission_of_fill(term, abs(closed), price, False, 0.0, 0.0, 0.0, counted)
        cash -= paid
    available = cash
    needed = 0.0
    if opened != 0.0:
        if plain:
            fee = commission_due(term, commission_raw(term, abs(opened), price), raw, paid)
        else:
            counted += tier_amount(term, abs(closed), price)
            fee, _ = commission_of_fill(
                term, abs(opened), price, False, abs(closed), raw, paid, counted
            )
        cost = levered(term, taken(term, rule, opened, price))
        if settles_later(term, rule) or (holds(term, rule) and opened < 0.0):
            cost = max(cost, 0.0)
        needed = cost + fee
        cash -= cost
        cash -= fee
    return cash, needed, available


@njit
def pay_fee(term, rule, wallet, position, fee):
    """A fee is paid after its fill: out of cash, and into the average price where that holds it."""
    wallet["cash"] -= fee
    wallet["flow"] -= fee
    size = position["size"]
    if rule["cost_basis"] == _WITH_COMMISSION and size != 0.0:
        # Of a price, not of cash: what one unit pays for a point of it divides.
        point = term["unit"] if term["stock_like"] else term["multiplier"]
        position["price"] = (position["price"] * size + fee / point) / size


@njit(forceinline=True)
def take_fill(position, order, fill, done, price, size, average):
    """Bring `done` units at `price` into the position, now of that size and average, and the order.

    Of the row `fill` this writes what follows from that; `fill["pnl"]` stands there already.
    """
    position["size"] = size
    position["price"] = average
    position["realised"] += fill["pnl"]
    filled = order["filled"]
    value = filled * order["average_price"] if filled != 0.0 else 0.0
    order["average_price"] = (value + done * price) / (filled + done)
    order["filled"] = filled + done
    order["remaining"] -= done
    fill["asset"] = order["asset"]
    fill["size"] = done
    fill["price"] = price
    fill["position_size"] = size
    fill["position_price"] = average


@njit(forceinline=True)
def apply_fill(term, rule, wallet, position, order, quantity, price, fill, maker, refuse):
    """Book `quantity` at `price` for `order` and describe it in the row `fill`.

    Returns the quantity that was executed. When cash is checked on fills and the opening part
    costs more than there is, only the closing part is executed; `order["needed"]` and
    `order["available"]` then tell why. maker: it rested in the book. refuse: the opening part is
    refused for want of buying power, which the caller has checked (and no cash is).
    """
    cash = wallet["cash"]
    held = wallet["held"]
    base = position["base"]
    entry = position["price"]
    deferred = rule["commission_time"] == _END_OF_BAR
    before_size = position["size"]
    size, average, opened, closed = position_after(before_size, entry, quantity, price)
    average = joined_price(term, before_size, entry, quantity, price, average)
    pnl = 0.0 if closed == 0.0 else profit_of(term, -closed, entry, price)
    accrued = order["accrued"]
    plain = term["commission_plain"]
    filled_units = abs(order["filled"])
    if plain and term["commission_kind"] == PER_SHARE:
        # Counted on the shares filled so far: a split changes them, not what was paid.
        accrued = filled_units * term["commission_rate"]
    paid = order["commission"]
    accrued_before = accrued
    paid_before = paid
    closed_value = 0.0
    closed_fee = 0.0
    if closed != 0.0:
        closed_value = taken(term, rule, -closed, entry)
        cash += levered(term, closed_value) + (pnl if term["stock_like"] else 0.0)
        if plain:
            raw = commission_raw(term, abs(closed), price)
            closed_fee = commission_due(term, raw, accrued, paid)
            accrued += raw
        else:
            closed_fee, accrued = commission_of_fill(
                term, abs(closed), price, maker, filled_units, accrued, paid, wallet["counted"]
            )
            wallet["counted"] += tier_amount(term, abs(closed), price)
        paid += closed_fee
        if not deferred:
            cash -= closed_fee
        if not term["stock_like"]:
            cash += profit_of(term, -closed, base, price)
        if holds(term, rule) and closed > 0.0:
            released = closed * entry * term["unit"]
            held -= released
            if abs(held) <= 1e-12 * released:
                held = 0.0  # rounding of averages must not tie up cash
    opened_value = 0.0
    opened_fee = 0.0
    if opened != 0.0:
        opened_value = taken(term, rule, opened, price)
        if plain:
            raw = commission_raw(term, abs(opened), price)
            opened_fee = commission_due(term, raw, accrued, paid)
            accrued_after = accrued + raw
        else:
            opened_fee, accrued_after = commission_of_fill(
                term,
                abs(opened),
                price,
                maker,
                filled_units + abs(closed),
                accrued,
                paid,
                wallet["counted"],
            )
        before = cash
        cost = levered(term, opened_value)
        cash -= cost
        if not deferred:
            cash -= opened_fee
        tied = held + wallet["unsettled"]
        if settles_later(term, rule):
            tied += max(before - wallet["cash"], 0.0)  # what the closing part brings in
        free = cash - tied
        if cost < 0.0 and (settles_later(term, rule) or holds(term, rule)):
            free += cost  # the proceeds of a short are not there to be spent
            cost = 0.0
        poor = free < 0.0 and (rule["cash_check"] & _ON_FILL) != 0
        if refuse or (poor and rule["buying_power"] == _CASH):
            if not refuse:
                order["needed"] = cost + opened_fee
                order["available"] = before - tied
                order["reason"] = _FOR_CASH
            cash = before
            opened = 0.0
            opened_value = 0.0
            opened_fee = 0.0
            if closed != 0.0:
                size = before_size + closed
                average = 0.0 if size == 0.0 else entry
        else:
            accrued = accrued_after
            paid += opened_fee
            if not plain:
                wallet["counted"] += tier_amount(term, abs(opened), price)
            if not term["stock_like"] and abs(size) > abs(opened):
                # Bring what was held before to the price of the new part: one common base.
                cash += profit_of(term, size - opened, base, price)
            position["base"] = price
            if holds(term, rule) and opened < 0.0:
                held -= opened * price * term["unit"]
    done = closed + opened
    if done == 0.0:
        return 0.0
    amount = cash - wallet["cash"]
    if booked_whole(term, rule):
        fee = commission_whole(term, abs(done), price, accrued_before, paid_before)
        opened_fee = fee - closed_fee
        paid = paid_before + fee
        amount = -(done * price)
        if not deferred:
            amount -= fee
        cash = wallet["cash"] + amount
        if before_size == 0.0 and done > 0.0:
            # A purchase that opens is averaged like one that adds: not always its price.
            average = done * price / done
    else:
        fee = closed_fee + opened_fee
    wallet["cash"] = cash
    wallet["flow"] += amount
    if settles_later(term, rule):
        late = amount - max(held - wallet["held"], 0.0)
        if late > 0.0:
            wallet["unsettled"] += late
            wallet["due"][rule["settlement_sessions"] - 1] += late
    wallet["held"] = held
    order["accrued"] = accrued
    order["commission"] = paid
    fill["commission"] = fee
    fill["closed"] = closed
    fill["opened"] = opened
    fill["closed_value"] = closed_value
    fill["opened_value"] = opened_value
    fill["closed_commission"] = closed_fee
    fill["opened_commission"] = opened_fee
    fill["pnl"] = pnl
    fill["cash"] = cash
    take_fill(position, order, fill, done, price, size, average)
    return done


@njit(forceinline=True)
def worth_parts(term, rule, size, entry, close):
    """What a position adds to equity when the asset trades at `close`: (what was paid, profit).

    Together what closing it there would pay into cash (of futures-like: at the price up to which
    profit has been settled), but for `MarginWorth.AT_CLOSE`. Apart, since the sum over positions
    adds them one after the other: its last bits are those of the account that it stands for.
    """
    if not term["stock_like"] or term["inverse"]:
        return _contract_parts(term, rule, size, entry, close)
    if rule["short_cash"] == _LOCKED and size < 0.0:
        return _locked_parts(term, rule, size, entry, close)
    value = size * close * term["unit"]
    if not value > 0.0:
        return value, 0.0
    profit = size * (close - entry) * term["multiplier"]
    paid = value - profit
    if term["leverage"] != 1.0:  # each position at each bar: a division is a good part of it
        paid /= term["leverage"]
    return paid, profit


@njit
def position_worth(term, rule, size, entry, close):
    """What a position adds to equity when the asset trades at `close`: see `worth_parts`."""
    paid, profit = worth_parts(term, rule, size, entry, close)
    return paid + profit


@njit
def _contract_parts(term, rule, size, entry, close):
    """`worth_parts` of a futures-like or inverse contract."""
    profit = profit_of(term, size, entry, close)
    if not term["stock_like"]:
        at_close = rule["margin_worth"] == _AT_CLOSE
        value = abs(size) * margin_of(term, close if at_close else entry)
        if not at_close:
            # Cash gave it, undivided by what it has gained since: that is settled.
            return value / term["leverage"], 0.0
    elif rule["short_cash"] == _LOCKED and size < 0.0:
        return _locked_parts(term, rule, size, entry, close)
    else:
        value = size * close * term["unit"]
    return _parts(term, value, profit)


@njit
def _locked_parts(term, rule, size, entry, close):
    """`worth_parts` of a short position whose proceeds are locked."""
    profit = profit_of(term, size, entry, close)
    if rule["margin_worth"] != _AT_CLOSE:
        return levered(term, abs(size) * entry * term["unit"]), profit
    return _parts(term, abs(entry * size + (entry - close) * size) * term["unit"], profit)


@njit
def _parts(term, value, profit):
    """A value that holds a profit, of which only the rest was paid and is lent on."""
    if value > 0.0:
        return (value - profit) / term["leverage"], profit
    return value, 0.0
