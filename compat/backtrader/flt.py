"""The base of filters."""

from __future__ import annotations

from typing import Any

from .params import ParamsBase


class Filter(ParamsBase):
    """`nextstart` and `next` at the first bar, then `next`."""

    _firsttime = True

    def __init__(self, data: Any) -> None:
        pass

    def __call__(self, data: Any) -> None:
        if self._firsttime:
            self.nextstart(data)
            self._firsttime = False
        # What it returns is not looked at.
        self.next(data)

    def nextstart(self, data: Any) -> None:
        pass

    def next(self, data: Any) -> Any:
        pass


__all__ = ["Filter"]
