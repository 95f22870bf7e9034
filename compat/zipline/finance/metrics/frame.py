"""The performance frame of a run with the default metrics, made in one go after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...assets import Future
from ...listing import cut
from ...session_ends import HeldRows
from .risk import risk_columns

if TYPE_CHECKING:
    from ...algorithm import Algorithm
    from .recorder import Recorder


def performance_frame(algorithm: Algorithm, recorder: Recorder, benchmark: np.ndarray):
    """One row for each session, indexed by its close. benchmark: daily returns, float64[T]."""
    import pandas as pd

    parameters = algorithm.parameters
    closes = parameters.close_times
    own: dict = {"period_open": parameters.open_times, "period_close": closes}
    held = recorder.ends.rows()
    own |= _account_columns(algorithm, recorder, held)
    own["orders"] = recorder.trading.lane.orders()
    own["transactions"] = recorder.trading.lane.transactions()
    own["positions"] = _positions(algorithm, recorder, held)
    months = parameters.sessions.to_numpy().astype("datetime64[M]").astype(str)
    leverage = own["gross_leverage"].copy()
    for session, shown in recorder.leverage.items():
        leverage[session] = shown
    risk = {
        "algorithm_period_return": np.array(recorder.ends.returns),
        **risk_columns(own["returns"], benchmark),
        "max_leverage": np.maximum.accumulate(np.maximum(leverage, 0.0)),
        "excess_return": 0.0,
        "treasury_period_return": 0.0,
        "trading_days": np.arange(1, len(closes) + 1),
        "period_label": pd.Series(months.tolist(), dtype=object),
    }
    # A recorded variable replaces a column of its name, and a risk figure replaces both.
    for name, values in _recorded(recorder.recorded).items():
        if name in own:
            # Up to the session on which it was first recorded the column keeps its values.
            known = np.array([name in session for session in recorder.recorded])
            values = pd.Series(values).where(known, own[name])
        own[name] = values
    columns = {name: column for name, column in own.items() if name not in risk}
    frame = pd.DataFrame(columns | risk, index=pd.RangeIndex(len(closes)))
    frame.index = closes
    return frame


def _recorded(sessions: list[dict]) -> dict[str, Any]:
    """The script's own variables as columns, with what pandas makes of their values."""
    import pandas as pd

    if not any(sessions):
        return {}
    names = list(sessions[-1])  # none is ever taken back
    columns = {name: [session.get(name, np.nan) for session in sessions] for name in names}
    if all(set(map(type, column)) == {float} for column in columns.values()):
        return {name: np.array(column) for name, column in columns.items()}
    frame = pd.DataFrame(sessions)
    return {name: frame[name] for name in frame.columns}


def _account_columns(algorithm: Algorithm, recorder: Recorder, held: HeldRows) -> dict:
    """Cash, values, exposures, leverage and returns: float64[S] by name. held: all positions."""
    ends, session = recorder.ends, held.session
    count = len(ends.bars)
    exposure = held.size * recorder.sim.bars.values[3][held.number, held.bar]
    multipliers, paid = _of_assets(algorithm, held.number)
    exposure *= multipliers
    worths = np.where(paid, exposure, 0.0)
    long = _per_session(session, np.maximum(exposure, 0.0), count)
    short = _per_session(session, np.minimum(exposure, 0.0), count)
    net = long + short
    long_value = _per_session(session, np.maximum(worths, 0.0), count)
    short_value = _per_session(session, np.minimum(worths, 0.0), count)
    worth = long_value + short_value
    cash = ends.cash
    value = cash + worth
    pnl = np.array(ends.pnl)
    # As the session before ended, but where something moved the account since.
    start = float(algorithm.parameters.capital_base)
    began = np.array([np.roll(one, 1) for one in (cash, pnl, worth, net)])
    began[:, :1] = [[start], [0.0], [0.0], [0.0]]
    for number, then in recorder.opened.items():
        began[:, number] = then
    starting_cash, starting_pnl, starting_value, starting_exposure = began
    total = np.array(ends.returns)
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
        "capital_used": np.diff(ends.flow, prepend=0.0),
        "pnl": pnl - starting_pnl,
        "returns": returns,
        "gross_leverage": gross_leverage,
        "net_leverage": net_leverage,
    }


def _of_assets(algorithm: Algorithm, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of positions in assets: the multiplier of each, and whether it was paid for."""
    assets = algorithm.market.assets
    futures = [isinstance(asset, Future) for asset in assets]
    points = [asset.price_multiplier if future else 1.0
              for asset, future in zip(assets, futures, strict=True)]  # fmt: skip
    return np.array(points)[numbers], ~np.array(futures, dtype=np.bool_)[numbers]


def _per_session(session: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    # Without any position bincount would count in integers.
    return np.bincount(session, values, count).astype(np.float64)


def _positions(algorithm: Algorithm, recorder: Recorder, held: HeldRows) -> list[list[dict]]:
    """By session: the positions at its end."""
    assets = algorithm.market.assets
    prices = recorder.sim.bars.values[3][held.number, held.bar]
    flat = [
        {"sid": assets[number], "amount": amount, "cost_basis": cost, "last_sale_price": price}
        for number, amount, cost, price in zip(
            held.number.tolist(),
            held.size.astype(np.int64).tolist(),
            held.cost.tolist(),
            prices.tolist(),
            strict=True,
        )
    ]
    return cut(flat, held.counts.tolist())
