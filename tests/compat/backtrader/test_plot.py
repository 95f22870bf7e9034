"""When Matplotlib is imported, what happens without a display, and without Matplotlib."""

from __future__ import annotations

import os
import subprocess
import sys

BEGIN = """
import sys
from fillproof.compat.imports import install
install()
import backtrader as bt
import pandas as pd
index = pd.date_range("2020-01-01", periods=20)
frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), range(1, 21)), index=index)
cerebro = bt.Cerebro(stdstats=False)
cerebro.adddata(bt.feeds.PandasData(dataname=frame.assign(volume=1.0).astype(float)))
cerebro.addstrategy(bt.Strategy)
cerebro.run()
"""


def played(code: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        capture_output=True,
        text=True,
        env={**kept, "FILLPROOF_JIT": "0", "MPLBACKEND": "", **environment},
    )


def test_matplotlib_is_imported_by_plot_alone():
    done = played(
        'print("matplotlib" in sys.modules); cerebro.plot(); print("matplotlib" in sys.modules)'
    )
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_without_a_display_figures_come_back():
    done = played("print(len(cerebro.plot()[0][0].axes), len(cerebro.plot(numfigs=2)[0]))")
    assert done.stdout.split() == ["2", "2"]
    if sys.platform.startswith("linux"):
        (line,) = done.stderr.splitlines()
        assert "no display" in line
        assert "savefig" in line


def test_agg_chosen_by_the_script_needs_no_word():
    done = played(
        "import matplotlib; matplotlib.use('Agg'); import matplotlib.pyplot; cerebro.plot()"
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_without_matplotlib_it_says_what_to_install():
    done = played("sys.modules['matplotlib'] = None; cerebro.plot()")
    assert done.returncode == 1
    assert "ImportError: Matplotlib seems to be missing" in done.stderr
    assert "fillproof[plot]" in done.stderr


def test_settings_stay_for_later_plots_as_there():
    done = played(
        "cerebro.plot(style='bar');print(bt.plot.Plot().p.scheme.style, bt.plot.PlotScheme().style)"
    )
    assert done.stdout.split() == ["bar", "line"]


def test_nothing_is_drawn_after_a_run_that_kept_no_bars():
    done = played("cerebro.run(exactbars=1); print(cerebro.plot())")
    assert done.stdout.split() == ["None"], done.stderr
