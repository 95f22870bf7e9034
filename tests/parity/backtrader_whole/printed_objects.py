"""A diary for debugging: orders, trades, positions and datas are printed as they are."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Diary(bt.Strategy):
    params = dict(period=12, movav=bt.ind.EMA)

    def __init__(self):
        print("datas", self.getdatanames(), self.data)
        print("average of", self.p.movav, "in", self.__class__)
        average = self.p.movav(self.data, period=self.p.period)
        self.signal = bt.ind.CrossOver(self.data.close, average)
        print(average, average.plotlabel(), self.signal)

    def notify_order(self, order):
        if order.status == order.Completed:
            print(order)
            for bit in order.executed.exbits:
                print(bit.size, bit.price, bit.closed, bit.opened, bit.pnl, bit.psize, bit.pprice)

    def notify_trade(self, trade):
        if trade.isclosed:
            print(trade)
            for note in trade.history:
                print(note.status.size, note.status.pnl, note.event.order.ref, note.event.price)

    def next(self):
        if len(self) > 100:
            self.env.runstop()
        if self.signal[0] > 0 and not self.position:
            self.buy(size=5).addinfo(why="cross", bar=len(self))
        elif self.signal[0] < 0 and self.position:
            print(self.position)
            self.close(size=3)
            self.close(size=2)

    def stop(self):
        print(self.broker, self.sizer, self.analyzers.sqn, self.stats.broker)


cerebro = bt.Cerebro(tradehistory=True)
cerebro.addstrategy(Diary)
cerebro.adddata(daily(), name="daily")
cerebro.addanalyzer(bt.analyzers.SQN)
cerebro.run()
print(cerebro.broker.getvalue())
