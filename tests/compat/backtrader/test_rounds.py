"""Rounds on rows of columns are those of feeds that read, filter and hold bars line by line."""

import datetime
import random

import fillproof.compat.backtrader as bt
import numpy as np
import pandas as pd
import pytest
from fillproof.compat.backtrader import rounds

SECONDS = {"Seconds": 1, "Minutes": 60, "Days": 86_400}
LONGER = {
    "Seconds": ("Ticks", "Seconds", "Seconds", "Minutes", "Minutes", "Days"),
    "Minutes": ("Minutes", "Minutes", "Minutes", "Days", "Days", "Weeks"),
    "Days": ("Days", "Weeks", "Weeks", "Months", "Years"),
}
LENGTHS = {"Seconds": (1, 5, 10, 15, 60), "Minutes": (1, 2, 5, 15, 60), "Ticks": (1,)}


def frame_of(rng, unit, length):
    """Bars with gaps, now and then of one time twice, in sessions where they are short."""
    size = rng.choice((1, 5, 40, 120))
    # From the day's start: short bars begin at nine or later.
    hours = (0, 0, 57_600) if unit == "Days" else (32_400, 32_820, 32_833, 41_400)
    start = pd.Timestamp("2020-12-30") + pd.Timedelta(seconds=rng.choice(hours))
    step = SECONDS[unit] * length
    per_day = rng.choice((10, 30, 1000))
    seconds, day, missing = [], 0, rng.choice((0.0, 0.1, 0.5))
    for i in range(size):
        day = i // per_day if unit != "Days" else 0
        if rng.random() >= missing:
            seconds.append(day * 86_400 + (i - day * per_day) * step)
        if rng.random() < 0.005:
            seconds += seconds[-1:]
    times = start + pd.to_timedelta(seconds or [0], unit="s")
    close = 50 + np.cumsum([rng.randint(-8, 8) / 7 for _ in times])
    columns = {"open": close - 0.25, "high": close + 1, "low": close - 1, "close": close}
    if rng.random() < 0.2:
        columns["open"][rng.randrange(len(times))] = np.nan
    volume = [rng.randint(1, 900) / 7 for _ in times]
    return pd.DataFrame({**columns, "volume": volume}, index=times)


def resampled(rng, unit, length, replay):
    frame = rng.choice(LONGER[unit])
    settings = {"timeframe": getattr(bt.TimeFrame, frame)}
    settings["compression"] = rng.choice(LENGTHS.get(frame, (1, 1, 2, 3)))
    more = {
        "bar2edge": False,
        "adjbartime": rng.random() < 0.5,
        "rightedge": False,
        "boundoff": rng.choice((1, 2, 7)),
        "takelate": False,
    }
    chosen = {name: value for name, value in more.items() if rng.random() < 0.25}
    return ("replaydata" if replay else "resampledata"), {**settings, **chosen}


def make(seed, replay):
    """A run over one to three frames: added, cloned, resampled or replayed in any sequence."""
    rng = random.Random(seed)
    cerebro = bt.Cerebro()
    if rng.random() < 0.2:
        cerebro.addcalendar(bt.TradingCalendar(holidays=[datetime.date(2021, 1, 1)]))
    for _ in range(rng.choice((1, 1, 2, 3))):
        unit = rng.choice(("Days", "Minutes", "Minutes", "Seconds"))
        length = rng.choice((1, 1, 5)) if unit != "Days" else 1
        frame = frame_of(rng, unit, length)
        settings = {"timeframe": getattr(bt.TimeFrame, unit), "compression": length}
        if rng.random() < 0.4:
            settings["sessionend"] = datetime.time(*rng.choice(((16, 0), (9, 15), (17, 15))))
        if rng.random() < 0.2:
            settings["tz"] = Zone(rng.choice((-5, 9)))
        if rng.random() < 0.2:
            settings["fromdate"] = frame.index[len(frame) // 4].to_pydatetime()
        if rng.random() < 0.2:
            settings["todate"] = frame.index[len(frame) * 3 // 4].to_pydatetime()
        kind = Wider if rng.random() < 0.2 else bt.feeds.PandasData
        feed = kind(dataname=frame, **settings)
        uses = [("adddata", {})] * rng.choice((0, 1, 1, 1, 1))
        for _ in range(rng.choice((1, 1, 2, 3))):
            uses.append(resampled(rng, unit, length, replay and rng.random() < 0.6))
        if rng.random() < 0.2:
            uses.append(("adddata", {}))
        if rng.random() < 0.2:
            rng.shuffle(uses)
        for use, keywords in uses:
            known = any(feed is data for data in cerebro.datas)
            if use == "adddata" and known:
                feed = feed.clone()
            getattr(cerebro, use)(feed, **keywords)
    return cerebro


class Zone(datetime.tzinfo):
    def __init__(self, hours):
        self.hours = hours

    def utcoffset(self, dt):
        return datetime.timedelta(hours=self.hours)

    def dst(self, dt):
        return datetime.timedelta(0)


class Wider(bt.feeds.PandasData):
    """A line of its own, which clones do not have."""

    lines = ("mid",)
    params = (("mid", 3),)


def played(seed, replay):
    """All that the rounds of a run are, and what they leave in its feeds."""
    cerebro = make(seed, replay)
    cerebro._choose_lane()
    cerebro._head_datas()
    if cerebro._load():
        return []
    clock = rounds.Rounds(cerebro.datas, cerebro._dopreload)
    said = [clock.times, clock.rows, clock.lengths, clock.read(), clock.uneven, clock.ends]
    said += [clock.shown, clock.ticks, clock.met, clock.notices]
    same = [[t is u for t, u in zip(row[1:], row, strict=False)] for row in clock.ticks.values()]
    said += [same, type(clock.failure), str(clock.failure)]
    for feed in cerebro.datas:
        said += [line.column() for line in feed.lines]
        said += [feed._outside, len(feed), feed.buflen()]
        said += [[(f._nexteos, f.compcount, f.bar.values()) for f, _, _ in feed._filters]]
    return said


@pytest.mark.parametrize("replay", [False, True])
def test_rounds_on_columns(replay, monkeypatch, request):
    lane = rounds.passing
    taken = failed = 0
    for seed in range(max(1, request.config.getoption("--fuzz") // 4)):
        calls = []

        def passing(feeds, calls=calls):
            calls.append(lane(feeds))
            return calls[0]

        monkeypatch.setattr(rounds, "passing", passing)
        ours = played(seed, replay)
        monkeypatch.setattr(rounds, "passing", lambda feeds: None)
        by_lines = played(seed, replay)
        np.testing.assert_equal(ours, by_lines, f"seed {seed}, replay={replay}")
        taken += any(calls)
        failed += bool(ours) and ours[11] is not type(None)
    assert taken > 0.9 * seed
    assert failed < 0.3 * seed
