"""Two moving averages, a percent sizer, the usual log of orders and trades."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Cross(bt.Strategy):
    params = dict(fast=8, slow=21)

    def log(self, text):
        print("%s, %s" % (self.datas[0].datetime.date(0).isoformat(), text))

    def __init__(self):
        fast = bt.ind.SMA(period=self.p.fast)
        slow = bt.ind.EMA(period=self.p.slow)
        self.signal = bt.ind.CrossOver(fast, slow)

    def notify_order(self, order):
        if order.status == order.Completed:
            kind = "BUY" if order.isbuy() else "SELL"
            self.log(
                "%s %.2f cost %.2f commission %.2f"
                % (kind, order.executed.price, order.executed.value, order.executed.comm)
            )
        elif order.status in (order.Canceled, order.Margin, order.Rejected):
            self.log("not done: " + order.getstatusname())

    def notify_trade(self, trade):
        if trade.isclosed:
            self.log(
                "trade: gross %.2f, net %.2f, bars %d" % (trade.pnl, trade.pnlcomm, trade.barlen)
            )

    def next(self):
        if not self.position and self.signal > 0:
            self.buy()
        elif self.position and self.signal < 0:
            self.close()


if __name__ == "__main__":
    cerebro = bt.Cerebro()
    cerebro.addstrategy(Cross)
    cerebro.adddata(daily())
    cerebro.addsizer(bt.sizers.PercentSizer, percents=40)
    cerebro.broker.setcash(50000.0)
    cerebro.broker.setcommission(commission=0.001)
    print("Starting Portfolio Value: %.2f" % cerebro.broker.getvalue())
    cerebro.run()
    print("Final Portfolio Value: %.2f" % cerebro.broker.getvalue())
