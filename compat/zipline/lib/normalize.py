"""A function over the groups of each row."""

from __future__ import annotations

import numpy as np


def naive_grouped_rowwise_apply(data, group_labels, func, func_args=(), out=None):
    """func of the values of each group of each row, back in their places.

    data, group_labels: [rows, columns]. out: where to write, else a new array like `data`.
    """
    if out is None:
        out = np.empty_like(data)
    for row, labels, result in zip(data, group_labels, out, strict=True):
        for label in np.unique(labels):
            places = labels == label
            result[places] = func(row[places], *func_args)
    return out
