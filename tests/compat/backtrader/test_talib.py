"""`bt.talib` with and without TA-Lib installed, and that nobody pays for it who does not ask."""

from __future__ import annotations

import subprocess
import sys

import fillproof.compat.backtrader as bt
import pytest

WITHOUT = """
import sys
sys.modules["talib"] = None
from fillproof.compat.imports import install
install()
import backtrader as bt
print(bt.talib.__all__, hasattr(bt.talib, "SMA"), hasattr(bt.talib, "MA_Type"))
from backtrader.talib import *
import backtrader.talib as module
print(module is bt.talib, hasattr(module, "SMA"))
try:
    from backtrader.talib import SMA
except ImportError as error:
    print(type(error).__name__, "SMA" in str(error))
"""

UNASKED = """
import sys
from fillproof.compat.imports import install
install()
import backtrader as bt
print("talib" in sys.modules)
from backtrader.talib import *
print(SMA is bt.talib.SMA, issubclass(SMA, bt.Indicator), MA_Type.EMA)
"""


def printed(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_without_the_library_there_are_no_functions():
    assert printed(WITHOUT) == ["[] False False", "True False", "ImportError True"]


def test_it_is_imported_when_asked_for():
    assert printed(UNASKED) == ["False", "True True 1"]


def test_two_lines_and_two_datas(run_once):
    class Using(bt.Strategy):
        def __init__(self):
            self.aroon = bt.talib.AROON(self.data.high, self.data.low, timeperiod=2)
            self.sum = bt.talib.ADD(self.data.high, self.data.low)

    made = run_once(Using, [4.0, 2.0, 8.0, 5.0, 5.0])
    assert made._minperiod == 3
    assert list(made.sum.array) == [8.0, 4.0, 16.0, 10.0, 10.0]
    assert list(made.aroon.lines.aroonup.array)[2:] == [100.0, 50.0, 0.0]
    assert list(made.aroon.aroondown.array)[2:] == [50.0, 0.0, 100.0]


def test_a_name_that_no_version_has():
    with pytest.raises(AttributeError, match=r"'backtrader.talib' has no attribute 'NoSuch'"):
        _ = bt.talib.NoSuch
