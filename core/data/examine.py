"""What looks wrong in bars that can be traded on: gaps, outliers, stale and impossible prices.

Readers refuse what is surely wrong; here stands what a person should look at. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..bars import Bars
from ..times import format_time

__all__ = ["Finding", "examine"]

_DAY = 86_400 * 10**9
#: Without a calendar daily bars may pause so long: over the longest usual holidays.
_PAUSE = 6 * _DAY
#: So many equal closes in a row, with as many equal volumes, are a copied price.
_STALE = 10
#: A jump by a factor this near to a small whole ratio may be a split.
_SPLIT_TOLERANCE = 0.05
_SPLIT_RATIOS = (2, 3, 4, 5, 7, 8, 10, 15, 20)
#: A move of which the next bar takes back this share was no move.
_REVERSAL = 0.8
#: The median absolute deviation of a normal distribution, in standard deviations.
_MAD = 0.6744897501960817


@dataclass(frozen=True)
class Finding:
    """One thing to look at. first, last: ns UTC, of the first and the last bar that it concerns.

    check: "gap", "extra_bar", "outlier", "stale", "no_volume", "impossible", "not_positive" or
    "duplicate". count: how many bars. value: what was measured, NaN where nothing is.
    """

    check: str
    asset: str
    first: int
    last: int
    count: int
    value: float
    text: str

    def __str__(self) -> str:
        when = format_time(self.first)
        if self.last != self.first:
            when += f" to {format_time(self.last)}"
        return f"{self.asset}, {when}: {self.text} [{self.check}]"


def examine(bars: Bars, expected: np.ndarray | None = None, outlier: float = 12.0) -> list[Finding]:
    """Everything that looks wrong, by asset and time.

    expected: int64, ns UTC, the times at which there should be bars (sessions or minutes of a
    calendar); an asset's own first and last bar bound what is asked of it. Without it bars of a
    day should not pause for more than six days, and shorter ones follow each other at their usual
    distance within a day (UTC). outlier: how many robust standard deviations (from the median
    absolute deviation of the asset's log returns) a return may have.
    """
    found: list[Finding] = []
    for n, asset in enumerate(bars.assets):
        rows = np.flatnonzero(bars.present[:, n])
        if len(rows) == 0:
            continue
        times = bars.times[rows]
        columns = bars.values[:, n, rows]
        own = [
            *(_gaps(asset, times) if expected is None else _against(asset, times, expected)),
            *_returns(asset, times, columns[3], outlier),
            *_stale(asset, times, columns[3], columns[4]),
            *_impossible(asset, times, columns),
        ]
        found += sorted(own, key=lambda one: one.first)
    return found + list(_duplicates(bars))


def _gaps(asset: str, times: np.ndarray) -> Iterator[Finding]:
    """Pauses that are longer than usual, without a calendar."""
    if len(times) < 3:
        return
    steps = np.diff(times)
    lengths, counts = np.unique(steps, return_counts=True)
    usual = int(lengths[counts.argmax()])
    if usual >= _DAY:
        late = steps > max(_PAUSE, 3 * usual)
    else:
        late = (steps > usual) & (times[1:] // _DAY == times[:-1] // _DAY)
    for i in np.flatnonzero(late).tolist():
        step = int(steps[i])
        text = f"no bar for {_length(step)}, where {_length(usual)} is usual"
        yield Finding(
            "gap",
            asset,
            int(times[i]),
            int(times[i + 1]),
            max(step // usual - 1, 1),
            float(step),
            text,
        )


def _length(step: int) -> str:
    for unit, name in ((_DAY, "day"), (3600 * 10**9, "hour"), (60 * 10**9, "minute"), (10**9, "s")):
        if step >= unit:
            count = f"{step / unit:.3g}"
            return f"{count} {name}" + ("s" if count != "1" and name != "s" else "")
    return f"{step} ns"


def _against(asset: str, times: np.ndarray, expected: np.ndarray) -> Iterator[Finding]:
    """Times of a calendar without a bar, in runs, and bars at no time of it."""
    inside = expected[(expected >= times[0]) & (expected <= times[-1])]
    absent = ~np.isin(inside, times)
    for first, last in _runs(absent):
        count = last - first + 1
        text = f"{count} bar{'s' if count > 1 else ''} of the calendar missing"
        yield Finding(
            "gap", asset, int(inside[first]), int(inside[last]), count, float(count), text
        )
    for i in np.flatnonzero(~np.isin(times, expected)).tolist():
        at = int(times[i])
        yield Finding("extra_bar", asset, at, at, 1, np.nan, "a bar when the calendar has none")


def _returns(asset: str, times: np.ndarray, close: np.ndarray, outlier: float) -> Iterator[Finding]:
    """Returns far beyond the asset's usual ones."""
    good = np.flatnonzero(close > 0)
    if len(good) < 20:
        return
    times, close = times[good], close[good]
    returns = np.diff(np.log(close))
    scale = np.median(np.abs(returns - np.median(returns))) / _MAD
    if scale == 0.0:
        return
    scores = (returns - np.median(returns)) / scale
    far = np.flatnonzero(np.abs(scores) > outlier).tolist()
    for i in far:
        if i > 0 and i - 1 in far and returns[i] * returns[i - 1] < 0 and _reverts(returns, i - 1):
            continue  # the way back of a spike that was told
        change = float(np.expm1(returns[i]))
        text = f"close {close[i]:g} to {close[i + 1]:g} ({change:+.1%})"
        text += f", {abs(scores[i]):.0f} usual moves"
        ratio = _split(float(close[i] / close[i + 1]))
        if i + 1 < len(returns) and _reverts(returns, i):
            text += ", taken back by the next bar"
        elif ratio:
            text += f", may be a split of {ratio}"
        yield Finding("outlier", asset, int(times[i]), int(times[i + 1]), 2, float(scores[i]), text)


def _reverts(returns: np.ndarray, i: int) -> bool:
    return bool(-returns[i + 1] * np.sign(returns[i]) > _REVERSAL * abs(returns[i]))


def _split(ratio: float) -> str:
    for whole in _SPLIT_RATIOS:
        if abs(ratio / whole - 1.0) < _SPLIT_TOLERANCE:
            return f"{whole} for 1"
        if abs(ratio * whole - 1.0) < _SPLIT_TOLERANCE:
            return f"1 for {whole}"
    return ""


def _stale(
    asset: str, times: np.ndarray, close: np.ndarray, volume: np.ndarray
) -> Iterator[Finding]:
    """Prices and volumes that repeat, and stretches without volume."""
    same = (close[1:] == close[:-1]) & ((volume[1:] == volume[:-1]) | np.isnan(volume[1:]))
    for first, last in _runs(same):
        count = last - first + 2
        if count >= _STALE:
            text = f"close {close[first]:g} and volume the same in {count} bars"
            yield Finding(
                "stale",
                asset,
                int(times[first]),
                int(times[last + 1]),
                count,
                float(close[first]),
                text,
            )
    for first, last in _runs(volume == 0):
        count = last - first + 1
        text = f"no volume in {count} bar{'s' if count > 1 else ''}"
        yield Finding("no_volume", asset, int(times[first]), int(times[last]), count, 0.0, text)


def _impossible(asset: str, times: np.ndarray, columns: np.ndarray) -> Iterator[Finding]:
    """Prices that no trading makes: they got in by a policy."""
    open_, high, low, close = columns[:4]
    outside = (high < np.fmax(open_, close)) | (low > np.fmin(open_, close)) | (high < low)
    for i in np.flatnonzero(outside).tolist():
        prices = ", ".join(f"{value:g}" for value in columns[:4, i])
        text = f"open, high, low, close {prices} do not fit together"
        yield Finding("impossible", asset, int(times[i]), int(times[i]), 1, np.nan, text)
    for i in np.flatnonzero((columns[:4] <= 0).any(axis=0)).tolist():
        lowest = float(np.nanmin(columns[:4, i]))
        at = int(times[i])
        yield Finding("not_positive", asset, at, at, 1, lowest, f"a price of {lowest:g}")


def _duplicates(bars: Bars) -> Iterator[Finding]:
    """Assets whose closes are those of another one."""
    seen: dict[bytes, str] = {}
    for n, asset in enumerate(bars.assets):
        rows = np.flatnonzero(bars.present[:, n])
        close = bars.values[3, n]
        if len(rows) < 20 or np.ptp(close[rows]) == 0:
            continue
        other = seen.setdefault(close.tobytes(), asset)
        if other != asset:
            first, last = int(bars.times[rows[0]]), int(bars.times[rows[-1]])
            text = f"every close is that of {other}"
            yield Finding("duplicate", asset, first, last, len(rows), np.nan, text)


def _runs(flags: np.ndarray) -> Iterator[tuple[int, int]]:
    """First and last place of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    for first, end in edges.reshape(-1, 2).tolist():
        yield first, end - 1
