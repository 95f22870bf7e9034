"""The performance frame of a run with the default metrics, made in one go after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...assets import Future
from ...listing import cut
from .risk import risk_columns

if TYPE_CHECKING:
    from ...algorithm import Algorithm
    from .recorder import Recorder


def performance_frame(algorithm: Algorithm, recorder: Recorder, benchmark: np.ndarray):
    """One row for each session, indexed by its close. benchmark: daily returns, float64[T]."""
    import pandas as pd

    parameters = algorithm.parameters
    closes = _index(parameters.closes)
    own: dict = {"period_open": _index(parameters.opens), "period_close": closes}
    own |= _account_columns(algorithm, recorder)
    own["orders"] = recorder.trading.lane.orders()
    own["transactions"] = recorder.trading.lane.transactions()
    own["positions"] = _positions(algorithm, recorder)
    months = parameters.sessions.to_numpy().astype("datetime64[M]").astype(str)
    leverage = own["gross_leverage"].copy()
    for session, shown in recorder.leverage.items():
        leverage[session] = shown
    risk = {
        "algorithm_period_return": np.array(recorder.returns),
        **risk_columns(own["returns"], benchmark),
        "max_leverage": np.maximum.accumulate(np.maximum(leverage, 0.0)),
        "excess_return": 0.0,
        "treasury_period_return": 0.0,
        "trading_days": np.arange(1, len(closes) + 1),
        "period_label": pd.Series(months.tolist(), dtype=object),
    }
    # A recorded variable replaces a column of its name, and a risk figure replaces both.
    if any(recorder.recorded):
        recorded = pd.DataFrame(recorder.recorded)
        for name in recorded.columns:
            values = recorded[name]
            if name in own:
                # Up to the session on which it was first recorded the column keeps its values.
                known = np.array([name in session for session in recorder.recorded])
                values = values.where(known, own[name])
            own[name] = values
    columns = {name: column for name, column in own.items() if name not in risk}
    frame = pd.DataFrame(columns | risk, index=pd.RangeIndex(len(closes)))
    frame.index = closes
    return frame


def _index(times: list):
    """A DatetimeIndex of Timestamps in UTC; from the objects pandas takes many times as long."""
    import pandas as pd

    index = pd.DatetimeIndex(np.array([time.value for time in times], dtype="M8[ns]"), tz="UTC")
    return index.as_unit(times[0].unit).tz_convert(times[0].tz) if times else index


def _account_columns(algorithm: Algorithm, recorder: Recorder) -> dict[str, np.ndarray]:
    """Cash, values, exposures, leverage and returns."""
    count = len(recorder.cash)
    counts = [len(held) for held in recorder.held]
    session = np.repeat(np.arange(count), counts)
    sizes = _joined(recorder.sizes)
    exposure = sizes * _closes(recorder)
    multipliers, paid = _of_assets(algorithm, recorder)
    exposure *= multipliers
    worths = np.where(paid, exposure, 0.0)
    long = _per_session(session, np.maximum(exposure, 0.0), count)
    short = _per_session(session, np.minimum(exposure, 0.0), count)
    net = long + short
    long_value = _per_session(session, np.maximum(worths, 0.0), count)
    short_value = _per_session(session, np.minimum(worths, 0.0), count)
    worth = long_value + short_value
    cash = np.array(recorder.cash)
    value = cash + worth
    pnl = np.array(recorder.pnl)
    # As the session before ended, but where something moved the account since.
    start = float(algorithm.parameters.capital_base)
    opened = np.array([[start, 0.0, 0.0, 0.0], *zip(cash, pnl, worth, net, strict=True)])[:-1].T
    for began, then in recorder.opened.items():
        opened[:, began] = then
    starting_cash, starting_pnl, starting_value, starting_exposure = opened
    total = np.array(recorder.returns)
    with np.errstate(divide="ignore", invalid="ignore"):
        gross_leverage = np.where(value == 0.0, np.inf, (long - short) / value)
        net_leverage = np.where(value == 0.0, np.inf, net / value)
        returns = (1.0 + total) / (1.0 + np.r_[0.0, total[:-1]]) - 1.0
    return {
        "starting_cash": starting_cash,
        "ending_cash": cash,
        "starting_value": starting_value,
        "ending_value": worth,
        "starting_exposure": starting_exposure,
        "ending_exposure": net,
        "long_value": long_value,
        "short_value": short_value,
        "long_exposure": long,
        "short_exposure": short,
        "longs_count": np.bincount(session[exposure > 0.0], minlength=count),
        "shorts_count": np.bincount(session[exposure < 0.0], minlength=count),
        "portfolio_value": value,
        "capital_used": np.diff(np.array(recorder.flow), prepend=0.0),
        "pnl": pnl - starting_pnl,
        "returns": returns,
        "gross_leverage": gross_leverage,
        "net_leverage": net_leverage,
    }


def _of_assets(algorithm: Algorithm, recorder: Recorder) -> tuple[np.ndarray, np.ndarray]:
    """Of each position at the end of a session: its multiplier, and whether it was paid for."""
    numbers = np.array([n for held in recorder.held for n in held], dtype=np.int64)
    assets = algorithm.market.assets
    futures = [isinstance(asset, Future) for asset in assets]
    points = [asset.price_multiplier if future else 1.0
              for asset, future in zip(assets, futures, strict=True)]  # fmt: skip
    return np.array(points)[numbers], ~np.array(futures, dtype=np.bool_)[numbers]


def _per_session(session: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    # Without any position bincount would count in integers.
    return np.bincount(session, values, count).astype(np.float64)


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0)


def _closes(recorder: Recorder) -> np.ndarray:
    """The prices of the positions held at the end of each session, one after the other."""
    numbers = [number for held in recorder.held for number in held]
    bars = np.repeat(np.array(recorder.bars, dtype=np.int64), [len(held) for held in recorder.held])
    return recorder.sim.bars.values[3][np.array(numbers, dtype=np.int64), bars]


def _positions(algorithm: Algorithm, recorder: Recorder) -> list[list[dict]]:
    counts = [len(held) for held in recorder.held]
    numbers = [number for held in recorder.held for number in held]
    prices = _closes(recorder).tolist()
    amounts = _joined(recorder.sizes).astype(np.int64).tolist()
    costs = _joined(recorder.costs).tolist()
    assets = algorithm.market.assets
    flat = [
        {"sid": assets[number], "amount": amount, "cost_basis": cost, "last_sale_price": price}
        for number, amount, cost, price in zip(numbers, amounts, costs, prices, strict=True)
    ]
    return cut(flat, counts)
