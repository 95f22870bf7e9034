"""Where Backtrader keeps functions of lines."""

from __future__ import annotations

from .operations import (
    All,
    And,
    Any_,
    Cmp,
    CmpEx,
    DivByZero,
    DivZeroByZero,
    If,
    Logic,
    Max,
    Min,
    MultiLogic,
    MultiLogicReduce,
    Or,
    Reduce,
    Sum,
)
from .unsupported import missing

Any = Any_


class List(list):
    """A list in which only the very same object is found."""

    def __contains__(self, other: object) -> bool:
        return any(hash(one) == hash(other) for one in self)


__all__ = [
    "All",
    "And",
    "Any",
    "Cmp",
    "CmpEx",
    "DivByZero",
    "DivZeroByZero",
    "If",
    "List",
    "Logic",
    "Max",
    "Min",
    "MultiLogic",
    "MultiLogicReduce",
    "Or",
    "Reduce",
    "Sum",
]


def __getattr__(name: str):
    raise missing("functions", name)
