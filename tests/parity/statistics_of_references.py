"""What the real frameworks say of returns and trades: `FILE REQUEST ANSWER`, see `references`."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path


def vectorbt_statistics(request: dict) -> dict:
    import pandas as pd
    import vectorbt as vbt

    index = pd.to_datetime(request["dates"])
    returns = pd.Series(request["returns"], index)
    benchmark = pd.Series(request["benchmark"], index)
    defaults = {"start_value": 0.0, "window": 20, "minp": None, "ddof": 1}
    said = returns.vbt.returns(
        freq="1D", year_freq="252 days", benchmark_rets=benchmark, defaults=defaults
    )
    frame = pd.DataFrame({"a": returns, "b": benchmark, "c": benchmark * 0.5 - returns})
    several = frame.vbt.returns(freq="1D", year_freq="252 days")
    out = {
        "deflated": several.deflated_sharpe_ratio().tolist(),
        "rolling_sharpe": said.rolling_sharpe_ratio().tolist(),
        "rolling_volatility": said.rolling_annualized_volatility().tolist(),
    }
    for name in request["names"]:
        out[name] = float(getattr(said, name)())
    for name in ("sharpe_ratio", "alpha"):
        out[f"{name} risk_free"] = float(getattr(said, name)(risk_free=0.0001))
    out["sortino_ratio required"] = float(said.sortino_ratio(required_return=0.0001))
    out["omega_ratio both"] = float(said.omega_ratio(risk_free=0.0001, required_return=0.05))
    prices = pd.Series(request["closes"], index)
    entries = pd.Series(range(len(index)), index) % 9 == 2
    exits = pd.Series(range(len(index)), index) % 9 == 7
    pf = vbt.Portfolio.from_signals(prices, entries, exits, fees=0.001, freq="1D")
    trades = pf.trades.closed
    out["trades"] = {
        "net": trades.pnl.values.tolist(),
        "sqn": float(trades.sqn()),
        "expectancy": float(trades.expectancy()),
        "profit_factor": float(trades.profit_factor()),
        "win_rate": float(trades.win_rate()),
        "longest_win_streak": int(trades.winning_streak.max()),
        "longest_loss_streak": int(trades.losing_streak.max()),
    }
    return out


def backtrader_statistics(request: dict) -> dict:
    import backtrader as bt
    import pandas as pd

    index = pd.to_datetime(request["dates"])
    prices = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), request["closes"]), index)
    prices["volume"] = 1e9
    done = []

    class Turns(bt.Strategy):
        def __init__(self):
            self.values = []

        def notify_trade(self, trade):
            if trade.isclosed:
                done.append((trade.pnl, trade.pnlcomm, trade.barlen, trade.long))

        def next(self):
            self.values.append(self.broker.getvalue())
            if len(self) % 9 == 3:
                (self.buy if len(self) % 2 else self.sell)(size=20 + len(self) % 7)
            elif len(self) % 9 == 7:
                self.close()

    cerebro = bt.Cerebro()  # with its observers, of which one analyzer takes the values
    cerebro.adddata(bt.feeds.PandasData(dataname=prices))
    cerebro.addstrategy(Turns)
    cerebro.broker.setcash(request["cash"])
    cerebro.broker.setcommission(0.0005)
    days, a = bt.TimeFrame.Days, bt.analyzers
    cerebro.addanalyzer(a.SharpeRatio_A, timeframe=days, riskfreerate=0.03, _name="sharpe")
    cerebro.addanalyzer(
        a.SharpeRatio_A, timeframe=days, stddev_sample=True, riskfreerate=0.0, _name="sharpe1"
    )
    cerebro.addanalyzer(a.VWR, timeframe=days, _name="vwr")
    cerebro.addanalyzer(a.SQN, _name="sqn")
    cerebro.addanalyzer(a.DrawDown, _name="drawdown")
    cerebro.addanalyzer(a.Returns, timeframe=days, _name="returns")
    cerebro.addanalyzer(a.TimeReturn, timeframe=bt.TimeFrame.Months, _name="months")
    cerebro.addanalyzer(a.AnnualReturn, _name="years")
    cerebro.addanalyzer(a.PeriodStats, timeframe=bt.TimeFrame.Months, _name="stats")
    cerebro.addanalyzer(a.TradeAnalyzer, _name="trades")
    run = cerebro.run()[0]
    out = {name: plain(analyzer.get_analysis()) for name, analyzer in run.analyzers.getitems()}
    return out | {"values": run.values, "done": done}


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text())
    answer = vectorbt_statistics(asked) if "names" in asked else backtrader_statistics(asked)
    Path(sys.argv[2]).write_text(json.dumps(answer))
