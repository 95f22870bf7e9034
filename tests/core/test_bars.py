"""`Bars`: memory layout, alignment, views, as-of joins, and the checks on arrays."""

from __future__ import annotations

import datetime as dt
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from fillproof.core.bars import FIELDS, Bars, Repair
from fillproof.core.checks import ACTIONS, all_good
from fillproof.core.errors import DataError, FillproofError
from fillproof.core.times import duration, later
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = 86_400_000_000_000
NAN = float("nan")


def bars(width: int = 2, length: int = 5, **changes) -> Bars:
    """Valid bars around 10 whose values differ between fields, times and assets."""
    close = 10.0 + np.arange(length)[:, None] * 0.5 + np.arange(width) * 100
    columns = {
        "open": close - 0.25,
        "high": close + 1,
        "low": close - 1,
        "close": close,
        "volume": close * 10,
    } | changes
    return Bars.from_arrays(np.arange(length) * DAY, **columns)


class TestLayout:
    def test_each_history_of_one_asset_is_contiguous(self):
        data = bars(3, 7)
        assert data.values.shape == (5, 3, 7)
        assert data.values.flags.c_contiguous
        for f, name in enumerate(FIELDS):
            matrix = getattr(data, name)
            assert matrix.shape == (7, 3)
            assert matrix.dtype == np.float64
            assert matrix.flags.f_contiguous
            assert np.shares_memory(matrix, data.values)
            np.testing.assert_array_equal(matrix, data.values[f].T)
        assert data.times.dtype == np.int64

    def test_one_dimension_is_one_asset(self):
        data = Bars.from_arrays([0, DAY], [1.0, 2], [2.0, 3], [1.0, 2], [1.5, 2.5])
        assert data.assets == ("asset",)
        assert data.close.shape == (2, 1)
        assert np.isnan(data.volume).all()
        assert len(data) == 2

    def test_names(self):
        column = np.ones((2, 2))
        data = Bars.from_arrays([0, 1], column, column, column, column, assets=["A", "B"])
        assert data.index("B") == 1
        assert data.select(["B"]).assets == ("B",)
        with pytest.raises(KeyError, match=r"no asset 'C'.*A, B"):
            data.index("C")
        with pytest.raises(ValueError, match="3 asset names for 2 columns"):
            Bars.from_arrays([0, 1], column, column, column, column, assets=list("ABC"))
        with pytest.raises(DataError, match="twice"):
            Bars.from_arrays([0, 1], column, column, column, column, assets=["A", "A"])

    def test_select_keeps_the_layout_and_the_numbers(self):
        data = bars(3).with_extra("signal", bars(3).close * 2)
        part = data.select(["asset2", "asset0"])
        assert part.values.flags.c_contiguous
        assert part.close.flags.f_contiguous
        np.testing.assert_array_equal(part.close, data.close[:, [2, 0]])
        np.testing.assert_array_equal(part.extra["signal"], data.close[:, [2, 0]] * 2)

    def test_shapes_that_do_not_go_together_name_the_column(self):
        with pytest.raises(DataError, match=r"column 'high'.*\[shape\]"):
            Bars.from_arrays([0, 1], [1.0, 1], [1.0], [1.0, 1], [1.0, 1])
        with pytest.raises(DataError, match=r"column 'low'.*not numbers"):
            Bars.from_arrays([0, 1], [1.0, 1], [1.0, 1], ["x", "y"], [1.0, 1])

    def test_the_plain_constructor_checks_its_arrays(self):
        data = bars()
        with pytest.raises(TypeError, match="times must be int64"):
            Bars(data.times.astype(float), data.assets, data.values)
        with pytest.raises(TypeError, match="values must be float64"):
            Bars(data.times, data.assets[:1], data.values)
        with pytest.raises(TypeError, match="extra"):
            Bars(data.times, data.assets, data.values, {"x": np.zeros((2, 5))})
        with pytest.raises(DataError, match="unsorted_times"):
            Bars(data.times[::-1].copy(), data.assets, data.values)

    def test_the_input_is_not_written_to(self):
        high = np.array([[2.0], [0.5]])
        given_high = high.copy()
        Bars.from_arrays(
            [0, 1],
            high * 0 + 1,
            high,
            high * 0 + 1,
            high * 0 + 1,
            policy={"high_below_low": "swap"},
        )
        np.testing.assert_array_equal(high, given_high)

    def test_importing_loads_nothing_heavy(self):
        code = "import fillproof.core.bars, sys; print([m for m in ('polars', 'pandas', 'pyarrow', "
        code += "'numba') if m in sys.modules])"
        out = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert out.stdout.strip() == "[]"

    def test_pickle(self):
        data = bars()
        again = pickle.loads(pickle.dumps(data))
        np.testing.assert_array_equal(again.values, data.values)
        assert again.assets == data.assets

    def test_repr_says_what_it_is(self):
        assert repr(bars()) == ("Bars(5 times, 2 assets: asset0, asset1; 1970-01-01 to 1970-01-05)")


