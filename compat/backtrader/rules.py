"""The execution rules of this framework's broker, as `core` parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...core.costs import Commission, Slippage
from ...core.instruments import Instrument
from ...core.rules import (
    CashCheck,
    ExitCheck,
    FillTime,
    LateMember,
    MarginWorth,
    MissingBar,
    PartialStop,
    Rules,
    ShortCash,
    TriggerStatus,
    UnknownPrice,
)

if TYPE_CHECKING:
    from ...core.pricing import Pricing


def rules_of(p: Any) -> Rules:
    """`Rules` of the broker's parameters."""
    fill_time = FillTime.NEXT_OPEN
    if p.coo:
        fill_time = FillTime.THIS_OPEN
    elif p.coc:
        fill_time = FillTime.THIS_CLOSE
    return Rules(
        fill_time=fill_time,
        cash_check=CashCheck.BOTH if p.checksubmit else CashCheck.ON_FILL,
        short_cash=ShortCash.CREDITED if p.shortcash else ShortCash.LOCKED,
        missing_bar=MissingBar.LAST_BAR,
        unknown_price=UnknownPrice.TRADES,
        trigger_status=TriggerStatus.SILENT,
        late_member=LateMember.RESENDS,
        partial_stop=PartialStop.STOP,
        margin_worth=MarginWorth.AT_CLOSE,
        exit_check=ExitCheck.CHECKED,
    )


def own_time(p: Any, order: Any) -> FillTime | None:
    """The fill time of a market order where it is not that of `rules_of`.

    With both cheats cash is checked as for one, at the open, and orders fill as with the other.
    """
    cheats = order.info.get("coc", True)
    if p.coo:
        return FillTime.THIS_CLOSE if cheats else None
    return None if cheats else FillTime.NEXT_OPEN


def slippage_of(p: Any) -> Slippage:
    """`Slippage` of the broker's parameters."""
    kind, rate = "none", 0.0
    if p.slip_perc:
        kind, rate = "percent", p.slip_perc
    elif p.slip_fixed:
        kind, rate = "fixed", p.slip_fixed
    return Slippage(
        kind=kind,
        rate=float(rate),
        at_open=bool(p.slip_open),
        within_bar=bool(p.slip_match),
        limit_within_bar=bool(p.slip_limit),
        beyond_bar=bool(p.slip_out),
    )


def commission_of(info: Any, pricing: Pricing | None = None) -> Commission:
    """`Commission` of a commission info; none where its class has a fee of its own."""
    if pricing is not None and pricing.fee is not None:
        return Commission()
    kind = "percent" if info._commtype == info.COMM_PERC else "per_share"
    return Commission(kind=kind, rate=float(info.p.commission))


def instrument_of(
    info: Any, pricing: Pricing | None = None, int2pnl: bool = True, gaps: bool = False
) -> Instrument:
    """`Instrument` of a commission info; int2pnl: of the broker; gaps: prices are missing."""
    p = info.p
    interest = 0.0 if pricing is not None and pricing.interest is not None else float(p.interest)
    one = Instrument(
        multiplier=float(p.mult),
        leverage=float(p.leverage),
        carry_rate=interest,
        carry_always=gaps,
        carry_longs=bool(p.interest_long),
        carry_with_exit=bool(int2pnl),
        pricing=pricing,
    )
    if info.stocklike:
        return one
    if p.automargin:
        rate = p.mult if p.automargin < 0 else p.automargin
        return replace(one, margin_rate=float(rate))
    return replace(one, margin=float(p.margin))
