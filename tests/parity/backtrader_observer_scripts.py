"""Whole scripts about observers: what they show after a run, and to who reads them in between."""

from typing import Any, ClassVar

from backtrader_setting import frame, script, show


def _attempt(call):
    try:
        return call()
    except (AttributeError, IndexError, TypeError) as error:
        return f"{type(error).__name__} {error}"


def _report(name, observer):
    print(
        name,
        type(observer).__name__,
        len(observer),
        observer.lines.getlinealiases(),
        observer.plotlabel(),
        (observer.plotinfo.plot, observer.plotinfo.subplot, observer.csv),
    )
    for line in observer.lines:
        print("   ", len(line.array), show(list(line.array)), show(list(line.get(size=3))))


def _play(bt, datas=1, add=(), multi=(), read=0, names=(), **settings):
    """A run that trades every data; `read` is the bar from which it reads the observers."""

    class Trading(bt.Strategy):
        def start(self):
            print("start", len(self.stats), _attempt(self.stats.getnames))

        def next(self):
            bar = len(self)
            for data in self.datas:
                held = self.getposition(data).size
                if bar % 7 == 2 and not held:
                    self.buy(data=data, size=3)
                elif bar % 7 == 5 and held:
                    self.close(data=data)
                elif bar % 11 == 4:
                    self.sell(data=data, size=2)
            if read and bar >= read:
                self.look(bar)

        def look(self, bar):
            for name in names or self.stats.getnames():
                found = getattr(self.stats, name)
                one = found[0] if isinstance(found, list) else found
                values = [
                    (_attempt(lambda x=line: x[0]), _attempt(lambda x=line: x[-1]))
                    for line in one.lines
                ]
                print(bar, name, len(one), show(values))

        def stop(self):
            for name in [*self.stats.getnames(), "buysell", "each"]:
                found = getattr(self.stats, name, ())
                for one in found if isinstance(found, (list, tuple)) else [found]:
                    _report(name, one)
            print([type(one).__name__ for one in self.getobservers()])

    cerebro = bt.Cerebro(**settings)
    for k in range(datas):
        table = frame(24, seed=k + 1)
        data = bt.feeds.PandasData(dataname=table.iloc[k::2] if k else table)
        cerebro.adddata(data, name=f"d{k}")
    for observer, kwargs in add:
        cerebro.addobserver(observer, **kwargs)
    for observer, kwargs in multi:
        cerebro.addobservermulti(observer, **kwargs)
    cerebro.addstrategy(Trading)
    cerebro.broker.setcommission(commission=0.001)
    try:
        ran = cerebro.run()[0]
    except TypeError as error:
        print("it fails:", type(error).__name__, error)
        return
    print(_attempt(lambda: ran.stats.nobody), _attempt(lambda: ran.stats[9]))


def _own(bt):
    class Own(bt.Observer):
        lines = ("twice", "worth")
        params = (("factor", 2),)
        plotinfo: ClassVar = {"plot": True, "plotname": "My own"}

        def next(self):
            self.l.twice[0] = len(self) * self.p.factor
            pending = len(self._owner._orderspending) + len(self._owner._tradespending)
            self.l.worth[0] = self._owner.broker.getvalue() + pending

    return Own


@script
def standard_observers(bt):
    for settings in ({}, {"runonce": False}, {"oldbuysell": True, "oldtrades": True}):
        for datas in (1, 2):
            print(settings, datas)
            _play(bt, datas, **settings)


@script
def observers_read_while_bars_run(bt):
    for settings in ({}, {"runonce": False}, {"cheat_on_open": True}):
        for datas in (1, 2):
            for read in (1, 9):
                print(settings, datas, read)
                _play(bt, datas, read=read, names=("broker", "buysell"), **settings)
                _play(bt, datas, read=read, **settings)


@script
def every_observer(bt):
    o = bt.observers
    add = [
        (o.DrawDown, {}),
        (o.DrawDownLength, {}),
        (o.DrawDown_Old, {}),
        (o.TimeReturn, {}),
        (o.TimeReturn, {"timeframe": bt.TimeFrame.Weeks, "obsname": "weekly"}),
        (o.Benchmark, {}),
        (o.Benchmark, {"timeframe": bt.TimeFrame.Weeks, "obsname": "weeks"}),
        (o.Value, {}),
        (o.Cash, {}),
        (o.FundValue, {}),
        (o.FundShares, {}),
        (o.LogReturns, {}),
        (o.Broker, {"fund": True, "obsname": "fund"}),
        (o.Trades, {"pnlcomm": False, "obsname": "gross"}),
        (o.DataTrades, {"usenames": False, "obsname": "numbered"}),
    ]
    _play(bt, add=add)
    _play(bt, add=add, read=3, runonce=False)
    _play(bt, 2, add=[*add, (o.LogReturns2, {})], stdstats=False)


@script
def own_observers(bt):
    own = _own(bt)

    class Marks(bt.observers.BuySell):
        plotlines: ClassVar[Any] = {"buy": {"marker": "$B$"}}

    add = [(own, {}), (own, {"factor": 5, "obsname": "five"}), (Marks, {})]
    _play(bt, add=add, read=4)
    _play(bt, add=add, stdstats=False)
    _play(bt, 2, add=add, runonce=False)
    _play(bt, 2, multi=[(Marks, {"barplot": True}), (own, {"obsname": "each"})])
    _play(bt, add=[(own, {"nothing": 1})])
    _play(bt, add=[(bt.observers.Broker, {"nothing": 1})])
    print(Marks.plotlines.buy.marker, Marks.plotlines.buy.color, Marks.plotlines.sell.marker)


def _replay(bt, data):
    cerebro = bt.Cerebro()
    cerebro.replaydata(data, timeframe=bt.TimeFrame.Weeks)
    return cerebro


def _split_in_two(bt, data):
    cerebro = bt.Cerebro()
    data.addfilter(bt.filters.BarReplayer_Open)
    cerebro.adddata(data)
    return cerebro


@script
def bars_of_several_ticks(bt):
    class Trading(bt.Strategy):
        def next(self):
            if not self.position:
                self.buy()
            elif len(self) % 3 == 0:
                self.close()

    # What is observed at a bar is what its last tick leaves, whoever asks for it after the run.
    for made in (_replay, _split_in_two):
        cerebro = made(bt, bt.feeds.PandasData(dataname=frame(30)))
        cerebro.addstrategy(Trading)
        (strategy,) = cerebro.run()
        for observer in strategy.getobservers():
            print(made.__name__, type(observer).__name__, len(observer))
            for line in observer.lines:
                print(show(list(line.array)))
