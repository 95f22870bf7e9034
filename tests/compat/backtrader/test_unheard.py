"""Notifications that `notify_order` surely ignores: bodies of it, each played both ways."""

from __future__ import annotations

import itertools
import sys
import textwrap

import fillproof.compat.backtrader as bt
import pandas as pd
import pytest
from fillproof.compat.backtrader import loops
from fillproof.compat.backtrader.feeds import PandasData
from fillproof.compat.backtrader.order import Order

HEAD = """
import fillproof.compat.backtrader as bt


class Base(bt.Strategy):
    def __init__(self):
        self.seen, self.order = [], None
        self.cross = bt.ind.CrossOver(self.data.close, bt.ind.SMA(self.data.close, period=3))

    def note(self, order):
        self.seen.append((len(self), order.ref - Base.first, order.status, order.plen))
        self.seen.append((order.executed.price, order.comminfo is None, order.size))

    def others(self):
        pass

    def next(self):
        self.others()
        if not self.position and self.cross > 0:
            self.order = self.buy(size=5)
            self.order.note = len(self)
            self.sell(size=5, exectype=bt.Order.Stop, price=self.data.close[0] * 0.97)
        elif self.position and self.cross < 0:
            self.close()
        elif len(self) % 11 == 0:
            self.buy(size=1, exectype=bt.Order.StopTrail, trailamount=2.0, valid=None)
"""
NUMBERS = itertools.count()
EARLY = {Order.Submitted, Order.Accepted}

#: The body of `notify_order`, other methods, and the statuses of which it does not hear.
BODIES = {
    "returns at once": (
        """
        if order.status in [order.Submitted, order.Accepted]:
            return
        self.note(order)
        """,
        "",
        EARLY,
    ),
    "one status": (
        "if order.status == order.Completed and order.isbuy(): self.note(order)",
        "",
        EARLY,
    ),
    "only submitted": ("if order.status != bt.Order.Submitted: self.note(order)", "", {1}),
    "not alive": ("if not order.alive() and self.order is not None: self.note(order)", "", EARLY),
    "by number": ("status = order.status\nif status >= 4: self.note(order)", "", EARLY),
    "by side": (
        """
        '''A text.'''
        if order.isbuy():
            done = order.status == order.Completed
        else:
            done = order.status > order.Partial
        if order.status == order.Completed or order.status == order.Margin:
            self.note(order)
        """,
        "",
        EARLY,
    ),
    "a name of two values": (
        """
        wanted = order.Completed
        if order.isbuy():
            wanted = order.Accepted
        if order.status == wanted:
            self.note(order)
        """,
        "",
        set(),
    ),
    "a name that is not set": (
        """
        if order.status > 2:
            wanted = 4
        try:
            found = order.status == wanted
        except NameError:
            self.note(order)
        """,
        "",
        set(),
    ),
    "all": ("self.note(order)", "", set()),
    "an attribute of its own": ("if self.order and order.status == 4: self.note(order)", "", set()),
    "a call before": ("self.seen.append(1)\nif order.status == 4: self.note(order)", "", set()),
    "a method": (
        "if order.status == order.Completed: self.note(order)",
        """
        def others(self):
            if len(self) == 20:
                self.notify_order = self.note
            elif len(self) == 40:
                del self.notify_order
        """,
        EARLY,
    ),
    "a class": (
        "if order.status == order.Completed: self.note(order)",
        """
        def others(self):
            if self.broker.notifs:
                self.seen.append([o.getstatusname() for o in self.broker.notifs])
                type(self).notify_order = Base.note
        """,
        EARLY,
    ),
    "a notification taken away": (
        "if order.status == order.Completed: self.note(order)",
        """
        def others(self):
            if len(self) % 2 and (order := self.broker.get_notification()):
                self.seen.append((order.getstatusname(), order.plen))
        """,
        EARLY,
    ),
    "a look at what is queued": (
        "if order.status == order.Completed: self.note(order)",
        """
        def others(self):
            self.seen.append([(o.status, o.plen, o.executed.size) for o in self._orderspending])
            self.seen.append(len(self._orders))
        """,
        EARLY,
    ),
}


@pytest.fixture
def play(tmp_path, monkeypatch):
    """What a body logs, the orders at the end, and the statuses of which it does not hear."""
    monkeypatch.setattr(loops, "_WORTH_WHILE", 0)
    close = [10, 11, 12, 11, 10, 9, 10, 11, 12, 13, 12, 11, 10, 9, 10, 11, 12, 13, 12, 11] * 3
    index = pd.date_range("2021-03-01", periods=len(close), freq="D")
    frame = pd.DataFrame(dict.fromkeys(("open", "high", "low", "close"), close), index, dtype=float)
    frame["volume"] = 1.0

    def run(body, others, on, **settings):
        monkeypatch.setenv("FILLPROOF_QUIET", "1" if on else "0")
        path = tmp_path / f"script_{next(NUMBERS)}.py"
        body = textwrap.indent(textwrap.dedent(body).strip(), " " * 8)
        others = textwrap.indent(textwrap.dedent(others), "    ")
        path.write_text(
            f"{HEAD}\nclass Played(Base):\n    def notify_order(self, order):\n{body}\n{others}\n"
        )
        space = {"__name__": path.stem}
        monkeypatch.setitem(sys.modules, path.stem, type(sys)(path.stem))
        exec(compile(path.read_text(), str(path), "exec"), space)
        first = next(Order.refbasis)
        space["Base"].first = first
        cerebro = bt.Cerebro(stdstats=False, **settings)
        cerebro.adddata(PandasData(dataname=frame))
        cerebro.addstrategy(space["Played"])
        [strategy] = cerebro.run()
        orders = [
            (o.ref - first, o.status, o.plen, getattr(o, "note", None)) for o in strategy._orders
        ]
        trades = [(t.size, t.pnl, t.barlen) for t in strategy._trades[strategy.data][0]]
        return (strategy.seen, orders, trades, len(strategy._orderspending)), set(strategy._skips)

    return run


@pytest.mark.parametrize("name", BODIES)
def test_it_is_told_the_same(play, name):
    body, others, expected = BODIES[name]
    there, none = play(body, others, False)
    here, skipped = play(body, others, True)
    assert none == set()
    assert skipped == expected
    assert here == there


def test_of_quick_notifications_none_is_left_out(play):
    body, others, _ = BODIES["returns at once"]
    there, _ = play(body, others, False, quicknotify=True)
    here, skipped = play(body, others, True, quicknotify=True)
    assert skipped == set()
    assert here == there


def test_without_a_method_nobody_hears_of_orders_that_only_wait(play):
    others = "notify_order = bt.Strategy.notify_order"
    there, _ = play("pass", others, False)
    here, skipped = play("pass", others, True)
    assert skipped == EARLY
    assert here == there


def test_whoever_watches_sees_every_call(play):
    calls = []

    def watch(frame, event, _):
        if event == "call" and frame.f_code.co_name == "notify_order":
            calls.append(frame.f_locals["order"].status)

    body, others, _ = BODIES["returns at once"]
    before = sys.gettrace()
    sys.settrace(watch)
    try:
        play(body, others, True)
    finally:
        sys.settrace(before)
    assert set(calls) >= EARLY
