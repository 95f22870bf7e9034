"""As-of alignment: never before it was known, always the latest known, in every form of input."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.core.alignment import align, blackout
from fillproof.core.bars import Bars
from fillproof.core.errors import DataError
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 86_400_000_000_000
NAN = float("nan")


def bars(length: int = 5, assets: tuple[str, ...] = ("A", "B"), times=None) -> Bars:
    when = np.arange(length) * DAY if times is None else np.asarray(times, dtype=np.int64)
    flat = np.ones((len(when), len(assets)))
    return Bars.from_arrays(when, flat, flat, flat, flat, assets=assets)


def same(got, want) -> None:
    np.testing.assert_array_equal(got, np.asarray(want, dtype=float))


class TestOneSeries:
    def test_in_force_from_the_first_bar_at_or_after(self):
        same(align(bars(), [DAY, DAY + 1, 3 * DAY], [1.0, 2, 3]), [NAN, 1, 2, 3, 3])

    def test_latency(self):
        same(align(bars(), [DAY], [1.0], latency=1), [NAN, NAN, 1, 1, 1])
        same(align(bars(), [DAY], [1.0], latency="1d"), [NAN, NAN, 1, 1, 1])
        same(align(bars(), [DAY], [1.0], latency=dt.timedelta(days=9)), [NAN] * 5)
        same(align(bars(), [DAY], [1.0], latency=2**80), [NAN] * 5)

    def test_embargo_is_quiet_after_each_release(self):
        got = align(bars(7), [0, 3 * DAY], [1.0, 2], latency="1d", embargo="2d")
        same(got, [NAN, NAN, NAN, 1, NAN, NAN, 2])

    def test_too_old(self):
        same(align(bars(), [DAY], [1.0], max_age="1d"), [NAN, 1, 1, NAN, NAN])
        same(align(bars(), [DAY], [1.0], max_age=0), [NAN, 1, NAN, NAN, NAN])
        same(align(bars(), [DAY], [1.0], max_age="1d", latency="2d"), [NAN] * 5)

    def test_the_last_of_equal_stamps_wins(self):
        same(align(bars(3), [DAY, 0, DAY], [2.0, 1, 3]), [1, 3, 3])

    def test_nan_is_skipped_or_ends_the_value(self):
        times, values = [0, DAY, 3 * DAY], [1.0, NAN, 2]
        same(align(bars(), times, values), [1, 1, 1, 2, 2])
        same(align(bars(), times, values, nan="propagate"), [1, NAN, NAN, 2, 2])
        same(align(bars(2), [0, 0], [1.0, NAN]), [1, 1])
        same(align(bars(2), [0, 0], [1.0, NAN], nan="propagate"), [NAN, NAN])

    def test_stamps_at_the_opening_of_a_period(self):
        # Each value describes what follows its stamp: it is known when its period is over.
        times, values = [0, 2 * DAY, 4 * DAY], [1.0, 2, 3]
        same(align(bars(6), times, values, label="open"), [NAN, NAN, 1, 1, 2, 2])
        same(align(bars(6), times, values, label="open", period="1d"), [NAN, 1, 1, 2, 2, 3])
        same(align(bars(6), times, values, label="open", period="2d"), [NAN, NAN, 1, 1, 2, 2])
        twice = align(bars(6), [0, 0, 2 * DAY], [1.0, 5, 2], label="open")
        same(twice, [NAN, NAN, 5, 5, 5, 5])

    def test_weekly_values_with_left_labels_do_not_tell_the_week_before_it_is_over(self):
        days = bars(15)
        close = np.arange(15.0)
        weeks = pl.DataFrame({"time": days.datetimes, "close": close})
        weeks = weeks.group_by_dynamic("time", every="7d", start_by="datapoint").agg(
            value=pl.col("close").last()
        )
        naive = align(days, weeks)
        assert (naive > close)[:6].all(), "left labels do look ahead"
        got = align(days, weeks, label="open")
        assert not (got > close).any()
        same(got[[6, 7, 13, 14]], [NAN, 6, 6, 13])

    def test_nothing(self):
        same(align(bars(2), np.array([], dtype=np.int64), []), [NAN, NAN])
        got = align(bars(2), np.array([], dtype=np.int64), np.empty((0, 2)))
        same(got, [[NAN, NAN]] * 2)


LONG = {
    "time": np.array(["1970-01-02", "1970-01-03", "1970-01-03"], dtype="datetime64[ns]"),
    "asset": ["B", "A", "B"],
    "value": [1.0, 2.0, 3.0],
}
WANT = [[NAN, NAN], [NAN, 1], [2, 3], [2, 3], [2, 3]]
WIDE = {"time": LONG["time"][:2], "B": [1.0, 3.0], "A": [NAN, 2.0]}


class TestForms:
    def test_a_row_for_each_asset(self):
        same(align(bars(), LONG["time"], LONG["value"], assets=LONG["asset"]), WANT)

    def test_a_column_for_each_asset(self):
        values = np.stack([WIDE["B"], WIDE["A"]], axis=1)
        same(align(bars(), WIDE["time"], values, assets=["B", "A"]), WANT)
        same(align(bars(), WIDE["time"], values[:, ::-1]), WANT)
        same(align(bars(), WIDE["time"], values[:, :1], assets=["B"])[:, 0], [NAN] * 5)

    @pytest.mark.parametrize(
        "table",
        [
            pl.DataFrame(LONG),
            pl.DataFrame(LONG).lazy(),
            pl.DataFrame(LONG).to_arrow(),
            pd.DataFrame(LONG),
            pd.DataFrame(LONG).set_index(["time", "asset"]),
            pd.DataFrame(LONG).set_index("time").rename(columns={"asset": "Ticker"}),
            pd.DataFrame(LONG).set_index(["time", "asset"])["value"],
            pl.DataFrame(LONG).rename({"value": "eps"}),
            pl.DataFrame(LONG).with_columns(pl.col("time").cast(pl.String)),
            pl.DataFrame(LONG).with_columns(pl.col("time").dt.replace_time_zone("UTC")),
            pl.DataFrame(WIDE),
            pd.DataFrame(WIDE),
            pd.DataFrame(WIDE).set_index("time"),
            pl.DataFrame(WIDE).to_arrow(),
        ],
    )
    def test_tables(self, table):
        same(align(bars(), table), WANT)

    def test_named_columns(self):
        table = pl.DataFrame(LONG).rename({"time": "published", "asset": "who", "value": "eps"})
        table = table.with_columns(other=pl.lit(5.0))
        columns = {"time": "published", "symbol": "who", "value": "eps"}
        same(align(bars(), table, columns=columns), WANT)
        wide = pl.DataFrame(WIDE).rename({"time": "published"})
        same(align(bars(), wide, columns={"time": "published"}), WANT)

    def test_a_single_series(self):
        index = pd.DatetimeIndex(["1970-01-02", "1970-01-04"])
        want = [NAN, 1, 1, 2, 2]
        same(align(bars(), pd.Series([1.0, 2.0], index=index)), want)
        same(align(bars(), pd.DataFrame({"rate": [1.0, 2.0]}, index=index)), want)
        same(align(bars(), pl.DataFrame({"date": index.to_numpy(), "x": [1.0, 2.0]})), want)

    def test_times_in_a_zone(self):
        table = pl.DataFrame({"time": ["1970-01-02T00:00", "1970-01-03T00:00"], "x": [1.0, 2.0]})
        got = align(bars(), table, time_zone="America/New_York")
        same(got, [NAN, NAN, 1, 2, 2])


class TestErrors:
    def test_unknown_assets_are_named(self):
        with pytest.raises(DataError, match=r"row 2, asset C: .*they have A, B.*unknown='ignore'"):
            align(bars(), [0, 0], [1.0, 2.0], assets=["A", "C"])
        same(align(bars(1), [0, 0], [1.0, 2.0], assets=["A", "C"], unknown="ignore"), [[1, NAN]])
        with pytest.raises(DataError, match="asset C"):
            align(bars(), pl.DataFrame({"time": [0], "A": [1.0], "C": [1.0]}))
        wide = pl.DataFrame({"time": [0], "A": [1.0], "C": ["text"]})
        same(align(bars(1), wide, unknown="ignore"), [[1, NAN]])

    def test_missing_stamps(self):
        stamps = np.array(["1970-01-01", "NaT"], dtype="datetime64[D]")
        with pytest.raises(DataError, match=r"row 2: the row has no time.*published"):
            align(bars(), stamps, [1.0, 2.0])

    def test_missing_and_unreadable_columns(self):
        with pytest.raises(DataError, match=r"column 'value'.*there is no column"):
            align(bars(), pl.DataFrame({"time": [0], "symbol": ["A"], "x": [1.0], "y": [2.0]}))
        with pytest.raises(DataError, match=r"row 1, column 'x'.*not a number"):
            align(bars(), pl.DataFrame({"time": ["1970-01-01"], "x": ["much"]}))
        with pytest.raises(DataError, match=r"column 'values'.*not numbers"):
            align(bars(), [0], ["much"])

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"latency": -1}, "latency=-1"),
            ({"embargo": "soon"}, "embargo='soon'"),
            ({"max_age": -1}, "max_age=-1"),
            ({"label": "left"}, "label='left': choose one of 'close', 'open'"),
            ({"nan": "keep"}, "nan='keep'"),
            ({"unknown": "drop"}, "unknown='drop'"),
            ({"period": 1}, "period goes with label='open'"),
            ({"columns": {}}, "columns of a table"),
            ({"assets": "A"}, "leave assets out"),
            ({"assets": ["A", "B"]}, "each of the 1 rows"),
        ],
    )
    def test_options(self, options, words):
        with pytest.raises(ValueError, match=words):
            align(bars(), [0], [1.0], **options)

    def test_shapes(self):
        with pytest.raises(ValueError, match=r"\(2,\) times do not go with .*\(1,\)"):
            align(bars(), [0, 1], [1.0])
        with pytest.raises(ValueError, match="values are missing"):
            align(bars(), [0])
        with pytest.raises(ValueError, match="2 asset names for 1 columns"):
            align(bars(), [0], [[1.0]])
        with pytest.raises(ValueError, match="stands twice"):
            align(bars(), [0], [[1.0, 2.0]], assets=["A", "A"])
        with pytest.raises(ValueError, match="pass it alone"):
            align(bars(), pl.DataFrame(LONG), [1.0])


def slow(times, rows, latency, embargo, max_age, label, period, nan):
    """One asset, by the words of the docstring: rows are (stamp, value) in the source's order."""
    out = []
    for b in times:
        best = None
        for k, (stamp, value) in enumerate(rows):
            if nan == "skip" and value != value:
                continue
            s = stamp
            if label == "open" and period is not None:
                s = stamp + period
            elif label == "open":
                after = [other for other, _ in rows if other > stamp]
                if not after:
                    continue
                s = min(after)
            if s + latency <= b and (best is None or (s, stamp, k) >= best[0]):
                best = ((s, stamp, k), value)
        if best is None:
            out.append(NAN)
            continue
        s, value = best[0][0], best[1]
        assert s + latency <= b
        quiet = b < s + latency + embargo
        old = max_age is not None and b - s > max_age
        out.append(NAN if quiet or old else value)
    return out