class TestTimes:
    @pytest.mark.parametrize(
        "times",
        [
            [0, DAY],
            np.array(["1970-01-01", "1970-01-02"], dtype="datetime64[D]"),
            np.array(["1970-01-01", "1970-01-02"], dtype="datetime64[s]"),
            [dt.date(1970, 1, 1), dt.date(1970, 1, 2)],
            [dt.datetime(1970, 1, 1), dt.datetime(1970, 1, 2)],
            [dt.datetime(1970, 1, d, tzinfo=dt.UTC) for d in (1, 2)],
            ["1970-01-01", "1970-01-02T00:00:00"],
        ],
    )
    def test_forms(self, times):
        data = Bars.from_arrays(times, *[np.ones(2)] * 4)
        assert data.times.tolist() == [0, DAY]

    def test_a_zone_places_naive_times(self):
        times = np.array(["2024-01-02T09:30", "2024-07-02T09:30"], dtype="datetime64[m]")
        data = Bars.from_arrays(times, *[np.ones(2)] * 4, time_zone="America/New_York")
        expected = np.array(["2024-01-02T14:30", "2024-07-02T13:30"], dtype="datetime64[ns]")
        np.testing.assert_array_equal(data.datetimes, expected)

    def test_a_wall_clock_time_that_exists_twice_is_refused(self):
        times = np.array(["2024-11-03T00:30", "2024-11-03T01:30"], dtype="datetime64[m]")
        with pytest.raises(DataError, match=r"row 2.*twice or never.*\[ambiguous_time\]"):
            Bars.from_arrays(times, *[np.ones(2)] * 4, time_zone="America/New_York")

    def test_mixed_zones(self):
        times = [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2, tzinfo=dt.UTC)]
        with pytest.raises(DataError, match=r"row 2.*'UTC'.*'no zone'.*\[mixed_time_zones\]"):
            Bars.from_arrays(times, *[np.ones(2)] * 4)
        data = Bars.from_arrays(times, *[np.ones(2)] * 4, policy={"mixed_time_zones": "convert"})
        assert (np.diff(data.times) == DAY).all()

    def test_out_of_range_and_nonsense(self):
        with pytest.raises(DataError, match="1677 to 2262"):
            Bars.from_arrays(np.array(["1500-01-01"], dtype="datetime64[D]"), *[np.ones(1)] * 4)
        with pytest.raises(DataError, match=r"value 'noon'.*not a time"):
            Bars.from_arrays(["noon"], *[np.ones(1)] * 4)
        with pytest.raises(DataError, match="times are of type float64"):
            Bars.from_arrays([1.5], *[np.ones(1)] * 4)

    def test_empty(self):
        with pytest.raises(DataError, match=r"\[empty\]"):
            Bars.from_arrays([], [], [], [], [])

    def test_unsorted_and_duplicate_times(self):
        column = [np.array([1.0, 2, 3])] * 4
        with pytest.raises(DataError, match=r"row 3.*earlier.*\[unsorted_times\].*'sort'"):
            Bars.from_arrays([0, 2 * DAY, DAY], *column)
        with pytest.raises(DataError, match=r"row 3.*already that of row 2.*\[duplicate_times\]"):
            Bars.from_arrays([0, DAY, DAY], *column)
        data = Bars.from_arrays([0, 2 * DAY, DAY], *column, policy={"unsorted_times": "sort"})
        assert data.close[:, 0].tolist() == [1, 3, 2]
        assert data.values.flags.c_contiguous
        assert {(r.check, r.row) for r in data.repairs} == {
            ("unsorted_times", 2),
            ("unsorted_times", 3),
        }
        for action, kept in (("keep_first", 2.0), ("keep_last", 3.0)):
            data = Bars.from_arrays([0, DAY, DAY], *column, policy={"duplicate_times": action})
            assert data.close[:, 0].tolist() == [1, kept]
            assert [(r.check, r.action) for r in data.repairs] == [("duplicate_times", action)]

    def test_missing_time(self):
        times = np.array(["2024-01-01", "NaT"], dtype="datetime64[D]")
        with pytest.raises(DataError, match=r"row 2.*no time.*\[missing_time\]"):
            Bars.from_arrays(times, *[np.ones(2)] * 4)
        data = Bars.from_arrays(times, *[np.ones(2)] * 4, policy={"missing_time": "drop"})
        assert len(data) == 1


