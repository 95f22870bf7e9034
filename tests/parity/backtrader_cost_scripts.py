"""Scripts with costs of their own: commission classes, interest, fillers, funds, cash flows."""

from backtrader_setting import Reporting, cerebro_with, frame, script, show


def _swing(bt, **settings):
    """A strategy that opens, adds, reverses and closes every few bars."""

    class Swing(Reporting, bt.Strategy):
        params = (("sizes", (10, 5, -25, 4, 6, 12, -12, -8)), ("every", 3), ("seen", None))

        def __init__(self):
            self.turn = 0

        def next(self):
            if len(self) % self.p.every == 0:
                size = self.p.sizes[self.turn % len(self.p.sizes)]
                self.turn += 1
                (self.buy if size > 0 else self.sell)(size=abs(size))
            self.account()
            if self.p.seen:
                self.p.seen(self)

        def notify_fund(self, cash, value, fundvalue, shares):
            self.report("fund", cash, value, fundvalue, shares)

    return Swing


@script
def own_commission(bt):
    class PerShare(bt.CommInfoBase):
        params = (("stocklike", True), ("commtype", bt.CommInfoBase.COMM_PERC), ("least", 1.5))

        def _getcommission(self, size, price, pseudoexec):
            print("asked", show(size), show(price), pseudoexec)
            return max(self.p.least, abs(size) * self.p.commission * price)

    cerebro = cerebro_with(_swing(bt))
    cerebro.broker.addcommissioninfo(PerShare(commission=0.5))
    cerebro.run()


@script
def own_commission_counts(bt):
    class Volume(bt.CommissionInfo):
        def __init__(self):
            super().__init__()
            self.traded = 0.0

        def _getcommission(self, size, price, pseudoexec):
            if not pseudoexec:
                self.traded += abs(size) * price
            rate = 0.01 if self.traded < 5000 else 0.002
            return abs(size) * price * rate

    info = Volume()
    cerebro = cerebro_with(_swing(bt))
    cerebro.broker.addcommissioninfo(info, name="d0")
    cerebro.run()
    print(show(info.traded))


@script
def own_everything(bt):
    class Contract(bt.CommInfoBase):
        params = (("stocklike", False), ("commtype", bt.CommInfoBase.COMM_FIXED), ("mult", 5.0))

        def say(self, name, *values):
            print(name, *map(show, values))

        def getcommission(self, size, price):
            self.say("getcommission", size, price)
            return 0.5 * abs(size)

        def confirmexec(self, size, price):
            self.say("confirmexec", size, price)
            return 0.0

        def get_margin(self, price):
            return price * 0.25

        def getvaluesize(self, size, price):
            return abs(size) * self.get_margin(price)

        def get_leverage(self):
            return 2.0

        def profitandloss(self, size, price, newprice):
            return size * (newprice - price) * self.p.mult * 1.5

        def cashadjust(self, size, price, newprice):
            return size * (newprice - price) * self.p.mult * 1.5

    for shortcash in (True, False):
        cerebro = cerebro_with(_swing(bt))
        cerebro.broker.set_shortcash(shortcash)
        cerebro.broker.addcommissioninfo(Contract(commission=1.0))
        cerebro.run()


