"""Quiet bars: whatever stands in `next`, a run is the same with and without looking ahead.

Bodies of `next` are made of lines, positions, parameters, attributes that change, local names,
loops, calls and mistakes, over columns with gaps and zeros. Each runs twice: what is logged, every
notification, the error that ends it, and the account must be equal to the last bit.
"""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys

import fillproof.compat.backtrader as bt
import numpy as np
import pandas as pd
import pytest
from fillproof.compat.backtrader import loops, quiet
from fillproof.compat.backtrader.feeds import PandasData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

HEAD = """
import fillproof.compat.backtrader as bt

LEVEL = 1.25
COUNT = 2


class Base(bt.Strategy):
    params = (("a", 0.5), ("n", 3), ("ago", -2), ("none", None), ("side", "long"), ("zero", 0))
    LIMIT = 4

    def __init__(self):
        self.log = []
        self.mean = bt.ind.SMA(self.data.close, period=3)
        self.cross = bt.ind.CrossOver(self.data.close, self.mean)
        self.bands = bt.ind.BollingerBands(self.data.close, period=4)
        self.gap = self.data.close - self.data.open
        self.own = Own(self.data)
        self.order = self.floor = None
        self.count = 0
        self.level = 1.0
        self.flags = []
        self.means = {d: bt.ind.SMA(d.close, period=2) for d in self.datas}

    def note(self, *what):
        plain = [v if isinstance(v, (int, float, str)) else type(v).__name__ for v in what]
        self.log.append((len(self), *plain))
        return len(self.log) % 2

    def later(self):
        self.note("later")

    def notify_order(self, order):
        self.note(order.getstatusname(), order.executed.price, order.executed.size)
        if order.status == order.Completed:
            self.floor = order.executed.price * 0.99
        if not order.alive():
            self.order = None

    def notify_trade(self, trade):
        self.note(trade.size, trade.pnl)
        self.level = -self.level


class Own(bt.Indicator):
    lines = ("up", "down")

    def next(self):
        self.lines.up[0] = max(self.data.close[0], self.data.volume[0])
        self.lines.down[0] = min(self.data.close[0], self.data.openinterest[0])
"""


def _choices(text: str) -> list[str]:
    return text.strip().replace("\n", "|").split("|")


VALUES = _choices("""
0|1|2|-1|0.0|1.5|100.0|True|LEVEL|COUNT|x|y|z|x|y|self.count|self.level|self.p.a|self.p.n|self.LIMIT
self.data.close[0]|self.data.close[-1]|self.data.close[-6]|self.data.close[-COUNT]|self.data.close
self.data.volume[0]|self.data.openinterest[0]|self.data.openinterest[-3]|self.data.volume[-30]
self.data_close[0]|self.data0.high[0]|self.datas[0].low[-1]|self.data[0]|self.datas[-1].close[0]
self.data.lines.close[0]|self.data.lines[0][0]|self.mean[0]|self.mean[-2]|self.mean|self.cross
self.cross[0]|self.bands.top[0]|self.bands.bot|self.bands.lines.mid[-1]|self.gap|self.gap[0]
self.own.up[0]|self.own.down|self.own[self.p.ago]|self.means[self.data][0]|self.data.close[self.p.ago]
self.position.size|self.position.price|self.getposition().size|self.getposition(self.data).size
self.getposition(data=self.data0).price|self.broker.getposition(self.data).size|self.params.zero
len(self)|len(self.data)|len(self) % 5|len(self) // 3|len(self) * 2|self.data.datetime[0]
""")
ODD = _choices("""
None|UNKNOWN_NAME|10**3|2**60|self.data.close[1]|self.floor|self.p.none|self.missing|len(self.flags)
self.broker.getcash()|self.order|self.position|self.p.side|self.data.close[0:1]|self.log[-1]
""")
CONDITIONS = _choices("""
self.position|not self.position|self.order|self.order is None|self.order is not None|self.flags
self.cross > 0|self.cross < 0|self.data.close > self.mean|self.data.close[0] < self.data.close[-1]
self.floor is None|self.floor is not None and self.data.close[0] < self.floor|self.p.side == 'long'
math.isnan(self.data.volume[0])|0 < self.cross[0] < 2|len(self) % 7 == 3|self.level > 0
self.position.size > 0|self.position.size <= 0|0 != self.position.size|not self.getposition().size
self.count >= COUNT|self.data.close[0] > self.bands.top[0] or self.order|self.gap|self.data.volume
""")
RARE = _choices("""
self.cross > 0|self.cross < 0|len(self) % 9 == 4|self.gap[0] > 0 and self.data.volume[0] == 0
self.data.close[0] > self.bands.top[0]|self.data.volume[0] * self.gap[0] > 10.0
self.data.openinterest[0] > 3.0 * self.p.a|self.own.down < self.data.volume / self.level
x > max(self.data.close[-1], self.mean[-1]) + 0.5|self.data.volume == 50.0|y != z
min(x, self.data.volume[0]) > 49.0|x / self.data.high[-1] > 0.995 and y|-self.gap[0] > self.p.a
""")
ACTS = _choices("""
self.note('here')|self.note(x)|self.order = self.buy()|self.order = self.sell(size=2)|self.close()
self.buy(exectype=bt.Order.Limit, price=self.data.close[0] * 0.99, valid=None)|self.count += 1
self.floor = self.data.close[0]|self.floor = None|self.flags.append(1)|self.flags = []
self.level = self.mean[0]|self.count = COUNT|self.mean = self.bands|self.note(self.position.size)
self.data.volume[0] = 3.0|self.own.lines.up[0] = 99.0|self.close(); self.note('closed')
self.p.a = self.p.a + 1.0|self.p.side = 'short'|self.count = self.level = 0.25|self.order = None
self.level = -1.5|self.level = 2|self.count = True|self.order = None|type(self).LIMIT = 7
""")
#: What ends a run, or changes what all later ones see.
ENDS = _choices("""
self.cerebro.runstop()|raise ValueError(len(self))|global LEVEL; LEVEL = 2.5|del self.level
self.cancel(self.order)|assert x != 1|self.next = self.later|type(self).next = Base.later
""")


