"""Lines: arithmetic before the run, values during it, indexing, names, own indicators."""

from __future__ import annotations

import itertools
import math
import operator
from datetime import date, datetime

import fillproof.compat.backtrader as bt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

CLOSE = [4.0, 2.0, 8.0, 5.0, 5.0]
OPEN = [3.0, 4.0, 7.0, 5.0, 1.0]


@pytest.fixture
def lines_of(cerebro_of):
    """The values of the lines that `build(strategy)` makes over CLOSE and OPEN."""

    def evaluate(build, close=CLOSE, opened=OPEN):
        class Look(bt.Strategy):
            def __init__(self):
                self.made = build(self)

        cerebro = cerebro_of(close, open=opened)
        cerebro.addstrategy(Look)
        made = cerebro.run()[0].made
        return [list(line.array) for line in (made if isinstance(made, tuple) else (made,))]

    return evaluate


@pytest.mark.parametrize(
    "op", [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv]
)
def test_arithmetic_of_lines_and_numbers(lines_of, op):
    both, right, left = lines_of(
        lambda s: (op(s.data.close, s.data.open), op(s.data.close, 3), op(3.0, s.data.close))
    )
    assert both == [op(a, b) for a, b in zip(CLOSE, OPEN, strict=True)]
    assert right == [op(a, 3) for a in CLOSE]
    assert left == [op(3.0, a) for a in CLOSE]


@pytest.mark.parametrize(
    "op", [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
)
def test_comparisons_are_ones_and_zeros(lines_of, op):
    assert lines_of(lambda s: op(s.data.close, s.data.open)) == [
        [float(op(a, b)) for a, b in zip(CLOSE, OPEN, strict=True)]
    ]


def test_other_operations(lines_of):
    power, absolute, negative, delayed = lines_of(
        lambda s: (s.data.close**2, abs(s.data.open - 4.0), -s.data.close, s.data.close(-2) + 0.0)
    )
    assert power == [x**2 for x in CLOSE]
    assert absolute == [abs(x - 4.0) for x in OPEN]
    assert negative == [-x for x in CLOSE]
    assert all(map(math.isnan, delayed[:2]))
    assert delayed[2:] == CLOSE[:3]


def test_logic(lines_of):
    highest, lowest, chosen, every, either, total, order = lines_of(
        lambda s: (
            bt.Max(s.data.close, s.data.open, 4.5),
            bt.Min(s.data.close, s.data.open),
            bt.If(s.data.close > s.data.open, s.data.close, -1.0),
            bt.And(s.data.close > 4.5, s.data.open > 4.5),
            bt.ind.Or(s.data.close > 7.5, s.data.open > 3.5),
            bt.Sum(s.data.close, s.data.open, 0.5),
            bt.Cmp(s.data.close, s.data.open),
        )
    )
    assert highest == [4.5, 4.5, 8.0, 5.0, 5.0]
    assert lowest == [3.0, 2.0, 7.0, 5.0, 1.0]
    assert chosen == [4.0, -1.0, 8.0, -1.0, 5.0]
    assert every == [0.0, 0.0, 1.0, 1.0, 0.0]
    assert either == [0.0, 1.0, 1.0, 1.0, 0.0]
    assert total == [7.5, 6.5, 15.5, 10.5, 6.5]
    assert order == [1.0, -1.0, 1.0, 0.0, 1.0]


def test_division_by_zero_fails_as_in_python(lines_of):
    with pytest.raises(ZeroDivisionError):
        lines_of(lambda s: s.data.close / (s.data.open - 5.0))
    zero, both = lines_of(
        lambda s: (
            bt.DivByZero(s.data.close, s.data.open - 5.0, zero=9.0),
            bt.DivZeroByZero(s.data.close - 5.0, s.data.open - 5.0, 7.0, 8.0),
        )
    )
    assert zero[3] == 9.0
    assert both[3] == 8.0


price = st.floats(-1e6, 1e6, allow_subnormal=False)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(price, price), min_size=3, max_size=12), number=price)
def test_an_expression_equals_the_same_on_floats(rows, number):
    import pandas as pd

    index = pd.date_range("2021-01-01", periods=len(rows), freq="D")
    table = pd.DataFrame({"open": [r[0] for r in rows], "close": [r[1] for r in rows]}, index=index)
    table["high"] = table["low"] = table["volume"] = 1.0

    class Look(bt.Strategy):
        def __init__(self):
            close, opened = self.data.close, self.data.open
            self.made = (close - opened) * number + bt.If(close > opened, close, number) - close(-1)

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=table))
    cerebro.addstrategy(Look)
    got = list(cerebro.run()[0].made.array)
    wanted = [
        (c - o) * number + (c if c > o else number) - before[1]
        for before, (o, c) in itertools.pairwise(rows)
    ]
    assert math.isnan(got[0])
    assert got[1:] == wanted


