"""The parabolic stop: a level that follows the trend ever faster until prices cross it."""

from __future__ import annotations

import numpy as np

from ..jit import njit


@njit
def parabolic_stop(high, low, close, step, limit, first):
    """Parabolic stop and reverse: float64[T], NaN before index `first`.

    high, low, close: float64[T], the bar's prices. step: by how much the acceleration grows with
    each new extreme, and where it begins; limit: what it does not pass. The recursion begins on
    the second bar, with the middle of its range as the level and, as the trend that this very bar
    may end, the opposite of the change of close. first: the first index that is written.
    """
    n = len(high)
    out = np.full(n, np.nan)
    if n < 2:
        return out
    level = (high[1] + low[1]) / 2.0
    acceleration = step
    rising = not (close[1] >= close[0])
    extreme = high[0] if rising else low[0]
    for i in range(1, n):
        top = high[i]
        bottom = low[i]
        if (rising and level >= bottom) or (not rising and level <= top):
            rising = not rising
            level = extreme
            extreme = top if rising else bottom
            acceleration = step
        if i >= first:
            out[i] = level
        if rising:
            if top > extreme:
                extreme = top
                acceleration = acceleration + step
                if limit < acceleration:
                    acceleration = limit
        elif bottom < extreme:
            extreme = bottom
            acceleration = acceleration + step
            if limit < acceleration:
                acceleration = limit
        level = level + acceleration * (extreme - level)
        # The level of the next bar stays outside the range of the last two.
        if rising:
            before = low[i - 1]
            if level > bottom or level > before:
                level = before if before < bottom else bottom
        else:
            before = high[i - 1]
            if level < top or level < before:
                level = before if before > top else top
    return out
