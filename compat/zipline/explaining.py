"""Notes of errors: what there is in place of what was asked for.

A traceback shows them below the error's text. Imported when there is something to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ..explaining import nearest

#: Names that a note lists at most.
_MOST = 10


def unknown_symbol(finder: Any, symbol: str, date) -> str:
    """Why no asset has a symbol: it is another one, or was held at another time."""
    periods = [
        period
        for several in finder.symbol_ownership_map.values()
        for period in several
        if period.value == symbol
    ]
    if periods:
        times = " and ".join(map(_when, periods))
        return (
            f"{symbol!r} was held {times}, and is looked up on {date.date()}, the run's last "
            "session unless set_symbol_lookup_date says otherwise."
        )
    symbols = {asset.symbol for asset in finder.equities}
    near = nearest(symbol, symbols)
    return f"The bundle has no {symbol!r}{near}. Its symbols: {listed(symbols)}."


def _when(period) -> str:
    # The last holder of a symbol keeps it for good.
    until = " on" if period.end.year >= pd.Timestamp.max.year else f" to {period.end.date()}"
    return f"from {period.start.date()}{until}"


def unknown_bundle(name: str, registered: Iterable[str]) -> str:
    """Which bundles are registered, and where a script's own can be."""
    return (
        f"Registered are {listed(registered)}{nearest(str(name), registered)}. Bundles of your own "
        "are registered by the script, or by $ZIPLINE_ROOT/extension.py, which runs before it."
    )


def listed(names: Iterable[str]) -> str:
    """Some of the names, and how many there are more."""
    known = sorted(map(str, names))
    shown = ", ".join(known[:_MOST]) or "none"
    return f"{shown} and {len(known) - _MOST} more" if len(known) > _MOST else shown