def test_values_during_the_run(cerebro_of):
    seen = []

    class Look(bt.Strategy):
        def __init__(self):
            self.mean = bt.ind.SMA(self.data.close, period=2)

        def prenext(self):
            seen.append(("prenext", len(self)))

        def next(self):
            close = self.data.close
            seen.append((len(self), close[0], close[-1], self.mean[0], close > self.data.open))
            if len(self) == 4:
                seen.append((list(close.get(size=3)), list(close.get(ago=-1, size=2))))
                seen.append((self.data_close[0], self.data0_open[0], self.data.lines.close[0]))
                seen.append((self.data.datetime.date(0), self.data.datetime.datetime(-1)))
                seen.append((close + 1, 1 - close, len(self.data), self.data.buflen()))

    cerebro = cerebro_of(CLOSE, open=OPEN)
    cerebro.addstrategy(Look)
    cerebro.run()
    assert seen == [
        ("prenext", 1),
        (2, 2.0, 4.0, 3.0, False),
        (3, 8.0, 2.0, 5.0, True),
        (4, 5.0, 8.0, 6.5, False),
        ([2.0, 8.0, 5.0], [2.0, 8.0]),
        (5.0, 5.0, 5.0),
        (date(2021, 3, 4), datetime(2021, 3, 3)),
        (6.0, -4.0, 4, 5),
        (5, 5.0, 5.0, 5.0, True),
    ]


class ByNext(bt.Indicator):
    lines = ("total", "half")
    params = (("start", 10.0),)

    def prenext(self):
        self.lines.total[0] = -1.0

    def nextstart(self):
        self.lines.total[0] = self.p.start
        self.l.half[0] = 0.0

    def next(self):
        self.lines.total[0] = self.lines.total[-1] + self.data[0]
        self.l.half[0] = self.lines.total[0] / 2


class ByOnce(bt.Indicator):
    lines = ("double",)

    def __init__(self):
        self.addminperiod(2)

    def once(self, start, end):
        for i in range(start, end):
            self.lines.double.array[i] = 2.0 * self.data.array[i]


class ByExpression(bt.Indicator):
    lines = ("gap",)

    def __init__(self):
        self.lines.gap = self.data.close - self.data.close(-1)


def test_own_indicators(lines_of):
    (total,) = lines_of(lambda s: ByNext(bt.ind.SMA(s.data, period=2).sma, start=1.0))
    assert total == [-1.0, 1.0, 6.0, 12.5, 17.5]
    (double,) = lines_of(lambda s: ByOnce(s.data))
    assert math.isnan(double[0])
    assert double[1:] == [4.0, 16.0, 10.0, 10.0]
    (gap,) = lines_of(lambda s: ByExpression(s.data))
    assert gap[1:] == [-2.0, 6.0, -3.0, 0.0]


def test_lines_by_name_and_number(run_once):
    class Look(bt.Strategy):
        def __init__(self):
            self.made = ByNext(self.data)

        def stop(self):
            made = self.made
            self.names = made.lines.getlinealiases()
            self.values = made.half[0], made.lines[1][0], made.line1[0], made.lines.half[0]

    look = run_once(Look, CLOSE)
    assert look.names == ("total", "half")
    assert set(look.values) == {(10.0 + sum(CLOSE[1:])) / 2}
    with pytest.raises(AttributeError, match="nothing"):
        _ = look.made.nothing


def test_too_few_bars(cerebro_of):
    def run(**kwargs):
        class Look(bt.Strategy):
            calls = 0

            def __init__(self):
                self.mean = bt.ind.SMA(period=4)

            def next(self):
                self.calls += 1

        cerebro = cerebro_of(CLOSE[:3])
        cerebro.addstrategy(Look)
        return cerebro.run(**kwargs)[0]

    with pytest.raises(IndexError):
        run()
    look = run(runonce=False)
    assert look.calls == 0
    assert np.isnan(look.mean.array).all()
