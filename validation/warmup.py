"""Compile every kernel that scripts commonly reach into the cache on disk.

It runs one small script per framework on the adapters, in processes of their own and compiled
however few their bars are, so that what is cached is what later runs look for.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

_BARS = """
import numpy as np
import pandas as pd

rng = np.random.default_rng(1)
close = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, 200)))
frame = pd.DataFrame(
    {"open": close, "high": close * 1.01, "low": close * 0.99, "close": close, "volume": 1e6},
    index=pd.bdate_range("2019-01-02", periods=200),
)
"""

SCRIPTS = {
    "backtrader": _BARS
    + """
import backtrader as bt


class Everything(bt.Strategy):
    def __init__(self):
        data, ind = self.data, bt.indicators
        self.cross = ind.CrossOver(ind.SMA(data, period=3), ind.EMA(data, period=8))
        self.more = [ind.RSI(data), ind.ATR(data), ind.MACD(data), ind.BollingerBands(data)]
        self.more += [ind.Highest(data, period=5), ind.Lowest(data, period=5)]

    def next(self):
        price = self.data.close[0]
        if self.cross > 0:
            self.buy_bracket(size=5, price=price, limitprice=price * 1.02, stopprice=price * 0.98)
        elif self.cross < 0 and self.position:
            self.close()
        elif len(self) % 20 == 0:
            self.order_target_percent(target=0.3)
        elif len(self) % 20 == 5:
            self.sell(size=1, exectype=bt.Order.StopTrail, trailamount=1.0)


cerebro = bt.Cerebro()
cerebro.adddata(bt.feeds.PandasData(dataname=frame), name="bars")
cerebro.addstrategy(Everything)
cerebro.broker.setcommission(commission=0.001)
cerebro.broker.set_slippage_perc(0.0005)
cerebro.run()
""",
    "zipline": _BARS
    + """
import os
import tempfile

from zipline import run_algorithm
from zipline.api import order_target_percent, symbol
from zipline.data.bundles import ingest, register
from zipline.utils.calendar_utils import get_calendar

days = get_calendar("XNYS").sessions_in_range("2019-01-02", "2019-06-28")
frame = frame.iloc[: len(days)].set_axis(days)


def bars(environ, assets, minutes, daily, adjustments, *rest):
    row = {"symbol": "A", "asset_name": "A", "start_date": days[0], "end_date": days[-1]}
    row |= {"exchange": "NYSE", "auto_close_date": days[-1] + pd.Timedelta(days=1)}
    exchanges = pd.DataFrame({"exchange": ["NYSE"], "country_code": ["US"]})
    assets.write(equities=pd.DataFrame([row]), exchanges=exchanges)
    daily.write([(0, frame.astype({"volume": "int64"}))])
    adjustments.write()


def initialize(context):
    context.asset = symbol("A")


def handle_data(context, data):
    price = data.current(context.asset, "price")
    mean = data.history(context.asset, "price", 5, "1d").mean()
    order_target_percent(context.asset, 0.5 if price > mean else -0.2)


register("warmup", bars, calendar_name="XNYS", start_session=days[0], end_session=days[-1])
with tempfile.TemporaryDirectory() as root:
    environ = {**os.environ, "ZIPLINE_ROOT": root}
    ingest("warmup", environ=environ)
    run_algorithm(
        days[10], days[-1], initialize, 1e6, handle_data, bundle="warmup", environ=environ
    )
""",
    "vectorbt": _BARS
    + """
import vectorbt as vbt

close = frame[["close", "open"]]
up, down = close > close.shift(2), close < close.shift(3)
for given in (close, close["close"]):
    pf = vbt.Portfolio.from_signals(
        given, given > given.shift(2), given < given.shift(3), fees=0.001, slippage=0.001,
        sl_stop=0.05, tp_stop=0.1, freq="1D",
    )
    pf.value(), pf.cash(), pf.returns(), pf.total_return(), pf.trades.records
    pf = vbt.Portfolio.from_orders(given, 1.0, fees=0.001, freq="1D")
    pf.value(), pf.cash(), pf.returns(), pf.total_return(), pf.trades.records
pf.stats()
""",
}


class WarmupError(RuntimeError):
    """A warm-up script failed; the message holds the end of its traceback."""


def warmup(report: Callable[[str], None] = lambda text: None) -> None:
    """Compile the kernels. `report` gets a line at each step.

    Raises WarmupError when a script fails.
    """
    for name, text in SCRIPTS.items():
        report(f"compiling what {name} scripts need …")
        with tempfile.TemporaryDirectory(prefix="fillproof-") as folder:
            script = Path(folder) / f"{name}_warmup.py"
            script.write_text(text)
            done = subprocess.run(
                [sys.executable, "-m", "fillproof.cli", "run", str(script)],
                capture_output=True,
                text=True,
                env={**os.environ, "FILLPROOF_JIT": "1"},
            )
        if done.returncode:
            tail = "\n".join(done.stderr.splitlines()[-10:])
            raise WarmupError(f"The warm-up of {name} failed:\n{tail}")
