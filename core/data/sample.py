"""The bundled sample: real daily bars of five US shares. ORIGIN.md beside it has the details."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..bars import Bars
from ..times import nanoseconds

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Split", "sample", "sample_frame", "sample_splits"]

PATH = Path(__file__).with_name("sample.parquet")


class Split(NamedTuple):
    """A split: from `date` on each old share is `ratio` new ones, prices are unadjusted."""

    asset: str
    date: dt.date
    """First session at the new price."""
    ratio: float
    """New shares per old share."""

    @property
    def time(self) -> int:
        """The session's bar, ns UTC."""
        return nanoseconds(self.date)


_SPLITS = (
    Split("AAPL", dt.date(2000, 6, 21), 2.0),
    Split("MSFT", dt.date(2003, 2, 18), 2.0),
    Split("AAPL", dt.date(2005, 2, 28), 2.0),
)


def sample(symbols: Sequence[str] | str | None = None) -> Bars:
    """Daily bars of AAPL, FB, GOOG, IBM and MSFT to 2013-03-01, or of some of them.

    Open, high, low, close (US dollars) and volume (shares) are unadjusted; `extra["adj_close"]`
    is the source's close adjusted for splits and dividends. Times are midnight UTC of the session.
    The times are the sessions of the chosen symbols; before its first day a share has no bar.
    Raises KeyError for an unknown symbol.
    """
    return Bars.from_polars(sample_frame(symbols))


def sample_frame(symbols: Sequence[str] | str | None = None) -> pl.DataFrame:
    """The sample as a long Polars frame: symbol, date, open, high, low, close, volume, adj_close.

    Rows are in the order of the symbols asked for, then of time.
    """
    import polars as pl

    frame = pl.read_parquet(PATH)
    if symbols is None:
        return frame
    chosen = [symbols] if isinstance(symbols, str) else list(symbols)
    known = frame["symbol"].unique().sort().to_list()
    for symbol in chosen:
        if symbol not in known:
            raise KeyError(f"the sample has no {symbol!r}; it has {', '.join(known)}")
    return pl.concat([frame.filter(pl.col("symbol") == symbol) for symbol in chosen])


def sample_splits(symbols: Sequence[str] | str | None = None) -> tuple[Split, ...]:
    """The splits of the sample's shares within its range, in time order."""
    chosen = [symbols] if isinstance(symbols, str) else symbols
    return tuple(s for s in _SPLITS if chosen is None or s.asset in chosen)
