"""Ticks as bars, coarse bars from fine ones, and which fine rows belong to which coarse bar."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.core.bars import Bars
from fillproof.core.data import read_quotes, read_trades
from fillproof.core.errors import DataError
from fillproof.core.orders import Kind
from fillproof.core.simulation import Simulation
from fillproof.core.ticks import fine_rows, quotes_to_bars, resample, trades_to_bars
from fillproof.core.times import instant
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 86_400_000_000_000
MINUTE = 60_000_000_000
NAN = float("nan")


def same(got, want) -> None:
    np.testing.assert_array_equal(got, np.asarray(want, dtype=float))


class TestTrades:
    def test_a_trade_is_a_bar_of_one_price(self):
        bars = trades_to_bars([1, 5, 9], [10.0, 11.0, 10.5], [100, 200, 300], assets="X")
        assert bars.assets == ("X",)
        assert bars.times.tolist() == [1, 5, 9]
        for matrix in (bars.open, bars.high, bars.low, bars.close):
            same(matrix[:, 0], [10, 11, 10.5])
        same(bars.volume[:, 0], [100, 200, 300])

    def test_without_sizes_the_volume_is_not_known(self):
        assert np.isnan(trades_to_bars([1], [10.0]).volume).all()

    def test_several_assets_have_bars_only_when_they_trade(self):
        bars = trades_to_bars([1, 2, 2, 4], [10.0, 20, 11, 21], [1, 2, 3, 4], assets=list("ABAB"))
        assert bars.times.tolist() == [1, 2, 4]
        same(bars.close, [[10, NAN], [11, 20], [NAN, 21]])
        same(bars.volume, [[1, NAN], [3, 2], [NAN, 4]])

    def test_trades_at_one_time_are_merged(self):
        bars = trades_to_bars([1, 2, 2, 2, 3], [9.0, 11, 13, 12, 9], [1, 2, 3, 4, 5])
        assert bars.times.tolist() == [1, 2, 3]
        same(bars.values[:, 0, 1], [11, 13, 11, 12, 9])

    def test_or_stepped_each_after_the_one_before(self):
        times, prices = [1, 2, 2, 2, 3, 9], [9.0, 11, 13, 12, 8, 7]
        bars = trades_to_bars(times, prices, same_time="step")
        assert bars.times.tolist() == [1, 2, 3, 4, 5, 9]
        same(bars.close[:, 0], prices)
        each = trades_to_bars([2, 2, 2], [1.0, 2, 3], assets=list("ABA"), same_time="step")
        same(each.close, [[1, 2], [3, NAN]])
        assert each.times.tolist() == [2, 3]
        with pytest.raises(ValueError, match="same_time='keep': choose one of 'merge', 'step'"):
            trades_to_bars([1, 1], [1.0, 1.0], same_time="keep")  # type: ignore[arg-type]

    @pytest.mark.parametrize("kind", ["polars", "lazy", "arrow", "pandas", "index"])
    def test_tables(self, kind):
        table = pl.DataFrame(
            {
                "Timestamp": ["2024-01-02T09:30:00.000000001", "2024-01-02T09:30:01"],
                "Symbol": ["A", "B"],
                "Price": [10.0, 20.0],
                "Size": [5, 6],
                "venue": ["x", "y"],
            }
        )
        if kind == "lazy":
            table = table.lazy()
        elif kind == "arrow":
            table = table.to_arrow()
        elif kind in ("pandas", "index"):
            table = table.to_pandas()
            if kind == "index":
                table = table.assign(Timestamp=pd.to_datetime(table["Timestamp"], format="ISO8601"))
                table = table.set_index("Timestamp")
        bars = trades_to_bars(table)
        first = instant("2024-01-02T09:30:00") + 1
        assert bars.times.tolist() == [first, first + 999_999_999]
        assert bars.assets == ("A", "B")
        same(bars.close, [[10, NAN], [NAN, 20]])
        same(bars.volume, [[5, NAN], [NAN, 6]])
        assert bars.extra == {}

    def test_named_columns(self):
        table = pl.DataFrame({"t": [1, 2], "px": [3.0, 4.0]})
        bars = trades_to_bars(table, columns={"time": "t", "price": "px"}, time_unit="ns")
        same(bars.close[:, 0], [3, 4])
        with pytest.raises(DataError, match=r"column 'price'.*no column.*columns=\{'price'"):
            trades_to_bars(table, columns={"time": "t"})

    def test_rows_without_a_price_are_no_trades(self):
        bars = trades_to_bars([1, 1, 2, 3], [NAN, 5.0, NAN, 6.0], [1, 2, 3, 4])
        same(bars.values[:, 0].T, [[5] * 4 + [2], [6] * 4 + [4]])

    def test_errors_say_which_row(self):
        with pytest.raises(DataError, match=r"row 3.*asset B.*earlier.*unsorted_times"):
            trades_to_bars([1, 5, 4], [1.0, 1, 1], assets=["A", "B", "B"])
        with pytest.raises(DataError, match=r"row 2, column 'price'.*negative_price"):
            trades_to_bars([1, 2], [1.0, -1])
        with pytest.raises(DataError, match=r"row 2, column 'Qty'.*negative_volume"):
            trades_to_bars(pl.DataFrame({"time": [1, 1], "price": [1.0, 1.0], "Qty": [1, -1]}))
        with pytest.raises(DataError, match=r"row 2.*no time"):
            trades_to_bars(np.array(["2024-01-01", "NaT"], "datetime64[ns]"), [1.0, 1])
        with pytest.raises(DataError, match=r"column 'size'.*shape \(1,\).*2 times"):
            trades_to_bars([1, 2], [1.0, 1], [1])
        with pytest.raises(DataError, match="there are no ticks"):
            trades_to_bars(np.array([], np.int64), [])
        with pytest.raises(ValueError, match="price is missing"):
            trades_to_bars([1])
        with pytest.raises(ValueError, match="1 asset names for 2 ticks"):
            trades_to_bars([1, 2], [1.0, 1], assets=["A"])

    def test_policies(self):
        bars = trades_to_bars([5, 4, 4], [1.0, 2, 3], policy={"unsorted_times": "sort"})
        assert bars.times.tolist() == [4, 5]
        same(bars.values[:4, 0, 0], [2, 3, 2, 3])
        assert {r.check for r in bars.repairs} == {"unsorted_times"}
        bars = trades_to_bars([1, 2], [-1.0, 1], policy={"negative_price": "drop"})
        assert len(bars) == 1
        assert [(r.row, r.action) for r in bars.repairs] == [(1, "drop")]


class TestQuotes:
    def test_the_price_is_the_mid(self):
        bars = quotes_to_bars([1, 2], [10.0, 10.5], [11.0, 11.5], [100, 200], [300, 400])
        for f in range(4):
            same(bars.values[f, 0], [10.5, 11])
        assert np.isnan(bars.volume).all()
        assert set(bars.extra) == {"bid", "ask", "bid_size", "ask_size"}
        same(bars.extra["bid"][:, 0], [10, 10.5])
        same(bars.extra["ask_size"][:, 0], [300, 400])

    def test_several_assets(self):
        table = pl.DataFrame(
            {"time": [1, 2], "ticker": ["A", "B"], "Bid Price": [1.0, 2.0], "Ask Price": [3.0, 4.0]}
        )
        bars = quotes_to_bars(table, time_unit="ns")
        same(bars.close, [[2, NAN], [NAN, 3]])
        same(bars.extra["bid"], [[1, NAN], [NAN, 2]])
        assert set(bars.extra) == {"bid", "ask"}

    def test_quotes_at_one_time(self):
        bars = quotes_to_bars([1, 1, 1], [10.0, 14, 12], [12.0, 16, 14])
        same(bars.values[:4, 0, 0], [11, 15, 11, 13])
        assert (bars.extra["bid"][0, 0], bars.extra["ask"][0, 0]) == (12, 14)
        bars = quotes_to_bars([1, 1, 1], [10.0, 14, 12], [12.0, 16, 14], same_time="step")
        same(bars.close[:, 0], [11, 15, 13])

    def test_what_is_no_quote(self):
        assert len(quotes_to_bars([1, 2], [1.0, NAN], [2.0, NAN])) == 1
        with pytest.raises(DataError, match=r"row 2.*only one.*one_sided_quote.*'drop'"):
            quotes_to_bars([1, 2], [1.0, NAN], [2.0, 2.0])
        with pytest.raises(DataError, match=r"row 2, column 'bid'.*above the ask.*crossed_quote"):
            quotes_to_bars([1, 2], [1.0, 3.0], [2.0, 2.0])
        drop = {"one_sided_quote": "drop", "crossed_quote": "drop"}
        bars = quotes_to_bars([1, 2, 3], [1.0, 3.0, NAN], [2.0, 2.0, 1.0], policy=drop)
        assert [(r.check, r.row) for r in bars.repairs] == [
            ("one_sided_quote", 3),
            ("crossed_quote", 2),
        ]
        assert bars.times.tolist() == [1]
        bars = quotes_to_bars([1], [3.0], [2.0], policy={"crossed_quote": "allow"})
        assert bars.close[0, 0] == 2.5
        with pytest.raises(DataError, match="mid of bid and ask"):
            quotes_to_bars([1], [-3.0], [-2.0])


class TestFineRows:
    def test_left_and_right(self):
        fine = np.arange(10)
        assert fine_rows([2, 5], fine, "left").tolist() == [2, 5, 10]
        assert fine_rows([2, 5], fine, "left", period=3).tolist() == [2, 5, 8]
        assert fine_rows([2, 5], fine, "right").tolist() == [0, 2, 5]
        assert fine_rows([2, 5], fine, "right", fine_label="right").tolist() == [0, 3, 6]
        assert fine_rows([2, 5], fine, "right", period=1).tolist() == [1, 2, 5]
        assert fine_rows([2, 5], fine, "left", fine_label="right").tolist() == [3, 6, 10]
        assert fine_rows([2, 5], fine).dtype == np.int64

    def test_bars_without_rows(self):
        assert fine_rows([1, 2, 9], [5, 6], "left").tolist() == [0, 0, 2, 2]
        assert fine_rows([1, 2], np.array([], np.int64)).tolist() == [0, 0, 0]
        assert fine_rows(np.array([], np.int64), [1]).tolist() == [0]

    def test_daily_bars_and_their_minutes(self):
        days = np.array(["2024-01-05", "2024-01-08"], dtype="datetime64[D]")
        minutes = [f"2024-01-0{d}T{h}:00" for d in (5, 8) for h in (15, 16, 17)]
        assert fine_rows(days, minutes, "left").tolist() == [0, 3, 6]

    def test_errors(self):
        with pytest.raises(ValueError, match="label='start': choose 'left'"):
            fine_rows([1], [1], "start")  # type: ignore[arg-type]
        with pytest.raises(DataError, match=r"row 2.*fine_times must be sorted"):
            fine_rows([1], [2, 1])

    @given(
        st.sets(st.integers(0, 40), max_size=8),
        st.lists(st.integers(0, 40), max_size=20),
        st.sampled_from(["left", "right"]),
        st.sampled_from(["left", "right"]),
        st.none() | st.integers(0, 10),
    )
    @settings(deadline=None)
    def test_each_row_lies_within_its_bar(self, coarse, fine, label, fine_label, period):
        times, rows = sorted(coarse), sorted(fine)
        index = fine_rows(np.array(times, np.int64), np.array(rows, np.int64), label, fine_label,
                          period)  # fmt: skip
        assert len(index) == len(times) + 1
        assert (np.diff(index) >= 0).all()
        for t, time in enumerate(times):
            begin = time if label == "left" else (times[t - 1] if t else -(10**9))
            end = time if label == "right" else (times[t + 1] if t + 1 < len(times) else 10**9)
            if period is not None and label == "left" and t == len(times) - 1:
                end = time + period
            if period is not None and label == "right" and t == 0:
                begin = time - period
            inside = [
                k
                for k, row in enumerate(rows)
                if (begin <= row < end if fine_label == "left" else begin < row <= end)
            ]
            assert inside == list(range(index[t], index[t + 1]))


def minutes(count: int, start: str = "2024-01-02T09:30", width: int = 1) -> Bars:
    """One-minute bars whose every number is different."""
    rng = np.random.default_rng(count)
    low = rng.uniform(10, 20, (count, width))
    high = low + rng.uniform(1, 2, (count, width))
    open_, close = rng.uniform(low, high), rng.uniform(low, high)
    volume = rng.integers(1, 100, (count, width)).astype(float)
    times = instant(start) + np.arange(count) * MINUTE
    return Bars.from_arrays(times, open_, high, low, close, volume)


class TestResample:
    def test_five_minutes(self):
        fine = minutes(12)
        bars, index = resample(fine, "5m")
        assert index.tolist() == [0, 5, 10, 12]
        assert [str(t)[11:16] for t in bars.datetimes] == ["09:35", "09:40", "09:45"]
        same(bars.open[:, 0], fine.open[[0, 5, 10], 0])
        same(bars.close[:, 0], fine.close[[4, 9, 11], 0])
        same(bars.high[:, 0], [fine.high[a:b].max() for a, b in ((0, 5), (5, 10), (10, 12))])
        same(bars.low[:, 0], [fine.low[a:b].min() for a, b in ((0, 5), (5, 10), (10, 12))])
        same(bars.volume[:, 0], [fine.volume[a:b].sum() for a, b in ((0, 5), (5, 10), (10, 12))])
        left = resample(fine, dt.timedelta(minutes=5), label="left")
        assert (bars.times - left.bars.times == 5 * MINUTE).all()
        same(left.bars.values, bars.values)
        same(fine_rows(bars.times, fine.times), index)
        same(fine_rows(left.bars.times, fine.times, "left"), index)
        assert len(resample(fine, "5m", partial=False).bars) == 2

    def test_fine_bars_stamped_with_their_end(self):
        _, index = resample(minutes(11), "5m", fine_label="right")
        assert index.tolist() == [0, 1, 6, 11]
        bars, index = resample(minutes(12), "5m", offset="2m")
        assert index.tolist() == [0, 2, 7, 12]
        assert str(bars.datetimes[0])[11:16] == "09:32"

    def test_gaps_make_no_bars(self):
        fine = Bars.from_arrays([0, MINUTE, 10**6 * DAY // 100], *[np.ones(3)] * 4)
        bars, index = resample(fine, "1s")
        assert index.tolist() == [0, 1, 2, 3]
        assert len(bars) == 3

    def test_calendar_days_in_a_zone(self):
        fine = minutes(3 * 24 * 60, "2024-03-09T05:00")  # summer time begins on the 10th
        bars, index = resample(fine, "1d", time_zone="America/New_York", label="left")
        assert [str(t)[:16] for t in bars.datetimes] == [
            "2024-03-09T05:00",
            "2024-03-10T05:00",
            "2024-03-11T04:00",
            "2024-03-12T04:00",
        ]
        assert np.diff(index).tolist() == [24 * 60, 23 * 60, 24 * 60, 60]
        assert np.diff(resample(fine, "1d").index).tolist() == [1140, 1440, 1440, 300]

    def test_weeks_months_and_years(self):
        times = np.arange("2023-12-28", "2024-02-03", dtype="datetime64[D]")
        fine = Bars.from_arrays(times, *[np.arange(1.0, len(times) + 1)] * 4)
        weeks = resample(fine, "1w", label="left").bars
        assert all((d.astype("datetime64[D]").astype(int) + 3) % 7 == 0 for d in weeks.datetimes)
        months = resample(fine, "1mo", label="left").bars
        assert [str(t)[:10] for t in months.datetimes] == ["2023-12-01", "2024-01-01", "2024-02-01"]
        same(months.close[:, 0], [4, 35, 37])
        years = resample(fine, "1y", label="right").bars
        assert [str(t)[:10] for t in years.datetimes] == ["2024-01-01", "2025-01-01"]

    def test_sessions(self):
        fine = minutes(600)
        opens = ["2024-01-02T10:00", "2024-01-02T11:00", "2024-01-02T12:00"]
        bars, index = resample(fine, opens, label="left")
        assert index.tolist() == [30, 90, 150]
        assert len(bars) == 2
        assert len(resample(fine, opens, partial=False).bars) == 2
        with pytest.raises(ValueError, match="borders of bars"):
            resample(fine, opens[::-1])

    def test_assets_with_and_without_bars(self):
        fine = trades_to_bars(
            [1, 2, 3, 11, 12], [5.0, 6, 50, 7, 8], [1, 2, 3, 4, 5], assets=list("AABAA")
        )
        bars, _ = resample(fine, 10)
        same(bars.close, [[6, 50], [8, NAN]])
        same(bars.open, [[5, 50], [7, NAN]])
        same(bars.volume, [[3, 3], [9, NAN]])

    def test_extra(self):
        quotes = quotes_to_bars([1, 2, 3, 14], [1.0, 2, 3, 4], [5.0, 6, 7, 8])
        quotes = quotes.with_extra("x", [1.0, NAN, 4, NAN])
        for rule, want in {
            "last": 4,
            "first": 1,
            "sum": 5,
            "mean": 2.5,
            "max": 4,
            "min": 1,
        }.items():
            bars, _ = resample(quotes, 10, extra={"x": rule})
            same(bars.extra["x"][:, 0], [want, NAN])
            same(bars.extra["bid"][:, 0], [3, 4])
        with pytest.raises(ValueError, match=r"'x': 'median'"):
            resample(quotes, 10, extra={"x": "median"})
        with pytest.raises(ValueError, match="the bars have bid, ask"):
            resample(quotes, 10, extra={"y": "sum"})

    def test_by_ticks_volume_and_value(self):
        fine = trades_to_bars([1, 2, 3, 4, 5], [1.0, 2, 3, 4, 5], [10, 1, 1, 30, 1])
        bars, index = resample(fine, 2, by="ticks")
        assert index.tolist() == [0, 2, 4, 5]
        assert bars.times.tolist() == [2, 4, 5]
        assert resample(fine, 2, by="ticks", label="left").bars.times.tolist() == [1, 3, 5]
        assert resample(fine, 2, by="ticks", partial=False).index.tolist() == [0, 2, 4]
        assert resample(fine, 10, by="volume").index.tolist() == [0, 1, 4, 5]
        assert resample(fine, 10, by="value").index.tolist() == [0, 1, 4, 5]
        assert resample(fine, 1000, by="volume", partial=False).index.tolist() == [0]
        assert len(resample(fine, 1000, by="volume", partial=False).bars) == 0
        assert resample(fine, 5, by="ticks", partial=False).index.tolist() == [0, 5]

    def test_several_assets_count_by_one(self):
        fine = trades_to_bars([1, 2, 3, 4], [1.0, 2, 3, 4], [1, 1, 1, 1], assets=list("ABBA"))
        with pytest.raises(ValueError, match="clock='A'"):
            resample(fine, 1, by="ticks")
        assert resample(fine, 1, by="ticks", clock="B").index.tolist() == [0, 2, 3, 4]

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ({"every": 0}, "must have a length"),
            ({"every": "0mo"}, "must have a length"),
            ({"every": "often"}, "every='often'"),
            ({"every": 5, "by": "dollar"}, "by='dollar'"),
            ({"every": -1, "by": "ticks"}, "positive number"),
            ({"every": 5, "clock": "A"}, "clock goes with"),
            ({"every": 5, "label": "end"}, "label='end'"),
        ],
    )
    def test_errors(self, arguments, words):
        with pytest.raises(ValueError, match=words):
            resample(minutes(3), **arguments)

    def test_unknown_volumes(self):
        with pytest.raises(DataError, match="bars by volume need volumes"):
            resample(trades_to_bars([1], [1.0]), 5, by="volume")


ticks = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from("AB"), st.integers(1, 9), st.integers(0, 5)),
    min_size=1,
    max_size=25,
)


@given(ticks, st.integers(1, 15), st.integers(0, 9), st.sampled_from(["left", "right"]))
@settings(deadline=None)
def test_coarse_bars_are_their_ticks(rows, every, offset, fine_label):
    rows = sorted(rows, key=lambda row: row[0])
    fine = trades_to_bars(
        [r[0] for r in rows],
        [r[2] for r in rows],
        [r[3] for r in rows],
        assets=[r[1] for r in rows],
    )
    bars, index = resample(fine, every, offset=offset, fine_label=fine_label)
    assert (index[0], index[-1]) == (0, len(fine))
    for t, end in enumerate(bars.times.tolist()):
        assert (end - offset) % every == 0
        begin = end - every
        for n, asset in enumerate(bars.assets):
            mine = [
                (p, s)
                for when, who, p, s in rows
                if who == asset
                and (begin <= when < end if fine_label == "left" else begin < when <= end)
            ]
            prices = [p for p, _ in mine]
            want = [NAN] * 5
            if mine:
                want = [prices[0], max(prices), min(prices), prices[-1], sum(s for _, s in mine)]
            same(bars.values[:, n, t], want)
        inside = fine.times[index[t] : index[t + 1]]
        assert ((begin <= inside) & (inside <= end)).all()


@given(
    st.lists(st.one_of(st.just(NAN), st.integers(0, 9).map(float)), min_size=1, max_size=30),
    st.integers(1, 20),
)
@settings(deadline=None)
def test_volume_bars_against_a_loop(sizes, every):
    fine = trades_to_bars(np.arange(len(sizes)), np.ones(len(sizes)), sizes)
    if np.isnan(sizes).all():
        return
    want, total = [0], 0.0
    for k, size in enumerate(sizes):
        total += 0 if size != size else size
        if total >= every:
            want.append(k + 1)
            total = 0.0
    if want[-1] != len(sizes):
        want.append(len(sizes))
    assert resample(fine, every, by="volume").index.tolist() == want


class TestFiles:
    def test_trades(self, tmp_path):
        file = tmp_path / "ACME.csv"
        file.write_text(
            "time,price,size\n2024-01-02T09:30:00.5,10.5,3\n\n2024-01-02T09:30:01,11,4\n"
        )
        bars = read_trades(file)
        assert bars.assets == ("ACME",)
        same(bars.values[3:, 0].T, [[10.5, 3], [11, 4]])
        pl.read_csv(file).drop_nulls().write_parquet(tmp_path / "ACME.parquet")
        same(read_trades(tmp_path / "ACME.parquet").values, bars.values)

    def test_quotes_of_several_files(self, tmp_path):
        for name, bid in (("A", 1.0), ("B", 2.0)):
            table = pl.DataFrame({"time": [f"2024-01-0{int(bid)}"], "bid": [bid], "offer": [3.0]})
            table.write_csv(tmp_path / f"{name}.csv")
        bars = read_quotes(str(tmp_path / "*.csv"))
        same(bars.close, [[2, NAN], [NAN, 2.5]])
        same(bars.extra["bid"], [[1, NAN], [NAN, 2]])
        with pytest.raises(ValueError, match="asset='C' names one asset, and there are 2 files"):
            read_quotes(str(tmp_path / "*.csv"), asset="C")

    def test_errors_name_file_line_and_column(self, tmp_path):
        file = tmp_path / "ACME.csv"
        file.write_text("time;symbol;last\n2024-01-02;A;10\n2024-01-03;A;-1\n")
        words = r"ACME.csv, row 2 \(line 3\), column 'last', asset A, 2024-01-03, value -1.0"
        with pytest.raises(DataError, match=words):
            read_trades(file, separator=";")
        with pytest.raises(DataError, match=r"pass separator=';'"):
            read_trades(file)
        file.write_text("time,price\n2024-01-02,much\n")
        with pytest.raises(DataError, match=r"ACME.csv, row 1 \(line 2\), column 'price'.*'much'"):
            read_trades(file)
        file.write_text("time,bid,ask\n2024-01-02,2,1\n")
        with pytest.raises(DataError, match=r"row 1 \(line 2\), column 'bid'.*crossed_quote"):
            read_quotes(file)
        file.write_text("time,bid,ask\n")
        with pytest.raises(DataError, match="no rows of data"):
            read_quotes(file)
        with pytest.raises(FileNotFoundError, match="no file"):
            read_quotes(tmp_path / "none.csv")


def test_importing_loads_nothing_heavy():
    code = "import fillproof.core.ticks, fillproof.core.alignment, fillproof.core.lookahead, sys; "
    code += "print([m for m in ('polars', 'pandas', 'pyarrow', 'numba') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


class TestEngine:
    """Ticks run through the engine like any other bars."""

    def run(self, bars: Bars, *orders) -> list[tuple[int, int, float, float]]:
        sim = Simulation(bars, cash=10_000.0)
        for t in range(len(bars)):
            sim.step(t)
            for at, asset, size, kind, prices in orders:
                if at == t:
                    sim.submit(asset, size, kind, **prices)
        fills = sim.fills
        names = ("order", "bar", "size", "price")
        return [tuple(float(fill[name]) for name in names) for fill in fills]

    def test_trades(self):
        bars = trades_to_bars([1, 2, 3, 4, 5], [10.0, 11, 10.5, 9.5, 12], [100] * 5)
        fills = self.run(
            bars,
            (0, 0, 5, Kind.MARKET, {}),
            (0, 0, 5, Kind.LIMIT, {"limit": 10.0}),
            (1, 0, -5, Kind.STOP, {"stop": 9.8}),
            (2, 0, 5, Kind.STOP, {"stop": 11.0}),
        )
        assert fills == [(0, 1, 5, 11), (1, 3, 5, 9.5), (2, 3, -5, 9.5), (3, 4, 5, 12)]

    def test_an_order_waits_for_a_tick_of_its_own_asset(self):
        bars = trades_to_bars([1, 2, 3, 4], [10.0, 20, 21, 11], [9] * 4, assets=list("ABBA"))
        assert self.run(bars, (0, 0, 5, Kind.MARKET, {})) == [(0, 3, 5, 11)]

    def test_quotes(self):
        bars = quotes_to_bars([1, 2, 3], [10.0, 11, 12], [10.5, 11.5, 12.5])
        assert self.run(bars, (0, 0, 5, Kind.MARKET, {})) == [(0, 1, 5, 11.5)]

    def test_coarse_bars_of_ticks_fill_as_bars(self):
        ticks = trades_to_bars([1, 5, 11, 15, 21], [10.0, 11, 12, 9, 10], [1] * 5)
        bars, _ = resample(ticks, 10)
        assert self.run(bars, (0, 0, 5, Kind.LIMIT, {"limit": 9.5})) == [(0, 1, 5, 9.5)]
