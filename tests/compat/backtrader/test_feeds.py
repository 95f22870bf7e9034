"""Feeds: which column becomes which line, times, ranges, and errors that say where."""

from __future__ import annotations

import datetime
import math

import fillproof.compat.backtrader as bt
import pandas as pd
import pytest

CLOSE = [4.0, 2.0, 8.0, 5.0, 5.0]


def bars(feed, *names):
    """(time, values of the named lines) of each bar that a strategy sees."""
    seen = []

    class Look(bt.Strategy):
        def next(self):
            values = [getattr(self.data, name)[0] for name in names]
            seen.append((self.data.datetime.datetime(0), *values))

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(feed)
    cerebro.addstrategy(Look)
    cerebro.run()
    return seen


def day(number):
    return datetime.datetime(2021, 3, number)


def test_a_frame_by_names(frame):
    table = frame(CLOSE, open=[1.0, 2, 3, 4, 5])
    got = bars(bt.feeds.PandasData(dataname=table), "open", "close", "volume")
    assert got == [(day(k + 1), k + 1.0, c, 100.0) for k, c in enumerate(CLOSE)]
    upper = table.rename(columns=str.upper)
    assert bars(bt.feeds.PandasData(dataname=upper), "open", "close", "volume") == got


def test_a_frame_by_chosen_columns(frame):
    table = frame(CLOSE).rename(columns={"close": "Adj Close"}).reset_index(names="when")
    feed = bt.feeds.PandasData(
        dataname=table, datetime="when", close="Adj Close", open=1, volume=None
    )
    got = bars(feed, "open", "close")
    assert got == [(day(k + 1), c, c) for k, c in enumerate(CLOSE)]
    ((_, volume),) = bars(feed, "volume")[:1]
    assert math.isnan(volume)


def test_a_column_that_the_frame_lacks(frame):
    feed = bt.feeds.PandasData(dataname=frame(CLOSE), close="adjusted")
    with pytest.raises(ValueError, match=r"close='adjusted'.*open, high, low, close"):
        bars(feed, "close")


def test_a_range_of_dates(frame):
    feed = bt.feeds.PandasData(
        dataname=frame(CLOSE), fromdate=day(2), todate=datetime.date(2021, 3, 4)
    )
    assert bars(feed, "close") == [(day(2), 2.0), (day(3), 8.0), (day(4), 5.0)]


def test_aware_times_are_shown_in_utc(frame):
    table = frame(CLOSE[:1]).tz_localize("America/New_York")
    assert bars(bt.feeds.PandasData(dataname=table))[0] == (datetime.datetime(2021, 3, 1, 5),)


def test_more_lines(frame):
    class Signalled(bt.feeds.PandasData):
        lines = ("signal",)
        params = (("signal", -1),)

    feed = Signalled(dataname=frame(CLOSE).assign(signal=range(5)))
    assert [row[1] for row in bars(feed, "signal")] == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_changing_the_feed_leaves_the_frame(frame):
    table = frame(CLOSE)
    before = table.copy()
    feed = bt.feeds.PandasData(dataname=table)
    bars(feed, "close")
    feed.close.array[0] = 99.0
    pd.testing.assert_frame_equal(table, before)


@pytest.fixture
def csv(tmp_path):
    """A CSV feed class whose file has the given lines."""

    def make(*lines, name="prices.csv", **kwargs):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n")
        settings = {"dtformat": "%Y-%m-%d", "openinterest": -1, **kwargs}
        return bt.feeds.GenericCSVData(dataname=str(path), **settings)

    return make


HEADER = "date,open,high,low,close,volume"
FIRST = "2021-03-01,1,4,0.5,2,100"


def test_a_csv_file(csv):
    feed = csv(HEADER, FIRST, "2021-03-02,2,5,1,,200", "2021-03-03,3,6,2,4,", nullvalue=9.0)
    # The end of the session, as float days can tell it.
    last = datetime.timedelta(days=1, microseconds=-11)
    got = bars(feed, "open", "high", "low", "close", "volume", "openinterest")
    assert [row[0] for row in got] == [day(k) + last for k in (1, 2, 3)]
    assert [row[1:] for row in got] == [
        (1.0, 4.0, 0.5, 2.0, 100.0, 9.0),
        (2.0, 5.0, 1.0, 9.0, 200.0, 9.0),
        (3.0, 6.0, 2.0, 4.0, 9.0, 9.0),
    ]
    assert feed._name == "prices"


