"""Analyzers on six bars that are worked out by hand.

Ten shares are bought at 11 on the second bar and sold at 10 on the fifth, commission 1 %: cash
falls from 1000 to 1000 - 110 - 1.1 = 888.9 and ends at 888.9 + 100 - 1 = 987.9.
"""

from __future__ import annotations

import datetime
import math

import fillproof.compat.backtrader as bt
import pytest

OPEN = [10.0, 11.0, 12.0, 9.0, 10.0, 12.0]
CLOSE = [10.0, 12.0, 11.0, 9.0, 11.0, 12.0]
VALUES = [1000.0, 1008.9, 998.9, 978.9, 987.9, 987.9]


class RoundTrip(bt.Strategy):
    def next(self):
        if len(self) == 1:
            self.buy(size=10)
        elif len(self) == 4:
            self.close()


@pytest.fixture
def analysed(cerebro_of):
    """The analyzers, after the round trip; arguments are (class, keywords)."""

    def run(*analyzers, strategy=RoundTrip):
        high = [max(pair) for pair in zip(OPEN, CLOSE, strict=True)]
        low = [min(pair) for pair in zip(OPEN, CLOSE, strict=True)]
        cerebro = cerebro_of(CLOSE, commission=0.01, open=OPEN, high=high, low=low)
        cerebro.addstrategy(strategy)
        for cls, kwargs in analyzers:
            cerebro.addanalyzer(cls, **kwargs)
        return list(cerebro.run()[0].analyzers)

    return run


def day(number):
    return datetime.datetime(2021, 3, number)


def test_drawdown(analysed):
    (drawdown,) = analysed((bt.analyzers.DrawDown, {}))
    rets = drawdown.get_analysis()
    assert rets.len == rets.max.len == 4
    assert rets.max.moneydown == pytest.approx(1008.9 - 978.9)
    assert rets.max.drawdown == pytest.approx(100 * 30.0 / 1008.9)
    assert rets.moneydown == pytest.approx(21.0)
    with pytest.raises(KeyError):
        _ = rets.unknown


def test_time_return(analysed):
    daily, monthly, whole = analysed(
        (bt.analyzers.TimeReturn, {}),
        (bt.analyzers.TimeReturn, {"timeframe": bt.TimeFrame.Months}),
        (bt.analyzers.TimeReturn, {"timeframe": bt.TimeFrame.NoTimeFrame}),
    )
    wanted = [b / a - 1 for a, b in zip([1000.0, *VALUES], VALUES, strict=False)]
    assert list(daily.get_analysis()) == [day(k) for k in range(1, 7)]
    assert list(daily.get_analysis().values()) == pytest.approx(wanted)
    assert monthly.get_analysis() == {day(31): pytest.approx(-0.0121)}
    assert list(whole.get_analysis().values()) == pytest.approx([-0.0121])


def test_returns(analysed):
    (returns,) = analysed((bt.analyzers.Returns, {}))
    rets = returns.get_analysis()
    total = math.log(0.9879)
    assert rets["rtot"] == pytest.approx(total)
    assert rets["ravg"] == pytest.approx(total / 6)
    assert rets["rnorm"] == pytest.approx(math.exp(total / 6 * 252) - 1)
    assert rets["rnorm100"] == pytest.approx(100 * rets["rnorm"])


def test_sharpe_ratio(analysed):
    daily, yearly = analysed(
        (
            bt.analyzers.SharpeRatio,
            {"timeframe": bt.TimeFrame.Days, "riskfreerate": 0.0, "stddev_sample": True},
        ),
        (bt.analyzers.SharpeRatio, {}),
    )
    returns = [b / a - 1 for a, b in zip([1000.0, *VALUES], VALUES, strict=False)]
    mean = sum(returns) / 6
    deviation = math.sqrt(sum((r - mean) ** 2 for r in returns) / 5)
    assert daily.get_analysis()["sharperatio"] == pytest.approx(mean / deviation)
    # One year has no deviation.
    assert yearly.get_analysis() == {"sharperatio": None}


