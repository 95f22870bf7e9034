"""Scripts that set up the broker where strategies are made, started and called."""

import random

from backtrader_setting import Reporting, cerebro_with, frame, script


def play(bt, changes, seed=3, feeds=1, hears=True, bars=60, analyzers=(), orders=0.4, **cerebro):
    """Random orders, while `changes` (place or bar number: function of the broker) are made."""

    class Changing(*((Reporting,) if hears else ()), bt.Strategy):
        def __init__(self):
            self.base = 0
            self.draw = random.Random(seed)
            self.change("init")

        def start(self):
            super().start()
            self.change("start")

        def change(self, place):
            if place in changes:
                print("before", place, self.account())
                changes[place](self.broker)
                print("after", place, self.account())

        def account(self):
            b = self.broker
            return b.getcash(), b.getvalue(), b.startingcash, b.fundvalue, b.fundshares

        def notify_cashvalue(self, cash, value):
            if hears:
                print("account", cash, value)

        def notify_fund(self, cash, value, fundvalue, shares):
            if hears:
                print("fund", fundvalue, shares)

        def prenext(self):
            self.next()

        def next_open(self):
            self.change(("open", len(self)))

        def next(self):
            self.change(len(self))
            for data in self.datas:
                if not len(data):
                    continue
                if self.draw.random() < orders:
                    size = self.draw.randint(1, 60)
                    kind = self.draw.choice((None, bt.Order.Limit, bt.Order.Stop, bt.Order.Close))
                    price = data.close[0] + self.draw.randint(-4, 4) * 0.25
                    send = self.draw.choice((self.buy, self.sell))
                    send(data, size=size, exectype=kind, price=price if kind else None)
            position = self.broker.getposition(self.data)
            print(len(self), self.account(), position.size, position.price)

        def stop(self):
            self.change("stop")
            print("stop", self.account())

    datas = [
        bt.feeds.PandasData(dataname=frame(bars, seed + k, start=f"2021-03-0{1 + 2 * k}"))
        for k in range(feeds)
    ]
    run = cerebro_with(Changing, *datas)
    for analyzer in analyzers:
        run.addanalyzer(getattr(bt.analyzers, analyzer), _name=analyzer)
    done = run.run(**cerebro)[0]
    for analyzer in analyzers:
        print(analyzer, getattr(done.analyzers, analyzer).get_analysis())
    print("end", run.broker.getvalue(), run.broker.getcash())


@script
def settings_of_an_init(bt):
    def settings(broker):
        broker.setcommission(commission=0.002)
        broker.set_slippage_perc(0.004)
        broker.set_checksubmit(False)

    play(bt, {"init": settings})


@script
def cash_of_an_init(bt):
    play(bt, {"init": lambda b: b.setcash(2_500.0)})
    play(bt, {"init": lambda b: b.set_cash(250_000), "start": lambda b: b.setcash(100_000)})


@script
def commission_of_one_data_in_start(bt):
    play(bt, {"start": lambda b: b.setcommission(0.5, margin=20.0, mult=3.0, name="d1")}, feeds=2)


@script
def cheat_on_close_in_start(bt):
    play(bt, {"start": lambda b: b.set_coc(True)})
    play(bt, {"start": lambda b: b.set_coo(True)})


@script
def shorts_without_cash_in_init(bt):
    play(bt, {"init": lambda b: b.set_shortcash(False)})


@script
def commissions_of_each_week(bt):
    changes = {n: lambda b, n=n: b.setcommission(commission=0.0005 * n) for n in range(1, 60, 5)}
    play(bt, changes)
    changes[8] = lambda b: b.setcommission(commission=1.5, commtype=bt.CommInfoBase.COMM_FIXED)
    play(bt, changes, hears=False, orders=0.15)


@script
def own_commission_info_in_next(bt):
    class Flat(bt.CommInfoBase):
        params = (("commission", 2.5), ("commtype", bt.CommInfoBase.COMM_FIXED))

    play(bt, {20: lambda b: b.addcommissioninfo(Flat(stocklike=True), name="d0")}, feeds=2)


@script
def leverage_in_next(bt):
    changes = {15: lambda b: b.setcommission(0.001, leverage=4.0), 40: lambda b: b.setcommission()}
    play(bt, changes, analyzers=("TimeReturn", "DrawDown", "SharpeRatio"))
    play(bt, changes, hears=False, orders=0.06, analyzers=("TimeReturn", "DrawDown"))


@script
def futures_in_next(bt):
    changes = {
        12: lambda b: b.setcommission(1.0, margin=30.0, mult=5.0),
        30: lambda b: b.setcommission(0.001),
        44: lambda b: b.setcommission(1.0, automargin=2.0, mult=5.0, stocklike=False, margin=1.0),
    }
    play(bt, changes)
    play(bt, changes, hears=False, orders=0.05, analyzers=("TimeReturn",))


