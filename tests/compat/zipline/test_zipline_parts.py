"""The adapter's parts alone: price rounding, schedules, symbols, columns, gaps, errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from fillproof.compat.unsupported import UnsupportedFeature
from fillproof.compat.zipline import api, protocol, run_algorithm
from fillproof.compat.zipline.data import bundles
from fillproof.compat.zipline.errors import BadOrderParameters, SymbolNotFound
from fillproof.compat.zipline.finance import execution
from fillproof.compat.zipline.gens import tradesimulation
from fillproof.compat.zipline.utils.calendar_utils import get_calendar

CLOSES = [10.0, 11.0, np.nan, 12.0, 6.5, 7.0]
VOLUMES = [1000, 1000, 0, 1000, 1000, 1000]


@pytest.fixture(scope="module")
def days():
    return get_calendar("XNYS").sessions_in_range(
        pd.Timestamp("2018-06-28"), pd.Timestamp("2018-07-06")
    )[: len(CLOSES)]


@pytest.fixture(scope="module")
def environ(days, tmp_path_factory):
    """A bundle of one asset with a gap on the third session and a split on the fifth."""

    def write(environ, assets, minutes, daily, actions, calendar, *rest):
        close = np.array(CLOSES)
        frame = pd.DataFrame(
            {"open": close, "high": close + 1, "low": close - 1, "close": close + 0.0004,
             "volume": VOLUMES}, index=days,
        )  # fmt: skip
        assets.write(
            equities=pd.DataFrame(
                {"symbol": ["abc"], "start_date": [days[0]], "end_date": [days[-1]],
                 "exchange": ["NYSE"]}, index=[7],
            )
        )  # fmt: skip
        daily.write([(7, frame)], invalid_data_behavior="ignore")
        actions.write(
            splits=pd.DataFrame({"sid": [7], "effective_date": [days[4]], "ratio": [0.5]})
        )

    bundles.register("parts", write, "XNYS", days[0], days[-1])
    environ = {"ZIPLINE_ROOT": str(tmp_path_factory.mktemp("root"))}
    bundles.ingest("parts", environ=environ)
    yield environ
    bundles.unregister("parts")


def run(days, environ, **callbacks):
    callbacks.setdefault("initialize", lambda context: None)
    return run_algorithm(
        start=days[0], end=days[-1], capital_base=1000, bundle="parts", environ=environ, **callbacks
    )


@pytest.mark.parametrize(
    ("price", "buy", "expected"),
    [
        (40.0095, True, 40.01),
        (40.00949, True, 40.0),
        (40.0004, False, 40.0),
        (40.0051, False, 40.01),
    ],
)
def test_limits_are_rounded_to_the_better_cent(price, buy, expected):
    assert execution.LimitOrder(price).get_limit_price(buy) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("price", [-1.0, float("nan"), float("inf"), "ten"])
def test_impossible_prices_are_refused(price):
    with pytest.raises(BadOrderParameters):
        execution.StopOrder(price)


def test_current_shows_gaps_as_the_market_left_them(days, environ):
    seen = []

    def handle_data(context, data):
        asset = api.symbol("ABC")
        fields = ("price", "close", "volume")
        seen.append(
            [data.current(asset, field) for field in fields]
            + [data.can_trade(asset), data.is_stale(asset)]
        )

    run(days, environ, handle_data=handle_data)
    assert seen[1] == [11.0, 11.0, 1000, True, False]
    assert seen[2][0] == 11.0
    assert np.isnan(seen[2][1])
    assert seen[2][2:] == [0, True, True]
    assert type(seen[1][0]) is float
    assert type(seen[1][2]) is int


def test_history_is_adjusted_to_the_current_session(days, environ):
    windows = {}

    def handle_data(context, data):
        asset = api.symbol("abc")
        if data.current_session == days[4]:
            for field in ("price", "close", "volume"):
                windows[field] = data.history(asset, field, 4, "1d")
            windows["both"] = data.history(asset, ["close", "volume"], 2, "1d")

    run(days, environ, handle_data=handle_data)
    assert windows["price"].tolist() == [5.5, 5.5, 6.0, 6.5]
    assert windows["close"].isna().tolist() == [False, True, False, False]
    assert windows["volume"].tolist() == [2000.0, 0.0, 2000.0, 1000.0]
    assert windows["price"].index.equals(days[1:5])
    assert windows["both"].shape == (2, 2)
    assert windows["both"].index.names == ["date", None]


def test_a_split_moves_the_position_and_an_open_order(days, environ):
    seen = []

    def handle_data(context, data):
        asset = api.symbol("ABC")
        if data.current_session == days[0]:
            api.order(asset, 10)
        if data.current_session == days[1]:
            api.order(asset, -4, limit_price=100)
        seen.append(context.portfolio.positions[asset].amount)

    frame = run(days, environ, handle_data=handle_data)
    assert seen == [0, 10, 10, 10, 20, 20]
    assert frame["transactions"].str.len().tolist() == [0, 1, 0, 0, 0, 0]
    fill = frame["transactions"].iloc[1][0]
    assert (fill["amount"], fill["price"]) == (10, pytest.approx(11.0 * 1.0005))
    assert frame["ending_cash"].iloc[-1] == pytest.approx(1000 - 110.055 - 0.01)


def test_a_half_day_less_than_a_day_after_a_run_is_left_out(days, environ):
    """2018-07-03 closes at 13:00, 21 hours after the close of the day before."""
    ran = []

    def initialize(context):
        api.schedule_function(lambda context, data: ran.append(data.current_session))

    run(days, environ, initialize=initialize)
    assert ran == [day for day in days if day != pd.Timestamp("2018-07-03")]


def test_unknown_symbols_are_named(days, environ):
    with pytest.raises(SymbolNotFound, match="XYZ"):
        run(days, environ, initialize=lambda context: api.symbol("xyz"))


def test_gaps_raise_at_once():
    with pytest.raises(UnsupportedFeature, match="AlgorithmSimulator"):
        tradesimulation.AlgorithmSimulator  # noqa: B018
    with pytest.raises(UnsupportedFeature, match="BarData"):
        protocol.BarData(None, None, "daily", None, None)


def test_functions_work_only_in_a_run():
    with pytest.raises(RuntimeError, match="order"):
        api.order(None, 1)


def test_the_portfolio_cannot_be_changed(days, environ):
    def initialize(context):
        context.portfolio.cash = 5

    with pytest.raises(AttributeError):
        run(days, environ, initialize=initialize)