# Each check: where to put what, the words of the error, and what each action leaves behind.
DEFECTS = {
    "infinite_price": ("high", np.inf, "the price is infinite"),
    "negative_price": ("low", -1.0, "the price is negative"),
    "zero_price": ("open", 0.0, "the price is zero"),
    "incomplete_bar": ("open", NAN, "part of the bar is missing"),
    "high_below_low": ("high", 1.0, r"high 1.0 is below low 109.5"),
    "open_outside_range": ("open", 112.0, r"open 112.0 is outside low 109.5 to high 111.5"),
    "close_outside_range": ("close", 109.0, r"close 109.0 is outside low 109.5 to high 111.5"),
    "negative_volume": ("volume", -5.0, "the volume is negative"),
}


def defective(check: str, policy=None) -> Bars:
    column, value, _ = DEFECTS[check]
    matrix = getattr(bars(), column).copy()
    matrix[1, 1] = value
    return bars(**{column: matrix, "policy": policy, "assets": ["A", "B"]})


class TestChecks:
    @pytest.mark.parametrize("check", DEFECTS)
    def test_a_defect_raises_and_says_where(self, check):
        column, value, words = DEFECTS[check]
        with pytest.raises(DataError, match=words) as caught:
            defective(check)
        error = caught.value
        assert isinstance(error, (FillproofError, ValueError))
        assert (error.check, error.row, error.asset) == (check, 2, "B")
        assert (error.column, error.time) == (column, "1970-01-02")
        np.testing.assert_equal(error.value, value)
        for part in ("row 2", f"column '{column}'", "asset B", "1970-01-02", f"[{check}]"):
            assert part in str(error)
        for action in ACTIONS[check][1:]:
            assert repr(action) in str(error)
        assert str(pickle.loads(pickle.dumps(error))) == str(error)

    @pytest.mark.parametrize("check", DEFECTS)
    def test_drop_makes_it_no_bar_and_reports_it(self, check):
        if "drop" not in ACTIONS[check]:
            pytest.fail(f"{check} has no drop")
        data = defective(check, {check: "drop"})
        assert data.present.sum() == data.present.size - 1
        assert np.isnan(data.values[:, 1, 1]).all()
        (repair,) = data.repairs
        assert (repair.check, repair.action, repair.asset) == (check, "drop", "B")
        assert (repair.row, repair.time) == (2, DAY)
        assert str(repair) == f"row 2, B, 1970-01-02: {check}, drop"

    @pytest.mark.parametrize("check", DEFECTS)
    def test_allow_takes_it_as_it_stands(self, check):
        column, value, _ = DEFECTS[check]
        data = defective(check, Repair.as_given())
        np.testing.assert_equal(getattr(data, column)[1, 1], value)
        assert data.repairs == ()

    @pytest.mark.parametrize(
        ("check", "action", "column", "after"),
        [
            ("high_below_low", "swap", "high", 109.5),
            ("open_outside_range", "widen", "high", 112.0),
            ("open_outside_range", "clip", "open", 111.5),
            ("close_outside_range", "widen", "low", 109.0),
            ("close_outside_range", "clip", "close", 109.5),
            ("negative_volume", "zero", "volume", 0.0),
            ("incomplete_bar", "from_close", "open", 110.5),
        ],
    )
    def test_each_repair_changes_what_it_says(self, check, action, column, after):
        policy = {check: action}
        if action == "swap":  # the high is then the old low, and the open and close are above it
            policy |= {"open_outside_range": "allow", "close_outside_range": "allow"}
        data = defective(check, policy)
        assert getattr(data, column)[1, 1] == after
        mine = [r for r in data.repairs if r.check == check]
        assert {r.action for r in mine} == {action}
        (change,) = [r for r in mine if r.column == column]
        assert change.after == after
        other = np.delete(data.values.reshape(5, -1), 6, axis=1)
        np.testing.assert_array_equal(other, np.delete(bars().values.reshape(5, -1), 6, axis=1))

    def test_a_policy_for_one_check_does_not_settle_another(self):
        with pytest.raises(DataError, match="high_below_low"):
            defective("high_below_low", {"negative_volume": "zero"})

    def test_the_error_counts_the_rows(self):
        with pytest.raises(DataError, match="the first of 5 such rows"):
            bars(width=1, volume=np.full((5, 1), -1.0))

    def test_infinite_volume(self):
        with pytest.raises(DataError, match=r"volume is infinite.*\[negative_volume\]"):
            bars(width=1, volume=np.full((5, 1), np.inf))

    def test_a_row_without_prices_is_no_bar(self):
        close = bars().close.copy()
        close[2, 0] = NAN
        gap = close * 0
        data = bars(
            open=close, high=close + gap, low=close + gap, close=close, volume=np.ones((5, 2))
        )
        assert data.present[:, 0].tolist() == [True, True, False, True, True]
        assert data.repairs == ()

    def test_from_close_leaves_out_a_row_without_a_close(self):
        close = bars().close.copy()
        close[0, 0] = NAN
        data = bars(close=close, policy={"incomplete_bar": "from_close"})
        assert not data.present[0, 0]
        assert [(r.action, r.asset) for r in data.repairs] == [("drop", "asset0")]

    def test_a_policy_is_checked(self):
        with pytest.raises(ValueError, match="policy names 'high_under_low'; the checks are dup"):
            bars(policy={"high_under_low": "drop"})
        with pytest.raises(ValueError, match="high_below_low='fix': choose one of raise, drop"):
            bars(policy={"high_below_low": "fix"})
        with pytest.raises(ValueError, match="choose one of raise, sort"):
            Repair(unsorted_times="drop")  # type: ignore[arg-type]

    def test_every_check_of_values_raises_by_default(self):
        assert {choices[0] for choices in ACTIONS.values()} == {"raise"}


