"""Fills limited by the volume of the bar: partial executions."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Big(bt.Strategy):
    def next(self):
        if len(self) % 40 == 3:
            self.buy(size=60000, exectype=bt.Order.Limit, price=self.data.close[0] * 1.01)
        elif len(self) % 40 == 23:
            self.close()

    def notify_order(self, order):
        if order.status in (order.Partial, order.Completed):
            print(
                len(self),
                order.getstatusname(),
                order.executed.size,
                order.executed.remsize,
                order.executed.price,
            )
            for bit in order.executed.iterpending():
                print("   bit", bit.size, bit.price, bit.value, bit.comm)

    def notify_trade(self, trade):
        if trade.isclosed:
            print("trade", trade.pnl)


for filler in (
    bt.broker.fillers.FixedBarPerc(perc=4.0),
    bt.broker.fillers.FixedSize(size=15000),
    bt.broker.fillers.BarPointPerc(minmov=0.01, perc=30.0),
):
    cerebro = bt.Cerebro()
    cerebro.adddata(daily())
    cerebro.addstrategy(Big)
    cerebro.broker.set_cash(10_000_000)
    cerebro.broker.set_filler(filler)
    cerebro.run()
    print(type(filler).__name__, cerebro.broker.getvalue())
