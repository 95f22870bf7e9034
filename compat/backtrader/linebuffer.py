"""Where Backtrader keeps single lines and what is computed of them."""

from __future__ import annotations

from typing import Any

from .lines import NAN, Line
from .operations import LineActions, LineDelay, LineNumber, LineOwnOperation, LinesOperation
from .unsupported import missing

LineBuffer = Line


def LineNum(num: Any) -> LineNumber:
    """A plain value as a line."""
    return LineNumber(num)


class PseudoArray:
    """A plain value that can be read like a line: the same at every index."""

    def __init__(self, wrapped: Any) -> None:
        self.wrapped = wrapped

    def __getitem__(self, key: int) -> Any:
        return self.wrapped

    @property
    def array(self) -> PseudoArray:
        return self


__all__ = [
    "NAN",
    "LineActions",
    "LineBuffer",
    "LineDelay",
    "LineNum",
    "LineOwnOperation",
    "LinesOperation",
    "PseudoArray",
]


def __getattr__(name: str):
    raise missing("linebuffer", name)
