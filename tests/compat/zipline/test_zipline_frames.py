"""`run_algorithm(..., data=FRAMES)`: what frames become, and the calendar that they are given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from fillproof.compat.zipline import run_algorithm
from fillproof.compat.zipline.api import order, record, symbol
from fillproof.compat.zipline.data.frames import UNKNOWN_VOLUME, bundle_of, within
from fillproof.compat.zipline.utils.calendar_utils import get_calendar
from fillproof.core.bars import Bars
from fillproof.core.errors import DataError

DAYS = pd.date_range("2024-01-01", "2024-02-29")
NEW_YORK = get_calendar("XNYS").sessions_in_range("2024-01-02", "2024-02-29")


def rows(days, symbols=("AAA", "BBB"), scale=10.0) -> pd.DataFrame:
    """A long frame: prices rise by one percent a bar."""
    frames = []
    for n, name in enumerate(symbols):
        close = scale * (n + 1) * 1.01 ** np.arange(len(days))
        frame = {"date": days, "symbol": name, "open": close, "high": close * 1.01}
        frames.append(pd.DataFrame({**frame, "low": close * 0.99, "close": close, "volume": 5e5}))
    return pd.concat(frames, ignore_index=True)


def as_polars(frame: pd.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({name: frame[name].to_list() for name in frame})


def closes(bundle, sid: int = 0) -> np.ndarray:
    return bundle.bars.of(sid).prices("close")


@pytest.mark.parametrize("kind", ["pandas", "polars", "lazy", "arrow", "by symbol", "bars"])
def test_every_form_of_a_long_frame_is_the_same_bundle(kind):
    frame = rows(NEW_YORK)
    data = {
        "pandas": lambda: frame,
        "polars": lambda: as_polars(frame),
        "lazy": lambda: as_polars(frame).lazy(),
        "arrow": lambda: as_polars(frame).to_arrow(),
        "by symbol": lambda: {k: f.drop(columns="symbol") for k, f in frame.groupby("symbol")},
        "bars": lambda: Bars.from_pandas(frame),
    }[kind]()
    bundle = bundle_of(data)
    assert [asset.symbol for asset in bundle.asset_finder.equities] == ["AAA", "BBB"]
    assert bundle.calendar.name == "XNYS"
    assert list(bundle.sessions) == list(NEW_YORK)
    np.testing.assert_array_equal(closes(bundle, 1), frame["close"][frame["symbol"] == "BBB"])


@pytest.mark.parametrize("kind", ["pandas", "polars", "fields"])
def test_a_wide_frame_holds_closes(kind):
    wide = pd.DataFrame({"AAA": np.arange(1.0, 61), "BBB": 5.0}, index=DAYS)
    wide.loc[DAYS[:3], "BBB"] = np.nan
    data = {
        "pandas": lambda: wide,
        "polars": lambda: pl.DataFrame({"date": DAYS.to_numpy(), **{n: wide[n] for n in wide}}),
        "fields": lambda: {"close": wide, "volume": wide * 0 + 70},
    }[kind]()
    bundle = bundle_of(data)
    assert bundle.calendar.name == "24/7"
    np.testing.assert_array_equal(closes(bundle), wide["AAA"])
    late = bundle.bars.of(1)
    assert (late.first, len(late.volumes)) == (3, 57)
    assert late.volumes[0] == (70 if kind == "fields" else UNKNOWN_VOLUME)
    assert bundle.asset_finder.equities[1].start_date == DAYS[3]


def test_days_of_no_known_calendar_are_the_sessions():
    days = DAYS[[0, 1, 4, 9, 12, 30]]
    bundle = bundle_of(rows(days))
    assert bundle.calendar.name == "DATA"
    assert list(bundle.sessions) == list(days)
    assert not bundle.calendar.is_session(DAYS[2])


def test_gaps_and_ends_are_kept():
    frame = rows(NEW_YORK)
    gap = (frame["symbol"] == "BBB") & frame["date"].isin(NEW_YORK[5:8])
    gone = (frame["symbol"] == "AAA") & (frame["date"] > NEW_YORK[20])
    bundle = bundle_of(frame[~gap & ~gone])
    assert np.isnan(closes(bundle, 1)[5:8]).all()
    assert (bundle.bars.of(1).volumes[5:8] == 0).all()
    ended, lives = bundle.asset_finder.equities
    assert ended.end_date == NEW_YORK[20]
    assert ended.auto_close_date == NEW_YORK[20] + pd.Timedelta(days=1)
    assert lives.auto_close_date is None or pd.isna(lives.auto_close_date)


def test_bars_within_a_day_are_minutes_and_make_its_daily_bar():
    times = pd.date_range("2024-01-01 00:30", "2024-01-03 00:00", freq="30min")
    bundle = bundle_of(rows(times, ["BTC"]).drop(columns="symbol"))
    assert bundle.calendar.name == "24/7"
    assert list(bundle.sessions) == list(DAYS[:2])
    minutes, day = bundle.minutes.of(0), bundle.bars.of(0)
    assert bundle.minutes.minutes_per_day == 1440
    assert minutes.slots.tolist()[:2] == [29, 59]
    assert minutes.slots[-1] == 2879  # midnight belongs to the day before
    assert len(bundle.minutes.of(0, 1, 2).slots) == 48
    price = minutes.prices("close")
    assert day.prices("close").tolist() == [price[47], price[95]]
    assert day.prices("open").tolist() == [price[0], price[48]]
    assert day.volumes.tolist() == [48 * 5e5] * 2


def test_a_calendar_that_lacks_the_data_is_refused():
    with pytest.raises(ValueError, match=r"2024-01-01.*no session of the calendar XNYS"):
        bundle_of(rows(DAYS), get_calendar("XNYS"))


def test_data_that_must_not_be_traded_on_is_refused():
    frame = rows(NEW_YORK)
    frame.loc[3, "high"] = 0.5
    with pytest.raises(DataError, match="high"):
        bundle_of(frame)
    with pytest.raises(TypeError, match="Polars, pandas or Arrow"):
        bundle_of([1, 2, 3])


def test_a_run_is_cut_to_the_data():
    bundle = bundle_of(rows(NEW_YORK))
    early, late = pd.Timestamp("2020-01-01"), pd.Timestamp("2030-01-01")
    assert within(bundle, early, late) == (NEW_YORK[0], NEW_YORK[-1])
    assert within(bundle, None, None) == (NEW_YORK[0], NEW_YORK[-1])
    assert within(bundle, late, late) == (late, late)


@pytest.mark.parametrize("frequency", ["daily", "minute"])
def test_prices_far_below_a_cent_trade_as_they_are(frequency):
    days = DAYS[:6] if frequency == "daily" else pd.date_range("2024-01-01 06:00", periods=4 * 3,
                                                               freq="6h")  # fmt: skip
    frame = rows(days, ["SHIB", "DOGE"], scale=1.234567e-5)
    seen = []

    def initialize(context):
        context.coin = symbol("SHIB")

    def handle_data(context, data):
        price = data.current(context.coin, "price")
        seen.append((price, data.history(context.coin, "close", 1, "1d").iloc[-1]))
        if len(seen) == 1:
            order(context.coin, 1_000)
        record(price=price)

    perf = run_algorithm(
        DAYS[0], DAYS[-1], initialize, 1000.0, handle_data, data=frame, data_frequency=frequency
    )
    known = frame["close"][frame["symbol"] == "SHIB"].to_numpy()
    assert {price for price, _ in seen} >= set(known[1:].tolist())
    assert all(price == shown for price, shown in seen if shown == shown)
    assert sum(len(day) for day in perf["transactions"]) == 1
    assert perf["price"].iloc[-1] == known[-1]