@script
def slippage_in_next(bt):
    changes = {
        10: lambda b: b.set_slippage_perc(0.01),
        20: lambda b: b.set_slippage_fixed(0.5, slip_match=False),
        30: lambda b: b.set_slippage_fixed(1.5, slip_out=True),
        40: lambda b: b.set_slippage_perc(0.0),
    }
    play(bt, changes, orders=0.7)


@script
def cheats_in_next(bt):
    changes = {
        10: lambda b: b.set_coc(True),
        20: lambda b: b.set_coc(False),
        30: lambda b: b.set_coo(True),
        40: lambda b: b.set_coo(False),
    }
    play(bt, changes, orders=0.7)


@script
def checks_in_next(bt):
    changes = {
        2: lambda b: b.set_shortcash(False),
        10: lambda b: b.set_shortcash(True),
        20: lambda b: b.set_shortcash(False),
    }
    play(bt, changes, orders=0.7)
    play(bt, {5: lambda b: b.set_checksubmit(True)} | {"init": lambda b: b.set_checksubmit(False)})


@script
def cash_in_next(bt):
    changes = {
        6: lambda b: b.set_cash(500.0),
        18: lambda b: b.setcash(50_000),
        30: lambda b: b.set_cash(b.getcash() + 1234.5),
    }
    play(bt, changes, analyzers=("TimeReturn", "DrawDown"))
    play(bt, changes, feeds=2, orders=0.1, hears=False, analyzers=("TimeReturn", "DrawDown"))


@script
def cash_added(bt):
    def twice(broker):
        broker.add_cash(100.0)
        broker.add_cash(-30)

    changes = {
        "init": lambda b: b.add_cash(1_000.0),
        6: twice,
        7: lambda b: b.add_cash(5_000.0),
        30: lambda b: b.add_cash(-2_000.0),
        31: lambda b: (b.getvalue([b.cerebro.datas[0]]), b.add_cash(10.0)),
        33: lambda b: (b.add_cash(10.0), b.getvalue([b.cerebro.datas[0]])),
    }
    play(bt, changes, analyzers=("TimeReturn", "DrawDown"))
    play(bt, changes, feeds=2, orders=0.1, hears=False, analyzers=("TimeReturn", "DrawDown"))


@script
def settings_before_the_open(bt):
    changes = {
        ("open", 0): lambda b: b.set_cash(9_000.0),
        ("open", 5): lambda b: b.setcommission(0.01),
        ("open", 9): lambda b: b.set_cash(20_000.0),
        ("open", 12): lambda b: b.add_cash(20_000.0),
        ("open", 20): lambda b: b.setcommission(0.01, leverage=2.0),
        25: lambda b: b.set_slippage_perc(0.02),
    }
    play(bt, changes, cheat_on_open=True)


@script
def settings_of_a_stop(bt):
    play(bt, {"stop": lambda b: (b.set_cash(1.0), b.setcommission(0.1))}, bars=8)


@script
def a_broker_of_ones_own(bt):
    class Counting(bt.brokers.BackBroker):
        passes = 0

        def next(self):
            self.passes += 1
            super().next()

    class Quiet(bt.Strategy):
        def next(self):
            if len(self) == 5:
                self.buy()

    cerebro = cerebro_with(Quiet)
    cerebro.broker = Counting()
    print(type(cerebro.broker.notifs).__name__, cerebro.broker.get_notification())
    cerebro.run()
    print(cerebro.broker.passes, cerebro.broker.getvalue())


@script
def observers_of_cash_that_is_set(bt):
    class Setting(bt.Strategy):
        def next(self):
            if len(self) == 3:
                self.buy(size=10)
            elif len(self) == 6:
                self.broker.set_cash(500.0)
            elif len(self) == 9:
                self.broker.add_cash(1_000.0)
            elif len(self) == 12:
                self.broker.setcommission(commission=0.001, leverage=3.0)
            elif len(self) == 15:
                self.close()

    cerebro = cerebro_with(Setting, bt.feeds.PandasData(dataname=frame(20, 4)))
    for name in ("Value", "Cash", "Broker", "DrawDown", "FundShares", "FundValue"):
        cerebro.addobserver(getattr(bt.observers, name), obsname=name)
    cerebro.addanalyzer(bt.analyzers.GrossLeverage, _name="leverage")
    done = cerebro.run()[0]
    for name, observer in done.stats.getitems():
        print(name, [list(map(repr, map(float, line.array[:20]))) for line in observer.lines])
    print(list(map(repr, done.analyzers.leverage.get_analysis().values())))
