"""Time returns of the account against those of another share."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


def daily(name="daily.csv", **kwargs):
    return bt.feeds.GenericCSVData(dataname=os.path.join(DATA, name), dtformat="%Y-%m-%d", **kwargs)


class Hold(bt.Strategy):
    def next(self):
        if not self.position:
            self.order_target_percent(target=0.95)


cerebro = bt.Cerebro()
cerebro.adddata(daily(), name="held")
other = daily("other.csv")
cerebro.adddata(other, name="index")
cerebro.addstrategy(Hold)
cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Months, _name="ours")
cerebro.addanalyzer(
    bt.analyzers.TimeReturn, timeframe=bt.TimeFrame.Months, data=other, _name="theirs"
)
cerebro.addobserver(bt.observers.Benchmark, data=other, timeframe=bt.TimeFrame.Months)
run = cerebro.run()[0]
ours, theirs = (run.analyzers.getbyname(n).get_analysis() for n in ("ours", "theirs"))
for when in ours:
    print(when.date(), "%.8f" % ours[when], "%.8f" % theirs.get(when, float("nan")))
print(list(run.stats.benchmark.lines.getlinealiases()))