class Maker:
    """Bodies, by the choices of a generator."""

    def __init__(self, random) -> None:
        self.random = random
        self.loops = 0

    def value(self, depth: int = 2) -> str:
        kind = self.random.randrange(10) if depth else 0
        if kind < 5:
            return self.random.choice(VALUES if self.random.randrange(40) else ODD)
        a, b = self.value(depth - 1), self.value(depth - 1)
        if kind < 8:
            return f"({a} {self.random.choice(list('+-*+-*+-*+-*+-*+-*/%'))} {b})"
        if kind == 8:
            return self.random.choice(
                [f"abs({a})", f"max({a}, {b})", f"min({a}, {b}, 2)", f"(-{a})"]
            )
        return self.random.choice(
            [f"({a} if {self.condition(depth - 1)} else {b})", f"({a} or {b})"]
        )

    def condition(self, depth: int = 2) -> str:
        kind = self.random.randrange(9) if depth else 0
        if kind < 4:
            return self.random.choice(CONDITIONS)
        if kind < 7:
            a, b = self.value(depth - 1), self.value(depth - 1)
            return f"{a} {self.random.choice(['<', '>', '<=', '>=', '==', '!='])} {b}"
        a, b = self.condition(depth - 1), self.condition(depth - 1)
        return self.random.choice([f"({a} and {b})", f"({a} or {b})", f"not ({a})"])

    def statement(self, depth: int, quiet: bool = False) -> list[str]:
        """quiet: without an act, unless in a loop."""
        kind = self.random.choice([6, 7, 8, 10, 12]) if quiet else self.random.randrange(16)
        if kind < 6 and depth:
            lines = [f"if {self.condition()}:", *self.block(depth - 1)]
            if self.random.randrange(3) == 0:
                lines += [f"elif {self.condition()}:", *self.block(depth - 1)]
            if self.random.randrange(2):
                lines += ["else:", *self.block(depth - 1)]
            return lines
        if kind < 9:
            name = self.random.choice("xyz")
            what = self.random.choice([self.value(), self.value(), self.condition(), "self.data"])
            return [f"{name} {self.random.choice(['=', '=', '=', '+='])} {what}"]
        if kind == 9:
            return [self.random.choice(["return", "pass", "x, y = self.data.close[0], self.p.a"])]
        if kind == 10 and depth:
            self.loops += 1
            body = ["    " + f"if {self.random.choice(RARE)}:"]
            body += ["    " + line for line in self.block(depth - 1)]
            self.loops -= 1
            head = self.random.choice(
                ["for d in self.datas:", "for n, d in enumerate(self.datas):", "for x in range(2):"]
            )
            inner = self.random.choice(
                [
                    "if not self.getposition(d).size and d.close[0] > self.means[d][0]: continue",
                    "if d.close[0] < d.open[0]: break",
                    "y = d.close[0]",
                    "x = d.close[-1]",
                ]
            )
            return [head, "    " + inner if "range" not in head else "    pass", *body]
        if kind == 11 and self.loops:
            return [self.random.choice(["continue", "break"])]
        if kind == 12:
            return [self.value()]
        return [self.random.choice(ACTS if self.random.randrange(15) else ENDS)]

    def block(self, depth: int) -> list[str]:
        lines = itertools.chain(
            *(self.statement(depth) for _ in range(self.random.randrange(1, 4)))
        )
        return ["    " + line for line in lines]

    def body(self) -> str:
        lines = ["    x = self.data.close[0]", "    y, z = self.p.a, self.data.close[0] / 2"][
            : self.random.choice([0, 1, *[2] * 30])
        ]
        for _ in range(self.random.randrange(1, 4)):
            # Most scripts begin with what they hold, and do little.
            lines += ["    " + line for line in self.statement(2, quiet=True)]
            test = self.random.choice([self.random.choice(CONDITIONS), self.condition()])
            lines += [f"    if {test}:", f"        if {self.random.choice(RARE)}:"]
            lines += ["        " + line for line in self.block(1)]
            if self.random.randrange(2):
                lines += [f"    elif {self.random.choice(RARE)} and {self.condition()}:"]
                lines += ["    " + line for line in self.block(1)]
        return "\n".join(
            ["class Played(Base):", "    def next(self):", *("    " + line for line in lines)]
        )


