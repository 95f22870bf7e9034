"""Prices from CSV files with one column for each asset."""

from __future__ import annotations

import os

__all__ = ["load_prices_from_csv", "load_prices_from_csv_folder"]


def load_prices_from_csv(filepath, identifier_col, tz="UTC"):
    """A frame by time, in order; `identifier_col` is the file's column of times."""
    import pandas as pd

    frame = pd.read_csv(filepath, index_col=identifier_col)
    frame.index = pd.DatetimeIndex(frame.index, tz=tz)
    return frame.sort_index()


def load_prices_from_csv_folder(folderpath, identifier_col, tz="UTC"):
    """The columns of all CSV files of a folder, side by side; None when it has none."""
    import pandas as pd

    frames = [
        load_prices_from_csv(os.path.join(folderpath, name), identifier_col, tz)
        for name in os.listdir(folderpath)
        if ".csv" in name
    ]
    return pd.concat(frames, axis=1) if frames else None
