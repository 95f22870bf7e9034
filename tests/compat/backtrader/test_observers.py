"""Observers and writers: who costs nothing, who is called, what is written."""

from __future__ import annotations

import io
import math

import pytest
from fillproof.compat import backtrader as bt

CLOSE = [4.0, 2.0, 8.0, 5.0, 5.0, 7.0]


class Trading(bt.Strategy):
    def next(self):
        if len(self) == 2:
            self.buy(size=2)
        elif len(self) == 4:
            self.close()


def made(cerebro_of, strategy=Trading, **settings):
    cerebro = cerebro_of(CLOSE)
    for name, value in {"stdstats": True, **settings}.items():
        setattr(cerebro.p, name, value)
    cerebro.addstrategy(strategy)
    return cerebro


@pytest.fixture
def cerebro_of(frame):
    def make(closes):
        cerebro = bt.Cerebro()
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(closes)))
        return cerebro

    return make


def test_standard_observers_are_not_made_until_they_are_read(cerebro_of):
    ran = made(cerebro_of).run()[0]
    assert not ran.stats._items
    assert not ran._bar_observers
    assert ran.stats.getnames() == ["broker", "trades"]
    assert [type(one).__name__ for one in ran.getobservers()] == ["Broker", "BuySell", "Trades"]
    assert not ran._bar_observers


def test_their_values_are_those_of_the_account(cerebro_of):
    ran = made(cerebro_of).run()[0]
    broker = ran.stats.broker
    assert len(broker) == len(CLOSE)
    # Opens are closes here: 2 units bought at 8 on bar 3, sold at 5 on bar 5.
    assert list(broker.lines.cash.array)[:6] == [10_000, 10_000, 9_984, 9_984, 9_994, 9_994]
    assert list(broker.lines.value.array)[:6] == [10_000, 10_000, 10_000, 9_994, 9_994, 9_994]
    assert len(broker.lines.cash.array) == 2 * len(CLOSE)
    assert ran.stats.trades.lines.pnlminus.array[4] == -6.0
    assert ran.stats.buysell[0].lines.buy.array[2] == pytest.approx(8.0 * (1 - 0.015))


def test_who_reads_them_in_between_sees_the_bar_before(cerebro_of):
    seen = []

    class Reading(Trading):
        def next(self):
            super().next()
            seen.append((len(self.stats.broker), self.stats.broker.value[0]))

    cerebro = made(cerebro_of, Reading)
    ran = cerebro.run()[0]
    assert [count for count, _ in seen] == list(range(len(CLOSE)))
    assert math.isnan(seen[0][1])
    assert [value for _, value in seen[1:]] == list(ran.stats.broker.lines.value.array)[:5]
    assert ran._bar_observers == [ran.stats.broker]


def test_own_observers_are_called_at_each_bar(cerebro_of):
    class Watching(bt.Observer):
        lines = ("orders", "trades")
        params = (("factor", 1),)

        def next(self):
            self.l.orders[0] = len(self._owner._orderspending) * self.p.factor
            self.l.trades[0] = len(self._owner._tradespending)

    cerebro = made(cerebro_of, stdstats=False)
    cerebro.addobserver(Watching, factor=10, obsname="mine")
    ran = cerebro.run()[0]
    assert list(ran.stats.mine.l.orders.array)[:6] == [0, 0, 30, 0, 30, 0]
    assert list(ran.stats.mine.l.trades.array)[:6] == [0, 0, 1, 0, 1, 0]
    cerebro.addobserver(bt.observers.DrawDown, unknown=1)
    with pytest.raises(TypeError, match="unknown"):
        cerebro.run()


def test_writers_write_every_bar_and_the_results(cerebro_of):
    text = io.StringIO()
    cerebro = made(cerebro_of)
    cerebro.addwriter(bt.WriterFile, out=text, csv=True)
    cerebro.addwriter(bt.WriterStringIO)
    cerebro.run()
    lines = text.getvalue().splitlines()
    assert lines[0] == "=" * 79
    assert lines[1].startswith("Id,,len,datetime,open,high,low,close,volume,openinterest,Trading")
    assert lines[2].startswith("1,,1,2")
    assert len([line for line in lines if line[0].isdigit()]) == len(CLOSE)
    results = cerebro.runwriters[1].out.read()
    assert "          - End: 9994.0\n" in results
    assert text.getvalue().endswith(results)
