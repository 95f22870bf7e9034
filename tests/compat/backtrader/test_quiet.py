"""Quiet bars: bodies of `next` in which looking ahead could go wrong, each played both ways."""

from __future__ import annotations

import itertools
import sys
import textwrap

import fillproof.compat.backtrader as bt
import pandas as pd
import pytest
from fillproof.compat.backtrader import loops, quiet
from fillproof.compat.backtrader.feeds import PandasData

HEAD = """
import math
import fillproof.compat.backtrader as bt

FLOOR = 0.5

class Loud:
    def __init__(self, strategy):
        self.strategy = strategy

    def __bool__(self):
        self.strategy.note("asked")
        return False


class Base(bt.Strategy):
    params = (("least", 1.0), ("zero", 0))

    def __init__(self):
        self.seen = []
        self.mean = bt.ind.SMA(self.data.close, period=3)
        self.other = bt.ind.SMA(self.data.close, period=2)
        self.cross = bt.ind.CrossOver(self.data.close, self.mean)
        self.number, self.thing, self.things = 1.0, None, []

    def note(self, *what):
        self.seen.append((len(self), *what))

    def later(self):
        self.note("later")
"""
NUMBERS = itertools.count()


@pytest.fixture
def play(tmp_path, monkeypatch):
    """What a body logs, its error and its orders, and the bars that were found quiet."""
    monkeypatch.setattr(loops, "_WORTH_WHILE", 0)
    monkeypatch.setattr(quiet, "FIRST_LOOK", 8)
    monkeypatch.setattr(quiet, "GROWTH", 2)
    monkeypatch.setattr(quiet, "CREDIT", 10_000)
    close = [10, 11, 12, 11, 10, 9, 10, 11, 12, 13, 12, 11, 10, 9, 10, 11, 12, 13, 12, 11] * 3
    index = pd.date_range("2021-03-01", periods=len(close), freq="D")
    volume = [float(n % 4) if n % 10 else float("nan") for n in range(len(close))]
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close), index, dtype=float)
    frame["volume"] = volume

    def run(body, on, **settings):
        monkeypatch.setenv("FILLPROOF_QUIET", "1" if on else "0")
        path = tmp_path / f"script_{next(NUMBERS)}.py"
        path.write_text(f"{HEAD}\nclass Played(Base):\n{textwrap.indent(body, '    ')}\n")
        space = {"__name__": path.stem}
        monkeypatch.setitem(sys.modules, path.stem, type(sys)(path.stem))
        exec(compile(path.read_text(), str(path), "exec"), space)
        told, due = [], quiet.Guard.due
        monkeypatch.setattr(
            quiet.Guard, "due", lambda g, t: told.append((t, due(g, t))) or told[-1][1]
        )
        cerebro = bt.Cerebro(stdstats=False, **settings)
        cerebro.adddata(PandasData(dataname=frame))
        cerebro.addstrategy(space["Played"])
        kept, add = [], bt.Strategy._periodset
        monkeypatch.setattr(bt.Strategy, "_periodset", lambda s: (kept.append(s), add(s))[1])
        error = None
        try:
            cerebro.run()
        except Exception as found:
            error = type(found).__name__, str(found)
        monkeypatch.setattr(bt.Strategy, "_periodset", add)
        monkeypatch.setattr(quiet.Guard, "due", due)
        orders = [(o.status, o.executed.price) for o in cerebro.broker.orders]
        saved = sum(found - t for t, found in told)
        return repr((kept[0].seen, error, orders, len(kept[0]))), saved

    return run


def method(text):
    return "def next(self):\n" + textwrap.indent(textwrap.dedent(text).strip(), "    ")


QUIET = {
    "a line is replaced": """
        if self.data.close[0] > self.other[0] + 5:
            self.note(self.other[0])
        elif len(self) == 20:
            self.other = self.data.volume
        """,
    "a line is written": """
        if self.data.volume[-1] == 7.0:
            self.note("seven")
        if len(self) == 15 or len(self) == 33:
            self.data.volume[0] = 7.0
        """,
    "a number changes": """
        if self.data.close[0] > 9 + self.number:
            self.note(self.number)
            self.number += 1.0
        """,
    "a list gets its first element": """
        if self.things and self.cross > 0:
            self.note("things")
        if len(self) == 20:
            self.things.append(1)
        """,
    "None becomes an order": """
        if self.thing is None and self.cross > 0:
            self.thing = self.buy()
        elif self.thing and self.cross < 0:
            self.note("held")
            self.thing = None
        """,
    "a module's number": """
        global FLOOR
        if self.data.close[0] > 12 + FLOOR:
            self.note(FLOOR)
            FLOOR = FLOOR + 5
        """,
    "a local name of two values": """
        x = 2.0
        if self.data.close[0] > self.mean[0]:
            x = 1.0
        if x == 2.0 and self.data.close[0] == 11:
            self.note(x)
        """,
    "a local name that is not set": """
        if self.data.close[0] < 13 or len(self) < 30:
            x = 1.0
        if x > 2.0:
            self.note(x)
        """,
    "division by zero": """
        if len(self) > 20 and self.data.close[0] / self.data.volume[0] < 3:
            self.note(self.data.volume[0])
        """,
    "before the first bar": """
        if self.data.close[-7] == 13:
            self.note(self.data.close[-7])
        """,
    "gaps": """
        if not self.data.volume[0] < 99:
            self.note("gap")
        if math.isnan(self.data.volume[0]) or self.data.volume[0] != self.data.volume[0]:
            self.note("nan")
        """,
    "the largest of a gap": """
        if max(self.data.volume[0], 9.0) != 9.0 or min(1.0, self.data.volume[0], -1.0) != -1.0:
            self.note("not a number first")
        """,
    "a loop": """
        for n, d in enumerate(self.datas):
            if d.close[0] < 12:
                continue
            if d.close[0] > 12:
                break
            self.note(n)
        """,
    "what is held": """
        if not self.position:
            if self.cross > 0:
                self.buy(size=2)
        elif self.position.size > 1 and self.cross < 0 or self.data.close[0] < self.position.price:
            self.close()
        """,
    "counted bars": """
        if len(self) % 7 == 3 and len(self) // 5 * 2 > 4:
            self.note(self.data.close[0])
        """,
    "the truth of an object that comes later": """
        if len(self) == 18:
            self.thing = Loud(self)
        if self.thing:
            self.note("never")
        """,
    "a chain": """
        if 9 < self.data.close[0] < self.mean[0] < 11.5:
            self.note(self.mean[0])
        """,
    "whole numbers": """
        if self.cross > 0 and self.number == 1 and 2**53 + 1 > self.params.least * 2**53:
            self.note(self.number)
            self.number = True
        """,
    "another next": """
        if self.cross > 0 and len(self) > 20:
            self.note("first")
            self.next = self.later
        """,
    "an end": """
        if self.data.close[0] == 13 and len(self) > 30:
            self.note("end")
            self.cerebro.runstop()
        """,
}


