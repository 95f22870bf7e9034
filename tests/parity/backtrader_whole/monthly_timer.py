"""A savings plan: cash comes in and is invested on a day of each month."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Plan(bt.Strategy):
    params = dict(amount=1000.0)

    def __init__(self):
        self.add_timer(when=bt.timer.SESSION_START, monthdays=[15], monthcarry=True)

    def notify_timer(self, timer, when, *args, **kwargs):
        self.broker.add_cash(self.p.amount)
        target = self.broker.get_value() + self.p.amount
        self.order_target_value(target=target)
        print(when.date(), "target %.2f" % target)

    def notify_order(self, order):
        if order.status == order.Completed:
            print(self.data.datetime.date(0), order.executed.size, order.executed.price)

    def stop(self):
        print("cash %.2f value %.2f" % (self.broker.get_cash(), self.broker.get_value()))
        print(
            "fund value %.6f shares %.6f"
            % (self.broker.get_fundvalue(), self.broker.get_fundshares())
        )


cerebro = bt.Cerebro()
cerebro.adddata(daily())
cerebro.addstrategy(Plan)
cerebro.broker.set_fundmode(True, 100.0)
cerebro.broker.set_checksubmit(False)
cerebro.broker.setcash(5000.0)
cerebro.run()