spans = st.integers(0, 12)


@given(
    st.sets(st.integers(0, 30), min_size=1, max_size=12),
    st.lists(
        st.tuples(
            st.integers(-5, 35),
            st.sampled_from("ABC"),
            st.one_of(st.just(NAN), st.integers(0, 99).map(float)),
        ),
        max_size=20,
    ),
    spans,
    spans,
    st.none() | spans,
    st.sampled_from(["close", "open"]),
    st.none() | spans,
    st.sampled_from(["skip", "propagate"]),
)
@settings(deadline=None, max_examples=300)
def test_what_is_used_was_known_and_is_the_latest(
    bar_times, rows, latency, embargo, max_age, label, period, nan
):
    period = period if label == "open" else None
    data = bars(times=sorted(bar_times), assets=("A", "B", "C"))
    options = {
        "latency": latency,
        "embargo": embargo,
        "max_age": max_age,
        "label": label,
        "period": period,
        "nan": nan,
    }
    stamps = np.array([row[0] for row in rows], dtype=np.int64)
    got = align(data, stamps, [row[2] for row in rows], assets=[r[1] for r in rows], **options)
    for n, asset in enumerate("ABC"):
        mine = [(s, v) for s, a, v in rows if a == asset]
        same(got[:, n], slow(data.times.tolist(), mine, **options))
    # What is not known yet changes nothing: the rows of a later stamp may be anything.
    t = len(data) // 2
    known = stamps <= data.times[t]
    if label == "close":
        part = align(
            data,
            stamps[known],
            [r[2] for r, k in zip(rows, known, strict=True) if k],
            assets=[r[1] for r, k in zip(rows, known, strict=True) if k],
            **options,
        )
        same(part[: t + 1], got[: t + 1])


class TestBlackout:
    def test_both_ends_count(self):
        times = np.arange(10)
        got = blackout(times, [6, 2], before=1, after=2)
        assert got.tolist() == [0, 1, 1, 1, 1, 1, 1, 1, 1, 0]
        assert blackout(times, [5]).tolist() == [t == 5 for t in times]
        assert not blackout(times, np.array([], dtype=np.int64), 5, 5).any()

    def test_huge_spans_do_not_wrap_around(self):
        assert blackout([-(2**62), 2**62], [0], 2**70, 2**70).all()

    def test_an_event_without_a_time(self):
        with pytest.raises(DataError, match="an event has no time"):
            blackout([0], np.array(["NaT"], dtype="datetime64[ns]"))

    @given(
        st.lists(st.integers(-20, 20), max_size=10),
        st.lists(st.integers(-20, 20), max_size=5),
        spans,
        spans,
    )
    @settings(deadline=None)
    def test_against_a_loop(self, times, events, before, after):
        got = blackout(np.array(times, np.int64), np.array(events, np.int64), before, after)
        want = [any(e - before <= t <= e + after for e in events) for t in times]
        assert got.tolist() == want
