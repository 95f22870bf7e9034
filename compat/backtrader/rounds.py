"""Runs that go bar by bar: in which round each feed shows which bar.

With resampled, replayed, chained or live feeds nothing is read beforehand: in each round every feed
is asked for its next bar, the earliest of these bars gives the time, and later ones are held
back. No strategy has a say in that, so the rounds are played before the strategies begin.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..collector import rare_collections
from .clock import Clock
from .passing import passing

#: The fields of a bar that orders meet.
_FIELDS = [3, 2, 1, 0]
_DATETIME = 6


class Rounds(Clock):
    """The clock of such a run.

    times: float64[T] the strategies' time, rows: int64[N, T] each feed's bar in each round; -1
    before its first. lengths: int64[T] length of the strategies. shown: by feed number, what a
    feed whose bars change, as one that replays, shows in each round: float64[L, T] its lines;
    ticks: by feed number, the bars of its source: a dictionary per round. met: by feed number and
    round, the prices that orders meet where they are not those of the feed's bar: open, high, low,
    close. notices: what feeds had to tell before each round.
    """

    stamped = True

    def __init__(self, feeds: list[Any], preloaded: bool) -> None:
        self.growing = not preloaded
        self.shown: dict[int, np.ndarray] = {}
        self.ticks: dict[int, list[dict[str, Any]]] = {}
        self.met: dict[tuple[int, int], list[float]] = {}
        self.notices: list[tuple[int, Any, Any]] = []
        with rare_collections():
            self._play(feeds)

    @property
    def single(self) -> bool:
        return (
            self.show is None
            and len(self.rows) == 1
            and np.array_equal(self.rows[0], np.arange(len(self.times)))
        )

    def read(self) -> np.ndarray:
        return self._read

    def _play(self, feeds: list[Any]) -> None:
        light = passing(feeds)
        played = light or feeds
        sequence = sorted(played, key=lambda feed: (feed._timeframe, feed._compression))
        # A filter can also take a bar back that was seen, and make another of it.
        watched = [n for n, f in enumerate(feeds) if f.replaying or (f._filters and not light)]
        values: dict[int, list[Any]] = {n: [] for n in watched}
        ticks: dict[int, list[Any]] = {n: [] for n in watched}
        slow = [bool(feed.resampling) and not feed.replaying for feed in sequence]
        # They do not say what time it is, unless there is nobody else.
        slow = [one and not all(slow) for one in slow]
        lengths: list[list[int]] = []
        read: list[list[int]] = []
        none = {n: [float("nan")] * feeds[n].lines.size() for n in watched}
        last = False
        self._hear(feeds, 0)
        # Nobody has more to tell where nothing but rows is read.
        telling = [] if light else feeds
        while not last:
            self._hear(telling, len(lengths))
            try:
                got = one_round(sequence, slow)
                self._hear(telling, len(lengths))
                last = got is False
                if got is None or (last and not last_round(sequence)):
                    continue
            except Exception as error:
                # The strategies see the rounds before it.
                self.failure = error
                before = lengths[-1] if lengths else [0] * len(feeds)
                for feed, size in zip(played, before, strict=True):
                    feed.backwards(len(feed) - size)
                break
            lengths.append(now := [len(feed) for feed in played])
            read.append([feed.buflen() for feed in played])
            for n in watched:
                feed = played[n]
                values[n].append(feed._barvalues() if now[n] else none[n])
                ticks[n].append(feed._ticks)
            for n, feed in enumerate(played):
                met = feed._meets()
                if met is not None:
                    self.met[n, len(lengths) - 1] = met
        self._hear(telling, len(lengths))
        shape = (len(lengths), len(feeds))
        self.rows = np.ascontiguousarray(np.array(lengths, dtype=np.int64).reshape(shape).T) - 1
        self._read = np.array(read, dtype=np.int64).reshape(shape).T
        self.ends = tuple(len(feed) - 1 for feed in played)
        for n in watched:
            shape = (len(lengths), feeds[n].lines.size())
            shown = np.ascontiguousarray(np.array(values[n]).reshape(shape).T)
            if feeds[n].replaying or not self._stays(n, feeds[n], shown):
                self.shown[n], self.ticks[n] = shown, ticks[n]
        for feed in played:
            feed._hand_over()
        for n, feed in enumerate(feeds):
            for k, line in enumerate(feed.lines):
                line._seen = self.shown[n][k] if n in self.shown else None
            feed.home()
            feed._ticks = {}
        self.times = self._latest(feeds)
        steps = np.diff(self.rows, axis=1, prepend=-1)
        self.uneven = bool(((steps < 0) | (steps > 1)).any())
        longer = (steps > 0).any(axis=0)
        self.lengths = None if longer.all() else np.cumsum(longer)
        if self.shown or self.notices:
            self._prepare(feeds)

    def _latest(self, feeds: list[Any]) -> np.ndarray:
        """The latest of the times that feeds show in each round: float64[T]."""
        latest = np.full(self.rows.shape[1], np.nan)
        known = np.zeros(len(latest), dtype=bool)
        for n, feed in enumerate(feeds):
            begun = np.flatnonzero(self.rows[n] >= 0)
            if n in self.shown:
                stamps = self.shown[n][_DATETIME][begun]
            else:
                stamps = feed.lines.datetime.column()[self.rows[n][begun]]
            later = ~known[begun] | (stamps > latest[begun])
            latest[begun[later]] = stamps[later]
            known[begun] = True
        return latest

    def _stays(self, n: int, feed: Any, shown: np.ndarray) -> bool:
        """Whether each bar of a feed was shown as it is in the end: float64[L, T]."""
        begun = self.rows[n] >= 0
        rows = self.rows[n][begun]
        return all(
            np.array_equal(seen[begun], np.array(line.array)[rows], equal_nan=True)
            for line, seen in zip(feed.lines, shown, strict=True)
        )

    def _prepare(self, feeds: list[Any]) -> None:
        """Make `show`, for what feeds change between their bars."""
        changing = []
        for n, values in self.shown.items():
            lines = [
                (line, seen.tolist(), line.column().tolist())
                for line, seen in zip(feeds[n].lines, values, strict=True)
            ]
            changing.append((feeds[n], self.rows[n].tolist(), self.ticks[n], lines))
        notices: dict[int, list[Any]] = {}
        for tick, feed, notice in self.notices:
            notices.setdefault(tick, []).append((feed, notice))

        def show(tick: int) -> None:
            for feed, rows, ticks, lines in changing:
                feed._ticks = ticks[tick]
                row = rows[tick]
                before = rows[tick - 1] if tick else -1
                for line, seen, final in lines:
                    if row != before >= 0:
                        line.array[before] = final[before]
                    if row >= 0:
                        line.array[row] = seen[tick]
            for feed, (status, args, kwargs) in notices.get(tick, ()):
                _tell(feed._env, feed, status, args, kwargs)

        self.show = show

    def _change(self, values: np.ndarray, mask: np.ndarray, stamps: Any) -> None:
        for n in self.ticks:
            stamps[n] = np.where(self.rows[n] >= 0, self.shown[n][_DATETIME], self.times)
            for t, row in enumerate(self.rows[n].tolist()):
                mask[n, t] = moved = row >= 0 and (not t or self._moved(n, t))
                values[:, n, t] = self.shown[n][[*_FIELDS, 4], t] if moved else np.nan
        for (n, t), met in self.met.items():
            if mask[n, t]:
                # Positions are worth the close that the feed shows.
                values[:3, n, t] = met[:3]

    def _moved(self, n: int, t: int) -> bool:
        """Whether a feed that replays shows something new in a round."""
        shown = self.shown[n]
        return (
            self.ticks[n][t] is not self.ticks[n][t - 1]
            or self.rows[n, t] != self.rows[n, t - 1]
            or not np.array_equal(shown[:, t], shown[:, t - 1], equal_nan=True)
        )

    def _hear(self, feeds: list[Any], tick: int) -> None:
        for feed in feeds:
            for notice in feed.get_notifications():
                self.notices.append((tick, feed, notice))


def one_round(feeds: list[Any], slow: list[bool]) -> bool | None:
    """Move feeds (sorted by bar length) to the next round; False: the end, None: nothing yet.

    slow: which feeds do not say what time it is.
    """
    got = [feed.next(ticks=False) for feed in feeds]
    if not any(got):
        if any(one is None for one in got):
            for feed in feeds:
                feed._check()
            return None
        return False
    times = [feed.datetime[0] if one else None for feed, one in zip(feeds, got, strict=True)]
    now = min([t for t, held in zip(times, slow, strict=True) if t is not None and not held])
    master = feeds[times.index(now)]
    for n, feed in enumerate(feeds):
        if not got[n]:
            feed._check(forcedata=master)
            if feed.next(datamaster=master, ticks=False):
                times[n] = feed.datetime[0]
    for feed, time in zip(feeds, times, strict=True):
        if time is None:
            continue
        if time > now:
            feed.rewind()
        elif not feed.replaying:
            feed._tick_fill(force=True)
    return True


def last_round(feeds: list[Any]) -> bool:
    """Deliver what filters hold at the end; whether there was anything."""
    held = feeds[0]._last()
    for feed in feeds[1:]:
        held += feed._last(datamaster=feeds[0])
    return bool(held)


def _tell(cerebro: Any, feed: Any, status: int, args: Any, kwargs: Any) -> None:
    """What a feed had to tell goes to the callbacks, the Cerebro object and the strategies."""
    for callback in cerebro.datacbs:
        callback(feed, status, *args, **kwargs)
    cerebro.notify_data(feed, status, *args, **kwargs)
    for strategy in cerebro.runningstrats:
        strategy.notify_data(feed, status, *args, **kwargs)
