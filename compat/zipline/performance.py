"""The performance frame: what each session left behind, and the statistics of it.

The loop only stores numbers; everything else is computed here after it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...core.simulation import Simulation
from .assets import Equity
from .errors import BenchmarkAssetNotAvailableTooEarly, BenchmarkAssetNotAvailableTooLate
from .ledger import Ledger
from .market import Market
from .orders import OrderBook

if TYPE_CHECKING:
    from .algorithm import Algorithm

_YEAR = 252
_NO_VARIANCE = 1e-30


class Recorder:
    """What the loop stores of each session.

    By bar: received, dividends paid at a session's start; opened, the ledger's pnl after them;
    flow, pnl and returns, the ledger's running sums at the session's end.
    """

    def __init__(self, sim: Simulation, market: Market, ledger: Ledger) -> None:
        count = len(market.labels)
        self.sim = sim
        self.received: dict[int, float] = {}
        self.opened: dict[int, float] = {}
        self.cash = np.zeros(count)
        self.flow = np.zeros(count)
        self.pnl = np.zeros(count)
        self.returns = np.zeros(count)
        self.fills_until = np.zeros(count, dtype=np.int64)
        self.touched: list[list[int]] = []
        self.order_rows: list[np.ndarray] = []
        self.changed_at: list[list[int]] = []
        self.held: list[list[int]] = []
        self.sizes: list[np.ndarray] = []
        self.costs: list[np.ndarray] = []
        self.recorded: list[dict] = []
        self.close_outs: dict[int, list[tuple]] = {}
        self._ledger = ledger

    def begin(self, t: int, received: float) -> None:
        """Bar t begins: the dividends that were paid."""
        self.received[t] = received
        self.opened[t] = self._ledger.pnl

    def close_out(self, t: int, number: int, amount, price: float) -> None:
        """A position of an asset that is no longer listed was sold at the end of bar t."""
        self.close_outs.setdefault(t, []).append((number, amount, price))

    def session(
        self, t: int, touched: list[int], orders: OrderBook, fills_until: int, recorded: dict
    ) -> None:
        """Bar t ends: orders placed, filled or cancelled in it, the account after it."""
        sim = self.sim
        self.cash[t] = sim.cash
        self.flow[t] = sim.cash_flow
        self.pnl[t] = self._ledger.pnl
        self.returns[t] = self._ledger.returns
        self.fills_until[t] = fills_until
        self.touched.append(touched)
        if touched:
            self.order_rows.append(sim.orders[touched])
            self.changed_at.append([orders.changed_at[number] for number in touched])
        held = list(self._ledger.held)
        self.held.append(held)
        if held:
            positions = sim.positions
            self.sizes.append(positions["size"][held])
            self.costs.append(positions["price"][held])
        self.recorded.append(dict(recorded))


def performance_frame(algorithm: Algorithm, recorder: Recorder, benchmark: np.ndarray):
    """One row for each session, indexed by its close."""
    import pandas as pd

    parameters = algorithm.parameters
    columns: dict = {
        "period_open": parameters.opens,
        "period_close": parameters.closes,
    }
    columns |= _account_columns(algorithm, recorder)
    columns["orders"] = _orders(algorithm, recorder)
    columns["transactions"] = _transactions(algorithm, recorder)
    columns["positions"] = _positions(algorithm, recorder)
    own = pd.DataFrame(columns, index=pd.RangeIndex(len(parameters.closes)))
    recorded = pd.DataFrame(recorder.recorded, index=own.index)
    returns = own["returns"].to_numpy()
    labels = [label.strftime("%Y-%m") for label in parameters.sessions]
    risk = {
        "algorithm_period_return": columns.pop("_total"),
        **_risk_columns(returns, benchmark),
        "max_leverage": np.maximum.accumulate(np.maximum(own["gross_leverage"].to_numpy(), 0.0)),
        "excess_return": 0.0,
        "treasury_period_return": 0.0,
        "trading_days": np.arange(1, len(own) + 1),
        "period_label": pd.Series(labels, dtype=object),
    }
    # A recorded variable replaces a column of its name, and a risk figure replaces both.
    del own["_total"]
    for name in recorded.columns:
        own[name] = recorded[name]
    risk_frame = pd.DataFrame(risk, index=own.index)
    own = own.drop(columns=[name for name in risk_frame if name in own])
    frame = pd.concat([own, risk_frame], axis=1)
    frame.index = pd.DatetimeIndex(parameters.closes)
    return frame


def _account_columns(algorithm: Algorithm, recorder: Recorder) -> dict[str, np.ndarray]:
    """Cash, values, exposures, leverage and returns."""
    count = len(recorder.cash)
    start = float(algorithm.parameters.capital_base)
    counts = np.array([len(held) for held in recorder.held], dtype=np.int64)
    session = np.repeat(np.arange(count), counts)
    numbers = _joined([np.array(held, dtype=np.int64) for held in recorder.held if held], np.int64)
    sizes = _joined(recorder.sizes, np.float64)
    prices = recorder.sim.bars.values[3][numbers, session]
    exposure = sizes * prices
    long = _per_session(session, np.maximum(exposure, 0.0), count)
    short = _per_session(session, np.minimum(exposure, 0.0), count)
    net = long + short
    cash = recorder.cash
    value = cash + net
    received = np.zeros(count)
    for t, amount in recorder.received.items():
        received[t] = amount
    opened = np.r_[0.0, recorder.pnl[:-1]]
    for t, pnl in recorder.opened.items():
        opened[t] = pnl
    total = recorder.returns
    with np.errstate(divide="ignore", invalid="ignore"):
        gross_leverage = np.where(value == 0.0, np.inf, (long - short) / value)
        net_leverage = np.where(value == 0.0, np.inf, net / value)
        returns = (1.0 + total) / (1.0 + np.r_[0.0, total[:-1]]) - 1.0
    starting_value = np.r_[0.0, net[:-1]]
    return {
        "starting_cash": np.r_[start, cash[:-1]] + received,
        "ending_cash": cash,
        "starting_value": starting_value,
        "ending_value": net,
        "starting_exposure": starting_value,
        "ending_exposure": net,
        "long_value": long,
        "short_value": short,
        "long_exposure": long,
        "short_exposure": short,
        "longs_count": np.bincount(session[exposure > 0.0], minlength=count),
        "shorts_count": np.bincount(session[exposure < 0.0], minlength=count),
        "portfolio_value": value,
        "capital_used": np.diff(recorder.flow, prepend=0.0),
        "pnl": recorder.pnl - opened,
        "returns": returns,
        "_total": total,
        "gross_leverage": gross_leverage,
        "net_leverage": net_leverage,
    }


def _per_session(session: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    # Without any position bincount would count in integers.
    return np.bincount(session, values, count).astype(np.float64)


def _joined(parts: list[np.ndarray], kind) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)


def _split(flat: list, counts: list[int]) -> list[list]:
    """A flat list cut into one list for each session."""
    out = []
    begin = 0
    for count in counts:
        out.append(flat[begin : begin + count])
        begin += count
    return out


def _orders(algorithm: Algorithm, recorder: Recorder) -> list[list[dict]]:
    numbers = [number for touched in recorder.touched for number in touched]
    counts = [len(touched) for touched in recorder.touched]
    if not numbers:
        return _split([], counts)
    changed_at = [t for several in recorder.changed_at for t in several]
    rows = np.concatenate(recorder.order_rows)
    return _split(algorithm.orders.describe(numbers, rows, changed_at), counts)


def _transactions(algorithm: Algorithm, recorder: Recorder) -> list[list[dict]]:
    fills = recorder.sim.fills
    dates, assets = algorithm.dates, algorithm.market.assets
    id_of = algorithm.orders.id_of
    flat = [
        {
            "amount": amount,
            "dt": dates[bar],
            "price": price,
            "order_id": id_of(order),
            "sid": assets[asset],
            "commission": None,
        }
        for amount, bar, price, order, asset in zip(
            fills["size"].astype(np.int64).tolist(),
            fills["booked"].tolist(),
            fills["price"].tolist(),
            fills["order"].tolist(),
            fills["asset"].tolist(),
            strict=True,
        )
    ]
    sessions = _split(flat, np.diff(recorder.fills_until, prepend=0).tolist())
    for t, close_outs in recorder.close_outs.items():
        sessions[t] += [
            {
                "amount": amount,
                "dt": dates[t],
                "price": price,
                "order_id": None,
                "sid": assets[number],
                "commission": None,
            }
            for number, amount, price in close_outs
        ]
    return sessions


def _positions(algorithm: Algorithm, recorder: Recorder) -> list[list[dict]]:
    counts = [len(held) for held in recorder.held]
    numbers = [number for held in recorder.held for number in held]
    sizes = _joined(recorder.sizes, np.float64)
    costs = _joined(recorder.costs, np.float64).tolist()
    session = np.repeat(np.arange(len(counts)), counts)
    prices = recorder.sim.bars.values[3][np.array(numbers, dtype=np.int64), session].tolist()
    amounts = sizes.astype(np.int64).tolist()
    assets = algorithm.market.assets
    flat = [
        {"sid": assets[number], "amount": amount, "cost_basis": cost, "last_sale_price": price}
        for number, amount, cost, price in zip(numbers, amounts, costs, prices, strict=True)
    ]
    return _split(flat, counts)


def _risk_columns(returns: np.ndarray, benchmark: np.ndarray) -> dict[str, list]:
    """Statistics of the returns up to and with each session; None where undefined.

    Sums run from the first session to the last, one term after the other, and deviations are from
    the mean of the sessions so far: so every statistic is the same to the last bit.
    """
    import pandas as pd

    names = ("algo_volatility", "sharpe", "sortino", "max_drawdown", "alpha", "beta")
    out: dict[str, list] = {name: [] for name in names}
    out["benchmark_period_return"] = _finite(np.cumprod(1.0 + benchmark) - 1.0)
    root = math.sqrt(_YEAR)
    volatility = pd.Series(benchmark).expanding(2).std(ddof=1) * root
    out["benchmark_volatility"] = _finite(volatility.to_numpy())
    out["max_drawdown"] = _drawdowns(returns)
    counts = np.arange(1, len(returns) + 1)
    means = (np.add.accumulate(returns) / counts).tolist()
    losses = (np.add.accumulate(np.square(np.minimum(returns, 0.0))) / counts).tolist()
    lows = np.minimum.accumulate(returns).tolist()
    highs = np.maximum.accumulate(returns).tolist()
    compared = bool(benchmark.any())
    for n, mean, loss, low, high in zip(counts.tolist(), means, losses, lows, highs, strict=True):
        if n < 2:
            for name in ("algo_volatility", "sharpe", "sortino", "alpha", "beta"):
                out[name].append(None)
            continue
        deviation = math.sqrt(_sum(np.square(returns[:n] - mean)) / (n - 1))
        out["algo_volatility"].append(_or_none(deviation * root))
        flat = low == high or deviation == 0.0
        out["sharpe"].append(None if flat else _or_none(mean / deviation * root))
        downside = math.sqrt(loss) * root
        out["sortino"].append(None if downside == 0.0 else _or_none(mean * _YEAR / downside))
        alpha, beta = _alpha_beta(returns[:n], benchmark[:n]) if compared else (None, None)
        out["alpha"].append(alpha)
        out["beta"].append(beta)
    return out


def _sum(values: np.ndarray) -> float:
    """The sum, term after term; `np.sum` adds in pairs, which rounds differently."""
    return float(np.add.accumulate(values)[-1])


def _drawdowns(returns: np.ndarray) -> list[float]:
    """The largest loss from a peak so far, the start included, as a negative fraction."""
    levels = np.r_[100.0, np.cumprod(1.0 + returns) * 100.0]
    peaks = np.maximum.accumulate(levels)
    return np.minimum.accumulate((levels - peaks) / peaks)[1:].tolist()


def _alpha_beta(returns: np.ndarray, benchmark: np.ndarray) -> tuple[float | None, float | None]:
    count = len(returns)
    centred = benchmark - _sum(benchmark) / count
    variance = _sum(np.square(centred)) / count
    if variance < _NO_VARIANCE:
        return None, None
    beta = _sum(centred * returns) / count / variance
    base = np.float64(_sum(returns - beta * benchmark) / count + 1.0)
    with np.errstate(over="ignore"):
        return _or_none(float(np.power(base, _YEAR) - 1.0)), beta


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _finite(values: np.ndarray) -> list:
    return [None if value != value else value for value in values.tolist()]


def benchmark_from_asset(market: Market, asset: Equity) -> np.ndarray:
    """float64[T]: daily returns of an asset's adjusted price, as seen on the last session."""
    count = len(market.labels)
    last = count - 1
    first_label = market.sessions[0]
    if asset.start_date > first_label:
        raise BenchmarkAssetNotAvailableTooEarly(
            sid=str(asset), dt=first_label, start_dt=asset.start_date
        )
    if asset.end_date < market.sessions[-1]:
        raise BenchmarkAssetNotAvailableTooLate(
            sid=str(asset), dt=market.sessions[-1], end_dt=asset.end_date
        )
    if asset.start_date < first_label:
        market.window_index(last, count + 1)
        prices = market.price_window(asset, last, count + 1)
        return prices[1:] / prices[:-1] - 1.0
    market.window_index(last, count)
    prices = market.price_window(asset, last, count)
    opened = market.spot_column(asset, "open")[0]
    closed = market.spot_column(asset, "close")[0]
    return np.r_[(closed - opened) / opened, prices[1:] / prices[:-1] - 1.0]
