"""The porting assistant: names with their states, new imports, notes; scripts and notebooks."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from fillproof.compat.porting import assess
from fillproof.compat.porting.assess import PortError, files
from fillproof.compat.porting.report import lines

ROOT = Path(__file__).resolve().parents[2]
WHOLE = sorted((ROOT / "tests/parity").glob("*_whole/*.py"))


def of(tmp_path: Path, text: str, name: str = "script.py"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return assess(path)


def names(one) -> dict[str, tuple[int, ...]]:
    """Lines of use by name, of what is supported."""
    found: dict[str, tuple[int, ...]] = {}
    for place, use, state in one.names:
        assert state.word == "supported", (use, state)
        found[use.name] = (*found.get(use.name, ()), place.line)
    return found


BACKTRADER = """\
import backtrader as bt
import backtrader.indicators as btind
from backtrader.feeds import PandasData as Feed


class Base(bt.Strategy):
    params = (("period", 3),)

    def __init__(self):
        self.mine = btind.SMA(period=self.p.period)
        self.nothing = self.other_of_mine


class Derived(Base):
    def next(this):
        this.buy(size=1)
        this.own()


engine = bt.Cerebro()
engine.adddata(Feed(dataname=None))
engine.own_name = 3
engine.addstrategy(Derived, period=2)
other = engine
other = 3
"""


def test_backtrader_names_are_found_through_imports_classes_and_objects(tmp_path):
    assert names(of(tmp_path, BACKTRADER)) == {
        "backtrader": (1,),
        "backtrader.indicators": (2,),
        "backtrader.feeds.PandasData": (3, 21),
        "backtrader.Strategy": (6,),
        "backtrader.indicators.SMA": (10,),
        "backtrader.Strategy.buy": (16,),
        "backtrader.Cerebro": (20,),
        "backtrader.Cerebro.adddata": (21,),
        "backtrader.Cerebro.addstrategy": (23,),
    }


def test_zipline_call_backs_know_their_arguments(tmp_path):
    text = (
        "from zipline.api import order as send, schedule_function, symbol\n"
        "def initialize(ctx):\n"
        "    ctx.stock = symbol('X')\n"
        "    schedule_function(later)\n"
        "def later(c, bars):\n"
        "    send(c.stock, 1)\n"
        "    print(bars.current(c.stock, 'price'), c.portfolio.cash)\n"
        "def helper(c, bars):\n"
        "    bars.current(c)\n"
    )
    found = names(of(tmp_path, text))
    assert found["zipline.api.order"] == (1, 6)
    assert found["zipline.protocol.BarData.current"] == (7,)
    assert found["zipline.TradingAlgorithm.portfolio"] == (7,)


def test_vectorbt_class_methods_give_objects_and_frames_have_an_accessor(tmp_path):
    text = (
        "import vectorbt as vbt\n"
        "import pandas as pd\n"
        "close = pd.Series([1.0, 2.0])\n"
        "fast = vbt.MA.run(close, 2)\n"
        "up = fast.ma_crossed_above(close)\n"
        "print(close.vbt.returns.total(), up.vbt.signals.fshift(1))\n"
        "pf = vbt.Portfolio.from_signals(close, up, up)\n"
        "print(pf.total_return(), pf.mine)\n"
    )
    found = names(of(tmp_path, text))
    assert found["vectorbt.Portfolio.total_return"] == (8,)
    assert found["vectorbt.vbt.returns.total"] == (6,)
    assert found["vectorbt.vbt.signals.fshift"] == (6,)
    assert "vectorbt.Portfolio.mine" not in found


def test_what_is_not_here_is_told_with_its_lines(tmp_path):
    text = (
        "import backtrader as bt\n"
        "from zipline.api import get_open_orders\n"
        "store = bt.stores.IBStore()\n"
        "x = bt.Nonsense\n"
        "get_open_orders(sid=3)\n"
    )
    one = of(tmp_path, text)
    assert not one.ready
    assert one.counts == {"supported": 1, "unsupported": 1, "unknown": 1, "partial": 1}
    text = "\n".join(lines(one))
    assert "unsupported  backtrader.stores.IBStore  (line 3): Live trading" in text
    assert "unknown      backtrader.Nonsense  (line 4)" in text
    assert "partial      zipline.api.get_open_orders  (line 5): does not take sid=" in text


def test_imports_change_and_nothing_else_does(tmp_path):
    text = (
        "# a comment\n"
        "import os, backtrader as bt  # another\n"
        "import zipline.api\n"
        "import vectorbt\n"
        "from backtrader import (  # kept\n"
        "    Cerebro,  # why\n"
        "    Strategy as S,\n"
        ")\n"
        "from backtrader.feeds import *\n"
        "if True :\n"
        "\tfrom zipline . api import order\n"
        "from . import backtrader as mine\n"
        "import backtrader_plotting, importlib\n"
        "importlib.import_module('zipline.api')\n"
        "print( 'import backtrader' )"
    )
    one = of(tmp_path, text)
    assert one.text == (
        "# a comment\n"
        "import os, fillproof.compat.backtrader as bt  # another\n"
        "import fillproof.compat.zipline.api, fillproof.compat.zipline as zipline\n"
        "import fillproof.compat.vectorbt as vectorbt\n"
        "from fillproof.compat.backtrader import (  # kept\n"
        "    Cerebro,  # why\n"
        "    Strategy as S,\n"
        ")\n"
        "from fillproof.compat.backtrader.feeds import *\n"
        "if True :\n"
        "\tfrom fillproof.compat.zipline . api import order\n"
        "from . import backtrader as mine\n"
        "import backtrader_plotting, importlib\n"
        "importlib.import_module('zipline.api')\n"
        "print( 'import backtrader' )"
    )
    assert [(place.line, note.split(":")[0]) for place, note in one.notes] == [
        (9, "from backtrader.feeds import *"),
        (13, "backtrader_plotting works with objects of the real backtrader"),
        (14, "import_module('zipline.api') names a module by a text"),
    ]
    again = of(tmp_path, one.text, "again.py")
    assert again.text == one.text


@pytest.mark.parametrize("text", ["import backtrader\r\nx = 1\r\n", "\ufeffimport zipline\n"])
def test_line_ends_and_byte_order_marks_stay(tmp_path, text):
    path = tmp_path / "script.py"
    path.write_bytes(text.encode("utf-8"))
    assert assess(path).text.count("\r\n") == text.count("\r\n")


@pytest.mark.parametrize("path", WHOLE[::3], ids=lambda path: path.stem)
def test_whole_scripts_are_known_and_their_text_stays(path):
    """Scripts that are compared with a real framework elsewhere."""
    one = assess(path)
    assert one.frameworks
    assert "unknown" not in one.counts, list(lines(one))
    before, after = path.read_text("utf-8").splitlines(), one.text.splitlines()
    assert len(before) == len(after)
    changed = [(b, a) for b, a in zip(before, after, strict=True) if b != a]
    assert changed
    assert all("import" in b and "fillproof.compat" in a for b, a in changed)
    ast.parse(one.text)


@pytest.mark.parametrize(
    "name",
    [
        "tests/validation/scripts/backtrader_two.py",
        "tests/validation/scripts/vectorbt_two.py",
        "examples/zipline_momentum.py",
    ],
)
def test_a_ported_script_prints_the_same_without_the_command(name, tmp_path):
    script = ROOT / name
    ported = tmp_path / script.name
    text = assess(script).text.replace("__file__", repr(str(script)))  # it finds its data so
    ported.write_text(text, encoding="utf-8")
    outputs = []
    for command in (["-m", "fillproof.cli", "run", str(script)], [str(ported)]):
        done = subprocess.run(
            [sys.executable, *command], capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1] != ""


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": ["import backtrader"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": ["%matplotlib inline\n", "import backtrader as bt\n", "bt.Cerebro?"],
        },
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": 2,
            "source": "cerebro = bt.Cerebro()\nif True:\n    !ls\n\ncerebro.run()\n",
        },
        {"cell_type": "code", "metadata": {}, "source": ["%%zipline --start 2015\n", "x"]},
        {"cell_type": "code", "metadata": {}, "source": ["%%time\n", "bt.Nonsense"]},
    ],
    "metadata": {"name": "é"},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def test_notebooks_are_ported_cell_by_cell(tmp_path):
    text = json.dumps(NOTEBOOK, indent=1, ensure_ascii=False) + "\n"
    one = of(tmp_path, text, "book.ipynb")
    where = {use.name: str(place) for place, use, _ in one.names}
    assert where == {
        "backtrader": "cell 2, line 2",
        "backtrader.Cerebro": "cell 3, line 1",
        "backtrader.Cerebro.run": "cell 3, line 5",
        "backtrader.Nonsense": "cell 5, line 2",
    }
    assert [str(place) for place, _ in one.notes] == ["cell 4, line 1"]
    changed = "import fillproof.compat.backtrader as bt"
    code = json.loads(one.text)["cells"][1]["source"]
    assert code == ["%matplotlib inline\n", changed + "\n", "bt.Cerebro?"]
    assert one.text.replace(changed, "import backtrader as bt") == text


def test_what_cannot_be_read_says_where(tmp_path):
    with pytest.raises(PortError, match=r"script.py, line 2: this is not Python 3.*2to3"):
        of(tmp_path, "x = 1\nprint 'x'\n")
    with pytest.raises(PortError, match="is no notebook"):
        of(tmp_path, "{}", "book.ipynb")
    with pytest.raises(PortError, match="no such file or folder"):
        list(files(tmp_path / "absent"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(PortError, match="no script"):
        list(files(tmp_path / "empty"))


def test_star_imports_bind_the_names_of_the_module(tmp_path):
    found = names(of(tmp_path, "from zipline.api import *\norder(symbol('X'), 1)\nprint(id(3))\n"))
    assert found["zipline.api.order"] == (2,)
    assert found["zipline.api.symbol"] == (2,)
