"""What errors say beyond the original's words: what was wrong, where, and what there is instead."""

from __future__ import annotations

import datetime
import sys

import fillproof.compat.backtrader as bt
import pandas as pd
import pytest
from fillproof.compat import explaining

CLOSES = [4.0, 2.0, 8.0, 5.0, 5.0, 6.0]


class Crossing(bt.Strategy):
    params = (("period", 2), ("stake", 10))

    def __init__(self):
        self.average = bt.ind.SMA(period=self.p.period)


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    """Each line on standard error is written once: begin anew."""
    monkeypatch.setattr(explaining, "_said", set())


@pytest.fixture
def note_of(run_once):
    """The note of the error that a function of the strategy raises in `next`."""

    def note(error, call):
        class Asking(Crossing):
            def next(self):
                with pytest.raises(error) as caught:
                    call(self)
                (self.note,) = caught.value.__notes__
                self.env.runstop()

        return run_once(Asking, CLOSES).note

    return note


def test_a_parameter_that_a_strategy_lacks(cerebro_of):
    class Own(Crossing):
        def __init__(self):
            pass

    cerebro = cerebro_of(CLOSES)
    cerebro.addstrategy(Own, perod=3)
    line = sys._getframe().f_lineno - 1
    with pytest.raises(TypeError) as caught:
        cerebro.run()
    assert caught.value.__notes__ == [
        f"{__file__}:{line}: Own has no parameter 'perod' (did you mean 'period'?). "
        "Its parameters: period, stake."
    ]


@pytest.mark.parametrize(
    ("method", "made", "known"),
    [
        ("addanalyzer", bt.analyzers.SharpeRatio, "riskfreerate"),
        ("addobserver", bt.observers.DrawDown, "fund"),
        ("addsizer", bt.sizers.PercentSizer, "percents"),
        ("addindicator", bt.ind.RSI, "safediv"),
        ("addwriter", bt.WriterFile, "rounding"),
    ],
)
def test_parameters_of_what_a_run_makes(cerebro_of, capsys, method, made, known):
    cerebro = cerebro_of(CLOSES * 3)
    getattr(cerebro, method)(made, **{known[:-1]: 1})
    said = ""
    try:
        cerebro.run()
    except TypeError as error:
        (said,) = error.__notes__
    said += capsys.readouterr().err
    assert f"{__file__}:" in said
    assert f"{made.__name__} has no parameter '{known[:-1]}' (did you mean '{known}'?)" in said


def test_a_parameter_that_an_indicator_lacks(note_of):
    note = note_of(TypeError, lambda s: bt.ind.SMA(s.data, perid=3))
    assert note == "SMA has no parameter 'perid' (did you mean 'period'?). Its parameters: period."


def test_parameters_by_position(note_of, cerebro_of, capsys):
    note = note_of(TypeError, lambda s: bt.ind.SMA(s.data, 3))
    assert note == "SMA takes its parameters by keyword: period."
    cerebro = cerebro_of(CLOSES)
    cerebro.addstrategy(bt.Strategy, 3)
    cerebro.run()
    assert "Strategy takes its parameters by keyword: none. It ignores 3" in capsys.readouterr().err


