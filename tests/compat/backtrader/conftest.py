"""A small run: prices in, the strategy out."""

from __future__ import annotations

import fillproof.compat.backtrader as bt
import pandas as pd
import pytest


@pytest.fixture
def frame():
    """A frame of daily bars with the given columns; what is not given equals the close."""

    def make(close, start="2021-03-01", **columns):
        index = pd.date_range(start, periods=len(close), freq="D")
        table = {n: columns.get(n, close) for n in ("open", "high", "low")}
        return pd.DataFrame({**table, "close": close, "volume": 100.0}, index=index, dtype=float)

    return make


@pytest.fixture
def cerebro_of(frame):
    """A Cerebro with 1000 in cash over the given closes and columns."""

    def make(close, commission=0.0, **columns):
        cerebro = bt.Cerebro(stdstats=False)
        cerebro.adddata(bt.feeds.PandasData(dataname=frame(close, **columns)), name="stock")
        cerebro.broker.setcash(1000.0)
        cerebro.broker.setcommission(commission)
        return cerebro

    return make


@pytest.fixture
def run_once(cerebro_of):
    """Run a strategy class over the closes; its keywords go to the strategy."""

    def run(strategy, close, **kwargs):
        cerebro = cerebro_of(close)
        cerebro.addstrategy(strategy, **kwargs)
        return cerebro.run()[0]

    return run
