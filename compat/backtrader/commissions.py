"""Commission infos by kind of asset and of fee; here a percentage is given as 1.0 for 1 %."""

from __future__ import annotations

from .comminfo import CommInfoBase

__all__ = [
    "CommInfo",
    "CommInfo_Futures",
    "CommInfo_Futures_Fixed",
    "CommInfo_Futures_Perc",
    "CommInfo_Stocks",
    "CommInfo_Stocks_Fixed",
    "CommInfo_Stocks_Perc",
]


class CommInfo(CommInfoBase):
    """As the base."""


class CommInfo_Futures(CommInfoBase):
    """Held by margin."""

    params = (("stocklike", False),)


class CommInfo_Futures_Perc(CommInfo_Futures):
    """Held by margin, fee in percent of the price."""

    params = (("commtype", CommInfoBase.COMM_PERC),)


class CommInfo_Futures_Fixed(CommInfo_Futures):
    """Held by margin, fee per unit."""

    params = (("commtype", CommInfoBase.COMM_FIXED),)


class CommInfo_Stocks(CommInfoBase):
    """Bought for its price."""

    params = (("stocklike", True),)


class CommInfo_Stocks_Perc(CommInfo_Stocks):
    """Bought for its price, fee in percent of it."""

    params = (("commtype", CommInfoBase.COMM_PERC),)


class CommInfo_Stocks_Fixed(CommInfo_Stocks):
    """Bought for its price, fee per unit."""

    params = (("commtype", CommInfoBase.COMM_FIXED),)