def test_keywords_that_nobody_takes_are_named(cerebro_of, capsys, tmp_path):
    class Silent(bt.Strategy):
        params = (("period", 2),)

    cerebro = cerebro_of(CLOSES)
    cerebro.addstrategy(Silent, perod=3)
    cerebro.addstrategy(Silent, perod=3)
    cerebro.run(stdstat=False)
    bt.feeds.GenericCSVData(dataname=str(tmp_path / "none.csv"), dtfromat="%Y")
    first, second, third = capsys.readouterr().err.splitlines()
    assert "Cerebro.run() has no parameter 'stdstat' (did you mean 'stdstats'?)" in first
    assert f"{__file__}:" in second
    assert "Silent has no parameter 'perod' (did you mean 'period'?), and ignores it" in second
    assert "GenericCSVData has no parameter 'dtfromat' (did you mean 'dtformat'?)" in third


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: s.averag, "Asking has no attribute or line 'averag' (did you mean 'average'?)."),
        (lambda s: s.period, "no attribute or line 'period', but a parameter: self.p.period."),
        (lambda s: s.data1, "no attribute or line 'data1': it has data0 only."),
        (lambda s: s.p.perod, "Asking has no parameter 'perod' (did you mean 'period'?)."),
        (lambda s: s.data.clsoe, "PandasData 'stock' has no line 'clsoe' (did you mean 'close'?)."),
        (lambda s: s.data.lines.vol, "Its lines: close, low, high, open, volume, openinterest, da"),
        (lambda s: s.average.lines.avg, "SMA has no line 'avg'. Its lines: sma."),
        (lambda s: s.average.upper, "SMA has no line 'upper'. Its lines: sma."),
    ],
)
def test_names_that_are_not_there(note_of, call, words):
    assert words in note_of(AttributeError, call)


def test_python_can_suggest_a_line(run_once):
    class Asking(Crossing):
        def next(self):
            with pytest.raises(AttributeError) as caught:
                _ = self.data.clsoe
            assert caught.value.name == "clsoe"
            assert "close" in dir(caught.value.obj)
            self.asked = True

    assert run_once(Asking, CLOSES).asked


def test_lines_by_a_wrong_index(note_of):
    words = "SMA has the lines 0 sma"
    assert words in note_of(TypeError, lambda s: s.average.lines["sma"])
    assert words in note_of(IndexError, lambda s: s.average.lines[2])


def test_an_expression_for_no_line(run_once, capsys):
    class Two(bt.Indicator):
        lines = ("signal",)

        def __init__(self):
            self.lines.signl = self.data.close + 1.0

    class Using(bt.Strategy):
        def __init__(self):
            Two(self.data)

    run_once(Using, CLOSES)
    said = capsys.readouterr().err
    assert f"{__file__}:" in said
    assert "Two has no line 'signl' (did you mean 'signal'?): assigning to it fills none" in said


def test_an_index_that_is_not_there(note_of):
    note = note_of(IndexError, lambda s: s.data.close[9])
    assert note == (
        "[9] of line 'close' of PandasData 'stock', which stands on bar 2: its first is [-1], "
        "its last [4]."
    )
    assert "line 'sma' of SMA" in note_of(IndexError, lambda s: s.average[9])
    assert "line 'datetime' of PandasData" in note_of(IndexError, lambda s: s.data.datetime.date(9))


def test_more_bars_needed_than_there_are(run_once):
    with pytest.raises(IndexError) as caught:
        run_once(Crossing, CLOSES, period=9)
    (note,) = caught.value.__notes__
    assert note.startswith("SMA needs 9 bars, and PandasData 'stock' has 6.")


@pytest.fixture
def two_datas(frame):
    """Run a strategy over two datas of the given closes and starts."""

    def run(strategy, first, second, **kwargs):
        cerebro = bt.Cerebro(stdstats=False)
        for name, (closes, start) in {"long": first, "short": second}.items():
            feed = bt.feeds.PandasData(dataname=frame(closes, start=start))
            cerebro.adddata(feed, name=name)
        cerebro.addstrategy(strategy)
        return cerebro.run(**kwargs)

    return run


def test_an_operation_on_datas_of_other_lengths(two_datas):
    class Difference(bt.Strategy):
        def __init__(self):
            self.spread = self.data0.close - self.data1.close

    with pytest.raises(IndexError) as caught:
        two_datas(Difference, (CLOSES, "2021-03-01"), (CLOSES[:3], "2021-03-02"))
    (note,) = caught.value.__notes__
    assert note.startswith("line 'close' of PandasData 'short' has 3 bars")
    assert "bar 6" in note


