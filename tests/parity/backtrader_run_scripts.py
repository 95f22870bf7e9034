"""Scripts about the ways of running: parameters of Cerebro, when who is called."""

from backtrader_setting import Reporting, cerebro_with, frame, script, show


def trading(bt, **params):
    """A strategy that trades every few bars and prints what it sees."""

    class Trading(Reporting, bt.Strategy):
        def __init__(self):
            self.sma = bt.ind.SMA(self.data, period=4)
            self.above = self.data.close > self.sma
            self.mid = (self.data.high + self.data.low) / 2.0

        def notify_cashvalue(self, cash, value):
            print(len(self), "account", cash, value)

        def next_open(self):
            print(len(self), "open", len(self.data))

        def next(self):
            print(
                len(self), self.data.datetime.date(0), self.sma[0], bool(self.above[0]), self.mid[0]
            )
            if len(self) % 5 == 0:
                self.buy(size=3)
            elif len(self) % 7 == 0:
                self.sell(size=4, exectype=bt.Order.Limit, price=self.data.close[0] + 0.25)

        def stop(self):
            print("stop", len(self), len(self._orders), len(self._orderspending))

    Trading.__name__ = "Trading"
    cerebro = cerebro_with(Trading, bt.feeds.PandasData(dataname=frame(40, 5)))
    cerebro.run(**params)
    print(cerebro.broker.getvalue())
    return cerebro


@script
def exact_bars(bt):
    for exactbars in (-1, -2):
        trading(bt, exactbars=exactbars)

    class Few(bt.Strategy):
        """Values of a short memory keep the types that they came with there: as floats."""

        def __init__(self):
            self.sma = bt.ind.SMA(period=4)

        def next(self):
            if self.data.close[0] > self.sma[0]:
                self.buy()
            print(len(self), float(self.sma[0]), float(self.sma[-1]), float(self.data.close[-2]))

        def notify_order(self, order):
            print(order.getstatusname(), float(order.executed.price), float(order.executed.comm))

    for exactbars in (1, True):
        cerebro_with(Few).run(exactbars=exactbars)


@script
def as_if_live(bt):
    trading(bt, live=True)
    trading(bt, preload=False)


@script
def cached_objects(bt):
    trading(bt, objcache=True)


@script
def one_data_synchronised_the_old_way(bt):
    trading(bt, oldsync=True)
    trading(bt, oldsync=True, cheat_on_open=True)


@script
def several_datas_synchronised_the_old_way(bt):
    class Trades(bt.Strategy):
        def notify_order(self, order):
            x = order.executed
            print(order.getstatusname(), order.data._id, x.size, show(x.price), show(x.dt or 0.0))

        def __init__(self):
            self.means = [bt.ind.SMA(data, period=3) for data in self.datas]

        def look(self):
            told = [(len(d), show(d.close[0]), d.datetime.date(0)) for d in self.datas if len(d)]
            means = [show(mean[0]) for mean in self.means if len(mean)]
            print(len(self), self.datetime.date(0), told, means, show(self.broker.getvalue()))

        def prenext(self):
            self.look()

        def next(self):
            self.look()
            if len(self) % 5 == 0:
                self.buy(data=self.data1, size=3)
                self.sell(size=2, exectype=bt.Order.Close)
            if len(self) % 7 == 0:
                self.sell(data=self.data1, exectype=bt.Order.Limit, price=self.data1.close[0] + 1)
                self.close(data=self.data0)

    for start, step, count in (("2021-03-01", 1, 40), ("2021-02-10", 1, 60), ("2021-03-08", 2, 80)):
        print(start, step)
        cerebro = bt.Cerebro(oldsync=True)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(30, seed=3)))
        other = frame(count, seed=5, start=start).iloc[::step]
        cerebro.adddata(bt.feeds.PandasData(dataname=other))
        cerebro.addstrategy(Trades)
        cerebro.run()


