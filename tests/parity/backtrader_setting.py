"""What the scripts of `backtrader_scripts.py` share: prices, a full report, the list of scripts.

Runs in the real framework's interpreter as well as in ours, so Backtrader and pandas are imported
only where a script has begun.
"""

import random

#: The scripts by name: functions of the package `backtrader`.
SCRIPTS = {}


def script(function):
    """Note a script."""
    SCRIPTS[function.__name__] = function
    return function


def prices(count, seed, start=50.0, tick=0.25, scale=4):
    """(open, high, low, close, volume) on a tick grid, with gaps."""
    rng = random.Random(seed)
    close, rows = start, []
    for _ in range(count):
        open_ = max(5.0, close + tick * rng.randint(-scale, scale))
        close = max(5.0, open_ + tick * rng.randint(-2 * scale, 2 * scale))
        high = max(open_, close) + tick * rng.randint(0, scale)
        low = max(1.0, min(open_, close) - tick * rng.randint(0, scale))
        rows.append((open_, high, low, close, float(rng.randint(1, 900) * 100)))
    return rows


def frame(count=120, seed=1, start="2021-03-01", freq="B", **kwargs):
    """Bars as a pandas frame."""
    import pandas as pd

    index = pd.date_range(start, periods=count, freq=freq)
    names = ["open", "high", "low", "close", "volume"]
    return pd.DataFrame(prices(count, seed, **kwargs), index=index, columns=names)


def cerebro_with(strategy, *feeds, cash=10_000.0, commission=0.001, **kwargs):
    """A Cerebro with one strategy, its keywords, and the feeds d0, d1, …"""
    import backtrader as bt

    cerebro = bt.Cerebro(stdstats=False)
    for k, feed in enumerate(feeds or [bt.feeds.PandasData(dataname=frame())]):
        cerebro.adddata(feed, name=f"d{k}")
    cerebro.addstrategy(strategy, **kwargs)
    cerebro.broker.setcash(cash)
    cerebro.broker.setcommission(commission=commission)
    return cerebro


def show(value):
    """Numbers with all their digits, structures item by item."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {show(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(show, value)) + "]"
    if isinstance(value, float):
        return repr(value)
    return str(value)


class Reporting:
    """Prints every notification in full."""

    def report(self, *values):
        print(len(self), self.data.datetime.date(0), *map(show, values))

    def notify_order(self, order):
        x, c = order.executed, order.created
        self.report(
            "order",
            order.ref - self.base,
            order.getstatusname(),
            order.getordername(),
            order.ordtypename(),
            order.data._name,
            (order.size, order.price, order.plimit, order.valid, order.tradeid),
            (c.size, c.price, c.pricelimit, c.pclose, c.dt),
            (x.size, x.remsize, x.price, x.value, x.comm, x.pnl, x.psize, x.pprice, x.dt),
            (order.alive(), order.isbuy(), order.triggered, order.info),
        )

    def notify_trade(self, trade):
        self.report(
            "trade",
            trade.data._name,
            trade.status_names[trade.status],
            (trade.size, trade.price, trade.value, trade.commission, trade.pnl, trade.pnlcomm),
            (trade.justopened, trade.isopen, trade.isclosed, trade.tradeid),
            (trade.baropen, trade.barclose, trade.barlen, bool(trade)),
            len(trade) if isinstance(trade.size, int) else None,
            trade.open_datetime(),
        )

    def start(self):
        import backtrader as bt

        self.base = next(bt.Order.refbasis)

    def account(self):
        value = self.broker.getvalue()
        self.report("account", self.broker.getcash(), value, self.position.size)
