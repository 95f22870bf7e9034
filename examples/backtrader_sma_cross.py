"""Daily trend following on five large US stocks' prices, one at a time: AAPL by default.

Buys when a fast average crosses above a slow one while the long trend is up, risks a fixed part of
the account per trade with a stop order, takes profit with a trailing stop, and prints what it did.

    python backtrader_sma_cross.py [SYMBOL]
"""

import os
import sys
from datetime import datetime, timedelta

import backtrader as bt

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")


class RiskSizer(bt.Sizer):
    """As many shares as lose `risk` of the account at a stop `stop` below the price."""

    params = (("risk", 0.01), ("stop", 0.06))

    def _getsizing(self, comminfo, cash, data, isbuy):
        if not isbuy:
            return self.broker.getposition(data).size
        at_risk = self.broker.getvalue() * self.p.risk
        shares = int(at_risk / (data.close[0] * self.p.stop))
        return min(shares, int(cash / (data.close[0] * 1.02)))


class TrendFollower(bt.Strategy):
    params = (
        ("fast", 15),
        ("slow", 45),
        ("trend", 120),
        ("trail", 0.12),
        ("patience", 3),
    )

    def __init__(self):
        close = self.data.close
        self.fast = bt.indicators.SMA(close, period=self.p.fast)
        self.slow = bt.indicators.EMA(close, period=self.p.slow)
        self.cross = bt.indicators.CrossOver(self.fast, self.slow)
        self.trend = bt.indicators.SMA(close, period=self.p.trend)
        self.uptrend = bt.And(close > self.trend, self.trend > self.trend(-5))
        self.range = bt.indicators.ATR(self.data, period=14)
        self.entry = None
        self.exit = None
        self.won = self.lost = 0

    def log(self, text):
        print(f"{self.data.datetime.date(0)} {text}")

    def next(self):
        if self.entry is not None:
            return
        if not self.position:
            if self.cross > 0 and self.uptrend:
                # Not above the next days' range: a limit that lapses when the price runs away.
                limit = self.data.close[0] + 0.25 * self.range[0]
                self.entry = self.buy(
                    exectype=bt.Order.Limit,
                    price=limit,
                    valid=self.data.datetime.datetime(0) + timedelta(days=self.p.patience),
                )
        elif self.cross < 0:
            self.log(f"trend is over, closing {self.position.size}")
            self.entry = self.close(oco=self.exit)

    def notify_order(self, order):
        if order.status in (order.Submitted, order.Accepted):
            return
        if order.status == order.Completed:
            side = "bought" if order.isbuy() else "sold"
            self.log(
                f"{side} {order.executed.size} at {order.executed.price:.4f}, "
                f"value {order.executed.value:.2f}, commission {order.executed.comm:.4f}"
            )
            if order.isbuy():
                self.exit = self.sell(
                    size=order.executed.size,
                    exectype=bt.Order.StopTrail,
                    trailpercent=self.p.trail,
                )
            else:
                self.exit = None
        else:
            self.log(f"order {order.ref} {order.getstatusname().lower()}")
        if self.entry is not None and order.ref == self.entry.ref:
            self.entry = None

    def notify_trade(self, trade):
        if trade.isclosed:
            self.won += trade.pnlcomm > 0
            self.lost += trade.pnlcomm <= 0
            self.log(f"trade of {trade.barlen} bars: {trade.pnl:.2f}, net {trade.pnlcomm:.2f}")

    def stop(self):
        print(f"{self.won} trades won, {self.lost} lost; cash {self.broker.getcash():.2f}")


def main():
    symbol = sys.argv[1] if len(sys.argv) > 1 else "AAPL"
    data = bt.feeds.GenericCSVData(
        dataname=os.path.join(DATA, f"{symbol}.csv"),
        dtformat="%Y-%m-%d",
        fromdate=datetime(2000, 3, 1),
        openinterest=-1,
    )
    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(data, name=symbol)
    cerebro.addstrategy(TrendFollower)
    cerebro.addsizer(RiskSizer, risk=0.02)
    cerebro.broker.setcash(50_000.0)
    cerebro.broker.setcommission(commission=0.0005)
    cerebro.broker.set_slippage_perc(0.0002)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer, _name="trades")
    cerebro.addanalyzer(bt.analyzers.DrawDown, _name="drawdown")
    cerebro.addanalyzer(
        bt.analyzers.SharpeRatio, _name="sharpe", timeframe=bt.TimeFrame.Months, annualize=True
    )
    cerebro.addanalyzer(bt.analyzers.Returns, _name="returns")

    print(f"{symbol}: starting with {cerebro.broker.getvalue():.2f}")
    strategy = cerebro.run()[0]
    print(f"{symbol}: ending with {cerebro.broker.getvalue():.2f} after {len(strategy)} days")

    trades = strategy.analyzers.trades.get_analysis()
    drawdown = strategy.analyzers.drawdown.get_analysis()
    if trades.total.get("closed"):
        won, lost, net = trades.won.total, trades.lost.total, trades.pnl.net
        print(f"closed trades {trades.total.closed}, won {won}, lost {lost}")
        print(f"net profit {net.total:.2f}, average {net.average:.2f}")
    print(f"longest drawdown {drawdown.max.len} days, deepest {drawdown.max.drawdown:.2f} %")
    sharpe = strategy.analyzers.sharpe.get_analysis()["sharperatio"]
    print("sharpe ratio", "not defined" if sharpe is None else f"{sharpe:.4f}")
    print(f"yearly return {strategy.analyzers.returns.get_analysis()['rnorm100']:.3f} %")


if __name__ == "__main__":
    main()
