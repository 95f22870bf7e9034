"""Scripts about analyzers: each built-in one, classes derived from them, children, reading."""

# ruff: noqa: RUF012 - class attributes as scripts write them

import datetime
from typing import Any

from backtrader_setting import frame, script, show


class Swinging:
    """In and out, long and short, by the bar number; a mix-in for `bt.Strategy`."""

    datas: Any
    buy: Any
    sell: Any
    close: Any
    __len__: Any

    def next(self):
        step = len(self) % 11
        data = self.datas[len(self) // 40 % len(self.datas)]
        if not len(data):
            return
        if step in (1, 4):
            self.buy(data=data, size=20 + step)
        elif step == 7:
            self.sell(data=data, size=30)
        elif step == 9:
            self.close(data=data)


def swinging(bt, *feeds, base=None, cash=10_000.0, **kwargs):
    """A Cerebro with the strategy above (or `base` mixed in first) over the feeds."""
    strategy = type("Swing", tuple(c for c in (base, Swinging, bt.Strategy) if c), {})
    cerebro = bt.Cerebro(**kwargs)
    for k, feed in enumerate(feeds):
        cerebro.adddata(feed, name=f"d{k}")
    cerebro.addstrategy(strategy)
    cerebro.broker.setcash(cash)
    cerebro.broker.setcommission(commission=0.002)
    return cerebro


def daily(bt, count=560, **kwargs):
    return bt.feeds.PandasData(dataname=frame(count, **kwargs))


def intraday(bt, count=400, freq="7min", **kwargs):
    table = frame(count, start="2022-05-30 21:10", freq=freq, **kwargs)
    return bt.feeds.PandasData(
        dataname=table, timeframe=bt.TimeFrame.Minutes, compression=7, sessionend=datetime.time(17)
    )


def tell(strategy):
    """The results of all analyzers of a strategy, in full."""
    for name, analyzer in strategy.analyzers.getitems():
        print(name, type(analyzer).__name__, len(analyzer), show(analyzer.get_analysis()))


def add_everything(bt, cerebro, timeframes):
    a = bt.analyzers
    for frame_ in timeframes:
        for cls in (a.TimeReturn, a.LogReturnsRolling, a.Returns, a.TimeDrawDown, a.VWR):
            cerebro.addanalyzer(cls, timeframe=frame_)
    cerebro.addanalyzer(a.Calmar)
    cerebro.addanalyzer(a.Calmar, timeframe=bt.TimeFrame.Weeks, period=9, _name="weekly")
    for cls in (a.DrawDown, a.GrossLeverage, a.Transactions, a.TradeAnalyzer, a.SQN):
        cerebro.addanalyzer(cls)
    cerebro.addanalyzer(a.PositionsValue)
    cerebro.addanalyzer(a.PositionsValue, headers=True, cash=True, _name="pv")
    cerebro.addanalyzer(a.LogReturnsRolling, compression=5)
    cerebro.addanalyzer(a.VWR, tann=250, tau=0.5, sdev_max=1.0)
    cerebro.addanalyzer(a.Transactions, headers=True)


@script
def analyzers_of_the_account(bt):
    cerebro = swinging(bt, daily(bt))
    frames = bt.TimeFrame
    add_everything(
        bt, cerebro, (None, frames.Weeks, frames.Months, frames.Years, frames.NoTimeFrame)
    )
    tell(cerebro.run()[0])


@script
def analyzers_of_several_datas(bt):
    cerebro = swinging(bt, daily(bt, 300, seed=2), daily(bt, 260, seed=3, start="2021-04-05"))
    add_everything(bt, cerebro, (bt.TimeFrame.Days, bt.TimeFrame.Months))
    for data in cerebro.datas:
        for first in (True, False):
            cerebro.addanalyzer(bt.analyzers.TimeReturn, data=data, firstopen=first)
            cerebro.addanalyzer(bt.analyzers.LogReturnsRolling, data=data, firstopen=first)
    tell(cerebro.run()[0])


@script
def analyzers_of_intraday_bars(bt):
    cerebro = swinging(bt, intraday(bt))
    frames = bt.TimeFrame
    for frame_, compression in (
        (None, None),
        (frames.Minutes, 60),
        (frames.Minutes, 45),
        (frames.Seconds, 3600),
        (frames.Days, 1),
    ):
        for cls in (bt.analyzers.TimeReturn, bt.analyzers.LogReturnsRolling, bt.analyzers.Calmar):
            cerebro.addanalyzer(cls, timeframe=frame_, compression=compression)
    add_everything(bt, cerebro, (frames.Days,))
    data = cerebro.datas[0]
    cerebro.addanalyzer(bt.analyzers.TimeReturn, data=data, timeframe=frames.Days)
    cerebro.addanalyzer(bt.analyzers.TimeReturn, data=data, firstopen=False)
    tell(cerebro.run()[0])


@script
def analyzers_of_the_fund(bt):
    cerebro = swinging(bt, daily(bt, 300, seed=8))
    a = bt.analyzers
    for cls in (
        a.TimeReturn,
        a.LogReturnsRolling,
        a.Returns,
        a.TimeDrawDown,
        a.VWR,
        a.Calmar,
        a.DrawDown,
        a.GrossLeverage,
    ):
        for fund in (True, False):
            cerebro.addanalyzer(cls, fund=fund)
    cerebro.addanalyzer(a.SharpeRatio, timeframe=bt.TimeFrame.Months, fund=True)
    cerebro.addanalyzer(a.PeriodStats, timeframe=bt.TimeFrame.Months, fund=True)
    tell(cerebro.run()[0])


@script
def analyzers_printed(bt):
    cerebro = swinging(bt, daily(bt, 120, seed=4))
    a = bt.analyzers
    for cls in (
        a.TimeReturn,
        a.Returns,
        a.DrawDown,
        a.VWR,
        a.TradeAnalyzer,
        a.Transactions,
        a.PositionsValue,
        a.SharpeRatio_A,
        a.PyFolio,
        a.Calmar,
    ):
        cerebro.addanalyzer(cls)
    for analyzer in cerebro.run()[0].analyzers:
        analyzer.print()
        analyzer.pprint()
        analyzer.pprint(width=50, compact=True)
        analyzer.print(indent=1, rounding=3, seplen=30)


@script
def pyfolio_items(bt):
    import pandas as pd

    pd.set_option("display.max_rows", None, "display.width", 200, "display.precision", 12)
    for feeds in ((daily(bt, 90, seed=5),), (daily(bt, 80, seed=6), daily(bt, 80, seed=7))):
        cerebro = swinging(bt, *feeds)
        cerebro.addanalyzer(bt.analyzers.PyFolio, _name="pyfolio")
        strategy = cerebro.run()[0]
        for item in strategy.analyzers.getbyname("pyfolio").get_pf_items():
            print(type(item).__name__, item.dtypes, item.index.dtype)
            print(item)
        print(show(strategy.analyzers.pyfolio.get_analysis()))


@script
def derived_analyzers(bt):
    a = bt.analyzers

    class Down(a.DrawDown):
        def next(self):
            super().next()
            if self.rets.len > 20:
                print("down", len(self), self.rets.len, show(self.rets.drawdown))

        def stop(self):
            print("closing", show(self.rets))
            super().stop()

    class Noted(a.TimeReturn):
        params = dict(timeframe=bt.TimeFrame.Months)  # noqa: C408

        def on_dt_over(self):
            super().on_dt_over()
            print("month", self.dtkey, show(self._lastvalue), show(self._value_start))

        def start(self):
            super().start()
            print("start", show(self._lastvalue))

    class Kept(a.TimeReturn):
        """Nothing but the end: it need not hear bars."""

        def stop(self):
            super().stop()
            self.rets["best"] = max(self.rets.values())

        def get_analysis(self):
            return {"kept": super().get_analysis()}

    class Levered(a.GrossLeverage):
        def notify_fund(self, cash, value, fundvalue, shares):
            super().notify_fund(cash, value, fundvalue, shares)
            self.most = max(getattr(self, "most", 0.0), value - cash)

        def stop(self):
            self.rets["most"] = self.most

    class Counted(a.Returns):
        def _on_dt_over(self):
            super().on_dt_over()
            self.periods = getattr(self, "periods", 0) + 1

        def stop(self):
            super().stop()
            self.rets["periods"] = self.periods

    class Ratio(a.Calmar):
        params = (("period", 6),)

        def next(self):
            if len(self) % 40 == 0:
                print("calmar", len(self), show(self.calmar), show(self.rets))

    class Weighted(a.VWR):
        def notify_order(self, order):
            self.orders = getattr(self, "orders", 0) + 1

        def stop(self):
            super().stop()
            self.rets["orders"] = self.orders

    class Window(a.LogReturnsRolling):
        params = (("compression", 4),)

        def next(self):
            super().next()
            if self.rets[self.dtkey] > 0.06:
                print("jump", self.dtkey, show(self.rets[self.dtkey]))

    class Times(a.TimeDrawDown):
        def next(self):
            if len(self) % 60 == 0:
                print("times", len(self), show([self.dd, self.maxdd, self.maxddlen, self.peak]))

    class Late(a.TimeReturn):
        params = (("_doprenext", False),)

    cerebro = swinging(bt, daily(bt, 250, seed=9))
    for cls in (Down, Noted, Kept, Levered, Counted, Ratio, Weighted, Window, Times, Late):
        cerebro.addanalyzer(cls)
    cerebro.addanalyzer(Late, timeframe=bt.TimeFrame.Weeks, _name="late")

    class Sharpe(a.SharpeRatio):
        params = (("timeframe", bt.TimeFrame.Days),)

        def next(self):
            if len(self) == 200:
                print("so far", show(self.timereturn.rets))

    cerebro.addanalyzer(Sharpe)
    tell(cerebro.run()[0])


@script
def children_of_analyzers(bt):
    a = bt.analyzers

    class Family(bt.Analyzer):
        params = (("every", 50),)

        def __init__(self):
            self.down = a.DrawDown()
            self.returns = a.TimeReturn(timeframe=bt.TimeFrame.Weeks)
            self.calmar = a.Calmar(timeframe=bt.TimeFrame.Weeks, period=4)
            self.trades = a.TradeAnalyzer()

        def next(self):
            if len(self) % self.p.every == 0:
                print(len(self), show(self.down.rets), show(self.calmar.rets))
                print(show(self.returns.get_analysis()), show(self.trades.rets))
                self.rets[len(self)] = self.down.rets.max.drawdown

    class OnTrades(bt.Analyzer):
        def __init__(self):
            self.down = a.DrawDown()

        def notify_trade(self, trade):
            if trade.isclosed:
                self.rets[len(self)] = (self.down.rets.drawdown, self.down.rets.len)

    class AtTheEnd(bt.Analyzer):
        def __init__(self):
            self.down = a.DrawDown()
            self.family = Family(**{"every": 200})

        def stop(self):
            self.rets["down"] = self.down.get_analysis()
            self.rets["family"] = self.family.get_analysis()

    cerebro = swinging(bt, daily(bt, 250, seed=10))
    for cls in (Family, OnTrades, AtTheEnd):
        cerebro.addanalyzer(cls)
    tell(cerebro.run()[0])


@script
def analyzers_read_in_the_run(bt):
    class Reading(Swinging):
        def next(self):
            super().next()
            if len(self) % 30 == 0:
                tell(self)

        def stop(self):
            tell(self)

    cerebro = swinging(bt, daily(bt, 100, seed=11), base=Reading)
    add_everything(bt, cerebro, (bt.TimeFrame.Weeks,))
    cerebro.addanalyzer(bt.analyzers.PyFolio)
    tell(cerebro.run()[0])


@script
def analyzers_before_the_first_next(bt):
    class Slow(Swinging):
        def __init__(self):
            bt.ind.SMA(period=40)

    cerebro = swinging(bt, daily(bt, 120, seed=12), base=Slow)
    add_everything(bt, cerebro, (None, bt.TimeFrame.Weeks))
    tell(cerebro.run()[0])


@script
def analyzers_of_nobody(bt):
    class Making(Swinging):
        def __init__(self):
            a = bt.analyzers
            kinds = (
                a.SQN,
                a.TimeReturn,
                a.DrawDown,
                a.Transactions,
                a.TradeAnalyzer,
                a.SharpeRatio,
            )
            self.own = [kind() for kind in kinds]

        def stop(self):
            for analyzer in self.own:
                print(type(analyzer).__name__, len(analyzer), show(analyzer.get_analysis()))

    cerebro = swinging(bt, daily(bt, 40), base=Making)
    cerebro.addanalyzer(bt.analyzers.Transactions)
    tell(cerebro.run()[0])
