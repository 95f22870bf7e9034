"""The look-ahead check: honest strategies pass, each kind of cheat is found where it decided."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.core.bars import Bars
from fillproof.core.checks import all_good
from fillproof.core.lookahead import PROBES, lookahead
from fillproof.core.probes import source_of

DAY = 86_400_000_000_000


def market(length: int = 60, width: int = 2, seed: int = 1) -> Bars:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, (length, width)), axis=0))
    open_ = close * np.exp(rng.normal(0, 0.005, close.shape))
    spread = rng.uniform(1.001, 1.02, close.shape)
    high, low = np.maximum(open_, close) * spread, np.minimum(open_, close) / spread
    volume = rng.integers(1, 1000, close.shape).astype(float)
    times = np.datetime64("2024-01-01") + np.arange(length)
    bars = Bars.from_arrays(times, open_, high, low, close, volume, assets=list("ABCDE"[:width]))
    return bars.with_extra("rate", rng.normal(size=close.shape))


def rolling(x: np.ndarray, n: int) -> np.ndarray:
    out = np.full_like(x, np.nan)
    for t in range(n - 1, len(x)):
        out[t] = x[t - n + 1 : t + 1].mean(axis=0)
    return out


def orders_of(bars: Bars, wanted: np.ndarray) -> list[dict]:
    """An order whenever the wanted position changes."""
    out = []
    for n, asset in enumerate(bars.assets):
        held = 0.0
        for t in range(len(bars)):
            if wanted[t, n] == wanted[t, n] and wanted[t, n] != held:
                size = wanted[t, n] - held
                out.append({"time": bars.datetimes[t], "asset": asset, "size": size})
                held = wanted[t, n]
    return out


def crossing(bars: Bars) -> list[dict]:
    fast, slow = rolling(bars.close, 3), rolling(bars.close, 8)
    return orders_of(bars, np.where(np.isnan(slow), np.nan, np.sign(fast - slow)))


CHEATS = {
    "next close": lambda b: np.sign(np.vstack([b.close[1:], b.close[-1:]]) - b.close),
    "full-sample mean": lambda b: np.sign(b.close - b.close.mean(axis=0)),
    "full-sample maximum": lambda b: (b.close >= b.close.max(axis=0) * 0.98) * 1.0,
    "centred mean": lambda b: np.sign(b.close - np.roll(rolling(b.close, 5), -2, axis=0)),
    "weeks labelled with their first day": lambda b: np.repeat(
        np.sign(b.close[6::7] - b.open[6::7]), 7, axis=0
    ),
    "the number of bars": lambda b: np.where(
        np.arange(len(b))[:, None] == len(b) - 8, 1.0, np.zeros(b.close.shape)
    ),
    "the extra column of tomorrow": lambda b: np.sign(
        np.vstack([b.extra["rate"][1:], b.extra["rate"][-1:]])
    ),
}


class TestHonest:
    def test_orders(self):
        found = lookahead(crossing, market())
        assert found.clean
        assert found.first is None
        assert found.rows.height == 0
        assert found.decisions == len(crossing(market())) > 5
        assert found.runs == 2 + 5 * len(PROBES)
        assert str(found).startswith("No look-ahead found: ")

    def test_matrices_and_a_running_sum(self):
        def run(bars):
            return {
                "mean": rolling(bars.close, 4),
                "sum": np.cumsum(bars.close, axis=0),
                "signal": bars.close[:, 0] > bars.open[:, 0],
            }

        assert lookahead(run, market(), cuts=8).clean

    def test_nothing_decided_is_not_clean(self):
        found = lookahead(lambda bars: [], market())
        assert not found.clean
        assert found.changes == ()
        assert "Nothing compared" in str(found)
        assert not lookahead(lambda bars: None, market()).clean


class TestCheats:
    @pytest.mark.parametrize("name", CHEATS)
    def test_as_a_matrix(self, name):
        bars = market(63)
        found = lookahead(lambda b: padded(CHEATS[name](b), len(b)), bars)
        assert not found.clean
        for change in found.changes:
            assert change.time <= change.cut
            assert change.bar < 62

    @pytest.mark.parametrize("name", CHEATS)
    def test_as_orders(self, name):
        found = lookahead(lambda b: orders_of(b, padded(CHEATS[name](b), len(b))), market(63))
        assert not found.clean
        assert found.first is not None
        assert found.first.asset in ("A", "B")

    @pytest.mark.parametrize("probe", PROBES)
    @pytest.mark.parametrize("name", CHEATS)
    def test_by_one_probe_alone(self, name, probe):
        found = lookahead(
            lambda b: padded(CHEATS[name](b), len(b)), market(63), cuts=12, probes=[probe]
        )
        if name == "the number of bars" and probe != "truncated":
            assert found.clean, "only cutting alters the number of bars"
        else:
            assert {change.probe for change in found.changes} == {probe}

    @pytest.mark.parametrize("k", [1, 2, 7])
    def test_any_lead_is_found_and_any_lag_is_not(self, k):
        def shifted(bars, by):
            close = pd.DataFrame(bars.close)
            return close.shift(by).to_numpy()

        assert lookahead(lambda bars: shifted(bars, k), market()).clean
        found = lookahead(lambda bars: shifted(bars, -k), market(), cuts=[40])
        assert {c.bar for c in found.changes} == set(range(41 - k, 41))

    def test_the_indicator_that_cheats_is_named(self):
        def run(bars):
            return {
                "honest": rolling(bars.close, 3),
                "centred": np.roll(rolling(bars.close, 3), -1, axis=0),
                "orders": crossing(bars),
            }

        found = lookahead(run, market(), cuts=[30])
        assert found.names == ("centred",)
        assert {c.probe for c in found.changes} == set(PROBES)
        assert {c.bar for c in found.changes} == {30}
        first = found.changes[0]
        full = run(market())["centred"]
        assert (first.kind, first.asset, first.before) == ("changed", "A", repr(full[30, 0].item()))
        assert "centred: 6 differences, the first: 2024-01-31 (bar 30) A: " in str(found)

    def test_exactly_the_decisions_that_change(self):
        # Knows the next close: at a cut it decides nothing, or the other way round.
        def run(bars):
            up = np.flatnonzero(bars.close[1:, 0] > bars.close[:-1, 0])
            return {"bar": up.tolist(), "size": [1.0] * len(up)}

        bars = market(width=1)
        rising = bars.close[1:, 0] > bars.close[:-1, 0]
        t = int(np.flatnonzero(rising)[10])
        found = lookahead(run, bars, cuts=[t])
        assert [(c.probe, c.kind, c.bar) for c in found.changes] == [
            ("truncated", "missing", t),
            ("lowered", "missing", t),
        ]
        assert found.changes[0].before == "size=1.0"
        t = int(np.flatnonzero(~rising)[10])
        found = lookahead(run, bars, cuts=[t])
        assert [(c.probe, c.kind, c.bar) for c in found.changes] == [("raised", "added", t)]

    def test_a_field_of_an_order(self):
        def run(bars):
            return [
                {"time": t, "asset": "A", "side": "buy", "limit": float(bars.close[-1, 0])}
                for t in bars.times[10:12].tolist()
            ]

        found = lookahead(run, market(), cuts=[20])
        assert {(c.field, c.kind, c.bar) for c in found.changes} == {
            ("limit", "changed", 10),
            ("limit", "changed", 11),
        }
        assert lookahead(run, market(), cuts=[20], fields=["side"]).clean

    def test_reading_beyond_the_end_is_a_failure(self):
        def run(bars):
            if len(bars) < 60:
                raise IndexError("index 60 is out of bounds")
            return bars.close

        found = lookahead(run, market())
        assert not found.clean
        assert {(c.kind, c.probe) for c in found.changes} == {("failed", "truncated")}
        assert "it failed: IndexError: index 60" in str(found)

    def test_an_error_on_the_whole_data_is_the_users(self):
        with pytest.raises(ZeroDivisionError):
            lookahead(lambda bars: 1 / 0, market())

    def test_what_is_not_repeatable(self):
        count = itertools.count()
        found = lookahead(lambda bars: bars.close * 0 + next(count), market())
        assert {c.probe for c in found.changes} == {"repeated"}
        assert found.runs == 2
        assert "not repeatable" in str(found)

    def test_writing_into_the_bars_harms_nobody(self):
        def run(bars):
            bars.values[3] *= 2
            bars.extra["rate"][:] = 0
            return bars.close.copy()

        bars = market()
        before = bars.values.copy()
        assert lookahead(run, bars).clean
        np.testing.assert_array_equal(bars.values, before)
        assert bars.extra["rate"].any()

    def test_rounding_is_no_look_ahead(self):
        def run(bars):
            return bars.close * (1 + 1e-13 * len(bars))

        assert lookahead(run, market()).clean
        assert not lookahead(run, market(), rtol=0).clean

    def test_many_changes_are_counted(self):
        found = lookahead(lambda b: b.close / b.close.mean(), market(700), cuts=[600])
        assert len(found.changes) == 3 * 1000
        assert found.left_out == 3 * 202
        assert "606 more differences" in str(found)


def padded(x: np.ndarray, length: int) -> np.ndarray:
    return np.vstack([x, np.zeros((max(length - len(x), 0), x.shape[1]))])[:length]


class Pick(NamedTuple):
    time: int
    asset: str
    size: float


@dataclass
class Choice:
    created: object
    symbol: str
    size: float


def polars(rows: list[dict]) -> pl.DataFrame:
    when = pl.Series("time", np.array([r["time"] for r in rows], dtype="datetime64[ns]"))
    return pl.DataFrame([when]).with_columns(
        **{name: pl.Series([r[name] for r in rows]) for name in ("asset", "size")}
    )


FORMS = {
    "dicts": lambda rows: rows,
    "named tuples": lambda rows: [
        Pick(int(r["time"].astype(int)), *[*r.values()][1:]) for r in rows
    ],
    "dataclasses": lambda rows: [Choice(*r.values()) for r in rows],
    "polars": lambda rows: polars(rows),
    "lazy": lambda rows: polars(rows).lazy(),
    "arrow": lambda rows: polars(rows).to_arrow(),
    "pandas": pd.DataFrame,
    "pandas by time": lambda rows: pd.DataFrame(rows).set_index(["time", "asset"]),
    "columns": lambda rows: {k: [r[k] for r in rows] for k in ("time", "asset", "size")},
    "structured": lambda rows: np.array(
        [(r["time"], r["asset"], r["size"]) for r in rows],
        dtype=[("time", "datetime64[ns]"), ("asset", "U1"), ("size", float)],
    ),
}


class TestForms:
    @pytest.mark.parametrize("form", FORMS)
    def test_tables(self, form):
        make = FORMS[form]
        assert lookahead(lambda b: make(crossing(b)), market(), cuts=3).clean
        cheat = CHEATS["next close"]
        found = lookahead(lambda b: make(orders_of(b, cheat(b))), market(), cuts=[20, 30, 40, 41])
        assert not found.clean
        assert found.first is not None
        assert found.first.asset in ("A", "B")
        assert found.first.bar in (20, 30, 40, 41)

    def test_pandas_matrices_by_time(self):
        def run(bars):
            index = pd.DatetimeIndex(bars.datetimes)
            close = pd.DataFrame(bars.close, index, ["A", "B"])
            return {"mean": close.rolling(3).mean().dropna(), "next": close["B"].shift(-1)}

        found = lookahead(run, market())
        assert found.names == ("next",)
        late = lookahead(lambda b: run(b)["next"].dropna(), market(), cuts=[30])
        assert ("missing", 30) in {(c.kind, c.bar) for c in late.changes}

    def test_the_table_of_changes(self):
        found = lookahead(CHEATS["next close"], market(), cuts=["2024-01-20"])
        table = found.rows
        assert table.height == len(found.changes) > 0
        assert table.columns[:4] == ["probe", "cut", "name", "kind"]
        assert table["cut"].dtype == pl.Datetime("ns", "UTC")
        assert found.cuts == (int(np.datetime64("2024-01-20", "ns").astype(int)),)

    def test_decisions_with_a_key_of_their_own(self):
        def run(bars):
            return [
                {"time": t, "leg": leg, "size": 1.0}
                for t in bars.times.tolist()
                for leg in (("stop", "limit") if len(bars) == 60 else ("limit", "stop"))
            ]

        assert lookahead(run, market(), key=["leg"]).clean
        assert not lookahead(run, market()).clean

    @pytest.mark.parametrize(
        ("result", "words"),
        [
            (lambda b: np.zeros(3), r"shape \(3,\) for 60 bars"),
            (lambda b: [{"when": 1}], "no time column; it has when"),
            (lambda b: [{"time": None, "size": 1}], "row 1 has no time"),
            (lambda b: [object()], "a run returned object"),
            (lambda b: {"bar": [99], "size": [1]}, "must count from 0 to 59"),
        ],
    )
    def test_results_that_are_neither(self, result, words):
        with pytest.raises(ValueError, match=words):
            lookahead(result, market())

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"cuts": 0}, "at least one"),
            ({"cuts": []}, "at least one bar"),
            ({"cuts": [59]}, "59 leaves no bar"),
            ({"cuts": ["2023-01-01"]}, "leaves no bar"),
            ({"probes": ["guess"]}, "choose from truncated"),
            ({"fields": ["price"]}, "no column 'price'"),
            ({"time": "made"}, "no made column"),
        ],
    )
    def test_options(self, options, words):
        with pytest.raises(ValueError, match=words):
            lookahead(crossing, market(), **options)

    def test_too_few_bars(self):
        with pytest.raises(ValueError, match="at least two bars"):
            lookahead(crossing, market(1))
        with pytest.raises(TypeError, match="data must be Bars"):
            lookahead(crossing, 5)


class TestSources:
    @pytest.mark.parametrize("raised", [True, False])
    def test_altered_bars_are_bars(self, raised):
        bars = market(40, 3)
        source = source_of(bars)
        new = source.altered(25, raised, np.random.default_rng(0))
        np.testing.assert_array_equal(new.values[:, :, :26], bars.values[:, :, :26])
        np.testing.assert_array_equal(new.extra["rate"][:26], bars.extra["rate"][:26])
        assert all_good(new.values)
        ratio = new.close[26:].min() / bars.close[26:].max()
        assert ratio > 1 if raised else new.close[26:].max() < bars.close[26:].min()
        assert (new.values[4] == np.rint(new.values[4])).all()
        assert (new.values[:, :, 26:] != bars.values[:, :, 26:]).mean() > 0.95
        assert not np.shares_memory(new.values, bars.values)

    def test_a_cut_has_memory_of_its_own(self):
        bars = market()
        part = source_of(bars).until(10)
        assert len(part) == 11
        assert part.values.base is None
        assert part.times.base is None

    def frames(self, kind: str):
        bars = market(40, 2)
        if kind == "pandas":
            return bars.to_pandas("A")
        if kind == "dict":
            return {asset: bars.to_pandas(asset) for asset in bars.assets}
        if kind == "close":
            return pd.DataFrame(bars.close, pd.DatetimeIndex(bars.datetimes), ["A", "B"])
        if kind == "series":
            return pd.Series(bars.close[:, 0], pd.DatetimeIndex(bars.datetimes))
        if kind == "levels":
            both = {asset: bars.to_pandas(asset) for asset in bars.assets}
            return pd.concat(both, axis=1)
        table = bars.select(["A"]).to_polars()
        return {"polars": table, "lazy": table.lazy(), "arrow": table.to_arrow()}[kind]

    @pytest.mark.parametrize(
        "kind", ["pandas", "dict", "close", "series", "levels", "polars", "lazy", "arrow"]
    )
    @pytest.mark.parametrize("raised", [True, False])
    def test_frames(self, kind, raised):
        data = self.frames(kind)
        source = source_of(data)
        assert len(source.times) == 40

        def numbers(frame):
            one = frame["A"] if kind == "dict" else frame
            if kind in ("polars", "lazy"):
                one = one.lazy().collect().to_pandas().set_index("time")
            if kind == "arrow":
                one = one.to_pandas().set_index("time")
            if kind == "levels":
                one = one["A"]
            if kind == "series":
                one = one.to_frame()
            if kind == "close":
                return one.to_numpy()
            return one.drop(columns=[c for c in one.columns if c == "asset"]).to_numpy()

        full = numbers(data)
        part = source.until(25)
        np.testing.assert_array_equal(numbers(part), full[:26])
        new = numbers(source.altered(25, raised, np.random.default_rng(0)))
        np.testing.assert_array_equal(new[:26], full[:26])
        assert new.shape == full.shape
        if full.shape[1] >= 5:
            assert all_good(np.ascontiguousarray(new[:, :5].T[:, None]))
        assert new[26:, 0].min() > full[26:, 0].max() if raised else True
        assert (new[26:] != full[26:]).mean() > 0.9
        np.testing.assert_array_equal(numbers(source.until(39)), full)
        np.testing.assert_array_equal(numbers(data), full)

    def test_whole_numbers_stay_whole_and_above_zero(self):
        days = pd.date_range("2024-01-01", periods=30)
        frame = pd.DataFrame({"close": np.arange(1, 31), "volume": 1, "open_": True}, days)
        new = source_of(frame).altered(5, False, np.random.default_rng(0))
        assert (new.dtypes == frame.dtypes).all()
        assert (new["volume"] >= 1).all()

    def test_a_strategy_on_frames(self):
        data = self.frames("close")
        assert lookahead(lambda close: close > close.rolling(3).mean(), data).clean
        found = lookahead(lambda close: {"x": close.shift(-1) > close}, data)
        assert found.names == ("x",)
        assert found.first is not None
        assert found.first.asset in ("A", "B")
