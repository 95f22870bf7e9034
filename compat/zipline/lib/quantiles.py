"""Quantiles within rows."""

from __future__ import annotations

import numpy as np

from ....core.ranking import label_quantiles


def quantiles(data, nbins_or_partition_bounds, missing=-1):
    """int64, the shape of `data`: the number of the quantile of each value in its row, from 0.

    nbins_or_partition_bounds: how many quantiles, or their ends as shares from 0 to 1. NaN gets
    `missing`. Raises ValueError where ends coincide, also for rows without any value.
    """
    bounds = nbins_or_partition_bounds
    shares = np.linspace(0, 1, bounds + 1) if np.ndim(bounds) == 0 else np.asarray(bounds)
    if not len(shares):
        raise IndexError(f"There cannot be {bounds} quantiles.")
    values = np.ascontiguousarray(data, dtype=np.float64)
    out = np.empty(values.shape, np.int64)
    # As percentiles and back: the last bit of a share decides to which side an end belongs.
    failed = label_quantiles(values, (shares * 100) / 100, missing, out)
    if failed >= 0:
        known = np.count_nonzero(~np.isnan(values[failed]))
        raise ValueError(
            f"Bin edges must be unique: row {failed} has {known} values, and {len(shares) - 1} "
            "quantiles of them cannot be told apart. Mask such days out, or ask for fewer."
        )
    return out
