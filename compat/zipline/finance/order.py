"""The states of an order."""

from __future__ import annotations

from enum import IntEnum

from ..unsupported import module_gaps

__all__ = ["ORDER_STATUS"]

__getattr__ = module_gaps("zipline.finance.order")


class ORDER_STATUS(IntEnum):
    """Where an order stands, as `status` of an order shows it."""

    OPEN = 0
    FILLED = 1
    CANCELLED = 2
    REJECTED = 3
    HELD = 4
