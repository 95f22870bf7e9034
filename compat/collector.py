"""The garbage collector during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects more than were freed before the youngest are looked at.
_YOUNG = 200_000


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let the collector look for garbage less often inside the block.

    A run makes orders and records by the ten thousand, hardly any of them garbage: with Python's
    own thresholds the collector walks over them, and over all columns and modules, time and again.
    Does nothing where collection is off.
    """
    thresholds = gc.get_threshold()
    if not gc.isenabled() or not thresholds[0]:
        yield
        return
    gc.set_threshold(max(thresholds[0], _YOUNG), *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
