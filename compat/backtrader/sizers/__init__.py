"""The sizers: how many units an order without a size asks for."""

from __future__ import annotations

from ..sizer import Sizer, SizerBase
from ..unsupported import missing
from .fixedsize import FixedReverser, FixedSize, FixedSizeTarget, SizerFix
from .percents_sizer import AllInSizer, AllInSizerInt, PercentSizer, PercentSizerInt

__all__ = [
    "AllInSizer",
    "AllInSizerInt",
    "FixedReverser",
    "FixedSize",
    "FixedSizeTarget",
    "PercentSizer",
    "PercentSizerInt",
    "Sizer",
    "SizerBase",
    "SizerFix",
]


def __getattr__(name: str):
    raise missing("sizers", name)
