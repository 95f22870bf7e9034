"""VectorBT's enumerations of the portfolio, by their public names and numbers."""

from __future__ import annotations

from typing import NamedTuple

from ....core.execution import REASONS
from ....core.matrix import ORDER_RECORD as order_dt
from ....core.order_log import LOG_RECORD as log_dt
from ....core.order_types import NO_ORDER as NoOrder
from ....core.order_types import (
    AdjustSLContext,
    AdjustTPContext,
    ExecuteOrderState,
    FlexOrderContext,
    GroupContext,
    Order,
    OrderContext,
    OrderResult,
    PostOrderContext,
    ProcessOrderState,
    RowContext,
    SegmentContext,
    SignalContext,
    SimulationContext,
)
from ....core.records import TRADE_RECORD as trade_dt
from ..unsupported import missing

__all__ = [
    "AccumulationMode",
    "AdjustSLContext",
    "AdjustTPContext",
    "CallSeqType",
    "ConflictMode",
    "Direction",
    "DirectionConflictMode",
    "ExecuteOrderState",
    "FlexOrderContext",
    "GroupContext",
    "InitCashMode",
    "NoOrder",
    "OppositeEntryMode",
    "Order",
    "OrderContext",
    "OrderResult",
    "OrderSide",
    "OrderStatus",
    "OrderStatusInfo",
    "PostOrderContext",
    "ProcessOrderState",
    "RejectedOrderError",
    "RowContext",
    "SegmentContext",
    "SignalContext",
    "SimulationContext",
    "SizeType",
    "StopEntryPrice",
    "StopExitMode",
    "StopExitPrice",
    "StopUpdateMode",
    "TradeDirection",
    "TradeStatus",
    "TradesType",
    "log_dt",
    "order_dt",
    "trade_dt",
]


class RejectedOrderError(Exception):
    """An order was rejected, and `raise_reject` asked for an error."""


class InitCashModeT(NamedTuple):
    Auto: int = 0
    AutoAlign: int = 1


class CallSeqTypeT(NamedTuple):
    Default: int = 0
    Reversed: int = 1
    Random: int = 2
    Auto: int = 3


class AccumulationModeT(NamedTuple):
    Disabled: int = 0
    Both: int = 1
    AddOnly: int = 2
    RemoveOnly: int = 3


class ConflictModeT(NamedTuple):
    Ignore: int = 0
    Entry: int = 1
    Exit: int = 2
    Adjacent: int = 3
    Opposite: int = 4


class DirectionConflictModeT(NamedTuple):
    Ignore: int = 0
    Long: int = 1
    Short: int = 2
    Adjacent: int = 3
    Opposite: int = 4


class OppositeEntryModeT(NamedTuple):
    Ignore: int = 0
    Close: int = 1
    CloseReduce: int = 2
    Reverse: int = 3
    ReverseReduce: int = 4


class StopEntryPriceT(NamedTuple):
    ValPrice: int = 0
    Price: int = 1
    FillPrice: int = 2
    Close: int = 3


class StopExitPriceT(NamedTuple):
    StopLimit: int = 0
    StopMarket: int = 1
    Price: int = 2
    Close: int = 3


class StopExitModeT(NamedTuple):
    Close: int = 0
    CloseReduce: int = 1
    Reverse: int = 2
    ReverseReduce: int = 3


class StopUpdateModeT(NamedTuple):
    Keep: int = 0
    Override: int = 1
    OverrideNaN: int = 2


class SizeTypeT(NamedTuple):
    Amount: int = 0
    Value: int = 1
    Percent: int = 2
    TargetAmount: int = 3
    TargetValue: int = 4
    TargetPercent: int = 5


class DirectionT(NamedTuple):
    LongOnly: int = 0
    ShortOnly: int = 1
    Both: int = 2


class OrderSideT(NamedTuple):
    Buy: int = 0
    Sell: int = 1


class OrderStatusT(NamedTuple):
    Filled: int = 0
    Ignored: int = 1
    Rejected: int = 2


class OrderStatusInfoT(NamedTuple):
    SizeNaN: int = 0
    PriceNaN: int = 1
    ValPriceNaN: int = 2
    ValueNaN: int = 3
    ValueZeroNeg: int = 4
    SizeZero: int = 5
    NoCashShort: int = 6
    NoCashLong: int = 7
    NoOpenPosition: int = 8
    MaxSizeExceeded: int = 9
    RandomEvent: int = 10
    CantCoverFees: int = 11
    MinSizeNotReached: int = 12
    PartialFill: int = 13


class TradeDirectionT(NamedTuple):
    Long: int = 0
    Short: int = 1


class TradeStatusT(NamedTuple):
    Open: int = 0
    Closed: int = 1


class DrawdownStatusT(NamedTuple):
    Active: int = 0
    Recovered: int = 1


class TradesTypeT(NamedTuple):
    EntryTrades: int = 0
    ExitTrades: int = 1
    Positions: int = 2


InitCashMode = InitCashModeT()
CallSeqType = CallSeqTypeT()
AccumulationMode = AccumulationModeT()
ConflictMode = ConflictModeT()
DirectionConflictMode = DirectionConflictModeT()
OppositeEntryMode = OppositeEntryModeT()
StopEntryPrice = StopEntryPriceT()
StopExitPrice = StopExitPriceT()
StopExitMode = StopExitModeT()
StopUpdateMode = StopUpdateModeT()
SizeType = SizeTypeT()
Direction = DirectionT()
OrderSide = OrderSideT()
OrderStatus = OrderStatusT()
OrderStatusInfo = OrderStatusInfoT()
TradeDirection = TradeDirectionT()
TradeStatus = TradeStatusT()
DrawdownStatus = DrawdownStatusT()
TradesType = TradesTypeT()

#: Why an order was not filled, by the number of `OrderStatusInfo`.
status_info_desc = [REASONS[number] for number in OrderStatusInfo]


def __getattr__(name: str):
    if not name[0].isupper():  # the compiler asks modules for all kinds of names
        raise AttributeError(name)
    raise missing(f"portfolio.enums.{name}")
