"""Moving averages of scripts: their names in the registry, and indicators made of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import fillproof.compat.backtrader as bt
import numpy as np
import pandas as pd
import pytest

CLOSE = [4.0, 2.0, 8.0, 5.0, 5.0, 7.0, 1.0, 3.0]


def lines_of(make):
    """The columns of the indicator that `make(strategy)` builds, over `CLOSE`."""

    class Look(bt.Strategy):
        def __init__(self):
            self.made = make(self)

    index = pd.date_range("2020-01-01", periods=len(CLOSE))
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), CLOSE), index=index)
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame))
    cerebro.addstrategy(Look)
    return [list(line.array) for line in cerebro.run()[0].made.lines]


class MiddleMovingAverage(bt.ind.MovingAverageBase):
    """The middle between the extremes."""

    lines: Any = ("middle",)

    def __init__(self):
        highest = bt.ind.Highest(self.data, period=self.p.period)
        lowest = bt.ind.Lowest(self.data, period=self.p.period)
        self.lines.middle = (highest + lowest) / 2.0


def test_own_averages_register_by_their_names():
    assert bt.ind.MovAv.Middle is bt.ind.MovAv.MiddleMovingAverage is MiddleMovingAverage
    assert MiddleMovingAverage in bt.ind.MovAv._movavs
    unlisted = type(
        "UnlistedMovingAverage",
        (bt.ind.MovingAverageBase,),
        {"lines": ("x",), "_notregister": True, "__module__": __name__},
    )
    assert unlisted not in bt.ind.MovAv._movavs
    with pytest.raises(AttributeError):
        _ = bt.ind.MovAv.Unlisted


def test_a_name_of_the_scripts_own_is_not_taken_back(monkeypatch):
    """Built-in averages are loaded when they are needed, which may be later."""
    registry, built_in = bt.ind.MovingAverage, bt.ind.DicksonMovingAverage
    monkeypatch.setattr(registry, "_registered", [])
    for name in ("Dickson", "DicksonMovingAverage"):
        monkeypatch.setattr(registry, name, None)
    namespace = {"lines": ("x",), "__module__": __name__}
    own = type("DicksonMovingAverage", (bt.ind.MovingAverageBase,), namespace)
    registry.register(built_in)
    assert bt.ind.MovAv.Dickson is bt.ind.MovAv.DicksonMovingAverage is own
    assert registry._registered == [own, built_in]


def test_an_indicator_made_of_an_own_average():
    [atr] = lines_of(lambda s: bt.ind.ATR(s.data, period=2, movav=MiddleMovingAverage))
    ranges = [abs(b - a) for a, b in pairwise(CLOSE)]
    middles = [(a + b) / 2.0 for a, b in pairwise(ranges)]
    np.testing.assert_array_equal(atr, [np.nan, np.nan, *middles])


def test_a_window_of_an_own_function():
    [spread] = lines_of(
        lambda s: bt.ind.ApplyN(s.data, period=3, func=lambda window: max(window) - min(window))
    )
    np.testing.assert_array_equal(spread, [np.nan, np.nan, 6, 6, 3, 2, 6, 6])


def test_an_envelope_and_an_oscillator_of_an_average():
    average, top, bottom = lines_of(lambda s: bt.ind.SMAEnvelope(s.data, period=2, perc=10.0))
    [oscillator] = lines_of(lambda s: bt.ind.SMAOsc(s.data, period=2))
    assert average[1:4] == [3.0, 5.0, 6.5]
    assert top[1:4] == [3.0 * 1.1, 5.0 * 1.1, 6.5 * 1.1]
    assert bottom[1:4] == [3.0 * 0.9, 5.0 * 0.9, 6.5 * 0.9]
    assert oscillator[1:4] == [-1.0, 3.0, -1.5]


def test_periods_that_fail_fail():
    with pytest.raises(ZeroDivisionError):
        lines_of(lambda s: bt.ind.SMA(s.data, period=0))
    with pytest.raises(TypeError):
        lines_of(lambda s: bt.ind.EMA(s.data, period=2.0))
