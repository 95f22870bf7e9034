"""Entries with a stop and a target; each has its own arguments."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Bracket(bt.Strategy):
    def __init__(self):
        self.high = bt.ind.Highest(self.data.high, period=15)
        self.live = []

    def notify_order(self, order):
        print(
            "%3d %s %s %s %s"
            % (
                len(self),
                order.ref,
                order.ordtypename(),
                order.getordername(),
                order.getstatusname(),
            )
        )
        if not order.alive() and order in self.live:
            self.live.remove(order)

    def next(self):
        if self.position or self.live:
            return
        close = self.data.close[0]
        if close >= self.high[-1]:
            self.live = self.buy_bracket(
                size=10,
                limitprice=close * 1.05,
                price=close * 1.001,
                stopprice=close * 0.97,
                exectype=bt.Order.Limit,
                valid=self.data.datetime.date(0) + __import__("datetime").timedelta(days=10),
                stopargs=dict(exectype=bt.Order.StopTrail, trailpercent=0.03),
            )
        elif close < self.data.close[-5]:
            self.live = self.sell_bracket(
                size=5, limitprice=close * 0.96, stopprice=close * 1.04, exectype=bt.Order.Market
            )

    def notify_trade(self, trade):
        if trade.isclosed:
            print(
                "closed",
                trade.pnl,
                bt.num2date(trade.dtopen).date(),
                bt.num2date(trade.dtclose).date(),
            )


cerebro = bt.Cerebro()
cerebro.addstrategy(Bracket)
cerebro.adddata(daily())
cerebro.run()
print(cerebro.broker.getvalue())
