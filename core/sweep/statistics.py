"""The statistics of a sweep's columns, from their orders, without their equity being stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from .. import metrics, records, running
from .. import statistics as whole
from ..errors import OrderError

#: What a sweep tells without being asked.
DEFAULT = (
    "total_return",
    "annualized_return",
    "annualized_volatility",
    "sharpe_ratio",
    "sortino_ratio",
    "max_drawdown",
    "orders",
    "trades",
    "win_rate",
)

_OF_RETURNS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "annualized_return": metrics.annualized_return,
    "annualized_volatility": metrics.annualized_volatility,
    "sharpe_ratio": metrics.sharpe_ratio,
    "sortino_ratio": metrics.sortino_ratio,
    "calmar_ratio": metrics.calmar_ratio,
    "omega_ratio": lambda sums, factor: metrics.omega_ratio(sums),
    "max_drawdown": lambda sums, factor: metrics.max_drawdown(sums),
    "downside_risk": metrics.downside_risk,
}
_OF_TRADES: dict[str, Callable[[np.ndarray, np.ndarray, int], np.ndarray]] = {
    "trades": lambda pnl, columns, n: np.bincount(columns, minlength=n),
    "win_rate": metrics.win_rate,
    "profit_factor": metrics.profit_factor,
    "expectancy": metrics.expectancy,
}
_OF_ORDERS = ("orders", "fees_paid", "traded_value")
_OF_PROFIT = ("total_return", "total_profit", "final_value")


@cache
def _of_rows() -> tuple[str, ...]:
    """The names of `statistics.from_rows` that are not told apart already."""
    groups = whole.from_rows(running.new(1), 1.0)
    names = [name for numbers in groups.values() for name in numbers]
    own = {*_OF_RETURNS, *_OF_TRADES, *_OF_ORDERS, *_OF_PROFIT}
    return tuple(name for name in names if name not in own)


class _Names(Sequence[str]):
    """Every name there is; made when it is first looked at, since kernels make it."""

    def _all(self) -> tuple[str, ...]:
        return (*_OF_PROFIT, *_OF_RETURNS, *_OF_ORDERS, *_OF_TRADES, *_of_rows())

    def __getitem__(self, index: Any) -> Any:
        return self._all()[index]

    def __len__(self) -> int:
        return len(self._all())


#: Every statistic that can be asked for. Those of `metrics` (returns, orders, trades) cost little;
#: the others, of `statistics.from_rows`, take some five times as long.
STATISTICS = _Names()


def check(names: Sequence[str]) -> tuple[str, ...]:
    """The names; OrderError for one that there is not."""
    for name in names:
        if name not in DEFAULT and name not in STATISTICS:
            raise OrderError(f"there is no statistic {name!r}; there are {', '.join(STATISTICS)}.")
    return tuple(dict.fromkeys(names))


def measure(
    orders: np.ndarray,
    close: np.ndarray,
    columns: int,
    cash: float,
    names: Sequence[str],
    annual_factor: float,
    times: np.ndarray | None,
) -> dict[str, np.ndarray]:
    """One number per column and name.

    orders: `ORDER_RECORD`s, sorted by column. close: float64[T] of the columns' asset. cash: of
    each column before the first bar. A missing close is valued at the last known one.
    """
    of_column = records.map_columns(orders["col"], columns)
    start_cash = np.full(columns, cash)
    wanted = set(names)
    out: dict[str, np.ndarray] = {}
    if wanted.intersection(_OF_PROFIT):
        last = np.full(columns, metrics.last_known(close[:, None])[0])
        profit = metrics.total_profit(orders, of_column, last)
        out["total_profit"] = profit
        out["total_return"] = profit / start_cash
        out["final_value"] = profit + start_cash
    if wanted.intersection(_OF_RETURNS):
        sums = metrics.stream_statistics(orders, of_column, (close, 1, 0), len(close), start_cash)
        out |= {name: _OF_RETURNS[name](sums, annual_factor) for name in _OF_RETURNS}
    if wanted.intersection(_OF_ORDERS):
        out["orders"] = np.diff(of_column[1])
        for name, values in (
            ("fees_paid", orders["fees"]),
            ("traded_value", orders["size"] * orders["price"]),
        ):
            out[name] = np.bincount(orders["col"], values, minlength=columns)
    if wanted.intersection(_OF_TRADES):
        trades = records.exit_trades(orders, of_column, np.full(columns, close[-1]), len(close))
        for name, calculate in _OF_TRADES.items():
            out[name] = calculate(trades["pnl"], trades["col"], columns)
    if not wanted <= set(out):
        rows = rows_of(orders, close, columns, cash, times)
        for numbers in whole.from_rows(rows, annual_factor).values():
            out = numbers | out
    return {name: np.asarray(out[name]) for name in names}


def rows_of(
    orders: np.ndarray, close: np.ndarray, columns: int, cash: float, times: np.ndarray | None
) -> np.ndarray:
    """The running rows (`core.running`) of each column's returns."""
    return running.observe_orders(
        orders,
        records.map_columns(orders["col"], columns),
        (close, 1, 0),
        len(close),
        np.full(columns, cash),
        times=times,
    )
