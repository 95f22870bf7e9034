"""Labels from the rows that follow, for training; in trading they would look ahead."""

from __future__ import annotations

from .enums import TrendMode
from .generators import BOLB, FIXLB, FMAX, FMEAN, FMIN, FSTD, LEXLB, MEANLB, TRENDLB

__all__ = [
    "BOLB",
    "FIXLB",
    "FMAX",
    "FMEAN",
    "FMIN",
    "FSTD",
    "LEXLB",
    "MEANLB",
    "TRENDLB",
    "TrendMode",
]
