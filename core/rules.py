"""`Rules`: every behaviour in which execution models differ, one named field each.

One kernel serves every model because a difference is a value here, never a branch on a name.
`docs/semantics.md` tells for each field what each value does and who does it so.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np


class FillTime(IntEnum):
    """At which price, and when, a market order trades."""

    NEXT_OPEN = 0  # open of the first bar after it was created
    NEXT_CLOSE = 1  # close of the first bar after it was created
    THIS_CLOSE = 2  # close of the bar in which it was created, booked at the next bar
    THIS_OPEN = 3  # open of the bar in which it was created (orders are sent before the bar)
    NEXT_WORST = 4  # high (buys) or low (sells) of the first bar after it was created
    NEXT_MID = 5  # halfway between that bar's high and low


class TriggerOn(IntEnum):
    """What reaches a limit or a stop."""

    BAR_RANGE = 0  # any price between low and high
    CLOSE = 1  # the close only; once reached it stays reached


class GapFill(IntEnum):
    """The price of a bar that opens beyond a level."""

    AT_OPEN = 0
    AT_LEVEL = 1


class LimitTouch(IntEnum):
    """What a limit order needs from a bar that did not open at its limit or better."""

    TOUCH = 0  # a price at the limit
    THROUGH = 1  # a price beyond it: others stood first in the queue


class PricePath(IntEnum):
    """In which sequence the price of a bar is taken to have visited its extremes.

    Under a path each leg (open, first extreme, second extreme, close) meets the orders of the
    asset as the price reaches them; what a leg changes counts in the next one.
    """

    WHOLE_BAR = 0  # unknown: each order meets the whole bar, in the sequence of `Queue`
    HIGH_FIRST = 1
    LOW_FIRST = 2
    NEAREST_FIRST = 3  # the extreme that is nearer to the open; the high if they tie
    BODY = 4  # low first in a bar that closes above its open, else high first


class StopLimitPath(IntEnum):
    """Whether a stop-limit can trade in the bar that triggers it, when not by the open."""

    INTRABAR = 0  # as far as open, close and the levels tell the path of the price
    NEXT_BAR = 1  # never


class TrailUpdate(IntEnum):
    """From what a trailing stop moves, after the bar has been tried against it."""

    CLOSE = 0
    EXTREME = 1  # the bar's high (sell) or low (buy)


class CashCheck(IntEnum):
    """When an order that costs more than the cash there is gets refused."""

    NONE = 0
    ON_SUBMIT = 1
    ON_FILL = 2
    BOTH = 3


class Queue(IntEnum):
    """In which sequence pending orders meet a bar."""

    SUBMISSION = 0
    BY_ASSET = 1  # assets as they entered the book, then submission
    EXITS_FIRST = 2  # orders that reduce a position, then submission
    STOPS_FIRST = 3  # stops before the rest: the cautious reading of a bar that reaches both
    LIMITS_FIRST = 4  # limits before the rest: the hopeful one


class BracketActivation(IntEnum):
    """When a bracket's children can first trade."""

    NEXT_BAR = 0
    SAME_BAR = 1


class PartialParent(IntEnum):
    """What a bracket's children do when the parent ends with a part filled."""

    CANCEL = 0  # they end with it
    ACTIVATE = 1  # they protect the part, cut to its size


class PartialStop(IntEnum):
    """What becomes of a stop order of which only a part could trade when its stop was reached."""

    MARKET = 0  # the rest is a market order
    STOP = 1  # the rest waits for the stop to be reached again; a trailing one goes on trailing


class LateMember(IntEnum):
    """What happens to an order that joins a bracket or an OCO group which has been sent before."""

    JOINS = 0  # it is sent alone; at once active after its parent, refused after the group's end
    RESENDS = 1  # a child sends its whole bracket again, and waits; see docs/semantics.md


class TriggerStatus(IntEnum):
    """Whether an order whose stop is reached says so with a status of its own."""

    SILENT = 0
    STATUS = 1


class ChangePriority(IntEnum):
    """The place in the queue of an order whose price was changed or whose size grew."""

    LOSE = 0
    KEEP = 1


class BarStamp(IntEnum):
    """Whether the time of a bar is that of its open or of its close: decides latency in time."""

    OPEN = 0
    CLOSE = 1


class ShortCash(IntEnum):
    """What a short sale does to cash."""

    CREDITED = 0  # proceeds are cash, the position has a negative value
    LOCKED = 1  # the notional is taken from cash, as for a purchase
    HELD = 2  # proceeds are cash, but do not pay for purchases until the position is closed


class BuyingPower(IntEnum):
    """What the opening part of a fill is checked against, where `CashCheck` asks for it."""

    CASH = 0  # its cost: the cash of its wallet, settled and not held
    MARGIN = 1  # the initial margin of all positions at its venue after it: their equity