def column(random, size: int, odd: bool) -> list[float]:
    some = [float("nan"), 0.0, -0.0, -1.0, 1.0, 2.0, 50.0, 100.0] if odd else [0.0, 1.0, 2.0]
    return [random.choice(some) for _ in range(size)]


def frames(random, size: int) -> list[pd.DataFrame]:
    made = []
    for _ in range(random.choice([1, 1, 2])):
        close = 100.0 + np.cumsum([random.choice([-1.0, -0.5, 0.0, 0.5, 1.0]) for _ in range(size)])
        frame = pd.DataFrame(
            {
                "open": close + [random.choice([-0.5, 0.0, 0.25]) for _ in range(size)],
                "high": close + 1.0,
                "low": close - 1.0,
                "close": close,
                "volume": column(random, size, True),
                "openinterest": column(random, size, random.random() < 0.5),
            },
            index=pd.date_range("2021-03-01", periods=size, freq="D"),
        )
        made.append(frame if not made else frame[[random.random() < 0.8 for _ in range(size)]])
    return made


def load(path):
    """A module of a file of its own."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def play(path, feeds, monkeypatch, on: bool):
    """What can be seen of a run, and how many calls of `next` were saved."""
    monkeypatch.setenv("FILLPROOF_QUIET", "1" if on else "0")
    module = load(path)
    cerebro = bt.Cerebro(stdstats=False)
    for frame in feeds:
        cerebro.adddata(PandasData(dataname=frame, openinterest=-1))
    cerebro.addstrategy(module.Played)
    made = []
    add = bt.Strategy._periodset
    monkeypatch.setattr(bt.Strategy, "_periodset", lambda s: (made.append(s), add(s))[1])
    error = None
    try:
        cerebro.run()
    except Exception as found:
        error = type(found).__name__, re.sub("0x[0-9a-f]+", "", str(found))
    monkeypatch.setattr(bt.Strategy, "_periodset", add)
    (strategy,) = made
    orders = [(o.status, o.executed.size, o.executed.price) for o in cerebro.broker.orders]
    state = {k: repr(v) for k, v in vars(strategy).items() if isinstance(v, int | float | list)}
    return strategy.log, error, orders, cerebro.broker.getvalue(), len(strategy), state.get("count")


@pytest.fixture
def eager(monkeypatch):
    """Guards for the shortest runs, that never give up, and look a few bars ahead."""
    monkeypatch.setattr(loops, "_WORTH_WHILE", 0)
    monkeypatch.setattr(quiet, "CREDIT", 10**9)
    monkeypatch.setattr(quiet, "GROWTH", 2)
    return monkeypatch


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where bodies are written; the module that they build on can be imported."""
    made = tmp_path_factory.mktemp("quiet")
    (made / "quiet_base.py").write_text(HEAD)
    load(made / "quiet_base.py")
    yield made
    for name in [name for name in sys.modules if name.startswith("quiet_b")]:
        del sys.modules[name]


NUMBERS = itertools.count()
SAVED = {"runs": 0, "quiet": 0}


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(random=st.randoms(use_true_random=False))
def test_a_run_is_the_same(random, eager, folder):
    source = f"import math\nfrom quiet_base import *\n\n\n{Maker(random).body()}\n"
    feeds = frames(random, 40)
    eager.setattr(quiet, "FIRST_LOOK", random.choice([1, 3, 16, 128]))
    path = folder / f"quiet_body_{next(NUMBERS)}.py"
    path.write_text(source)
    try:
        compile(source, str(path), "exec")
    except SyntaxError:
        return
    told = []
    due = quiet.Guard.due
    eager.setattr(quiet.Guard, "due", lambda g, t: told.append((t, due(g, t))) or told[-1][1])
    plain = play(path, feeds, eager, on=False)
    assert not told
    looked = play(path, feeds, eager, on=True)
    eager.setattr(quiet.Guard, "due", due)
    assert repr(looked) == repr(plain), source
    SAVED["runs"] += 1
    SAVED["quiet"] += any(found > t for t, found in told)