@script
def own_stock(bt):
    class Half(bt.CommInfoBase):
        params = (("stocklike", True), ("commtype", bt.CommInfoBase.COMM_PERC))

        def getoperationcost(self, size, price):
            return abs(size) * price * 0.5

        def getvalue(self, position, price):
            return super().getvalue(position, price) * 0.5

        def getsize(self, price, cash):
            return int(cash // price) * 2

    def seen(self):
        if len(self) % 10 == 0:
            self.order_target_percent(target=0.3)

    for shortcash in (True, False):
        cerebro = cerebro_with(_swing(bt), seen=seen)
        cerebro.broker.set_shortcash(shortcash)
        cerebro.broker.addcommissioninfo(Half(commission=0.1))
        cerebro.run()


@script
def kinds_of_commission_info(bt):
    comms = bt.commissions
    for info in (
        comms.CommInfo(commission=0.2),
        comms.CommInfo_Futures(commission=0.2, margin=20.0, mult=3.0),
        comms.CommInfo_Futures_Perc(commission=0.2, margin=20.0, mult=3.0),
        comms.CommInfo_Futures_Fixed(commission=0.2, automargin=0.3, mult=3.0),
        comms.CommInfo_Stocks(commission=0.2),
        comms.CommInfo_Stocks_Perc(commission=0.2, percabs=True),
        comms.CommInfo_Stocks_Fixed(commission=0.2, leverage=4.0),
        bt.comms.CommInfo_Stocks_Perc(commission=0.2, interest=0.3, interest_long=True),
    ):
        print(type(info).__name__, info._stocklike, info._commtype, show(info.p.commission))
        print(info.margin, show(info._creditrate), info.getsize(7.0, 1000.0))
        cerebro = cerebro_with(_swing(bt))
        cerebro.broker.addcommissioninfo(info)
        cerebro.run()


@script
def interest(bt):
    for long in (True, False):
        for int2pnl in (True, False):
            cerebro = cerebro_with(_swing(bt))
            cerebro.broker.set_int2pnl(int2pnl)
            cerebro.broker.setcommission(commission=0.001, interest=0.2, interest_long=long)
            cerebro.run()
            print(show(sorted(cerebro.broker.d_credit.values())))


@script
def interest_of_hours(bt):
    data = frame(count=150, freq="7h")
    feed = bt.feeds.PandasData(dataname=data, timeframe=bt.TimeFrame.Minutes, compression=420)
    cerebro = cerebro_with(_swing(bt), feed)
    cerebro.broker.setcommission(commission=0.5, margin=30.0, mult=2.0, interest=0.4)
    cerebro.run()


@script
def own_interest(bt):
    class Borrowed(bt.CommInfoBase):
        params = (("interest", 0.1), ("interest_long", True))

        def _get_credit_interest(self, data, size, price, days, dt0, dt1):
            print("credit", data._name, show(size), show(price), days, dt0, dt1)
            return days * 0.01 * abs(size)

    class Financed(bt.CommInfoBase):
        def get_credit_interest(self, data, pos, dt):
            print("financed", show(pos.size), show(pos.price), pos.datetime, dt)
            return 0.02

    for cls in (Borrowed, Financed):
        cerebro = cerebro_with(_swing(bt))
        cerebro.broker.addcommissioninfo(cls(commission=0.1))
        cerebro.run()


@script
def interest_later(bt):
    def seen(self):
        if len(self) == 25:
            self.broker.setcommission(commission=0.002, interest=0.5, interest_long=True)

    cerebro = cerebro_with(_swing(bt), seen=seen)
    cerebro.run()


def _limits(bt):
    """A strategy whose orders are larger than what a bar fills."""

    class Large(Reporting, bt.Strategy):
        params = (("size", 120_000),)

        def next(self):
            close = self.data.close[0]
            if len(self) == 3:
                self.buy(size=self.p.size)
            elif len(self) == 15:
                self.sell(size=self.p.size, exectype=bt.Order.Limit, price=close + 0.5)
            elif len(self) == 30:
                for order in self.broker.get_orders_open():
                    self.cancel(order)
                self.sell(size=self.p.size, exectype=bt.Order.StopTrail, trailamount=0.75)
            elif len(self) == 50:
                self.buy(size=self.p.size, exectype=bt.Order.Stop, price=close + 0.75)
            elif len(self) == 70:
                self.buy(
                    size=self.p.size,
                    exectype=bt.Order.StopLimit,
                    price=close + 0.5,
                    plimit=close + 1.0,
                )
            elif len(self) == 85:
                self.close(exectype=bt.Order.Close)
            elif len(self) == 95:
                self.buy_bracket(
                    size=self.p.size, limitprice=close + 2, stopprice=close - 2, price=close
                )
            self.account()

    return Large


@script
def fillers(bt):
    for filler in (
        bt.broker.fillers.FixedSize(),
        bt.fillers.FixedSize(size=20_000),
        bt.fillers.FixedBarPerc(perc=30.0),
        bt.filler.BarPointPerc(minmov=0.25, perc=80.0),
        bt.broker.filler.BarPointPerc(perc=7.0),
        lambda order, price, ago: min(abs(order.executed.remsize), 7_000),
        lambda order, price, ago: 0 if order.data.volume[ago] > 50_000 else 500.5,
    ):
        cerebro = cerebro_with(_limits(bt), cash=20_000_000.0)
        cerebro.broker.set_filler(filler)
        try:
            cerebro.run()
        except AssertionError as error:
            print(error)


@script
def fillers_and_costs(bt):
    class Tiers(bt.CommInfoBase):
        params = (("stocklike", True), ("commtype", bt.CommInfoBase.COMM_PERC))

        def _getcommission(self, size, price, pseudoexec):
            print("asked", show(size), show(price), pseudoexec)
            return 1.0 + abs(size) * price * 0.0001

    cerebro = cerebro_with(_limits(bt), cash=2_000_000.0)
    cerebro.setbroker(bt.brokers.BackBroker(filler=bt.fillers.FixedBarPerc(perc=50.0)))
    cerebro.broker.setcash(2_000_000.0)
    cerebro.broker.set_slippage_fixed(0.25, slip_match=False)
    cerebro.broker.addcommissioninfo(Tiers())
    cerebro.run()


@script
def fund(bt):
    def seen(self):
        broker = self.broker
        if len(self) in (10, 40):
            broker.add_cash(2_000.0)
        if len(self) == 25:
            broker.add_cash(-500.0)
        if len(self) == 60:
            broker.add_cash(100.0)
            self.report("value of one", broker.getvalue([self.data]), broker.getcash())
        self.report(
            "fund now", broker.fundvalue, broker.fundshares, broker.get_fundmode(),
            broker.get_fundvalue(), broker.get_fundshares(), broker.startingcash,
        )  # fmt: skip

    cerebro = cerebro_with(_swing(bt), seen=seen)
    cerebro.broker.set_fundmode(True, 10.0)
    for analyzer in (bt.analyzers.TimeReturn, bt.analyzers.DrawDown, bt.analyzers.Returns):
        cerebro.addanalyzer(analyzer)
    for analyzer in cerebro.run()[0].analyzers:
        print(show(analyzer.get_analysis()))


@script
def values(bt):
    def seen(self):
        broker = self.broker
        self.report(
            "values",
            broker.getvalue(mkt=True),
            broker.getvalue(lever=True),
            broker.getvalue(mkt=True, lever=True),
            broker.getvalue([self.data], lever=True),
            broker.getvalue([self.data]),
            broker.get_value_lever(),
            broker.get_leverage(),
        )
        if len(self) % 7 == 0:
            self.report("several", broker.getvalue(self.datas), broker.getvalue(), broker.fundvalue)
            self.report("lever", broker.getvalue(self.datas, lever=True), broker.get_leverage())

    for shortcash in (True, False):
        for scheme in (
            {"commission": 0.001, "leverage": 3.0},
            {"commission": 0.5, "margin": 12.0, "mult": 2.0, "leverage": 2.0},
        ):
            feeds = [bt.feeds.PandasData(dataname=frame(seed=n)) for n in (1, 2)]
            cerebro = cerebro_with(_swing(bt), *feeds, seen=seen)
            cerebro.broker.set_shortcash(shortcash)
            cerebro.broker.setcommission(**scheme)
            cerebro.run()


@script
def own_sizer(bt):
    class Risk(bt.Sizer):
        params = (("risk", 0.1),)

        def _getsizing(self, comminfo, cash, data, isbuy):
            broker, strategy = self.broker, self.strategy
            position = broker.getposition(data)
            print(
                "sizing", show(cash), isbuy, data._name, show(position.size), len(strategy),
                show(broker.getvalue()), show(comminfo.getsize(data.close[0], cash)),
                show(comminfo.p.commission), comminfo.stocklike, show(self.p.risk),
            )  # fmt: skip
            if position.size:
                return abs(position.size)
            return int(broker.getvalue() * self.p.risk / data.close[0])

    class Unsized(Reporting, bt.Strategy):
        def next(self):
            if len(self) % 6 == 0:
                self.buy() if len(self) % 12 else self.sell()
            if len(self) == 50:
                print(self.getsizing(isbuy=False), type(self.getsizer()).__name__)
            self.account()

    cerebro = cerebro_with(Unsized)
    cerebro.addsizer(Risk, risk=0.25)
    cerebro.run()
    for sizer, options in (
        (bt.sizers.FixedSize, {"stake": 9, "tranches": 2}),
        (bt.sizers.FixedReverser, {"stake": 3}),
        (bt.sizers.FixedSizeTarget, {"stake": 9, "tranches": 3}),
        (bt.sizers.PercentSizer, {"percents": 15, "retint": True}),
        (bt.sizers.AllInSizerInt, {}),
    ):
        cerebro = cerebro_with(Unsized)
        cerebro.addsizer(sizer, **options)
        cerebro.run()