@script
def quick_notifications(bt):
    trading(bt, quicknotify=True)
    trading(bt, quicknotify=True, cheat_on_open=True)


@script
def looking_ahead(bt):
    class Ahead(bt.Strategy):
        def next(self):
            try:
                print(len(self), self.data.close[1], self.data.close[2])
            except IndexError:
                print(len(self), "no more")

    for lookahead in (0, 1, 3):
        cerebro = cerebro_with(Ahead, bt.feeds.PandasData(dataname=frame(6, 5)))
        one = cerebro.run(lookahead=lookahead)[0]
        print(len(one.data), one.data.buflen(), len(one.data.array), len(one.data.close.array))


@script
def time_zone_of_the_strategy(bt):
    import pytz

    class Zoned(bt.Strategy):
        def next(self):
            if len(self) < 3:
                print(self.datetime.datetime(0), self.data.datetime.datetime(0))
                print(self.lines.datetime.datetime(0), self.datetime[0])

    for tz in ("US/Eastern", pytz.timezone("Asia/Tokyo"), 0, None):
        cerebro = cerebro_with(Zoned, bt.feeds.PandasData(dataname=frame(5, 5), tz="Europe/Rome"))
        cerebro.addtz(tz)
        cerebro.run()
        cerebro_with(Zoned, bt.feeds.PandasData(dataname=frame(5, 5))).run(tz=tz)


@script
def an_indicator_for_all(bt):
    class Two(bt.Strategy):
        params = (("name", "a"),)

        def next(self):
            if len(self) < 9:
                names = [type(i).__name__ for i in self.getindicators()]
                print(self.p.name, len(self), names, show(self.getindicators()[0][0]))

    for second in (False, True):
        cerebro = cerebro_with(Two, bt.feeds.PandasData(dataname=frame(20, 5)))
        cerebro.addindicator(bt.ind.SMA, period=7)
        if second:
            cerebro.addstrategy(Two, name="b")
        else:
            cerebro.addindicator(bt.ind.RSI, period=3)
        cerebro.run()


@script
def what_a_cerebro_has(bt):
    def callback(*args):
        print("called", args)

    class Own(bt.Cerebro):
        def notify_timer(self, timer, when, *args, **kwargs):
            print(timer)

        def notify_data(self, data, status, *args, **kwargs):
            print(status)

    cerebro = Own()
    cerebro.adddatacb(callback)
    cerebro.addstorecb(callback)
    names = "stores feeds datas strats optcbs observers analyzers indicators writers signals"
    for name in names.split():
        print(name, getattr(cerebro, name))
    print(cerebro.sizers, len(cerebro.storecbs), len(cerebro.datacbs))
    print(cerebro._dolive, cerebro._doreplay, cerebro._dooptimize)
    print(bt.Cerebro.iterize([1, "ab", (2, 3), [4], None]))
    print(cerebro.addstrategy(bt.Strategy, 1, a=2), cerebro.addstrategy(bt.Strategy))
    print([len(one) for one in cerebro.strats], cerebro.strats[0][0][1:])
    cerebro.addobserver(bt.observers.Value)
    cerebro.addobservermulti(bt.observers.BuySell, bardist=0.1)
    print([(multi, cls.__name__, a, k) for multi, cls, a, k in cerebro.observers])
    print(cerebro.run())


@script
def notifications_are_counted(bt):
    class Silent(bt.Strategy):
        def next(self):
            if len(self) in (3, 8):
                self.buy()
            if len(self) in (4, 5, 9, 10):
                print(len(self._orders), len(self._orderspending), len(self.broker.notifs))

        def stop(self):
            print([o.getstatusname() for o in self._orders])

    class Hearing(Silent):
        def notify_order(self, order):
            print("order", order.getstatusname(), len(self._orderspending), len(self._orders))

    cerebro_with(Silent).run()
    cerebro_with(Hearing).run()
