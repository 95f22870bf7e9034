"""`Position`: what is held of one data."""

from __future__ import annotations

from copy import copy
from typing import Any

from .dates import num2date


class Position:
    """Size (negative: short) and average price. Truth value: whether anything is held."""

    __slots__ = (
        "_adjbase",
        "_data",
        "_datetime",
        "price",
        "price_orig",
        "size",
        "upclosed",
        "updt",
        "upopened",
    )

    def __init__(self, size: float = 0, price: float = 0.0) -> None:
        self.size = size
        self.price = price if size else 0.0
        self.price_orig = self.price
        self.upopened = size
        self.upclosed: float = 0
        self.updt = None
        self._adjbase: float | None = None
        self._datetime: float | None = None
        self._data: Any = None

    @property
    def adjbase(self) -> float | None:
        """The price up to which profit is settled: the latest close while anything is held."""
        if self.size and self._data is not None:
            return self._data.close[0]
        return self._adjbase

    @property
    def datetime(self) -> Any:
        """The latest time at which anything was held."""
        if self.size and self._data is not None:
            return self._data.datetime.datetime()
        return None if self._datetime is None else num2date(self._datetime)

    def __str__(self) -> str:
        return "\n".join(
            (
                "--- Position Begin",
                f"- Size: {self.size}",
                f"- Price: {self.price}",
                f"- Price orig: {self.price_orig}",
                f"- Closed: {self.upclosed}",
                f"- Opened: {self.upopened}",
                f"- Adjbase: {self.adjbase}",
                "--- Position End",
            )
        )

    def __len__(self) -> Any:
        return abs(self.size)

    def __bool__(self) -> bool:
        return self.size != 0

    def clone(self) -> Position:
        return Position(self.size, self.price)

    def __copy__(self) -> Position:
        other = Position.__new__(Position)
        for name in Position.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def copy(self) -> Position:
        return copy(self)
