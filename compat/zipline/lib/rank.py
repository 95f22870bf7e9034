"""Ranks and maxima within rows [dates, assets]."""

from __future__ import annotations

import numpy as np

from ....core import ranking
from ..utils.numpy_utils import is_missing

#: How equal values are ranked, by the public names.
METHODS = {
    "average": ranking.AVERAGE,
    "min": ranking.LOWEST,
    "max": ranking.HIGHEST,
    "dense": ranking.DENSE,
    "ordinal": ranking.ORDINAL,
}


def masked_rankdata_2d(data, mask, missing_value, method, ascending):
    """Ranks of each row within the mask: float64, NaN outside of it and for missing values.

    data: float64, int64 or datetime64[ns]; else TypeError. Integers and dates are compared by their
    bits as floats, which is their order if none is negative.
    """
    if data.dtype.name not in ("float64", "int64", "datetime64[ns]"):
        raise TypeError(f"There are no ranks of {data.dtype}.")
    left_out = ~mask | is_missing(data, missing_value)
    values = np.where(left_out, np.nan, np.ascontiguousarray(data).view(np.float64))
    out = np.empty(values.shape)
    ranking.rank_rows(values, left_out, METHODS[method], not ascending, out)
    return out


def rankdata_2d_ordinal(array):
    """Ranks of each row of floats: equal values by their columns, NaN last."""
    values = np.ascontiguousarray(array, dtype=np.float64)
    out = np.empty(values.shape)
    ranking.rank_rows(values, np.zeros(values.shape, bool), ranking.ORDINAL, False, out)
    return out


def rankdata_1d(data, method):
    """Ranks of one row; NaN everywhere if a value is."""
    return _one_group(np.asarray(data, dtype=np.float64), method, False)


def rankdata_1d_descending(data, method):
    """Ranks of one row, the highest value first; integers by their bits as floats."""
    return _one_group(np.ascontiguousarray(data).view(np.float64), method, True)


def _one_group(values, method, descending):
    out = np.empty((1, len(values)))
    codes = np.zeros(out.shape, np.int64)
    ranking.transform_groups(
        values[None], codes, 1, ranking.RANK, METHODS[method], float(descending), np.nan, out
    )
    return out[0]


def group_codes(labels, null_label, inside):
    """(int64 codes from 0, their number) of integer labels; -1 outside and for the null label."""
    labels = labels.astype(np.int64)
    inside = inside & (labels != null_label)
    present = labels[inside]
    if not present.size:
        return np.full(labels.shape, -1, np.int64), 1
    low, high = int(present.min()), int(present.max())
    if high - low <= labels.size:
        return np.where(inside, labels - low, -1), high - low + 1
    codes = np.full(labels.shape, -1, np.int64)
    distinct, codes[inside] = np.unique(present, return_inverse=True)
    return codes, len(distinct)


def grouped_masked_is_maximal(data, groupby, groups):
    """bool: the first highest integer of each group in its row.

    groupby, groups: as `group_codes` gives them.
    """
    out = np.empty(data.shape, dtype=bool)
    ranking.mark_maxima(np.ascontiguousarray(data), groupby, groups, out)
    return out
