"""The garbage collector during a run."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def frozen_heap() -> Iterator[None]:
    """Keep the collector from walking over what exists already, time and again, inside the block.

    A run adds orders and records by the ten thousand, and every full collection that they cause
    would walk over all columns and modules as well: a third of the time of a run with many orders.
    What the block itself makes is collected as ever. Does nothing where collection is off or the
    program has frozen objects itself.
    """
    freeze = gc.isenabled() and gc.get_freeze_count() == 0
    if freeze:
        gc.freeze()
    try:
        yield
    finally:
        if freeze:
            gc.unfreeze()
