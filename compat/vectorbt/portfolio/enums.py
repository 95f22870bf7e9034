"""VectorBT's enumerations of the portfolio, by their public names and numbers."""

from __future__ import annotations

from typing import NamedTuple

from ....core.matrix import ORDER_RECORD as order_dt
from ....core.order_log import LOG_RECORD as log_dt
from ....core.records import TRADE_RECORD as trade_dt
from ..unsupported import missing

__all__ = [
    "AccumulationMode",
    "CallSeqType",
    "ConflictMode",
    "Direction",
    "DirectionConflictMode",
    "InitCashMode",
    "OppositeEntryMode",
    "OrderSide",
    "OrderStatus",
    "OrderStatusInfo",
    "RejectedOrderError",
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


class _InitCashMode(NamedTuple):
    Auto: int = 0
    AutoAlign: int = 1


class _CallSeqType(NamedTuple):
    Default: int = 0
    Reversed: int = 1
    Random: int = 2
    Auto: int = 3


class _AccumulationMode(NamedTuple):
    Disabled: int = 0
    Both: int = 1
    AddOnly: int = 2
    RemoveOnly: int = 3


class _ConflictMode(NamedTuple):
    Ignore: int = 0
    Entry: int = 1
    Exit: int = 2
    Adjacent: int = 3
    Opposite: int = 4


class _DirectionConflictMode(NamedTuple):
    Ignore: int = 0
    Long: int = 1
    Short: int = 2
    Adjacent: int = 3
    Opposite: int = 4


class _OppositeEntryMode(NamedTuple):
    Ignore: int = 0
    Close: int = 1
    CloseReduce: int = 2
    Reverse: int = 3
    ReverseReduce: int = 4


class _StopEntryPrice(NamedTuple):
    ValPrice: int = 0
    Price: int = 1
    FillPrice: int = 2
    Close: int = 3


class _StopExitPrice(NamedTuple):
    StopLimit: int = 0
    StopMarket: int = 1
    Price: int = 2
    Close: int = 3


class _StopExitMode(NamedTuple):
    Close: int = 0
    CloseReduce: int = 1
    Reverse: int = 2
    ReverseReduce: int = 3


class _StopUpdateMode(NamedTuple):
    Keep: int = 0
    Override: int = 1
    OverrideNaN: int = 2


class _SizeType(NamedTuple):
    Amount: int = 0
    Value: int = 1
    Percent: int = 2
    TargetAmount: int = 3
    TargetValue: int = 4
    TargetPercent: int = 5


class _Direction(NamedTuple):
    LongOnly: int = 0
    ShortOnly: int = 1
    Both: int = 2


class _OrderSide(NamedTuple):
    Buy: int = 0
    Sell: int = 1


class _OrderStatus(NamedTuple):
    Filled: int = 0
    Ignored: int = 1
    Rejected: int = 2


class _OrderStatusInfo(NamedTuple):
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


class _TradeDirection(NamedTuple):
    Long: int = 0
    Short: int = 1


class _TradeStatus(NamedTuple):
    Open: int = 0
    Closed: int = 1


class _DrawdownStatus(NamedTuple):
    Active: int = 0
    Recovered: int = 1


class _TradesType(NamedTuple):
    EntryTrades: int = 0
    ExitTrades: int = 1
    Positions: int = 2


InitCashMode = _InitCashMode()
CallSeqType = _CallSeqType()
AccumulationMode = _AccumulationMode()
ConflictMode = _ConflictMode()
DirectionConflictMode = _DirectionConflictMode()
OppositeEntryMode = _OppositeEntryMode()
StopEntryPrice = _StopEntryPrice()
StopExitPrice = _StopExitPrice()
StopExitMode = _StopExitMode()
StopUpdateMode = _StopUpdateMode()
SizeType = _SizeType()
Direction = _Direction()
OrderSide = _OrderSide()
OrderStatus = _OrderStatus()
OrderStatusInfo = _OrderStatusInfo()
TradeDirection = _TradeDirection()
TradeStatus = _TradeStatus()
DrawdownStatus = _DrawdownStatus()
TradesType = _TradesType()


def __getattr__(name: str):
    if name.startswith("__"):
        raise AttributeError(name)
    raise missing(f"portfolio.enums.{name}")