def test_other_forms_of_csv(csv, tmp_path):
    feed = csv(
        "1;2;01.03.2021;09:30",
        dtformat="%d.%m.%Y",
        tmformat="%H:%M",
        separator=";",
        headers=False,
        timeframe=bt.TimeFrame.Minutes,
        datetime=2,
        time=3,
        open=0,
        high=1,
        low=0,
        close=1,
        volume=-1,
    )
    assert bars(feed, "open", "close") == [(datetime.datetime(2021, 3, 1, 9, 30), 1.0, 2.0)]
    with open(tmp_path / "prices.csv") as file:
        seconds = csv("t,o,h,l,c,v", "86400,1,2,1,2,5", name="seconds.csv", dtformat=1)
        assert bars(seconds, "close")[0][0].date() == datetime.date(1970, 1, 2)
        opened = bt.feeds.GenericCSVData(
            dataname=file,
            name="opened",
            dtformat=lambda text: datetime.datetime.strptime(text, "%d.%m.%Y"),
            separator=";",
            headers=False,
            **{"datetime": 2, "open": 0, "high": 1, "low": 0, "close": 1},
            volume=-1,
            openinterest=-1,
        )
        assert [row[1:] for row in bars(opened, "open", "close")] == [(1.0, 2.0)]


def test_a_file_that_is_not_there(tmp_path):
    feed = bt.feeds.GenericCSVData(dataname=str(tmp_path / "absent.csv"))
    with pytest.raises(FileNotFoundError, match=r"absent\.csv"):
        bars(feed)


@pytest.mark.parametrize(
    ("bad", "settings", "error", "message"),
    [
        ("2021-03-02,2,5,1", {}, IndexError, r"prices\.csv, line 3: (?s:.*) 0 to 3 .* close=4"),
        (FIRST, {"openinterest": 6}, IndexError, r"line 2: (?s:.*) 0 to 5 .* openinterest=6"),
        ("2021-03-02,2,x,1,3,5", {}, ValueError, r"prices\.csv, line 3: (?s:.*)high=2 is 'x'"),
        ("02.03.2021,2,5,1,3,5", {}, ValueError, r"line 3: (?s:.*)datetime is '02\.03\.2021'"),
        ("2021-02-30,2,5,1,3,5", {}, ValueError, r"line 3: (?s:.*)dtformat='%Y-%m-%d'"),
        ("", {}, ValueError, r"prices\.csv, line 3: (?s:.*)datetime is ''"),
        (FIRST, {"datetime": 8}, IndexError, r"line 2: (?s:.*)datetime=8"),
        (FIRST, {"separator": ";"}, ValueError, r"line 2: (?s:.*)separator ';'"),
        (FIRST, {"headers": False}, ValueError, r"line 1: (?s:.*)'date'.\nheaders=True"),
        (FIRST, {"time": 5}, ValueError, r"line 2: (?s:.*)time is '100'"),
    ],
)
def test_csv_errors_say_where(csv, bad, settings, error, message):
    with pytest.raises(error, match=message):
        bars(csv(HEADER, FIRST, bad, **settings), "close")


def test_several_datas_meet_in_time(frame):
    seen = []

    class Look(bt.Strategy):
        def prenext(self):
            seen.append(("prenext", len(self.data0), len(self.data1)))

        def next(self):
            seen.append((self.datetime.date(0).day, self.data0.close[0], self.data1.close[0]))

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=frame([1.0, 2.0, 3.0])), name="a")
    later = frame([10.0, 20.0, 30.0]).iloc[[0, 2]]
    later.index = later.index + pd.Timedelta(days=1)
    cerebro.adddata(bt.feeds.PandasData(dataname=later), name="b")
    cerebro.addstrategy(Look)
    cerebro.run()
    assert seen == [("prenext", 1, 0), (2, 2.0, 10.0), (3, 3.0, 10.0), (4, 3.0, 30.0)]
    assert list(cerebro.datasbyname) == ["a", "b"]
