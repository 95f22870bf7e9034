"""Readers of market data, and the bundled sample of real daily bars."""

from .readers import read_csv, read_parquet, read_quotes, read_trades
from .sample import Split, sample, sample_frame, sample_splits

__all__ = [
    "Split",
    "read_csv",
    "read_parquet",
    "read_quotes",
    "read_trades",
    "sample",
    "sample_frame",
    "sample_splits",
]
