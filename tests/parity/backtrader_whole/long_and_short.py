"""Reverses its position at each turn of the MACD; targets in size."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Turn(bt.Strategy):
    def __init__(self):
        self.macd = bt.ind.MACD(self.data.close, period_me1=9, period_me2=19, period_signal=7)
        self.turn = bt.ind.CrossOver(self.macd.macd, self.macd.signal)

    def next(self):
        if self.turn[0] > 0:
            self.order_target_size(target=60)
        elif self.turn[0] < 0:
            self.order_target_size(target=-40)

    def notify_trade(self, trade):
        print(
            trade.ref,
            trade.status_names[trade.status],
            trade.size,
            trade.price,
            trade.pnl,
            trade.pnlcomm,
            trade.long,
        )

    def stop(self):
        print(self.position)


cerebro = bt.Cerebro(stdstats=False)
cerebro.addstrategy(Turn)
cerebro.adddata(daily())
cerebro.broker.setcommission(commission=1.5, commtype=bt.CommInfoBase.COMM_FIXED, stocklike=True)
cerebro.run()
print(cerebro.broker.getvalue(), cerebro.broker.getcash())