class TestViews:
    def test_a_view_ends_at_its_time(self):
        data = bars().with_extra("x", np.arange(10.0).reshape(5, 2))
        for t in range(5):
            view = data.view(t * DAY + DAY // 2)
            assert len(view) == t + 1
            assert view.times[-1] == t * DAY
            np.testing.assert_array_equal(view.close, data.close[: t + 1])
            assert view.extra["x"].shape == (t + 1, 2)
        assert len(data.view(2 * DAY)) == 3
        assert len(data.view(2 * DAY - 1)) == 2
        assert len(data.view(-1)) == 0
        assert len(data.view("1970-01-03")) == 3
        assert len(data.view(np.datetime64("1970-01-03T12:00"))) == 3
        assert len(data.view(dt.date(1970, 1, 3))) == 3

    def test_until_and_between_share_memory(self):
        data = bars().with_extra("x", np.arange(10.0).reshape(5, 2))
        part = data.until(3)
        assert len(part) == 3
        assert np.shares_memory(part.values, data.values)
        assert np.shares_memory(data.between(DAY).values, data.values)
        np.testing.assert_array_equal(part.extra["x"], data.extra["x"][:3])
        assert len(data.until(0)) == 0
        for count in (-1, 6):
            with pytest.raises(ValueError, match=rf"until\({count}\): there are 5 bars"):
                data.until(count)
        assert len(data.between(3 * DAY, DAY)) == 0

    def test_repairs_of_later_bars_are_not_shown(self):
        high = bars().high.copy()
        high[1, 0] = high[3, 1] = 0.5
        data = bars(high=high, policy={"high_below_low": "drop"})
        assert [r.time for r in data.view(2 * DAY).repairs] == [DAY]
        assert [r.time for r in data.until(2).repairs] == [DAY]
        assert [r.time for r in data.between(2 * DAY).repairs] == [3 * DAY]
        assert len(data.view(4 * DAY).repairs) == 2

    def test_between(self):
        data = bars()
        assert data.between("1970-01-02", "1970-01-04").times.tolist() == [DAY, 2 * DAY, 3 * DAY]
        assert len(data.between()) == 5
        assert len(data.between(DAY + 1)) == 3

    def test_a_time_that_is_none(self):
        with pytest.raises(DataError, match=r"value 'soon'.*this is not a time"):
            bars().view("soon")


def reachable(array: np.ndarray) -> set[float]:
    """Every number that the bases of an array lead to."""
    found: set[float] = set()
    base: object = array
    while base is not None:
        assert isinstance(base, np.ndarray)
        found |= set(np.asarray(base, dtype=float).ravel().tolist())
        base = base.base
    return found


class TestPlayback:
    @pytest.mark.parametrize("length", [5, 200])
    def test_no_array_leads_to_a_later_bar(self, length):
        extra = np.arange(2.0 * length).reshape(length, 2) + 0.125
        data = bars(length=length).with_extra("x", extra)
        playback = data.playback()
        for t in range(length):
            view = playback.show(t + 1)
            np.testing.assert_array_equal(view.values, data.values[:, :, : t + 1])
            np.testing.assert_array_equal(view.extra["x"], extra[: t + 1])
            shown = set(data.values[:, :, : t + 1].ravel()) | set(extra[: t + 1].ravel())
            for array in (view.values, view.close, view.extra["x"]):
                assert {x for x in reachable(array) if x == x} <= shown
            assert max(x for x in reachable(view.times) if x < 2**62) == t * DAY
            assert not any(a.flags.writeable for a in (view.times, view.values, view.high))
            assert not view.extra["x"].flags.writeable

    def test_striding_past_the_end_finds_nothing(self):
        data = bars(1, 100)
        row = data.playback().show(10).values[3, 0]
        beyond = np.lib.stride_tricks.as_strided(row, (20,), row.strides)
        assert np.isnan(beyond[10:]).all()

    def test_earlier_views_keep_their_bars(self):
        data = bars(2, 300)
        playback = data.playback()
        views = [playback.show(n) for n in (0, 1, 1, 63, 64, 65, 97, 300)]
        for view in views:
            np.testing.assert_array_equal(view.close, data.close[: len(view)])

    def test_it_goes_forward_only(self):
        playback = bars().playback()
        playback.show(3)
        assert playback.shown == 3
        for count in (2, 6):
            with pytest.raises(ValueError, match=rf"show\({count}\): 3 of 5 bars were shown"):
                playback.show(count)

    def test_a_view_that_goes_back_does_not_see_what_was_shown(self):
        data = bars()
        data.view(4 * DAY)
        view = data.view(DAY)
        assert {x for x in reachable(view.close) if x == x} == set(data.values[:, :, :2].ravel())

    def test_the_length_of_the_buffer_tells_nothing(self):
        def room(length):
            base = bars(length=length).view(10 * DAY).close.base
            assert base is not None
            return base.shape

        assert room(100) == room(10_000)

    def test_a_view_is_bars(self):
        data = bars(3).with_extra("x", bars(3).close)
        view = data.view(2 * DAY)
        assert isinstance(view, Bars)
        assert view.select(["asset1"]).extra["x"].shape == (3, 1)
        assert len(view.view(DAY)) == 2
        assert view.to_polars().height == 9
        again = pickle.loads(pickle.dumps(view))
        np.testing.assert_array_equal(again.close, view.close)
        assert len(pickle.dumps(data)) == len(pickle.dumps(bars(3).with_extra("x", data.close)))


class TestDuration:
    @pytest.mark.parametrize(
        ("span", "ns"),
        [
            (0, 0),
            (np.int32(7), 7),
            ("250ms", 250_000_000),
            ("1h 30m", 5_400_000_000_000),
            ("1.5s", 1_500_000_000),
            ("2d", 2 * DAY),
            (dt.timedelta(days=1, microseconds=1), DAY + 1000),
            (np.timedelta64(3, "us"), 3000),
            (pd.Timedelta(1001, "ns"), 1001),
        ],
    )
    def test_forms(self, span, ns):
        assert duration(span) == ns

    @pytest.mark.parametrize(
        "span", [-1, "", "1", "soon", "-1s", "1y", 1.5, True, None, np.timedelta64("NaT")]
    )
    def test_refusals(self, span):
        with pytest.raises(ValueError, match=r"latency=.*pass nanoseconds"):
            duration(span, "latency")

    def test_later_does_not_wrap_around(self):
        end = np.iinfo(np.int64).max
        times = np.array([-5, 5, end - 1])
        assert later(times, 10).tolist() == [5, 15, end]
        assert later(times, 2**70).tolist() == [end - 5, end, end]


class TestJoinAsof:
    def test_effective_on_the_first_bar_at_or_after(self):
        data = bars(1)
        out = data.join_asof([DAY, DAY + 1, 3 * DAY], [1.0, 2.0, 3.0])
        np.testing.assert_array_equal(out, [NAN, 1, 2, 3, 3])

    def test_latency_delays(self):
        out = bars(1).join_asof([DAY], [1.0], latency_ns=1)
        np.testing.assert_array_equal(out, [NAN, NAN, 1, 1, 1])
        with pytest.raises(ValueError, match="before it arrives"):
            bars(1).join_asof([DAY], [1.0], latency_ns=-1)

    def test_payments_stand_on_one_bar(self):
        data = bars(1)
        times, values = [1, 2, 9 * DAY], [1.0, 2.0, 4.0]
        last = data.join_asof(times, values, carry=False)
        np.testing.assert_array_equal(last, [NAN, 2, NAN, NAN, NAN])
        total = data.join_asof(times, values, carry=False, several="sum")
        np.testing.assert_array_equal(total, [NAN, 3, NAN, NAN, NAN])
        with pytest.raises(ValueError, match="carry=False"):
            data.join_asof(times, values, several="sum")

    def test_only_bars_of_the_asset_count(self):
        close = bars().close.copy()
        close[2, 1] = NAN
        data = bars(open=close, high=close, low=close, close=close)
        out = data.join_asof([DAY + 1], [7.0], asset="asset1", carry=False)
        np.testing.assert_array_equal(out, [NAN, NAN, NAN, 7, NAN])

    def test_rows_of_several_numbers(self):
        out = bars().join_asof([0, DAY], [[1.0, 2.0], [3.0, 4.0]])
        assert out.shape == (5, 2)
        np.testing.assert_array_equal(out[-1], [3, 4])

    def test_nothing(self):
        assert np.isnan(bars().join_asof(np.array([], dtype=np.int64), [])).all()
        with pytest.raises(ValueError, match="do not go with"):
            bars().join_asof([0, 1], [1.0])


# Properties

price = st.floats(1e-3, 1e6)


@st.composite
def raw_bars(draw, broken: bool = False):
    """Times, and float64[5, N, T] with gaps; broken ones have any numbers at all."""
    length, width = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    times = np.cumsum(draw(st.lists(st.integers(1, 10**12), min_size=length, max_size=length)))
    values = np.full((5, width, length), NAN)
    anything = st.one_of(price, st.sampled_from([NAN, 0.0, -1.0, np.inf]))
    for n in range(width):
        for t in range(length):
            if broken:
                values[:, n, t] = draw(st.lists(anything, min_size=5, max_size=5))
            elif draw(st.booleans()):
                low, one, two, high = sorted(draw(st.lists(price, min_size=4, max_size=4)))
                values[:, n, t] = one, high, low, two, draw(price)
    return times, values


def from_raw(times, values, **options) -> Bars:
    return Bars.from_arrays(times, *(values[f].T for f in range(5)), **options)


@given(raw_bars())
@settings(deadline=None)
def test_valid_arrays_come_back_bit_for_bit(raw):
    times, values = raw
    data = from_raw(times, values)
    np.testing.assert_array_equal(data.values, values)
    np.testing.assert_array_equal(data.times, times)
    assert data.repairs == ()


@given(raw_bars(broken=True))
@settings(deadline=None)
def test_the_quick_pass_and_the_checks_agree(raw):
    times, values = raw
    if all_good(values):
        np.testing.assert_array_equal(from_raw(times, values).values, values)
    else:
        with pytest.raises(DataError):
            from_raw(times, values)


@given(raw_bars(broken=True), st.data())
@settings(deadline=None)
def test_any_policy_that_allows_nothing_leaves_valid_bars(raw, data):
    times, values = raw
    before = values.copy()
    policy = {
        check: data.draw(st.sampled_from([a for a in actions if a not in ("raise", "allow")]))
        for check, actions in ACTIONS.items()
    }
    repaired = from_raw(times, values, policy=policy)
    assert all_good(repaired.values)
    np.testing.assert_array_equal(values, before)
    changed = (repaired.values != before) & ~(np.isnan(repaired.values) & np.isnan(before))
    touched = {(r.asset, r.time) for r in repaired.repairs}
    for _, n, t in np.argwhere(changed):
        assert (repaired.assets[n], times[t]) in touched, "a change that was not reported"


@given(
    raw_bars(), st.lists(st.tuples(st.integers(0, 10**13), price), max_size=6), st.integers(0, 99)
)
@settings(deadline=None)
def test_a_signal_is_never_seen_before_its_time(raw, signals, latency):
    times, values = raw
    data = from_raw(times, values)
    when = np.array([s[0] for s in signals], dtype=np.int64)
    what = np.array([s[1] for s in signals])
    out = data.join_asof(when, what, latency)
    for t, value in zip(data.times, out, strict=True):
        known = [(w, k) for k, w in enumerate(when) if w + latency <= t]
        if not known:
            assert np.isnan(value)
        else:
            assert value == what[max(known)[1]]


@given(raw_bars(), st.integers(0, 10**13))
@settings(deadline=None)
def test_a_view_is_the_bars_of_a_prefix(raw, time):
    times, values = raw
    view = from_raw(times, values).view(time)
    assert (view.times <= time).all()
    count = int((times <= time).sum())
    np.testing.assert_array_equal(view.values, values[:, :, :count])
