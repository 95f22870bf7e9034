"""Readers of market data, and the bundled sample of real daily bars."""

from .readers import read_csv, read_parquet
from .sample import Split, sample, sample_frame, sample_splits

__all__ = [
    "Split",
    "read_csv",
    "read_parquet",
    "sample",
    "sample_frame",
    "sample_splits",
]
