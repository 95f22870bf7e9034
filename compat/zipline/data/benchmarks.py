"""Returns of a benchmark from a file."""

from __future__ import annotations

__all__ = ["get_benchmark_returns_from_file"]


def get_benchmark_returns_from_file(filelike):
    """A Series of daily returns by naive date, from CSV columns `date` and `return`.

    Raises ValueError when there is no column `return`.
    """
    import pandas as pd

    frame = pd.read_csv(filelike, index_col=["date"], parse_dates=["date"])
    index = frame.index
    if isinstance(index, pd.DatetimeIndex) and index.tz is not None:
        frame = frame.tz_localize(None)
    if "return" not in frame.columns:
        raise ValueError(
            "The column 'return' not found in the benchmark file: it must have the columns date "
            "and return, such as 2020-01-02,0.01."
        )
    return frame["return"].sort_index()
