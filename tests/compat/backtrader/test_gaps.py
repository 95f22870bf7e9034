"""What is missing says so, with its name, where it is named or used."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import pandas as pd
import pytest
from fillproof.compat.backtrader.unsupported import GAPS
from fillproof.compat.unsupported import UnsupportedFeature

CLOSE = [4.0, 2.0, 8.0, 5.0, 5.0]


@pytest.mark.parametrize("name", GAPS)
def test_a_gap_raises_where_it_is_named(name):
    place, _, last = name.rpartition(".")
    owner = bt.Cerebro() if place == "Cerebro" else getattr(bt, place) if place else bt
    with pytest.raises(UnsupportedFeature) as caught:
        getattr(owner, last)
    error = caught.value
    assert error.framework == "backtrader"
    assert error.name == name
    assert name in str(error)
    assert not GAPS[name].reason or GAPS[name].reason in str(error)


@pytest.mark.parametrize("place", [bt, bt.indicators, bt.analyzers, bt.feeds, bt.observers])
def test_what_nobody_knows_is_an_attribute_error(place):
    with pytest.raises(AttributeError, match="Nothing"):
        _ = place.Nothing
    with pytest.raises(AttributeError, match="nothing"):
        _ = bt.Cerebro().nothing


def test_averages_by_short_name():
    with pytest.raises(AttributeError, match="Nothing"):
        _ = bt.ind.MovAv.Nothing
    assert bt.ind.MovAv.SMA is bt.ind.SMA
    assert bt.ind.MovAv.Hull is bt.ind.HullMovingAverage


BUILT = {
    "of a plain value": lambda s: bt.ind.SMA(12.5, period=2),
}


@pytest.mark.parametrize("name", BUILT)
def test_uses_inside_a_strategy(name, run_once):
    class Using(bt.Strategy):
        def __init__(self):
            BUILT[name](self)

    with pytest.raises(UnsupportedFeature, match=name):
        run_once(Using, CLOSE)


def test_parameters_written_during_a_run_are_refused(run_once):
    class Writing(bt.Strategy):
        def next(self):
            self.broker.getcommissioninfo(self.data).p.commission = 0.5

    with pytest.raises(UnsupportedFeature, match="in mid-run"):
        run_once(Writing, CLOSE)


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("broker", lambda c: c.setbroker(object())),
    ],
)
def test_uses_of_cerebro_and_broker(cerebro_of, name, use):
    with pytest.raises(UnsupportedFeature, match=name):
        use(cerebro_of(CLOSE))


def test_an_order_whose_size_is_computed_from_no_close(frame):
    class Buys(bt.Strategy):
        def next(self):
            self.buy(size=100.0 / self.data.close[0])

    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame([1.0, float("nan"), 2.0])))
    cerebro.addstrategy(Buys)
    with pytest.raises(UnsupportedFeature, match="an order of size nan"):
        cerebro.run()


def test_oldsync_over_a_data_that_ends_before_the_first(frame):
    cerebro = bt.Cerebro(oldsync=True)
    for count in (5, 4):
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(CLOSE[:count])), name=f"of {count}")
    with pytest.raises(UnsupportedFeature, match="oldsync=True with of 4, which ends before of 5"):
        cerebro.run()


def test_datas_of_different_times_without_runonce(frame):
    class Spread(bt.Strategy):
        def __init__(self):
            self.spread = self.data0.close - self.data1.close

    def run(second, **kwargs):
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(CLOSE)))
        cerebro.adddata(bt.feeds.PandasData(dataname=second))
        cerebro.addstrategy(Spread)
        return list(cerebro.run(**kwargs)[0].spread.array)

    later = frame(CLOSE)
    later.index = later.index + pd.Timedelta(days=1)
    assert run(frame(CLOSE), runonce=False) == run(later) == [0.0] * 5
    # Bar by bar they meet by time; on day one the second shows its last bar, as arrays do there.
    assert run(later, runonce=False) == [-1.0, -2.0, 6.0, -3.0, 0.0]
