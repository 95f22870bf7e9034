"""Readers of market data, data sets on disk, and the bundled sample of real daily bars."""

from .bar_catalog import DataSet, data_set, data_sets, load_bars, save_bars
from .readers import read_csv, read_parquet, read_quotes, read_trades
from .sample import Split, sample, sample_frame, sample_splits

__all__ = [
    "DataSet",
    "Split",
    "data_set",
    "data_sets",
    "load_bars",
    "read_csv",
    "read_parquet",
    "read_quotes",
    "read_trades",
    "sample",
    "sample_frame",
    "sample_splits",
    "save_bars",
]
