"""Gaps, outliers and the rest: what was put into good bars is found, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from fillproof.core.bars import Bars
from fillproof.core.data import sample
from fillproof.core.data.examine import examine
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 86_400 * 10**9
MINUTE = 60 * 10**9


def walk(count=400, seed=3, step=DAY) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    close = 50 * np.exp(np.cumsum(rng.normal(0, 0.01, count)))
    return np.arange(1, count + 1) * step, close


def bars(times, close, volume=None, **changes) -> Bars:
    count = len(times)
    volume = np.arange(100.0, 100 + count) if volume is None else volume
    prices = {"open": close, "high": close * 1.01, "low": close * 0.99, "close": close, **changes}
    return Bars.from_arrays(
        times, *prices.values(), volume, "A", policy={"high_below_low": "allow"}
    )


def checks(found) -> list[str]:
    return [one.check for one in found]


def test_good_bars_have_no_findings():
    assert examine(bars(*walk())) == []
    assert examine(bars(*walk(step=MINUTE))) == []


@settings(max_examples=50, deadline=None)
@given(st.integers(5, 380), st.integers(1, 15), st.integers(0, 100))
def test_what_a_calendar_has_and_the_bars_have_not_is_one_gap(at, length, seed):
    times, close = walk(seed=seed)
    keep = np.ones(len(times), dtype=bool)
    keep[at : at + length] = False
    (gap,) = [f for f in examine(bars(times[keep], close[keep]), times) if f.check == "gap"]
    last = min(at + length, len(times)) - 1
    assert (gap.first, gap.last, gap.count) == (times[at], times[last], last - at + 1)
    assert "missing" in gap.text


def test_a_bar_that_the_calendar_lacks_is_told():
    times, close = walk()
    (extra,) = examine(bars(times, close), np.delete(times, 7))
    assert (extra.check, extra.first) == ("extra_bar", times[7])


def test_pauses_without_a_calendar():
    times, close = walk()
    later = times + np.where(np.arange(len(times)) >= 100, 9 * DAY, 0)
    (gap,) = examine(bars(later, close))
    assert str(gap) == (
        "A, 1970-04-11 to 1970-04-21: no bar for 10 days, where 1 day is usual [gap]"
    )
    weekdays = times[np.arange(len(times)) % 7 < 5]
    assert examine(bars(weekdays, close[: len(weekdays)])) == []
    minutes, close = walk(step=MINUTE)
    keep = np.delete(np.arange(400), [30, 31])
    (gap,) = examine(bars(minutes[keep], close[keep]))
    assert (gap.count, gap.first) == (2, minutes[29])


@pytest.mark.parametrize(
    ("factor", "words"),
    [(0.5, "may be a split of 2 for 1"), (3.0, "may be a split of 1 for 3"), (1.7, "(+7")],
)
def test_a_jump_is_an_outlier_once(factor, words):
    times, close = walk()
    close[200:] *= factor
    (jump,) = examine(bars(times, close))
    assert jump.check == "outlier"
    assert jump.last == times[200]
    assert words in jump.text


def test_a_spike_is_told_with_its_way_back():
    times, close = walk()
    close[200] *= 4.1
    (spike,) = examine(bars(times, close))
    assert "taken back by the next bar" in spike.text
    assert spike.last == times[200]


def test_stale_prices_volumes_and_impossible_bars():
    times, close = walk()
    volume = np.arange(100.0, 500.0)
    close[50:65], volume[50:65] = close[50], volume[50]
    volume[300:303] = 0.0
    high = close * 1.01
    high[7] = close[7] * 0.5
    found = examine(bars(times, close, volume, high=high))
    assert checks(found) == ["impossible", "stale", "no_volume"]
    assert [one.count for one in found] == [1, 15, 3]


def test_two_assets_with_the_same_closes():
    times, close = walk()
    both = np.column_stack([close, close])
    two = Bars.from_arrays(times, both, both, both, both, None, ["A", "B"])
    found = [one for one in examine(two) if one.check == "duplicate"]
    assert [one.text for one in found] == ["every close is that of A"]


def test_the_sample_has_its_known_events_only():
    found = examine(sample())
    assert {one.check for one in found} <= {"outlier", "gap"}
    assert any(one.asset == "AAPL" and "split" in one.text for one in found)