class ExitCheck(IntEnum):
    """Whether the cash check on submission can refuse an order that opens nothing."""

    PASSES = 0
    CHECKED = 1  # it is refused where cash is negative after it


class MarginWorth(IntEnum):
    """What the cash that a futures-like position or a `LOCKED` short has taken is worth in equity.

    They differ for a margin that is a fraction of the price, and for a locked short whose loss
    exceeds what it has taken.
    """

    AT_ENTRY = 0  # the cash that it took
    AT_CLOSE = 1  # the cash that it would take now, never negative


class Positioning(IntEnum):
    """Whether an asset has one signed position, or a long and a short one side by side."""

    NETTING = 0
    HEDGING = 1


class MarginCall(IntEnum):
    """What is closed when equity falls below the maintenance margin: see `margin.call_margin`."""

    NEVER = 0
    ALL = 1  # every position
    LARGEST_FIRST = 2  # whole positions, largest margin first, until equity is the initial margin
    PROPORTIONAL = 3  # the same part of each position, likewise


class DayCount(IntEnum):
    """The days of a year in interest, borrow fees and rebates."""

    ACTUAL_365 = 0
    ACTUAL_360 = 1


class MissingBar(IntEnum):
    """What pending orders do on a time at which their asset has no bar."""

    HOLD = 0
    LAST_BAR = 1  # they meet the latest bar again (market orders wait for a new one)


class UnknownPrice(IntEnum):
    """What a price that is not known (NaN) in a bar that an asset has does to orders."""

    WAITS = 0  # nothing trades in a bar without a close, nor where a fill would need the price
    TRADES = 1  # no level is reached by it; what would trade at it does, at a price not known


class CommissionTime(IntEnum):
    """When commission leaves cash."""

    WITH_FILL = 0
    END_OF_BAR = 1  # after all fills of the bar are booked; nothing is ever paid back


class CommissionCredit(IntEnum):
    """What a negative commission does, where it leaves cash at the end of the bar."""

    BOOKED = 0  # it is paid into cash
    NOT_BOOKED = 1  # the order notes it, cash and cost basis do not


class Booking(IntEnum):
    """In which steps a fill moves cash: it decides the last bit of a running sum."""

    BY_PART = 0  # the entry value of what closes, its profit, the value of what opens
    WHOLE = 1  # size times price, where a fill moves no more than that (else by part)


class CostBasis(IntEnum):
    """Whether a position's average price includes commission."""

    PRICE = 0
    WITH_COMMISSION = 1  # spread over the units held when it is booked, in points of the price


class Sizing(IntEnum):
    """Which sizes a fill may have."""

    FRACTIONAL = 0
    WHOLE = 1  # truncated toward zero


class NoVolume(IntEnum):
    """Whether a bar with zero volume trades."""

    TRADES = 0
    NO_TRADE = 1


class MarketExpiry(IntEnum):
    """Whether a market order can expire before it trades."""

    NEVER = 0
    EXPIRES = 1


class LimitSlippageFloor(IntEnum):
    """How far slippage can push a sell limit that the open has already passed."""

    LIMIT = 0  # down to the limit, even below the bar's low
    BAR_AND_LIMIT = 1  # not below the bar's low


