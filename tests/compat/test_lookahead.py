"""The look-ahead check on each framework's strategies: one honest and several cheats each."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import fillproof.compat.vectorbt as vbt
import numpy as np
import pandas as pd
import pytest
from fillproof.compat.lookahead import (
    backtrader_orders,
    lookahead,
    vectorbt_orders,
    zipline_orders,
)
from fillproof.compat.zipline import api
from fillproof.compat.zipline.utils.calendar_utils import get_calendar

SESSIONS = get_calendar("XNYS").sessions_in_range(
    pd.Timestamp("2020-01-02"), pd.Timestamp("2020-04-30")
)


def frame(seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, len(SESSIONS))))
    open_ = close * np.exp(rng.normal(0, 0.005, len(close)))
    return pd.DataFrame(
        {
            "open": open_,
            "high": np.maximum(open_, close) * 1.01,
            "low": np.minimum(open_, close) / 1.01,
            "close": close,
            "volume": rng.integers(10**5, 10**6, len(close)),
        },
        index=SESSIONS,
    )


class Feed(bt.feeds.PandasData):
    """A feed with a column of signals made beforehand."""

    lines = ("signal",)
    params = (("signal", -1),)


class FollowSignal(bt.Strategy):
    def next(self):
        wanted = self.data.signal[0]
        if wanted > 0 and not self.position:
            self.buy(size=10)
        elif wanted < 0 and self.position:
            self.close()


class Crossing(bt.Strategy):
    def __init__(self):
        self.average = bt.ind.SMA(self.data.close, period=5)

    def next(self):
        if self.data.close[0] > self.average[0] and not self.position:
            self.buy(size=10, exectype=bt.Order.Limit, price=self.data.close[0] * 0.999)
        elif self.data.close[0] < self.average[0] and self.position:
            self.close()


class Tomorrow(bt.Strategy):
    def next(self):
        if len(self.data) >= self.data.buflen():
            return
        if self.data.close[1] > self.data.close[0] and not self.position:
            self.buy(size=10)
        elif self.data.close[1] < self.data.close[0] and self.position:
            self.close()


def cerebro_of(strategy, feed=bt.feeds.PandasData, signal=None):
    def make(data):
        cerebro = bt.Cerebro(stdstats=False)
        if signal is not None:
            data = data.assign(signal=signal(data))
        cerebro.adddata(feed(dataname=data), name="stock")
        cerebro.addstrategy(strategy)
        return cerebro

    return make


SIGNALS = {
    "shift(-1)": lambda d: np.sign(d["close"].shift(-1) - d["close"]).fillna(0.0),
    "full-sample normalisation": lambda d: (d["close"] - d["close"].mean()) / d["close"].std(),
    "centred rolling": lambda d: np.sign(
        d["close"] - d["close"].rolling(5, center=True, min_periods=1).mean()
    ),
    "maximum of the whole column": lambda d: np.where(
        d["close"] > d["close"].max() * 0.9, -1.0, 1.0
    ),
    "weeks labelled with their first day": lambda d: np.sign(
        d["close"].resample("W-MON", label="left", closed="left").last().reindex(d.index).ffill()
        - d["close"]
    ).fillna(0.0),
}


def test_cheats_and_the_honest_signal_differ():
    honest = np.sign(frame()["close"].diff()).fillna(0.0)
    assert not any(np.array_equal(honest, signal(frame())) for signal in SIGNALS.values())


class TestBacktrader:
    def test_honest(self):
        found = lookahead(backtrader_orders(cerebro_of(Crossing)), frame())
        assert found.clean, str(found)
        assert found.decisions > 5
        run = backtrader_orders(cerebro_of(FollowSignal, Feed, lambda d: d["close"].diff()))
        assert lookahead(run, frame()).clean

    def test_the_next_close_of_a_line(self):
        found = lookahead(backtrader_orders(cerebro_of(Tomorrow)), frame())
        assert found.names == ("orders",)
        assert found.first is not None
        assert found.first.asset == "stock"
        assert found.first.time == found.first.cut

    @pytest.mark.parametrize("name", SIGNALS)
    def test_a_column_made_beforehand(self, name):
        run = backtrader_orders(cerebro_of(FollowSignal, Feed, SIGNALS[name]))
        found = lookahead(run, frame())
        assert not found.clean
        assert {change.kind for change in found.changes} <= {"changed", "missing", "added"}

    def test_indicators_are_named(self):
        class Mixed(bt.Strategy):
            def __init__(self):
                self.average = bt.ind.SMA(self.data.close, period=3)
                self.ahead = bt.ind.SMA(self.data.signal, period=2)

        signal = SIGNALS["shift(-1)"]
        run = backtrader_orders(cerebro_of(Mixed, Feed, signal), indicators=True)
        found = lookahead(run, frame())
        assert [name.split(".")[1] for name in found.names] == ["sma"]
        assert found.names[0].startswith(
            ("SMA 1", "MovingAverageSimple 1", "SimpleMovingAverage 1")
        )


def rising(context, data):
    closes = data.history(context.stock, "close", 5, "1d")
    api.order_target(context.stock, 100 if closes.iloc[-1] > closes.mean() else 0)


def start(context):
    context.stock = api.symbol("ABC")


class TestZipline:
    def test_honest(self):
        run = zipline_orders(start, rising, start="2020-01-15")
        found = lookahead(run, {"ABC": frame(), "XYZ": frame(4)}, cuts=3)
        assert found.clean, str(found)
        assert found.decisions > 5

    @pytest.mark.parametrize("name", SIGNALS)
    def test_a_column_made_beforehand(self, name):
        def run(data):
            signal = pd.Series(SIGNALS[name](data["ABC"]), data["ABC"].index)

            def follow(context, bars):
                wanted = signal[api.get_datetime().tz_convert(None).normalize()]
                api.order_target(context.stock, 100 if wanted > 0 else 0)

            return zipline_orders(start, follow)(data)

        found = lookahead(run, {"ABC": frame()}, cuts=4)
        assert not found.clean
        assert found.first is not None
        assert found.first.asset == "ABC"
        assert {change.kind for change in found.changes} <= {"changed", "missing", "added"}


class TestVectorBT:
    def data(self) -> pd.DataFrame:
        return pd.DataFrame({"A": frame()["close"], "B": frame(4)["close"]})

    def test_honest(self):
        def make(close):
            average = close.rolling(5).mean()
            return {
                "portfolio": vbt.Portfolio.from_signals(close, close > average, close < average),
                "average": average,
            }

        found = lookahead(vectorbt_orders(make), self.data())
        assert found.clean, str(found)
        assert len(self.data()) * 2 < found.decisions

    @pytest.mark.parametrize("name", SIGNALS)
    def test_cheats(self, name):
        def make(close):
            signal = close.apply(
                lambda one: pd.Series(SIGNALS[name](one.to_frame("close")), one.index)
            )
            return vbt.Portfolio.from_signals(close, signal > 0, signal < 0)

        found = lookahead(vectorbt_orders(make), self.data())
        assert found.names == ("orders",)
        assert found.first is not None
        assert found.first.asset in ("A", "B")

    def test_the_indicator_is_named(self):
        def make(close):
            ahead = close.rolling(3, center=True).mean()
            entries = close > ahead.shift(2)
            return {
                "orders": vbt.Portfolio.from_signals(close, entries, ~entries),
                "ahead": ahead,
            }

        found = lookahead(vectorbt_orders(make), self.data())
        assert found.names == ("ahead",)
