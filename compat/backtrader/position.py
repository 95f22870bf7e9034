"""`Position`: what is held of one data."""

from __future__ import annotations

from typing import Any

from .dates import num2date
from .naming import PublicName, shown


class Position(metaclass=PublicName):
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
        self.upopened: float = 0
        self.upclosed: float = 0
        self.updt = None
        self._adjbase: float | None = None
        self._datetime: Any = None
        self._data: Any = None

    @property
    def adjbase(self) -> float | None:
        """The price up to which profit is settled: the latest close while anything is held."""
        if self.size and self._data is not None:
            return self._data.close[0]
        return self._adjbase

    @adjbase.setter
    def adjbase(self, price: float | None) -> None:
        self._adjbase = price

    @property
    def datetime(self) -> Any:
        """The latest time at which anything was held."""
        if self.size and self._data is not None:
            return self._data.datetime.datetime()
        time = self._datetime
        return num2date(time) if isinstance(time, float) else time

    @datetime.setter
    def datetime(self, time: Any) -> None:
        self._datetime = time

    def update(
        self, size: float, price: float, dt: Any = None
    ) -> tuple[float, float, float, float]:
        """Trade `size` units at `price`: (size, price, opened, closed) after it."""
        self._datetime = dt
        self.price_orig = self.price
        before, after = self.size, self.size + size
        if before and after and (before > 0) != (after > 0):
            opened, closed = after, -before  # through zero: what is left is new
            self.price = price
        elif not before or (after and (before > 0) == (size > 0)):
            opened, closed = size, 0
            self.price = (self.price * before + size * price) / after if before else price
        else:
            opened, closed = 0, size
        if not after:
            opened, closed = 0, size
            self.price = 0.0
        self.size, self.upopened, self.upclosed = after, opened, closed
        return self.size, self.price, opened, closed

    def pseudoupdate(self, size: float, price: float) -> tuple[float, float, float, float]:
        """What `update` would return."""
        return Position(self.size, self.price).update(size, price)

    def fix(self, size: float, price: float) -> bool:
        """Set both; whether the size is what it was."""
        same = self.size == size
        self.size, self.price = size, price
        return same

    def set(self, size: float, price: float) -> tuple[float, float, float, float]:
        """Set both, and note what that opened and closed."""
        before = self.size
        if not before:
            self.upopened, self.upclosed = before, 0
        elif (size > before) if before > 0 else (size < before):
            self.upopened, self.upclosed = size - before, 0
        else:
            least = min if before > 0 else max
            self.upopened, self.upclosed = least(0, size), least(before, before - size)
        self.size, self.price_orig = size, self.price
        self.price = price if size else 0.0
        return self.size, self.price, self.upopened, self.upclosed

    __repr__ = shown

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

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        # As it now is: what it stands for is nobody's copy's.
        state = {name: getattr(self, name) for name in Position.__slots__}
        state.update(_adjbase=self.adjbase, _datetime=self.datetime, _data=None)
        return None, state
