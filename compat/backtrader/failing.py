"""Where an evaluation fails, in a run that goes bar by bar (`runonce=False`).

Such a run evaluates every line at every bar, so the bars before one that fails are played. Here
lines are evaluated on whole columns before the bars: where that fails, the line keeps the values
before the failing one, the failure is noted with its tick (`Ticks.fail`), and raised there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def up_to(
    compute: Callable[[int], Any], start: int, end: int, note: Callable[[int, Exception], None]
) -> int:
    """Call `compute(end)`, or where it fails the last `compute(n)` that does not.

    compute(n) evaluates the values before index n, and fails for all n from some index on; none
    are evaluated before `start`. note: called with the index that fails, and its error. Returns n.
    """
    try:
        compute(end)
    except NotImplementedError:
        raise
    except Exception as error:
        failure = error
    else:
        return end
    good, bad = start, end
    while bad - good > 1:
        middle = (good + bad) // 2
        try:
            compute(middle)
        except Exception as error:
            bad, failure = middle, error
        else:
            good = middle
    note(bad - 1, failure)
    if good > start:
        compute(good)
    return good


class Failing:
    """Raises an error at a tick.

    Stands among the children of a strategy that are moved bar by bar; its clock is always ahead.
    """

    _clock = (0,)

    def __init__(self, tick: int, error: Exception) -> None:
        self.left = tick
        self.error = error

    def __len__(self) -> int:
        return 0

    def advance(self, size: int = 1) -> None:
        if not self.left:
            raise self.error
        self.left -= 1
