"""Every module path of Backtrader can be imported, but for those of live trading."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from fillproof.compat.unsupported import UnsupportedFeature

#: Connections to brokers and their data.
LIVE = (
    "brokers.ibbroker",
    "brokers.oandabroker",
    "brokers.vcbroker",
    "feeds.ibdata",
    "feeds.oanda",
    "feeds.vcdata",
    "stores",
)

#: Whoever writes one of these deletes it here.
NOT_YET = ("feeds.vchartfile", "plot")

LISTING = json.loads((Path(__file__).parents[3] / "docs/surface-backtrader.json").read_text())
PATHS = [path for path in LISTING["modules"] if path and not path.startswith((*LIVE, *NOT_YET))]


@pytest.mark.parametrize("path", PATHS)
def test_a_module_is_there(path):
    module = importlib.import_module(f"fillproof.compat.backtrader.{path}")
    for name in getattr(module, "__all__", ()):
        assert getattr(module, name) is not None or name == "winreg"


@pytest.mark.parametrize("path", LIVE)
def test_live_trading_says_so(path):
    with pytest.raises(UnsupportedFeature, match=rf"backtrader\.{path} .*\(never\).*out of scope"):
        importlib.import_module(f"fillproof.compat.backtrader.{path}")


SCRIPT = """
from fillproof.compat.imports import install
install()
import backtrader as bt
import backtrader.utils.flushfile
from backtrader.utils.py3 import with_metaclass, iteritems, MAXINT, urlopen
from backtrader.utils import AutoOrderedDict, OrderedDict, num2date
from backtrader.utils.date import TZLocal
from backtrader.metabase import MetaParams, findowner
import backtrader.sizers.fixedsize
import backtrader.linebuffer as lines
import datetime


class Base(bt.with_metaclass(MetaParams, object)):
    params = (("a", 1),)

    def made(self):
        return find()


def find():
    return findowner(None, Base, startlevel=1)


one = Base(a=3)
print(one.p.a, type(one).__mro__[1].__name__, one.made() is one, list(iteritems({"k": 1})))
print(bt.utils.date.TIME_MAX, bt.datetime.date(2020, 1, 2), bt.date(2020, 1, 2), bt.MAXINT)
print(lines.LineBuffer.__name__ != "", bt.utils.AutoOrderedDict is bt.AutoOrderedDict)
made = bt.utils.OrderedDefaultdict(list)
made["x"].append(1)
print(dict(made), bt.version.__btversion__)
print(TZLocal.utcoffset(datetime.datetime(2021, 7, 1)) is not None)
"""


def test_how_scripts_import():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "3 object True [('k', 1)]",
        "23:59:59.999990 2020-01-02 2020-01-02 9223372036854775807",
        "True True",
        "{'x': [1]} (1, 9, 78, 123)",
        "True",
    ]
