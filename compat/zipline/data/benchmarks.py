"""Returns of a benchmark from a file."""

from __future__ import annotations

import logging

log = logging.getLogger("zipline.data.benchmarks")


def get_benchmark_returns_from_file(filelike):
    """A Series of daily returns, by date, from the columns `date` and `return` of a CSV file.

    Raises ValueError without a column `return`.
    """
    import pandas as pd

    log.info("Reading benchmark returns from %s", filelike)
    frame = pd.read_csv(filelike, index_col=["date"], parse_dates=["date"])
    if frame.index.tz is not None:
        frame = frame.tz_localize(None)
    if "return" not in frame.columns:
        raise ValueError(
            f"The benchmark file {filelike} has the columns {', '.join(map(str, frame.columns))}, "
            "none of them `return`: its header has to be date,return, with returns as fractions."
        )
    return frame["return"].sort_index()
