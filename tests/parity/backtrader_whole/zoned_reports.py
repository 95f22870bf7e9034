"""Reports by date of hourly bars in the time zone of an exchange, PyFolio's tables among them."""

import os

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


class Nights(bt.Strategy):
    """Holds over night."""

    def next(self):
        hour = self.data.datetime.time().hour
        if hour >= 9 and not self.position:
            self.order_target_percent(target=0.8)
        elif hour < 7 and self.position:
            self.close()


cerebro = bt.Cerebro(tz="Asia/Tokyo")
cerebro.addstrategy(Nights)
feed = bt.feeds.GenericCSVData(
    dataname=os.path.join(DATA, "minutes.csv"),
    dtformat="%Y-%m-%d",
    tmformat="%H:%M:%S",
    time=1,
    open=2,
    high=3,
    low=4,
    close=5,
    volume=6,
    openinterest=7,
    timeframe=bt.TimeFrame.Minutes,
    tz="America/New_York",
)
cerebro.resampledata(feed, timeframe=bt.TimeFrame.Minutes, compression=60, name="hours")
for name in ("AnnualReturn", "GrossLeverage", "PositionsValue", "Transactions", "PyFolio"):
    cerebro.addanalyzer(getattr(bt.analyzers, name), _name=name.lower())
for unit in (bt.TimeFrame.Days, bt.TimeFrame.Weeks):
    cerebro.addanalyzer(bt.analyzers.TimeReturn, timeframe=unit)
    cerebro.addanalyzer(bt.analyzers.LogReturnsRolling, timeframe=unit)
    cerebro.addanalyzer(bt.analyzers.PeriodStats, timeframe=unit)
strategy = cerebro.run()[0]
for analyzer in strategy.analyzers:
    if not isinstance(analyzer, bt.analyzers.PyFolio):
        print(type(analyzer).__name__)
        analyzer.pprint()
for table in strategy.analyzers.pyfolio.get_pf_items():
    print(table.head(4), table.tail(2), table.index.tz)