def test_a_data_that_is_too_short_for_next(two_datas, capsys):
    class Slow(bt.Strategy):
        def __init__(self):
            self.average = bt.ind.SMA(self.data1, period=4)

    two_datas(Slow, (CLOSES, "2021-03-01"), (CLOSES[:3], "2021-03-02"), runonce=False)
    assert capsys.readouterr().err == (
        "fillproof: Slow.next() was never called: the indicators on PandasData 'short' (3 rows, "
        "2021-03-02 to 2021-03-04) need 4 of its bars.\n"
    )


def test_datas_with_hardly_a_time_in_common(two_datas, capsys):
    two_datas(bt.Strategy, (CLOSES, "2021-03-01"), (CLOSES, "2022-03-01"))
    said = capsys.readouterr().err
    assert "PandasData 'long' (6 rows, 2021-03-01 to 2021-03-06) and PandasData 'short'" in said
    assert "have hardly a time in common" in said


def test_datas_that_meet_are_not_mentioned(two_datas, capsys):
    two_datas(bt.Strategy, (CLOSES, "2021-03-01"), (CLOSES[:3], "2021-03-03"))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kwargs", [{}, {"preload": False}, {"runonce": False}])
def test_feeds_without_rows(tmp_path, capsys, frame, kwargs):
    empty = tmp_path / "empty.csv"
    empty.write_text("date,open,high,low,close,volume\n")
    full = tmp_path / "full.csv"
    full.write_text("h\n2021-03-01,1,1,1,1,1\n2021-03-02,1,1,1,1,1\n")
    settings = {"dtformat": "%Y-%m-%d", "openinterest": -1}
    late = datetime.datetime(2022, 1, 1)
    for feed in (
        bt.feeds.GenericCSVData(dataname=str(empty), **settings),
        bt.feeds.GenericCSVData(dataname=str(full), fromdate=late, **settings),
        bt.feeds.PandasData(dataname=frame(CLOSES)[:0], name="nothing"),
    ):
        cerebro = bt.Cerebro()
        cerebro.adddata(feed)
        cerebro.addstrategy(bt.Strategy)
        cerebro.run(**kwargs)
    first, second, third = capsys.readouterr().err.splitlines()
    assert "GenericCSVData 'empty' has no rows, so next() is not called: it is empty" in first
    assert str(empty) in first
    assert "GenericCSVData 'full' has no rows with fromdate 2022-01-01" in second
    assert f"from 2021-03-01 to 2021-03-02 ({full})" in second
    assert "PandasData 'nothing' has no rows" in third
    assert "a DataFrame of 0 rows" in third


def test_values_of_a_frame_that_are_no_numbers(frame):
    table = frame(CLOSES[:3]).assign(low=[1.0, "x", 2.0])
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=table))
    with pytest.raises(TypeError, match="must be real number") as caught:
        cerebro.run()
    words = "row 2 (2021-03-02 00:00:00): 'low' (low) holds 'x', not a number."
    assert words in caught.value.__notes__[0]


def test_an_index_without_times(frame):
    cerebro = bt.Cerebro()
    cerebro.adddata(bt.feeds.PandasData(dataname=frame(CLOSES).reset_index(drop=True)))
    with pytest.raises(AttributeError, match=r"'Index' \(datetime\) holds 0, not a timestamp"):
        cerebro.run()


def test_something_else_than_a_frame():
    with pytest.raises(AttributeError, match="takes a DataFrame as dataname, not a Series"):
        bt.feeds.PandasData(dataname=pd.Series(CLOSES))


def test_asking_at_every_bar_is_cheap(run_once):
    """What a script asks again is not put into words again."""

    class Asking(bt.Strategy):
        def next(self):
            hasattr(self, "nothing")
            self.notes = vars(self)["_missing"]

    assert list(run_once(Asking, CLOSES).notes) == ["nothing"]
