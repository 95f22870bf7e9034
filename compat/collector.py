"""The garbage collector during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Objects more than were freed before the youngest are looked at.
_YOUNG = 200_000


@contextmanager
def frozen_heap() -> Iterator[None]:
    """Keep the collector from walking over what exists already, time and again, inside the block.

    A run adds orders and records by the ten thousand, and every full collection that they cause
    would walk over all columns and modules as well: a third of the time of a run with many orders.
    What the block itself makes is collected, but less often: hardly any of it is garbage. What is
    left of it counts as old at the end. Does nothing where collection is off or the program has
    frozen objects itself.
    """
    if not gc.isenabled() or gc.get_freeze_count():
        yield
        return
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(max(thresholds[0], _YOUNG), *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.freeze()
        gc.unfreeze()