@pytest.mark.parametrize("name", QUIET)
def test_it_is_looked_ahead_and_nothing_is_lost(play, name):
    body = method(QUIET[name])
    plain, _ = play(body, on=False)
    looked, saved = play(body, on=True)
    assert looked == plain
    assert saved > 5


LOUD = {
    "a call that is not known": "if self.note() or self.cross > 9: pass",
    "a text that is made": "x = f'{self.note()}'",
    "a comprehension": "x = [self.note() for _ in range(1)]",
    "a store": "self.number = self.data.close[0]",
    "a store into a list": "self.things[:] = [1]",
    "while": "while self.cross > 9: pass",
    "try": "try: self.mean[0]\nexcept IndexError: pass",
    "with": "with open(__file__): pass",
    "an import": "import math as m",
    "assert": "assert self",
    "walrus": "if (x := self.data.close[0]) > 99: pass",
    "power": "if self.data.close[0] ** 2 > 9999: self.note()",
    "the rest of floats": "if self.data.close[0] % 2 > 9: self.note()",
    "a later bar": "if self.data.close[1] > 99: self.note()",
    "an observed value": "if self.broker.getvalue() > 10**9: self.note()",
    "the truth of anything": "self.loud = Loud(self)\nif self.loud: self.note(1)",
    "an attribute of anything": "if self.things.count > 9: self.note()",
    "a nested function": "f = lambda: self.cross\nself.note(f() > 0)",
}


@pytest.mark.parametrize("name", LOUD)
def test_what_is_not_known_is_called(play, name):
    body = method(LOUD[name])
    plain, _ = play(body, on=False)
    looked, saved = play(body, on=True)
    assert looked == plain
    assert saved == 0


PURE = method("if self.cross > 9: self.note()")


@pytest.mark.parametrize(
    "before",
    [
        "@property\ndef cross(self):\n    self.note('read')\n    return 0\n\n@cross.setter\n"
        "def cross(self, value): pass\n\n",
        "def __getattribute__(self, name):\n    return super().__getattribute__(name)\n\n",
        "def __init__(self):\n    super().__init__()\n    self.next = self.later\n\n",
        "def later(self):\n    self.data.close.array[0] = 1.0\n\n",
    ],
)
def test_classes_that_do_more_are_called(play, before):
    plain, _ = play(before + PURE, on=False)
    looked, saved = play(before + PURE, on=True)
    assert looked == plain
    assert saved == 0


def test_a_run_that_is_watched_or_goes_bar_by_bar_is_called(play, monkeypatch):
    assert play(PURE, on=True)[1] > 50
    assert play(PURE, on=True, runonce=False)[1] == 0
    calls = []
    sys.setprofile(lambda frame, event, _: calls.append(frame.f_code.co_name))
    try:
        saved = play(PURE, on=True)[1]
    finally:
        sys.setprofile(None)
    assert saved == 0
    assert calls.count("next") > 50


def test_it_gives_up_where_nothing_is_gained(play, monkeypatch):
    monkeypatch.setattr(quiet, "CREDIT", 10)
    body = method("self.note(1)")
    assert play(body, on=True) == (play(body, on=False)[0], 0)


def test_a_function_that_is_not_its_source_is_not_known(tmp_path):
    from fillproof.compat.backtrader.quiet_source import definition

    path = tmp_path / "changed.py"
    path.write_text("def next(self):\n    return self.a > 1\n")
    space = {}
    exec(compile("def next(self):\n    return self.a > 2\n", str(path), "exec"), space)
    assert definition(space["next"]) is None
    space = {}
    exec(compile(path.read_text(), str(path), "exec"), space)
    assert definition(space["next"]) is not None
