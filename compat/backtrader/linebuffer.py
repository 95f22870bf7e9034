"""Where Backtrader keeps single lines and what is computed of them."""

from __future__ import annotations

from .lines import Line
from .operations import LineActions, LineDelay, LineNumber, LineOwnOperation, LinesOperation
from .unsupported import missing

LineBuffer = Line
LineNum = LineNumber

__all__ = [
    "LineActions",
    "LineBuffer",
    "LineDelay",
    "LineNum",
    "LineOwnOperation",
    "LinesOperation",
]


def __getattr__(name: str):
    raise missing("linebuffer", name)
