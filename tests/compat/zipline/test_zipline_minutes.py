"""Runs over minutes: no look at the future, copies, and where the adapter knows better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.zipline import api, run_algorithm
from fillproof.compat.zipline.data import bundles
from fillproof.compat.zipline.data.resample import minute_frame_to_session_frame
from fillproof.compat.zipline.utils.calendar_utils import get_calendar

FIELDS = ["open", "high", "low", "close", "volume"]
CALENDAR = get_calendar("XNYS")
DAYS = CALENDAR.sessions_in_range(pd.Timestamp("2018-06-25"), pd.Timestamp("2018-06-28"))
#: From this minute on the second bundle is another market.
CHANGE = pd.Timestamp("2018-06-27 15:00", tz="UTC")


def frames(seed: int, index, later: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    close = np.round(20 + np.cumsum(rng.normal(0, 0.02, len(index))), 2)
    close[rng.random(len(index)) < 0.2] = np.nan
    volume = np.where(np.isnan(close), 0, rng.integers(1, 900, len(index)))
    factor = np.where(index.tz_localize("UTC" if index.tz is None else None) >= CHANGE, later, 1.0)
    frame = pd.DataFrame(dict.fromkeys(FIELDS[:4], close * factor), index=index)
    return frame.assign(high=frame["high"] + 0.05, low=frame["low"] - 0.05, volume=volume * factor)


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    """The bundles "same" and "later": two assets, of which the first splits on the third day."""
    minutes = pd.DatetimeIndex(
        np.concatenate([CALENDAR.session_minutes(day).tz_localize(None) for day in DAYS])
    )
    environ = {"ZIPLINE_ROOT": str(tmp_path_factory.mktemp("root"))}
    for name, later in (("same", 1.0), ("later", 3.0)):

        def write(environ, assets, minute_writer, daily, actions, *rest, later=later):
            assets.write(
                equities=pd.DataFrame(
                    {"symbol": ["one", "two"], "start_date": DAYS[0], "end_date": DAYS[-1],
                     "exchange": "NYSE"}, index=[1, 2],
                )
            )  # fmt: skip
            known = np.where(DAYS.tz_localize("UTC") >= CHANGE.normalize(), later, 1.0)
            day = pd.DataFrame(dict.fromkeys(FIELDS, 20 * known), index=DAYS)
            daily.write([(sid, day) for sid in (1, 2)])
            minute_writer.write([(sid, frames(sid, minutes, later)) for sid in (1, 2)])
            splits = pd.DataFrame({"sid": [1], "effective_date": [DAYS[2]], "ratio": [0.5]})
            actions.write(splits=splits)

        bundles.register(name, write, "XNYS", DAYS[0], DAYS[-1])
        bundles.ingest(name, environ=environ)
    yield environ
    for name in ("same", "later"):
        bundles.unregister(name)


def run(environ, bundle="same", **callbacks):
    callbacks.setdefault("initialize", lambda context: None)
    return run_algorithm(
        start=DAYS[1], end=DAYS[-1], capital_base=1e5, data_frequency="minute", bundle=bundle,
        environ=environ, **callbacks,
    )  # fmt: skip


def seen(environ, bundle: str) -> list[str]:
    """Everything that a script is shown before the change, as text."""
    shown = []

    def look(context, data):
        if api.get_datetime() < CHANGE and api.get_datetime().minute % 13 == 0:
            some = [api.sid(1), api.sid(2)]
            shown.append(data.current(some, [*FIELDS, "price", "last_traded"]).to_string())
            for frequency, count in (("1m", 40), ("1d", 2)):
                shown.append(data.history(some, [*FIELDS, "price"], count, frequency).to_string())
            shown.append(f"{data.can_trade(some).tolist()} {data.is_stale(some).tolist()}")
            shown.append(f"{context.portfolio.portfolio_value!r} {api.get_open_orders()!r}")
            api.order(some[0], 10)

    run(environ, bundle, handle_data=look)
    return shown


def test_what_comes_later_changes_nothing(environ):
    before = seen(environ, "same")
    assert len(before) > 100
    assert seen(environ, "later") == before


def test_what_is_handed_out_is_a_copy(environ):
    windows = []

    def look(context, data):
        if api.get_datetime() == CHANGE:
            for frequency in ("1m", "1d"):
                for assets in (api.sid(2), [api.sid(1), api.sid(2)]):
                    for fields in ("close", "volume", ["high", "price"]):
                        first = data.history(assets, fields, 3, frequency)
                        kept = first.copy()
                        first.iloc[:] = -1.0
                        windows.append(data.history(assets, fields, 3, frequency).equals(kept))

    run(environ, handle_data=look)
    assert windows == [True] * 12


def test_before_trading_the_last_trade_has_its_time(environ):
    times = []
    run(
        environ,
        before_trading_start=lambda context, data: times.append(
            data.current(api.sid(2), "last_traded")
        ),
    )
    assert [time.date() for time in times] == [day.date() for day in DAYS[:-1]]


def test_before_trading_every_asset_has_its_own_adjustment(environ):
    windows = []

    def look(context, data):
        some = [api.sid(1), api.sid(2)]
        many = data.history(some, ["close", "volume"], 2, "1m")
        windows.append(many)
        for asset in some:
            for field in ("close", "volume"):
                alone = data.history(asset, field, 2, "1m")
                np.testing.assert_array_equal(many[field].xs(asset, level=1), alone)

    run(environ, before_trading_start=look)
    assert len(windows) == 3


def test_minutes_of_a_session_make_its_bar():
    minutes = CALENDAR.session_minutes(DAYS[0])
    frame = frames(1, minutes.tz_localize(None), 1.0).set_axis(minutes)
    made = minute_frame_to_session_frame(frame[["close", "open", "volume"]], CALENDAR)
    assert list(made.columns) == ["close", "open", "volume"]
    assert made.index.tolist() == [DAYS[0]]
    known = frame.dropna()
    assert made.iloc[0].tolist() == [known["close"].iloc[-1], known["open"].iloc[0],
                                     frame["volume"].sum()]  # fmt: skip


def test_a_minute_with_volume_and_no_price_leaves_the_last_price(tmp_path):
    """There the position would keep the price at which the script looked last, 20.0."""
    environ = {"ZIPLINE_ROOT": str(tmp_path)}
    minutes = CALENDAR.session_minutes(DAYS[0])
    frame = pd.DataFrame(dict.fromkeys(FIELDS, 20.0), index=minutes)
    frame.iloc[50:, :4] = 25.0
    frame.iloc[60, :4] = np.nan  # with volume

    def write(environ, assets, minute_writer, daily, actions, *rest):
        equities = {"symbol": ["one"], "start_date": DAYS[0], "end_date": DAYS[-1]}
        assets.write(equities=pd.DataFrame(equities | {"exchange": "NYSE"}, index=[1]))
        day = pd.DataFrame(dict.fromkeys(FIELDS, 20), index=DAYS)
        daily.write([(1, day)])
        minute_writer.write([(1, frame)])
        actions.write()

    looked = {}

    def handle_data(context, data):
        minute = len(frame.loc[: api.get_datetime()]) - 1
        if minute == 0:
            api.order(api.sid(1), 1)
        elif minute in (5, 60):
            (position,) = context.portfolio.positions.values()
            looked[minute] = position.last_sale_price

    bundles.register("volume", write, "XNYS", DAYS[0], DAYS[-1])
    bundles.ingest("volume", environ=environ)
    run_algorithm(
        start=DAYS[0], end=DAYS[0], capital_base=1e5, data_frequency="minute", bundle="volume",
        environ=environ, initialize=lambda context: None, handle_data=handle_data,
    )  # fmt: skip
    bundles.unregister("volume")
    assert looked == {5: 20.0, 60: 25.0}
