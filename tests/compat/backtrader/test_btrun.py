"""`btrun`: plots, live formats, and the command `fillproof btrun`."""

from __future__ import annotations

import subprocess
import sys

import fillproof.compat.backtrader as bt
import pytest
from fillproof.compat.backtrader.btrun import btrun
from fillproof.compat.unsupported import UnsupportedFeature

BARS = "date\n2020-01-01,1,2,1,2,10,0\n2020-01-02,2,3,2,3,10,0\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "days.txt").write_text(BARS)
    return tmp_path


@pytest.mark.parametrize(
    ("option", "settings"),
    [
        ([], None),
        (["--plot"], {"style": "bar"}),
        (["-p", "style='line',numfigs=2"], {"style": "line", "numfigs": 2}),
    ],
)
def test_plots_are_of_bars_unless_told(folder, monkeypatch, option, settings):
    heard = []
    monkeypatch.setattr(bt.Cerebro, "plot", lambda self, **kwargs: heard.append(kwargs))
    btrun(["--data", "days.txt", *option])
    assert heard == ([] if settings is None else [settings])


@pytest.mark.parametrize("name", ["vcfile", "vcdata", "yahoo"])
def test_formats_of_live_feeds_say_so(folder, name):
    with pytest.raises(UnsupportedFeature, match=r"never"):
        btrun(["--data", "days.txt", "--format", name])


def test_the_command(folder):
    (folder / "own.py").write_text(
        "import sys\nimport backtrader as bt\n"
        "class Own(bt.Strategy):\n"
        "    def stop(self): print(sys.argv[0], len(self))\n"
    )
    command = [sys.executable, "-m", "fillproof.cli", "btrun"]
    done = subprocess.run(
        [*command, "-d", "days.txt", "-st", "own"], capture_output=True, text=True
    )
    assert (done.stdout, done.returncode) == ("btrun 2\n", 0), done.stderr
    done = subprocess.run([*command, "-st", "own"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "btrun: error: the following arguments are required: --data/-d" in done.stderr
