"""`fillproof lookahead`: scripts that look ahead are found out by name, honest ones are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fillproof.cli.app import app
from typer.testing import CliRunner

PRICES = Path(__file__).resolve().parents[2] / "examples/data/IBM.csv"

BACKTRADER = """
import backtrader as bt
import numpy as np
import pandas as pd

class Ahead(bt.Indicator):
    lines = ("ahead",)
    def once(self, start, end):
        close = self.data.array
        for i in range(start, end):
            self.lines.ahead.array[i] = close[min(i + LATER, len(close) - 1)]

class Cross(bt.Strategy):
    def __init__(self):
        self.ahead = Ahead(self.data)
        self.mean = bt.ind.SMA(period=10)
    def next(self):
        if not self.position and self.ahead[0] > self.mean[0]:
            self.buy()
        elif self.position and self.ahead[0] < self.mean[0]:
            self.close()

cerebro = bt.Cerebro()
frame = pd.read_csv("prices.csv", index_col="date", parse_dates=True)
cerebro.adddata(bt.feeds.PandasData(dataname=frame))
cerebro.addstrategy(Cross)
cerebro.run()
"""

VECTORBT = """
import pandas as pd
import vectorbt as vbt

close = pd.read_csv("prices.csv", index_col="date", parse_dates=True)["close"]
fast, slow = vbt.MA.run(close, 5), vbt.MA.run(close, 20)
entries = close.shift(-LATER) > close if LATER else fast.ma_crossed_above(slow)
vbt.Portfolio.from_signals(close, entries, fast.ma_crossed_below(slow), freq="D")
"""

ZIPLINE = """
import pandas as pd
from zipline import run_algorithm
from zipline.api import order_target, symbol

signal = pd.read_csv("prices.csv", parse_dates=["date"]).set_index("date")["close"]
signal = signal.shift(-LATER) > signal.rolling(5).mean()
frame = pd.read_csv("prices.csv", index_col="date", parse_dates=True)

def initialize(context):
    context.stock = symbol("IBM")

def handle_data(context, data):
    today = data.current(context.stock, "last_traded").tz_localize(None).normalize()
    order_target(context.stock, 10 if bool(signal.get(today, False)) else 0)

run_algorithm(start=None, end=None, initialize=initialize, handle_data=handle_data,
              capital_base=1e5, data={"IBM": frame})
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    lines = PRICES.read_text().splitlines()
    (tmp_path / "prices.csv").write_text("\n".join(lines[:301]) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def looked(script: str, later: int, *options: str):
    Path("script.py").write_text(script.replace("LATER", str(later)))
    return CliRunner().invoke(app, ["lookahead", "script.py", "--cuts", "2", *options])


@pytest.mark.parametrize("script", [BACKTRADER, VECTORBT, ZIPLINE])
def test_an_honest_script_is_clean(folder, script):
    done = looked(script, 0)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("No look-ahead found: ")


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (BACKTRADER, "Ahead 0.ahead"),
        (VECTORBT, "from_signals entries"),
        (ZIPLINE, "orders"),
    ],
)
def test_what_looks_ahead_is_named(folder, script, name):
    done = looked(script, 3, "--json")
    assert done.exit_code == 1, done.output
    found = json.loads(done.stdout)
    assert name in found["names"]
    assert {change["probe"] for change in found["changes"]} == {"truncated"}
    assert not any(other.startswith(("SMA", "MA ")) for other in found["names"])


def test_what_cannot_be_checked_is_status_2(folder):
    made_up = BACKTRADER.replace(
        'pd.read_csv("prices.csv", index_col="date", parse_dates=True)', "X"
    )
    failed = looked(made_up, 0)
    assert failed.exit_code == 2
    assert "NameError" in failed.stderr
    alone = "import vectorbt as vbt\nvbt.Portfolio.from_holding([1.0, 2.0, 3.0])\n"
    assert "reads no data that could end early" in looked(alone, 0).stderr


def test_resampled_bars_that_are_not_complete_are_no_look_ahead(folder):
    text = BACKTRADER.replace("cerebro.adddata(", "cerebro.resampledata(").replace(
        "dataname=frame)", "dataname=frame), timeframe=bt.TimeFrame.Weeks"
    )
    done = looked(text.replace("period=10", "period=3"), 0)
    assert done.exit_code == 0, done.output
