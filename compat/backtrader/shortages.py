"""What feeds lack: rows, bars enough for a strategy's lines, times in common. Said in words.

The original runs on such feeds without a word, or fails far from the cause. This module is imported
when there is something to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .dataseries import TimeFrame
from .dates import num2date
from .explaining import called, say


def _time(feed: Any, when: float) -> str:
    """A time of a feed's bars; the date alone where bars are days or longer."""
    return format(num2date(when), "%Y-%m-%d" if feed._timeframe >= TimeFrame.Days else "%F %T")


def _span(feed: Any) -> str:
    """The number of a feed's rows, the first and the last time."""
    times = feed.lines.datetime.column()
    if not len(times):
        return f"{called(feed)} (no rows)"
    first, last = _time(feed, times[0]), _time(feed, times[-1])
    return f"{called(feed)} ({len(times)} rows, {first} to {last})"


def _source(feed: Any) -> str:
    """Where a feed's rows come from."""
    source = feed.p.dataname
    if isinstance(source, str):
        return source
    rows = f" of {len(source)} rows" if hasattr(source, "columns") else ""
    return f"a {type(source).__name__}{rows}"


def without_rows(feeds: Iterable[Any]) -> None:
    """Say which of the loaded feeds have no rows, and what may have left them out."""
    for feed in feeds:
        if feed.buflen():
            continue
        limits = [
            f"{name} {num2date(limit)}"
            for name, limit in (("fromdate", feed.fromdate), ("todate", feed.todate))
            if abs(limit) != float("inf")
        ]
        text = f"{called(feed)} has no rows"
        if feed._outside is None:
            why = "it is empty"
            if feed._filters:
                why += ", or its filters leave all out"
        else:
            first, last = (_time(feed, when) for when in feed._outside)
            text += f" with {' and '.join(limits)}"
            why = f"the rows that were read go from {first} to {last}"
        say(f"{text}, so next() is not called: {why} ({_source(feed)}).")


def apart(feeds: list[Any]) -> None:
    """Say that feeds have hardly a time in common."""
    spans = " and ".join(map(_span, feeds))
    say(
        f"{spans} have hardly a time in common. Before its first bar a data has no length, and "
        "after its last one it keeps that, so next() is called late and compares bars of "
        "different times."
    )


def never_reached(strategy: Any) -> None:
    """Say why `next` was never called, where a data has fewer bars than are needed."""
    for feed, period in zip(strategy.datas, strategy._minperiods, strict=True):
        if period > feed.buflen() > 0:
            say(
                f"{type(strategy).__name__}.next() was never called: the indicators on "
                f"{_span(feed)} need {period} of its bars."
            )
