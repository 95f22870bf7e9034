"""Whole scripts about writers: what they write at the end of a run, and of each bar."""

import io
import os
import tempfile
from typing import Any, ClassVar

from backtrader_setting import frame, script


def _cerebro(bt, datas=1, **settings):
    class Average(bt.Indicator):
        lines = ("average", "twice")
        params = (("period", 3), ("kind", bt.ind.SMA))
        csv = True
        plotinfo: ClassVar = {"plotname": "Own"}

        def __init__(self):
            self.l.average = self.p.kind(self.data, period=self.p.period)
            self.l.twice = self.l.average * 2

    class Trading(bt.Strategy):
        params = (("period", 4), ("share", 0.5), ("name", "x"), ("kind", bt.ind.EMA))

        def __init__(self):
            average: Any = Average
            self.average = average(self.data)
            self.slow = bt.ind.SMA(self.data, period=self.p.period)
            self.slow.csv = True
            self.hidden = bt.ind.EMA(self.data, period=2)
            self.gap = self.data.close - self.slow

        def next(self):
            bar = len(self)
            for data in self.datas:
                if bar % 6 == 0:
                    self.buy(data=data, size=2)
                elif bar % 6 == 3:
                    self.close(data=data)

    cerebro = bt.Cerebro(**settings)
    for k in range(datas):
        table = frame(16, seed=k + 3)
        data = bt.feeds.PandasData(dataname=table.iloc[1::2] if k else table)
        cerebro.adddata(data, name=f"d{k}")
    cerebro.addstrategy(Trading)
    cerebro.broker.setcommission(commission=0.001)
    return cerebro


@script
def writers_of_results(bt):
    cerebro = _cerebro(bt, writer=True)
    cerebro.addanalyzer(bt.analyzers.SharpeRatio, _name="sharpe")
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    cerebro.addanalyzer(bt.analyzers.DrawDown)
    cerebro.addanalyzer(bt.analyzers.TimeReturn)
    cerebro.run()
    cerebro = _cerebro(bt, datas=2, stdstats=False)
    cerebro.addobserver(bt.observers.DrawDown)
    cerebro.addwriter(bt.WriterFile, rounding=2, indent=4, seplen=40, separators=["=", "."])
    cerebro.run()


@script
def writers_of_bars(bt):
    for settings in ({}, {"runonce": False}, {"stdstats": False}):
        for datas in (1, 2):
            print(settings, datas)
            cerebro = _cerebro(bt, datas=datas, **settings)
            cerebro.addwriter(bt.WriterFile, csv=True)
            cerebro.run()
    cerebro = _cerebro(bt)
    cerebro.datas[0].csv = False
    cerebro.addstrategy(bt.Strategy)
    cerebro.addobserver(bt.observers.TimeReturn)
    cerebro.addwriter(
        bt.WriterFile, csv=True, csvsep=";", csv_filternan=False, csv_counter=False, rounding=3
    )
    cerebro.run()


@script
def writers_to_files_and_memory(bt):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "out.txt")
        cerebro = _cerebro(bt)
        cerebro.addwriter(bt.WriterFile, out=path, csv=True)
        kept = io.StringIO()
        cerebro.addwriter(bt.WriterFile, out=kept)
        cerebro.addwriter(bt.WriterStringIO, csv=True, rounding=1)
        cerebro.run()
        with open(path) as file:
            print(file.read())
        print(kept.getvalue())
        for writer in cerebro.runwriters:
            print(type(writer).__name__, writer.close_out)
        print(cerebro.runwriters[-1].out.read())


@script
def own_writers(bt):
    class Own(bt.WriterBase):
        params = (("csv", True), ("mark", "#"))

        def __init__(self):
            self.rows = 0

        def start(self):
            print(self.p.mark, "start", self.headers)

        def stop(self):
            print(self.p.mark, "stop", self.rows)

        headers = ()

        def addheaders(self, headers):
            self.headers = (*self.headers, *headers)

        def addvalues(self, values):
            self.values = values

        def next(self):
            self.rows += 1
            print(self.p.mark, *self.values)

        def writedict(self, dct, level=0, recurse=False):
            print(self.p.mark, sorted(dct["Cerebro"]), list(dct["Cerebro"]["Strategies"]))

    class Marked(bt.WriterFile):
        def writeline(self, line):
            super().writeline("> " + line)

    cerebro = _cerebro(bt, datas=2)
    cerebro.addwriter(Own, mark="%")
    cerebro.addwriter(Own, csv=False)
    cerebro.addwriter(Marked, csv=True)
    cerebro.run()
