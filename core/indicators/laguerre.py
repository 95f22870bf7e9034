"""A filter of four stages in a row, and the relative strength measured between its stages."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def laguerre_stages(values, gamma, start):
    """The four stages of the filter: float64[4, T], begun from zero at index `start`.

    gamma: from 0 (no delay) to 1, the weight of a stage's previous value.
    """
    n = len(values)
    out = np.full((4, n), np.nan)
    a = b = c = d = 0.0
    for i in range(start, n):
        a0, b0, c0 = a, b, c
        a = (1.0 - gamma) * values[i] + gamma * a0
        b = -gamma * a + a0 + gamma * b0
        c = -gamma * b + b0 + gamma * c0
        d = -gamma * c + c0 + gamma * d
        out[0, i] = a
        out[1, i] = b
        out[2, i] = c
        out[3, i] = d
    return out


@njit
def laguerre_filter(values, gamma, start):
    """The stages weighted 1, 2, 2, 1: float64[T], NaN before `start`; and the stages."""
    stages = laguerre_stages(values, gamma, start)
    out = np.full(len(values), np.nan)
    for i in range(start, len(values)):
        out[i] = (stages[0, i] + 2.0 * stages[1, i] + 2.0 * stages[2, i] + stages[3, i]) / 6.0
    return out, stages


@njit
def laguerre_strength(values, gamma, start):
    """Falls from stage to stage over all differences: float64[T], 0 to 1; and the stages.

    NaN before `start`; 1.0 where all stages are equal.
    """
    stages = laguerre_stages(values, gamma, start)
    out = np.full(len(values), np.nan)
    for i in range(start, len(values)):
        up = 0.0
        down = 0.0
        for k in range(3):
            if stages[k, i] >= stages[k + 1, i]:
                up += stages[k, i] - stages[k + 1, i]
            else:
                down += stages[k + 1, i] - stages[k, i]
        whole = up + down
        out[i] = 1.0 if whole == 0.0 else up / whole
    return out, stages