@dataclass(frozen=True)
class Rules:
    """One execution model. Each field's type documents its values.

    `Rules()` is the plain textbook broker: next open, bar range triggers, gap at the open, cash
    checked when the order is sent and when it fills.
    """

    fill_time: FillTime = FillTime.NEXT_OPEN
    trigger_on: TriggerOn = TriggerOn.BAR_RANGE
    gap_fill: GapFill = GapFill.AT_OPEN
    stop_limit_path: StopLimitPath = StopLimitPath.INTRABAR
    trail_update: TrailUpdate = TrailUpdate.CLOSE
    cash_check: CashCheck = CashCheck.BOTH
    queue: Queue = Queue.SUBMISSION
    bracket_activation: BracketActivation = BracketActivation.NEXT_BAR
    partial_parent: PartialParent = PartialParent.CANCEL
    partial_stop: PartialStop = PartialStop.MARKET
    late_member: LateMember = LateMember.JOINS
    trigger_status: TriggerStatus = TriggerStatus.STATUS
    change_priority: ChangePriority = ChangePriority.LOSE
    limit_touch: LimitTouch = LimitTouch.TOUCH
    price_path: PricePath = PricePath.WHOLE_BAR
    bar_stamp: BarStamp = BarStamp.OPEN
    buying_power: BuyingPower = BuyingPower.CASH
    positioning: Positioning = Positioning.NETTING
    margin_call: MarginCall = MarginCall.NEVER
    margin_worth: MarginWorth = MarginWorth.AT_ENTRY
    exit_check: ExitCheck = ExitCheck.PASSES
    day_count: DayCount = DayCount.ACTUAL_365
    short_cash: ShortCash = ShortCash.CREDITED
    missing_bar: MissingBar = MissingBar.HOLD
    unknown_price: UnknownPrice = UnknownPrice.WAITS
    commission_time: CommissionTime = CommissionTime.WITH_FILL
    commission_credit: CommissionCredit = CommissionCredit.BOOKED
    booking: Booking = Booking.BY_PART
    cost_basis: CostBasis = CostBasis.PRICE
    sizing: Sizing = Sizing.FRACTIONAL
    no_volume: NoVolume = NoVolume.TRADES
    market_expiry: MarketExpiry = MarketExpiry.NEVER
    limit_slippage_floor: LimitSlippageFloor = LimitSlippageFloor.LIMIT
    #: Orders, changes and cancels reach the market this many bars later ...
    latency_bars: int = 0
    #: ... and not before this many ns have passed since the bar in which they were sent.
    latency: int = 0
    #: Proceeds of sales pay for purchases after this many sessions, at most 8 (T + 2: 2).
    settlement_sessions: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            # A bare integer or name is accepted and becomes the enum: settings come from files.
            value = getattr(self, field.name)
            if field.name in NUMBERS:
                most = NUMBERS[field.name]
                if value != int(value) or not 0 <= value <= most:
                    raise ValueError(
                        f"Rules.{field.name} must be a whole number from 0 to {most}, "
                        f"not {value!r}."
                    )
                object.__setattr__(self, field.name, int(value))
                continue
            enum = ENUMS[field.name]
            if isinstance(value, str):
                try:
                    value = enum[value.upper()]
                except KeyError:
                    names = ", ".join(m.name.lower() for m in enum)
                    raise ValueError(f"Rules.{field.name}: {value!r} is none of {names}.") from None
            object.__setattr__(self, field.name, enum(value))

    def replace(self, **changes) -> Rules:
        """The same rules with some fields changed."""
        return replace(self, **changes)

    def to_record(self) -> np.ndarray:
        """`RULES[1]`, as the kernels read it."""
        record = np.zeros(1, dtype=RULES)
        for field in fields(self):
            record[field.name] = int(getattr(self, field.name))
        for name in COLUMNS + IMPACT_COLUMNS:
            record[f"column_{name}"] = -1
        return record


ENUMS: dict[str, type[IntEnum]] = {
    "fill_time": FillTime,
    "trigger_on": TriggerOn,
    "gap_fill": GapFill,
    "stop_limit_path": StopLimitPath,
    "trail_update": TrailUpdate,
    "cash_check": CashCheck,
    "queue": Queue,
    "bracket_activation": BracketActivation,
    "partial_parent": PartialParent,
    "partial_stop": PartialStop,
    "late_member": LateMember,
    "trigger_status": TriggerStatus,
    "change_priority": ChangePriority,
    "limit_touch": LimitTouch,
    "price_path": PricePath,
    "bar_stamp": BarStamp,
    "buying_power": BuyingPower,
    "positioning": Positioning,
    "margin_call": MarginCall,
    "margin_worth": MarginWorth,
    "exit_check": ExitCheck,
    "day_count": DayCount,
    "short_cash": ShortCash,
    "missing_bar": MissingBar,
    "unknown_price": UnknownPrice,
    "commission_time": CommissionTime,
    "commission_credit": CommissionCredit,
    "booking": Booking,
    "cost_basis": CostBasis,
    "sizing": Sizing,
    "no_volume": NoVolume,
    "market_expiry": MarketExpiry,
    "limit_slippage_floor": LimitSlippageFloor,
}

#: Fields that are numbers, with the most that each may be.
NUMBERS = {"latency_bars": 2**31, "latency": 2**62, "settlement_sessions": 8}

#: Columns of the data (`Bars.extra`) that the engine reads when they are there, with their place
#: in `Book.columns`; see docs/semantics.md for what each does.
COLUMNS = (
    "bid",
    "ask",
    "volatility",
    "borrow_rate",
    "available",
    "funding",
    "settlement",
)

#: Columns that the engine is given by the slippage models, not by the data: see
#: `costs.impact_columns`.
IMPACT_COLUMNS = ("impact_sigma", "impact_volume")

#: The rules as kernels read them; `column_...` is a place in `Book.columns`, -1: not given.
RULES = np.dtype(
    [(name, np.int8) for name in ENUMS]
    + [(name, np.int64) for name in NUMBERS]
    + [(f"column_{name}", np.int64) for name in COLUMNS + IMPACT_COLUMNS]
)
