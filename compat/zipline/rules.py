"""How a daily simulation trades, as a `Rules` of the core."""

from __future__ import annotations

from ...core.rules import (
    Booking,
    CashCheck,
    CommissionCredit,
    CommissionTime,
    CostBasis,
    FillTime,
    MissingBar,
    NoVolume,
    Queue,
    Rules,
    ShortCash,
    Sizing,
    TriggerOn,
    TriggerStatus,
)

RULES = Rules(
    fill_time=FillTime.NEXT_CLOSE,
    trigger_on=TriggerOn.CLOSE,
    cash_check=CashCheck.NONE,
    queue=Queue.BY_ASSET,
    short_cash=ShortCash.CREDITED,
    missing_bar=MissingBar.HOLD,
    commission_time=CommissionTime.END_OF_BAR,
    commission_credit=CommissionCredit.NOT_BOOKED,
    booking=Booking.WHOLE,
    cost_basis=CostBasis.WITH_COMMISSION,
    sizing=Sizing.WHOLE,
    no_volume=NoVolume.NO_TRADE,
    trigger_status=TriggerStatus.SILENT,
)