def test_trade_analyzer(analysed):
    (trades,) = analysed((bt.analyzers.TradeAnalyzer, {}))
    rets = trades.get_analysis()
    assert (rets.total.total, rets.total.open, rets.total.closed) == (1, 0, 1)
    assert (rets.won.total, rets.lost.total, rets.long.lost, rets.short.total) == (0, 1, 1, 0)
    assert (rets.streak.won.longest, rets.streak.lost.longest) == (0, 1)
    assert rets.pnl.gross.total == pytest.approx(-10.0)
    assert rets.pnl.net.total == rets.lost.pnl.max == pytest.approx(-12.1)
    assert (rets.len.total, rets.len.max, rets.len.lost.max) == (3, 3, 3)


def test_transactions(analysed):
    (transactions,) = analysed((bt.analyzers.Transactions, {}))
    assert transactions.get_analysis() == {
        day(2): [[10, 11.0, 0, "stock", -110.0]],
        day(5): [[-10, 10.0, 0, "stock", 100.0]],
    }


def test_sqn_and_period_stats(analysed):
    sqn, stats = analysed(
        (bt.analyzers.SQN, {}), (bt.analyzers.PeriodStats, {"timeframe": bt.TimeFrame.Days})
    )
    assert sqn.get_analysis() == {"sqn": 0, "trades": 1}
    rets = stats.get_analysis()
    assert (rets["positive"], rets["negative"], rets["nochange"]) == (2, 2, 2)
    assert rets["best"] == pytest.approx(987.9 / 978.9 - 1)
    assert rets["worst"] == pytest.approx(978.9 / 998.9 - 1)


def test_results_during_the_run_end_with_the_previous_bar(analysed):
    """Analyzers hear a bar after the strategy."""
    seen = []

    class Asking(RoundTrip):
        def next(self):
            super().next()
            seen.append(
                (
                    self.analyzers.drawdown.get_analysis().max.moneydown,
                    len(self.analyzers.timereturn.get_analysis()),
                )
            )

        def stop(self):
            self.at_stop = len(self.analyzers.timereturn.get_analysis())
            seen.append(self.at_stop)

    analysed((bt.analyzers.DrawDown, {}), (bt.analyzers.TimeReturn, {}), strategy=Asking)
    money = [m for m, _ in seen[:-1]]
    assert money == pytest.approx([0.0, 0.0, 0.0, 10.0, 30.0, 30.0])
    assert [n for _, n in seen[:-1]] == [0, 1, 2, 3, 4, 5]
    assert seen[-1] == 6


class Recorder(bt.Analyzer):
    """Everything that an analyzer hears."""

    def create_analysis(self):
        self.rets = []

    def start(self):
        self.rets.append("start")

    def notify_order(self, order):
        self.rets.append((len(self), order.getstatusname()))

    def notify_trade(self, trade):
        self.rets.append((len(self), "closed" if trade.isclosed else "open"))

    def notify_cashvalue(self, cash, value):
        self.cash = cash

    def next(self):
        self.rets.append((len(self), round(self.cash, 6), self.data.close[0]))

    def stop(self):
        self.rets.append("stop")


def test_an_own_analyzer_hears_everything(analysed):
    (recorder,) = analysed((Recorder, {}))
    assert recorder.get_analysis() == [
        "start",
        (1, 1000.0, 10.0),
        (2, "Submitted"),
        (2, "Accepted"),
        (2, "Completed"),
        (2, "open"),
        (2, 888.9, 12.0),
        (3, 888.9, 11.0),
        (4, 888.9, 9.0),
        (5, "Submitted"),
        (5, "Accepted"),
        (5, "Completed"),
        (5, "closed"),
        (5, 987.9, 11.0),
        (6, 987.9, 12.0),
        "stop",
    ]


def test_names(cerebro_of):
    cerebro = cerebro_of(CLOSE)
    cerebro.addanalyzer(bt.analyzers.SQN)
    cerebro.addanalyzer(bt.analyzers.SQN)
    cerebro.addanalyzer(bt.analyzers.SQN, _name="mine")
    analyzers = cerebro.run()[0].analyzers
    assert analyzers.getnames() == ["sqn", "sqn1", "mine"]
    assert analyzers.mine is analyzers[2] is analyzers.getbyname("mine")
    assert len(analyzers) == 3


def test_printing(analysed, capsys):
    (sharpe,) = analysed((bt.analyzers.SharpeRatio, {}))
    sharpe.print()
    out = capsys.readouterr().out
    assert "SharpeRatio" in out
    assert "sharperatio: None" in out
